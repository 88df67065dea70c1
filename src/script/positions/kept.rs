//! Values as they were at a position.

use super::super::array::Kind;

/// An array as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// The sizes of its axes.
    pub shape: Vec<usize>,
    /// The kind of its numbers.
    pub kind: Kind,
    /// Its numbers, last axis first.
    pub numbers: Vec<f64>,
}

/// A value as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// An array: which of those that were kept.
    Array(usize),
    /// An array that was too large to be kept: its sizes.
    Large(Vec<usize>),
    /// The first `count` entries of a list, a tuple or a dictionary.
    List {
        /// What it is: `list`, `tuple`, `dictionary`.
        what: &'static str,
        /// Which of the lists that were kept.
        list: usize,
        /// How many entries it had.
        count: usize,
    },
    /// Anything else, as Python shows it.
    Other(String),
}

/// An entry of a list or dictionary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its index or key, as it is written in brackets.
    pub key: String,
    /// Its value.
    pub value: Kept,
}
