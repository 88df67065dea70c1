//! Experiment documents as the page holds them.

use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::convert::{Reply, plain, thrown};
use crate::experiment::Experiment;
use crate::{Error, Result};

/// What serde has no type for: parts of a document that are Keras' own, and the two forms of data that are generated
/// or not.
#[wasm_bindgen(typescript_custom_section)]
const KERAS: &str = r#"
/** An object of Keras as its JSON has it. */
export interface KerasObject { class_name: string; config: Record<string, any>; }
/** Keras' JSON of a Sequential. */
export interface KerasModel { class_name: string; config: { name?: string; layers: KerasObject[] }; }
/** An experiment with what marks its file as one. */
export type ExperimentDocument = Experiment & { format?: string; version?: number };

/** The documents that the page starts from, by the name of their data set. */
export type PagePresets = Record<"imdb-small" | "imdb" | "reuters", ExperimentDocument>;

/** The limits of the page's settings, by the names that they have in links. */
export type SettingLimits =
  Record<"units" | "embedding" | "words" | "maxlen" | "batch" | "seed" | "rate", Limits>;
/** A task that generates data, beside the set `task`. */
export interface Task { task?: string; options?: Record<string, number>; }
"#;

/// Reads an experiment document and returns it with every default filled in; throws `Failure`.
#[wasm_bindgen]
pub fn read_experiment(text: &str) -> Reply<Ts<Experiment>> {
    plain(&Experiment::from_json(text).map_err(thrown)?.to_json()).map(Ts::new_unchecked)
}

/// The experiment document in a plain object.
///
/// # Errors
/// As [`Experiment::from_value`].
pub fn experiment_from(document: &Ts<Experiment>) -> Result<Experiment> {
    let document = serde_wasm_bindgen::from_value(document.js_value())
        .map_err(|error| Error::format("the experiment", format!("it is not a plain object ({error})")))?;
    Experiment::from_value(&document)
}
