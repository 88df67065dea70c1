//! Blocks of lines: the branches of a condition, the lines of a loop, and the names that lines give values.

use super::constants::{Constants, Known};
use super::lines::{is_sign, located, one_line, sign, word};
use super::made::{named, spelt};
use crate::listing::language::tokens::{Located, LogicalLine, Token};
use crate::listing::language::tree::Binary;

/// One branch of a condition: none behind `else`.
pub(super) struct Branch {
    pub(super) condition: Option<Vec<Located>>,
    pub(super) lines: Vec<LogicalLine>,
}

/// Whether lines only say that something is wrong.
pub(super) fn complains(lines: &[LogicalLine]) -> bool {
    let says = |line: &LogicalLine| {
        matches!(word(line, 0), Some("raise" | "print" | "assert" | "pass" | "warnings" | "logging"))
    };
    !lines.is_empty() && lines.iter().all(says)
}

/// The head of a block alone, and its lines with what stands behind the colon.
pub(super) fn body_of(head: &LogicalLine, lines: &[LogicalLine]) -> (LogicalLine, Vec<LogicalLine>) {
    let mut head = head.clone();
    let behind = one_line(&mut head);
    (head, behind.into_iter().chain(lines.iter().cloned()).collect())
}

/// The branches of the `if` at a place, and the place behind them.
pub(super) fn branches(lines: &[LogicalLine], from: usize) -> (Vec<Branch>, usize) {
    let indent = lines[from].indent;
    let (mut found, mut at) = (Vec::new(), from);
    while let Some(line) = lines.get(at) {
        let kind = word(line, 0);
        let belongs =
            at == from || (line.indent == indent && !line.joined && matches!(kind, Some("elif" | "else")));
        if !belongs {
            break;
        }
        let inner = lines[at + 1..].iter().take_while(|l| l.joined || l.indent > indent).count();
        let (head, body) = body_of(line, &lines[at + 1..at + 1 + inner]);
        let condition = head.tokens[1..head.tokens.len().saturating_sub(1).max(1)].to_vec();
        let is_else = kind == Some("else");
        found.push(Branch { condition: (!is_else).then_some(condition), lines: body });
        at += 1 + inner;
        if is_else {
            break;
        }
    }
    (found, at)
}

/// The names that a line gives values.
pub(super) fn targets(line: &LogicalLine) -> Vec<String> {
    let is_assignment = |sign: &str| sign == "=" || Binary::augmented(sign).is_some();
    let mut open = 0usize;
    let mut last = None;
    for at in 0..line.tokens.len() {
        match sign(line, at) {
            Some("(" | "[" | "{") => open += 1,
            Some(")" | "]" | "}") => open = open.saturating_sub(1),
            Some(found) if open == 0 && is_assignment(found) => last = Some(at),
            _ => {}
        }
    }
    let mut found = Vec::new();
    // The open brackets, each with whether it is an index: `a[`.
    let mut indices: Vec<bool> = Vec::new();
    for at in 0..last.unwrap_or(0) {
        let begins = at == 0 || matches!(sign(line, at - 1), Some("," | "(" | "=" | "*" | "["));
        let is_target = begins && !is_sign(line, at + 1, ".") && !indices.contains(&true);
        if let Some(name) = word(line, at).filter(|_| is_target) {
            found.push(name.to_string());
        }
        match sign(line, at) {
            Some("[") => indices.push(at > 0 && word(line, at - 1).is_some()),
            Some("(") => indices.push(false),
            Some(")" | "]") => drop(indices.pop()),
            _ => {}
        }
    }
    found
}

/// What `name += value` makes of what is known.
pub(super) fn grown(constants: &Constants, name: &str, by: &str, value: &[Located]) -> Option<Known> {
    let like = value.first()?;
    let operation = by.strip_suffix('=').filter(|_| Binary::augmented(by).is_some())?;
    let operation = ["+", "-", "*", "/", "//", "%", "**"].into_iter().find(|sign| *sign == operation)?;
    let by = [located(Token::Sign(operation), like)];
    let whole = spelt("$ $ ( $ )", like, &[&named(name, like), &by, value]);
    constants.value(&whole, 0)
}

/// Whether the block stands below the line.
pub(super) fn ends_with_colon(line: &LogicalLine) -> bool {
    line.tokens.len().checked_sub(1).and_then(|last| sign(line, last)) == Some(":")
}

/// Whether a line has the colon that begins a block.
pub(super) fn has_colon(line: &LogicalLine) -> bool {
    let mut open = 0usize;
    (0..line.tokens.len()).any(|at| {
        match sign(line, at) {
            Some("(" | "[" | "{") => open += 1,
            Some(")" | "]" | "}") => open = open.saturating_sub(1),
            _ => {}
        }
        open == 0 && is_sign(line, at, ":")
    })
}
