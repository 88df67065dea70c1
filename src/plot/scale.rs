//! What the axes of a history reach to and where their ticks are.

use super::{Content, Quantity};

/// A tick: where, and what is written there.
pub type Tick = (f64, String);

/// The updates at the right edge: parts of the first epoch, then whole epochs, so that the axis stands still for a
/// while.
pub fn last_update(content: &Content) -> f64 {
    let evaluations = content.validation.iter().chain(content.earlier.iter().flatten());
    let validated = evaluations.map(|e| e.step).max().unwrap_or(0);
    right_edge((content.training.len() as f64).max(validated as f64), content.steps_per_epoch)
}

/// [`last_update`] of a run of so many steps.
pub fn right_edge(steps: f64, steps_per_epoch: u64) -> f64 {
    let epoch = steps_per_epoch.max(1) as f64;
    let parts = [16.0, 8.0, 4.0, 2.0].map(|part| (epoch / part).ceil());
    let first = parts.into_iter().find(|part| *part >= steps && *part >= FEWEST_UPDATES);
    first.unwrap_or_else(|| (steps / epoch).ceil().max(1.0) * epoch)
}

/// Fewer updates than this are not worth an axis of their own.
const FEWEST_UPDATES: f64 = 16.0;

/// The values at the lower and at the upper edge.
pub fn value_range(quantity: Quantity, content: &Content, smoothed: &[f32]) -> (f64, f64) {
    let of = |evaluation: &crate::train::Evaluation| match quantity {
        Quantity::Loss => evaluation.loss,
        Quantity::Accuracy => evaluation.accuracy,
    };
    let evaluations = content.validation.iter().chain(content.earlier.iter().flatten());
    let values = smoothed.iter().copied().chain(evaluations.map(of));
    let values = values.filter(|v| v.is_finite()).map(f64::from);
    let baselines = content.baselines.iter().map(|(_, value)| *value).filter(|value| value.is_finite());
    match quantity {
        Quantity::Loss => {
            let highest = values.chain(content.guessing_loss).chain(baselines).fold(0.0, f64::max);
            (0.0, if highest > 0.0 { highest * 1.08 } else { 1.0 })
        }
        Quantity::Accuracy => {
            let lowest = values.chain(content.baseline).chain(baselines).fold(1.0, f64::min);
            ((lowest * 10.0 - 0.5).floor().clamp(0.0, 8.0) / 10.0, 1.0)
        }
    }
}

/// The smallest of 1, 2, 5, 10, 20, … times a power of ten that is not below `at_least`, and its decimals.
fn nice_step(at_least: f64) -> (f64, usize) {
    let mut decimals = 0;
    let mut power = 1.0;
    while power > at_least && decimals < MOST_DECIMALS {
        power /= 10.0;
        decimals += 1;
    }
    loop {
        let fitting = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= at_least * 0.999);
        match fitting {
            Some(factor) => return (factor * power, decimals),
            None => (power, decimals) = (power * 10.0, decimals.saturating_sub(1)),
        }
    }
}

/// Labels with more decimals have no room.
const MOST_DECIMALS: usize = 4;

/// Ticks from `low` to `high`, as many as have room in `height` pixels, but not more than about six.
pub fn value_ticks((low, high): (f64, f64), height: f64) -> Vec<Tick> {
    let most = (height / LEVEL_PX).clamp(2.0, 5.0);
    let (step, decimals) = nice_step((high - low) / most);
    let first = (low / step - 1e-6).ceil() as i64;
    let last = (high / step + 1e-6).floor() as i64;
    (first..=last).map(|k| (k as f64 * step, format!("{:.decimals$}", k as f64 * step))).collect()
}

