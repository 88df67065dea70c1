//! What becomes of a sequence when numbers inside a recurrent layer are set by hand.
//!
//! The layer is replaced by the same cell as a listing, in which every symbol that is changed is followed by
//! `symbol = symbol * keep + set`. What is kept and set at each timestep comes in as further numbers of x. So the same
//! holds for every cell, and everything behind a change is computed by the engine as always.

mod rebuilt;
mod text;

use std::ops::Range;

use ndarray::{Array2, s};
use serde::Deserialize;

use super::{Analysis, Shown};
use crate::error::LARGEST;
use crate::layers::Recurrent;
use crate::layers::recurrent::Symbol;
use crate::model::{Mode, Sequential};
use crate::session::text::{Placed, TextTrace};
use crate::trace::{LayerTrace, SymbolTrace};
use crate::{Error, Result};

/// A name that stands for x with what is kept and set; texts do not use it.
const WHOLE: &str = "x_and_changes";

/// When a change holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum When {
    /// At every shown timestep.
    Every,
    /// At one of the shown timesteps.
    Step {
        /// From 0.
        t: usize,
    },
    /// Before the shown timestep that the layer computes first; only states can be set then.
    Before,
}

/// One thing that is set by hand.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Change {
    /// A gate or state of the layer.
    pub symbol: String,
    /// Which unit; all of them if none is named.
    #[serde(default)]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub unit: Option<usize>,
    /// When it holds.
    pub when: When,
    /// What it is set to.
    pub value: f32,
}

/// A sequence with and without changes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SurgeryQuestion {
    /// What is compared with, without changes.
    pub original: Shown,
    /// What the changes are made to: the same, or a text with other words.
    pub shown: Shown,
    /// The recurrent layer.
    pub layer: String,
    /// The changes, the later ones over the earlier.
    pub changes: Vec<Change>,
}

/// Both traces: of the layer and all behind it, at the shown timesteps.
#[derive(Debug, Clone)]
pub struct Surgery {
    /// Without changes.
    pub before: TextTrace,
    /// With them.
    pub after: TextTrace,
    /// The layer's symbols with changes minus those without; empty if the sequences differ in length.
    pub difference: Vec<SymbolTrace>,
}

impl Analysis {
    /// Reads a sequence with changes, and the original without.
    ///
    /// # Errors
    /// If the layer cannot be taken apart, or a change names what does not exist.
    pub fn operate(&mut self, question: &SurgeryQuestion) -> Result<Surgery> {
        let before = self.changed(&question.original, &question.layer, &[])?;
        let after = self.changed(&question.shown, &question.layer, &question.changes)?;
        let of = |traced: &TextTrace| {
            traced.trace.layers.iter().find(|layer| layer.name == question.layer).cloned()
        };
        let difference = match (of(&before), of(&after)) {
            (Some(before), Some(after)) if before.timesteps() == after.timesteps() => minus(&after, &before),
            _ => Vec::new(),
        };
        Ok(Surgery { before, after, difference })
    }

    fn changed(&mut self, shown: &Shown, layer: &str, changes: &[Change]) -> Result<TextTrace> {
        let Placed { tokens, kept, .. } = self.place(shown)?;
        // The input of the layer is what the layers before it give.
        let states = self.model.take_states();
        let done = self.model.forward(Mode::INFERENCE);
        self.model.restore_states(states);
        done?;
        let index = place_of(&self.model, layer)?;
        let input = if index == 0 { self.model.input() } else { self.model.output_of(index - 1) };
        let (features, mask) = (input.features, input.mask.clone());
        let x = Array2::from_shape_vec((input.timesteps, features), input.data.clone());
        let x = x.unwrap_or_else(|wrong| unreachable!("there is one sample: {wrong}"));
        if kept.end > x.nrows() {
            let found = format!("{} timesteps", x.nrows());
            return Err(Error::value(format!("the input of `{layer}`"), "one row for every timestep", found));
        }
        let plan =
            Plan::of(&self.model.layers()[index].recurrents(), layer, changes, (kept.len(), features))?;
        let mut operated = rebuilt::Operated::of(&self.model, index, &plan.sources, features + plan.columns)?;
        let more = plan.columns_of(changes, &kept, x.nrows());
        let mut trace = operated.trace(&x, &more, &mask)?;
        trace.cut(kept);
        let classes = self.classes_of(shown, trace.output.len())?;
        let tokens = tokens.into_iter().filter(|token| token.kept).collect();
        Ok(TextTrace { tokens, trace, classes, note: None })
    }
}

