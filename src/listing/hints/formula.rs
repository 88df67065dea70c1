//! First numbers of a weight or state, given by a formula that is evaluated once.

use std::sync::Arc;

use ndarray::{ArrayD, IxDyn};

use super::{GIVEN, Hints};
use crate::layers::weights::FirstNumbers;
use crate::listing::cell::{Recording, Sequence, SizedListing};
use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::parsed::Listing;
use crate::listing::shapes::{self, ParameterShape, Shapes};
use crate::rng::{RngExt, Stream, Unit};

/// Numbers of [0, 1) in the shape of the weight, drawn from the seed.
pub(super) const RANDOM: &str = "random";
/// What a formula is added to, so that its value is spread over the shape of the weight.
const VALUE: &str = "value";

/// First numbers that a formula gives.
pub struct Formula {
    /// A step whose state becomes the numbers.
    step: SizedListing,
    shape: Vec<usize>,
}

/// The formulas of a listing, each with the name of its weight or state.
///
/// # Errors
/// If a formula does not give numbers of the shape.
pub fn formulas(listing: &Listing, shapes: &Shapes) -> Result<Vec<(String, Arc<Formula>)>, Vec<Diagnostic>> {
    let of = |(place, formula, span): &(usize, String, Span)| {
        let parameter = &shapes.parameters[*place];
        let text = text(&shapes.sizes, formula);
        let made = Formula::new(&text, &parameter.shape).map_err(|mistakes| {
            let name = format!("`{}` has the shape {}", parameter.name, shapes::tuple(&parameter.shape));
            here(mistakes, *span, &format!("; {name}"))
        })?;
        Ok((parameter.name.clone(), Arc::new(made)))
    };
    listing.hints().first.iter().map(of).collect()
}

/// What each state begins with, row after row, if one has a formula; the others begin with zeros.
pub(in crate::listing) fn first_states(
    shapes: &Shapes,
    formulas: &[(String, Arc<Formula>)],
) -> Option<Vec<Vec<f32>>> {
    let of = |state: &ParameterShape| {
        let formula = formulas.iter().find(|(name, _)| *name == state.name);
        formula.map_or_else(|| vec![0.0; state.shape.iter().product()], |(_, formula)| formula.numbers(0, ""))
    };
    let said = shapes.states().any(|state| formulas.iter().any(|(name, _)| *name == state.name));
    said.then(|| shapes.states().map(of).collect())
}

/// Whether a formula can be read, whatever the sizes are.
pub(super) fn check(hints: &Hints, name: &str, formula: &str, span: Span) -> Result<(), Diagnostic> {
    if formula.is_empty() {
        return Err(Diagnostic::new(span, format!("a formula follows behind =: # init: {name} = 0.5")));
    }
    let mut sizes: Vec<(String, usize)> = GIVEN.iter().map(|name| (name.to_string(), 4)).collect();
    sizes.extend_from_slice(&hints.sizes);
    let read = Listing::parse_watched(&text(&sizes, formula));
    match read {
        Ok(_) => Ok(()),
        Err(mistakes) => Err(here(mistakes, span, "").remove(0)),
    }
}

/// The step that gives the numbers of a formula.
fn text(sizes: &[(String, usize)], formula: &str) -> String {
    let sizes: String = sizes.iter().map(|(name, size)| format!(", {name}={size}")).collect();
    format!(
        "def step({RANDOM}, {VALUE}{sizes}):\n    \
         {VALUE} = 0 * {VALUE} + ({formula})\n    return {VALUE}\n"
    )
}

/// Mistakes in the text of a formula, at their place in the comment.
fn here(mistakes: Vec<Diagnostic>, span: Span, more: &str) -> Vec<Diagnostic> {
    let before = format!("    {VALUE} = 0 * {VALUE} + (").chars().count();
    let place = |mistake: Diagnostic| {
        let within = mistake.column.saturating_sub(before + 1).min(span.length - 1);
        let length = mistake.length.min(span.length - within);
        let column = span.column + within;
        let message = format!("{}{more}", mistake.message);
        Diagnostic::new(Span { line: span.line, column, length }, message)
    };
    mistakes.into_iter().map(place).collect()
}

impl Formula {
    fn new(text: &str, shape: &[usize]) -> Result<Self, Vec<Diagnostic>> {
        let listing = Listing::parse_watched(text)?;
        let shapes = listing.shapes_given(&[(RANDOM, shape), (VALUE, shape)])?;
        Ok(Self { step: SizedListing::new(&listing, &shapes)?, shape: shape.to_vec() })
    }

    /// The numbers, row after row; those at random are drawn from the stream that `seed` and `name` name.
    pub fn numbers(&self, seed: u64, name: &str) -> Vec<f32> {
        let mut stream = Stream::new(seed, name, 0);
        let x = ArrayD::from_shape_simple_fn(IxDyn(&[&[1], self.shape.as_slice()].concat()), || {
            stream.sample(Unit)
        });
        let recording = Recording::new(&self.step, Sequence { x, ..Sequence::default() });
        let made = recording
            .map(|recording| recording.state(0).iter().skip(recording.state(0).len() / 2).copied().collect());
        made.unwrap_or_else(|wrong| unreachable!("a formula has the shape that it was read for: {wrong}"))
    }
}

// Derived, it would write out the whole listing, with code of 12 kB that nothing else needs.
impl std::fmt::Debug for Formula {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Formula")
    }
}

impl FirstNumbers for Formula {
    fn fill(&self, values: &mut [f32], seed: u64, name: &str) {
        values.copy_from_slice(&self.numbers(seed, name));
    }
}
