//! Rules about what gates and states do.

use serde_json::json;

use crate::math::elementary::{exp, ln};
use crate::ordering::sort_by;

use super::super::statistics::{LayerStatistics, SymbolStatistics};
use super::{Case, Finding, Remedy, Rule, figure, percent, short};

/// From this share on most of a gate or state stands at its limits.
const MOST: f64 = 0.7;
/// From this share of the units on a layer is worse for its dead ones.
const MANY: f64 = 0.25;
/// Less than this of a gradient is as good as nothing.
const NOTHING: f64 = 1e-3;

/// A gate or state most of whose values stand at their limits, and the layer that it belongs to.
struct AtLimits<'a> {
    layer: &'a LayerStatistics,
    symbol: &'a SymbolStatistics,
}

impl AtLimits<'_> {
    fn share(&self) -> f64 {
        self.symbol.saturated_low + self.symbol.saturated_high
    }

    fn in_words(&self) -> String {
        let what = if self.symbol.is_share { "gate" } else { "array" };
        format!("{} of those of {what} {} in `{}`", percent(self.share()), self.symbol.name, self.layer.name)
    }
}

pub(super) fn saturated(case: &Case) -> Option<Finding> {
    let layers = case.statistics.layers.iter();
    let all = layers.flat_map(|layer| layer.symbols.iter().map(move |symbol| AtLimits { layer, symbol }));
    let mut found: Vec<AtLimits> =
        all.filter(|one| one.symbol.name != "c" && bounded(one.symbol) && one.share() >= MOST).collect();
    sort_by(&mut found, |a, b| b.share().total_cmp(&a.share()));
    if found.is_empty() {
        return None;
    }
    let slopes = match [true, false].map(|is_share| found.iter().any(|one| one.symbol.is_share == is_share)) {
        [true, true] => {
            "at its limits the sigmoid lets through less than a fifth of its largest gradient and tanh less than a \
             tenth"
        }
        [true, false] => "at its limits the sigmoid lets through less than a fifth of its largest gradient",
        _ => "at its limits tanh lets through less than a tenth of the gradient",
    };
    let named: Vec<String> = found.iter().map(AtLimits::in_words).collect();
    let sentence = format!(
        "Of the values that were looked at, these stand at their limits: {}; {slopes}, so that they can hardly be \
         learned any more.",
        named.join(", ")
    );
    let several = found.iter().any(|one| one.layer.name != found[0].layer.name);
    let name = |one: &AtLimits| match several {
        true => format!("{}.{}", one.layer.name, one.symbol.name),
        false => one.symbol.name.clone(),
    };
    let evidence = found.iter().flat_map(|one| {
        let lower = if one.symbol.is_share { "below 0.05" } else { "below −0.95" };
        [
            figure(format!("{} {lower}", name(one)), percent(one.symbol.saturated_low)),
            figure(format!("{} above 0.95", name(one)), percent(one.symbol.saturated_high)),
            figure(format!("mean of {}", name(one)), short(one.symbol.mean)),
        ]
    });
    let evidence = evidence.collect();
    let title = format!("Saturated: {}", found.iter().map(name).collect::<Vec<_>>().join(", "));
    Some(Finding { rule: Rule::Saturated, title, sentence, evidence, remedy: case.with_rate(0.1) })
}

/// Whether all values lie between −1 and 1: those of a relu have no limit at which they could stand.
fn bounded(symbol: &SymbolStatistics) -> bool {
    symbol.smallest >= -1.0 && symbol.largest <= 1.0
}

pub(super) fn dead_units(case: &Case) -> Option<Finding> {
    let dead = |layer: &&LayerStatistics| layer.dead.len() as f64 / layer.units.max(1) as f64;
    let layer = case.statistics.layers.iter().max_by(|a, b| dead(a).total_cmp(&dead(b)))?;
    if dead(&layer) < MANY || case.updates() == 0 {
        return None;
    }
    let sentence = format!(
        "{} of the {} units of `{}` give the same output at every timestep of every sample that was looked at: nothing \
         that is read changes them, so that they learn nothing from it.",
        layer.dead.len(),
        layer.units,
        layer.name
    );
    let h = layer.symbols.iter().find(|symbol| symbol.name == "h");
    let mut evidence = vec![
        figure("dead units", format!("{} of {}", layer.dead.len(), layer.units)),
        figure("samples looked at", case.statistics.samples.to_string()),
    ];
    evidence.extend(h.map(|h| {
        figure(
            "h lies between",
            format!("{} and {}", short(f64::from(h.smallest)), short(f64::from(h.largest))),
        )
    }));
    let remedy = with_tanh(case).or_else(|| case.with_rate(0.1));
    Some(Finding { rule: Rule::DeadUnits, title: "Dead units".to_owned(), sentence, evidence, remedy })
}

/// The recurrent layers with tanh in place of relu.
fn with_tanh(case: &Case) -> Option<Remedy> {
    let mut layers = case.layers().to_vec();
    let mut changed = false;
    for layer in &mut layers {
        let recurrent = matches!(layer["class_name"].as_str(), Some("SimpleRNN" | "LSTM" | "GRU"));
        if recurrent && layer["config"]["activation"] == "relu" {
            layer["config"]["activation"] = json!("tanh");
            changed = true;
        }
    }
    changed.then(|| case.with_layers("Try tanh in place of relu", layers)).flatten()
}

pub(super) fn vanishing_through_time(case: &Case) -> Option<Finding> {
    let left = |layer: &LayerStatistics| layer.gradient_left.unwrap_or(1.0);
    // Where every timestep has its own answer, every timestep has a gradient of its own.
    if case.answers_each_timestep {
        return None;
    }
    let layers = case.statistics.layers.iter().filter(|layer| layer.distance >= 5.0);
    let layer = layers.min_by(|a, b| left(a).total_cmp(&left(b)))?;
    let remains = layer.gradient_left?;
    if remains >= NOTHING {
        return None;
    }
    let each = f64::from(exp(ln(remains as f32) / layer.distance as f32));
    let sentence = format!(
        "Of the gradient at the last timestep that is computed {} is left at the first one, {} timesteps before: the \
         network cannot learn from what it reads first.",
        if remains < 1e-12 { "nothing".to_owned() } else { short(remains) },
        short(layer.distance)
    );
    let evidence = vec![
        figure("left at the first timestep", if remains < 1e-30 { "0".to_owned() } else { short(remains) }),
        figure("a timestep", format!("×{}", short(each))),
        figure("timesteps between", short(layer.distance)),
        figure("layer", format!("{} ({})", layer.name, layer.class_name)),
    ];
    let title = "The gradient vanishes through time".to_owned();
    Some(Finding { rule: Rule::VanishingThroughTime, title, sentence, evidence, remedy: with_lstm(case) })
}

/// The model with an LSTM in place of each SimpleRNN.
fn with_lstm(case: &Case) -> Option<Remedy> {
    let mut layers = case.layers().to_vec();
    let mut changed = false;
    for layer in &mut layers {
        if layer["class_name"] == "SimpleRNN" {
            layer["class_name"] = json!("LSTM");
            if let Some(config) = layer["config"].as_object_mut() {
                config.retain(|key, _| KEPT.contains(&key.as_str()));
            }
            changed = true;
        }
    }
    changed.then(|| case.with_layers("Try an LSTM in its place", layers)).flatten()
}

/// What an LSTM takes over of a SimpleRNN.
const KEPT: [&str; 6] =
    ["units", "return_sequences", "go_backwards", "stateful", "dropout", "recurrent_dropout"];
