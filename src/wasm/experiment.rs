//! Experiment documents as the page holds them.

use serde_json::{Map, Value};
use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::convert::{Reply, plain, thrown, to_js};
use crate::experiment::{self, Catalogue, Experiment, MenuGroup, Survey};
use crate::model::Summary;
use crate::{Error, Result};

/// What serde has no type for: parts of a document that are Keras' own, and the two forms of data that are generated
/// or not.
#[wasm_bindgen(typescript_custom_section)]
const KERAS: &str = r#"
/** An object of Keras as its JSON has it. */
export interface KerasObject { class_name: string; config: Record<string, any>; }
/** Keras' JSON of a Sequential. */
export interface KerasModel { class_name: string; config: { name?: string; layers: KerasObject[] }; }
/** The documents that the page starts from, by the name of their data set. */
export type PagePresets = Record<"imdb-small" | "imdb" | "reuters", Experiment>;

/** The limits of the page's settings, by the names that they have in links. */
export type SettingLimits =
  Record<"units" | "embedding" | "words" | "maxlen" | "batch" | "seed" | "rate", Limits>;
/** A task that generates data, beside the set `task`. */
export interface Task { task?: string; options?: Record<string, number>; }
/** New values by their JSON pointers, such as `/fit/seed`. */
export type Changes = Record<string, unknown>;
"#;

/// Reads an experiment document and returns it with every default filled in; throws `Failure`.
#[wasm_bindgen]
pub fn read_experiment(text: &str) -> Reply<Ts<Experiment>> {
    to_js(&Experiment::from_json(text).map_err(thrown)?)
}

#[wasm_bindgen]
extern "C" {
    /// New values by their JSON pointers.
    #[wasm_bindgen(typescript_type = "Changes")]
    pub type Changes;
}

/// Every document of the project in groups, as a menu shows them.
#[wasm_bindgen]
pub fn experiment_menu() -> Reply<Vec<Ts<MenuGroup>>> {
    experiment::menu().map_err(thrown)?.iter().map(to_js).collect()
}

/// The document of the project with this name, with `changes` where there are some; throws `Failure`.
#[wasm_bindgen]
pub fn experiment_with_changes(name: &str, changes: Option<Changes>) -> Reply<Ts<Experiment>> {
    let start = Experiment::preset(name).map_err(thrown)?;
    let Some(changes) = changes else { return to_js(&start) };
    let changes: Map<String, Value> = serde_wasm_bindgen::from_value(changes.into()).map_err(|error| {
        thrown(Error::format("the changes", format!("they are no values by their pointers ({error})")))
    })?;
    to_js(&start.with_changes(&changes).map_err(thrown)?)
}

/// Keras' table of the model of the project's document with this name, without its data; throws `Failure`.
#[wasm_bindgen]
pub fn experiment_summary(name: &str) -> Reply<Ts<Summary>> {
    to_js(&Experiment::preset(name).and_then(|known| known.build_model()).map_err(thrown)?.summary())
}

/// Shapes and parameters of the layers of `document`, and the first thing that keeps it from being trained; throws
/// `Failure` where it is no experiment.
#[wasm_bindgen]
pub fn survey_experiment(document: Ts<Experiment>) -> Reply<Ts<Survey>> {
    to_js(&experiment_from(&document).map_err(thrown)?.survey())
}

/// Every layer, optimizer, schedule and loss with its options.
#[wasm_bindgen]
pub fn experiment_catalogue() -> Reply<Ts<Catalogue>> {
    to_js(&experiment::catalogue().map_err(thrown)?)
}

/// What has to be changed in the document of the project with this name to get `document`; throws `Failure`.
#[wasm_bindgen]
pub fn experiment_changes(name: &str, document: Ts<Experiment>) -> Reply<Changes> {
    let start = Experiment::preset(name).map_err(thrown)?;
    let changes = experiment_from(&document).map_err(thrown)?.difference(&start);
    plain(&changes).map(JsCast::unchecked_into)
}

/// The name of the document of the project from which `document` differs least; throws `Failure`.
#[wasm_bindgen]
pub fn nearest_experiment(document: Ts<Experiment>) -> Reply<String> {
    let document = experiment_from(&document).map_err(thrown)?;
    experiment::nearest(&document).map(str::to_owned).map_err(thrown)
}

/// The file of an experiment, as the command line and the page read it; throws `Failure`.
#[wasm_bindgen]
pub fn experiment_file(document: Ts<Experiment>) -> Reply<String> {
    let document = experiment_from(&document).map_err(thrown)?.to_json();
    Ok(format!("{document:#}\n"))
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
