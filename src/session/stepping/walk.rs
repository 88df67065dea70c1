//! The way through a session: every position from the first word over the loss back to the first word, in order.

use crate::listing::{Listing, Op, Pass, Recording, Role};
use serde::{Deserialize, Serialize};

/// What happens at a position: the eight phases of one pass forwards and backwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum PositionKind {
    /// The timestep's input is looked up.
    ReadWord,
    /// Lines that prepare the new state.
    Gates,
    /// Lines that make a new state.
    NewState,
    /// The output after the last timestep, and what it gives to the true label.
    Output,
    /// How wrong it is.
    Loss,
    /// From the loss to the last state.
    GradientArrives,
    /// The adjoint, from the last timestep to the first.
    GradientWalksBack,
    /// What all timesteps say about one weight is added up.
    SumOverTime,
}

/// Which of the two listings of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The cell.
    Cell,
    /// The output and the loss behind it.
    Output,
}

/// One position: a line of a listing or of its adjoint at a timestep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// What happens.
    pub kind: PositionKind,
    /// In which listing.
    pub part: Part,
    /// In the listing or in its adjoint.
    pub pass: Pass,
    /// At which timestep.
    pub timestep: usize,
    /// On which line; the line of `def` is the position of the given values.
    pub line: usize,
    /// Which weight is added up, by its position among the weights.
    pub weight: Option<usize>,
}

impl Position {
    /// Numbers in [`flat`](Self::flat).
    pub const WIDTH: usize = 6;

    /// As whole numbers: kind, part, direction, timestep, line, weight or -1.
    pub fn flat(&self) -> [i32; Self::WIDTH] {
        let weight = self.weight.map_or(-1, |weight| weight as i32);
        [self.kind as i32, self.part as i32, self.pass as i32, self.timestep as i32, self.line as i32, weight]
    }
}

/// A phase that a walk has, by the name that a beginner reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Phase {
    /// Which kind of position belongs to it.
    pub kind: PositionKind,
    /// The number of that kind in a flat position.
    pub number: usize,
    /// `read the word`, `gates`, …
    pub title: String,
}

/// The phases that a walk has, in order. `called`: what is read at one of its timesteps. `has_gates`: lines of the cell
/// make gates.
pub fn phases(positions: &[Position], called: &str, has_gates: bool) -> Vec<Phase> {
    use PositionKind as K;
    let title = |kind| match kind {
        K::ReadWord if called == "word" => "read the word",
        K::ReadWord if called == "character" => "read the character",
        K::ReadWord => "read the input",
        K::Gates if has_gates => "gates",
        K::Gates => "intermediate values",
        K::NewState => "new state",
        K::Output => "output",
        K::Loss => "loss",
        K::GradientArrives => "gradient at the output",
        K::GradientWalksBack => "back through time",
        K::SumOverTime => "sum over time",
    };
    let all = [
        K::ReadWord,
        K::Gates,
        K::NewState,
        K::Output,
        K::Loss,
        K::GradientArrives,
        K::GradientWalksBack,
        K::SumOverTime,
    ];
    let there = all.into_iter().filter(|kind| positions.iter().any(|position| position.kind == *kind));
    there.map(|kind| Phase { kind, number: kind as usize, title: title(kind).to_string() }).collect()
}

/// All positions of a session.
pub fn walk(cell: &Recording, output: &Recording) -> Vec<Position> {
    let timesteps = cell.timesteps();
    let mut positions = Vec::new();
    for timestep in 0..timesteps {
        forward(&mut positions, cell.listing(), timestep);
    }
    let last = timesteps - 1;
    let position =
        |kind, pass, line| Position { kind, part: Part::Output, pass, timestep: last, line, weight: None };
    for statement in &output.listing().definition().body {
        let is_loss = statement.targets.iter().any(|target| target.name == "loss");
        let kind = if is_loss { PositionKind::Loss } else { PositionKind::Output };
        positions.push(position(kind, Pass::Forward, statement.span.line));
    }
    let adjoint = output.adjoint();
    // The gradient of the label is not asked for. The loss has no next timestep: its gradient there is zero.
    let unasked = |line: &usize| {
        let mut made = adjoint.graph().assigned.iter().filter(|a| a.line == *line);
        made.any(|a| a.name == "d_loss" || a.name == "d_label")
    };
    let lines = backward_lines(output).into_iter().filter(|line| !unasked(line));
    for line in std::iter::once(adjoint.definition().span.line).chain(lines) {
        positions.push(position(PositionKind::GradientArrives, Pass::Backward, line));
    }
    let first = cell.adjoint().definition().span.line;
    let lines: Vec<usize> = std::iter::once(first).chain(backward_lines(cell)).collect();
    for timestep in (0..timesteps).rev() {
        backward(&mut positions, &lines, timestep);
    }
    sums(&mut positions, cell);
    positions
}

