//! Weights that a text draws outside of its functions, `W = np.random.randn(4, 3)`: a step that reads them has them as
//! parameters, and functions that read them are given them.

use super::blocks::targets;
use super::inner;
use super::lines::{Function, reads};
use crate::listing::language::tokens::{LogicalLine, Token};

/// What makes an array of weights.
const DRAWS: [&str; 14] = [
    "rand",
    "randn",
    "random",
    "normal",
    "uniform",
    "zeros",
    "ones",
    "eye",
    "identity",
    "full",
    "rng",
    "standard_normal",
    "array",
    "zeros_like",
];

/// The names that a line outside of the functions gives to arrays.
pub(super) fn drawn(line: &LogicalLine) -> Vec<String> {
    let draws = |name: &str| DRAWS.contains(&name) || name.contains("init");
    let fits = line.tokens.iter().any(|token| matches!(&token.token, Token::Name(name) if draws(name)));
    if fits { targets(line) } else { Vec::new() }
}

/// Gives the functions that read such names those as parameters: the step its own, in the order of the text.
pub(super) fn handed(names: &[String], helpers: &mut [Function], step: &mut Function) {
    let is_read =
        |name: &&String| helpers.iter().chain([&*step]).any(|f| f.body.iter().any(|line| reads(line, name)));
    let names: Vec<String> = names.iter().filter(is_read).cloned().collect();
    if names.is_empty() {
        return;
    }
    for at in 0..helpers.len() {
        let (given, rest) = helpers.split_at_mut(at + 1);
        let Some(function) = given.last_mut() else { continue };
        let callers = rest.iter_mut().chain([&mut *step]).flat_map(|other| &mut other.body);
        inner::closed(function, &names.iter().cloned().collect(), callers);
    }
    let free = inner::read_outside(step, &names.iter().cloned().collect());
    inner::at_the_end(
        &mut step.head,
        &names.iter().filter(|n| free.contains(n)).cloned().collect::<Vec<_>>(),
    );
}
