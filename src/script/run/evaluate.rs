//! Expressions.

use crate::listing::Diagnostic;

use super::super::array::{Fault, Outcome, apply};
use super::super::drawings;
use super::super::language::*;
use super::super::library;
use super::super::operate::{compare, operate};
use super::super::show;
use super::super::value::Value;
use super::assign::{entry, subscripts};
use super::{Done, Interpreter, at};

impl Interpreter {
    pub(super) fn evaluate(&mut self, expression: &Expression) -> Done<Value> {
        self.deeper(expression.span)?;
        let value = self.by_expression(expression)?;
        self.depth -= 1;
        Ok(value)
    }

    fn by_expression(&mut self, expression: &Expression) -> Done<Value> {
        let span = expression.span;
        Ok(match &expression.kind {
            ExpressionKind::None => Value::None,
            ExpressionKind::Bool(value) => Value::Bool(*value),
            ExpressionKind::Int(value) => Value::Int(*value),
            ExpressionKind::Float(value) => Value::Float(*value),
            ExpressionKind::Text(text) => Value::text(text),
            ExpressionKind::Ellipsis => Value::Ellipsis,
            ExpressionKind::Format(pieces) => self.format(pieces)?,
            ExpressionKind::Name(name) => self.name(name, expression)?,
            ExpressionKind::Tuple(all) => Value::tuple(self.all(all)?),
            ExpressionKind::List(all) => Value::list(self.all(all)?),
            ExpressionKind::Dict(pairs) => self.dictionary(pairs)?,
            ExpressionKind::Comprehension(all) => self.comprehension(all)?,
            ExpressionKind::Negate(value) => {
                let value = self.evaluate(value)?;
                at(span, negated(&value))?
            }
            ExpressionKind::Not(value) => Value::Bool(!self.truth(value)?),
            ExpressionKind::Binary(operator, a, b) => {
                let (a, b) = (self.evaluate(a)?, self.evaluate(b)?);
                at(span, operate(*operator, &a, &b))?
            }
            ExpressionKind::Compare(first, rest) => self.compared(first, rest)?,
            ExpressionKind::And(a, b) => {
                let left = self.evaluate(a)?;
                if at(a.span, left.truth())? { self.evaluate(b)? } else { left }
            }
            ExpressionKind::Or(a, b) => {
                let left = self.evaluate(a)?;
                if at(a.span, left.truth())? { left } else { self.evaluate(b)? }
            }
            ExpressionKind::Conditional(parts) => {
                let [test, then, otherwise] = &**parts;
                if self.truth(test)? { self.evaluate(then)? } else { self.evaluate(otherwise)? }
            }
            ExpressionKind::Call(function, arguments) => self.call_expression(function, arguments, span)?,
            ExpressionKind::Attribute(value, name) => {
                let value = self.evaluate(value)?;
                self.attribute(&value, name, span)?
            }
            ExpressionKind::Subscript(value, index) => {
                let value = self.evaluate(value)?;
                let index = self.evaluate(index)?;
                self.entry_of(&value, &index, span)?
            }
            ExpressionKind::Slice(bounds) => {
                let mut all = [None; 3];
                for (own, bound) in all.iter_mut().zip(bounds) {
                    if let Some(bound) = bound {
                        let value = self.evaluate(bound)?;
                        *own = match value {
                            Value::None => None,
                            value => Some(at(bound.span, value.integer())?),
                        };
                    }
                }
                Value::Slice(all)
            }
            ExpressionKind::Invert(value) => {
                let value = self.evaluate(value)?;
                at(span, inverted(&value))?
            }
            ExpressionKind::Named(name, value) => {
                let value = self.evaluate(value)?;
                self.set_outside_comprehensions(name, value.clone());
                value
            }
            ExpressionKind::Spread(_) => {
                return Err(Diagnostic::new(span, "`**` spreads a dictionary in a call; remove it here"));
            }
            ExpressionKind::Starred(_) => {
                return Err(Diagnostic::new(span, "`*` spreads values in a list or a call; remove it here"));
            }
            ExpressionKind::Lambda(function) => self.closure(function)?,
        })
    }

