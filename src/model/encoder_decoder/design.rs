//! Which encoder and decoder: cell, attention, sizes.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Error, Result};

/// The cell of encoder and decoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum CellKind {
    /// Two states, h and c.
    Lstm,
    /// One state, h.
    Gru,
}

/// How the decoder looks at the states of the encoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Attention {
    /// Not at all: it starts from the last of them.
    None,
    /// score = E·(h·W), Luong, Pham & Manning 2015.
    Multiplicative,
    /// score = tanh(h·W + E·U)·v, Bahdanau, Cho & Bengio 2014.
    Additive,
}

/// Everything that decides the shapes of the weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Design {
    /// The cell of both.
    pub cell: CellKind,
    /// What the decoder sees of the source.
    pub attention: Attention,
    /// Units of encoder and decoder.
    pub units: usize,
    /// Length of the vector of a character.
    pub features: usize,
    /// Length of the longest source, up to which all are padded.
    pub positions: usize,
    /// Ids of a source, padding (0) among them.
    pub source_ids: usize,
    /// Ids of an answer, the mark at its start and end (0) among them.
    pub target_ids: usize,
}

/// The most positions: each is a row of the matrix that the decoder looks at.
pub const MOST_POSITIONS: usize = 64;

impl CellKind {
    /// Keras' class.
    pub fn class_name(self) -> &'static str {
        match self {
            Self::Lstm => "LSTM",
            Self::Gru => "GRU",
        }
    }
}

impl Design {
    /// Checks that there is something of everything.
    ///
    /// # Errors
    /// Names the size that is none.
    pub fn check(&self) -> Result<()> {
        let sizes = [
            ("units", self.units, 1),
            ("features", self.features, 1),
            ("positions", self.positions, 1),
            ("source_ids", self.source_ids, 2),
            ("target_ids", self.target_ids, 2),
        ];
        if let Some((name, size, least)) = sizes.into_iter().find(|(_, size, least)| size < least) {
            return Err(Error::value(format!("`{name}`"), format!("at least {least}"), size));
        }
        if self.positions > MOST_POSITIONS {
            return Err(Error::value("`positions`", format!("at most {MOST_POSITIONS}"), self.positions));
        }
        Ok(())
    }

    /// The text of the decoder's step; none without attention, whose decoder is Keras' cell.
    pub fn listing(&self) -> Option<&'static str> {
        Some(match (self.cell, self.attention) {
            (_, Attention::None) => return None,
            (CellKind::Lstm, Attention::Multiplicative) => {
                include_str!("../../../decoders/lstm_multiplicative.py")
            }
            (CellKind::Gru, Attention::Multiplicative) => {
                include_str!("../../../decoders/gru_multiplicative.py")
            }
            (CellKind::Lstm, Attention::Additive) => include_str!("../../../decoders/lstm_additive.py"),
            (CellKind::Gru, Attention::Additive) => include_str!("../../../decoders/gru_additive.py"),
        })
    }

    /// Keras' configuration of the encoder's recurrent layer.
    pub(super) fn encoder(&self) -> Value {
        let config = json!({ "units": self.units, "return_sequences": true });
        json!({ "class_name": self.cell.class_name(), "config": config })
    }

    /// The configuration of the decoder's recurrent layer.
    pub(super) fn decoder(&self) -> Value {
        match self.listing() {
            None => self.encoder(),
            Some(source) => json!({
                "class_name": crate::listing::cell::CLASS.name,
                "config": {
                    "units": self.units,
                    "return_sequences": true,
                    "source": source,
                    "sizes": { "positions": self.positions },
                },
            }),
        }
    }
}
