//! From `compile` and `fit` to a whole experiment.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::classes::{self, Role};
use super::data;
use super::known::Known;
use super::layers;
use super::normal;
use super::reader::{Call, Draft, Reader};
use super::{Mistake, Note, ReadCode};
use crate::Error;
use crate::experiment::tasks::Output;
use crate::experiment::{Compile, Experiment, Fit, Validation};
use crate::layers::snake_case;
use crate::ordering::sort_by_key;
use crate::train::{EarlyStopping, Loss};

type Read<T> = Result<T, Mistake>;

/// The experiment that was read.
pub(super) fn assemble(mut reader: Reader, start: &Experiment) -> Read<ReadCode> {
    let with_layers = reader.models.iter().filter(|draft| !draft.layers.is_empty()).count();
    let last = reader.models.iter().rfind(|draft| !draft.layers.is_empty()).or(reader.models.last());
    let Some(draft) = last.cloned() else {
        let text = "there is no model in this text; paste code such as model = Sequential([Embedding(5000, 32), \
                    LSTM(32), Dense(1, activation='sigmoid')])";
        return Err(Mistake::new(1, text));
    };
    if with_layers > 1 {
        let text = "this model is taken, since it is the last one of the text; paste another by itself";
        reader.notes.push(Note { line: draft.line, text: text.into() });
    }
    let mut experiment = start.clone();
    set_fit(&draft, &mut experiment, &mut reader.notes)?;
    let mut line = draft.line;
    if !draft.layers.is_empty() {
        let model = layers::model(&draft, start, experiment.fit.batch_size, &mut reader.notes)?;
        line = model.lines.first().copied().unwrap_or(line);
        experiment.model = model.json;
        data::set_reading(&mut reader, &mut experiment)?;
    }
    match &draft.compile {
        Some(call) => experiment.compile = compile(call, start, &experiment, &mut reader.notes)?,
        None => {
            let text = "no compile was found; loss and optimizer stay as they were";
            reader.notes.push(Note { line: draft.line, text: text.into() });
        }
    }
    let checked = Experiment::from_value(&experiment.to_json());
    let mut experiment = checked.map_err(|error| Mistake::new(line_of(&error, &draft), error.to_string()))?;
    loss_fits_labels(&experiment, draft.compile.as_ref())?;
    normal::forget_reports(&mut experiment, start);
    normal::check_data(&experiment, line, &mut reader.notes);
    sort_by_key(&mut reader.notes, |note| note.line);
    Ok(ReadCode { experiment, notes: reader.notes, passed_over: reader.passed_over })
}

fn line_of(error: &Error, draft: &Draft) -> usize {
    let field = if let Error::Config { field, .. } = error { field.as_str() } else { "" };
    let call = if field.starts_with("fit") { &draft.fit } else { &draft.compile };
    call.as_ref().map_or(draft.line, |call| call.line)
}

fn compile(call: &Call, start: &Experiment, now: &Experiment, notes: &mut Vec<Note>) -> Read<Compile> {
    let mut compile = start.compile.clone();
    if let Some((known, line)) = call.get("loss") {
        let (name, from_logits) = loss(known, line)?;
        let loss = Loss::from_keras(&name, from_logits).map_err(|e| Mistake::new(line, e.to_string()))?;
        (compile.loss, compile.from_logits) = (loss.name().to_owned(), from_logits);
        if compile.loss == "categorical_crossentropy" && has_class_ids(now) {
            compile.loss = "sparse_categorical_crossentropy".into();
            let text = "the labels here are class ids, so the loss is sparse_categorical_crossentropy, which gives \
                        the same number";
            notes.push(Note { line, text: text.into() });
        }
    }
    // Keras' default.
    let default = (Known::Constant("rmsprop".into()), call.line);
    let (known, line) = call.get("optimizer").map_or(default, |(known, line)| (known.clone(), line));
    compile.optimizer = optimizer(&known, line, &start.compile.optimizer)?;
    let metrics = call.get("metrics").and_then(|(metrics, line)| Some((metrics.option("loss")?, line)));
    if let Some((Value::Array(names), line)) = metrics
        && names.iter().any(|name| !name.as_str().is_some_and(|name| name.contains("acc")))
    {
        let text = "only loss and accuracy are computed; other metrics are left out";
        notes.push(Note { line, text: text.into() });
    }
    Ok(compile)
}

