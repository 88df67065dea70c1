//! What is told to the recorder of positions while a script runs.

use super::super::language::*;
use super::super::positions::{Event, Join, Named, Recorder};
use super::super::value::Value;
use super::Interpreter;
use super::record::{named_inside, targets_of};

impl Interpreter {
    /// The recorder, if something is kept of what runs now.
    fn listening(&self) -> bool {
        self.recorder.as_ref().is_some_and(|recorder| !recorder.is_silent())
    }

    /// A statement has run. What loops, conditions and returns do is told where they run.
    pub(super) fn note_statement(&mut self, statement: &Statement) {
        use StatementKind::*;
        if !self.listening() {
            return;
        }
        let (mut names, mut reads) = (Vec::new(), Vec::new());
        let mut changes_in_place = false;
        match &statement.kind {
            Expression(value) if is_text(value) => return,
            Expression(value) => {
                names_in(value, &mut reads);
                names.extend(receiver(value));
                named_inside(value, &mut names);
                changes_in_place = true;
            }
            Assign(targets, value) => {
                names_in(value, &mut reads);
                named_inside(value, &mut names);
                for target in targets {
                    targets_of(target, &mut names);
                    changes_in_place |= roots(target, &mut names);
                }
            }
            Augmented(target, _, value) => {
                names_in(value, &mut reads);
                targets_of(target, &mut names);
                roots(target, &mut names);
                changes_in_place = true;
            }
            Function(function) => names.push(function.name.clone()),
            Class(class) => names.push(class.name.clone()),
            Import(all) => names.extend(all.iter().map(|(_, name)| name.clone())),
            For(_) | While(..) | If(..) | Return(_) | Yield(..) => return,
            Outside(_) | Assert(_) | Delete(_) | Raise(_) | Declared(_) | Pass | Break | Continue => {}
        }
        let is_expression = matches!(statement.kind, Expression(_));
        let mut values = self.values_of(&names);
        // A call changes what it is called on only if that is a list, a dictionary or an array.
        values.retain(|one| {
            !is_expression || matches!(one.value, Value::List(_) | Value::Dict(_) | Value::Array(_))
        });
        let lists = if changes_in_place { self.lists_beside(&names) } else { vec![] };
        self.note(Event::Statement, statement.span.line, values, lists, &reads);
    }

    /// Lists and dictionaries that were kept: what they hold may have been changed in place.
    fn lists_beside(&self, names: &[String]) -> Vec<Named> {
        let known = self.recorder.as_ref().map_or(vec![], Recorder::list_names);
        let beside: Vec<String> = known.into_iter().filter(|name| !names.contains(name)).collect();
        self.values_of(&beside)
    }

    fn values_of(&self, names: &[String]) -> Vec<Named> {
        let named = |name: &String| {
            let base = name.split('.').next().unwrap_or(name);
            let is_here = self.scope.borrow().names.contains_key(base);
            Some(Named { name: name.clone(), value: self.value_at(name)?, is_here })
        };
        names.iter().filter_map(named).collect()
    }

    fn note(&mut self, event: Event, line: usize, values: Vec<Named>, lists: Vec<Named>, reads: &[String]) {
        let reads = self.values_of(reads);
        if let Some(recorder) = &mut self.recorder {
            recorder.note((event, line), (values, lists), &reads, &self.world.printed);
        }
    }

    /// A loop begins; gives what [`Self::note_loop_end`] takes back.
    pub(super) fn note_loop(&mut self, line: usize, turns: Option<usize>) -> Option<(usize, usize)> {
        self.recorder.as_mut().and_then(|recorder| recorder.begin_loop(line, turns))
    }

    /// Another turn of a loop, which gives the names of its target values.
    pub(super) fn note_turn(&mut self, line: usize, turn: usize, target: Option<&Expression>) {
        if let Some(recorder) = &mut self.recorder {
            recorder.turn(turn);
        }
        if self.listening() {
            let mut names = Vec::new();
            if let Some(target) = target {
                targets_of(target, &mut names);
            }
            let values = self.values_of(&names);
            self.note(Event::Turn, line, values, vec![], &[]);
        }
    }

