//! How a run has gone so far, judged from its losses: one sentence about what happened, not about what might.

use std::fmt;

use super::Evaluation;
use crate::model::with_separators;

/// Losses of single evaluations vary, so means over so many are compared.
const EVALUATIONS: usize = 3;
/// A loss of at least this share of that of guessing is no better than guessing.
const NO_BETTER: f64 = 0.97;
/// The training loss below this share of the loss of guessing has fallen.
const FALLEN: f64 = 0.95;
/// All losses within this share of the loss of guessing: nothing has moved.
const STILL: f64 = 0.02;
/// The validation loss above its lowest mean by this share has risen.
const RISEN: f64 = 0.1;
/// The validation loss below that of an epoch before by this share is falling.
const FALLING: f64 = 0.03;
/// An accuracy that exceeds that of the most frequent answer by less has learned only that answer.
const ONLY_ANSWER: f64 = 0.01;
/// −ln 10⁻⁷: the loss of a wrong answer of probability 1, where probabilities are clipped.
const WRONG_WITH_CERTAINTY: f64 = 16.118_095_65;
/// Losses within this share of each other are the same but for a few samples.
const SAME_LOSS: f64 = 0.02;
/// With a larger accuracy this loss may have other causes.
const MOSTLY_WRONG: f64 = 0.5;

/// What guessing achieves.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Guessing {
    /// The loss of giving every class the same probability.
    pub loss: Option<f64>,
    /// The accuracy of always giving the most frequent answer.
    pub accuracy: Option<f64>,
}

/// The course of a run up to its last evaluation. Losses are means: of the training batches over the last epoch, of
/// validation over the last few evaluations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Course {
    /// There is less than one epoch, or there are too few evaluations.
    Early,
    /// Nearly every probability is 0 or 1, so that the loss is that of clipped probabilities and has no gradient.
    BrokenDown {
        /// The update after which the first of the validations was that show it.
        since: u64,
        /// The last validation loss.
        validation: f64,
        /// Its validation accuracy.
        accuracy: f64,
    },
    /// All losses are that of guessing.
    HardlyMoved {
        /// The loss of guessing.
        guessing: f64,
    },
    /// The losses are a little below that of guessing and were never clearly above it.
    Slow {
        /// How many updates there were.
        updates: usize,
        /// The loss of guessing.
        guessing: f64,
        /// The training loss.
        training: f64,
        /// The validation loss.
        validation: f64,
    },
    /// The losses are not clearly below that of guessing, and some were clearly above it.
    Diverged {
        /// The loss of guessing.
        guessing: f64,
        /// The training loss.
        training: f64,
        /// The validation loss.
        validation: f64,
    },
    /// The training loss has fallen, the validation loss is no better than guessing.
    DoesNotCarryOver {
        /// The loss of guessing.
        guessing: f64,
        /// The training loss.
        training: f64,
        /// The validation loss.
        validation: f64,
    },
    /// The validation loss has risen above its minimum while the training loss fell.
    Overfits {
        /// The update after which the validation loss was lowest.
        lowest_at: u64,
        /// The validation loss then.
        lowest: f64,
        /// The validation loss.
        validation: f64,
        /// The training loss.
        training: f64,
    },
    /// The validation loss has risen above its minimum, and the training loss did not fall.
    Unstable {
        /// The update after which the validation loss was lowest.
        lowest_at: u64,
        /// The validation loss then.
        lowest: f64,
        /// The validation loss.
        validation: f64,
    },
    /// The validation accuracy is that of always giving the most frequent answer.
    OneAnswer {
        /// The validation accuracy.
        accuracy: f64,
    },
    /// The validation loss is still falling.
    Improving {
        /// The validation loss an epoch before, or at the first evaluations.
        before: f64,
        /// The validation loss.
        validation: f64,
    },
    /// The validation loss neither falls nor has risen much.
    LevelledOff {
        /// The validation loss.
        validation: f64,
        /// Its lowest value.
        lowest: f64,
    },
}