/// Whether a loss that the code names can compare the outputs of the model with labels that are class ids.
fn loss_fits_labels(experiment: &Experiment, call: Option<&Call>) -> Read<()> {
    let Some((_, line)) = call.and_then(|call| call.get("loss")) else { return Ok(()) };
    let rows = experiment.survey().rows;
    let outputs =
        rows.iter().flatten().next_back().and_then(|row| row.output_shape.last().copied().flatten());
    let loss = experiment.compile.loss.as_str();
    if !has_class_ids(experiment)
        || outputs.is_none_or(|outputs| outputs == 1)
        || loss.ends_with("categorical_crossentropy")
    {
        return Ok(());
    }
    let text = format!(
        "{loss} compares numbers, and the labels here are class ids: write \
         loss=\"sparse_categorical_crossentropy\""
    );
    Err(Mistake::new(line, text))
}

/// Whether labels are ids of classes, not vectors.
fn has_class_ids(experiment: &Experiment) -> bool {
    let task = experiment.data.task.as_ref();
    task.is_none_or(|task| matches!(task.form().output, Output::Classes { .. }))
}

/// The name of a loss and whether it takes logits.
fn loss(known: &Known, line: usize) -> Read<(String, bool)> {
    match known {
        Known::Object(object) if object.class.role == Role::Loss && object.unknown.is_empty() => {
            let from_logits = object.config.get("from_logits").and_then(Value::as_bool).unwrap_or(false);
            Ok((snake_case(object.class.name), from_logits))
        }
        _ => match known.option("loss") {
            Some(Value::String(name)) => Ok((name.to_lowercase(), false)),
            _ => {
                let text = format!(
                    "the loss must be one name such as \"binary_crossentropy\", found {}",
                    known.shown()
                );
                Err(Mistake::new(line, text))
            }
        },
    }
}

fn optimizer(known: &Known, line: usize, start: &Value) -> Read<Value> {
    let given = match known {
        Known::Object(object) => match object.unknown.first() {
            Some((_, note)) => return Err(Mistake::new(note.line, note.text.clone())),
            None => object.to_json(),
        },
        other => match other.option("optimizer") {
            Some(Value::String(name)) => {
                let name = if name == "rmsprop" { "RMSprop" } else { &name };
                let found =
                    ["SGD", "Adam", "AdamW", "Adagrad"].into_iter().find(|n| n.eq_ignore_ascii_case(name));
                json!({ "class_name": found.unwrap_or(name), "config": {} })
            }
            _ => return Err(Mistake::new(line, format!("the optimizer cannot be {}", other.shown()))),
        },
    };
    let full = normal::complete_optimizer(&given).map_err(|e| Mistake::new(line, e.to_string()))?;
    if normal::complete_optimizer(start).is_ok_and(|start| start == full) {
        return Ok(start.clone());
    }
    let class = classes::find(full["class_name"].as_str().unwrap_or_default());
    let mut said = given;
    said["class_name"] = class.map_or(full["class_name"].clone(), |class| class.name.into());
    said["config"]["learning_rate"] = full["config"]["learning_rate"].clone();
    if let Some(config) = said["config"].as_object_mut() {
        // Now part of the learning rate.
        config.retain(|key, value| key != "decay" && !value.is_null());
    }
    Ok(said)
}

