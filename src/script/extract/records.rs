//! Short loops, names inside of expressions, objects of plain values, and lines that only keep a value.

use super::super::language::*;
use super::super::value::Value;
use super::Refusal;
use super::flat::Flat;
use super::members::{bound, members};
use super::parts::with_name;

impl Flat<'_> {
    /// `for k in range(2):`, written out.
    pub(super) fn unrolled(&mut self, each: &For) -> Result<(), Refusal> {
        let Some(members) = members(&each.over, self.run) else {
            // It may be none that a state needs.
            return Ok(());
        };
        for member in members {
            let mut pairs = Vec::new();
            if !bound(&each.target, &member, &mut pairs) {
                return Ok(());
            }
            for inner in &each.body {
                let inner =
                    pairs.iter().fold(inner.clone(), |inner, (name, value)| with_name(&inner, name, value));
                self.statement(&inner)?;
            }
        }
        Ok(())
    }

    /// `hs.append(h := f(x))` as a line for the name, and the statement that reads it.
    pub(super) fn names_inside(&mut self, statement: &Statement) -> Result<Option<Statement>, Refusal> {
        let mut named = Vec::new();
        let mut outside = |expression: &Expression| {
            replaced(expression, &mut |part| {
                let ExpressionKind::Named(name, value) = &part.kind else { return None };
                named.push((name_at(name, part), (**value).clone()));
                Some(name_at(name, part))
            })
        };
        let kind = match &statement.kind {
            StatementKind::Expression(value) => StatementKind::Expression(outside(value)),
            StatementKind::Assign(targets, value) => StatementKind::Assign(targets.clone(), outside(value)),
            StatementKind::Augmented(target, operator, value) => {
                StatementKind::Augmented(target.clone(), *operator, outside(value))
            }
            _ => return Ok(None),
        };
        if named.is_empty() {
            return Ok(None);
        }
        named.iter().try_for_each(|(name, value)| self.assign(name, value, None))?;
        Ok(Some(Statement { kind, ..statement.clone() }))
    }

    /// What an object of plain values is made of: of `State(h, c)` the names of its values, and these.
    pub(super) fn record(
        &mut self,
        target: &Expression,
        value: &Expression,
    ) -> Option<Vec<(String, Expression)>> {
        if let ExpressionKind::Tuple(all) = &value.kind {
            let name = as_name(target)?;
            let parts = (0..all.len()).map(|k| k.to_string());
            let is_state = self.held.contains_key(&format!("{name}.0"))
                && !self.held.contains_key(&format!("{name}.{}", all.len()));
            return is_state.then(|| parts.zip(all.iter().cloned()).collect());
        }
        let ExpressionKind::Call(function, arguments) = &value.kind else { return None };
        let Value::Class(class) = self.run.value_of(function).ok()? else { return None };
        if class.fields.is_empty() || class.parts.contains_key("__init__") {
            return None;
        }
        let mut positional = arguments.iter().filter(|one| one.name.is_none());
        let of = |field: &String| {
            let named = arguments.iter().find(|one| one.name.as_deref() == Some(field));
            named.or_else(|| positional.next()).map(|one| (field.clone(), one.value.clone()))
        };
        class.fields.iter().map(of).collect()
    }

    /// The values that an object of plain values holds, as expressions.
    pub(super) fn held_values(&mut self, value: &Expression) -> Option<Vec<Expression>> {
        let name = as_name(value)?;
        let part = |field: String| Expression {
            kind: ExpressionKind::Attribute(Box::new(value.clone()), field),
            span: value.span,
        };
        if self.held.contains_key(&format!("{name}.0")) {
            let parts = (0..).map(|k: usize| k.to_string());
            return Some(
                parts.take_while(|k| self.held.contains_key(&format!("{name}.{k}"))).map(part).collect(),
            );
        }
        let Value::Object(object) = self.run.value_of(value).ok()? else { return None };
        let fields = &object.class.fields;
        (!fields.is_empty()).then(|| fields.iter().cloned().map(part).collect())
    }
}
