//! The answers of a model on other data: how many numbers, with which activation and loss, and at which timesteps.

use serde_json::{Value, json};

use super::{Misfit, Moving, config_mut, config_of, is, probed};
use crate::experiment::survey::returning_sequences;
use crate::experiment::{Compile, Experiment};
use crate::layers::Shape;
use crate::model::{Sequential, with_separators};

/// The last layers of a model: a Dense layer, and Activation layers behind it.
struct End {
    dense: usize,
    activation: Option<usize>,
}

impl End {
    fn of(layers: &[Value]) -> Option<Self> {
        let is_dense = |layer: &Value| {
            layer.pointer("/config/layer/class_name").unwrap_or(&layer["class_name"]) == "Dense"
        };
        let dense = layers.iter().rposition(is_dense)?;
        let behind = &layers[dense + 1..];
        let activation = (!behind.is_empty()).then_some(layers.len() - 1);
        behind.iter().all(|layer| is(layer, "Activation")).then_some(Self { dense, activation })
    }

    /// The activation of the answers.
    fn activation(&self, layers: &[Value]) -> String {
        let place = config_of(&layers[self.activation.unwrap_or(self.dense)]);
        place.get("activation").and_then(Value::as_str).unwrap_or("linear").to_owned()
    }
}

impl Moving {
    /// Units, activation and loss of the last layer, as `own` has them.
    pub(super) fn answers(&mut self, experiment: &mut Experiment, own: &Experiment) -> Result<(), Misfit> {
        let (mut layers, theirs) = (experiment.layers(), own.layers());
        let (Some(end), Some(own_end)) = (End::of(&layers), End::of(&theirs)) else {
            let last = layers.last().and_then(|layer| layer["class_name"].as_str()).unwrap_or("no layer");
            return Err(Misfit::NoDense { last: last.to_owned() });
        };
        let units = config_of(&theirs[own_end.dense])["units"].clone();
        let before = (config_of(&layers[end.dense])["units"].clone(), end.activation(&layers));
        if before.0 == units && experiment.compile.loss == own.compile.loss {
            return Ok(());
        }
        let from_logits = experiment.compile.from_logits && own.compile.loss.ends_with("crossentropy");
        let name = match own.compile.loss.as_str() {
            _ if from_logits => "linear".to_owned(),
            "binary_crossentropy" => "sigmoid".to_owned(),
            "sparse_categorical_crossentropy" | "categorical_crossentropy" => "softmax".to_owned(),
            _ => own_end.activation(&theirs),
        };
        config_mut(&mut layers[end.dense])["units"] = units.clone();
        config_mut(&mut layers[end.activation.unwrap_or(end.dense)])["activation"] = json!(name);
        if before != (units.clone(), name.clone()) {
            let units = units.as_u64().unwrap_or(0) as usize;
            let each = match own.compile.loss.as_str() {
                "binary_crossentropy" => "one for a yes or no",
                "mean_squared_error" => "one for each number asked for",
                _ => "one for each class",
            };
            self.say(format!("Dense with units {} ({each}) and activation {name}", with_separators(units)));
        }
        if experiment.compile.loss != own.compile.loss {
            self.say(format!("the loss {}", own.compile.loss));
        }
        let compile = experiment.compile.clone();
        experiment.compile = Compile { loss: own.compile.loss.clone(), from_logits, ..compile };
        experiment.model = experiment.model_of(&layers);
        Ok(())
    }

    /// One answer for a sample, or one at each timestep, by the last recurrent layer that can turn from one to the
    /// other.
    pub(super) fn returns(&mut self, experiment: &mut Experiment, own: &Experiment) -> Result<(), Misfit> {
        let layers = experiment.layers();
        let (Ok(here), Ok(there)) = (probed(experiment, &layers), probed(own, &own.layers())) else {
            return Ok(());
        };
        let is_flat = |model: &Sequential| matches!(model.output_shape(), Shape::Flat { .. });
        if is_flat(&here) == is_flat(&there) {
            return Ok(());
        }
        let wanted = !is_flat(&there);
        let Some((at, mend)) = (0..layers.len())
            .rev()
            .find_map(|k| returning_sequences(&layers, k, wanted).map(|mend| (k, mend)))
        else {
            return Ok(());
        };
        let mut document = json!({ "model": experiment.model });
        let parent = mend.pointer.trim_end_matches("/return_sequences").to_owned();
        if let Some(Value::Object(config)) = document.pointer_mut(&parent) {
            config.insert("return_sequences".to_owned(), wanted.into());
        }
        let turned = document["model"]["config"]["layers"].as_array().cloned().unwrap_or_default();
        if !probed(experiment, &turned).is_ok_and(|model| is_flat(&model) == is_flat(&there)) {
            return Ok(());
        }
        experiment.model = experiment.model_of(&turned);
        let class = layers[at]["class_name"].as_str().unwrap_or_default().to_owned();
        self.say(match wanted {
            true => format!("return_sequences of {class} True, since every timestep has an answer"),
            false => format!("return_sequences of {class} False, since a sample has one answer"),
        });
        Ok(())
    }
}
