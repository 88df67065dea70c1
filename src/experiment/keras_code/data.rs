//! What code that prepares data says of how they are read.

use serde_json::Value;

use super::known::Known;
use super::reader::{Call, Reader};
use super::{Mistake, Note};
use crate::data::Side;
use crate::experiment::{Experiment, Reading, Words};

/// The sizes that `load_data` and `pad_sequences` are given.
#[derive(Default)]
struct Sizes {
    num_words: Option<usize>,
    /// `load_data(maxlen=…)`: longer texts are dropped.
    below: Option<usize>,
    /// `pad_sequences(maxlen=…)`: longer texts are cut.
    maxlen: Option<usize>,
    /// Whether texts are padded, and where.
    sides: Option<(Side, Side)>,
    line: usize,
}

/// Sets the reading of `experiment`, whose model is the new one, as the code says.
pub(super) fn set_reading(reader: &mut Reader, experiment: &mut Experiment) -> Result<(), Mistake> {
    let calls = std::mem::take(&mut reader.data);
    let sizes = sizes(&calls, experiment, &mut reader.notes)?;
    let first = first_layer(&experiment.model);
    let ids = first["class_name"] == "Embedding";
    experiment.data.reading = match (experiment.data.reading.clone(), ids) {
        (Reading::Words(words), true) => Reading::Words(with_sizes(words, &sizes)),
        (Reading::Numbers { .. }, true) => match (sizes.num_words, sizes.maxlen) {
            (Some(num_words), Some(maxlen)) => Reading::Words(with_sizes(words(num_words, maxlen), &sizes)),
            _ => experiment.data.reading.clone(),
        },
        (Reading::Numbers { .. } | Reading::Words(_), false) if sizes.below.is_some() => {
            Reading::Numbers { below: sizes.below.unwrap_or(2).max(2) }
        }
        (other, _) => {
            if sizes.line > 0 {
                let text =
                    "these sizes do not belong to the data of this experiment, which are read as before";
                reader.notes.push(Note { line: sizes.line, text: text.into() });
            }
            other
        }
    };
    fit_model(experiment, &sizes, &first, &mut reader.notes);
    Ok(())
}

fn words(num_words: usize, maxlen: usize) -> Words {
    Words { num_words, maxlen, padding: Side::Pre, truncating: Side::Pre, oov: true, start: true }
}

fn with_sizes(mut words: Words, sizes: &Sizes) -> Words {
    words.num_words = sizes.num_words.unwrap_or(words.num_words);
    words.maxlen = sizes.maxlen.unwrap_or(words.maxlen);
    (words.padding, words.truncating) = sizes.sides.unwrap_or((words.padding, words.truncating));
    words
}

fn sizes(calls: &[(String, Call)], experiment: &Experiment, notes: &mut Vec<Note>) -> Result<Sizes, Mistake> {
    let mut sizes = Sizes::default();
    for (name, call) in calls {
        sizes.line = call.line;
        let set = name.rsplit('.').nth(1).unwrap_or_default();
        if name.ends_with("load_data") {
            if !set.is_empty() && !experiment.data.set.starts_with(set) {
                let own = &experiment.data.set;
                let text =
                    format!("the code loads `{set}`; the data stay `{own}` until other data are chosen");
                notes.push(Note { line: call.line, text });
            }
            sizes.num_words = size(call, &["num_words", "nb_words"])?.or(sizes.num_words);
            sizes.below = size(call, &["maxlen"])?.or(sizes.below);
        } else {
            sizes.maxlen = size(call, &["maxlen"])?.or(sizes.maxlen);
            sizes.sides = Some((side(call, "padding"), side(call, "truncating")));
        }
    }
    Ok(sizes)
}

