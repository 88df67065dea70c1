//! A class around the step: its methods as functions. What a method reads of `self` is handed to it, and the step
//! itself keeps `self`, whose weights become parameters (`members`). Classes that only hold values, such as a
//! `NamedTuple` of the states, are the tuples that they are.

use super::lines::{
    Function, closing, function, is_sign, is_word, items, located, parameters, put, sign, unwrapped, word,
};
use super::made::{comma_separated, named, spelt};
use super::tables::Tables;
use crate::listing::language::diagnostics::Span;
use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// What the method is called that makes a step, in the order in which it is looked for.
pub(super) const STEPS: [&str; 12] = [
    "step",
    "forward_step",
    "step_forward",
    "cell",
    "cell_forward",
    "update",
    "one_step",
    "recur",
    "__call__",
    "call",
    "forward",
    "apply",
];
/// So many values of the object stand in one line at most: one may name itself.
const MOST_VALUES: usize = 16;
/// A method that calls itself, or others in a circle, is looked into so often.
const MOST_CALLS: usize = 16;
/// A class has so many methods.
const MOST_METHODS: usize = 48;

/// What is known of the classes of a text.
#[derive(Default)]
pub(super) struct Classes {
    pub(super) all: Vec<Class>,
    /// Classes that only hold values, and the names of those.
    records: Vec<(String, Vec<String>)>,
    /// Where the first one begins.
    pub(super) first: Option<Span>,
}

#[derive(Default)]
pub(super) struct Class {
    pub(super) name: String,
    pub(super) bases: Vec<String>,
    pub(super) methods: Vec<Method>,
    /// `name = 4` in the class.
    pub(super) values: Vec<(String, Vec<Located>)>,
    fields: Vec<String>,
}

#[derive(Clone)]
pub(super) struct Method {
    pub(super) function: Function,
    /// Whether it is given the object.
    pub(super) of_object: bool,
    pub(super) is_property: bool,
}

