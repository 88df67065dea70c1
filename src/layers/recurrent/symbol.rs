//! The symbols of a cell, its gates and states, and where each stands on the tape.

/// Where the numbers of a symbol (a gate, a state) stand on the tape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// The symbol of the equations: `i`, `f`, `h`.
    pub name: String,
    /// Where its numbers stand.
    pub location: TapeLocation,
    /// How many numbers it has for one sample.
    pub width: usize,
}

/// Where numbers stand on a [`Tape`](super::Tape).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TapeLocation {
    /// Columns of a field, from `column` on.
    Field {
        /// Which field.
        index: usize,
        /// First column.
        column: usize,
    },
    /// The state after the step.
    State {
        /// Which state.
        index: usize,
    },
}
