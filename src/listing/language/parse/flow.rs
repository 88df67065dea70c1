//! Conditions and loops: what is known while the text is read is decided and written out, and what is not becomes a
//! choice between values (`choices`), so that a function is a list of assignments.

use super::MOST_PARAMETERS;
use super::blocks::{Branch, body_of, branches, complains, ends_with_colon, grown, has_colon, targets};
use super::constants::{Constants, Known};
use super::lines::{self, Function, is_sign, is_word, items, parameters, sign, unwrapped, word};
use super::loops::{self, Room};
use super::made::{comma_separated, named, spelt};
use super::masks::Masks;
use crate::listing::language::diagnostics::Diagnostic;
use crate::listing::language::tokens::{Located, LogicalLine, Token};

/// A function may have so many lines once its loops are written out.
pub(super) const MOST_LINES: usize = 1000;
/// How deep blocks may stand in each other.
const DEEPEST: usize = 20;

/// What is said where a condition that is not known leaves a loop.
const LEAVES: &str = "this condition depends on numbers, so it cannot end or skip the round of a loop; choose between \
                      two values with np.where(a > 0, a, b)";

/// Where a block ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum End {
    Next,
    Continue,
    Break,
    Return,
}

/// Writes the conditions and loops of a function out. `around` are constants of the text.
pub(super) fn written_out(
    function: &mut Function,
    around: &[(String, Vec<Located>)],
    is_step: bool,
    mistakes: &mut Vec<Diagnostic>,
) {
    let mut constants = Constants::default();
    let all = parameters(&function.head);
    for (name, value) in around.iter().filter(|(name, _)| all.iter().all(|(_, known)| known != name)) {
        constants.names.extend(constants.value(value, 0).map(|value| (name.clone(), value)));
    }
    if is_step {
        given(function, &mut constants);
    }
    let lines = std::mem::take(&mut function.body);
    let base = lines.iter().find(|line| !line.joined).map_or(4, |line| line.indent);
    let mut flow = Flow {
        names: all.into_iter().map(|(_, name)| name).collect(),
        room: Room::new(),
        later: Vec::new(),
        base,
        depth: 0,
        masks: Masks::default(),
        mistakes,
    };
    let mut body = Vec::new();
    flow.block(&lines, &mut constants, &mut body);
    function.body = body;
}

/// What a step is given: numbers in place of parameters, and arrays that are there whatever the text has for them.
fn given(function: &mut Function, constants: &mut Constants) {
    let all = parameters(&function.head);
    // More than there may be: that is what will be said of the function.
    if all.len() > MOST_PARAMETERS {
        return;
    }
    constants.input = all.iter().map(|(_, name)| name.clone()).find(|name| name != "self");
    for (k, (at, name)) in all.iter().enumerate().rev() {
        let until = lines::behind(&function.head.tokens, *at);
        let equals = (*at..until).find(|at| is_sign(&function.head, *at, "="));
        let default = equals.and_then(|equals| function.head.tokens.get(equals + 1..until));
        let value = default.and_then(|default| constants.value(default, 0));
        // `clocks=(1, 2)`
        let members = default.and_then(unwrapped).filter(|members| items(members).len() > 1);
        let list = members.filter(|members| items(members).iter().all(|member| lines::is_literal(member)));
        let taken = |head: &mut LogicalLine| {
            let has_comma = is_sign(head, until, ",");
            let from = if has_comma || k == 0 { *at } else { at - 1 };
            head.tokens.drain(from..until + usize::from(has_comma));
        };
        match value {
            // A text is no array: what reads it is decided now.
            Some(Known::Text(text)) => {
                taken(&mut function.head);
                constants.names.insert(name.clone(), Known::Text(text));
            }
            None if list.is_some() => {
                let like = function.head.tokens[*at].clone();
                let tokens = spelt("$ = [ $ ]", &like, &[&named(name, &like), list.unwrap_or_default()]);
                taken(&mut function.head);
                function.body.insert(0, LogicalLine { joined: true, ..LogicalLine::of(tokens) });
            }
            // The input and a first state are given from outside.
            Some(known @ (Known::Number(_) | Known::Truth(_))) if k > 1 => {
                constants.names.insert(name.clone(), known);
            }
            _ => {
                constants.names.insert(name.clone(), Known::Given);
            }
        }
    }
}

