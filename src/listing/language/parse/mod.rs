//! From text to tree: a recursive descent over logical lines that goes on after a mistake.
//!
//! Whatever is typed, the answer is a tree or a list of mistakes: nesting and size are limited, so the stack and the
//! time are too.

mod apart;
mod arguments;
mod blocks;
mod bundles;
mod calls;
mod choices;
mod classes;
mod collected;
mod constants;
mod each;
mod einsum;
mod expression;
mod flow;
mod globals;
mod handed;
mod head;
mod inner;
mod known;
mod lines;
mod looked_up;
mod loops;
mod made;
mod masks;
mod members;
mod names;
mod objects;
mod order;
mod outputs;
mod passed;
mod prelude;
mod program;
mod reader;
mod returned;
mod rounds;
mod shaped;
mod spelled;
mod statement;
mod subscript;
mod tables;
mod tuples;

pub(in crate::listing) use subscript::whole;

use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::functions::Dialect;
use crate::listing::language::tokens::tokenize;
use crate::listing::language::tree::Definition;
use crate::ordering::sort_by_key;

/// The longest text that is read, in bytes; the longest listing of this project has 2,000.
pub const LONGEST_SOURCE: usize = 32 * 1024;
/// So many lines are read; what Python writes shorter is looked for in each of them.
const MOST_LINES: usize = 1200;
/// An adjoint repeats its listing and adds about twice as much.
const LONGEST_ADJOINT: usize = 8 * LONGEST_SOURCE;
/// `x`, states and weights together.
const MOST_PARAMETERS: usize = 64;
/// At most so many mistakes are reported.
pub(in crate::listing) const MOST_MISTAKES: usize = 20;

/// Reads one function; `lists`: whether weights that are only read by an index are lists of weights.
pub(in crate::listing) fn parse(
    source: &str,
    dialect: Dialect,
    lists: bool,
) -> Result<Definition, Vec<Diagnostic>> {
    let longest = if dialect == Dialect::Adjoint { LONGEST_ADJOINT } else { LONGEST_SOURCE };
    if source.len() > longest {
        let message = format!(
            "this text is too long: a listing may have {longest} bytes, this one has {}; keep one step function",
            source.len()
        );
        return Err(vec![Diagnostic::new(Span { line: 1, column: 1, length: 1 }, message)]);
    }
    let (lines, mut mistakes) = tokenize(source);
    if let Some(line) = lines.get(MOST_LINES).filter(|_| dialect != Dialect::Adjoint) {
        let message = format!(
            "this text is too long: a listing may have {MOST_LINES} lines, this one has {}; keep one step function",
            lines.len()
        );
        let start = line.tokens.first().map_or_else(program::beginning, |token| token.span);
        return Err(vec![Diagnostic::new(start, message)]);
    }
    let wanted = if dialect == Dialect::Adjoint { program::ADJOINT } else { "step" };
    let mut helpers = prelude::called(&lines, dialect);
    let program = program::program(lines, (wanted, lists), &mut mistakes);
    for function in &program.helpers {
        let mut parser = statement::Body::new((dialect, false), &helpers, mistakes);
        let helper = parser.definition(Some(function), source);
        mistakes = parser.mistakes;
        // One that is defined twice is the second one, and one that is a function of the language already is that one.
        helpers.extend(helper.filter(|helper| !known::is_known(helper)));
    }
    let mut parser = statement::Body::new((dialect, true), &helpers, mistakes);
    let definition = parser.definition(program.step.as_ref(), source);
    let mut mistakes = parser.mistakes;
    sort_by_key(&mut mistakes, |m| (m.line, m.column));
    mistakes.dedup_by_key(|m| (m.line, m.column));
    mistakes.truncate(MOST_MISTAKES);
    match definition {
        Some(definition) if mistakes.is_empty() => Ok(definition),
        _ => Err(mistakes),
    }
}