fn size(call: &Call, names: &[&str]) -> Result<Option<usize>, Mistake> {
    let Some((known, line)) = names.iter().find_map(|name| call.get(name)) else { return Ok(None) };
    match known {
        Known::Constant(Value::Null) => Ok(None),
        Known::Constant(value) if value.as_u64().is_some_and(|size| size > 0) => {
            Ok(value.as_u64().map(|size| size as usize))
        }
        other => {
            let text =
                format!("`{}` must be a whole number, found {}; write the number", names[0], other.shown());
            Err(Mistake::new(line, text))
        }
    }
}

/// Keras' default is in front.
fn side(call: &Call, name: &str) -> Side {
    match call.get(name) {
        Some((Known::Constant(side), _)) if side == "post" => Side::Post,
        _ => Side::Pre,
    }
}

/// Sizes that the code does not say follow from the model where they can.
fn fit_model(experiment: &mut Experiment, sizes: &Sizes, first: &Value, notes: &mut Vec<Note>) {
    let line = sizes.line.max(1);
    let mut note = |text: String| notes.push(Note { line, text });
    let rows = first.pointer("/config/input_dim").and_then(Value::as_u64).map(|rows| rows as usize);
    let timesteps = timesteps(&experiment.model);
    let stateful = is_stateful(&experiment.model);
    match &mut experiment.data.reading {
        Reading::Words(Words { num_words, .. })
        | Reading::WordIds { num_words, .. }
        | Reading::WordPairs { num_words } => {
            if let Some(rows) = rows.filter(|rows| *rows < *num_words && sizes.num_words.is_none()) {
                *num_words = rows;
                note(format!("{rows} words are kept, as many as the Embedding has rows"));
            }
        }
        _ => {}
    }
    match (&mut experiment.data.reading, timesteps) {
        (Reading::Words(Words { maxlen: length, .. }), Some(steps))
            if sizes.maxlen.is_none() && *length != steps =>
        {
            *length = steps;
            note(format!("texts have {steps} timesteps, as the model reads them"));
        }
        (
            Reading::Characters { timesteps: length, .. } | Reading::WordIds { timesteps: length, .. },
            Some(steps),
        ) if *length != steps => {
            *length = steps;
            note(format!("windows have {steps} timesteps, as the model reads them"));
        }
        (Reading::Numbers { below }, Some(steps)) if sizes.below.is_none() && *below != steps + 1 => {
            *below = steps + 1;
            note(format!("texts of up to {steps} words are kept, as the model reads them"));
        }
        _ => {}
    }
    match &mut experiment.data.reading {
        Reading::Characters { stateful: carried, .. } | Reading::WordIds { stateful: carried, .. }
            if *carried != stateful =>
        {
            *carried = stateful;
            let how = if stateful { "goes on" } else { "does not go on" };
            note(format!("a batch {how} where the one before it ended, as the layers have it (`stateful`)"));
        }
        _ => {}
    }
}

/// The first layer that is no input layer.
pub(super) fn first_layer(model: &Value) -> Value {
    let layers = model.pointer("/config/layers").and_then(Value::as_array);
    let found = layers.into_iter().flatten().find(|layer| layer["class_name"] != "InputLayer");
    found.cloned().unwrap_or_default()
}

/// The timesteps that the model reads, if it says so.
fn timesteps(model: &Value) -> Option<usize> {
    let layers = model.pointer("/config/layers").and_then(Value::as_array)?;
    let axes = layers.first().and_then(|layer| layer.pointer("/config/batch_shape")?.as_array());
    let length = layers.first().and_then(|layer| layer.pointer("/config/input_length"));
    axes.and_then(|axes| axes.get(1)).or(length)?.as_u64().map(|steps| steps as usize)
}

fn is_stateful(model: &Value) -> bool {
    let layers = model.pointer("/config/layers").and_then(Value::as_array);
    let says = |layer: &Value| {
        layer.pointer("/config/stateful") == Some(&true.into())
            || layer.pointer("/config/layer/config/stateful") == Some(&true.into())
    };
    layers.into_iter().flatten().any(says)
}
