//! Keras' options of every recurrent layer.

use serde_json::{Value, json};

use crate::layers::config::Section;
use crate::{Error, Result};

/// What the loop through time does besides calling the cell.
#[derive(Debug, Clone, Default)]
pub(super) struct Options {
    pub return_sequences: bool,
    pub return_state: bool,
    pub go_backwards: bool,
    pub stateful: bool,
    pub dropout: f32,
    pub recurrent_dropout: f32,
    /// A masked step's output is zero instead of the output before it.
    pub zero_output_for_mask: bool,
    /// Keras' `implementation=1`: every gate has dropout masks of its own even without recurrent dropout.
    pub masks_per_gate: bool,
}

/// Options that change what is trained and that this engine does not have.
const WITHOUT: [&str; 7] = [
    "kernel_regularizer",
    "recurrent_regularizer",
    "bias_regularizer",
    "activity_regularizer",
    "kernel_constraint",
    "recurrent_constraint",
    "bias_constraint",
];

impl Options {
    /// Reads them; `unroll`, `use_cudnn` and the like change nothing and are not kept.
    pub fn from_config(config: &Section) -> Result<Self> {
        for key in WITHOUT {
            if let Some(value) = config.raw(key) {
                return Err(Error::config(config.field(key), "null; recurrent layers have none here", value));
            }
        }
        if config.flag_or("time_major", false)? {
            return Err(Error::config(config.field("time_major"), "false: inputs are batch-major", true));
        }
        config.flag_or("unroll", false)?;
        let recurrent_dropout = config.rate_or("recurrent_dropout", 0.0)? as f32;
        let implementation = config.number_or("implementation", 2.0)?;
        if ![0.0, 1.0, 2.0].contains(&implementation) {
            return Err(Error::config(config.field("implementation"), "0, 1 or 2", implementation));
        }
        Ok(Self {
            return_sequences: config.flag_or("return_sequences", false)?,
            return_state: config.flag_or("return_state", false)?,
            go_backwards: config.flag_or("go_backwards", false)?,
            stateful: config.flag_or("stateful", false)?,
            dropout: config.rate_or("dropout", 0.0)? as f32,
            recurrent_dropout,
            zero_output_for_mask: config.flag_or("zero_output_for_mask", false)?,
            masks_per_gate: recurrent_dropout > 0.0 || implementation == 1.0,
        })
    }

    /// The options as Keras 3 writes them.
    pub fn to_keras(&self) -> Value {
        json!({
            "return_sequences": self.return_sequences,
            "return_state": self.return_state,
            "go_backwards": self.go_backwards,
            "stateful": self.stateful,
            "unroll": false,
            "zero_output_for_mask": self.zero_output_for_mask,
            "dropout": as_written(self.dropout),
            "recurrent_dropout": as_written(self.recurrent_dropout),
        })
    }
}

/// The rate as somebody would write it: 0.2, not 0.20000000298.
fn as_written(rate: f32) -> f64 {
    rate.to_string().parse().unwrap_or(f64::from(rate))
}