fn set_fit(draft: &Draft, experiment: &mut Experiment, notes: &mut Vec<Note>) -> Read<()> {
    if draft.fit.is_none() && draft.wrapper.is_none() {
        return Ok(());
    }
    let get = |names: &[&str]| {
        let of =
            |call: &'_ Call| names.iter().find_map(|name| call.get(name).map(|(k, line)| (k.clone(), line)));
        draft.fit.as_ref().and_then(of).or(draft.wrapper.as_ref().and_then(of))
    };
    let mut size = |names: &[&str], default: u64, present: u64| match get(names) {
        None | Some((Known::Constant(Value::Null), _)) => Ok(default),
        Some((Known::Constant(value), line)) => value.as_u64().filter(|size| *size > 0).ok_or_else(|| {
            Mistake::new(line, format!("`{}` must be a whole number of at least 1, found {value}", names[0]))
        }),
        Some((other, line)) => {
            let text = format!("`{}` is {}; {present} is kept, write the number", names[0], other.shown());
            notes.push(Note { line, text });
            Ok(present)
        }
    };
    let fit = &mut experiment.fit;
    fit.batch_size = size(&["batch_size"], 32, fit.batch_size as u64)? as usize;
    fit.epochs = size(&["epochs", "nb_epoch"], 1, fit.epochs)?;
    fit.shuffle = !matches!(get(&["shuffle"]), Some((Known::Constant(Value::Bool(false)), _)));
    set_class_weight(get(&["class_weight"]), fit, notes);
    set_callbacks(get(&["callbacks"]), fit, notes);
    for key in ["sample_weight", "steps_per_epoch", "initial_epoch", "validation_freq"] {
        if let Some((_, line)) = get(&[key]) {
            notes.push(Note { line, text: format!("`{key}` is left out") });
        }
    }
    if let Some((Known::Constant(share), _)) = get(&["validation_split"])
        && let Some(share) = share.as_f64().filter(|share| *share > 0.0)
    {
        experiment.data.validation = Validation::Share(share);
    }
    if get(&["validation_data"]).is_some() {
        experiment.data.validation = Validation::Test;
    }
    Ok(())
}

fn set_class_weight(given: Option<(Known, usize)>, fit: &mut Fit, notes: &mut Vec<Note>) {
    fit.class_weight = BTreeMap::new();
    let Some((known, line)) = given else { return };
    let read = |(class, weight): (&String, &Value)| Some((class.parse().ok()?, weight.as_f64()?));
    match &known {
        Known::Constant(Value::Null) => {}
        Known::Constant(Value::Object(weights)) if weights.iter().all(|entry| read(entry).is_some()) => {
            fit.class_weight = weights.iter().filter_map(read).collect();
        }
        _ => {
            let text = "`class_weight` is left out; write it as {0: 1.0, 1: 2.0}";
            notes.push(Note { line, text: text.into() });
        }
    }
}

fn set_callbacks(given: Option<(Known, usize)>, fit: &mut Fit, notes: &mut Vec<Note>) {
    let present = fit.early_stopping.take();
    let Some((known, line)) = given else { return };
    let callbacks = match known {
        Known::Items(items) => items,
        Known::Constant(_) => return,
        other => vec![(other, line)],
    };
    for (callback, line) in callbacks {
        match &callback {
            Known::Object(object) if object.class.name == "EarlyStopping" && object.unknown.is_empty() => {
                let given = Value::from(object.config.clone());
                fit.early_stopping = Some(given);
            }
            other => {
                let text =
                    format!("{} is left out; of the callbacks only EarlyStopping is there", other.shown());
                notes.push(Note { line, text });
            }
        }
    }
    keep_early_stopping(present, fit);
}

/// What says the same as before stays as it was written.
fn keep_early_stopping(present: Option<Value>, fit: &mut Fit) {
    let complete = |value: &Option<Value>| {
        value.as_ref().and_then(|value| Some(EarlyStopping::from_keras(value).ok()?.to_keras()))
    };
    if present.is_some() && complete(&present) == complete(&fit.early_stopping) {
        fit.early_stopping = present;
    }
}
