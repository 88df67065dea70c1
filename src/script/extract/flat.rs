//! The block of a loop as one list of assignments.

use std::collections::HashMap;
use std::rc::Rc;

use super::super::language::*;
use super::super::run::{Interpreter, Recorded, assigned, targets_of};
use super::super::value::{Closure, Value};
use super::objects::{method_of, plain, with_object};
use super::parts::{
    arguments_of, assigns_names, chosen, is_in_order, is_simple, keeps_only, renamed, unpacks_first,
};
use super::tuples::spread;
use super::{Refusal, no_listing};

/// `targets = value`, and what stood there.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) target: Expression,
    pub(super) value: Expression,
    pub(super) comment: Option<String>,
    /// Whether it adds to what the name held: `total += …`.
    pub(super) adds: bool,
    /// Whether it appends to a list.
    pub(super) appends: bool,
}

/// The most lines that a step may have.
const MOST_LINES: usize = 400;

/// The assignments of one turn.
///
/// `held` are the names of what objects hold.
pub(super) fn flat(
    recorded: &Recorded,
    held: &HashMap<String, String>,
    run: &mut Interpreter,
) -> Result<Vec<Line>, Refusal> {
    let mut names = recorded.names.clone();
    names.extend(recorded.before.keys().cloned());
    let mut flat = Flat { run, own: &recorded.names, held, taken: names, lines: Vec::new() };
    flat.block(&recorded.each.body)?;
    Ok(flat.lines)
}

pub(super) struct Flat<'a> {
    pub(super) run: &'a mut Interpreter,
    /// Names that the loop gives values to.
    own: &'a [String],
    pub(super) held: &'a HashMap<String, String>,
    /// Names that mean something already.
    taken: Vec<String>,
    lines: Vec<Line>,
}

