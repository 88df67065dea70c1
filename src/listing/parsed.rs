//! A step function that has been read.

use std::sync::OnceLock;

use super::adjoint;
use super::graph::{self, Graph, NodeId};
use super::hints::Hints;
use super::language::diagnostics::Diagnostic;
use super::language::functions::Dialect;
use super::language::tree::{Definition, ExpressionKind};
use super::language::{parse, printing};
use super::shapes::inference;
use super::shapes::inferred::Inferred;
use super::shapes::size::{self, Size};
use super::shapes::{Role, Shapes};

/// A text up to this length, in bytes, is read in a second way where the first one does not work.
const LONGEST_READ_TWICE: usize = 8 * 1024;

/// A step function that has been read: its text, its tree and its graph.
#[derive(Debug, Clone)]
pub struct Listing {
    source: String,
    definition: Definition,
    graph: Graph,
    hints: Hints,
    gradient_of: Vec<Option<NodeId>>,
    /// What follows from the text alone about its shapes, once somebody has asked.
    pub(super) inferred: OnceLock<Result<Inferred, Vec<Diagnostic>>>,
}

impl Listing {
    /// Reads a step function, `def step(x, <states…>, <weights…>):`.
    pub fn parse(source: &str) -> Result<Self, Vec<Diagnostic>> {
        Self::parse_dialect(source, Dialect::Step)
    }

    /// Reads an adjoint, `def step_back(…)`, as [`differentiate`](Self::differentiate) writes it.
    pub fn parse_adjoint(source: &str) -> Result<Self, Vec<Diagnostic>> {
        Self::parse_dialect(source, Dialect::Adjoint)
    }

    /// Reads a step function that is run but not trained: it may also compare, and take a mean.
    pub fn parse_watched(source: &str) -> Result<Self, Vec<Diagnostic>> {
        Self::parse_dialect(source, Dialect::Watched)
    }

    fn parse_dialect(source: &str, dialect: Dialect) -> Result<Self, Vec<Diagnostic>> {
        let read = Self::read(source, dialect, false);
        // `Ws[0] @ x`: a row of a matrix, or a matrix of a list where nothing else works.
        if dialect == Dialect::Step && source.contains("[0]") && source.len() <= LONGEST_READ_TWICE {
            let works = |read: &Self| read.inferred().is_ok();
            if !read.as_ref().is_ok_and(works)
                && let Some(other) = Self::read(source, dialect, true).ok().filter(works)
            {
                return Ok(other);
            }
        }
        read
    }

    /// Reads a text; `lists`: whether weights that are only read by an index are lists of weights.
    fn read(source: &str, dialect: Dialect, lists: bool) -> Result<Self, Vec<Diagnostic>> {
        let definition = parse::parse(source, dialect, lists)?;
        let graph = graph::lower(&definition).map_err(few)?;
        if dialect != Dialect::Adjoint && definition.parameters.len() <= graph.returns.len() {
            let message = format!(
                "{} returned, so the parameters must be an input and {}: def step(x, h, …)",
                count(graph.returns.len(), "value is", "values are"),
                count(graph.returns.len(), "state", "states"),
            );
            return Err(vec![Diagnostic::new(definition.return_span, message)]);
        }
        let hints = match dialect {
            Dialect::Adjoint => Hints::default(),
            _ => Hints::read(source, &definition, graph.returns.len()).map_err(few)?,
        };
        Ok(Self {
            source: source.to_string(),
            definition,
            graph,
            hints,
            gradient_of: vec![],
            inferred: OnceLock::new(),
        })
    }

    /// The text as it was given.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The tree.
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The graph.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// What its comments say of sizes, shapes and first numbers.
    pub(in crate::listing) fn hints(&self) -> &Hints {
        &self.hints
    }

    /// The sizes that its comments name, and what each is.
    pub fn sizes(&self) -> &[(String, usize)] {
        &self.hints.sizes
    }

    /// Whether the parameter at `position` is a weight that is not trained.
    pub fn is_fixed(&self, position: usize) -> bool {
        self.hints.fixed.contains(&position)
    }

    /// Which of the values that the adjoint returns is the gradient of the parameter at `position`; none for a weight
    /// that is not trained.
    pub fn gradient_place(&self, position: usize) -> Option<usize> {
        let fixed = (0..position).filter(|before| self.is_fixed(*before)).count();
        (!self.is_fixed(position)).then(|| position - fixed)
    }

