//! The model of one experiment on the data of another: layers, options and optimizer stay, what the data decide
//! changes.

mod answers;
mod input;

use std::fmt;

use serde::Serialize;
use serde_json::{Value, json};

use super::fit::Fit;
use super::sets::{SETS, SetFacts};
use super::tasks::Input;
use super::{Data, Experiment, Reading, TASK, Validation};
use crate::layers::Shape;
use crate::model::{Sequential, with_separators};

/// A model on other data.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// The experiment on the other data.
    pub experiment: Experiment,
    /// What the data changed in it and why, each as a part of a sentence; empty where nothing had to change.
    pub changes: Vec<String>,
}

/// What comes of an experiment for which other data are chosen.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct OnOtherData {
    /// The experiment on the other data: with the model of before where it fits, else the one that these data begin
    /// with.
    pub experiment: Experiment,
    /// Whether the model of before fits.
    pub fits: bool,
    /// What was changed in the model, or what of it does not fit; empty where nothing changed.
    pub sentence: String,
}

/// Why a model does not fit other data; [`fmt::Display`] gives the rest of a sentence that begins with the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misfit {
    /// Behind the last layer with an activation of its own there is no Dense layer that could follow the answers.
    NoDense {
        /// Keras' class of the last layer.
        last: String,
    },
    /// The layers between input and answer make another shape of the answer than the data have.
    Answer {
        /// What the model gives.
        gives: Shape,
        /// What the data need.
        needs: Shape,
    },
    /// A layer cannot follow with these data.
    Layer {
        /// Why, without its full stop.
        message: String,
    },
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answers = |shape: &Shape| match shape {
            Shape::Flat { features } => format!("one answer of {} for each sample", numbers(*features)),
            Shape::Ids { timesteps } => at_timesteps(*timesteps, 1),
            Shape::Sequence { timesteps, features } => at_timesteps(*timesteps, *features),
        };
        match self {
            Self::NoDense { last } => {
                write!(f, "ends with {last}; a Dense layer is needed, whose units are the answers")
            }
            Self::Answer { gives, needs } => {
                write!(f, "gives {}; these data need {}", answers(gives), answers(needs))
            }
            Self::Layer { message } => write!(f, "has a layer that cannot follow: {message}"),
        }
    }
}

fn numbers(features: usize) -> String {
    format!("{} {}", with_separators(features), if features == 1 { "number" } else { "numbers" })
}

fn at_timesteps(timesteps: Option<usize>, features: usize) -> String {
    let where_ = timesteps.map_or("every timestep".to_owned(), |count| format!("each of {count} timesteps"));
    format!("an answer of {} at {where_}", numbers(features))
}

/// A length for models that read sequences of any length, while two of them are compared.
const PROBE: usize = 96;

impl Experiment {
    /// Whether every layer is an object, and what it says of itself and of a layer inside of it one too.
    fn has_layers_of_objects(&self) -> bool {
        fn is_object(layer: &Value) -> bool {
            let inner = |config: &Value| config.get("layer").is_none_or(is_object);
            let says = |config: &Value| config.is_null() || (config.is_object() && inner(config));
            layer.is_object() && layer.get("config").is_none_or(says)
        }
        self.layers().iter().all(is_object)
    }

    /// This experiment's model on the data of `own`, the experiment that those data begin with. Layers, options,
    /// optimizer and training stay; vocabulary, length, last layer and loss follow the data.
    ///
    /// # Errors
    /// What of the model does not fit these data.
    pub fn moved_to(&self, own: &Self) -> Result<Moved, Misfit> {
        if !self.has_layers_of_objects() {
            let error = Sequential::with_zero_weights(&self.model.to_string()).err();
            let message = error.map_or("a layer is no object of JSON".to_owned(), |error| error.to_string());
            return Err(Misfit::Layer { message });
        }
        let mut moving = Moving { changes: Vec::new(), data: self.data_like(own) };
        let same_subject = self.subject() == own.subject();
        let mut layers = moving.input_layers(self, own);
        layers.extend(moving.body(self, own));
        let mut experiment = Self {
            title: format!("{}, with your model", own.topic()),
            about: String::new(),
            tutorial: None,
            data: moving.data.clone(),
            model: self.model.clone(),
            compile: self.compile.clone(),
            fit: moving.fit(self, own, same_subject),
            weights: self.weights.clone(),
            printed: None,
            measured: Vec::new(),
        };
        experiment.model = self.model_of(&layers);
        if !same_subject {
            moving.answers(&mut experiment, own)?;
        }
        moving.returns(&mut experiment, own)?;
        moving.check(&experiment, own)?;
        if experiment.model != self.model {
            experiment.weights = None;
        }
        let (same, wanted) = (&experiment, own);
        let is_own = same.data == wanted.data
            && same.model == wanted.model
            && same.compile == wanted.compile
            && same.fit == wanted.fit;
        let experiment = if is_own { own.clone() } else { experiment };
        Ok(Moved { experiment, changes: moving.changes })
    }

    /// [`Self::moved_to`], or `own` itself with the reason.
    pub fn on_other_data(&self, own: &Self) -> OnOtherData {
        let topic = own.topic();
        match self.moved_to(own) {
            Ok(Moved { experiment, changes }) => {
                let sentence = match changes.is_empty() {
                    true => String::new(),
                    false => format!("Your model is kept. For “{topic}” it has now: {}.", changes.join("; ")),
                };
                OnOtherData { experiment, fits: true, sentence }
            }
            Err(misfit) => OnOtherData {
                experiment: own.clone(),
                fits: false,
                sentence: format!("Your model does not fit “{topic}”: it {misfit}."),
            },
        }
    }