impl Classes {
    /// Reads the classes of a text and gives the other lines.
    pub(super) fn taken_from(&mut self, lines: Vec<LogicalLine>) -> Vec<LogicalLine> {
        let mut rest = Vec::new();
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            at += 1;
            if line.indent == 0 && !line.joined && is_word(line, 0, "class") {
                let count = lines[at..].iter().take_while(|l| l.joined || l.indent > 0).count();
                self.first = self.first.or(line.tokens.first().map(|token| token.span));
                self.read(line, &lines[at..at + count]);
                at += count;
            } else {
                rest.push(line.clone());
            }
        }
        rest
    }

    /// Reads a class: its head, and the lines that are indented further.
    fn read(&mut self, head: &LogicalLine, lines: &[LogicalLine]) {
        let mut class = Class { name: word(head, 1).unwrap_or_default().to_string(), ..Class::default() };
        let colon = head.tokens.len().saturating_sub(1);
        let inside = head.tokens.get(2..colon).and_then(unwrapped).unwrap_or_default();
        class.bases = items(inside).iter().filter_map(|base| name_of(base.last()?)).collect();
        let mut decorator = String::new();
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            let inner = lines[at + 1..].iter().take_while(|l| l.joined || l.indent > line.indent).count();
            match (word(line, 0), sign(line, 0), sign(line, 1)) {
                (_, Some("@"), _) => decorator = name_of_last(line),
                (Some("def"), ..) if is_sign(line, 2, "(") && class.methods.len() < MOST_METHODS => {
                    let mut made = function(line.clone());
                    made.body.extend_from_slice(&lines[at + 1..at + 1 + inner]);
                    class.methods.push(Method {
                        function: made,
                        of_object: decorator != "staticmethod",
                        is_property: decorator == "property",
                    });
                    decorator.clear();
                }
                // A bracket that is still open swallows the methods behind it.
                (Some(name), _, Some("=")) if !(2..line.tokens.len()).any(|k| is_word(line, k, "def")) => {
                    class.values.push((name.to_string(), line.tokens[2..].to_vec()));
                }
                (Some(name), _, Some(":")) => class.fields.push(name.to_string()),
                _ => {}
            }
            at += 1 + inner;
        }
        let holds_only = class.methods.is_empty() || class.bases.iter().any(|base| base == "NamedTuple");
        if holds_only && !class.fields.is_empty() {
            self.records.push((class.name, class.fields));
        } else {
            self.all.push(class);
        }
    }

    /// The step of the last class that has one, with the methods that it calls before it.
    pub(super) fn step(&self, tables: &mut Tables, known: &[Function]) -> Option<(Vec<Function>, Function)> {
        self.all.iter().rev().find_map(|class| self.step_of(class, (tables, known)))
    }

    #[allow(clippy::redundant_closure)] // the closure is used again
    fn step_of(&self, class: &Class, known: (&mut Tables, &[Function])) -> Option<(Vec<Function>, Function)> {
        let mut methods = self.methods(class, 0);
        self.with_parts(&mut methods);
        let has_two = |m: &&Method| parameters(&m.function.head).len() >= 2 + usize::from(m.of_object);
        let own = |m: &&Method| m.function.name != "__init__" && m.of_object;
        let named = |name: &&str| methods.iter().filter(own).find(|m| m.function.name == *name);
        let step = STEPS.iter().filter_map(|name| named(name)).find(|m| has_two(m));
        let step = step.or_else(|| STEPS.iter().find_map(|name| named(name)));
        let step = step.or_else(|| methods.iter().filter(own).rev().find(|m| has_two(m)))?.clone();
        let values = self.values(class, &mut methods, known);
        let mut made = Made {
            methods: &methods,
            values: &values,
            class: &class.name,
            bases: &class.bases,
            helpers: vec![],
            open: vec![],
        };
        let mut function = step.function;
        made.body(&mut function, "self", 0);
        Some((made.helpers, function))
    }

    /// The methods of a class and those that it has from others, its own last.
    pub(super) fn methods(&self, class: &Class, depth: usize) -> Vec<Method> {
        let mut found: Vec<Method> = Vec::new();
        for base in class.bases.iter().rev().filter(|_| depth < MOST_CALLS) {
            let Some(base) = self.all.iter().find(|known| known.name == *base) else { continue };
            found.extend(self.methods(base, depth + 1));
        }
        for method in &class.methods {
            let name = &method.function.name;
            // What is replaced can still be called: `super().forward(x)`.
            if let Some(old) = found.iter_mut().find(|known| known.function.name == *name) {
                old.function.name = format!("super_{name}");
            }
            found.push(method.clone());
        }
        found
    }

    /// `State(h, c)` and `State(h=h, c=c)` as the tuples that they are.
    pub(super) fn without_records(&self, line: &mut LogicalLine) {
        for (name, fields) in &self.records {
            while let Some(at) =
                (0..line.tokens.len()).find(|at| word(line, *at) == Some(name) && is_sign(line, at + 1, "("))
            {
                let Some(close) = closing(&line.tokens, at + 1) else { break };
                let given = items(&line.tokens[at + 2..close]);
                let mut values: Vec<Vec<Located>> = Vec::new();
                for (k, field) in fields.iter().enumerate() {
                    let named = given.iter().find(|value| {
                        matches!(value.as_slice(), [own, by, ..] if own.text == *field && by.text == "=")
                    });
                    values.extend(named.map(|value| value[2..].to_vec()).or_else(|| given.get(k).cloned()));
                }
                let like = line.tokens[at].clone();
                let inside = comma_separated(&values, &like);
                put(&mut line.tokens, at..close + 1, spelt("( $ , )", &like, &[&inside]));
            }
        }
    }
}

/// The functions that methods become.
struct Made<'a> {
    methods: &'a [Method],
    values: &'a [(String, Vec<Located>)],
    class: &'a str,
    bases: &'a [String],
    helpers: Vec<Function>,
    /// Methods that are being made: one that calls itself is not followed.
    open: Vec<String>,
}

