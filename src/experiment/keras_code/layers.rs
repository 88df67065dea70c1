//! From the layers of the code to Keras' JSON of a Sequential.

use serde_json::{Map, Value, json};

use super::known::Object;
use super::normal::{self, Namer};
use super::reader::Draft;
use super::{Mistake, Note};
use crate::Error;
use crate::experiment::Experiment;

/// A model and the line of each entry of its list of layers.
pub(super) struct Model {
    pub json: Value,
    pub lines: Vec<usize>,
}

/// Keys by which a first layer says what it reads.
const INPUT: [&str; 7] =
    ["shape", "batch_shape", "batch_size", "input_shape", "batch_input_shape", "input_dim", "input_length"];

/// Options that this engine does not have and a model can do without: they are left out with a note.
const LEFT_OUT: [&str; 3] = ["_regularizer", "_constraint", "weights"];

/// The model that the draft says; `batch_size` is that of the training.
pub(super) fn model(
    draft: &Draft,
    start: &Experiment,
    batch_size: usize,
    notes: &mut Vec<Note>,
) -> Result<Model, Mistake> {
    let (mut layers, mut lines, mut namer) = (Vec::new(), Vec::new(), Namer::default());
    let mut axes = None;
    for object in &draft.layers {
        let mut object = object.clone();
        leave_out(&mut object, notes);
        check_known(&mut object, layers.is_empty() && axes.is_none(), notes)?;
        let found = take_axes(&mut object.config, object.class.name);
        if layers.is_empty() {
            axes = axes.or(found);
        }
        if object.class.name == "InputLayer" {
            continue;
        }
        let given = object.config.get("name").and_then(Value::as_str);
        let name = namer.next(object.class.name, given);
        let mut layer = object.to_json();
        if name != normal::own_name(&layer) {
            layer["config"]["name"] = name.into();
        }
        normal::complete_layer(&layer).map_err(|e| mistake(&e, object.class.name, object.line))?;
        layers.push(layer);
        lines.push(object.line);
    }
    let first = layers.first().map_or("", |layer| layer["class_name"].as_str().unwrap_or_default());
    if axes.is_none() && first != "Embedding" {
        axes = Some(axes_of_data(start, draft, lines.first().copied().unwrap_or(draft.line), notes)?);
    }
    if let Some(mut axes) = axes {
        // A batch size that Keras needs for layers that keep their states; here `fit` has it.
        let fixed = normal::complete(&start.model).is_ok_and(|model| {
            model.pointer("/config/layers/0/config/batch_shape/0").is_some_and(Value::is_u64)
        });
        if !fixed && axes.first().and_then(Value::as_u64) == Some(batch_size as u64) {
            axes[0] = Value::Null;
        }
        layers.insert(0, json!({ "class_name": "InputLayer", "config": { "batch_shape": axes } }));
        lines.insert(0, draft.line);
    }
    let mut config = Map::new();
    config.extend(draft.name.as_ref().map(|name| ("name".to_owned(), json!(name))));
    config.insert("layers".into(), layers.into());
    let json = json!({ "class_name": "Sequential", "config": config });
    if let Err(error) = normal::complete(&json) {
        let (k, name) = place(&error, &json);
        return Err(mistake(&error, &name, lines.get(k).copied().unwrap_or(draft.line)));
    }
    Ok(Model { json: normal::keep_equal(&start.model, json), lines })
}

/// Takes out, with a note, what the model can do without.
fn leave_out(object: &mut Object, notes: &mut Vec<Note>) {
    let of_keras_1 = if object.class.name == "Embedding" { "dropout" } else { "" };
    let is_left_out = |key: &str| key == of_keras_1 || LEFT_OUT.iter().any(|end| key.ends_with(end));
    let line = object.line;
    let mut note = |key: &str| {
        let text =
            format!("`{key}` is left out: this engine does not have it, so the model is trained without");
        notes.push(Note { line, text });
    };
    object.unknown.retain(|(key, _)| {
        let left_out = is_left_out(key);
        if left_out {
            note(key);
        }
        !left_out
    });
    leave_out_of(&mut object.config, &mut |config| {
        let keys: Vec<String> = config.keys().filter(|key| is_left_out(key)).cloned().collect();
        for key in keys {
            if config.shift_remove(&key).is_some_and(|value| !value.is_null()) {
                note(&key);
            }
        }
    });
}

