//! What imports and the lines around the functions call things.

use super::lines::{
    Function, called, is_literal, is_sign, is_word, items, located, parameters, put, reads, sign, word,
};
use super::passed::{self, Owner};
use super::{bundles, collected, flow, inner, members};
use crate::listing::language::diagnostics::Diagnostic;
use crate::listing::language::functions::{Dialect, Function as Known};
use crate::listing::language::tokens::{Located, LogicalLine, Token};
use std::collections::HashSet;

/// What the lines outside of the functions call things.
#[derive(Default)]
pub(super) struct Names {
    /// `import numpy as xp` and `from numpy import tanh as f`: the name, and what it means.
    aliases: Vec<(String, String)>,
    /// `alpha = 0.3`: the name and the number, the text or the truth.
    constants: Vec<(String, Vec<Located>)>,
    /// Whether weights that are only read by an index are lists of weights.
    lists: bool,
}

impl Names {
    /// Nothing is called anything yet; `lists`: whether weights that are only read by an index are lists of weights.
    pub(super) fn reading(lists: bool) -> Self {
        Self { lists, ..Self::default() }
    }

    /// What an import calls things; false if it is of no library that a listing has.
    pub(super) fn import(&mut self, line: &LogicalLine) -> bool {
        const KNOWN: [&str; 10] = [
            "numpy",
            "math",
            "scipy",
            "jax",
            "cupy",
            "autograd",
            "__future__",
            "typing",
            "functools",
            "dataclasses",
        ];
        let module = word(line, 1).unwrap_or_default();
        if !KNOWN.contains(&module) {
            return false;
        }
        if is_word(line, 0, "import") {
            let last = (0..line.tokens.len()).rev().find_map(|at| word(line, at)).unwrap_or(module);
            self.aliases.extend([module, last].map(|name| (name.to_string(), "np".into())));
            return true;
        }
        for at in 3..line.tokens.len() {
            let number = match word(line, at) {
                Some("pi") => std::f64::consts::PI,
                Some("e") => std::f64::consts::E,
                _ => 0.0,
            };
            match (word(line, at), word(line, at + 1), word(line, at + 2)) {
                // `from scipy import special`, `from jax import numpy as jnp`
                (Some("special" | "numpy"), Some("as"), Some(name))
                | (Some(name @ ("special" | "numpy")), ..) => {
                    self.aliases.push((name.to_string(), "np".into()));
                }
                (Some(of), Some("as"), Some(name)) => self.aliases.push((name.to_string(), of.to_string())),
                (Some(name), ..) if number != 0.0 => {
                    let number = located(Token::Number(number), &line.tokens[at]);
                    self.constants.push((name.to_string(), vec![number]));
                }
                _ => {}
            }
        }
        true
    }

    /// `alpha, n = 0.3, 4`: numbers with names, and texts.
    pub(super) fn constant(&mut self, line: &LogicalLine) -> bool {
        let Some(equals) = (0..line.tokens.len()).find(|at| is_sign(line, *at, "=")) else {
            return false;
        };
        let (names, values) = (items(&line.tokens[..equals]), items(&line.tokens[equals + 1..]));
        if names.len() != values.len() || !values.iter().all(|value| is_literal(value)) {
            return false;
        }
        for (name, value) in names.iter().zip(values) {
            if let [Located { token: Token::Name(name), .. }] = name.as_slice() {
                self.constants.push((name.clone(), value));
            }
        }
        true
    }

