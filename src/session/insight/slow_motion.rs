//! One update, phase by phase.

use serde::Serialize;

use super::super::current::Current;
use super::super::report::Report;
use super::super::training::Training;
use crate::Result;
use crate::listing::significant;
use crate::model::{Sequential, with_separators};
use crate::train::optimizer::Clip;
use crate::train::watch::{WeightNorms, together};
use crate::train::{Watch, Watched};

/// The parts of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum UpdatePart {
    /// Which samples are taken.
    Batch,
    /// A layer computes its output.
    Forward,
    /// The predictions are compared with the labels.
    Loss,
    /// The gradient passes through a layer.
    Backward,
    /// The gradient is bounded.
    Clipping,
    /// The weights change.
    Update,
}

/// A number of a phase.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct UpdateFigure {
    /// What it is.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// The same as it is printed: what was measured with four digits, what was counted or chosen as it is.
    pub shown: String,
}

/// One phase.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct UpdatePhase {
    /// Which part of the update it belongs to.
    pub kind: UpdatePart,
    /// The layer, where the phase is about one.
    pub layer: Option<String>,
    /// The output of that layer, batch first; empty where the phase is not about a layer.
    pub shape: Vec<usize>,
    /// What happens.
    pub sentence: String,
    /// The numbers of the phase.
    pub figures: Vec<UpdateFigure>,
}

/// One update, phase by phase, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct SlowUpdate {
    /// Indices of the training samples of the batch, `[batch]`.
    pub samples: Vec<u32>,
    /// Batch, forward from the first layer to the last, loss, backward from the last to the first, clipping, update.
    pub phases: Vec<UpdatePhase>,
    /// What every update reports.
    pub report: Report,
}

impl Training {
    /// [`Self::step_once`] with everything written down: the run is the same, bit for bit.
    ///
    /// # Errors
    /// As [`Self::step_once`].
    pub fn slow_update(&mut self, clock: impl Fn() -> f64) -> Result<SlowUpdate> {
        let start = clock();
        let mut report = self.step_watched(Watch::Everything)?;
        let current = self.current_mut()?;
        let watched = current.run.take_watched().unwrap_or_default();
        report.norms = vec![current.norms_of(&watched)];
        let phases = Phases { current, watched: &watched }.all();
        current.finish(&mut report, clock() - start);
        Ok(SlowUpdate { samples: watched.samples, phases, report })
    }
}

/// Writes the phases of one update.
struct Phases<'a> {
    current: &'a Current,
    watched: &'a Watched,
}

/// A number as it stands in a sentence.
fn number(value: f64) -> String {
    significant(value as f32, 4)
}

/// What was counted or chosen, with no more digits than it has.
fn exact(value: f64) -> String {
    (value as f32).to_string()
}