/// The place of the layer of the model to which a recurrent layer belongs: itself, or what is wrapped around it.
fn place_of(model: &Sequential, layer: &str) -> Result<usize> {
    let mut layers = model.layers().iter();
    let found = layers.position(|own| own.recurrents().iter().any(|(path, _)| path == layer));
    found.ok_or_else(|| Error::value("the layer", "a recurrent layer of the model", layer))
}

fn minus(after: &LayerTrace, before: &LayerTrace) -> Vec<SymbolTrace> {
    let difference = |symbol: &SymbolTrace| {
        let other = before.symbol(&symbol.name).filter(|other| other.values.dim() == symbol.values.dim())?;
        Some(SymbolTrace { name: symbol.name.clone(), values: &symbol.values - &other.values })
    };
    after.symbols.iter().filter_map(difference).collect()
}

/// A pair of columns, what is kept and what is set, for one name of the text.
struct Pair {
    name: String,
    width: usize,
    /// Whether it stands at the beginning: the state before the step.
    is_before: bool,
}

/// The texts with changes, and which columns of x they read.
struct Plan {
    /// The text of every recurrent layer at this place, by its path; only one has changes.
    sources: Vec<(String, String)>,
    pairs: Vec<Pair>,
    columns: usize,
    /// Whether the layer with the changes computes the last timestep first.
    goes_backwards: bool,
}

impl Plan {
    fn of(
        parts: &[(String, &Recurrent)],
        layer: &str,
        changes: &[Change],
        (timesteps, features): (usize, usize),
    ) -> Result<Self> {
        let part = parts.iter().find(|(path, _)| path == layer).map(|(_, part)| *part);
        let part = part.unwrap_or_else(|| unreachable!("the place of `{layer}` was found"));
        let symbols = part.cell().symbols();
        let states = part.cell().state_names();
        let mut pairs: Vec<Pair> = Vec::new();
        for change in changes {
            let Symbol { name, width, .. } = check(change, &symbols, &states, timesteps)?.clone();
            let is_before = change.when == When::Before;
            if !pairs.iter().any(|pair| pair.is_before == is_before && pair.name == name) {
                pairs.push(Pair { name, width, is_before });
            }
        }
        let source = |(path, part): &(String, &Recurrent)| {
            let own = if path == layer { pairs.as_slice() } else { &[] };
            Ok((path.clone(), with_changes(&text::of(part)?, own, features)?))
        };
        let sources = parts.iter().map(source).collect::<Result<_>>()?;
        let columns = pairs.iter().map(|pair| 2 * pair.width).sum();
        Ok(Self { sources, pairs, columns, goes_backwards: part.goes_backwards() })
    }

    /// What is kept and set at every timestep of the input, `[timesteps, columns]`; changes hold at those in `kept`.
    fn columns_of(&self, changes: &[Change], kept: &Range<usize>, timesteps: usize) -> Array2<f32> {
        let mut all = Array2::zeros((timesteps, self.columns));
        let begin = if self.goes_backwards { kept.end - 1 } else { kept.start };
        let mut first = 0;
        for Pair { name, width, is_before } in &self.pairs {
            let (keep, set) = (first, first + width);
            first = set + width;
            all.slice_mut(s![.., keep..set]).fill(1.0);
            for change in changes.iter().filter(|change| change.symbol == *name) {
                let steps = match (change.when, is_before) {
                    (When::Before, true) => begin..begin + 1,
                    (When::Every, false) => kept.clone(),
                    (When::Step { t }, false) => kept.start + t..kept.start + t + 1,
                    _ => continue,
                };
                let units = change.unit.map_or(0..*width, |unit| unit..unit + 1);
                for (t, unit) in steps.flat_map(|t| units.clone().map(move |unit| (t, unit))) {
                    all[[t, keep + unit]] = 0.0;
                    all[[t, set + unit]] = change.value;
                }
            }
        }
        all
    }
}

