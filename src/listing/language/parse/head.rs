//! The head of a function: its parameters, and what they are.

use super::MOST_PARAMETERS;
use super::outputs::Names;
use super::reader::Reader;
use super::statement::{Body, check_name};
use crate::listing::language::diagnostics::Diagnostic;
use crate::listing::language::functions::Dialect;
use crate::listing::language::tokens::LogicalLine;
use crate::listing::language::tree::{
    Constant, Definition, Expression, ExpressionKind, Parameter, Statement, Target,
};

/// What the head of a function says of its parameters.
#[derive(Default)]
pub(super) struct Parameters {
    pub(super) all: Vec<Parameter>,
    /// Numbers that are given where nothing else is.
    constants: Vec<(usize, Constant)>,
    /// The parameter with a star.
    star: Option<String>,
}

impl Body<'_> {
    /// Parameters that hold several states become those states; numbers that are given are no weights.
    pub(super) fn settle(&mut self, definition: &mut Definition, parameters: Parameters, weights: &[String]) {
        let mut all = parameters.all;
        let mut constants = parameters.constants;
        for at in (0..all.len()).rev() {
            let is_unpacked = |s: &Statement| {
                at > 0
                    && match &s.value.kind {
                        ExpressionKind::Name(n) => s.targets.len() > 1 && *n == all[at].name,
                        // `h, = state`
                        ExpressionKind::Tuple(values) => {
                            let of = values.first().map(|value| &value.kind);
                            values.len() == 1 && of == Some(&ExpressionKind::Name(all[at].name.clone()))
                        }
                        _ => false,
                    }
            };
            if let Some(place) = definition.body.iter().position(is_unpacked) {
                let statement = definition.body.remove(place);
                let states = statement.targets.into_iter();
                let states: Vec<_> = states.map(|t| Parameter { name: t.name, span: all[at].span }).collect();
                constants.iter_mut().filter(|(k, _)| *k > at).for_each(|(k, _)| *k += states.len() - 1);
                all.splice(at..=at, states);
            } else if parameters.star.as_ref() == Some(&all[at].name) {
                let message = "name the states in place of the parameter with a star: def step(x, h, c, …)";
                self.mistakes.push(Diagnostic::new(all[at].span, message));
            }
        }
        if self.is_step && self.dialect == Dialect::Step {
            let returns = std::mem::take(&mut definition.returns);
            let written = Names { parameters: &all, weights, caches: &self.caches, body: &definition.body };
            for (to, from) in (1..).zip(written.states_behind(&returns)) {
                let moved = all.remove(from);
                all.insert(to, moved);
                for (at, _) in &mut constants {
                    *at = if *at == from { to } else { *at + usize::from((to..from).contains(at)) };
                }
            }
            let names = Names { parameters: &all, weights, caches: &self.caches, body: &definition.body };
            let (some, span) = (!returns.is_empty(), definition.return_span);
            let (states, outputs) = names.states(returns);
            definition.returns = states;
            definition.outputs = (outputs.len(), outputs.first().map_or(span, |first| first.span));
            outputs.into_iter().for_each(|output| shown(definition, &all, output));
            if some && definition.returns.is_empty() {
                self.mistakes.push(Diagnostic::new(span, "return needs the new states: return h"));
            }
        }
        let states = definition.returns.len();
        if self.is_step {
            // An input and a state are given from outside, whatever the text would take in their place.
            constants.retain(|(at, _)| *at > states);
        }
        for (at, _) in constants.iter().rev() {
            all.remove(*at);
        }
        let twice = (1..all.len()).find(|k| all[..*k].iter().any(|other| other.name == all[*k].name));
        if let Some(twice) = twice {
            let name = &all[twice].name;
            let message = format!("the parameter `{name}` is there twice; give one of them another name");
            self.mistakes.push(Diagnostic::new(all[twice].span, message));
        }
        definition.parameters = all;
        definition.constants = constants.into_iter().map(|(_, constant)| constant).collect();
    }

    /// `def step(x, h, W, U, b):`
    pub(super) fn head(&self, line: &LogicalLine) -> Result<(Definition, Parameters), Diagnostic> {
        let mut reader = Reader::new(line, self.dialect, self.helpers);
        let start = reader.here();
        reader.at += 1;
        let Some((name, _)) = reader.name() else {
            return Err(reader.expected("the name step after def"));
        };
        reader.expect("(", &format!("after def {name}"))?;
        let parameters = self.parameters(&mut reader)?;
        let close = reader.expect(")", "after the parameters")?;
        if reader.take("->") {
            reader.skip_hint();
        }
        reader.expect(":", "at the end of the line with def")?;
        let definition = Definition {
            above: line.above.clone(),
            helpers: if self.is_step { self.helpers.to_vec() } else { Vec::new() },
            name: name.to_string(),
            parameters: Vec::new(),
            constants: Vec::new(),
            comment: line.comment.clone(),
            body: Vec::new(),
            returns: Vec::new(),
            outputs: (0, close),
            return_comment: None,
            return_above: Vec::new(),
            return_span: close,
            span: start.to(close),
        };
        Ok((definition, parameters))
    }

    fn parameters(&self, reader: &mut Reader) -> Result<Parameters, Diagnostic> {
        let mut found = Parameters::default();
        loop {
            let starred = reader.take("*");
            if (starred && reader.take(",")) || (reader.take("/") && reader.take(",")) {
                continue;
            }
            if reader.next_sign() == Some("**") {
                let message = "a listing has no **; name the weights: def step(x, h, W, U, b):";
                return Err(Diagnostic::new(reader.here(), message));
            }
            let Some((name, span)) = reader.name() else { break };
            check_name(name, span)?;
            found.all.push(Parameter { name: name.to_string(), span });
            if starred {
                found.star = Some(name.to_string());
            }
            if reader.take(":") {
                reader.skip_hint();
            }
            let at = reader.here();
            if reader.take("=") {
                let word = reader.name().map(|(word, _)| word);
                let flag = match word {
                    Some("True") => Some(1.0),
                    Some("False") => Some(0.0),
                    // A helper may do without it; the step has it.
                    Some("None") if !self.is_step => Some(0.0),
                    _ => None,
                };
                reader.at -= usize::from(word.is_some() && flag.is_none() && word != Some("None"));
                if let Some(value) = flag {
                    found
                        .constants
                        .push((found.all.len() - 1, Constant { name: name.to_string(), value, span }));
                }
                if (flag.is_some() || word == Some("None")) && reader.take(",") {
                    continue;
                } else if flag.is_some() || word == Some("None") {
                    break;
                }
                let value = reader.expression()?;
                match constant(&value) {
                    Some(value) => {
                        let constant = Constant { name: name.to_string(), value, span };
                        found.constants.push((found.all.len() - 1, constant));
                    }
                    None if matches!(&value.kind, ExpressionKind::Name(_)) => {}
                    None => {
                        let message =
                            "what a parameter is where nothing is given must be a number: alpha=0.1";
                        return Err(Diagnostic::new(at, message));
                    }
                }
            }
            if !reader.take(",") {
                break;
            }
        }
        let most = if self.dialect == Dialect::Adjoint { 2 * MOST_PARAMETERS } else { MOST_PARAMETERS };
        if found.all.len() > most {
            let message = format!("a listing may have {most} parameters, this one has {}", found.all.len());
            return Err(Diagnostic::new(reader.before(), message));
        }
        Ok(found)
    }
}

/// Gives an output that has no name one, so that it is shown.
fn shown(definition: &mut Definition, parameters: &[Parameter], value: Expression) {
    if matches!(value.kind, ExpressionKind::Name(_)) {
        return;
    }
    let is_free = |name: &&str| {
        let mut targets = definition.body.iter().flat_map(|line| &line.targets);
        parameters.iter().all(|p| p.name != **name) && targets.all(|target| target.name != **name)
    };
    let Some(name) = ["y", "output", "output_2"].into_iter().find(is_free) else { return };
    let (name, part, span) = (name.to_string(), None, value.span);
    definition.body.push(Statement {
        targets: vec![Target { name, part, span }],
        value,
        in_place: false,
        comment: None,
        above: Vec::new(),
        span,
        last_line: span.line,
    });
}

/// The number that an expression writes.
fn constant(expression: &Expression) -> Option<f64> {
    match &expression.kind {
        ExpressionKind::Number(value) => Some(*value),
        ExpressionKind::Negate(inner) => constant(inner).map(|value| -value),
        _ => None,
    }
}
