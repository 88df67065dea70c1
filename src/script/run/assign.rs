//! Giving values to names, to parts of arrays, to entries of lists and dictionaries.

use crate::listing::Diagnostic;

use super::super::array::{Array, Fault, Kind, Outcome, Subscript, shown_shape};
use super::super::drawings;
use super::super::language::*;
use super::super::operate::operate;
use super::super::value::Value;
use super::{Done, Interpreter, at};

/// What a subscript of an array means.
pub(super) fn subscripts(index: &Value) -> Outcome<Vec<Subscript>> {
    let one = |index: &Value| -> Outcome<Subscript> {
        Ok(match index {
            Value::None => Subscript::NewAxis,
            Value::Ellipsis => Subscript::Rest,
            Value::Slice([from, to, step]) => Subscript::Slice(*from, *to, *step),
            Value::Bool(_) | Value::List(_) | Value::Range(..) => {
                let array = index.array()?;
                // Python's integers, and an empty list, which has none.
                let is_empty = array.count() == 0;
                Subscript::Chosen(if is_empty { array.to_kind(Kind::Int)? } else { array })
            }
            Value::Array(array) if !array.shape().is_empty() => Subscript::Chosen(array.clone()),
            other => Subscript::At(other.integer()?),
        })
    };
    match index {
        Value::Tuple(all) => all.iter().map(one).collect(),
        other => Ok(vec![one(other)?]),
    }
}

/// The entry of a list that an index means.
pub(super) fn entry(index: &Value, length: usize) -> Outcome<usize> {
    let index = index.integer()?;
    let place = if index < 0 { index.saturating_add(length as i64) } else { index };
    usize::try_from(place)
        .ok()
        .filter(|place| *place < length)
        .ok_or_else(|| Fault::new(format!("index {index} is outside of a list with {length} entries")))
}

impl Interpreter {
    pub(super) fn assign(&mut self, target: &Expression, value: Value) -> Done<()> {
        match &target.kind {
            ExpressionKind::Name(name) => {
                self.set(name, value);
                Ok(())
            }
            ExpressionKind::Tuple(all) | ExpressionKind::List(all) => self.unpack(all, target, &value),
            ExpressionKind::Subscript(of, index) => {
                let container = self.evaluate(of)?;
                let index = self.evaluate(index)?;
                if container.is_drawing() {
                    return Ok(());
                }
                at(target.span, put(&container, &index, value))
            }
            ExpressionKind::Attribute(of, name) => {
                match self.evaluate(of)? {
                    Value::Object(object) => {
                        object.set(name, value);
                        return Ok(());
                    }
                    other if other.is_drawing() => return Ok(()),
                    _ => {}
                }
                let message = format!("`.{name}` cannot be assigned here; give the value a name of its own");
                Err(Diagnostic::new(target.span, message))
            }
            _ => Err(Diagnostic::new(target.span, "nothing can be assigned to this; name a variable")),
        }
    }

    fn unpack(&mut self, targets: &[Expression], target: &Expression, value: &Value) -> Done<()> {
        if let (true, Value::Library(path)) = (value.is_drawing(), value)
            && drawings::sizes(path).is_empty()
        {
            return targets.iter().try_for_each(|one| self.assign(one, Value::drawing(&[])));
        }
        let value = &self.members(value, target.span)?;
        let items = at(target.span, value.items())?;
        let star = targets.iter().position(|one| matches!(one.kind, ExpressionKind::Starred(_)));
        let fits = match star {
            Some(_) => items.len() + 1 >= targets.len(),
            None => items.len() == targets.len(),
        };
        if !fits {
            let message =
                format!("{} names for {} values; give each value one name", targets.len(), items.len());
            return Err(Diagnostic::new(target.span, message));
        }
        let behind = star.map_or(0, |star| targets.len() - star - 1);
        for (k, one) in targets.iter().enumerate() {
            match (&one.kind, star) {
                (ExpressionKind::Starred(inner), _) => {
                    let rest = items[k..items.len() - behind].to_vec();
                    self.assign(inner, Value::list(rest))?;
                }
                (_, Some(star)) if k > star => {
                    self.assign(one, items[items.len() + k - targets.len()].clone())?
                }
                _ => self.assign(one, items[k].clone())?,
            }
        }
        Ok(())
    }

