//! What a tutorial printed and what was measured: both are shown, and neither stands in for the other.

use serde::Serialize;
use serde_json::Value;

use super::Experiment;
use crate::layers::config::Section;
use crate::{Error, Result};

/// A row of a table that a tutorial printed of its model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct PrintedLayer {
    /// The layer's name there.
    pub name: String,
    /// Output shape, batch first; `None` is an open axis.
    pub output_shape: Vec<Option<usize>>,
    /// Parameters of the layer.
    pub params: usize,
}

/// Between which results a run of the same model on our data is expected to end.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Bands {
    /// Of the loss on the test part.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub loss: Option<[f64; 2]>,
    /// Of the accuracy on the test part.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub accuracy: Option<[f64; 2]>,
}

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
    /// The rows of `model.summary()`, as many as the tutorial printed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub table: Vec<PrintedLayer>,
    /// The shape of the training input, samples first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub x: Vec<usize>,
    /// The ids of the first training sample as the network reads it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub ids: Vec<u32>,
    /// The loss on the test part.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub loss: Option<f64>,
    /// The accuracy on the test part.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub accuracy: Option<f64>,
    /// What is expected of the results on our data.
    #[serde(skip_serializing_if = "Bands::is_empty")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub bands: Bands,
    /// What a reader should know about these numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub note: Option<String>,
}

/// What this engine reached, or Keras on the same data, when, and with which command.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Measured {
    /// The day, as `2026-11-22`; always there for this engine.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub date: Option<String>,
    /// The command that can be repeated; always there for this engine.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub command: Option<String>,
    /// With what it was measured, where that is not this engine: `Keras 3.15.1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub by: Option<String>,
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
    /// The accuracy, or the bits for each character, on the test part after each epoch.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub curve: Vec<f64>,
    /// Seconds that the same run takes in the page, on two cores.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub seconds_in_page: Option<f64>,
    /// What a reader should know about these numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub note: Option<String>,
}

/// How a run in the page goes, epoch by epoch, on two cores.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Course {
    /// What is measured on the test part.
    pub quantity: &'static str,
    /// One point after each epoch.
    pub points: Vec<CoursePoint>,
}

/// What a run has reached after an epoch.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct CoursePoint {
    /// Epochs that are done.
    pub epoch: u32,
    /// Seconds since the run began, at an even pace.
    pub seconds: f64,
    /// The quantity of the [`Course`].
    pub value: f64,
}

impl Printed {
    pub(super) fn read(section: &Section) -> Result<Self> {
        let keys = ["params", "layers", "classes", "table", "x", "ids", "loss", "accuracy", "bands", "note"];
        section.only(&[&keys])?;
        Ok(Self {
            params: section.optional_size("params")?,
            layers: section.optional_size("layers")?,
            classes: section.optional_size("classes")?,
            table: read_table(section)?,
            x: whole_numbers(section, "x")?.into_iter().map(|n| n as usize).collect(),
            ids: whole_numbers(section, "ids")?,
            bands: Bands::read(&section.object("bands")?)?,
            loss: number(section, "loss")?,
            accuracy: number(section, "accuracy")?,
            note: text(section, "note")?,
        })
    }
}

impl Printed {
    /// What holds of the model and of a sample, however long it is trained.
    pub(super) fn without_results(self) -> Self {
        Self { loss: None, accuracy: None, bands: Bands::default(), note: None, ..self }
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
        let figures = &["epochs", "loss", "accuracy", "bits_per_character", "seconds_in_page"];
        section.only(&[&["date", "command", "by", "note", "curve"], figures])?;
        let by = text(section, "by")?;
        let required = |key: &str, expected: &str| match text(section, key)? {
            None if by.is_none() => Err(Error::config(section.field(key), expected, "nothing")),
            found => Ok(found),
        };
        Ok(Self {
            date: required("date", "the day of the measurement, as 2026-11-22")?,
            command: required("command", "the command that can be repeated")?,
            epochs: section.optional_size("epochs")?,
            by: by.clone(),
            loss: number(section, "loss")?,
            accuracy: number(section, "accuracy")?,
            bits_per_character: number(section, "bits_per_character")?,
            curve: numbers(section, "curve")?,
            seconds_in_page: number(section, "seconds_in_page")?,
            note: text(section, "note")?,
        })
    }
}