    /// The data of `own`, read as there, or as here where this reading fits them: another size of the same texts, or
    /// words where the model reads words.
    fn data_like(&self, own: &Self) -> Data {
        let mut data = own.data.clone();
        let same_subject = self.subject() == own.subject();
        let (here, there) = (&self.data.reading, &own.data.reading);
        let texts = |reading: &Reading| matches!(reading, Reading::Words(_) | Reading::Numbers { .. });
        if (same_subject && (same_kind(here, there) || texts(here) && texts(there)))
            || matches!((here, there), (Reading::Words(_), Reading::Numbers { .. }))
        {
            data.reading = here.clone();
            if same_subject {
                data.limit = self.data.limit;
            }
            if let (Reading::Words(words), Some(set)) = (&mut data.reading, facts(&own.data.set)) {
                words.num_words = words.num_words.min(set.vocabulary);
            }
        }
        // A share of the training samples is there always, the test part where the data have one.
        if matches!(self.data.validation, Validation::Share(_)) {
            data.validation = self.data.validation;
        }
        if let Reading::Characters { stateful, .. } | Reading::WordIds { stateful, .. } = &mut data.reading {
            *stateful = *stateful && self.is_stateful();
        }
        data
    }

    /// Sets of one subject differ in size alone.
    fn subject(&self) -> String {
        match (facts(&self.data.set), &self.data.task, &self.data.file) {
            (Some(set), ..) => set.subject.to_owned(),
            (_, Some(task), _) => format!("{TASK} {}", task.name()),
            (.., Some(file)) => file.hash.clone(),
            _ => self.title.clone(),
        }
    }

    /// What an experiment is about, without its network: the title up to the first comma.
    fn topic(&self) -> &str {
        self.title.split(',').next().unwrap_or(&self.title)
    }

    fn is_stateful(&self) -> bool {
        self.layers().iter().any(|layer| config_of(layer)["stateful"] == true)
    }
}

fn same_kind(one: &Reading, other: &Reading) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

fn facts(set: &str) -> Option<&'static SetFacts> {
    SETS.iter().find(|known| known.name == set)
}

/// The options of a layer, of the one inside where it is a wrapper.
fn config_of(layer: &Value) -> &Value {
    layer.pointer("/config/layer/config").unwrap_or(&layer["config"])
}

fn config_mut(layer: &mut Value) -> &mut Value {
    let inside = layer.pointer("/config/layer/config").is_some();
    if inside { &mut layer["config"]["layer"]["config"] } else { &mut layer["config"] }
}

fn is(layer: &Value, class: &str) -> bool {
    layer["class_name"] == class
}

/// A model on its way to other data.
struct Moving {
    changes: Vec<String>,
    data: Data,
}

impl Moving {
    fn say(&mut self, change: impl Into<String>) {
        self.changes.push(change.into());
    }

    fn fit(&mut self, present: &Experiment, own: &Experiment, same_subject: bool) -> Fit {
        let mut fit = present.fit.clone();
        if !same_subject && !fit.class_weight.is_empty() {
            fit.class_weight.clear();
            self.say("no class_weight, since the classes are others");
        }
        let streams = |data: &Data| {
            matches!(
                data.reading,
                Reading::Characters { stateful: true, .. } | Reading::WordIds { stateful: true, .. }
            )
        };
        if streams(&present.data) != streams(&self.data) && fit.shuffle == streams(&self.data) {
            fit.shuffle = !fit.shuffle;
            let value = if fit.shuffle { "True" } else { "False" };
            self.say(format!("shuffle {value}"));
        }
        let judges_answers = own.compile.loss.ends_with("crossentropy");
        if let (false, Some(stopping)) = (judges_answers, &mut fit.early_stopping) {
            let watched = stopping["monitor"].as_str().unwrap_or_default();
            if watched.ends_with("accuracy") {
                stopping["monitor"] = json!("val_loss");
                stopping["mode"] = json!("auto");
                self.say("monitor of EarlyStopping val_loss, since numbers have no accuracy");
            }
        }
        fit
    }

    /// Whether the model that came out can be trained on these data.
    fn check(&self, experiment: &Experiment, own: &Experiment) -> Result<(), Misfit> {
        let fault = |message: String| Misfit::Layer { message };
        if let Some(trouble) = experiment.survey().trouble {
            return Err(fault(trouble.message));
        }
        let here = probed(experiment, &experiment.layers()).map_err(|error| fault(error.to_string()))?;
        let there = probed(own, &own.layers()).map_err(|error| fault(error.to_string()))?;
        let (gives, needs) = (here.output_shape(), there.output_shape());
        if gives != needs {
            return Err(Misfit::Answer { gives, needs });
        }
        Ok(())
    }
}

/// The model of `layers` for sequences of a fixed length, with weights that are zero.
fn probed(experiment: &Experiment, layers: &[Value]) -> crate::Result<Sequential> {
    let mut layers = layers.to_vec();
    let form = experiment.data.task.as_ref().map(|task| match task.form().input {
        Input::Ids { timesteps, .. } | Input::Numbers { timesteps, .. } => timesteps,
    });
    let length = form.or(experiment.data.reading.timesteps()).unwrap_or(PROBE);
    let declared = layers.first().is_some_and(|layer| is(layer, "InputLayer"));
    if !declared {
        layers.insert(0, json!({ "class_name": "InputLayer", "config": { "batch_shape": [null, length] } }));
    }
    if let Some(open) = layers[0].pointer_mut("/config/batch_shape/1").filter(|length| length.is_null()) {
        *open = length.into();
    }
    Sequential::with_zero_weights(&experiment.model_of(&layers).to_string())
}