    /// `value.name`
    pub(super) fn attribute(&mut self, value: &Value, name: &str, span: crate::listing::Span) -> Done<Value> {
        match value {
            Value::Object(object) => self.attribute_of(object, name, span),
            Value::Class(class) => self.attribute_of_class(class, name, span),
            _ => at(span, library::attribute(value, name)),
        }
    }

    /// `value[index]`, with what objects and dictionaries with a default make of it.
    fn entry_of(&mut self, value: &Value, index: &Value, span: crate::listing::Span) -> Done<Value> {
        match value {
            Value::Object(object) if object.class.parts.contains_key("__getitem__") => {
                self.call_method(object, "__getitem__", vec![index.clone()], vec![], span)
            }
            Value::Object(object) if object.class.is_tuple => {
                at(span, subscripted(&Value::tuple(at(span, value.items())?), index))
            }
            Value::Dict(pairs) => {
                let found = at(span, subscripted(value, index));
                let make = || self.factories.iter().find(|(known, _)| std::rc::Rc::ptr_eq(known, pairs));
                match (found, make().map(|(_, make)| make.clone())) {
                    (Err(_), Some(make)) => {
                        let made = self.apply(&make, vec![], span)?;
                        pairs.borrow_mut().push((index.clone(), made.clone()));
                        Ok(made)
                    }
                    (found, _) => found,
                }
            }
            _ => at(span, subscripted(value, index)),
        }
    }

    fn name(&self, name: &str, expression: &Expression) -> Done<Value> {
        if let Some(value) = self.lookup(name) {
            return Ok(value);
        }
        // `from numpy import *`
        if self.has_all_of_numpy
            && (library::is_numpy(name) || matches!(name, "random" | "pi" | "newaxis" | "inf"))
        {
            return at(expression.span, library::attribute(&Value::Library("numpy".into()), name));
        }
        if let Some(value) = library::builtin(name) {
            return Ok(value);
        }
        Err(Diagnostic::new(expression.span, library::unknown_name(name)))
    }

    /// Values of a list, with `*values` spread.
    fn all(&mut self, all: &[Expression]) -> Done<Vec<Value>> {
        let mut values = Vec::with_capacity(all.len());
        for one in all {
            match &one.kind {
                ExpressionKind::Starred(inner) => {
                    let spread = self.evaluate(inner)?;
                    values.extend(at(one.span, spread.items())?);
                }
                _ => values.push(self.evaluate(one)?),
            }
        }
        Ok(values)
    }

    fn dictionary(&mut self, pairs: &[(Expression, Expression)]) -> Done<Value> {
        let mut all: Vec<(Value, Value)> = Vec::new();
        for (key, value) in pairs {
            if let ExpressionKind::Spread(inner) = &key.kind {
                let spread = self.evaluate(inner)?;
                let Value::Dict(more) = &spread else {
                    let message = format!("`**` spreads a dictionary, and this is {}", spread.described());
                    return Err(Diagnostic::new(key.span, message));
                };
                for (key, value) in more.borrow().iter() {
                    all.retain(|(own, _)| !own.equals(key));
                    all.push((key.clone(), value.clone()));
                }
                continue;
            }
            let (key, value) = (self.evaluate(key)?, self.evaluate(value)?);
            all.retain(|(own, _)| !own.equals(&key));
            all.push((key, value));
        }
        Ok(Value::Dict(std::rc::Rc::new(all.into())))
    }

    fn comprehension(&mut self, all: &Comprehension) -> Done<Value> {
        let over = self.evaluate(&all.over)?;
        let over = self.members(&over, all.over.span)?;
        let items = at(all.over.span, over.items())?;
        // Its names are its own.
        self.comprehensions += 1;
        let made = self.inside(|run| {
            let (mut values, mut keys) = (Vec::new(), Vec::new());
            for item in items {
                at(all.over.span, super::spend(super::STATEMENT))?;
                run.assign(&all.target, item)?;
                if let Some(condition) = &all.condition
                    && !run.truth(condition)?
                {
                    continue;
                }
                if let Some(key) = &all.key {
                    keys.push(run.evaluate(key)?);
                }
                let value = run.evaluate(&all.element)?;
                if all.is_nested {
                    values.extend(at(all.element.span, value.items())?);
                } else {
                    values.push(value);
                }
            }
            Ok(match all.key {
                Some(_) => {
                    Value::Dict(std::rc::Rc::new(keys.into_iter().zip(values).collect::<Vec<_>>().into()))
                }
                None => Value::list(values),
            })
        });
        self.comprehensions -= 1;
        made
    }