/// How a run has gone: `losses` of each update's batch, `[updates]`, and the evaluations in their order.
pub fn judge(
    losses: &[f32],
    validation: &[Evaluation],
    updates_per_epoch: u64,
    guessing: Guessing,
) -> Course {
    if let Some(broken) = broken_down(validation) {
        return broken;
    }
    let epoch = usize::try_from(updates_per_epoch).unwrap_or(usize::MAX).max(1);
    let means = running_means(validation);
    let (Some(end), true) = (means.last().copied(), losses.len() >= epoch) else { return Course::Early };
    let training = mean(&losses[losses.len() - epoch..]);
    let Some(low) = means.iter().copied().min_by(|a, b| a.loss.total_cmp(&b.loss)) else {
        return Course::Early;
    };
    let at_low = usize::try_from(low.update).unwrap_or(usize::MAX).min(losses.len());
    let training_at_low = mean(&losses[at_low.saturating_sub(epoch)..at_low]);
    let has_risen = end.loss > (1.0 + RISEN) * low.loss;
    let now = (training, end.loss, low.loss);
    if let Some(course) = against_guessing(validation, losses.len(), now, guessing) {
        return course;
    }
    let (lowest_at, lowest, validation) = (low.update, low.loss, end.loss);
    if has_risen && training < training_at_low {
        return Course::Overfits { lowest_at, lowest, validation, training };
    }
    if has_risen {
        return Course::Unstable { lowest_at, lowest, validation };
    }
    if guessing.accuracy.is_some_and(|majority| end.accuracy < majority + ONLY_ANSWER) {
        return Course::OneAnswer { accuracy: end.accuracy };
    }
    let before = means.iter().rev().find(|mean| mean.update + updates_per_epoch <= end.update);
    let before = before.or(means.first()).map_or(end.loss, |mean| mean.loss);
    if end.loss <= low.loss * (1.0 + FALLING) && end.loss < before * (1.0 - FALLING) {
        return Course::Improving { before, validation };
    }
    Course::LevelledOff { validation, lowest }
}

/// Whether the last evaluation has the loss of probabilities that are nearly all 0 or 1, most of them wrong.
fn broken_down(evaluations: &[Evaluation]) -> Option<Course> {
    let last = evaluations.last()?;
    let shows_it = |one: &&Evaluation| {
        let (loss, accuracy) = (f64::from(one.loss), f64::from(one.accuracy));
        let clipped = WRONG_WITH_CERTAINTY * (1.0 - accuracy);
        (loss - clipped).abs() < SAME_LOSS * clipped && accuracy < MOSTLY_WRONG
    };
    let first = evaluations.iter().rev().take_while(shows_it).last()?;
    let (validation, accuracy) = (f64::from(last.loss), f64::from(last.accuracy));
    Some(Course::BrokenDown { since: first.step, validation, accuracy })
}

/// The courses on which the validation loss is no better than guessing and never was much better.
fn against_guessing(
    evaluations: &[Evaluation],
    updates: usize,
    (training, validation, lowest): (f64, f64, f64),
    guessing: Guessing,
) -> Option<Course> {
    let guessing = guessing.loss?;
    if validation < NO_BETTER * guessing || lowest < (1.0 - RISEN) * guessing {
        return None;
    }
    if training < FALLEN * guessing {
        return Some(Course::DoesNotCarryOver { guessing, training, validation });
    }
    let is_near = |loss: f64| (loss - guessing).abs() <= STILL * guessing;
    let is_still = is_near(training) && evaluations.iter().all(|one| is_near(f64::from(one.loss)));
    let is_above = |loss: f64| loss > (1.0 + STILL) * guessing;
    let was_above = is_above(training) || evaluations.iter().any(|one| is_above(f64::from(one.loss)));
    Some(match (is_still, was_above) {
        (true, _) => Course::HardlyMoved { guessing },
        (_, false) => Course::Slow { updates, guessing, training, validation },
        _ => Course::Diverged { guessing, training, validation },
    })
}

/// The mean of a few evaluations.
#[derive(Debug, Clone, Copy)]
struct Mean {
    update: u64,
    loss: f64,
    accuracy: f64,
}

