//! How the parameters of a layer are counted, with its sizes filled in.

use super::summary::with_separators;
use crate::layers::Layer;
use crate::layers::weights::WeightSpec;

/// The sizes of the weights `own` of `layer`, multiplied and added: `5,000 × 8`, `12·1 + 1`. What all weights of a
/// recurrent layer share is put in front: `4 × (8·12 + 12·12 + 12)` for the four gates of an LSTM,
/// `2 × 4 × (…)` where it is read in both directions. Empty for a layer without weights.
pub fn of(layer: &dyn Layer, own: &[WeightSpec]) -> String {
    let recurrents = layer.recurrents();
    let (directions, once) = match recurrents.len() {
        2 if halves_agree(own) => (2, &own[..own.len() / 2]),
        _ => (1, own),
    };
    let shapes: Vec<&[usize]> = once.iter().map(|spec| spec.shape.as_slice()).collect();
    let gates = recurrents.first().map_or(1, |(_, first)| shared_gates(&shapes, first.state_width(0)));
    let terms: Vec<String> = shapes.iter().map(|shape| term(shape, gates)).collect();
    match terms.as_slice() {
        [single] if directions * gates == 1 => single.replace('·', " × "),
        terms if directions * gates == 1 => terms.join(" + "),
        terms => format!("{}({})", factors(&[directions, gates]), terms.join(" + ")),
    }
}

/// `2 × 4 × `, without factors that are 1.
fn factors(factors: &[usize]) -> String {
    factors.iter().filter(|factor| **factor != 1).map(|factor| format!("{factor} × ")).collect()
}

fn halves_agree(own: &[WeightSpec]) -> bool {
    let (first, second) = own.split_at(own.len() / 2);
    first.len() == second.len() && first.iter().zip(second).all(|(one, other)| one.shape == other.shape)
}

/// How often `units` columns stand in every weight side by side; 1 where the weights differ in that.
fn shared_gates(shapes: &[&[usize]], units: usize) -> usize {
    let gates = |shape: &&[usize]| {
        let columns = shape.last().copied().unwrap_or(1);
        if units > 0 && columns.is_multiple_of(units) { columns / units } else { 1 }
    };
    let mut all = shapes.iter().map(gates);
    let first = all.next().unwrap_or(1);
    if all.all(|gates| gates == first) { first.max(1) } else { 1 }
}

/// `8·12`: a shape whose last size is the share of one gate.
fn term(shape: &[usize], gates: usize) -> String {
    let last = shape.len().saturating_sub(1);
    let size = |(k, size): (usize, &usize)| with_separators(if k == last { size / gates } else { *size });
    let sizes: Vec<String> = shape.iter().enumerate().map(size).collect();
    if sizes.is_empty() { "1".into() } else { sizes.join("·") }
}

#[cfg(test)]
mod tests {
    use crate::experiment::{Experiment, PRESETS};
    use crate::model::{LayerSummary, Sequential};
    use serde_json::{Value, json};

    /// The value of a formula: factors and sums, parentheses around the last factor.
    fn value(formula: &str) -> usize {
        if let Some((factors, sum)) = formula.split_once('(') {
            let outer: usize = factors.split(" × ").filter(|f| !f.is_empty()).map(number).product();
            return outer * value(sum.strip_suffix(')').expect("the sum ends"));
        }
        let product = |term: &str| -> usize { term.split(['·', '×']).map(number).product() };
        if formula.is_empty() { 0 } else { formula.split('+').map(product).sum() }
    }

    fn number(text: &str) -> usize {
        text.trim().replace(',', "").parse().expect("a whole number")
    }

    fn rows(layers: Value) -> Vec<LayerSummary> {
        let model = json!({ "class_name": "Sequential", "config": { "name": "m", "layers": layers } });
        Sequential::from_json(&model.to_string(), 0).expect("it can be built").summary().layers
    }

    #[test]
    fn every_formula_of_every_experiment_gives_the_count() {
        for preset in PRESETS {
            let experiment = Experiment::from_json(preset.document).expect("it is right");
            for row in experiment.build_model().expect("it can be built").summary().layers {
                assert_eq!(
                    value(&row.formula),
                    row.params,
                    "{}: {} = {}",
                    preset.name,
                    row.name,
                    row.formula
                );
            }
        }
    }

    #[test]
    fn formulas_are_as_in_a_textbook() {
        let layer = |class: &str, config: Value| json!({ "class_name": class, "config": config });
        let table = layer("Embedding", json!({ "input_dim": 5000, "output_dim": 8, "input_length": 3 }));
        let recurrent = |class: &str| layer(class, json!({ "units": 12 }));
        let dense = layer("Dense", json!({ "units": 1 }));
        let of = |second: Value| {
            let rows = rows(json!([table, second, dense]));
            assert!(rows.iter().all(|row| value(&row.formula) == row.params), "{rows:?}");
            rows.into_iter().map(|row| row.formula).collect::<Vec<_>>()
        };
        assert_eq!(of(recurrent("LSTM")), ["5,000 × 8", "4 × (8·12 + 12·12 + 12)", "12·1 + 1"]);
        assert_eq!(of(recurrent("GRU"))[1], "3 × (8·12 + 12·12 + 2·12)");
        assert_eq!(of(recurrent("SimpleRNN"))[1], "8·12 + 12·12 + 12");
        let both = layer("Bidirectional", json!({ "layer": recurrent("LSTM") }));
        assert_eq!(of(both)[1], "2 × 4 × (8·12 + 12·12 + 12)");
        let gone = layer("Dropout", json!({ "rate": 0.5 }));
        assert_eq!(rows(json!([table, recurrent("GRU"), gone, dense]))[2].formula, "");
    }
}