impl Made<'_> {
    /// Puts calls of functions in the place of calls of methods, with what those read of the object; what it is itself
    /// is written `owner.` before each name, or not at all.
    fn body(&mut self, function: &mut Function, owner: &str, depth: usize) {
        let methods = self.methods;
        for line in &mut function.body {
            let (mut at, mut values) = (0, 0);
            while at < line.tokens.len() {
                at += 1;
                let start = at - 1;
                let Some((name, length)) = self.member(line, start) else { continue };
                let called = is_sign(line, start + length, "(");
                let method = methods.iter().rev().find(|m| m.function.name == name);
                let follows = depth < MOST_CALLS && !self.open.contains(&name);
                if let Some(method) = method.filter(|m| (called || m.is_property) && follows) {
                    let read = self.helper(method, depth);
                    let like = line.tokens[start].clone();
                    let mut given: Vec<Located> = Vec::new();
                    for name in &read {
                        if !owner.is_empty() {
                            given.extend(spelt("$ .", &like, &[&named(owner, &like)]));
                        }
                        given.extend(spelt("$ ,", &like, &[&named(name, &like)]));
                    }
                    let empty = !called || is_sign(line, start + length + 1, ")");
                    if empty {
                        given.pop();
                    }
                    let mut tokens = spelt("$ ( $", &like, &[&named(&name, &like), &given]);
                    if !called {
                        tokens.push(located(Token::Sign(")"), &like));
                    }
                    // What it is given is read as it is: a method may name itself.
                    at = start + tokens.len();
                    put(&mut line.tokens, start..start + length + usize::from(called), tokens);
                } else if let Some((_, value)) =
                    self.values.iter().find(|(known, _)| *known == name && values < MOST_VALUES)
                {
                    values += 1;
                    let whole = called || is_sign(line, start + length, "[");
                    let value = if whole { value.clone() } else { super::loops::bracketed(value) };
                    put(&mut line.tokens, start..start + length, value);
                }
            }
        }
    }

    /// `self.name`, `Class.name` or `super().name` at a place: the name, and how many tokens it takes.
    fn member(&self, line: &LogicalLine, at: usize) -> Option<(String, usize)> {
        let behind_dot = at > 0 && is_sign(line, at - 1, ".");
        let owner = word(line, at).filter(|_| !behind_dot)?;
        let is_class = owner == self.class || self.bases.iter().any(|base| base == owner);
        if (owner == "self" || is_class || owner == "cls") && is_sign(line, at + 1, ".") {
            return Some((word(line, at + 2)?.to_string(), 3));
        }
        let close =
            closing(&line.tokens, at + 1).filter(|_| owner == "super" && is_sign(line, at + 1, "("))?;
        (is_sign(line, close + 1, ".")).then_some(())?;
        Some((format!("super_{}", word(line, close + 2)?), close + 3 - at))
    }

    /// The function that a method becomes, if it is not there yet; what it reads of the object, which is handed to it.
    fn helper(&mut self, method: &Method, depth: usize) -> Vec<String> {
        if let Some(known) = self.helpers.iter().find(|known| known.name == method.function.name) {
            return known.weights.clone();
        }
        let mut function = method.function.clone();
        self.open.push(function.name.clone());
        self.body(&mut function, "", depth + 1);
        self.open.pop();
        let mut read: Vec<String> = Vec::new();
        for line in &mut function.body {
            let mut at = 0;
            while at < line.tokens.len() {
                let is_own = is_word(line, at, "self") && is_sign(line, at + 1, ".");
                if let Some(name) = word(line, at + 2).filter(|_| is_own).map(str::to_string) {
                    let like = line.tokens[at].clone();
                    put(&mut line.tokens, at..at + 3, named(&name, &like));
                    if !read.contains(&name) {
                        read.push(name);
                    }
                }
                at += 1;
            }
        }
        // What the methods that it calls read is handed through it.
        for helper in &self.helpers {
            let calls =
                function.body.iter().any(|line| super::lines::called(line).any(|name| name == helper.name));
            if calls {
                read.extend(
                    helper.weights.iter().filter(|name| !read.contains(name)).cloned().collect::<Vec<_>>(),
                );
            }
        }
        let like = function.head.tokens[1].clone();
        let all = parameters(&function.head);
        let (from, until) = match all.first().filter(|_| method.of_object) {
            Some((at, _)) => (*at, at + 1 + usize::from(is_sign(&function.head, at + 1, ","))),
            None => (3, 3),
        };
        let mut names: Vec<Located> = Vec::new();
        for name in &read {
            names.extend(spelt("$ ,", &like, &[&named(name, &like)]));
        }
        if is_sign(&function.head, until, ")") {
            names.pop();
        }
        put(&mut function.head.tokens, from..until, names);
        // Under this name it is known what it reads.
        function.weights = read.clone();
        if self.helpers.iter().all(|known| known.name != function.name) {
            self.helpers.push(function);
        }
        read
    }
}

fn name_of(token: &Located) -> Option<String> {
    match &token.token {
        Token::Name(name) => Some(name.clone()),
        _ => None,
    }
}

fn name_of_last(line: &LogicalLine) -> String {
    line.tokens.iter().rev().find_map(name_of).unwrap_or_default()
}
