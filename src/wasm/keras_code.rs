//! Keras code and experiment documents.

use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::convert::{Reply, thrown, thrown_in_code, to_js};
use super::experiment::experiment_from;
use crate::Error;
use crate::experiment::Experiment;
use crate::experiment::keras_code::{self, ReadCode, script};

/// Reads Keras code, Keras' JSON of a model or a document on top of `start`; throws `Failure`, with the line in its
/// diagnostic.
#[wasm_bindgen]
pub fn read_keras_code(text: &str, start: Ts<Experiment>) -> Reply<Ts<ReadCode>> {
    let start = experiment_from(&start).map_err(thrown)?;
    let read = keras_code::read(text, &start);
    to_js(&read.map_err(|mistake| thrown_in_code(mistake.line, mistake.text))?)
}

/// The Keras code of an experiment: its Sequential, compile and fit; throws `Failure`.
#[wasm_bindgen]
pub fn keras_code(document: Ts<Experiment>) -> Reply<String> {
    experiment_from(&document).and_then(|experiment| keras_code::code(&experiment)).map_err(thrown)
}

/// A Keras 3 script that repeats the run of an experiment: `kind` is `script`, `notebook` or `devices`. Beside it
/// belongs the file that `unrolled experiment script` writes, as `<name>-run.safetensors`; throws `Failure`.
#[wasm_bindgen]
pub fn keras_script(document: Ts<Experiment>, name: &str, kind: &str) -> Reply<String> {
    let form = match kind {
        "script" => script::Form::default(),
        "notebook" => script::Form { notebook: true, devices: false },
        "devices" => script::Form { notebook: false, devices: true },
        other => return Err(thrown(Error::value("the kind", "script, notebook or devices", other))),
    };
    let experiment = experiment_from(&document).map_err(thrown)?;
    script::script(&experiment, name, form).map_err(thrown)
}
