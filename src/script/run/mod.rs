//! Running a script: statement by statement, with numpy's values.

mod assign;
mod call;
mod evaluate;
mod functional;
mod generator;
mod given;
mod kinds;
mod noted;
mod object;
mod partial;
mod record;
mod statement;

use std::cell::RefCell;
use std::rc::Rc;

use crate::listing::{Diagnostic, Span};

use super::array::{Fault, Outcome, begin, spend};
use super::language::Statement;
use super::positions::Recorder;
use super::show;
use super::value::{Scope, Value};
use super::world::World;

pub(in crate::script) use record::{Recorded, assigned, targets_of};

/// The result of anything that has a place in the script.
pub(in crate::script) type Done<T> = Result<T, Diagnostic>;

/// How much a script may compute: about half a minute of products.
pub(in crate::script) const MOST_WORK: u64 = 20_000_000_000;
/// What a statement costs beside the numbers that it computes.
const STATEMENT: usize = 40;
/// How deep expressions and calls may be nested while they run.
const DEEPEST: usize = 180;
/// How many calls may stand in each other.
const MOST_CALLS: usize = 25;

/// Adds the place to a fault.
pub(in crate::script) fn at<T>(span: Span, outcome: Outcome<T>) -> Done<T> {
    outcome.map_err(|Fault(message)| Diagnostic::new(span, message))
}

/// A script while it runs.
pub(in crate::script) struct Interpreter {
    pub(in crate::script) globals: Rc<RefCell<Scope>>,
    scope: Rc<RefCell<Scope>>,
    /// Scopes that functions hold, which hold those functions.
    held: Vec<Rc<RefCell<Scope>>>,
    depth: usize,
    calls: usize,
    /// The functions that run, the innermost last.
    running: Vec<Rc<super::language::Function>>,
    /// Dictionaries that make a value for a key they have not, and what makes it.
    #[allow(clippy::type_complexity)]
    factories: Vec<(Rc<RefCell<Vec<(Value, Value)>>>, Value)>,
    /// Whether the script has ended itself: `sys.exit()`.
    has_ended: bool,
    /// What the generators that run have yielded.
    generators: Vec<generator::Yielded>,
    /// How many comprehensions stand in each other, each with names of its own.
    comprehensions: usize,
    /// Whether `from numpy import *` was there.
    has_all_of_numpy: bool,
    pub(in crate::script) world: World,
    pub(in crate::script) loops: Vec<Recorded>,
    /// Keeps what every line gives, where that is wanted.
    pub(in crate::script) recorder: Option<Recorder>,
}

impl Drop for Interpreter {
    fn drop(&mut self) {
        // A function in a scope that it holds itself would never be freed.
        for scope in &self.held {
            scope.borrow_mut().names.clear();
        }
        self.globals.borrow_mut().names.clear();
    }
}

impl Interpreter {
    pub(in crate::script) fn new(seed: u32, work: u64) -> Self {
        begin(work);
        show::set_options(show::Options::default());
        let globals = Rc::new(RefCell::new(Scope::default()));
        globals.borrow_mut().names.insert("__name__".to_owned(), Value::text("__main__"));
        Self {
            scope: Rc::clone(&globals),
            globals,
            held: vec![],
            depth: 0,
            calls: 0,
            running: vec![],
            factories: vec![],
            has_ended: false,
            generators: vec![],
            comprehensions: 0,
            has_all_of_numpy: false,
            world: World::new(seed),
            loops: vec![],
            recorder: None,
        }
    }

    /// Runs the statements of a whole script; the values of expressions that end at `shown_lines` are printed.
    pub(in crate::script) fn run(&mut self, script: &[Statement], shown_lines: &[usize]) -> Done<()> {
        for statement in script {
            let done = self.script_statement(statement, shown_lines.contains(&statement.span.line));
            if self.has_ended {
                return Ok(());
            }
            done?;
        }
        Ok(())
    }

    /// The value that a name has here.
    fn lookup(&self, name: &str) -> Option<Value> {
        let mut scope = Rc::clone(&self.scope);
        loop {
            if let Some(value) = scope.borrow().names.get(name) {
                return Some(value.clone());
            }
            let around = scope.borrow().around.clone();
            scope = around?;
        }
    }

    fn set(&mut self, name: &str, value: Value) {
        let is_outside = self.scope.borrow().outside.iter().any(|own| own == name);
        let target = if is_outside { self.scope_outside(name) } else { Rc::clone(&self.scope) };
        let mut scope = target.borrow_mut();
        if scope.names.insert(name.to_owned(), value).is_none() {
            scope.order.push(name.to_owned());
        }
    }

    /// `name := value`, which gives a name outside of the comprehensions around it a value.
    fn set_outside_comprehensions(&mut self, name: &str, value: Value) {
        let inner = Rc::clone(&self.scope);
        for _ in 0..self.comprehensions {
            let around = self.scope.borrow().around.clone();
            if let Some(around) = around {
                self.scope = around;
            }
        }
        self.set(name, value);
        self.scope = inner;
    }

    /// The nearest scope around this one that has a name, or that of the script.
    fn scope_outside(&self, name: &str) -> Rc<RefCell<Scope>> {
        let mut around = self.scope.borrow().around.clone();
        while let Some(scope) = around {
            if scope.borrow().names.contains_key(name) {
                return scope;
            }
            around = scope.borrow().around.clone();
        }
        Rc::clone(&self.globals)
    }

    /// One level deeper, or a refusal.
    fn deeper(&mut self, span: Span) -> Done<()> {
        self.depth += 1;
        if self.depth <= DEEPEST {
            return Ok(());
        }
        Err(Diagnostic::new(span, "calls and brackets are nested too deeply here; compute this in a loop"))
    }
}

/// What the search for the step of a loop asks: values of expressions before the loop.
impl Interpreter {
    /// With these names outside.
    pub(in crate::script) fn with(names: &std::collections::HashMap<String, Value>) -> Self {
        let run = Self::new(0, MOST_WORK / 100);
        run.globals.borrow_mut().names = names.clone();
        run
    }

    /// The value of an expression.
    pub(in crate::script) fn value_of(&mut self, expression: &super::language::Expression) -> Done<Value> {
        (self.depth, self.calls) = (0, 0);
        self.evaluate(expression)
    }

    /// Gives the names of a target values, as a loop does.
    pub(in crate::script) fn give(&mut self, target: &super::language::Expression, value: Value) -> Done<()> {
        (self.depth, self.calls) = (0, 0);
        self.assign(target, value)
    }

    /// The value of a name.
    pub(in crate::script) fn named(&self, name: &str) -> Option<Value> {
        self.lookup(name)
    }

    /// Whether a name means something outside of the loop.
    pub(in crate::script) fn has_outside(&self, name: &str) -> bool {
        self.lookup(name).is_some() || super::library::builtin(name).is_some()
    }
}