pub(super) struct Flow<'a> {
    /// Names that have a value.
    pub(super) names: Vec<String>,
    pub(super) room: Room,
    /// Values that are returned already where a condition holds.
    pub(super) later: Vec<(Vec<Located>, Vec<Vec<Located>>)>,
    /// How far the lines of the function are indented.
    base: usize,
    depth: usize,
    masks: Masks,
    pub(super) mistakes: &'a mut Vec<Diagnostic>,
}

impl Flow<'_> {
    pub(super) fn mistake(&mut self, line: &LogicalLine, message: &str) {
        if let Some(first) = line.tokens.first() {
            self.mistakes.push(Diagnostic::new(first.span, message));
        }
    }

    /// Writes the lines of a block, and says where it ends.
    pub(super) fn block(
        &mut self,
        lines: &[LogicalLine],
        constants: &mut Constants,
        written: &mut Vec<LogicalLine>,
    ) -> End {
        self.depth += 1;
        let mut at = 0;
        let mut end = End::Next;
        while at < lines.len() && end == End::Next {
            let line = &lines[at];
            at += 1;
            let behind =
                |at: usize| lines[at..].iter().take_while(|l| l.joined || l.indent > line.indent).count();
            let block = &lines[at..at + behind(at)];
            let with_else = |at: usize| {
                lines.get(at).filter(|l| l.indent == line.indent && !l.joined && is_word(l, 0, "else"))
            };
            let kind = word(line, 0);
            if matches!(kind, Some("if" | "elif" | "else" | "for" | "while" | "with")) {
                let wrong = match has_colon(line) {
                    false => "a colon belongs at the end of this line, as in if n > 2:",
                    true if ends_with_colon(line) && block.is_empty() => {
                        "a block belongs behind this colon; indent the next lines"
                    }
                    true => "",
                };
                if !wrong.is_empty() {
                    self.mistake(line, wrong);
                    at += block.len();
                    continue;
                }
            }
            end = match kind {
                _ if self.depth > DEEPEST => End::Next,
                Some("def") => {
                    written.push(line.clone());
                    written.extend_from_slice(block);
                    at += block.len();
                    End::Next
                }
                Some(kind @ ("for" | "while")) => {
                    at += block.len();
                    let mut other = Vec::new();
                    if let Some(head) = with_else(at) {
                        let count = behind(at + 1);
                        other = body_of(head, &lines[at + 1..at + 1 + count]).1;
                        at += 1 + count;
                    }
                    let (head, body) = body_of(line, block);
                    let rounds = (head, body.as_slice(), other.as_slice());
                    if kind == "for" {
                        self.each(rounds, constants, written)
                    } else {
                        self.as_long_as(rounds, constants, written)
                    }
                }
                Some("if") => {
                    let (branches, next) = branches(lines, at - 1);
                    at = next;
                    self.decide(line, branches, constants, written)
                }
                Some("with")
                    if line.tokens.iter().any(|t| t.text == "errstate" || t.text == "catch_warnings") =>
                {
                    at += block.len();
                    self.block(&body_of(line, block).1, constants, written)
                }
                Some("continue") if line.tokens.len() == 1 && self.depth > 1 => End::Continue,
                Some("break") if line.tokens.len() == 1 && self.depth > 1 => End::Break,
                Some("return") => {
                    self.returned(line, constants, written);
                    // What follows a return of the function itself is complained about.
                    if self.depth > 1 { End::Return } else { End::Next }
                }
                _ => {
                    self.line(line, constants, written);
                    End::Next
                }
            };
            if written.len() > MOST_LINES {
                break;
            }
        }
        self.depth -= 1;
        end
    }

    /// A line that is no condition and no loop.
    #[allow(clippy::collapsible_match)] // a guard cannot move what it has found
    fn line(&mut self, line: &LogicalLine, constants: &mut Constants, written: &mut Vec<LogicalLine>) {
        let mut line = line.clone();
        self.spelled(&mut line, constants, written);
        if self.depth > 1 {
            line.indent = self.base;
        }
        if let Err(message) = self.masks.written_out(&mut line) {
            return self.mistake(&line, message);
        }
        let mut targets = targets(&line);
        let value = match (targets.as_slice(), sign(&line, 1)) {
            ([name], Some("=")) if word(&line, 0) == Some(name) => constants.value(&line.tokens[2..], 0),
            ([name], Some(by)) if word(&line, 0) == Some(name) => {
                grown(constants, name, by, &line.tokens[2..])
            }
            _ => None,
        };
        for target in &targets {
            constants.names.remove(target);
        }
        match &value {
            // A text is no value of a listing, and what is true is 1.
            Some(Known::Text(_) | Known::Nothing) => {
                if targets.iter().all(|name| !self.names.contains(name)) {
                    constants.names.extend(targets.pop().zip(value));
                    return;
                }
            }
            Some(Known::Truth(truth)) if line.tokens.len() == 3 => {
                line.tokens[2].token = Token::Number(f64::from(u8::from(*truth)));
            }
            _ => {}
        }
        self.names
            .extend(targets.iter().filter(|name| !self.names.contains(name)).cloned().collect::<Vec<_>>());
        constants.names.extend(targets.pop().zip(value.filter(|value| *value != Known::Given)));
        written.push(line);
    }

    /// A condition: the branch that is known to be taken, or a choice.
    fn decide(
        &mut self,
        head: &LogicalLine,
        branches: Vec<Branch>,
        constants: &mut Constants,
        written: &mut Vec<LogicalLine>,
    ) -> End {
        let mut open: Vec<Branch> = Vec::new();
        for mut branch in branches {
            if let Some(condition) = &mut branch.condition {
                self.lengths(condition, written);
            }
            let holds = branch.condition.as_ref().map_or(Some(true), |condition| constants.holds(condition));
            if holds == Some(false) {
                continue;
            }
            if holds == Some(true) {
                branch.condition = None;
            }
            // What only complains gives no value.
            if open.is_empty() && holds == Some(true) {
                return self.block(&branch.lines, constants, written);
            }
            if !complains(&branch.lines) {
                open.push(branch);
            }
            if holds == Some(true) {
                break;
            }
        }
        match open.as_slice() {
            [] => End::Next,
            [Branch { condition: None, lines }] => self.block(lines, constants, written),
            _ => self.chosen(head, open, constants, written),
        }
    }

    /// How deep the lines of a block that are written stand.
    pub(super) fn base(&self) -> usize {
        self.base
    }

    pub(super) fn leaves(&mut self, head: &LogicalLine) {
        self.mistake(head, LEAVES);
    }
}

impl Flow<'_> {
    /// `return a, b`: with the values that other conditions have returned before.
    fn returned(&mut self, line: &LogicalLine, constants: &Constants, written: &mut Vec<LogicalLine>) {
        let mut line = line.clone();
        self.spelled(&mut line, constants, written);
        if self.depth > 1 {
            line.indent = self.base;
        }
        if let Err(message) = self.masks.written_out(&mut line) {
            return self.mistake(&line, message);
        }
        let like = line.tokens[0].clone();
        let rest = line.tokens.split_off(1);
        let mut values = lines::values(&rest);
        let wrapped = unwrapped(&rest).is_some() && rest.first().is_some_and(|t| t.text == "[");
        if self.later.is_empty() {
            line.tokens.extend(rest);
            written.push(line);
            return;
        }
        for (condition, earlier) in self.later.iter().rev() {
            if earlier.len() != values.len() || wrapped {
                let message = "this function returns another number of values above; return as many here";
                self.mistakes.push(Diagnostic::new(like.span, message));
                return;
            }
            for (value, earlier) in values.iter_mut().zip(earlier) {
                *value = loops::conditional(condition, earlier, value);
            }
        }
        line.tokens.extend(comma_separated(&values, &like));
        written.push(line);
    }
}