/// The symbol that a change is made to.
fn check<'s>(
    change: &Change,
    symbols: &'s [Symbol],
    states: &[String],
    timesteps: usize,
) -> Result<&'s Symbol> {
    let Some(symbol) = symbols.iter().find(|symbol| symbol.name == change.symbol) else {
        let names: Vec<&str> = symbols.iter().map(|symbol| symbol.name.as_str()).collect();
        return Err(Error::value("what is changed", format!("one of {}", names.join(", ")), &change.symbol));
    };
    if let Some(unit) = change.unit.filter(|unit| *unit >= symbol.width) {
        return Err(Error::value("the unit", format!("less than {}", symbol.width), unit));
    }
    if !change.value.is_finite() {
        let found = if change.value.is_nan() { "no number" } else { "a larger one" };
        return Err(Error::value("what it is set to", LARGEST, found));
    }
    match change.when {
        When::Step { t } if t >= timesteps => {
            Err(Error::value("the timestep of a change", format!("less than {timesteps}"), t))
        }
        When::Before if !states.contains(&change.symbol) => {
            let expected = format!("one of {}", states.join(", "));
            Err(Error::value("what is set before the first timestep", expected, &change.symbol))
        }
        _ => Ok(symbol),
    }
}

/// The text with a line `symbol = symbol * keep + set` behind the last line that makes a symbol, and such lines for the
/// states before the first.
fn with_changes(text: &str, pairs: &[Pair], features: usize) -> Result<String> {
    let mut first = features;
    let mut lines_of = |pair: &Pair| {
        let (keep, set) = (first, first + pair.width);
        first = set + pair.width;
        let name = &pair.name;
        format!("    {name} = {name} * {WHOLE}[{keep}:{set}] + {WHOLE}[{set}:{first}]\n")
    };
    let added: Vec<(&Pair, String)> = pairs.iter().map(|pair| (pair, lines_of(pair))).collect();
    let statements = statements(text);
    let makes = |statement: &str, name: &str| {
        let targets = statement.split_once('=').map_or("", |(targets, _)| targets);
        !targets.contains('(') && targets.split(',').any(|target| target.trim() == name)
    };
    let mut made = String::new();
    for (at, statement) in statements.iter().enumerate() {
        let Some(rest) = statement.trim_start().strip_prefix("def ") else {
            made.push_str(statement);
            for (pair, line) in added.iter().filter(|(pair, _)| !pair.is_before) {
                let last = statements.iter().rposition(|statement| makes(statement, &pair.name));
                if last == Some(at) {
                    made.push_str(line);
                }
            }
            continue;
        };
        let (name, parameters) = rest.split_once('(').unwrap_or((rest, ""));
        let end = parameters.find([',', ')']).unwrap_or(0);
        let (x, others) = parameters.split_at(end);
        made.push_str(&format!("def {name}({WHOLE}{others}"));
        made.push_str(&format!("    {} = {WHOLE}[0:{features}]\n", x.trim()));
        added.iter().filter(|(pair, _)| pair.is_before).for_each(|(_, line)| made.push_str(line));
    }
    Ok(made)
}

/// A text cut into its statements, each with its line break; one may go over several lines while a bracket is open.
fn statements(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut open = 0_i32;
    for line in text.lines() {
        let code = line.split('#').next().unwrap_or_default();
        match all.last_mut().filter(|_| open > 0) {
            Some(statement) => statement.push_str(&format!("{line}\n")),
            None => all.push(format!("{line}\n")),
        }
        open += code.chars().map(|c| i32::from("([".contains(c)) - i32::from(")]".contains(c))).sum::<i32>();
    }
    all
}