fn forward(positions: &mut Vec<Position>, listing: &Listing, timestep: usize) {
    let definition = listing.definition();
    let position =
        |kind, line| Position { kind, part: Part::Cell, pass: Pass::Forward, timestep, line, weight: None };
    positions.push(position(PositionKind::ReadWord, definition.span.line));
    for (statement, line) in definition.body.iter().enumerate() {
        positions.push(position(kind_of(listing, statement), line.span.line));
    }
}

/// A line makes a new state if it makes a value that is returned; a state that no line reads is an output.
pub fn kind_of(listing: &Listing, statement: usize) -> PositionKind {
    let graph = listing.graph();
    let made: Vec<usize> =
        graph.assigned.iter().filter(|a| a.statement == statement).map(|a| a.node).collect();
    match graph.returns.iter().position(|node| made.contains(node)) {
        Some(state) if is_output(listing, state) => PositionKind::Output,
        Some(_) => PositionKind::NewState,
        None => PositionKind::Gates,
    }
}

/// Whether the state at `position` among the states is handed out and never read again.
pub fn is_output(listing: &Listing, position: usize) -> bool {
    let graph = listing.graph();
    !graph.needed_for(&graph.returns)[position + 1]
}

/// The state that no line of the cell reads, or else the first one.
pub fn output_state(listing: &Listing) -> usize {
    (0..listing.graph().returns.len()).rev().find(|state| is_output(listing, *state)).unwrap_or(0)
}

fn backward(positions: &mut Vec<Position>, lines: &[usize], timestep: usize) {
    for &line in lines {
        positions.push(Position {
            kind: PositionKind::GradientWalksBack,
            part: Part::Cell,
            pass: Pass::Backward,
            timestep,
            line,
            weight: None,
        });
    }
}

/// One position a weight, on the line of the adjoint that made its gradient.
fn sums(positions: &mut Vec<Position>, cell: &Recording) {
    let graph = cell.adjoint().graph();
    let parameters = &cell.shapes().parameters;
    let weights = parameters.iter().enumerate().filter(|(_, parameter)| parameter.role == Role::Weight);
    for (weight, (position, parameter)) in weights.enumerate() {
        let Some(place) = cell.listing().gradient_place(position) else { continue };
        let node = graph.returns[place];
        let name = format!("d_{}", parameter.name);
        let mut made = graph.assigned.iter().filter(|a| a.node == node);
        // d_b may be another name for dz.
        let line = made.clone().find(|a| a.name == name).or_else(|| made.next()).map(|a| a.line);
        positions.push(Position {
            kind: PositionKind::SumOverTime,
            part: Part::Cell,
            pass: Pass::Backward,
            timestep: 0,
            line: line.unwrap_or(cell.adjoint().definition().return_span.line),
            weight: Some(weight),
        });
    }
}

/// The lines of the adjoint that compute gradients; those before them repeat the step function.
pub fn backward_lines(recording: &Recording) -> Vec<usize> {
    let (graph, body) = (recording.adjoint().graph(), &recording.adjoint().definition().body);
    let given = recording.listing().definition().parameters.len();
    let depends = graph.depends_on(|parameter| parameter >= given);
    let starts = graph.nodes.iter().zip(&depends).find(|(node, depends)| {
        **depends && !matches!(node.op, Op::Parameter(_)) && node.statement.is_some()
    });
    let first = starts.and_then(|(node, _)| node.statement).unwrap_or(0);
    body.iter().skip(first).map(|statement| statement.span.line).collect()
}