impl Experiment {
    /// Seconds that this run takes in the page on two cores, where they were measured for as many epochs.
    pub fn seconds_in_page(&self) -> Option<f64> {
        let of_these_epochs =
            |one: &&Measured| one.epochs.is_none_or(|epochs| epochs as u64 == self.fit.epochs);
        self.measured.iter().filter(of_these_epochs).find_map(|one| one.seconds_in_page)
    }

    /// What the page reaches on the test part after each epoch, where it was measured.
    pub fn course(&self) -> Option<Course> {
        let found =
            self.measured.iter().find(|one| one.seconds_in_page.is_some() && !one.curve.is_empty())?;
        let pace = found.seconds_in_page? / found.curve.len() as f64;
        let points = found.curve.iter().zip(1..);
        Some(Course {
            quantity: if found.accuracy.is_some() { "accuracy" } else { "bits per character" },
            points: points
                .map(|(&value, epoch)| CoursePoint { epoch, seconds: pace * f64::from(epoch), value })
                .collect(),
        })
    }
}

impl Bands {
    fn read(section: &Section) -> Result<Self> {
        section.only(&[&["loss", "accuracy"]])?;
        let band = |key: &str| match section.raw(key) {
            None => Ok(None),
            Some(value) => match value.as_array().map(Vec::as_slice) {
                Some([low, high]) if low.as_f64() <= high.as_f64() => Ok(low.as_f64().zip(high.as_f64())),
                _ => Err(Error::config(section.field(key), "two numbers, the smaller first", value)),
            }
            .map(|both| both.map(|(low, high)| [low, high])),
        };
        Ok(Self { loss: band("loss")?, accuracy: band("accuracy")? })
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The rows at `table`, each with `name`, `output_shape` and `params`.
fn read_table(section: &Section) -> Result<Vec<PrintedLayer>> {
    let Some(value) = section.raw("table") else { return Ok(Vec::new()) };
    let expected = "rows with name, output_shape and params";
    let wrong = || Error::config(section.field("table"), expected, value);
    let row = |row: &Value| {
        let axis =
            |axis: &Value| (axis.is_null() || axis.is_u64()).then(|| axis.as_u64().map(|n| n as usize));
        Some(PrintedLayer {
            name: row.get("name")?.as_str()?.to_owned(),
            output_shape: row.get("output_shape")?.as_array()?.iter().map(axis).collect::<Option<_>>()?,
            params: row.get("params")?.as_u64()? as usize,
        })
    };
    let rows = value.as_array().ok_or_else(wrong)?;
    rows.iter().map(row).collect::<Option<_>>().ok_or_else(wrong)
}

fn whole_numbers(section: &Section, key: &str) -> Result<Vec<u32>> {
    let Some(value) = section.raw(key) else { return Ok(Vec::new()) };
    let numbers =
        value.as_array().and_then(|list| list.iter().map(Value::as_u64).collect::<Option<Vec<_>>>());
    let numbers =
        numbers.ok_or_else(|| Error::config(section.field(key), "a list of whole numbers", value))?;
    Ok(numbers.into_iter().map(|n| n as u32).collect())
}

fn numbers(section: &Section, key: &str) -> Result<Vec<f64>> {
    let Some(value) = section.raw(key) else { return Ok(Vec::new()) };
    let list = value.as_array().and_then(|list| list.iter().map(Value::as_f64).collect());
    list.ok_or_else(|| Error::config(section.field(key), "a list of numbers", value))
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