    /// Writes out what a function says in short, and takes the functions out that stand inside of it.
    pub(super) fn settle(
        &self,
        function: &mut Function,
        is_step: bool,
        (before, owners): (&[Function], &mut Vec<Owner>),
        mistakes: &mut Vec<Diagnostic>,
    ) -> Vec<Function> {
        let mut names = Self { aliases: self.aliases.clone(), constants: Vec::new(), lists: self.lists };
        let body = std::mem::take(&mut function.body);
        let called: HashSet<String> = body.iter().flat_map(called).map(str::to_string).collect();
        let is_called = |name: Option<&str>| name.is_some_and(|name| called.contains(name));
        for line in &body {
            let imports = matches!(word(line, 0), Some("import" | "from")) && names.import(line);
            let is_np = line.tokens.len() == 3 && is_word(line, 2, "np");
            if !(imports || ((is_np || is_called(word(line, 0))) && names.function(line))) {
                function.body.push(line.clone());
            }
        }
        for (name, value) in self.constants.iter().chain(&names.constants).rev() {
            let is_new = parameters(&function.head).iter().all(|(_, known)| known != name);
            if is_new && function.body.iter().any(|line| reads(line, name)) {
                let close =
                    (0..function.head.tokens.len()).rev().find(|at| is_sign(&function.head, *at, ")"));
                let Some(close) = close else { continue };
                let like = function.head.tokens[close].clone();
                let named = [Token::Sign(","), Token::Name(name.clone()), Token::Sign("=")];
                let tokens =
                    named.into_iter().map(|token| located(token, &like)).chain(value.iter().cloned());
                put(&mut function.head.tokens, close..close, tokens.collect());
            }
        }
        for line in &mut function.body {
            rename(line, &names.aliases);
        }
        bundles::lists(function);
        flow::written_out(function, &self.constants, is_step, mistakes);
        passed::without_aliases(function);
        bundles::dictionaries(function);
        let chosen = names.aliases.len();
        let lines = std::mem::take(&mut function.body);
        let named: HashSet<String> =
            lines.iter().flat_map(super::lines::called).map(str::to_string).collect();
        for line in &lines {
            let is_alias = word(line, 0).is_some_and(|name| named.contains(name)) && names.function(line);
            function.body.extend((!is_alias).then(|| line.clone()));
        }
        function.body.iter_mut().for_each(|line| rename(line, &names.aliases[chosen..]));
        let mut inside = inner::taken_out(function);
        for function in &mut inside {
            bundles::lists(function);
            flow::written_out(function, &self.constants, false, mistakes);
            bundles::dictionaries(function);
        }
        for at in 0..=inside.len() {
            let (known, rest) = inside.split_at_mut(at);
            let function = rest.first_mut().unwrap_or(function);
            inner::named_inside(function);
            collected::written_out(function);
            passed::on(function, owners, before);
            passed::on(function, owners, known);
            members::taken_out(function, names.lists && is_step, owners);
        }
        inside
    }

    /// `act = np.tanh`: another name for a function.
    fn function(&mut self, line: &LogicalLine) -> bool {
        let of = match line.tokens.len() {
            // `xp = np`
            3 if is_word(line, 2, "np") && is_sign(line, 1, "=") => {
                self.aliases.extend(word(line, 0).map(|name| (name.to_string(), "np".to_string())));
                return true;
            }
            3 => word(line, 2),
            5 if is_word(line, 2, "np") && is_sign(line, 3, ".") => word(line, 4),
            _ => None,
        };
        let (Some(name), Some("="), Some(of)) = (word(line, 0), sign(line, 1), of) else { return false };
        let known = [of.to_string(), format!("np.{of}")];
        let is_function = known.iter().any(|name| Known::named(name, Dialect::Step).is_some());
        if is_function {
            self.aliases.push((name.to_string(), of.to_string()));
        }
        is_function
    }
}

fn rename(line: &mut LogicalLine, aliases: &[(String, String)]) {
    for at in (0..line.tokens.len()).rev() {
        let known = word(line, at).and_then(|name| aliases.iter().rev().find(|(alias, _)| alias == name));
        let behind_a_dot = at > 0 && is_sign(line, at - 1, ".");
        if let Some((_, known)) = known.filter(|_| !behind_a_dot) {
            line.tokens[at].token = Token::Name(known.clone());
        }
        // `scipy.special.expit`, `jax.numpy.tanh`
        if is_word(line, at, "np") && matches!(word(line, at + 2), Some("special" | "numpy" | "nn")) {
            line.tokens.drain(at + 1..at + 3);
        }
    }
}