/// `1st`, `2nd`, `79th`.
fn ordinal(n: u64) -> String {
    let ending = match (n % 100, n % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{}{ending}", with_separators(n as usize))
}

fn figure(name: impl Into<String>, value: f64) -> UpdateFigure {
    UpdateFigure { name: name.into(), value, shown: number(value) }
}

fn exact_figure(name: impl Into<String>, value: f64) -> UpdateFigure {
    UpdateFigure { name: name.into(), value, shown: exact(value) }
}

impl Phases<'_> {
    fn model(&self) -> &Sequential {
        self.current.run.model()
    }

    fn all(&self) -> Vec<UpdatePhase> {
        let layers = 0..self.watched.passes.len();
        let mut phases = vec![self.batch()];
        phases.extend(layers.clone().map(|k| self.forward(k)));
        phases.push(self.loss());
        phases.extend(layers.rev().map(|k| self.backward(k)));
        phases.push(self.clipping());
        phases.push(self.update());
        phases
    }

    fn phase(kind: UpdatePart, sentence: String, figures: Vec<UpdateFigure>) -> UpdatePhase {
        UpdatePhase { kind, layer: None, shape: Vec::new(), sentence, figures }
    }

    fn of_layer(
        &self,
        kind: UpdatePart,
        k: usize,
        sentence: String,
        figures: Vec<UpdateFigure>,
    ) -> UpdatePhase {
        let axes = self.watched.passes[k].output.axes().into_iter().flatten();
        let shape = [self.watched.samples.len()].into_iter().chain(axes).collect();
        UpdatePhase { layer: Some(self.name(k).to_owned()), shape, ..Self::phase(kind, sentence, figures) }
    }

    fn name(&self, k: usize) -> &str {
        self.model().layers()[k].name()
    }

    fn batch(&self) -> UpdatePhase {
        let (update, per_epoch) = (self.watched.update, self.current.run.updates_per_epoch());
        let (epoch, place) = ((update - 1) / per_epoch + 1, (update - 1) % per_epoch + 1);
        let (batch, all) = (self.watched.samples.len(), self.current.material.train.count());
        let sentence = format!(
            "Update {}, the {} of {} in epoch {epoch}: a batch of {batch} of the {} training samples is taken.",
            with_separators(update as usize),
            ordinal(place),
            with_separators(per_epoch as usize),
            with_separators(all)
        );
        Self::phase(UpdatePart::Batch, sentence, vec![exact_figure("samples", batch as f64)])
    }

    fn forward(&self, k: usize) -> UpdatePhase {
        let pass = &self.watched.passes[k];
        let axes: Vec<String> = pass.output.axes().into_iter().flatten().map(|n| n.to_string()).collect();
        let (batch, shape) = (self.watched.samples.len(), axes.join(", "));
        let sentence = format!(
            "Forward: {} computes an output of shape ({batch}, {shape}), whose norm is {}.",
            self.name(k),
            number(pass.output_norm)
        );
        self.of_layer(UpdatePart::Forward, k, sentence, vec![figure("norm of the output", pass.output_norm)])
    }

    fn loss(&self) -> UpdatePhase {
        let score = self.watched.score;
        let (loss, accuracy) = (f64::from(score.mean_loss()), f64::from(score.accuracy()));
        let sentence = format!(
            "Loss: the mean {} of {} predictions is {}.",
            self.current.experiment.compile.loss,
            with_separators(score.count),
            number(loss)
        );
        Self::phase(UpdatePart::Loss, sentence, vec![figure("loss", loss), figure("accuracy", accuracy)])
    }

    fn backward(&self, k: usize) -> UpdatePhase {
        let arriving = self.watched.passes[k].arriving_norm;
        let specs = self.model().parameters.specs();
        let weights = self.model().weights_of(k);
        let mut figures = vec![figure("gradient of the loss by the output", arriving)];
        figures.extend(
            weights.clone().map(|index| {
                figure(format!("by {}", specs[index].name), self.watched.weights[index].gradient)
            }),
        );
        let name = self.name(k);
        let of_weights = match weights.is_empty() {
            true => "the layer has no weights".to_owned(),
            false => {
                let gradient = self.watched.of_layer(self.model(), k).gradient;
                format!("its gradient by the weights of {name} has norm {}", number(gradient))
            }
        };
        let arriving = number(arriving);
        let sentence = format!(
            "Backward: the gradient of the loss by the output of {name} has norm {arriving}; {of_weights}."
        );
        self.of_layer(UpdatePart::Backward, k, sentence, figures)
    }

    /// The norms of the weights that are trained.
    fn trained(&self) -> Vec<WeightNorms> {
        let specs = self.model().parameters.specs().iter().zip(&self.watched.weights);
        specs.filter(|(spec, _)| spec.trainable).map(|(_, norms)| *norms).collect()
    }

    fn clipping(&self) -> UpdatePhase {
        let trained = self.trained();
        let all = together(&trained);
        let changed = trained.iter().filter(|norms| norms.clipped != norms.gradient).count();
        let (before, after) = (number(all.gradient), number(all.clipped));
        let what = match self.current.run.optimizer().clip() {
            Clip::None => "no bound is set".to_owned(),
            Clip::Norm(bound) => format!("clipnorm bounds the gradient of each weight to norm {bound}"),
            Clip::GlobalNorm(bound) => format!("global_clipnorm bounds the whole gradient to norm {bound}"),
            Clip::Value(bound) => format!("clipvalue bounds each number of the gradient to ±{bound}"),
        };
        let done = match changed {
            0 => format!("the gradient of all trained weights, of norm {before}, is used as it is"),
            _ => format!("the norm of the gradient of all trained weights falls from {before} to {after}"),
        };
        let figures = vec![
            figure("norm before", all.gradient),
            figure("norm after", all.clipped),
            exact_figure("weights whose gradient was changed", changed as f64),
        ];
        Self::phase(UpdatePart::Clipping, format!("Clipping: {what}; {done}."), figures)
    }

    fn update(&self) -> UpdatePhase {
        let all = together(&self.trained());
        let rate = f64::from(self.watched.learning_rate);
        let sentence = format!(
            "Update: {} with learning rate {} changes the trained weights by norm {}, {} of their own norm.",
            self.current.run.optimizer().class_name(),
            exact(rate),
            number(all.change),
            number(all.ratio())
        );
        let mut figures = vec![exact_figure("learning rate", rate)];
        let specs = self.model().parameters.specs().iter().zip(&self.watched.weights);
        let changes = specs.filter(|(spec, _)| spec.trainable);
        figures.extend(changes.map(|(spec, norms)| figure(format!("change of {}", spec.name), norms.change)));
        Self::phase(UpdatePart::Update, sentence, figures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_as_a_book_prints_them() {
        assert_eq!(
            [1, 2, 3, 11, 12, 13, 79, 101, 1122].map(ordinal).join(" "),
            "1st 2nd 3rd 11th 12th 13th 79th 101st 1,122nd"
        );
        assert_eq!([32.0, f64::from(0.002f32), 0.0].map(exact), ["32", "0.002", "0"]);
        assert_eq!(number(0.5), "0.5000");
    }
}
