//! A history on a logarithmic axis: its values become logarithms to the base of ten before they are drawn.

use super::Content;
use super::scale::{Tick, power_of_ten};
use crate::train::Evaluation;

/// Room above and below the values, in decades.
const MARGIN: f64 = 0.05;
/// The axis has at least so many decades.
const SHORTEST: f64 = 0.4;
/// More decades than this have a label each, and none between them.
const LABELLED_BETWEEN: f64 = 1.6;

/// The values of a history as logarithms.
pub struct Logarithms {
    training: Vec<f32>,
    validation: Vec<Evaluation>,
    earlier: Vec<Vec<Evaluation>>,
    baselines: Vec<(String, f64)>,
    guessing_loss: Option<f64>,
}

impl Logarithms {
    /// Of the losses of `content`.
    pub fn of(content: &Content) -> Self {
        let of = |evaluation: &Evaluation| Evaluation {
            loss: log10(f64::from(evaluation.loss)) as f32,
            ..*evaluation
        };
        Self {
            training: content.training.iter().map(|loss| log10(f64::from(*loss)) as f32).collect(),
            validation: content.validation.iter().map(of).collect(),
            earlier: content.earlier.iter().map(|run| run.iter().map(of).collect()).collect(),
            baselines: content.baselines.iter().map(|(name, value)| (name.clone(), log10(*value))).collect(),
            guessing_loss: content.guessing_loss.map(log10),
        }
    }

    /// `content` with these values.
    pub fn content<'a>(&'a self, content: &Content<'a>) -> Content<'a> {
        Content {
            training: &self.training,
            validation: &self.validation,
            earlier: &self.earlier,
            baselines: &self.baselines,
            guessing_loss: self.guessing_loss,
            ..*content
        }
    }
}

/// Not a number for what is not above zero.
#[allow(clippy::disallowed_methods)] // shown to readers: no number of a run follows from it
pub fn log10(value: f64) -> f64 {
    if value > 0.0 { value.log10() } else { f64::NAN }
}

/// The logarithms at the lower and at the upper edge, for a training curve and what stands beside it.
pub fn range(content: &Content, curve: &[f32]) -> (f64, f64) {
    let evaluations = content.validation.iter().chain(content.earlier.iter().flatten());
    let values = curve.iter().copied().chain(evaluations.map(|evaluation| evaluation.loss)).map(f64::from);
    let lines = content.baselines.iter().map(|(_, value)| *value).chain(content.guessing_loss);
    let (low, high) = values
        .chain(lines)
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        return (-1.0, 0.0);
    }
    let missing = ((SHORTEST - (high - low)) / 2.0).max(0.0);
    (low - missing - MARGIN, high + missing + MARGIN)
}

/// Ticks at powers of ten, over few decades at twice and five times these too.
pub fn ticks((low, high): (f64, f64), _: f64) -> Vec<Tick> {
    let factors: &[f64] = if high - low > LABELLED_BETWEEN { &[1.0] } else { &[1.0, 2.0, 5.0] };
    let decades = low.floor() as i64..=high.ceil() as i64;
    let tick = |k: i64, factor: &f64| (k as f64 + log10(*factor), label(k, *factor));
    decades
        .flat_map(|k| factors.iter().map(move |factor| tick(k, factor)))
        .filter(|(value, _)| (low..=high).contains(value))
        .collect()
}

/// `0.2` for two times ten to the minus one.
fn label(k: i64, factor: f64) -> String {
    match k {
        -3..=3 => format!("{:.*}", k.min(0).unsigned_abs() as usize, factor * power(k)),
        _ if factor == 1.0 => power_of_ten(k),
        _ => format!("{factor}·{}", power_of_ten(k)),
    }
}

fn power(k: i64) -> f64 {
    (0..k.unsigned_abs()).fold(1.0, |value, _| if k < 0 { value / 10.0 } else { value * 10.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers_in_few_decades_and_powers_of_ten_in_many() {
        let labels = |range| ticks(range, 130.0).into_iter().map(|tick| tick.1).collect::<Vec<_>>();
        assert_eq!(labels((-1.1, 0.1)), ["0.1", "0.2", "0.5", "1"]);
        assert_eq!(labels((-4.2, 1.2)), ["10⁻⁴", "0.001", "0.01", "0.1", "1", "10"]);
        for (value, text) in ticks((-1.1, 1.4), 130.0) {
            assert!((log10(text.parse().unwrap()) - value).abs() < 1e-9, "{text} stands at {value}");
        }
    }

    #[test]
    fn what_has_no_logarithm_is_not_a_number() {
        assert!(log10(0.0).is_nan() && log10(-1.0).is_nan() && log10(f64::NAN).is_nan());
        assert_eq!(log10(1000.0).round(), 3.0);
    }
}
