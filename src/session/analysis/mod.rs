//! A model with the weights of some update, and what can be asked about it while its training goes on elsewhere.

mod baselines;
mod contexts;
pub mod doctor;
mod expression;
mod felt;
mod following;
mod influence;
mod kernels;
mod padding;
mod recorded;
mod shown;
mod sketch;
mod space;
pub mod statistics;
mod surgery;
mod through_time;
mod units;

use serde_json::Value;

use crate::data::Dataset;
use crate::experiment::{Experiment, Material, Reading};
use crate::model::Sequential;
use crate::trace::trace;
use crate::train::checkpoint;
use crate::{Error, Result};

use super::text::{Placed, TextTrace, note, place_text};
pub use baselines::BaselineLine;
pub use contexts::{CONTEXTS, Context, ContextsProgress, Wanted};
pub use expression::{Computed, ExpressionAnswer, ExpressionQuestion};
pub use felt::{FeltLayer, FeltRow, FeltRows};
pub use following::{Column, Follower, Followers, Following, FollowingProgress, Passage};
pub use influence::{Influence, InfluenceProgress};
pub use kernels::KernelBlock;
pub use padding::{Arrangement, PaddedReading, PaddingPicture, PaddingQuestion};
pub use recorded::RecordedNetwork;
pub use shown::Shown;
pub use space::{FixedPoint, Space, SpaceField, SpacePath, SpaceQuestion};
pub use surgery::{Change, Surgery, SurgeryQuestion, When};
pub use through_time::{PathNorms, Paths};
pub use units::UnitInfluence;

/// A model and the data that it is asked about.
pub struct Analysis {
    experiment: Experiment,
    /// As the experiment reads it; nothing where data are generated.
    dataset: Option<Dataset>,
    /// Made when it is first needed.
    material: Option<Material>,
    model: Sequential,
    /// The map of gradients that is being made.
    mapping: Option<felt::Mapping>,
    /// The influence that is being computed.
    weighing: Option<influence::Weighing>,
    /// The search that is under way.
    search: Option<contexts::Search>,
    /// Statistics of the present weights, while they are gathered.
    gathering: Option<statistics::Gathering>,
    /// Of the data; they do not depend on the weights.
    baselines: baselines::Baselines,
}

/// The experiment with a model that ends in probabilities where its own ends in logits; its weights are the same.
fn with_probabilities(experiment: &Experiment) -> Result<Experiment> {
    let mut made = experiment.clone();
    let Some(activation) = experiment.loss()?.activation_of_logits() else { return Ok(made) };
    let last =
        made.model.pointer_mut("/config/layers").and_then(Value::as_array_mut).and_then(|all| all.last_mut());
    let last = last.map(|last| match last["class_name"].as_str() {
        Some("TimeDistributed") => &mut last["config"]["layer"],
        _ => last,
    });
    // Without an activation of its own, as logits are; another layer than a Dense stays as it is.
    if let Some(last) = last.filter(|last| last["class_name"] == "Dense") {
        last["config"]["activation"] = activation.name().into();
    }
    Ok(made)
}

impl Analysis {
    /// The model of `experiment` with its first weights; `dataset` is the set that it names, generated data need none.
    ///
    /// # Errors
    /// If the model cannot be built, or the data set is not made for the experiment's reading.
    pub fn new(experiment: Experiment, dataset: Option<Dataset>) -> Result<Self> {
        let model = with_probabilities(&experiment)?.build_model()?;
        let (mapping, weighing, search, gathering) = (None, None, None, None);
        let baselines = baselines::Baselines::default();
        Ok(Self {
            experiment,
            dataset,
            material: None,
            model,
            mapping,
            weighing,
            search,
            gathering,
            baselines,
        })
    }

    /// Gives the model the weights in `bytes`: a checkpoint of a run of this experiment, or weights alone.
    ///
    /// # Errors
    /// If they are not the weights of this model; it is unchanged then.
    pub fn take_weights(&mut self, bytes: &[u8]) -> Result<()> {
        let mut parameters = self.model.parameters.clone();
        checkpoint::weights_of(bytes, &mut parameters)?;
        if parameters.values() != self.model.parameters.values() {
            self.gathering = None;
        }
        self.model.parameters = parameters;
        Ok(())
    }

    /// The model that is asked.
    pub fn model(&self) -> &Sequential {
        &self.model
    }

    /// The model, to be asked directly.
    pub fn model_mut(&mut self) -> &mut Sequential {
        &mut self.model
    }

    /// What the model computes at the words of a text, or at the timesteps of a sample that are not padding.
    ///
    /// # Errors
    /// If there is no word in the text, or no such sample.
    pub fn trace(&mut self, shown: &Shown) -> Result<TextTrace> {
        let placed = self.place(shown)?;
        let mut trace = trace(&mut self.model)?;
        let count = placed.kept.len();
        trace.cut(placed.kept);
        let note = match (&self.experiment.data.reading, shown) {
            (Reading::Words(words), Shown::Text { .. }) => note(&placed.tokens, count, words),
            _ => None,
        };
        let note = note.or(trace.note.take());
        let classes = self.classes_of(shown, trace.output.len())?;
        Ok(TextTrace { tokens: placed.tokens, trace, classes, note })
    }

    /// The names of the classes of what is shown; none where answers have no names.
    fn classes_of(&mut self, shown: &Shown, outputs: usize) -> Result<Vec<String>> {
        match shown {
            Shown::Text { .. } => Ok(self.dataset.as_ref().map_or(Vec::new(), |set| set.class_names.clone())),
            Shown::Sample { .. } => self.answer_names(outputs),
        }
    }

    /// What a class is called.
    fn class_name(&self, class: usize) -> String {
        let named = self.dataset.as_ref().and_then(|dataset| dataset.class_names.get(class));
        match (&self.experiment.data.task, named) {
            (Some(task), _) => task.answer(class as u32),
            (None, Some(name)) => name.clone(),
            (None, None) => class.to_string(),
        }
    }

    /// Whether the model masks the id 0, or numbers that are all 0.
    fn masks_padding(&self) -> bool {
        let of = |layer: &Value| match layer["class_name"].as_str() {
            Some("Embedding") => layer["config"]["mask_zero"] == true,
            Some("Masking") => layer["config"]["mask_value"].as_f64().unwrap_or(0.0) == 0.0,
            _ => false,
        };
        self.model.layers().iter().any(|layer| of(&layer.config()))
    }

    /// Puts what is shown into the model's input; the ids of the result are those that the model reads, if it reads
    /// ids.
    fn place(&mut self, shown: &Shown) -> Result<Placed> {
        match shown {
            Shown::Text { text } => {
                let dataset = self.dataset.as_ref();
                let dataset =
                    dataset.ok_or_else(|| Error::format("the experiment", "it does not read texts"))?;
                let placed = place_text(dataset, super::text::words_of(&self.experiment)?, text)?;
                let input = self.model.input_mut();
                input.set_ids(placed.ids.len(), 1);
                input.ids.copy_from_slice(&placed.ids);
                Ok(placed)
            }
            Shown::Sample { subset, index } => self.place_sample(*subset, *index),
        }
    }
}
