//! Keras' options of every recurrent layer.

use serde_json::Value;

use crate::layers::config::{Section, shortest};
use crate::object;
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
    /// Keras' `implementation=1`: each gate has separate dropout masks even without recurrent dropout.
    pub masks_per_gate: bool,
}

/// Keys of every recurrent layer's configuration in Keras 2 and 3.
const KEYS: [&str; 19] = [
    "units",
    "activation",
    "use_bias",
    "kernel_initializer",
    "recurrent_initializer",
    "bias_initializer",
    "dropout",
    "recurrent_dropout",
    "return_sequences",
    "return_state",
    "go_backwards",
    "stateful",
    "unroll",
    "zero_output_for_mask",
    "seed",
    "time_major",
    "implementation",
    "input_dim",
    "input_length",
];

/// Options that change what is trained and that this engine does not have.
const UNSUPPORTED: [&str; 6] = [
    "kernel_regularizer",
    "recurrent_regularizer",
    "bias_regularizer",
    "kernel_constraint",
    "recurrent_constraint",
    "bias_constraint",
];

impl Options {
    /// Reads them; `unroll`, `seed` and the like change nothing and are not kept. `own` are the keys of the cell.
    pub fn from_config(config: &Section, own: &[&str]) -> Result<Self> {
        config.only_layer_options(&[&KEYS, own].concat(), &UNSUPPORTED)?;
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
        object!({
            "return_sequences": self.return_sequences,
            "return_state": self.return_state,
            "go_backwards": self.go_backwards,
            "stateful": self.stateful,
            "unroll": false,
            "zero_output_for_mask": self.zero_output_for_mask,
            "dropout": shortest(self.dropout),
            "recurrent_dropout": shortest(self.recurrent_dropout),
        })
    }
}
