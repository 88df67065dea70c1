//! What is wrong with a run, found by rules: each says what it saw in numbers, what that means, and which other
//! experiment would show whether it is so.

mod cells;
mod course;
mod data;
mod remedy;

use serde::{Deserialize, Serialize};

use super::super::training::new_run;
use super::Analysis;
use super::statistics::Statistics;
use crate::Result;
use crate::experiment::Experiment;
use crate::model::Sequential;
use crate::train::{History, checkpoint};

/// Something that a rule found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// What was found, in a few words.
    pub title: String,
    /// What it means.
    pub sentence: String,
    /// The numbers from which the rule concludes it.
    pub evidence: Vec<Evidence>,
    /// Another experiment that tests it.
    pub remedy: Option<Remedy>,
}

/// A number with its name.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Evidence {
    /// What it is.
    pub name: String,
    /// Its value as a text.
    pub value: String,
}

/// An experiment that tests a finding: the present one with one thing changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Remedy {
    /// What is changed, as an order: “Clip gradients at norm 1”.
    pub label: String,
    /// The changed experiment.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Experiment"))]
    pub experiment: serde_json::Value,
}

/// The rules, in the order in which their findings are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Every sample gets the same answer.
    ConstantPrediction,
    /// Gradients a hundred times as long as usual, and nothing clips them.
    ExplodingGradient,
    /// The loss grows, or jumps about.
    LearningRateTooLarge,
    /// The weights hardly move, and the loss does not fall.
    LearningRateTooSmall,
    /// Ids of words are read as quantities.
    WordsAsQuantities,
    /// A model of word pairs has a memory and no use for it.
    MemoryWithoutUse,
    /// The network computes with padding.
    UnmaskedPadding,
    /// Gates or states stand at their limits.
    Saturated,
    /// Units whose output is always the same.
    DeadUnits,
    /// The answer hardly depends on the first timesteps.
    VanishingThroughTime,
    /// The validation loss has risen for long.
    Overfitting,
    /// Nearly all samples are of one class, and the others are not found.
    ClassImbalance,
    /// Counting words does as well.
    BagOfWordsAsGood,
    /// What the model is judged with has been used to choose it.
    TestDataInChoices,
}

/// What the page knows of the run besides its checkpoint.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Known {
    /// What a bag of words reaches on the validation set, where that was computed.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(default)]
    pub bag_of_words: Option<f64>,
    /// How many networks were compared on the same validation samples, this one included.
    #[serde(default)]
    pub compared: usize,
}

/// What the rules look at.
struct Case<'a> {
    experiment: &'a Experiment,
    model: &'a Sequential,
    history: &'a History,
    updates_per_epoch: usize,
    /// The loss of guessing; nothing where answers are numbers.
    guessing: Option<f64>,
    /// What always giving the most frequent answer reaches.
    majority: Option<f64>,
    /// Training samples of each class, by its id; those of the rarest of very many classes are missing.
    classes: Vec<(u32, usize)>,
    /// Training samples of all classes.
    labels: usize,
    answers_each_timestep: bool,
    statistics: &'a Statistics,
    /// How far the weights are from the first ones, relative to their length; nothing where those are not known.
    moved: Option<f64>,
    known: &'a Known,
}

/// Looks for one thing.
type Check = fn(&Case) -> Option<Finding>;

const CHECKS: [Check; 14] = [
    course::constant_prediction,
    course::exploding_gradient,
    course::learning_rate_too_large,
    course::learning_rate_too_small,
    data::words_as_quantities,
    data::memory_without_use,
    data::unmasked_padding,
    cells::saturated,
    cells::dead_units,
    cells::vanishing_through_time,
    course::overfitting,
    data::class_imbalance,
    course::bag_of_words_as_good,
    data::test_data_in_choices,
];

impl Analysis {
    /// What the rules find in the run of a checkpoint; what is left of the statistics of its weights is gathered first.
    ///
    /// # Errors
    /// If the checkpoint is not of this experiment.
    pub fn examine(&mut self, run: &[u8], known: &Known) -> Result<Vec<Finding>> {
        self.take_weights(run)?;
        let statistics = &self.statistics()?;
        self.material()?;
        let Some(material) = &self.material else { unreachable!("it has just been made") };
        let experiment = &self.experiment;
        let mut restored = new_run(experiment, material)?;
        let first = restored.model().parameters.values().to_vec();
        checkpoint::restore(&mut restored, run)?;
        let counts = material.class_counts(experiment, self.dataset.as_ref());
        let outputs = restored.model().output_shape().features().unwrap_or(1);
        let case = Case {
            experiment,
            model: restored.model(),
            history: restored.history(),
            updates_per_epoch: restored.updates_per_epoch().max(1) as usize,
            guessing: experiment.loss()?.of_guessing(outputs),
            majority: material.baseline.as_ref().map(|baseline| baseline.accuracy),
            classes: counts.classes.iter().map(|class| (class.id, class.train)).collect(),
            labels: counts.train,
            answers_each_timestep: material.train.labels().timesteps() > 1,
            statistics,
            moved: experiment.weights.is_none().then(|| moved(&first, restored.model().parameters.values())),
            known,
        };
        Ok(CHECKS.iter().filter_map(|check| check(&case)).collect())
    }
}

/// The distance of `now` from `first` relative to the length of `first`.
fn moved(first: &[f32], now: &[f32]) -> f64 {
    let norm = |values: &mut dyn Iterator<Item = f32>| {
        values.map(|v| f64::from(v) * f64::from(v)).sum::<f64>().sqrt()
    };
    let distance = norm(&mut first.iter().zip(now).map(|(before, after)| after - before));
    distance / norm(&mut first.iter().copied()).max(f64::from(f32::MIN_POSITIVE))
}

impl Case<'_> {
    fn updates(&self) -> usize {
        self.history.losses.len()
    }

    /// The mean loss of the first and of the last tenth of all updates; nothing before 20 updates.
    fn first_and_last_loss(&self) -> Option<(f64, f64)> {
        let losses = &self.history.losses;
        let tenth = losses.len() / 10;
        (tenth >= 2).then(|| (mean(&losses[..tenth]), mean(&losses[losses.len() - tenth..])))
    }

    /// Whether there are classes, by which predictions can be right or wrong.
    fn has_classes(&self) -> bool {
        self.guessing.is_some()
    }
}

fn mean(values: &[f32]) -> f64 {
    values.iter().map(|value| f64::from(*value)).sum::<f64>() / values.len().max(1) as f64
}

fn figure(name: impl Into<String>, value: impl Into<String>) -> Evidence {
    Evidence { name: name.into(), value: value.into() }
}

/// A share as a percentage.
fn percent(share: f64) -> String {
    let digits = usize::from((share > 0.0 && share < 0.1) || (share > 0.99 && share < 1.0));
    format!("{:.digits$} %", 100.0 * share)
}

/// A number with three digits.
fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    match value.abs() {
        size if !(0.001..1000.0).contains(&size) => format!("{value:.1e}"),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}
