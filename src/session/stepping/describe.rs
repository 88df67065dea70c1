//! What a view must know of a session besides its numbers: the texts, their lines, what each reads and makes.

use super::choice::{Excerpt, ReadBefore};
use super::facts::Facts;
use super::readout::{LABEL, OutputKind, as_function};
use super::session::Stepping;
use super::walk::{self, Part, Phase};
use crate::listing::{
    Binary, Expression, ExpressionKind, Graph, Listing, Op, ParameterShape, Pass, Recording, Role,
};
use serde::Serialize;

/// A session's texts and sizes.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Description {
    /// The cell.
    pub cell: PartDescription,
    /// The output and the loss.
    pub output: PartDescription,
    /// What each timestep is called.
    pub labels: Vec<String>,
    /// Whether the labels are words.
    pub words: bool,
    /// What is read at one timestep: `word`, `character`, `timestep`.
    pub called: &'static str,
    /// Which part of its text is read.
    pub excerpt: Excerpt,
    /// Whether the network knows each word, `[timesteps]`.
    pub known: Vec<bool>,
    /// What a trained network read before the first timestep: its state then is the first one here.
    pub before: ReadBefore,
    /// The names of the classes that the output tells apart; empty where they have none.
    pub classes: Vec<String>,
    /// Numbers of one timestep.
    pub features: usize,
    /// The position of the state that the output reads.
    pub read_state: usize,
    /// What the output is: `binary`, `classes`, `number`.
    pub said: &'static str,
    /// What values of the cell are called by what they do: `f` is the forget gate.
    pub titles: Vec<NamedTitle>,
    /// The phases of the walk.
    pub phases: Vec<Phase>,
}

/// A listing, its adjoint and its parameters.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct PartDescription {
    /// The listing.
    pub forward: Side,
    /// Its adjoint.
    pub backward: Side,
    /// The input, the states, the weights.
    pub parameters: Vec<ParameterShape>,
    /// States that are handed out and never read.
    pub outputs: Vec<String>,
    /// Weights that are not trained.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub fixed: Vec<String>,
    /// Whether the number of units means nothing: every size is that of the input or has a name of its own.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub without_units: bool,
    /// Sizes that the text names, and what each is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub sizes: Vec<(String, usize)>,
}

/// One text.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Side {
    /// All of it.
    pub source: String,
    /// The line of `def`.
    pub head: usize,
    /// What is given at the beginning, with shapes.
    pub given: Vec<NamedArray>,
    /// The assignments in order.
    pub lines: Vec<Line>,
    /// The line of `return`.
    pub last: usize,
}

/// One assignment.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Line {
    /// Its first line of the text.
    pub line: usize,
    /// Its last line of the text.
    pub until: usize,
    /// What it makes.
    pub writes: Vec<NamedArray>,
    /// The names that it reads.
    pub reads: Vec<String>,
    /// `sigmoid`, `tanh`, `product`, `state`, … what the value is made by last.
    pub made_by: &'static str,
    /// The comment at its end.
    pub comment: Option<String>,
    /// In an adjoint: it repeats a line of the listing.
    pub repeats: bool,
}

/// What a value is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct NamedTitle {
    /// Its name in the listing.
    pub name: String,
    /// `forget gate`, `memory`, `candidate`, …
    pub title: String,
}

/// A name and the shape of its value.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct NamedArray {
    /// The name.
    pub name: String,
    /// The shape.
    pub shape: Vec<usize>,
}

/// What a text makes, without any numbers: for views of a layer whose cell it is.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Outline {
    /// The states.
    pub states: Vec<String>,
    /// The weights with their shapes, sizes that are still open as words: `(features, 2*units)`.
    pub weights: Vec<(String, String)>,
    /// Every name that is assigned, in the order of the last assignments.
    pub names: Vec<NamedText>,
    /// Sizes that the text names, and what each is.
    pub sizes: Vec<(String, usize)>,
}

/// A name, and what it is assigned last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct NamedText {
    /// The name.
    pub name: String,
    /// The text behind the `=`.
    pub text: String,
    /// As in [`Line`].
    pub made_by: &'static str,
    /// The comment at the end of the line.
    pub comment: Option<String>,
}

/// The outline of a listing.
pub fn outline(listing: &Listing) -> Outline {
    let (graph, definition) = (listing.graph(), listing.definition());
    let mut names: Vec<NamedText> = Vec::new();
    for assigned in &graph.assigned {
        let Some(statement) = definition.body.get(assigned.statement) else { continue };
        names.retain(|known| known.name != assigned.name);
        names.push(NamedText {
            name: assigned.name.clone(),
            text: listing
                .value_text(assigned.statement, &assigned.name)
                .unwrap_or_else(|| right_side(listing.source(), statement.span.line, statement.last_line)),
            made_by: made_by(graph, assigned.statement),
            comment: statement.comment.clone(),
        });
    }
    let shapes = listing.symbolic_shapes().unwrap_or_default();
    let weights = shapes.into_iter().filter(|(_, role, _)| *role == Role::Weight);
    Outline {
        states: listing.states().iter().map(|name| (*name).to_owned()).collect(),
        weights: weights.map(|(name, _, shape)| (name, shape)).collect(),
        names,
        sizes: listing.sizes().to_vec(),
    }
}

/// The text after the first `=` of the lines `first..=last`, without comments and line breaks.
fn right_side(source: &str, first: usize, last: usize) -> String {
    let lines = source.lines().skip(first - 1).take(last + 1 - first);
    let code = lines.map(|line| line.split('#').next().unwrap_or_default().trim());
    let text = code.collect::<Vec<_>>().join(" ");
    text.split_once('=').map_or_else(String::new, |(_, value)| value.trim().to_owned())
}

