//! What a loop gives its names, timestep by timestep.

use std::collections::HashMap;
use std::rc::Rc;

use crate::listing::Span;

use super::super::array::{Array, Outcome, stack};
use super::super::language::*;
use super::super::value::Value;
use super::{Done, Interpreter, at};

/// How many numbers a loop may have in its record.
const MOST_RECORDED: usize = 1 << 22;

/// A loop that ran, with the values of its names at the end of every turn.
#[derive(Debug)]
pub(in crate::script) struct Recorded {
    pub(in crate::script) each: Rc<For>,
    pub(in crate::script) span: Span,
    /// How often its block ran.
    pub(in crate::script) turns: usize,
    /// The names that its block assigns, in their order.
    pub(in crate::script) names: Vec<String>,
    /// Arrays of which its block changes the same parts in every turn.
    parts: Vec<String>,
    /// The values of all visible names before its first turn, as they were then.
    pub(in crate::script) before: HashMap<String, Value>,
    /// The same values, as the script has changed them since.
    pub(in crate::script) live: HashMap<String, Value>,
    /// Of the names, those that had a value then.
    pub(in crate::script) values: HashMap<String, Vec<Array>>,
    /// How many numbers these are.
    held: usize,
    /// The loops that began before it ended have lower places among all loops.
    pub(in crate::script) inner: usize,
}

impl Interpreter {
    /// Begins to record a loop, unless it ran before.
    pub(super) fn begin_recording(&mut self, each: &Rc<For>, span: Span) -> Done<Option<usize>> {
        if self.loops.iter().any(|known| known.span == span) {
            return Ok(None);
        }
        let mut names = Vec::new();
        targets_of(&each.target, &mut names);
        assigned(&each.body, &mut names);
        let (mut before, mut live) = (HashMap::new(), HashMap::new());
        let mut scope = Some(Rc::clone(&self.scope));
        while let Some(current) = scope {
            for (name, value) in &current.borrow().names {
                if !before.contains_key(name) {
                    live.insert(name.clone(), value.clone());
                    before.insert(name.clone(), at(span, kept(value, 0))?);
                    let mut held = Vec::new();
                    Self::held_by(name, value, 0, &mut held);
                    for (name, value) in held {
                        before.insert(name.clone(), at(span, kept(&value, 0))?);
                        live.insert(name, value);
                    }
                }
            }
            scope = current.borrow().around.clone();
        }
        let mut parts = Vec::new();
        changed_in_part(&each.body, &names, &mut parts);
        parts.retain(|name| matches!(before.get(name), Some(Value::Array(_))) && !names.contains(name));
        let each = Rc::clone(each);
        self.loops.push(Recorded {
            each,
            span,
            turns: 0,
            parts,
            names,
            before,
            live,
            values: HashMap::new(),
            held: 0,
            inner: 0,
        });
        Ok(Some(self.loops.len() - 1))
    }

    /// Whether the block has given nothing another value since the last turn: it was left before it did.
    pub(super) fn is_unchanged(&self, which: usize) -> bool {
        let recorded = &self.loops[which];
        let mut names = Vec::new();
        assigned(&recorded.each.body, &mut names);
        recorded.turns > 0
            && names.iter().all(|name| {
                let now = self.value_at(name).and_then(|value| value.array().ok());
                match (recorded.values.get(name).and_then(|values| values.last()), now) {
                    (Some(last), Some(now)) => last.shape() == now.shape() && last.numbers() == now.numbers(),
                    (last, now) => last.is_none() && now.is_none(),
                }
            })
    }

    pub(super) fn record(&mut self, which: usize) -> Done<()> {
        if self.loops[which].held > MOST_RECORDED {
            // It is no loop over time, or too long a one to be looked at.
            self.loops[which].values.clear();
            self.loops[which].names.clear();
            self.loops[which].parts.clear();
        }
        if self.loops[which].turns == 0 {
            let changed = self.changed_elsewhere(which);
            self.loops[which].names.extend(changed);
        }
        let names: Vec<String> =
            self.loops[which].names.iter().chain(&self.loops[which].parts).cloned().collect();
        for name in names {
            let Some(value) = self.value_at(&name) else { continue };
            // What an object of plain values holds, `state.h`.
            let mut held = Vec::new();
            Self::held_by(&name, &value, 2, &mut held);
            for (name, value) in held {
                if let Value::Array(array) = &value {
                    let copy = at(self.loops[which].span, array.copied())?;
                    self.loops[which].held += copy.count();
                    self.loops[which].values.entry(name).or_default().push(copy);
                }
            }
            let array = match &value {
                Value::Array(array) => Some(at(self.loops[which].span, array.copied())?),
                Value::Int(_) | Value::Float(_) | Value::Bool(_) => value.array().ok(),
                _ => None,
            };
            if let Some(array) = array {
                self.loops[which].held += array.count();
                self.loops[which].values.entry(name).or_default().push(array);
            }
        }
        self.loops[which].turns += 1;
        self.loops[which].inner = self.loops.len();
        Ok(())
    }
}