    /// In an adjoint: the node of the differentiated listing whose gradient the statement makes, or a part of it where
    /// a later statement belongs to the same node. `None` for statements that repeat the listing.
    pub fn gradient_of(&self, statement: usize) -> Option<NodeId> {
        self.gradient_of.get(statement).copied().flatten()
    }

    /// The text in its plain form; it reads back as the same tree.
    pub fn print(&self) -> String {
        printing::print(&self.definition)
    }

    /// What a statement gives the name, where its line of the text says more than that: where it stands beside another
    /// statement, gives values to several names, or changes a value in place.
    pub fn value_text(&self, statement: usize, name: &str) -> Option<String> {
        let body = &self.definition.body;
        let own = body.get(statement)?;
        let beside = body.iter().filter(|other| other.span.line == own.span.line).count() > 1;
        let value = match &own.value.kind {
            ExpressionKind::Tuple(values) => {
                values.get(own.targets.iter().position(|target| target.name == name)?)?
            }
            _ if own.targets[0].part.is_none() && (beside || own.in_place) => &own.value,
            _ => return None,
        };
        Some(printing::print_expression(value))
    }

    /// The name of the input: the first parameter.
    pub fn input(&self) -> &str {
        &self.definition.parameters[0].name
    }

    /// The names of the states: as many parameters after the input as values are returned.
    pub fn states(&self) -> Vec<&str> {
        self.names(Role::State)
    }

    /// The names of the weights: all other parameters.
    pub fn weights(&self) -> Vec<&str> {
        self.names(Role::Weight)
    }

    fn names(&self, role: Role) -> Vec<&str> {
        let all = self.definition.parameters.iter().enumerate();
        let states = self.graph.returns.len();
        all.filter(|(k, _)| inference::role(*k, states) == role).map(|(_, p)| p.name.as_str()).collect()
    }

    /// The adjoint: a listing `step_back` in numpy, with the parameters of this one and `d_<state>` for each state,
    /// that returns `d_<parameter>` for each parameter.
    pub fn differentiate(&self) -> Result<Self, Vec<Diagnostic>> {
        let mut inferred = self.inferred()?;
        self.settle_open(&mut inferred, None)?;
        let shapes: Option<Vec<Vec<Size>>> = (0..self.graph.nodes.len()).map(|n| inferred.shape(n)).collect();
        self.adjoint(&shapes.unwrap_or_default(), &inferred.sizes)
    }

    /// The adjoint for known shapes; it differs from [`differentiate`](Self::differentiate) only where a parameter has
    /// another shape than its use suggests, such as a single number for a vector.
    pub fn differentiate_for(&self, shapes: &Shapes) -> Result<Self, Vec<Diagnostic>> {
        let known = |shape: &Vec<usize>| shape.iter().map(|n| Size::known(*n)).collect();
        let nodes: Vec<Vec<Size>> = shapes.nodes.iter().map(known).collect();
        self.adjoint(&nodes, &size::Sizes::default())
    }

    fn adjoint(&self, shapes: &[Vec<Size>], sizes: &size::Sizes) -> Result<Self, Vec<Diagnostic>> {
        if shapes.len() != self.graph.nodes.len() {
            let message = "the shapes do not belong to this listing; ask for them again";
            return Err(vec![Diagnostic::new(self.definition.span, message)]);
        }
        let (adjoint, gradient_of) =
            adjoint::differentiate(&self.definition, &self.graph, (shapes, sizes), &self.hints.fixed)?;
        Ok(Self { gradient_of, ..Self::parse_adjoint(&printing::print(&adjoint))? })
    }

    /// The shape of every parameter in sizes that are not known yet: `(features, 4*units)`.
    pub fn symbolic_shapes(&self) -> Result<Vec<(String, Role, String)>, Vec<Diagnostic>> {
        let mut inferred = self.inferred()?;
        self.settle_open(&mut inferred, None)?;
        let states = self.graph.returns.len();
        let shape = |k: usize| inferred.shape(k).map(|s| inferred.sizes.show_shape(&s)).unwrap_or_default();
        let all = self.definition.parameters.iter().enumerate();
        Ok(all.map(|(k, p)| (p.name.clone(), inference::role(k, states), shape(k))).collect())
    }
}

/// No more mistakes than are reported of a text.
fn few(mut mistakes: Vec<Diagnostic>) -> Vec<Diagnostic> {
    mistakes.truncate(parse::MOST_MISTAKES);
    mistakes
}

fn count(n: usize, one: &str, several: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {several}") }
}