/// Ticks at the ends of epochs, or at updates before the first epoch is over; as many as have room in `width` pixels.
pub fn update_ticks(last_update: f64, steps_per_epoch: u64, width: f64) -> Vec<Tick> {
    let most = (width / TICK_PX).clamp(1.0, 10.0);
    let epoch = steps_per_epoch.max(1) as f64;
    let (unit, name) = if last_update < epoch { (1.0, "update") } else { (epoch, "epoch") };
    let (every, _) = nice_step((last_update / unit / most).max(1.0));
    let count = (last_update / unit / every + 1e-6).floor() as u64;
    let label = |k: u64| {
        let n = (k as f64 * every).round();
        if k == 1 { format!("{name} {n}") } else { n.to_string() }
    };
    (0..=count).map(|k| (k as f64 * every * unit, label(k))).collect()
}

/// 10⁻³ for −3; small powers as they are.
pub fn power_of_ten(k: i64) -> String {
    match k {
        -1 => "0.1".into(),
        0..=2 => 10i64.pow(k as u32).to_string(),
        _ => {
            let digits = k.unsigned_abs().to_string();
            let raised =
                digits.chars().filter_map(|digit| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit.to_digit(10)? as usize));
            format!("10{}{}", if k < 0 { "⁻" } else { "" }, raised.collect::<String>())
        }
    }
}

/// Room between two levels.
const LEVEL_PX: f64 = 26.0;
/// Room that a tick with its label takes.
const TICK_PX: f64 = 56.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Evaluation;

    fn content(training: &[f32], steps_per_epoch: u64) -> Content<'_> {
        Content {
            training,
            validation: &[],
            baselines: &[],
            earlier: &[],
            baseline: Some(0.5),
            steps_per_epoch,
            guessing_loss: None,
            hovered_update: None,
            smoothed: false,
            logarithmic: false,
        }
    }

    #[test]
    fn the_axis_grows_by_parts_of_the_first_epoch_and_then_by_epochs() {
        let last = |steps: usize| last_update(&content(&vec![0.5; steps], 125));
        assert_eq!(
            [0, 16, 17, 33, 64, 100, 125, 126].map(last),
            [16.0, 16.0, 32.0, 63.0, 125.0, 125.0, 125.0, 250.0]
        );
    }

    #[test]
    fn ticks_have_round_numbers() {
        let of =
            |range, height| value_ticks(range, height).into_iter().map(|tick| tick.1).collect::<Vec<_>>();
        let labels = |range| of(range, 160.0);
        assert_eq!(labels((0.0, 0.748)), ["0.0", "0.2", "0.4", "0.6"]);
        assert_eq!(labels((0.4, 1.0)), ["0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels((0.0, 0.814)), ["0.0", "0.2", "0.4", "0.6", "0.8"]);
        assert_eq!(labels((0.0, 4.3)), ["0", "1", "2", "3", "4"]);
        assert_eq!(of((0.0, 4.3), 60.0), ["0", "2", "4"]);
        let updates =
            |last, width| update_ticks(last, 125, width).into_iter().map(|tick| tick.1).collect::<Vec<_>>();
        assert_eq!(updates(500.0, 400.0), ["0", "epoch 1", "2", "3", "4"]);
        assert_eq!(updates(63.0, 300.0), ["0", "update 20", "40", "60"]);
        assert_eq!(
            updates(125_000.0, 600.0),
            ["0", "epoch 100", "200", "300", "400", "500", "600", "700", "800", "900", "1000"]
        );
    }

    #[test]
    fn the_range_of_values_ignores_what_is_not_finite() {
        let validation = [Evaluation { step: 1, epoch: 0, loss: f32::INFINITY, accuracy: f32::NAN }];
        let content = Content { validation: &validation, baseline: None, ..content(&[], 10) };
        assert_eq!(value_range(Quantity::Loss, &content, &[f32::NAN]), (0.0, 1.0));
        assert_eq!(value_range(Quantity::Accuracy, &content, &[f32::NAN]), (0.8, 1.0));
        assert_eq!(value_range(Quantity::Accuracy, &content, &[0.5, 0.9]), (0.4, 1.0));
    }
}
