//! The block of a loop as one list of assignments.

use std::rc::Rc;

use super::super::language::*;
use super::super::run::{Interpreter, Recorded, assigned, targets_of};
use super::super::value::{Closure, Value};
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
/// The longest loop inside of a step that is written out.
const MOST_TURNS: usize = 16;

/// The assignments of one turn.
pub(super) fn flat(recorded: &Recorded, run: &mut Interpreter) -> Result<Vec<Line>, Refusal> {
    let mut names = recorded.names.clone();
    names.extend(recorded.before.keys().cloned());
    let mut flat = Flat { run, own: &recorded.names, taken: names, lines: Vec::new() };
    flat.block(&recorded.each.body)?;
    Ok(flat.lines)
}

struct Flat<'a> {
    run: &'a mut Interpreter,
    /// Names that the loop gives values to.
    own: &'a [String],
    /// Names that mean something already.
    taken: Vec<String>,
    lines: Vec<Line>,
}

impl Flat<'_> {
    fn block(&mut self, body: &[Statement]) -> Result<(), Refusal> {
        body.iter().try_for_each(|statement| self.statement(statement))
    }

    fn statement(&mut self, statement: &Statement) -> Result<(), Refusal> {
        if self.lines.len() > MOST_LINES {
            return Err(no_listing(
                statement.span,
                "this loop has too many lines for a step; make it shorter",
            ));
        }
        let comment = statement.comment.clone();
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
            StatementKind::Expression(value) => self.appended(value, comment),
            StatementKind::For(each) => self.unrolled(each, statement)?,
            StatementKind::If(branches, otherwise) => self.branch(branches, otherwise, statement)?,
            _ => {}
        }
        Ok(())
    }

    fn assign(
        &mut self,
        target: &Expression,
        value: &Expression,
        comment: Option<String>,
    ) -> Result<(), Refusal> {
        // `a, b = f(x), g(y)` where no name is read after it got its value: one line each.
        if let (ExpressionKind::Tuple(targets), ExpressionKind::Tuple(values)) = (&target.kind, &value.kind) {
            let is_apart = targets.len() == values.len() && is_in_order(targets, values);
            if is_apart && (targets.iter().any(|t| as_name(t).is_none())) {
                return targets.iter().zip(values).try_for_each(|(t, v)| self.assign(t, v, comment.clone()));
            }
        }
        if let Some((closure, arguments)) = self.call_of(value)
            && self.inline(&closure, arguments, target, value)?
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

    /// `outputs.append(value)`
    fn appended(&mut self, value: &Expression, comment: Option<String>) {
        let ExpressionKind::Call(function, arguments) = &value.kind else { return };
        let ExpressionKind::Attribute(list, method) = &function.kind else { return };
        if let ("append", [one]) = (method.as_str(), arguments.as_slice()) {
            self.lines.push(Line {
                target: (**list).clone(),
                value: one.value.clone(),
                comment,
                adds: false,
                appends: true,
            });
        }
    }

    /// A call of a function that has lines of its own.
    fn call_of<'e>(&self, value: &'e Expression) -> Option<(Rc<Closure>, &'e [Argument])> {
        let ExpressionKind::Call(function, arguments) = &value.kind else { return None };
        match self.run.named(as_name(function)?) {
            Some(Value::Function(closure)) if closure.function.body.len() > 1 => Some((closure, arguments)),
            _ => None,
        }
    }

    /// The lines of a function in place of its call; not if they are no plain assignments with a return at the end.
    fn inline(
        &mut self,
        closure: &Closure,
        arguments: &[Argument],
        target: &Expression,
        call: &Expression,
    ) -> Result<bool, Refusal> {
        let function = &closure.function;
        let Some((Statement { kind: StatementKind::Return(Some(result)), .. }, body)) =
            function.body.split_last()
        else {
            return Ok(false);
        };
        if !body.iter().all(assigns_names) {
            return Ok(false);
        }
        let Some(mut meant) = arguments_of(function, arguments) else { return Ok(false) };
        let (mut own, mut targets) = (Vec::new(), Vec::new());
        assigned(body, &mut own);
        targets_of(target, &mut targets);
        for (name, value) in meant.clone() {
            let is_itself = as_name(&value) == Some(name.as_str());
            let mut reads = Vec::new();
            names_in(&value, &mut reads);
            // A parameter that gets another value in the function is a name of its own from then on; so is one that
            // stands for what the function gives another value; and what is computed is computed once.
            let changes = own.contains(&name) || reads.iter().any(|read| own.contains(read));
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
        for name in own {
            let is_given = meant.iter().any(|(known, _)| *known == name);
            let is_free = !self.taken.contains(&name) || targets.contains(&name);
            if !is_given && !is_free {
                let fresh = self.fresh(&name);
                meant.push((name, name_at(&fresh, call)));
            } else if !self.taken.contains(&name) {
                self.taken.push(name);
            }
        }
        let renamed = |expression: &Expression| {
            replaced(expression, &mut |part| {
                let name = as_name(part)?;
                meant.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
            })
        };
        for statement in body {
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
        self.results(target, renamed(result));
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

    /// `for k in range(2):`, written out.
    fn unrolled(&mut self, each: &For, statement: &Statement) -> Result<(), Refusal> {
        let members: Option<Vec<Expression>> = match &each.over.kind {
            ExpressionKind::Tuple(all) | ExpressionKind::List(all) => Some(all.clone()),
            _ => self.run.value_of(&each.over).ok().and_then(|over| over.items().ok()).and_then(|items| {
                let number = |item: &Value| match item {
                    Value::Int(value) => {
                        Some(Expression { kind: ExpressionKind::Int(*value), span: statement.span })
                    }
                    _ => None,
                };
                items.iter().map(number).collect()
            }),
        };
        let (Some(members), Some(name)) =
            (members.filter(|all| all.len() <= MOST_TURNS), as_name(&each.target))
        else {
            // It may be none that a state needs.
            return Ok(());
        };
        for member in members {
            for inner in &each.body {
                let inner = with_name(inner, name, &member);
                self.statement(&inner)?;
            }
        }
        Ok(())
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

/// `if test: a = b` and `else: a = c` as `a = b if test else c`.
fn chosen(
    branches: &[(Expression, Vec<Statement>)],
    otherwise: &[Statement],
    statement: &Statement,
) -> Option<(Expression, Expression)> {
    let one = |body: &[Statement]| match body {
        [Statement { kind: StatementKind::Assign(targets, value), .. }] => match targets.as_slice() {
            [target] => Some((target.clone(), value.clone())),
            _ => None,
        },
        _ => None,
    };
    let [(test, body)] = branches else { return None };
    let ((target, then), (other, otherwise)) = (one(body)?, one(otherwise)?);
    let kind = ExpressionKind::Conditional(Box::new([test.clone(), then, otherwise]));
    (written(&target) == written(&other)).then_some((target, Expression { kind, span: statement.span }))
}

/// Whether a statement gives values to names, and to nothing else.
fn assigns_names(statement: &Statement) -> bool {
    let all_names = |target: &Expression| match &target.kind {
        ExpressionKind::Tuple(all) => all.iter().all(|one| as_name(one).is_some()),
        _ => as_name(target).is_some(),
    };
    match &statement.kind {
        StatementKind::Assign(targets, _) => targets.iter().all(all_names),
        StatementKind::Augmented(target, ..) => all_names(target),
        _ => false,
    }
}

/// Whether an argument is read, not computed.
fn is_simple(value: &Expression) -> bool {
    match &value.kind {
        ExpressionKind::Subscript(of, _) | ExpressionKind::Attribute(of, _) => is_simple(of),
        ExpressionKind::Negate(one) => is_simple(one),
        ExpressionKind::Call(..) | ExpressionKind::Binary(..) | ExpressionKind::Conditional(_) => false,
        _ => true,
    }
}

/// Whether assigning one after the other gives what assigning all at once gives.
fn is_in_order(targets: &[Expression], values: &[Expression]) -> bool {
    targets.len() == values.len()
        && (1..values.len()).all(|k| {
            let mut names = Vec::new();
            names_in(&values[k], &mut names);
            let earlier = targets[..k].iter().filter_map(as_name);
            earlier.zip(values).all(|(target, value)| {
                !names.iter().any(|name| name == target) || as_name(value) == Some(target)
            })
        })
}

/// Which expression each parameter stands for.
fn arguments_of(function: &Function, arguments: &[Argument]) -> Option<Vec<(String, Expression)>> {
    let mut meant = Vec::new();
    let mut positional = arguments.iter().filter(|argument| argument.name.is_none());
    for parameter in &function.parameters {
        let named =
            arguments.iter().find(|argument| argument.name.as_deref() == Some(parameter.name.as_str()));
        let value = named.or_else(|| positional.next()).map(|argument| argument.value.clone());
        meant.push((parameter.name.clone(), value.or_else(|| parameter.default.clone())?));
    }
    let is_plain = |value: &Expression| !matches!(value.kind, ExpressionKind::Starred(_));
    meant.iter().all(|(_, value)| is_plain(value)).then_some(meant)
}

/// A statement with a value in place of a name.
fn with_name(statement: &Statement, name: &str, value: &Expression) -> Statement {
    let put = |expression: &Expression| {
        replaced(expression, &mut |part| (as_name(part) == Some(name)).then(|| value.clone()))
    };
    let block =
        |body: &[Statement]| body.iter().map(|inner| with_name(inner, name, value)).collect::<Vec<_>>();
    let kind = match &statement.kind {
        StatementKind::Assign(targets, value) => {
            StatementKind::Assign(targets.iter().map(put).collect(), put(value))
        }
        StatementKind::Augmented(target, operator, value) => {
            StatementKind::Augmented(put(target), *operator, put(value))
        }
        StatementKind::Expression(value) => StatementKind::Expression(put(value)),
        StatementKind::If(branches, otherwise) => StatementKind::If(
            branches.iter().map(|(test, body)| (put(test), block(body))).collect(),
            block(otherwise),
        ),
        StatementKind::For(each) => StatementKind::For(Rc::new(For {
            target: each.target.clone(),
            over: put(&each.over),
            body: block(&each.body),
        })),
        other => other.clone(),
    };
    Statement { kind, ..statement.clone() }
}
