//! What an object has that is no array: numbers and functions that its class or `__init__` gives it, and the functions
//! of other classes, `Act.sigmoid(z)`.

use super::classes::{Class, Classes, Method, STEPS};
use super::constants::Constants;
use super::lines::{
    Function, is_literal, is_sign, is_word, items, lambda, located, parameters, put, sign, word,
};
use super::looked_up::attributes;
use super::tables::{Tables, is_function};
use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// So deep objects are made of others.
const DEEPEST: usize = 3;
/// So many objects are made for one.
const MOST_PARTS: usize = 32;

impl Classes {
    /// What an object has: numbers of the class, and numbers and functions that `__init__` gives it. Functions that it
    /// writes down there become methods.
    pub(super) fn values(
        &self,
        class: &Class,
        methods: &mut Vec<Method>,
        (tables, functions): (&mut Tables, &[Function]),
    ) -> Vec<(String, Vec<Located>)> {
        let mut found = class.values.clone();
        for base in class.bases.iter().filter_map(|base| self.all.iter().find(|known| known.name == *base)) {
            found.extend(base.values.clone());
        }
        let constants = Constants::default();
        let begins: Vec<Function> = methods
            .iter()
            .filter(|m| m.function.name.ends_with("__init__"))
            .map(|m| m.function.clone())
            .collect();
        for init in begins {
            let mut all = functions.to_vec();
            all.push(decided(&init));
            tables.choose(functions.len(), &mut all);
            let (made, body) = (&all[functions.len() + 1..], &all[functions.len()].body);
            let lines = body.iter().flat_map(apart);
            for (target, value) in lines {
                let [Located { token: Token::Name(owner), .. }, dot, name] = target.as_slice() else {
                    continue;
                };
                let Token::Name(attribute) = &name.token else { continue };
                if owner != "self" || dot.text != "." {
                    continue;
                }
                let (name, like) = (attribute.as_str(), name);
                let equals = located(Token::Sign("="), like);
                let tokens = [vec![like.clone(), equals], value.clone()].concat();
                let value = value.as_slice();
                let written = lambda(&LogicalLine::of(tokens));
                let chosen = made.iter().find(
                    |function| matches!(value, [one] if one.token == Token::Name(function.name.clone())),
                );
                if let Some(mut function) = written.or(chosen.cloned()) {
                    function.head.tokens[1] = like.clone();
                    function.name = name.to_string();
                    methods.push(Method { function, of_object: false, is_property: false });
                } else if constants.value(value, 0).is_some() || is_function(value, functions) {
                    found.push((name.to_string(), value.to_vec()));
                }
            }
        }
        found
    }

    /// Methods of the objects that `__init__` makes, `self.inp = Linear(n_in, n)`: as methods `inp_forward`, with what
    /// they read of that object as `inp_W`.
    pub(super) fn with_parts(&self, methods: &mut Vec<Method>) {
        let mut room = MOST_PARTS;
        self.with_deeper_parts(methods, 0, &mut room);
    }

    fn with_deeper_parts(&self, methods: &mut Vec<Method>, depth: usize, room: &mut usize) {
        let inits = methods.iter().filter(|m| m.function.name.ends_with("__init__"));
        let part = |line: &LogicalLine| {
            let makes = is_word(line, 0, "self") && is_sign(line, 3, "=") && is_sign(line, 5, "(");
            let class = self.all.iter().find(|class| makes && word(line, 4) == Some(&class.name))?;
            Some((word(line, 2)?.to_string(), class))
        };
        let parts: Vec<(String, &Class)> = inits.flat_map(|m| &m.function.body).filter_map(part).collect();
        for (k, (name, class)) in parts.iter().enumerate() {
            let is_first = parts[..k].iter().all(|(other, _)| other != name);
            if depth == DEEPEST || *room == 0 || !is_first {
                continue;
            }
            *room -= 1;
            let mut own = self.methods(class, 0);
            self.with_deeper_parts(&mut own, depth + 1, room);
            for method in &mut own {
                let function = &mut method.function;
                function.name = format!("{name}_{}", function.name);
                let own = Token::Name(function.name.clone());
                function.head.tokens[1] = located(own, &function.head.tokens[1].clone());
                for line in &mut function.body {
                    for at in 2..line.tokens.len() {
                        let is_own = is_word(line, at - 2, "self") && is_sign(line, at - 1, ".");
                        if let Some(member) = word(line, at).filter(|_| is_own) {
                            let member = format!("{name}_{member}");
                            line.tokens[at] = located(Token::Name(member), &line.tokens[at]);
                        }
                    }
                }
            }
            let called = |method: &str| own.iter().any(|m| m.function.name == format!("{name}_{method}"));
            let call = if called("__call__") { "__call__" } else { "forward" };
            for line in methods.iter_mut().flat_map(|method| &mut method.function.body) {
                for at in (2..line.tokens.len()).rev() {
                    let is_part = is_word(line, at - 2, "self") && word(line, at) == Some(name);
                    let member = match sign(line, at + 1) {
                        Some(".") => word(line, at + 2).map(str::to_string),
                        Some("(") => Some(call.to_string()),
                        _ => None,
                    };
                    let Some(member) = member.filter(|_| is_part) else { continue };
                    let end = at + if is_sign(line, at + 1, ".") { 3 } else { 1 };
                    let member = located(Token::Name(format!("{name}_{member}")), &line.tokens[at]);
                    put(&mut line.tokens, at..end, vec![member]);
                }
            }
            own.append(methods);
            *methods = own;
        }
    }

