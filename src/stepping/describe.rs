//! What a view must know of a session besides its numbers: the texts, their lines, what each reads and makes.

use super::walk::{self, Moment, Part};
use super::{Kind, Stepping};
use crate::listing::{Expression, Graph, Kind as Node, Listing, Op, ParameterShape, Phase, Recording};
use serde::Serialize;

/// A session's texts and sizes.
#[derive(Debug, Clone, Serialize)]
pub struct Description {
    /// The cell.
    pub cell: PartDescription,
    /// The output and the loss.
    pub output: PartDescription,
    /// What each timestep is called.
    pub labels: Vec<String>,
    /// Whether the labels are words.
    pub words: bool,
    /// Numbers of one timestep.
    pub features: usize,
    /// The position of the state that the output reads.
    pub read_state: usize,
    /// What the output is: `binary`, `classes`, `number`.
    pub said: &'static str,
}

/// A listing, its adjoint and its parameters.
#[derive(Debug, Clone, Serialize)]
pub struct PartDescription {
    /// The listing.
    pub forward: Side,
    /// Its adjoint.
    pub backward: Side,
    /// The input, the states, the weights.
    pub parameters: Vec<ParameterShape>,
    /// States that are handed out and never read.
    pub outputs: Vec<String>,
}

/// One text.
#[derive(Debug, Clone, Serialize)]
pub struct Side {
    /// All of it.
    pub source: String,
    /// The line of `def`.
    pub head: usize,
    /// What is given at the beginning, with shapes.
    pub given: Vec<Array>,
    /// The assignments in order.
    pub lines: Vec<Line>,
    /// The line of `return`.
    pub last: usize,
}

/// One assignment.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// Its first line of the text.
    pub line: usize,
    /// Its last line of the text.
    pub until: usize,
    /// What it makes.
    pub writes: Vec<Array>,
    /// The names that it reads.
    pub reads: Vec<String>,
    /// `sigmoid`, `tanh`, `product`, `state`, … what the value is made by last.
    pub made_by: &'static str,
    /// The comment at its end.
    pub comment: Option<String>,
    /// Which of the eight phases it belongs to.
    pub moment: Moment,
    /// In an adjoint: it repeats a line of the listing.
    pub repeats: bool,
}

/// A name and the shape of its value.
#[derive(Debug, Clone, Serialize)]
pub struct Array {
    /// The name.
    pub name: String,
    /// The shape.
    pub shape: Vec<usize>,
}

/// The description of a session.
pub fn describe(session: &Stepping) -> Description {
    Description {
        cell: part(session.recording(Part::Cell)),
        output: part(session.recording(Part::Output)),
        labels: session.input().labels.clone(),
        words: session.input().words,
        features: session.input().features,
        read_state: session.read_state(),
        said: match session.readout().kind {
            Kind::Binary => "binary",
            Kind::Classes(_) => "classes",
            Kind::Number => "number",
        },
    }
}

fn part(recording: &Recording) -> PartDescription {
    let listing = recording.listing();
    let states = listing.states();
    let outputs = states.iter().enumerate().filter(|(k, _)| walk::is_output(listing, *k));
    PartDescription {
        forward: side(recording, Phase::Forward),
        backward: side(recording, Phase::Backward),
        parameters: recording.shapes().parameters.clone(),
        outputs: outputs.map(|(_, name)| name.to_string()).collect(),
    }
}

fn side(recording: &Recording, phase: Phase) -> Side {
    let listing = recording.text(phase);
    let (graph, definition) = (listing.graph(), listing.definition());
    let shape = |node: usize| recording.shape(phase, node).to_vec();
    let given = graph.parameters.iter().enumerate();
    let backward = walk::backward_lines(recording);
    let lines = definition.body.iter().enumerate().map(|(statement, text)| {
        let made = graph.assigned.iter().filter(|a| a.statement == statement);
        let mut reads = Vec::new();
        names(&text.value, &mut reads);
        Line {
            line: text.span.line,
            until: text.last_line,
            writes: made.map(|a| Array { name: a.name.clone(), shape: shape(a.node) }).collect(),
            reads,
            made_by: made_by(graph, statement),
            comment: text.comment.clone(),
            moment: moment(listing, phase, statement),
            repeats: phase == Phase::Backward && !backward.contains(&text.span.line),
        }
    });
    Side {
        source: listing.source().to_string(),
        head: definition.span.line,
        given: given.map(|(node, name)| Array { name: name.clone(), shape: shape(node) }).collect(),
        lines: lines.collect(),
        last: definition.return_span.line,
    }
}

fn moment(listing: &Listing, phase: Phase, statement: usize) -> Moment {
    match phase {
        Phase::Forward => walk::moment_of(listing, statement),
        Phase::Backward => Moment::GradientWalksBack,
    }
}

/// By which operation the line's first value is made last.
fn made_by(graph: &Graph, statement: usize) -> &'static str {
    let Some(assigned) = graph.assigned.iter().find(|a| a.statement == statement) else { return "" };
    match &graph.nodes[assigned.node].op {
        Op::Function(function) => function.name(),
        Op::MatMul { .. } => "product",
        Op::Part { .. } => "split",
        Op::Outer => "outer",
        Op::Parameter(_) => "same",
        Op::Concatenate(_) | Op::Stack(_) => "join",
        Op::Binary(_) => "sum",
        _ => "",
    }
}

/// All names in an expression, each once.
fn names(expression: &Expression, found: &mut Vec<String>) {
    match &expression.kind {
        Node::Number(_) => {}
        Node::Name(name) => {
            if !found.contains(name) {
                found.push(name.clone());
            }
        }
        Node::Negate(inner) | Node::Transpose(inner) | Node::Length(inner, _) | Node::Subscript(inner, _) => {
            names(inner, found);
        }
        Node::Binary(_, left, right) => {
            names(left, found);
            names(right, found);
        }
        Node::Call(_, arguments, _) => arguments.iter().for_each(|argument| names(argument, found)),
    }
}