    /// `target += value`: an array or a list changes itself.
    pub(super) fn augment(
        &mut self,
        target: &Expression,
        operator: Operator,
        value: &Expression,
    ) -> Done<()> {
        let before = self.evaluate(target)?;
        let value = self.evaluate(value)?;
        let span = target.span.to(target.span);
        match (&before, &value) {
            (Value::Array(array), _) if !array.shape().is_empty() => {
                let result = at(span, operate(operator, &before, &value))?;
                let result = at(span, result.array())?;
                at(span, fits_into(&result, array))?;
                at(span, array.write(&result))?;
                // Of places that are chosen, `h[[0, 2]] *= 2`, a copy was changed.
                if matches!(target.kind, ExpressionKind::Subscript(..)) {
                    self.assign(target, before)?;
                }
                Ok(())
            }
            (Value::Dict(pairs), Value::Dict(_)) if operator == Operator::Or => {
                if let Value::Dict(joined) = at(span, operate(operator, &before, &value))? {
                    let joined = joined.borrow().clone();
                    *pairs.borrow_mut() = joined;
                }
                Ok(())
            }
            (Value::List(list), other) if operator == Operator::Add => {
                let more = at(span, other.items())?;
                list.borrow_mut().extend(more);
                Ok(())
            }
            _ => {
                let result = at(span, operate(operator, &before, &value))?;
                self.assign(target, result)
            }
        }
    }

    pub(super) fn delete(&mut self, targets: &[Expression]) -> Done<()> {
        for target in targets {
            match &target.kind {
                ExpressionKind::Name(name) => {
                    self.scope.borrow_mut().names.remove(name);
                }
                ExpressionKind::Subscript(of, index) => {
                    let (container, index) = (self.evaluate(of)?, self.evaluate(index)?);
                    if let Value::Dict(pairs) = container {
                        pairs.borrow_mut().retain(|(key, _)| !key.equals(&index));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Whether an array may take the result of an operation on itself.
fn fits_into(result: &Array, array: &Array) -> Outcome<()> {
    if result.shape() != array.shape() {
        return Err(Fault::new(format!(
            "this changes an array of shape {} in place, and the result has shape {}; write it as name = name + …",
            shown_shape(array.shape()),
            shown_shape(result.shape())
        )));
    }
    if array.kind() <= Kind::Int && result.kind() > array.kind() {
        return Err(Fault::new(format!(
            "this changes an array of {} in place, and the result is {}; write it as name = name + …",
            array.kind().name(),
            result.kind().name()
        )));
    }
    Ok(())
}

/// `container[index] = value`
fn put(container: &Value, index: &Value, value: Value) -> Outcome<()> {
    match container {
        Value::Array(array) => array.set(&subscripts(index)?, &value.array()?),
        Value::List(list) => {
            let place = entry(index, list.borrow().len())?;
            list.borrow_mut()[place] = value;
            Ok(())
        }
        Value::Deque(deque) => {
            let mut items = deque.items.borrow_mut();
            let place = entry(index, items.len())?;
            items[place] = value;
            Ok(())
        }
        Value::Dict(pairs) => {
            let mut pairs = pairs.borrow_mut();
            match pairs.iter_mut().find(|(key, _)| key.equals(index)) {
                Some((_, own)) => *own = value,
                None => pairs.push((index.clone(), value)),
            }
            Ok(())
        }
        other => Err(Fault::new(format!("{} has no entries that can be assigned", other.described()))),
    }
}
