//! Positions of a script that runs: what every line that ran gave.
//!
//! A [`Position`] stands behind one statement, one test, one turn of a loop. [`Recorder`] makes them while the script
//! runs.

mod join;
mod kept;
mod recorder;

pub(in crate::script) use join::Join;
pub use join::Question;
pub use kept::{Entry, Kept, Numbers};
pub(in crate::script) use recorder::{Named, Recorder};

/// What happened at a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A statement ran.
    Statement,
    /// A loop gives its names the values of another turn.
    Turn,
    /// A loop has no further turn, after so many.
    End(usize),
    /// A condition was computed: whether it holds.
    Test(bool),
    /// A function of the script is called; its parameters are given.
    Call(String),
    /// A function returns.
    Return,
}

/// A name that has a new value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gives {
    /// The name; `return` for what a function returns.
    pub name: String,
    /// Its value.
    pub kept: Kept,
    /// The call that it belongs to, 0 outside of all.
    pub frame: usize,
}

/// One stop of the walk.
#[derive(Debug, Clone)]
pub struct Position {
    /// What happened.
    pub event: Event,
    /// The line, from 1.
    pub line: usize,
    /// The last line of the statement.
    pub until: usize,
    /// The run of the innermost loop, and its turn from 0.
    pub turn: Option<(usize, usize)>,
    /// Which call of a function it happens in, 0 outside of all.
    pub frame: usize,
    /// The names that have new values, with them.
    pub gives: Vec<Gives>,
    /// How many bytes had been printed after it.
    pub printed: usize,
    /// What can be asked about it.
    pub question: Option<usize>,
}

/// One run of a loop.
#[derive(Debug, Clone)]
pub(in crate::script) struct LoopRun {
    pub(in crate::script) line: usize,
    /// The turn of the loop around it.
    pub(in crate::script) within: Option<(usize, usize)>,
    /// How many turns it has, where that is known before.
    pub(in crate::script) turns: Option<usize>,
}

/// Everything that was kept of a run.
#[derive(Debug, Default)]
pub(in crate::script) struct Record {
    pub(in crate::script) positions: Vec<Position>,
    pub(in crate::script) runs: Vec<LoopRun>,
    pub(in crate::script) arrays: Vec<Numbers>,
    pub(in crate::script) lists: Vec<Vec<Entry>>,
    pub(in crate::script) joins: Vec<Join>,
    /// The line in whose loop no room was left.
    pub(in crate::script) full: Option<usize>,
}
