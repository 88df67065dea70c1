//! What a loop goes through.

use super::super::array::Kind;
use super::super::language::*;
use super::super::run::{Interpreter, Recorded, targets_of};
use super::super::value::Value;
use super::{Refusal, no_loop};

/// The names that a loop gives values to, turn by turn.
pub(super) struct Turns {
    /// Names that count, or hold integers: they choose what a timestep reads.
    pub(super) indices: Vec<String>,
    /// Names that are members of a sequence of arrays or floats.
    pub(super) members: Vec<String>,
    /// The values of all of them in every turn.
    pub(super) items: Vec<Value>,
    pub(super) target: Expression,
    /// Whether integers of a sequence are read as numbers.
    pub(super) with_numbers: bool,
    /// Whether an array that a turn changes in part is a state.
    pub(super) with_parts: bool,
}

impl Turns {
    pub(super) fn new(
        recorded: &Recorded,
        run: &mut Interpreter,
        (with_numbers, with_parts): (bool, bool),
    ) -> Result<Self, Refusal> {
        let each = &recorded.each;
        let gone =
            |_| no_loop(each.over.span, "what this loop goes through has changed since; give it a name");
        let over = run.value_of(&each.over).map_err(gone)?;
        let items = over.items().map_err(|_| no_loop(each.over.span, "this loop goes through nothing"))?;
        let mut names = Vec::new();
        targets_of(&each.target, &mut names);
        let (mut indices, mut members) = (Vec::new(), Vec::new());
        if let Some(first) = items.first() {
            let place = |_| no_loop(each.target.span, "this loop gives its names no values");
            run.give(&each.target, first.clone()).map_err(place)?;
            for name in names {
                match run.named(&name) {
                    Some(Value::Int(_)) => indices.push(name),
                    Some(Value::Array(array))
                        if array.kind() <= Kind::Int && array.shape().is_empty() && !with_numbers =>
                    {
                        indices.push(name);
                    }
                    _ => members.push(name),
                }
            }
        }
        Ok(Self { indices, members, items, target: each.target.clone(), with_numbers, with_parts })
    }

    /// The values of an expression in every turn.
    pub(super) fn over_time(&self, run: &mut Interpreter, expression: &Expression) -> Option<Vec<Value>> {
        let mut values = Vec::with_capacity(self.items.len());
        for item in &self.items {
            run.give(&self.target, item.clone()).ok()?;
            values.push(run.value_of(expression).ok()?);
        }
        Some(values)
    }

    /// The only index, if it goes up by one from turn to turn, and its value in the next turn: `t + 1`.
    pub(super) fn counter(&self) -> Option<(String, Expression)> {
        let [index] = self.indices.as_slice() else { return None };
        let number = |item: &Value| match item {
            Value::Int(value) => Some(*value),
            Value::Tuple(all) => match all.first() {
                Some(Value::Int(value)) => Some(*value),
                _ => None,
            },
            _ => None,
        };
        let numbers: Vec<i64> = self.items.iter().map_while(number).collect();
        let counts =
            numbers.len() == self.items.len() && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
        let one = Expression { kind: ExpressionKind::Int(1), span: self.target.span };
        let kind =
            ExpressionKind::Binary(Operator::Add, Box::new(name_at(index, &self.target)), Box::new(one));
        counts.then(|| (index.clone(), Expression { kind, span: self.target.span }))
    }

    /// The value of an expression with the names of the last turn.
    pub(super) fn at_last(&self, run: &mut Interpreter, expression: &Expression) -> Option<Value> {
        run.give(&self.target, self.items.last()?.clone()).ok()?;
        run.value_of(expression).ok()
    }

    /// The value of an expression before the first turn, with the names of that turn.
    pub(super) fn at_first(&self, run: &mut Interpreter, expression: &Expression) -> Option<Value> {
        run.give(&self.target, self.items.first()?.clone()).ok()?;
        run.value_of(expression).ok()
    }
}