/// The mean of each [`EVALUATIONS`] evaluations in a row, named by the one in their middle but for the last, which
/// stands for the end.
fn running_means(validation: &[Evaluation]) -> Vec<Mean> {
    let groups = validation.windows(EVALUATIONS);
    let count = groups.len();
    let of = |(k, group): (usize, &[Evaluation])| {
        let named = if k + 1 == count { group.last() } else { group.get(EVALUATIONS / 2) };
        let average = |value: fn(&Evaluation) -> f32| {
            group.iter().map(|one| f64::from(value(one))).sum::<f64>() / group.len() as f64
        };
        let update = named.map_or(0, |one| one.step);
        Mean { update, loss: average(|one| one.loss), accuracy: average(|one| one.accuracy) }
    };
    groups.enumerate().map(of).filter(|mean| mean.loss.is_finite()).collect()
}

fn mean(losses: &[f32]) -> f64 {
    losses.iter().map(|loss| f64::from(*loss)).sum::<f64>() / losses.len().max(1) as f64
}

/// With separators, as the page writes counts.
fn count(update: u64) -> String {
    with_separators(update as usize)
}

impl fmt::Display for Course {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Early => {
                write!(f, "This is too early to judge: one epoch and a few validations are needed.")
            }
            Self::BrokenDown { since, validation, accuracy } => write!(
                f,
                "Training has broken down, as the validation after update {} was the first to show: nearly every \
                 probability has become 0 or 1. A wrong answer costs −ln 10⁻⁷ = {WRONG_WITH_CERTAINTY:.3} then, since \
                 probabilities are clipped, and a right one nothing: the last validation loss, {validation:.2}, is \
                 near {WRONG_WITH_CERTAINTY:.3} × (1 − {accuracy:.3}). A clipped probability passes no gradient \
                 back, so that the network learns nothing from its certain mistakes. Steps that are too large do this.",
                count(*since)
            ),
            Self::HardlyMoved { guessing } => write!(
                f,
                "Hardly anything has changed: all losses are still that of guessing, {guessing:.2}. \
                 Train on, or raise the learning rate."
            ),
            Self::Slow { updates, guessing, training, validation } => write!(
                f,
                "Little has been learned in {} updates: training loss ({training:.2}) and validation loss \
                 ({validation:.2}) are only a little below that of guessing ({guessing:.2}). Train on.",
                with_separators(*updates)
            ),
            Self::Diverged { guessing, training, validation } => write!(
                f,
                "Nothing was learned: training loss ({training:.2}) and validation loss ({validation:.2}) are not \
                 clearly below that of guessing ({guessing:.2}), and losses have been above it. A smaller learning \
                 rate may help."
            ),
            Self::DoesNotCarryOver { guessing, training, validation } => write!(
                f,
                "Training loss fell to {training:.2}, but validation loss ({validation:.2}) is no better than \
                 guessing ({guessing:.2}): what is learned does not carry over to other texts."
            ),
            Self::Overfits { lowest_at, lowest, validation, training } => write!(
                f,
                "Overfitting: validation loss was lowest near update {} ({lowest:.2}) and has risen to \
                 {validation:.2}, while training loss, as a mean over an epoch, fell to {training:.2}.",
                count(*lowest_at)
            ),
            Self::Unstable { lowest_at, lowest, validation } => write!(
                f,
                "Validation loss was lowest near update {} ({lowest:.2}) and has risen to {validation:.2}; \
                 training loss has not fallen since. A smaller learning rate may help.",
                count(*lowest_at)
            ),
            Self::OneAnswer { accuracy } => write!(
                f,
                "Validation accuracy ({:.1} %) is that of always giving the most frequent answer.",
                100.0 * accuracy
            ),
            Self::Improving { before, validation } => write!(
                f,
                "Validation loss is still falling: its mean over {EVALUATIONS} validations went from {before:.2} to \
                 {validation:.2} within an epoch. Training on may help."
            ),
            Self::LevelledOff { validation, lowest } => write!(
                f,
                "Validation loss has levelled off at {validation:.2}; its lowest value was {lowest:.2}."
            ),
        }
    }
}
