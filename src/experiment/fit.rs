//! How an experiment is trained: Keras' `fit`, and the seed.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::error::LARGEST;
use crate::layers::config::Section;
use crate::train::EarlyStopping;
use crate::{Error, Result};

/// The largest seed: every whole number up to it is exact in JavaScript too.
pub const LARGEST_SEED: u64 = (1 << 53) - 1;

/// Keras' arguments of `fit` with Keras' defaults, and the seed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Fit {
    /// Samples in a batch.
    pub batch_size: usize,
    /// How often every sample is trained on.
    pub epochs: u64,
    /// Whether every epoch has its own order.
    pub shuffle: bool,
    /// Seed of the first weights, the shuffling, dropout and generated data.
    pub seed: u64,
    /// How much the samples of a class count; classes that are not named count once.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Record<string, number>"))]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub class_weight: BTreeMap<u32, f64>,
    /// Arguments of Keras' `EarlyStopping`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Record<string, unknown> | string"))]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub early_stopping: Option<Value>,
    /// How often the model is judged besides at the end of each epoch.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub validate_every: ValidateEvery,
}

/// How often a model in training is judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ValidateEvery {
    /// After each epoch; `null` in a document.
    Epoch,
    /// After so many updates too; a whole number in a document.
    Updates(u64),
    /// After this share of an epoch too; a number between 0 and 1 in a document.
    Share(f64),
}

impl ValidateEvery {
    /// After how many updates the model is judged besides at the end of an epoch of `updates_per_epoch` updates.
    pub fn updates(self, updates_per_epoch: u64) -> Option<u64> {
        match self {
            Self::Epoch => None,
            Self::Updates(count) => Some(count),
            Self::Share(share) => Some(((updates_per_epoch as f64 * share).round() as u64).max(1)),
        }
    }

    fn read(section: &Section) -> Result<Self> {
        let Some(value) = section.raw("validate_every") else { return Ok(Self::Epoch) };
        match (value.as_u64(), value.as_f64()) {
            (Some(count), _) if count > 0 => Ok(Self::Updates(count)),
            (None, Some(share)) if share > 0.0 && share < 1.0 => Ok(Self::Share(share)),
            _ => {
                let expected = "null, a number of updates, or a share of an epoch between 0 and 1";
                Err(Error::config(section.field("validate_every"), expected, value))
            }
        }
    }
}

impl Serialize for ValidateEvery {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Epoch => serializer.serialize_none(),
            Self::Updates(count) => serializer.serialize_u64(*count),
            Self::Share(share) => serializer.serialize_f64(*share),
        }
    }
}

const KEYS: &[&str] =
    &["batch_size", "epochs", "shuffle", "seed", "class_weight", "early_stopping", "validate_every"];

impl Fit {
    pub(super) fn read(section: &Section) -> Result<Self> {
        section.only(&[KEYS])?;
        if let Some(options) = section.raw("early_stopping") {
            EarlyStopping::from_keras(options)?;
        }
        Ok(Self {
            batch_size: section.optional_size("batch_size")?.unwrap_or(32),
            epochs: section.optional_size("epochs")?.unwrap_or(1) as u64,
            shuffle: section.flag_or("shuffle", true)?,
            seed: read_seed(section)?,
            class_weight: read_class_weight(section)?,
            early_stopping: section.raw("early_stopping").cloned(),
            validate_every: ValidateEvery::read(section)?,
        })
    }
}

fn read_seed(section: &Section) -> Result<u64> {
    let Some(value) = section.raw("seed") else { return Ok(0) };
    // JavaScript has one kind of number and may write 7 as 7.0.
    let whole = value.as_f64().filter(|seed| seed.fract() == 0.0 && *seed >= 0.0).map(|seed| seed as u64);
    whole
        .filter(|seed| *seed <= LARGEST_SEED)
        .ok_or_else(|| Error::config(section.field("seed"), "a whole number from 0 to 2⁵³ − 1", value))
}

fn read_class_weight(section: &Section) -> Result<BTreeMap<u32, f64>> {
    let weights = section.object("class_weight")?;
    let entries = section.raw("class_weight").and_then(Value::as_object);
    // Entered one by one: collecting would compile a sort of its own.
    let mut by_class = BTreeMap::new();
    for (class, value) in entries.into_iter().flatten() {
        let id = class.parse().map_err(|_| {
            Error::config(section.field("class_weight"), "named by class ids, such as \"0\"", class)
        })?;
        let weight = value.as_f64().filter(|weight| (*weight as f32).is_finite() && *weight >= 0.0);
        let is_large = value.as_f64().is_some_and(|weight| weight > 1.0);
        let expected = if is_large { LARGEST } else { "a number of at least 0" };
        by_class.insert(id, weight.ok_or_else(|| Error::config(weights.field(class), expected, value))?);
    }
    Ok(by_class)
}
