//! What a call is given.

use super::super::array::{Fault, Outcome};
use super::super::value::Value;

/// What a call is given: by position and by name.
pub(super) type Given = (Vec<Value>, Vec<(String, Value)>);

pub(super) fn named(given: &Given, name: &str) -> Option<Value> {
    given.1.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone())
}

/// The argument at a position, or of a name.
pub(super) fn argument(given: &Given, at: usize, name: &str) -> Outcome<Value> {
    let value = given.0.get(at).cloned().or_else(|| named(given, name));
    value.ok_or_else(|| Fault::new(format!("this call needs `{name}` too")))
}
