//! What inputs and answers of a task are called in a table for readers.

use super::Sizes;

/// The names of a task's inputs, one a feature, and of its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    /// What the numbers of a timestep are; one name where it is an id.
    pub inputs: &'static [&'static str],
    /// What is asked for.
    pub answer: &'static str,
}

pub(super) const fn columns(inputs: &'static [&'static str], answer: &'static str) -> Columns {
    Columns { inputs, answer }
}

/// The symbols of Reber's grammar; the id of each is its place, counted from 1.
pub const REBER_SYMBOLS: &str = "BTSXVPE";

/// Keys are the ids below this, as many as there are letters; the values and the question mark follow.
pub(super) const KEYS: usize = 26;

/// How an id is shown.
pub(super) type Symbol = fn(&Sizes, u32) -> String;

/// Ids that are digits or mere symbols.
pub(super) const DIGITS: Symbol = |_, id| id.to_string();

/// Nothing (0), symbols, and the one that asks for the answer.
pub(super) const WITH_DELIMITER: Symbol = |sizes, id| match id {
    0 => "·".to_owned(),
    id if id as usize > sizes.get("symbols") => "?".to_owned(),
    id => id.to_string(),
};

/// Letters for the keys, digits for the values, and the question mark.
pub(super) const KEYS_AND_VALUES: Symbol = |sizes, id| match (id as usize).checked_sub(KEYS) {
    None => char::from(b'a' + id as u8).to_string(),
    Some(value) if value < sizes.get("values") => value.to_string(),
    Some(_) => "?".to_owned(),
};

/// The symbols of the temporal order.
pub(super) const ORDER: Symbol = |_, id| match id {
    0 => "begin".to_owned(),
    1 => "end".to_owned(),
    2 => "X".to_owned(),
    3 => "Y".to_owned(),
    id => char::from(b'a' + (id as u8).saturating_sub(4)).to_string(),
};

/// The answers of the temporal order.
pub(super) const ORDERS: Symbol =
    |_, id| ["XX", "XY", "YX", "YY"].get(id as usize).map_or_else(String::new, |o| (*o).to_owned());

/// A pair for each kind of bracket that there can be.
const BRACKETS: [[&str; 2]; 10] = [
    ["(", ")"],
    ["[", "]"],
    ["{", "}"],
    ["<", ">"],
    ["⟨", "⟩"],
    ["⟦", "⟧"],
    ["⌈", "⌉"],
    ["⌊", "⌋"],
    ["«", "»"],
    ["‹", "›"],
];

/// Opening and closing brackets.
pub(super) const BRACKET: Symbol = |_, id| {
    let pair = BRACKETS.get(id as usize / 2);
    pair.map_or_else(|| id.to_string(), |pair| pair[id as usize % 2].to_owned())
};

/// The bracket that would have to close next.
pub(super) const CLOSING: Symbol = |sizes, id| match id {
    0 => "none".to_owned(),
    id => BRACKET(sizes, 2 * id - 1),
};

/// The symbols of Reber's grammar, and what fills strings up.
pub(super) const REBER: Symbol =
    |_, id| match (id as usize).checked_sub(1).and_then(|k| REBER_SYMBOLS.get(k..k + 1)) {
        Some(symbol) => symbol.to_owned(),
        None => "·".to_owned(),
    };
