//! Statements.

use std::rc::Rc;

use crate::listing::{Diagnostic, Span};

use super::super::array::spend;
use super::super::language::*;
use super::super::library;
use super::super::show;
use super::super::value::{Closure, Value};
use super::{Done, Interpreter, STATEMENT, at};

/// Where a script goes on.
pub(super) enum Flow {
    Next,
    Break,
    Continue,
    Return(Value),
}

impl Interpreter {
    /// A statement of the script itself.
    pub(super) fn script_statement(&mut self, statement: &Statement, is_shown: bool) -> Done<()> {
        if let (StatementKind::Expression(value), true) = (&statement.kind, is_shown) {
            let value = self.evaluate(value)?;
            if !matches!(value, Value::None) && !value.is_drawing() {
                at(statement.span, self.world.print(&(show::repr(&value) + "\n")))?;
            }
            self.note_statement(statement);
            return Ok(());
        }
        match self.statement(statement)? {
            Flow::Next => Ok(()),
            Flow::Return(_) => Err(Diagnostic::new(statement.span, "`return` stands outside of a function")),
            Flow::Break | Flow::Continue => {
                Err(Diagnostic::new(statement.span, "this stands outside of a loop; remove it"))
            }
        }
    }

    pub(super) fn block(&mut self, body: &[Statement]) -> Done<Flow> {
        for statement in body {
            match self.statement(statement)? {
                Flow::Next => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    fn statement(&mut self, statement: &Statement) -> Done<Flow> {
        at(statement.span, spend(STATEMENT))?;
        self.deeper(statement.span)?;
        let flow = self.by_kind(statement)?;
        self.note_statement(statement);
        self.depth -= 1;
        Ok(flow)
    }

    fn by_kind(&mut self, statement: &Statement) -> Done<Flow> {
        match &statement.kind {
            StatementKind::Expression(value) => {
                self.evaluate(value)?;
            }
            StatementKind::Assign(targets, value) => {
                let value = self.evaluate(value)?;
                for target in targets {
                    self.assign(target, value.clone())?;
                }
            }
            StatementKind::Augmented(target, operator, value) => self.augment(target, *operator, value)?,
            StatementKind::For(all) => return self.for_loop(all, statement),
            StatementKind::While(test, body) => return self.while_loop(test, body, statement.span),
            StatementKind::If(branches, otherwise) => {
                for (test, body) in branches {
                    let holds = self.truth(test)?;
                    self.note_test(test.span.line, holds);
                    if holds {
                        return self.block(body);
                    }
                }
                return self.block(otherwise);
            }
            StatementKind::Function(function) => {
                let value = self.closure(function)?;
                self.set(&function.name, value);
            }
            StatementKind::Class(class) => {
                let value = self.class(class)?;
                self.set(&class.name, value);
            }
            StatementKind::Outside(names) => self.scope.borrow_mut().outside.extend(names.iter().cloned()),
            StatementKind::Return(value) => {
                let value = match value {
                    Some(value) => self.evaluate(value)?,
                    None => Value::None,
                };
                self.note_return(statement.span.line, &value);
                return Ok(Flow::Return(value));
            }
            StatementKind::Yield(value, is_all) => {
                let value = match value {
                    Some(value) => self.evaluate(value)?,
                    None => Value::None,
                };
                let values = if *is_all { at(statement.span, value.items())? } else { vec![value] };
                self.yielded(values, statement.span)?;
            }
            StatementKind::Import(names) => self.import(names, statement)?,
            StatementKind::Assert(test) => {
                if !self.truth(test)? {
                    return Err(Diagnostic::new(test.span, "what is asserted here does not hold"));
                }
            }
            StatementKind::Delete(targets) => self.delete(targets)?,
            StatementKind::Raise(error) => {
                let error = error.as_ref().map_or("an error".to_owned(), written);
                return Err(Diagnostic::new(
                    statement.span,
                    format!("the script stops here: it raises {error}"),
                ));
            }
            StatementKind::Pass | StatementKind::Declared(_) => {}
            StatementKind::Break => return Ok(Flow::Break),
            StatementKind::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::Next)
    }

    pub(super) fn truth(&mut self, test: &Expression) -> Done<bool> {
        let value = self.evaluate(test)?;
        at(test.span, value.truth())
    }

    /// A function with its defaults, which are computed once.
    pub(super) fn closure(&mut self, function: &Rc<Function>) -> Done<Value> {
        let mut defaults = Vec::new();
        for parameter in &function.parameters {
            defaults.push(match &parameter.default {
                Some(value) => Some(self.evaluate(value)?),
                None => None,
            });
        }
        if !Rc::ptr_eq(&self.scope, &self.globals) {
            self.held.push(Rc::clone(&self.scope));
        }
        let around = Rc::clone(&self.scope);
        Ok(Value::Function(Rc::new(Closure { function: Rc::clone(function), around, defaults })))
    }

    fn for_loop(&mut self, all: &Rc<For>, statement: &Statement) -> Done<Flow> {
        let over = self.evaluate(&all.over)?;
        let over = self.members(&over, all.over.span)?;
        let items = at(all.over.span, over.items())?;
        let recorded = self.begin_recording(all, statement.span)?;
        let (line, turns) = (statement.span.line, items.len());
        let within = self.note_loop(line, Some(turns));
        for (turn, item) in items.into_iter().enumerate() {
            at(all.over.span, spend(STATEMENT))?;
            self.assign(&all.target, item)?;
            self.note_turn(line, turn, Some(&all.target));
            if let Some(flow) = self.turn(&all.body, recorded)? {
                self.note_loop_end(line, None, within);
                return Ok(flow);
            }
        }
        self.note_loop_end(line, Some(turns), within);
        self.block(&all.otherwise)
    }

    fn while_loop(&mut self, test: &Expression, body: &[Statement], span: Span) -> Done<Flow> {
        let recorded = match counted(test, body) {
            Some(each) => self.begin_recording(&Rc::new(each), span)?,
            None => None,
        };
        let within = self.note_loop(span.line, None);
        let mut turns = 0;
        while self.truth(test)? {
            at(test.span, spend(STATEMENT))?;
            self.note_turn(span.line, turns, None);
            if let Some(flow) = self.turn(body, recorded)? {
                self.note_loop_end(span.line, None, within);
                return Ok(flow);
            }
            turns += 1;
        }
        self.note_loop_end(span.line, Some(turns), within);
        Ok(Flow::Next)
    }

    /// One turn of a loop; says how the script goes on where it leaves the loop.
    fn turn(&mut self, body: &[Statement], recorded: Option<usize>) -> Done<Option<Flow>> {
        let flow = self.block(body)?;
        if let Some(recorded) = recorded
            && !(matches!(flow, Flow::Break) && self.is_unchanged(recorded))
        {
            self.record(recorded)?;
        }
        Ok(match flow {
            Flow::Next | Flow::Continue => None,
            Flow::Break => Some(Flow::Next),
            returned => Some(returned),
        })
    }

    fn import(&mut self, names: &[(String, String)], statement: &Statement) -> Done<()> {
        for (path, name) in names {
            let module = path.split('.').next().unwrap_or_default();
            if !library::is_module(module) {
                return Err(Diagnostic::new(statement.span, library::no_module(module)));
            }
            match name.as_str() {
                "*" if path == "numpy" => self.has_all_of_numpy = true,
                "*" => {
                    let message = format!("name what you need: from {path} import tanh, dot, zeros");
                    return Err(Diagnostic::new(statement.span, message));
                }
                _ => self.set(name, Value::Library(Rc::from(path.as_str()))),
            }
        }
        Ok(())
    }
}

/// `while t < T:` with `t += 1` as its last line, as the loop `for t in range(t, T):` that it is.
fn counted(test: &Expression, body: &[Statement]) -> Option<For> {
    let ExpressionKind::Compare(index, rest) = &test.kind else { return None };
    let ([(Comparison::Less, limit)], Some((last, before))) = (rest.as_slice(), body.split_last()) else {
        return None;
    };
    let StatementKind::Augmented(counter, Operator::Add, step) = &last.kind else { return None };
    let is_counter = as_name(index).is_some() && as_name(index) == as_name(counter);
    if !is_counter || !matches!(step.kind, ExpressionKind::Int(1)) {
        return None;
    }
    let bounds = [&**index, limit].map(|value| Argument { name: None, value: value.clone() });
    let range = Box::new(name_at("range", test));
    let over = Expression { kind: ExpressionKind::Call(range, bounds.to_vec()), span: test.span };
    Some(For { target: counter.clone(), over, body: before.to_vec(), otherwise: vec![] })
}