    fn compared(&mut self, first: &Expression, rest: &[(Comparison, Expression)]) -> Done<Value> {
        let mut left = self.evaluate(first)?;
        let mut result = Value::Bool(true);
        for (k, (comparison, right)) in rest.iter().enumerate() {
            let value = self.evaluate(right)?;
            result = at(right.span, compare(*comparison, &left, &value))?;
            if k + 1 < rest.len() && !at(right.span, result.truth())? {
                break;
            }
            left = value;
        }
        Ok(result)
    }

    fn format(&mut self, pieces: &[Piece]) -> Done<Value> {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Value { value: expression, is_repr, format } => {
                    let value = self.evaluate(expression)?;
                    let value = self.printable(&value, *is_repr, expression.span)?;

                    text.push_str(&at(expression.span, show::formatted(&value, format))?);
                }
            }
        }
        Ok(Value::text(text))
    }
}

/// `~value`
fn inverted(value: &Value) -> Outcome<Value> {
    use super::super::array::Kind;
    Ok(match value {
        Value::Int(value) => Value::Int(!*value),
        Value::Bool(value) => Value::Int(!i64::from(*value)),
        Value::Array(array) if array.kind() <= Kind::Int => {
            let is_truth = array.kind() == Kind::Bool;
            let of = move |v: f64| if is_truth { 1.0 - v } else { -v - 1.0 };
            Value::Array(apply(array, array.kind(), of)?)
        }
        other => {
            return Err(Fault::new(format!(
                "`~` turns truth values or integers over, and this is {}",
                other.described()
            )));
        }
    })
}

fn negated(value: &Value) -> Outcome<Value> {
    Ok(match value {
        Value::Int(value) => Value::Int(value.wrapping_neg()),
        Value::Bool(value) => Value::Int(-i64::from(*value)),
        Value::Float(value) => Value::Float(-value),
        Value::Array(array) => Value::Array(apply(array, array.kind().counted(), |v| -v)?),
        other => return Err(Fault::new(format!("{} has no negative", other.described()))),
    })
}

/// `value[index]`
fn subscripted(value: &Value, index: &Value) -> Outcome<Value> {
    match value {
        Value::Array(array) => {
            let part = array.subscript(&subscripts(index)?)?;
            // A number is no view: what is changed in the array later does not change it.
            Ok(Value::Array(if part.shape().is_empty() { part.copied()? } else { part }))
        }
        Value::Dict(pairs) => {
            let pairs = pairs.borrow();
            let found = pairs.iter().find(|(key, _)| key.equals(index)).map(|(_, value)| value.clone());
            found.ok_or_else(|| Fault::new(format!("the dictionary has no key {}", show::repr(index))))
        }
        Value::Library(path) if value.is_drawing() => {
            let axes = drawings::sizes(path);
            Ok(Value::drawing(axes.get(1..).unwrap_or_default()))
        }
        Value::Library(path) if matches!(&**path, "numpy.r_" | "numpy.c_") => library::joined(path, index),
        Value::List(_) | Value::Tuple(_) | Value::Deque(_) | Value::Text(_) | Value::Range(..) => {
            let items = value.items()?;
            let Value::Slice([from, to, step]) = index else {
                return Ok(items[entry(index, items.len())?].clone());
            };
            let part = super::super::array::sliced(items.len(), (*from, *to, *step))?;
            let chosen: Vec<Value> = part.into_iter().map(|k| items[k].clone()).collect();
            Ok(match value {
                Value::Tuple(_) => Value::tuple(chosen),
                Value::Text(_) => Value::text(chosen.iter().map(show::text).collect::<String>()),
                _ => Value::list(chosen),
            })
        }
        other => Err(Fault::new(format!("{} has no entries", other.described()))),
    }
}
