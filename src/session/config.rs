//! What a reader chooses for a run.

use serde_json::Value;

use crate::data::{Padding, Side};
use crate::layers::config::Section;
use crate::{Error, Result};

/// Model, loss, optimizer and how texts become its input.
#[derive(Debug, Clone)]
pub struct Config {
    /// Keras' JSON of a Sequential.
    pub model: Value,
    /// Keras' name of the loss.
    pub loss: String,
    /// Whether the model's output are logits.
    pub from_logits: bool,
    /// Keras' configuration of the optimizer.
    pub optimizer: Value,
    /// Samples in a batch.
    pub batch_size: usize,
    /// Seed of the first weights, the shuffling and dropout.
    pub seed: u64,
    /// Words with ids from this on count as unknown.
    pub num_words: usize,
    /// Length of each sequence.
    pub maxlen: usize,
    /// Where short sequences are filled and long ones are cut.
    pub padding: Padding,
    /// Whether every epoch has its own order.
    pub shuffle: bool,
    /// Train on this many samples only.
    pub train_limit: Option<usize>,
    /// Evaluate after this many steps too, not only after each epoch.
    pub validate_every: Option<u64>,
}

/// Sequences longer than this do not fit a browser tab.
const LONGEST: usize = 10_000;

impl Config {
    /// Reads a configuration from JSON.
    ///
    /// # Errors
    /// Names the field that cannot be used.
    pub fn from_json(text: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(text)
            .map_err(|e| Error::format("the configuration", format!("this is not JSON ({e})")))?;
        let section = Section::of(&value, "");
        let required =
            |key: &str| section.raw(key).cloned().ok_or_else(|| Error::config(key, "given", "nothing"));
        let maxlen = section.size("maxlen")?;
        if maxlen > LONGEST {
            return Err(Error::config("maxlen", format!("at most {LONGEST}"), maxlen));
        }
        let seed = section.number_or("seed", 0.0)?;
        if seed < 0.0 || seed.fract() != 0.0 || seed > 9_007_199_254_740_991.0 {
            return Err(Error::config("seed", "a whole number from 0 to 2⁵³ − 1", seed));
        }
        let side = |key: &str| match section.text_or(key, "pre")? {
            "pre" => Ok(Side::Pre),
            "post" => Ok(Side::Post),
            other => Err(Error::config(key, "pre or post", other)),
        };
        Ok(Self {
            model: required("model")?,
            loss: section.text_or("loss", "")?.to_owned(),
            from_logits: section.flag_or("from_logits", false)?,
            optimizer: required("optimizer")?,
            batch_size: section.size("batch_size")?,
            seed: seed as u64,
            num_words: section.size("num_words")?,
            maxlen,
            padding: Padding { padding: side("padding")?, truncating: side("truncating")?, value: 0 },
            shuffle: section.flag_or("shuffle", true)?,
            train_limit: section.optional_size("train_limit")?,
            validate_every: section.optional_size("validate_every")?.map(|n| n as u64),
        })
    }
}
