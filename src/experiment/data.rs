//! Which data an experiment learns from.

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Reading;
use super::tasks::Task;
pub use crate::data::OWN;
use crate::data::PACKS;
use crate::layers::config::Section;
use crate::{Error, Result};

/// The name of a set that is generated.
pub const TASK: &str = "task";

/// What is learned from, and how it is read.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Data {
    /// The name of a packed set, [`TASK`] or [`OWN`].
    pub set: String,
    /// How data are generated, where the set is [`TASK`].
    #[serde(flatten)]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Task"))]
    pub task: Option<Task>,
    /// Which file a reader's own data come from, where the set is [`OWN`].
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub file: Option<NamedFile>,
    /// How the samples become the input of the model.
    pub reading: Reading,
    /// Train on this many samples only, the first ones; of a long text, on this many ids.
    pub limit: Option<usize>,
    /// What training is judged with.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "\"test\" | number"))]
    pub validation: Validation,
}

/// A reader's own file, with data or with first weights. It stays on the reader's machine; a document says which one is
/// needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct NamedFile {
    /// The name of the file.
    pub name: String,
    /// Sixteen hexadecimal digits that differ for different samples, as [`Dataset::hash`](crate::data::Dataset::hash)
    /// gives them, or for different weights, as [`Parameters::hash`](crate::layers::Parameters::hash) does.
    pub hash: String,
}

impl NamedFile {
    /// The file that `section` names under `key`, if there is one.
    pub(super) fn read(section: &Section, key: &str) -> Result<Option<Self>> {
        if section.raw(key).is_none() {
            return Ok(None);
        }
        let file = section.object(key)?;
        file.only(&[&["name", "hash"]])?;
        let text = |key: &str| file.text_or(key, "").map(str::to_owned);
        Ok(Some(Self { name: text("name")?, hash: text("hash")? }))
    }
}

/// What a model is judged with while it is trained.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Validation {
    /// The test part of the set.
    Test,
    /// This share of the training samples, the last ones: Keras' `validation_split`.
    Share(f64),
}

impl Serialize for Validation {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Test => serializer.serialize_str("test"),
            Self::Share(share) => serializer.serialize_f64(*share),
        }
    }
}

impl Data {
    pub(super) fn read(section: &Section) -> Result<Self> {
        section.only(&[&["set", "task", "options", "file", "reading", "limit", "validation"]])?;
        let set = section.text_or("set", "")?;
        if ![TASK, OWN].contains(&set) && !PACKS.contains(&set) {
            let expected = format!("one of {}, {TASK}, {OWN}", PACKS.join(", "));
            let found = if set.is_empty() { "nothing" } else { set };
            return Err(Error::config(section.field("set"), expected, found));
        }
        let task = Task::read(section)?;
        if task.is_some() != (set == TASK) {
            let expected = format!("there exactly where the set is `{TASK}`");
            return Err(Error::config(section.field("task"), expected, format!("the set `{set}`")));
        }
        let reading = Reading::read(&section.object("reading")?)?;
        if task.is_some() && reading != Reading::Sequences {
            let expected = "`sequences`, since a task makes its arrays itself";
            return Err(Error::config(section.field("reading.as"), expected, "another"));
        }
        let file = NamedFile::read(section, "file")?;
        if file.is_some() && set != OWN {
            let expected = format!("there only where the set is `{OWN}`");
            return Err(Error::config(section.field("file"), expected, format!("the set `{set}`")));
        }
        Ok(Self {
            set: set.to_owned(),
            task,
            file,
            reading,
            limit: section.optional_size("limit")?,
            validation: Validation::read(section)?,
        })
    }
}

impl Validation {
    fn read(section: &Section) -> Result<Self> {
        match section.raw("validation") {
            None => Ok(Self::Test),
            Some(Value::String(text)) if text == "test" => Ok(Self::Test),
            Some(value) => match value.as_f64() {
                Some(share) if share > 0.0 && share < 1.0 => Ok(Self::Share(share)),
                _ => {
                    let expected = "\"test\" or a share between 0 and 1, as Keras' validation_split";
                    Err(Error::config(section.field("validation"), expected, value))
                }
            },
        }
    }
}
