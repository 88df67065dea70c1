//! What a call hands to a function.

use super::super::array::{Array, Fault, Outcome};
use super::super::value::Value;

/// The arguments of a call; what a function does not take is refused.
pub(in crate::script) struct Arguments {
    function: String,
    positional: Vec<Option<Value>>,
    named: Vec<(String, Value)>,
}

impl Arguments {
    pub(in crate::script) fn new(
        function: &str,
        positional: Vec<Value>,
        named: Vec<(String, Value)>,
    ) -> Self {
        let function = function.rsplit('.').next().unwrap_or(function).to_owned();
        Self { function, positional: positional.into_iter().map(Some).collect(), named }
    }

    /// The only value that is given, if it is the only one.
    pub(super) fn first(&self) -> Option<&Value> {
        self.positional.first().and_then(Option::as_ref).filter(|_| self.positional.len() == 1)
    }

    /// The argument at a position, or of a name.
    pub(super) fn take(&mut self, position: usize, name: &str) -> Option<Value> {
        let at = self.positional.get_mut(position).and_then(Option::take);
        at.or_else(|| self.named(name))
    }

    /// The argument of a name.
    pub(super) fn named(&mut self, name: &str) -> Option<Value> {
        let at = self.named.iter().position(|(own, _)| own == name)?;
        Some(self.named.swap_remove(at).1)
    }

    pub(super) fn need(&mut self, position: usize, name: &str) -> Outcome<Value> {
        let function = self.function.clone();
        self.take(position, name).ok_or_else(|| Fault::new(format!("{function} needs `{name}` too")))
    }

    pub(super) fn array(&mut self, position: usize, name: &str) -> Outcome<Array> {
        self.need(position, name)?.array()
    }

    /// All that is left of the positional ones.
    pub(super) fn rest(&mut self) -> Vec<Value> {
        self.positional.iter_mut().filter_map(Option::take).collect()
    }

    /// All that is left of the named ones.
    pub(super) fn all_named(&mut self) -> Vec<(String, Value)> {
        std::mem::take(&mut self.named)
    }

    /// Takes all that is left, whatever it is.
    pub(super) fn ignore(&mut self) {
        self.rest();
        self.named.clear();
    }

    /// Whether an argument of this name was given.
    pub(super) fn flag(&mut self, name: &str) -> Outcome<bool> {
        self.named(name).map_or(Ok(false), |value| value.truth())
    }

    /// How many positional arguments are left.
    pub(super) fn left(&self) -> usize {
        self.positional.iter().flatten().count()
    }

    /// Refuses what was not taken.
    pub(super) fn done(&self) -> Outcome<()> {
        if let Some((name, _)) = self.named.first() {
            return Err(Fault::new(format!("{} takes no `{name}` here; leave it out", self.function)));
        }
        match self.left() {
            0 => Ok(()),
            _ => {
                Err(Fault::new(format!("{} takes fewer values here; leave the last one out", self.function)))
            }
        }
    }
}