impl Interpreter {
    /// Arrays that functions and methods have put in place of others: names that they declare global, and what objects
    /// hold.
    fn changed_elsewhere(&self, which: usize) -> Vec<String> {
        let Recorded { names, live, .. } = &self.loops[which];
        let is_other = |name: &&String| match (live.get(*name), self.value_at(name)) {
            (Some(Value::Array(before)), Some(Value::Array(now))) => {
                before.place() != now.place() && !names.contains(*name)
            }
            _ => false,
        };
        let mut changed: Vec<String> = live.keys().filter(is_other).cloned().collect();
        changed.sort();
        changed
    }
}

/// A value as it is now, whatever is changed in it later.
pub(super) fn kept(value: &Value, depth: usize) -> Outcome<Value> {
    if depth > 2 {
        return Ok(value.clone());
    }
    Ok(match value {
        Value::Array(array) => Value::Array(array.copied()?),
        Value::List(all) => {
            Value::list(all.borrow().iter().map(|one| kept(one, depth + 1)).collect::<Outcome<_>>()?)
        }
        Value::Dict(pairs) => {
            let pair = |(key, value): &(Value, Value)| Ok((key.clone(), kept(value, depth + 1)?));
            let pairs = pairs.borrow().iter().map(pair).collect::<Outcome<Vec<_>>>()?;
            Value::Dict(Rc::new(pairs.into()))
        }
        other => other.clone(),
    })
}

impl Recorded {
    /// The same loop with other names.
    pub(in crate::script) fn renamed(
        &self,
        names: Vec<String>,
        (before, live): (HashMap<String, Value>, HashMap<String, Value>),
        values: HashMap<String, Vec<Array>>,
    ) -> Self {
        let Self { span, turns, held, inner, .. } = *self;
        let parts = self.parts.clone();
        Self { each: Rc::clone(&self.each), span, turns, names, parts, before, live, values, held, inner }
    }

    /// The values of a name as one array, time first; none where it has not one shape in every turn.
    pub(in crate::script) fn over_time(&self, name: &str) -> Option<Array> {
        let values = self.values.get(name).filter(|values| values.len() == self.turns)?;
        stack(values, 0).ok()
    }
}

/// The names of a target, each once.
pub(in crate::script) fn targets_of(target: &Expression, names: &mut Vec<String>) {
    match &target.kind {
        ExpressionKind::Name(name) if !names.contains(name) => names.push(name.clone()),
        ExpressionKind::Tuple(all) | ExpressionKind::List(all) => {
            all.iter().for_each(|one| targets_of(one, names));
        }
        ExpressionKind::Starred(one) => targets_of(one, names),
        // `h[:] = value` gives all of `h` another value.
        ExpressionKind::Subscript(of, index)
            if matches!(&index.kind, ExpressionKind::Slice([None, None, None])) && as_name(of).is_some() =>
        {
            targets_of(of, names);
        }
        _ => {}
    }
}

/// The names that an expression gives values to: `h := f(x)`.
pub(super) fn named_inside(expression: &Expression, names: &mut Vec<String>) {
    replaced(expression, &mut |part| {
        if let ExpressionKind::Named(name, _) = &part.kind
            && !names.contains(name)
        {
            names.push(name.clone());
        }
        None
    });
}

/// The arrays of which statements change a part, whose place no name that the loop gives values to chooses.
fn changed_in_part(body: &[Statement], own: &[String], names: &mut Vec<String>) {
    for statement in body {
        let targets: Vec<&Expression> = match &statement.kind {
            StatementKind::Assign(targets, _) => targets.iter().collect(),
            StatementKind::Augmented(target, ..) => vec![target],
            _ => continue,
        };
        for target in targets {
            let ExpressionKind::Subscript(of, index) = &target.kind else { continue };
            let mut read = Vec::new();
            names_in(index, &mut read);
            if let Some(name) = as_name(of).filter(|_| !read.iter().any(|name| own.contains(name))) {
                names.push(name.to_owned());
            }
        }
    }
    names.sort();
    names.dedup();
}

/// The names that statements assign, in their order.
pub(in crate::script) fn assigned(body: &[Statement], names: &mut Vec<String>) {
    for statement in body {
        match &statement.kind {
            StatementKind::Assign(targets, value) => {
                named_inside(value, names);
                targets.iter().for_each(|target| targets_of(target, names));
            }
            StatementKind::Augmented(target, ..) => targets_of(target, names),
            StatementKind::Expression(value) => named_inside(value, names),
            StatementKind::For(each) => {
                targets_of(&each.target, names);
                assigned(&each.body, names);
                assigned(&each.otherwise, names);
            }
            StatementKind::While(_, body) => assigned(body, names),
            StatementKind::If(branches, otherwise) => {
                branches.iter().for_each(|(_, body)| assigned(body, names));
                assigned(otherwise, names);
            }
            _ => {}
        }
    }
}
