//! The cells that come with the project, as texts that one can read, run and change.

use serde::Serialize;

/// A listing of the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct CellSource {
    /// The name of its file, without `.py`.
    pub name: &'static str,
    /// What a menu calls it.
    pub title: &'static str,
    /// The text.
    pub source: &'static str,
    /// Keras' class of the same cell with its default configuration, where there is one.
    pub keras: Option<&'static str>,
}

macro_rules! cells {
    (@class) => { None };
    (@class $keras:literal) => { Some($keras) };
    ($($name:literal: $title:literal $(= $keras:literal)?),* $(,)?) => {
        &[$(CellSource {
            name: $name,
            title: $title,
            source: include_str!(concat!("../../cells/", $name, ".py")),
            keras: cells!(@class $($keras)?),
        }),*]
    };
}

const CELLS: &[CellSource] = cells! {
    "simple_rnn": "SimpleRNN" = "SimpleRNN",
    "lstm": "LSTM" = "LSTM",
    "gru": "GRU" = "GRU",
    "gru_reset_before": "GRU, reset before the product",
    "gru_tutorial": "GRU of tutorial 004, without its reset gate",
    "gru_tutorial_corrected": "Corrected GRU of tutorial 004",
    "jordan": "Output-recurrent (Jordan)",
    "elman": "Hidden-recurrent with output (Elman)",
    "peephole_lstm": "LSTM with peepholes",
    "lstm_projection": "LSTM with projection",
    "coupled_lstm": "LSTM with coupled gates",
    "ugrnn": "Update-gate RNN",
    "group_lstm": "LSTM in two groups",
    "grid_lstm": "Grid LSTM of time and depth",
    "nas": "NAS cell",
    "irnn": "IRNN",
    "tutorial_003": "Step of tutorial 003",
    "tutorial_003_bug": "Mistaken step of tutorial 003",
};

/// All listings, the three best known first.
pub fn all() -> &'static [CellSource] {
    CELLS
}

/// The listing with this name.
pub fn named(name: &str) -> Option<&'static CellSource> {
    CELLS.iter().find(|cell| cell.name == name)
}

/// The weights of Keras' cells, and the names that the listings of the same cells give them.
pub const KERAS_WEIGHTS: [(&str, &str); 3] = [("kernel", "W"), ("recurrent_kernel", "U"), ("bias", "b")];

/// The name of a weight in the model that trains a listing, by which its first numbers are drawn: `lstm/kernel` for
/// Keras' cells, `irnn/U` for the other listings of the project, `own_cell/W` for all others.
pub fn weight_path(source: &str, weight: &str) -> String {
    let Some(cell) = CELLS.iter().find(|cell| cell.source == source) else {
        return format!("own_cell/{weight}");
    };
    let keras = cell.keras.zip(KERAS_WEIGHTS.iter().find(|(_, name)| *name == weight));
    match keras {
        Some((class, (name, _))) => format!("{}/{name}", class.to_lowercase()),
        None => format!("{}/{weight}", cell.name),
    }
}