    /// A loop is left, after so many turns if it had no further one.
    pub(super) fn note_loop_end(
        &mut self,
        line: usize,
        turns: Option<usize>,
        within: Option<(usize, usize)>,
    ) {
        if let Some(recorder) = &mut self.recorder {
            recorder.end_loop(within);
        }
        if let Some(turns) = turns.filter(|_| self.listening()) {
            self.note(Event::End(turns), line, vec![], vec![], &[]);
        }
    }

    pub(super) fn note_test(&mut self, line: usize, holds: bool) {
        if self.listening() {
            self.note(Event::Test(holds), line, vec![], vec![], &[]);
        }
    }

    pub(super) fn note_return(&mut self, line: usize, value: &Value) {
        if self.listening() {
            let value = Named { name: "return".to_owned(), value: value.clone(), is_here: true };
            self.note(Event::Return, line, vec![value], vec![], &[]);
        }
    }

    /// A function of the script is called, and its parameters have their values.
    pub(super) fn note_call(&mut self, function: &Function, line: usize) {
        let Some(recorder) = &mut self.recorder else { return };
        recorder.enter(
            function.is_generator
                || matches!(function.body.as_slice(), [Statement { kind: StatementKind::Return(_), .. }]),
        );
        if self.listening() {
            let names: Vec<String> = function.parameters.iter().map(|one| one.name.clone()).collect();
            let values = self.values_of(&names);
            self.note(Event::Call(function.name.clone()), line, values, vec![], &[]);
        }
    }

    pub(super) fn note_call_end(&mut self) {
        if let Some(recorder) = &mut self.recorder {
            recorder.leave();
        }
    }

    /// `np.concatenate(list)`, which gave `result`: arrays of one shape, joined along their axis 0.
    pub(super) fn note_join(
        &mut self,
        arguments: &[Argument],
        (parts, axis): (&Value, Option<Value>),
        result: &Value,
    ) {
        let (Value::List(_) | Value::Tuple(_), Some(first)) = (parts, arguments.first()) else { return };
        let Value::Array(joined) = result else { return };
        let shapes: Vec<Vec<usize>> = parts
            .items()
            .unwrap_or_default()
            .iter()
            .filter_map(|part| part.array().ok().map(|array| array.shape().to_vec()))
            .collect();
        let Some(each) = shapes.first().filter(|each| !each.is_empty()).cloned() else { return };
        let is_first = match axis {
            None => true,
            Some(axis) => axis.integer().is_ok_and(|axis| axis == 0 || axis == -(each.len() as i64)),
        };
        if is_first && shapes.iter().all(|shape| *shape == each) {
            let (count, result) = (shapes.len(), joined.shape().to_vec());
            let join = Join { list: written(&first.value), name: None, count, each, result };
            if let Some(recorder) = &mut self.recorder {
                recorder.joined(join);
            }
        }
    }
}

fn is_text(value: &Expression) -> bool {
    matches!(value.kind, ExpressionKind::Text(_))
}

/// The name that a call is made on: `outputs` of `outputs.append(h)`.
fn receiver(value: &Expression) -> Option<String> {
    match &value.kind {
        ExpressionKind::Call(function, _) => match &function.kind {
            ExpressionKind::Attribute(of, _) => root(of),
            _ => None,
        },
        _ => None,
    }
}

/// The name that `name[…]` is a part of; what an object holds has its name with a dot: `self.h`.
fn root(value: &Expression) -> Option<String> {
    match &value.kind {
        ExpressionKind::Name(name) => Some(name.clone()),
        ExpressionKind::Attribute(of, part) => Some(format!("{}.{part}", root(of)?)),
        ExpressionKind::Subscript(of, _) => root(of),
        _ => None,
    }
}

/// Adds the names of which a target changes a part; says whether there are any.
fn roots(target: &Expression, names: &mut Vec<String>) -> bool {
    match &target.kind {
        ExpressionKind::Subscript(..) | ExpressionKind::Attribute(..) => {
            if let Some(name) = root(target)
                && !names.contains(&name)
            {
                names.push(name);
            }
            true
        }
        ExpressionKind::Tuple(all) | ExpressionKind::List(all) => {
            all.iter().fold(false, |any, one| roots(one, names) | any)
        }
        ExpressionKind::Starred(one) => roots(one, names),
        _ => false,
    }
}