    /// Writes `sigmoid(z)` for `Act.sigmoid(z)`, and gives the functions that are called so.
    pub(super) fn of_classes(&mut self, lines: &mut [LogicalLine]) -> Vec<Function> {
        let all: Vec<(String, Function)> = self
            .all
            .iter()
            .flat_map(|class| class.methods.iter().map(move |method| (class, method)))
            .filter(|(_, method)| {
                let first = parameters(&method.function.head).into_iter().next();
                !method.of_object || first.is_none_or(|(_, name)| name != "self" && name != "cls")
            })
            .map(|(class, method)| (class.name.clone(), method.function.clone()))
            .collect();
        let taken = |name: &str| {
            let methods = self.all.iter().flat_map(|class| &class.methods);
            let others = lines.iter().filter(|line| is_word(line, 0, "def") && word(line, 1) == Some(name));
            methods.filter(|method| method.function.name == name).count() + others.count() > 1
                || STEPS.contains(&name)
        };
        let mut found: Vec<(String, Function)> = Vec::new();
        for (class, mut function) in all {
            let own = function.name.clone();
            if taken(&own) {
                function.name = format!("{class}_{own}");
                function.head.tokens[1] =
                    located(Token::Name(function.name.clone()), &function.head.tokens[1].clone());
            }
            found.push((format!("{class}.{own}"), function));
        }
        let mut called = vec![false; found.len()];
        let bodies =
            self.all.iter_mut().flat_map(|class| &mut class.methods).flat_map(|m| &mut m.function.body);
        let names: Vec<(String, String)> =
            found.iter().map(|(path, function)| (path.clone(), function.name.clone())).collect();
        if names.is_empty() {
            return vec![];
        }
        let own = found.iter_mut().flat_map(|(_, function)| &mut function.body);
        for line in lines.iter_mut().chain(bodies).chain(own) {
            for at in (0..line.tokens.len()).rev() {
                let is_path = is_sign(line, at + 1, ".") && (at == 0 || !is_sign(line, at - 1, "."));
                let Some((owner, member)) = word(line, at).zip(word(line, at + 2)).filter(|_| is_path) else {
                    continue;
                };
                let is = |(known, _): &(String, String)| known.split_once('.') == Some((owner, member));
                if let Some(k) = names.iter().position(is) {
                    let name = located(Token::Name(names[k].1.clone()), &line.tokens[at]);
                    put(&mut line.tokens, at..at + 3, vec![name]);
                    called[k] = true;
                }
            }
        }
        let mut called = called.into_iter();
        found.into_iter().filter(|_| called.next() == Some(true)).map(|(_, function)| function).collect()
    }
}

/// The targets and values of `self.n, self.act = n, np.tanh`.
fn apart(line: &LogicalLine) -> Vec<(Vec<Located>, Vec<Located>)> {
    let Some(equals) = (0..line.tokens.len()).find(|at| is_sign(line, *at, "=")) else { return vec![] };
    let (target, value) = (&line.tokens[..equals], &line.tokens[equals + 1..]);
    let (targets, values) = (items(target), items(value));
    match targets.len() == values.len() {
        true => targets.into_iter().zip(values).collect(),
        false => vec![(target.to_vec(), value.to_vec())],
    }
}

/// The lines of `__init__` that run where nothing is given, with what it takes instead in the place of its parameters.
fn decided(init: &Function) -> Function {
    let head = &init.head;
    let defaults: Vec<(String, Vec<Located>)> = parameters(head)
        .into_iter()
        .filter_map(|(at, name)| {
            let until = super::lines::behind(&head.tokens, at);
            let equals = (at..until).find(|at| is_sign(head, *at, "="))?;
            Some((name, head.tokens.get(equals + 1..until)?.to_vec()))
        })
        .collect();
    // Of its branches the one that holds.
    let mut made = Function { body: init.body.clone(), ..Function::default() };
    super::flow::written_out(&mut made, &defaults, false, &mut Vec::new());
    let is_known = |value: &[Located]| is_literal(value) || is_function(value, &[]);
    for line in &mut made.body {
        let equals = (0..line.tokens.len()).find(|at| is_sign(line, *at, "=")).unwrap_or(0);
        let tokens = std::mem::take(&mut line.tokens);
        let stands = |at: usize| {
            let free = at > equals && tokens[at - 1].token != Token::Sign(".");
            let known = defaults.iter().find(|(name, _)| tokens[at].token == Token::Name(name.clone()));
            known.map(|(_, value)| value.clone()).filter(|value| free && is_known(value))
        };
        line.tokens =
            (0..tokens.len()).flat_map(|at| stands(at).unwrap_or_else(|| vec![tokens[at].clone()])).collect();
        attributes(&mut line.tokens, &Constants::default());
    }
    made
}