/// The description of a session.
pub fn describe(session: &Stepping) -> Description {
    Description {
        cell: part(session.recording(Part::Cell)),
        output: output(session.recording(Part::Output)),
        labels: session.input().labels.clone(),
        words: session.input().words,
        called: session.input().called,
        excerpt: session.input().excerpt,
        known: session.input().known.clone(),
        before: session.input().before,
        classes: session.choice().class_names(session.readout().kind == OutputKind::Binary),
        features: session.input().features(),
        read_state: session.read_state(),
        said: match session.readout().kind {
            OutputKind::Binary => "binary",
            OutputKind::Classes(_) => "classes",
            OutputKind::Number => "number",
        },
        titles: titles(session.recording(Part::Cell), session.read_state()),
        phases: session.phases(),
    }
}

fn titles(cell: &Recording, read_state: usize) -> Vec<NamedTitle> {
    let facts = Facts::new(cell);
    let graph = cell.listing().graph();
    let mut titles: Vec<NamedTitle> = Vec::new();
    for name in graph.parameters.iter().chain(graph.assigned.iter().map(|assigned| &assigned.name)) {
        if let (Some(title), true) =
            (facts.title(name, read_state), titles.iter().all(|known| known.name != *name))
        {
            titles.push(NamedTitle { name: name.clone(), title: title.to_string() });
        }
    }
    titles
}

fn part(recording: &Recording) -> PartDescription {
    let listing = recording.listing();
    let states = listing.states();
    let parameters = &recording.shapes().parameters;
    let fixed = parameters.iter().enumerate().filter(|(k, _)| listing.is_fixed(*k));
    let outputs = states.iter().enumerate().filter(|(k, _)| walk::is_output(listing, *k));
    PartDescription {
        forward: side(recording, Pass::Forward),
        backward: side(recording, Pass::Backward),
        parameters: parameters.clone(),
        outputs: outputs.map(|(_, name)| name.to_string()).collect(),
        fixed: fixed.map(|(_, parameter)| parameter.name.clone()).collect(),
        without_units: is_without_units(listing),
        sizes: listing.sizes().to_vec(),
    }
}

/// Whether no parameter of a listing is as long as there are units, and the text asks for no number of them.
fn is_without_units(listing: &Listing) -> bool {
    let shapes = listing.symbolic_shapes();
    listing.fixed_units().is_none()
        && shapes.is_ok_and(|all| all.iter().all(|(_, _, shape)| !shape.contains("units")))
}

/// The output as a function, without the state that its listing is given.
fn output(recording: &Recording) -> PartDescription {
    let mut described = part(recording);
    let unasked = ["loss", "d_loss", "d_label"];
    for (side, pass) in [(&mut described.forward, Pass::Forward), (&mut described.backward, Pass::Backward)] {
        side.source = as_function(&side.source);
        if pass == Pass::Backward {
            side.lines.retain(|line| line.writes.iter().all(|made| !unasked.contains(&made.name.as_str())));
        }
        side.given.retain(|given| given.name != "loss");
        side.last = side.source.lines().count();
    }
    described.without_units = false;
    described.parameters.retain(|parameter| parameter.role != Role::State);
    // The label is chosen, not learned.
    for parameter in described.parameters.iter_mut().filter(|parameter| parameter.name == LABEL) {
        parameter.role = Role::Input;
    }
    described
}

fn side(recording: &Recording, pass: Pass) -> Side {
    let listing = recording.text(pass);
    let (graph, definition) = (listing.graph(), listing.definition());
    let shape = |node: usize| recording.shape(pass, node).to_vec();
    let given = graph.parameters.iter().enumerate();
    let backward = walk::backward_lines(recording);
    let lines = definition.body.iter().enumerate().map(|(statement, text)| {
        let made = graph.assigned.iter().filter(|a| a.statement == statement);
        let mut reads = Vec::new();
        names(&text.value, &mut reads);
        Line {
            line: text.span.line,
            until: text.last_line,
            writes: made.map(|a| NamedArray { name: a.name.clone(), shape: shape(a.node) }).collect(),
            reads,
            made_by: made_by(graph, statement),
            comment: text.comment.clone(),
            repeats: pass == Pass::Backward && !backward.contains(&text.span.line),
        }
    });
    Side {
        source: listing.source().to_string(),
        head: definition.span.line,
        given: given.map(|(node, name)| NamedArray { name: name.clone(), shape: shape(node) }).collect(),
        lines: lines.collect(),
        last: definition.return_span.line,
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
        Op::Binary(Binary::Add) => "sum",
        Op::Binary(Binary::Subtract) => "difference",
        Op::Binary(Binary::Multiply) => "product",
        _ => "",
    }
}

/// All names in an expression, each once.
fn names(expression: &Expression, found: &mut Vec<String>) {
    match &expression.kind {
        ExpressionKind::Number(_) => {}
        ExpressionKind::Name(name) => {
            if !found.contains(name) {
                found.push(name.clone());
            }
        }
        ExpressionKind::Negate(inner)
        | ExpressionKind::Transpose(inner)
        | ExpressionKind::Length(inner, _)
        | ExpressionKind::Reshape(inner, _)
        | ExpressionKind::Subscript(inner, _) => {
            names(inner, found);
        }
        ExpressionKind::Binary(_, left, right) | ExpressionKind::Each(left, _, right) => {
            names(left, found);
            names(right, found);
        }
        ExpressionKind::Call(_, arguments, _)
        | ExpressionKind::Helper(_, arguments)
        | ExpressionKind::Choice(arguments)
        | ExpressionKind::List(arguments)
        | ExpressionKind::Tuple(arguments) => arguments.iter().for_each(|argument| names(argument, found)),
    }
}