impl Flat<'_> {
    fn block(&mut self, body: &[Statement]) -> Result<(), Refusal> {
        body.iter().try_for_each(|statement| self.statement(statement))
    }

    pub(super) fn statement(&mut self, statement: &Statement) -> Result<(), Refusal> {
        if self.lines.len() > MOST_LINES {
            return Err(no_listing(
                statement.span,
                "this loop has too many lines for a step; make it shorter",
            ));
        }
        let comment = statement.comment.clone();
        if let Some(rest) = self.names_inside(statement)? {
            return self.statement(&rest);
        }
        match &statement.kind {
            StatementKind::Assign(targets, value) => {
                for (k, target) in targets.iter().rev().enumerate() {
                    // Of `a = b = value` the second takes the value of the first.
                    let value = if k == 0 { value } else { &targets[targets.len() - k] };
                    self.assign(target, value, comment.clone())?;
                }
            }
            StatementKind::Augmented(target, operator, value) => {
                let kind =
                    ExpressionKind::Binary(*operator, Box::new(target.clone()), Box::new(value.clone()));
                let value = Expression { kind, span: statement.span };
                let adds = matches!(operator, Operator::Add | Operator::Subtract);
                self.lines.push(Line { target: target.clone(), value, comment, adds, appends: false });
            }
            StatementKind::Expression(value) => self.called(value, comment)?,
            StatementKind::For(each) => self.unrolled(each)?,
            StatementKind::If(branches, otherwise) => self.branch(branches, otherwise, statement)?,
            _ => {}
        }
        Ok(())
    }

    pub(super) fn assign(
        &mut self,
        target: &Expression,
        value: &Expression,
        comment: Option<String>,
    ) -> Result<(), Refusal> {
        // `h[:] = value`
        if let ExpressionKind::Subscript(of, index) = &target.kind
            && let (ExpressionKind::Slice([None, None, None]), Some(name)) = (&index.kind, as_name(of))
            && self.own.iter().any(|own| own == name)
        {
            return self.assign(of, value, comment);
        }
        // `state = State(h, c)` gives every value of the state its own.
        if let (Some(_), Some(pairs)) = (as_name(target), self.record(target, value)) {
            let tuple =
                |all: Vec<Expression>| Expression { kind: ExpressionKind::Tuple(all), span: value.span };
            let part = |field: &String| Expression {
                kind: ExpressionKind::Attribute(Box::new(target.clone()), field.clone()),
                span: value.span,
            };
            let (fields, values): (Vec<_>, Vec<_>) = pairs.iter().map(|(f, v)| (part(f), v.clone())).unzip();
            return self.assign(&tuple(fields), &tuple(values), comment);
        }
        // `h, c = state`
        if let (ExpressionKind::Tuple(targets), Some(values)) = (&target.kind, self.held_values(value))
            && values.len() == targets.len()
        {
            let values = Expression { kind: ExpressionKind::Tuple(values), span: value.span };
            return self.assign(target, &values, comment);
        }
        if matches!(target.kind, ExpressionKind::Tuple(_)) && written(target) == written(value) {
            return Ok(());
        }
        // `a, b = f(x), g(y)` where no name is read after it got its value: one line each.
        if let (ExpressionKind::Tuple(targets), ExpressionKind::Tuple(values)) = (&target.kind, &value.kind) {
            let is_apart = targets.len() == values.len() && is_in_order(targets, values);
            let has_lines = is_apart && values.iter().any(|value| self.call_of(value).is_some());
            if is_apart && (has_lines || targets.iter().any(|t| as_name(t).is_none())) {
                return targets.iter().zip(values).try_for_each(|(t, v)| self.assign(t, v, comment.clone()));
            }
        }
        // `Wz, Uz, bz = params`: each takes its entry.
        if let (ExpressionKind::Tuple(targets), Some(length)) = (&target.kind, self.outside_list(value))
            && length == targets.len()
        {
            let entry = |k: usize| {
                let index = Expression { kind: ExpressionKind::Int(k as i64), span: value.span };
                let kind = ExpressionKind::Subscript(Box::new(value.clone()), Box::new(index));
                Expression { kind, span: value.span }
            };
            let pairs: Vec<_> = targets.iter().enumerate().map(|(k, target)| (target, entry(k))).collect();
            return pairs.into_iter().try_for_each(|(target, value)| self.assign(target, &value, None));
        }
        let value = &spread(value, true, self.own, self.run);
        if let Some((closure, arguments)) = self.call_of(value)
            && self.inline(&closure, &arguments, Some(target), value)?
        {
            return Ok(());
        }
        self.lines.push(Line {
            target: target.clone(),
            value: value.clone(),
            comment,
            adds: false,
            appends: false,
        });
        Ok(())
    }

    /// How long a list of the script is that a turn does not change.
    fn outside_list(&self, value: &Expression) -> Option<usize> {
        let name = as_name(value).filter(|name| !self.own.iter().any(|own| own == name))?;
        match self.run.named(name)? {
            list @ (Value::List(_) | Value::Tuple(_)) => list.length().ok(),
            _ => None,
        }
    }

    /// `outputs.append(value)`, or `rnn.step(x)`
    fn called(&mut self, value: &Expression, comment: Option<String>) -> Result<(), Refusal> {
        if let Some((closure, arguments)) = self.call_of(value) {
            return self.inline(&closure, &arguments, None, value).map(|_| ());
        }
        let ExpressionKind::Call(function, arguments) = &value.kind else { return Ok(()) };
        // `np.clip(h, -1, 1, out=h)`
        if let Some(out) = arguments.iter().find(|one| one.name.as_deref() == Some("out")) {
            let rest = arguments.iter().filter(|one| one.name.as_deref() != Some("out")).cloned().collect();
            let kind = ExpressionKind::Call(function.clone(), rest);
            return self.assign(&out.value, &Expression { kind, span: value.span }, comment);
        }
        let ExpressionKind::Attribute(list, method) = &function.kind else { return Ok(()) };
        if let ("append", [one]) = (method.as_str(), arguments.as_slice()) {
            let mut value = one.value.clone();
            if let Some((closure, arguments)) = self.call_of(&value) {
                let name = name_at(&self.fresh("y"), &value);
                if self.inline(&closure, &arguments, Some(&name), &value)? {
                    value = name;
                }
            }
            let target = (**list).clone();
            self.lines.push(Line { target, value, comment, adds: false, appends: true });
        }
        Ok(())
    }

    /// A call of a function that has lines of its own.
    fn call_of(&mut self, value: &Expression) -> Option<(Rc<Closure>, Vec<Argument>)> {
        let ExpressionKind::Call(function, arguments) = &value.kind else { return None };
        let plain =
            || arguments.iter().map(|one| Argument { name: one.name.clone(), value: one.value.clone() });
        let (closure, arguments) = match as_name(function).and_then(|name| self.run.named(name)) {
            Some(Value::Function(closure)) => (closure, plain().collect()),
            _ => {
                let (closure, own) = method_of(function, self.run)?;
                (closure, with_object(own, arguments))
            }
        };
        let is_short =
            matches!(closure.function.body.as_slice(), [Statement { kind: StatementKind::Return(_), .. }]);
        (!is_short).then_some((closure, arguments))
    }

    /// The lines of a function in place of its call; not if they are no plain assignments, with a return at the end
    /// where something is made of what it returns.
    fn inline(
        &mut self,
        closure: &Closure,
        arguments: &[Argument],
        target: Option<&Expression>,
        call: &Expression,
    ) -> Result<bool, Refusal> {
        let function = &closure.function;
        let (result, body) = match (function.body.split_last(), target) {
            (Some((Statement { kind: StatementKind::Return(result), .. }, body)), _) => {
                (result.as_ref(), body)
            }
            (_, None) => (None, function.body.as_slice()),
            _ => return Ok(false),
        };
        let is_outside = |statement: &Statement| match &statement.kind {
            StatementKind::Outside(names) => Some(names.clone()),
            _ => None,
        };
        let outside: Vec<String> = body.iter().filter_map(is_outside).flatten().collect();
        // What is asserted, and the text at the head, give no value.
        let is_silent = |one: &Statement| match &one.kind {
            StatementKind::Assert(_) | StatementKind::Pass | StatementKind::Declared(_) => true,
            StatementKind::Expression(value) => {
                matches!(value.kind, ExpressionKind::Text(_)) || keeps_only(value, body)
            }
            _ => false,
        };
        let is_plain =
            body.iter().all(|one| assigns_names(one) || is_outside(one).is_some() || is_silent(one));
        if !is_plain || (target.is_some() && result.is_none()) {
            return Ok(false);
        }
        let Some(mut meant) = arguments_of(function, arguments) else { return Ok(false) };
        let (mut own, mut targets) = (Vec::new(), Vec::new());
        assigned(body, &mut own);
        if let Some(target) = target {
            targets_of(target, &mut targets);
        }
        for (name, value) in meant.clone() {
            let is_itself = as_name(&value) == Some(name.as_str());
            let mut reads = Vec::new();
            names_in(&value, &mut reads);
            // A parameter that gets another value in the function is a name of its own from then on; so is one that
            // stands for what the function gives another value; and what is computed is computed once.
            // `h, c = state` above everything else takes what a tuple holds before any of it changes.
            let is_unpacked = matches!(value.kind, ExpressionKind::Tuple(_)) && unpacks_first(body, &name);
            let changes = own.contains(&name) || reads.iter().any(|read| own.contains(read));
            let changes = changes && !is_unpacked;
            if !is_itself && (changes || !is_simple(&value)) {
                let fresh = self.fresh(&name);
                let to = name_at(&fresh, call);
                self.lines.push(Line {
                    target: to.clone(),
                    value,
                    comment: None,
                    adds: false,
                    appends: false,
                });
                meant.retain(|(known, _)| *known != name);
                meant.push((name, to));
            }
        }
        for name in own.into_iter().filter(|name| !outside.contains(name)) {
            let is_given = meant.iter().any(|(known, _)| *known == name);
            let is_free = !self.taken.contains(&name) || targets.contains(&name);
            if !is_given && !is_free {
                let fresh = self.fresh(&name);
                meant.push((name, name_at(&fresh, call)));
            } else if !self.taken.contains(&name) {
                self.taken.push(name);
            }
        }
        for statement in body {
            // `w = self.weights` is another word for an object.
            if let StatementKind::Assign(all, value) = &statement.kind
                && let [Expression { kind: ExpressionKind::Name(name), .. }] = all.as_slice()
                && let value = renamed(value, &meant)
                && is_simple(&value)
                && matches!(self.run.value_of(&value), Ok(Value::Object(_) | Value::Dict(_)))
            {
                meant.retain(|(known, _)| known != name);
                meant.push((name.clone(), value));
                continue;
            }
            let renamed = |expression: &Expression| renamed(expression, &meant);
            let statement = match &statement.kind {
                StatementKind::Assign(all, value) => {
                    StatementKind::Assign(all.iter().map(renamed).collect(), renamed(value))
                }
                StatementKind::Augmented(one, operator, value) => {
                    StatementKind::Augmented(renamed(one), *operator, renamed(value))
                }
                _ => continue,
            };
            self.statement(&Statement { kind: statement, span: call.span, comment: None })?;
        }
        if let (Some(target), Some(result)) = (target, result) {
            let result = plain(&renamed(result, &meant), self.held, self.run, 0);
            self.results(target, result);
        }
        Ok(true)
    }

    /// What a function returned; a name that keeps its value needs no line.
    fn results(&mut self, target: &Expression, result: Expression) {
        let pairs = match (&target.kind, &result.kind) {
            (ExpressionKind::Tuple(targets), ExpressionKind::Tuple(values))
                if is_in_order(targets, values) =>
            {
                targets.iter().cloned().zip(values.iter().cloned()).collect()
            }
            _ => vec![(target.clone(), result)],
        };
        for (target, value) in pairs {
            if as_name(&target).is_some() && self.record(&target, &value).is_some() {
                // It is given to a name, so that no line is refused.
                let _ = self.assign(&target, &value, None);
                continue;
            }
            if as_name(&target).is_none() || as_name(&target) != as_name(&value) {
                self.lines.push(Line { target, value, comment: None, adds: false, appends: false });
            }
        }
    }

    fn fresh(&mut self, name: &str) -> String {
        let mut fresh = name.to_owned();
        while self.taken.contains(&fresh) {
            fresh.push('_');
        }
        self.taken.push(fresh.clone());
        fresh
    }

    /// A condition that does not change from turn to turn is settled here.
    fn branch(
        &mut self,
        branches: &[(Expression, Vec<Statement>)],
        otherwise: &[Statement],
        statement: &Statement,
    ) -> Result<(), Refusal> {
        let mut names = Vec::new();
        branches.iter().for_each(|(_, body)| assigned(body, &mut names));
        assigned(otherwise, &mut names);
        let mut read = Vec::new();
        branches.iter().for_each(|(test, _)| names_in(test, &mut read));
        let changes =
            read.iter().any(|name| self.lines.iter().any(|line| as_name(&line.target) == Some(name)))
                || read.iter().any(|name| self.own.contains(name) || !self.run.has_outside(name));
        if !changes {
            for (test, body) in branches {
                if self.run.value_of(test).ok().and_then(|value| value.truth().ok()) == Some(true) {
                    return self.block(body);
                }
            }
            return self.block(otherwise);
        }
        if let Some((target, value)) = chosen(branches, otherwise, statement) {
            self.lines.push(Line { target, value, comment: None, adds: false, appends: false });
            return Ok(());
        }
        match names.is_empty() {
            true => Ok(()),
            false => Err(no_listing(
                statement.span,
                "a step is the same at every timestep, and this `if` makes it depend on one; write it with np.where",
            )),
        }
    }
}