/// Calls `each` with the options of a layer and of those inside of it.
fn leave_out_of(config: &mut Map<String, Value>, each: &mut dyn FnMut(&mut Map<String, Value>)) {
    each(config);
    for key in ["layer", "backward_layer"] {
        if let Some(inner) = config.get_mut(key).and_then(|layer| layer["config"].as_object_mut()) {
            leave_out_of(inner, each);
        }
    }
}

/// Every option must be known, but for the shape of the input, which the data have too.
fn check_known(object: &mut Object, is_first: bool, notes: &mut Vec<Note>) -> Result<(), Mistake> {
    for (key, note) in std::mem::take(&mut object.unknown) {
        if !INPUT.contains(&key.as_str()) || (key == "input_dim" && object.class.name == "Embedding") {
            return Err(Mistake::new(note.line, note.text));
        }
        if is_first {
            let text = format!("`{key}` has no value in this code; the shape of the data is taken");
            notes.push(Note { line: note.line, text });
        }
    }
    Ok(())
}

/// Takes the shape of the input, batch first, out of the options of a layer.
fn take_axes(config: &mut Map<String, Value>, class: &str) -> Option<Vec<Value>> {
    let mut inner = None;
    if let Some(layer) = config.get_mut("layer") {
        let class = layer["class_name"].as_str().unwrap_or_default().to_owned();
        inner = layer["config"].as_object_mut().and_then(|config| take_axes(config, &class));
    }
    let mut take = |key: &str| config.shift_remove(key).filter(|value| !value.is_null());
    let batch = if class == "Dense" { None } else { take("batch_size") };
    let list = |value: Value| match value {
        Value::Array(axes) => axes,
        size => vec![size],
    };
    let whole = take("batch_shape").or(take("batch_input_shape")).map(list);
    let sample = take("shape").or(take("input_shape")).map(list);
    let (length, features) = match class {
        // Here they are options of the layer itself.
        "Embedding" => (None, None),
        _ => (take("input_length"), take("input_dim")),
    };
    let is_flat = ["Dense", "Activation", "RepeatVector"].contains(&class) && length.is_none();
    let features = features.map(|features| match is_flat {
        true => vec![features],
        false => vec![length.unwrap_or_default(), features],
    });
    let with_batch = |axes: Vec<Value>| [batch.unwrap_or_default()].into_iter().chain(axes).collect();
    whole.or(sample.or(features).map(with_batch)).or(inner)
}

/// The shape of the input that the experiment had.
fn axes_of_data(
    start: &Experiment,
    draft: &Draft,
    line: usize,
    notes: &mut Vec<Note>,
) -> Result<Vec<Value>, Mistake> {
    let axes = normal::complete(&start.model)
        .ok()
        .and_then(|model| model.pointer("/config/layers/0/config/batch_shape")?.as_array().cloned())
        .filter(|axes| axes.len() > 2 || draft.layers.iter().any(|layer| layer.class.name == "InputLayer"));
    let Some(axes) = axes else {
        let text = "say what the first layer reads: Input(shape=(timesteps, features)) in front of it, or an \
                    Embedding for words";
        return Err(Mistake::new(line, text));
    };
    let text = format!("the input has the shape of the data, {}", Value::from(axes.clone()));
    notes.push(Note { line, text });
    Ok(axes)
}

/// Which entry of the list of layers an error is about, and the name of its class.
fn place(error: &Error, model: &Value) -> (usize, String) {
    let layers = model.pointer("/config/layers").and_then(Value::as_array).cloned().unwrap_or_default();
    let field = match error {
        Error::Config { field, .. } => field.as_str(),
        Error::Shape { what, .. } | Error::Value { what, .. } => what.as_str(),
        _ => "",
    };
    let by_index = field.strip_prefix("layers[").and_then(|rest| rest.split(']').next()?.parse().ok());
    let is_named = |layer: &Value| {
        let name = normal::own_name(layer);
        !name.is_empty() && field.split(['/', '.']).next() == Some(&name)
    };
    let k = by_index.or_else(|| layers.iter().position(is_named)).unwrap_or(0);
    let class = layers.get(k).and_then(|layer| layer["class_name"].as_str());
    (k, class.unwrap_or("Sequential").to_owned())
}

/// An error about a layer in the words of the code.
fn mistake(error: &Error, class: &str, line: usize) -> Mistake {
    let text = match error {
        Error::Config { field, expected, found } => {
            let key = field.rsplit('.').next().unwrap_or(field);
            let remedy = match expected.starts_with("a sequence") {
                true => "; write return_sequences=True in the recurrent layer before",
                false => "",
            };
            format!("`{key}` of {class} must be {expected}, found {found}{remedy}")
        }
        other => other.to_string(),
    };
    Mistake::new(line, text)
}
