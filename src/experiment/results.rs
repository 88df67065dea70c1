//! What a tutorial printed and what was measured: both are shown, and neither stands in for the other.

use serde::Serialize;
use serde_json::Value;

use crate::layers::config::Section;
use crate::{Error, Result};

/// What a tutorial printed of its model. Every part may be missing.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Printed {
    /// The number of parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub params: Option<usize>,
    /// `params` counts this many layers from the first, where the tutorial's table ends before the model does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub layers: Option<usize>,
    /// The tutorial's number of classes, where the packed set has another.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub classes: Option<usize>,
    /// The loss on the test part.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub loss: Option<f64>,
    /// The accuracy on the test part.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub accuracy: Option<f64>,
    /// What a reader should know about these numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub note: Option<String>,
}

/// What this engine reached, when, and with which command.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Measured {
    /// The day, as `2026-11-22`.
    pub date: String,
    /// The command that can be repeated.
    pub command: String,
    /// Epochs of training.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub epochs: Option<usize>,
    /// The loss on the test part.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub loss: Option<f64>,
    /// The accuracy on the test part.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub accuracy: Option<f64>,
    /// The cross-entropy on the test part in bits for each character.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub bits_per_character: Option<f64>,
    /// What a reader should know about these numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub note: Option<String>,
}

impl Printed {
    pub(super) fn read(section: &Section) -> Result<Self> {
        section.only(&[&["params", "layers", "classes", "loss", "accuracy", "note"]])?;
        Ok(Self {
            params: section.optional_size("params")?,
            layers: section.optional_size("layers")?,
            classes: section.optional_size("classes")?,
            loss: number(section, "loss")?,
            accuracy: number(section, "accuracy")?,
            note: text(section, "note")?,
        })
    }
}

impl Measured {
    /// The list at `measured`; none where there is nothing.
    pub(super) fn read_all(root: &Section) -> Result<Vec<Self>> {
        let Some(value) = root.raw("measured") else { return Ok(Vec::new()) };
        let list = value.as_array().ok_or_else(|| Error::config("measured", "a list", value))?;
        let each = list.iter().enumerate();
        each.map(|(k, entry)| Self::read(&Section::of(entry, &format!("measured[{k}]")))).collect()
    }

    fn read(section: &Section) -> Result<Self> {
        let keys = &["date", "command", "epochs", "loss", "accuracy", "bits_per_character", "note"];
        section.only(&[keys])?;
        let required = |key: &str, expected: &str| {
            let found = text(section, key)?;
            found.ok_or_else(|| Error::config(section.field(key), expected, "nothing"))
        };
        Ok(Self {
            date: required("date", "the day of the measurement, as 2026-11-22")?,
            command: required("command", "the command that can be repeated")?,
            epochs: section.optional_size("epochs")?,
            loss: number(section, "loss")?,
            accuracy: number(section, "accuracy")?,
            bits_per_character: number(section, "bits_per_character")?,
            note: text(section, "note")?,
        })
    }
}

fn number(section: &Section, key: &str) -> Result<Option<f64>> {
    section.raw(key).map(|_| section.number_or(key, 0.0)).transpose()
}

fn text(section: &Section, key: &str) -> Result<Option<String>> {
    let found = section.raw(key).map(Value::as_str);
    match found {
        None => Ok(None),
        Some(Some(text)) => Ok(Some(text.to_owned())),
        Some(None) => section.text_or(key, "").map(|text| Some(text.to_owned())),
    }
}
