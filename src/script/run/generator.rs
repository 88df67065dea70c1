//! Functions that yield values one by one. They run to their end when they are called, and what they yield is kept:
//! refused is what would be seen of that, a draw or a line printed between two values.

use crate::listing::{Diagnostic, Span};

use super::super::language::{Function, Statement, StatementKind, written};
use super::super::library;
use super::super::value::Value;
use super::record::kept;
use super::{Done, Interpreter, at};

/// So many values are kept of one call.
const MOST: usize = 20_000;

/// What a generator has yielded, and what had been drawn and printed when the first value was there.
#[derive(Default)]
pub(super) struct Yielded {
    values: Vec<Value>,
    at_first: Option<(u64, usize)>,
    /// Whether it draws from a generator of numbers that it has made itself, which nothing else draws from.
    has_own: bool,
}

impl Interpreter {
    /// Draws so far that others could have drawn, and characters printed.
    fn seen(&self, has_own: bool) -> (u64, usize) {
        (library::draws(has_own), self.world.printed.len())
    }

    /// Whether a function yields: then what it yields is kept from here on.
    pub(super) fn begin_generator(&mut self, function: &Function) -> bool {
        if function.is_generator {
            let makes = |statement: &Statement| match &statement.kind {
                StatementKind::Assign(_, value) => {
                    let text = written(value);
                    text.contains("default_rng(") || text.contains("RandomState(")
                }
                _ => false,
            };
            let has_own = function.body.iter().any(makes);
            self.generators.push(Yielded { has_own, ..Yielded::default() });
        }
        function.is_generator
    }

    /// Keeps values, as they are now.
    pub(super) fn yielded(&mut self, values: Vec<Value>, span: Span) -> Done<()> {
        let has_own = self.generators.last().is_some_and(|own| own.has_own);
        let seen = self.seen(has_own);
        let Some(generator) = self.generators.last_mut() else {
            return Err(Diagnostic::new(span, "`yield` stands outside of a function"));
        };
        generator.at_first.get_or_insert(seen);
        for value in values {
            let value = match &value {
                Value::Tuple(all) => {
                    Value::tuple(all.iter().map(|one| at(span, kept(one, 0))).collect::<Done<_>>()?)
                }
                one => at(span, kept(one, 0))?,
            };
            generator.values.push(value);
        }
        if generator.values.len() > MOST {
            let message =
                "this function yields without an end; go through a range, as in for t in range(100)";
            return Err(Diagnostic::new(span, message));
        }
        Ok(())
    }

    /// What a function that yields gives: all that it has yielded.
    pub(super) fn end_generator(&mut self, is_generator: bool, span: Span) -> Done<Option<Value>> {
        if !is_generator {
            return Ok(None);
        }
        let Some(generator) = self.generators.pop() else { return Ok(None) };
        if generator.at_first.is_some_and(|first| first != self.seen(generator.has_own)) {
            let message = "this function draws or prints between the values that it yields, which is not done in \
                           Python's order here; collect the values in a list and return it";
            return Err(Diagnostic::new(span, message));
        }
        Ok(Some(Value::deque(generator.values, None)))
    }
}
