//! What stands in front of a model, and its layers without what belongs to the data of before.

use serde_json::Value;

use super::{Moving, config_mut, is, probed, same_kind};
use crate::data::Side;
use crate::experiment::{Experiment, Reading};
use crate::model::with_separators;

/// Keys with which a layer says what enters the model.
const INPUT_KEYS: [&str; 4] = ["batch_shape", "batch_input_shape", "input_shape", "input_length"];

/// How many layers declare the input or look ids up.
fn input_count(layers: &[Value]) -> usize {
    layers.iter().take_while(|layer| is(layer, "InputLayer") || is(layer, "Embedding")).count()
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Pre => "pre",
        Side::Post => "post",
    }
}

impl Moving {
    /// What stands in front: declared and looked up as `own` does it, with the Embedding of `present`.
    pub(super) fn input_layers(&mut self, present: &Experiment, own: &Experiment) -> Vec<Value> {
        let like = if same_kind(&self.data.reading, &own.data.reading) { own } else { present };
        let (theirs, ours) = (like.layers(), present.layers());
        let table = ours[..input_count(&ours)].iter().find(|layer| is(layer, "Embedding"));
        let needed = theirs[..input_count(&theirs)].iter().any(|layer| is(layer, "Embedding"));
        match (table, needed) {
            (None, true) => self.say("an Embedding in front, since these data are ids"),
            (Some(_), false) => self.say("no Embedding in front, since these data are numbers"),
            _ => {}
        }
        let timesteps = self.data.reading.timesteps();
        let mut layers: Vec<Value> = theirs[..input_count(&theirs)].to_vec();
        for layer in &mut layers {
            let declared = layer["config"].get("batch_shape").is_some();
            if let (true, Some(length)) =
                (declared, timesteps.filter(|_| layer["config"]["batch_shape"][1].is_u64()))
            {
                layer["config"]["batch_shape"][1] = length.into();
            }
            if is(layer, "Embedding") {
                *layer = self.embedding(table.unwrap_or(layer), layer);
                if let (Some(length), true) = (timesteps, layer["config"].get("input_length").is_some()) {
                    layer["config"]["input_length"] = length.into();
                }
            }
        }
        self.say_length(present);
        layers
    }

    /// `table` with as many rows as `own` has ids, with its length and its mask.
    fn embedding(&mut self, table: &Value, own: &Value) -> Value {
        let mut made = table.clone();
        let rows = match &self.data.reading {
            Reading::Words(words) => words.num_words.into(),
            _ => own["config"]["input_dim"].clone(),
        };
        if table["config"]["input_dim"] != rows {
            let said = with_separators(rows.as_u64().unwrap_or(0) as usize);
            self.say(format!("an Embedding with input_dim {said}, one row for each id"));
            made["config"]["input_dim"] = rows;
        }
        let masks = |layer: &Value| layer["config"]["mask_zero"] == true;
        // Where ids are no words, id 0 is a symbol or padding as the data have it.
        if !matches!(self.data.reading, Reading::Words(_)) && masks(table) != masks(own) {
            let (value, why) = match masks(own) {
                true => ("True", "id 0 is padding here"),
                false => ("False", "id 0 is a symbol here"),
            };
            self.say(format!("mask_zero {value}, since {why}"));
            made["config"]["mask_zero"] = masks(own).into();
        }
        if let Some(config) = made["config"].as_object_mut() {
            INPUT_KEYS.iter().for_each(|key| drop(config.remove(*key)));
            for key in INPUT_KEYS {
                if let Some(value) = own["config"].get(key) {
                    config.insert(key.to_owned(), value.clone());
                }
            }
        }
        made
    }

    fn say_length(&mut self, present: &Experiment) {
        let (before, after) = (present.data.reading.clone(), self.data.reading.clone());
        if before == after {
            return;
        }
        match (&before, &after) {
            (Reading::Words(old), Reading::Words(new)) => {
                let mut said = Vec::new();
                if old.maxlen != new.maxlen {
                    said.push(format!("maxlen {}", new.maxlen));
                }
                if old.padding != new.padding {
                    said.push(format!("padding {}", side(new.padding)));
                }
                if old.truncating != new.truncating {
                    said.push(format!("truncating {}", side(new.truncating)));
                }
                if !said.is_empty() {
                    self.say(format!("{}, as these texts are read", said.join(" and ")));
                }
            }
            _ => {
                if let (Some(length), true) = (after.timesteps(), after.timesteps() != before.timesteps()) {
                    self.say(format!("{} timesteps", with_separators(length)));
                }
            }
        }
    }

    /// The layers behind the input, without what belongs to the data of before.
    pub(super) fn body(&mut self, present: &Experiment, own: &Experiment) -> Vec<Value> {
        let ours = present.layers();
        let mut body = ours[input_count(&ours)..].to_vec();
        let carries = matches!(
            self.data.reading,
            Reading::Characters { stateful: true, .. } | Reading::WordIds { stateful: true, .. }
        );
        if !carries && present.is_stateful() {
            self.say("stateful False, since a batch does not go on where the one before ended");
        }
        for layer in &mut body {
            if let Some(config) = layer["config"].as_object_mut() {
                INPUT_KEYS.iter().for_each(|key| drop(config.remove(*key)));
            }
            if let (false, Some(config)) = (carries, config_mut(layer).as_object_mut()) {
                config.remove("stateful");
            }
        }
        let length = probed(own, &own.layers()).ok().and_then(|model| model.output_shape().timesteps());
        if let (Some(length), Some(repeat)) =
            (length, body.iter_mut().find(|layer| is(layer, "RepeatVector")))
            && repeat["config"]["n"] != length
        {
            repeat["config"]["n"] = length.into();
            self.say(format!("n of RepeatVector {length}, one for each answer"));
        }
        body
    }
}
