//! A listing as a graph: one node for each operation, each value made exactly once.
//!
//! Stepping, training, differentiation and the cell diagram all start from it. Nodes are in the order of the text,
//! operands before results.

use super::bound::{Bound, NodeId};
use crate::listing::language::diagnostics::Span;
use crate::listing::language::functions::Function;
use crate::listing::language::tree::Binary;
use serde::Serialize;

/// What is taken of one axis.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Cut {
    /// One position; the axis disappears.
    Index(i64),
    /// A range of positions.
    Range(Option<Bound>, Option<Bound>),
    /// Every so many positions of a range, backwards if negative.
    Stepped(Option<Bound>, Option<Bound>, i64),
}

/// What makes one number of many, beside their sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reduction {
    /// The largest.
    Largest,
    /// The smallest.
    Smallest,
    /// All of them multiplied.
    Product,
}

/// What a node computes from its inputs.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    /// A parameter of the function, by position.
    Parameter(usize),
    /// A number that is written in the text.
    Number(f64),
    /// `np.zeros`, `np.ones`, `np.full`.
    Fill(f64, Vec<Bound>),
    /// `np.zeros_like`, `np.ones_like`, `np.full_like`.
    FillLike(f64),
    /// `len(a)` and `a.shape[1]`: how many positions the axis has.
    Length(usize),
    /// So many numbers, each larger by `step` than the one before it: `np.arange`, `np.linspace`.
    Range {
        /// The first number.
        start: f64,
        /// From number to number.
        step: f64,
        /// How many.
        count: Bound,
    },
    /// `np.eye(n)`
    Eye(Bound),
    /// `+ - * / **` and comparisons, element by element.
    Binary(Binary),
    /// `a @ b`, or `np.dot(a, b)` if `dot`.
    MatMul {
        /// How it is written.
        dot: bool,
    },
    /// `-a`
    Negate,
    /// `np.tanh np.exp np.log sigmoid hard_sigmoid relu softmax` and their kin, with two inputs `np.maximum` and
    /// `np.minimum`, with three `np.where`.
    Function(Function),
    /// `np.clip(a, low, high)`
    Clip(f64, f64),
    /// Part `index` of `np.split(a, count, axis)`.
    Part {
        /// Which part, from 0.
        index: usize,
        /// How many parts.
        count: usize,
        /// Along which axis.
        axis: usize,
    },
    /// `a[…]`
    Slice(Vec<Cut>),
    /// `np.concatenate`
    Concatenate(usize),
    /// `np.stack`
    Stack(usize),
    /// `np.sum`
    Sum {
        /// Along this axis only.
        axis: Option<usize>,
        /// Whether that axis stays, with size 1.
        keep: bool,
    },
    /// `np.max`, `np.min`, or `np.prod`
    Reduce {
        /// Which one.
        by: Reduction,
        /// Along this axis only.
        axis: Option<usize>,
        /// Whether that axis stays, with size 1.
        keep: bool,
    },
    /// `a.reshape(4, -1)`: the sizes, `None` for the one that follows.
    Reshape(Vec<Option<Bound>>),
    /// `np.outer(a, b)`
    Outer,
    /// `a.T`
    Transpose,
    /// `a[…] += b`: the whole array after it.
    Grow(Vec<Cut>),
    /// `a[…] = b`: the whole array after it.
    Put(Vec<Cut>),
}

impl Op {
    /// The sizes that it is measured with.
    pub fn bounds(&self) -> Vec<&Bound> {
        match self {
            Self::Slice(cuts) | Self::Grow(cuts) | Self::Put(cuts) => {
                let ends = cuts.iter().map(|cut| match cut {
                    Cut::Range(start, end) | Cut::Stepped(start, end, _) => [start.as_ref(), end.as_ref()],
                    Cut::Index(_) => [None, None],
                });
                ends.flatten().flatten().collect()
            }
            Self::Fill(_, shape) => shape.iter().collect(),
            Self::Reshape(sizes) => sizes.iter().flatten().collect(),
            Self::Range { count, .. } | Self::Eye(count) => vec![count],
            _ => vec![],
        }
    }

    /// What a diagram writes into the box or circle of the operation.
    pub fn symbol(&self) -> &'static str {
        match self {
            Self::Parameter(_) | Self::Number(_) => "",
            Self::Fill(value, _) | Self::FillLike(value) if *value == 0.0 => "0",
            Self::Fill(value, _) | Self::FillLike(value) if *value == 1.0 => "1",
            Self::Fill(..) | Self::FillLike(_) => "a",
            Self::Length(_) => "n",
            Self::Range { .. } => "0…n",
            Self::Eye(_) => "I",
            Self::Binary(Binary::Multiply) => "×",
            Self::Binary(Binary::Subtract) | Self::Negate => "−",
            Self::Binary(Binary::Divide) => "÷",
            Self::Binary(Binary::Power) => "xⁿ",
            Self::Binary(Binary::GreaterEqual) => "≥",
            Self::Binary(Binary::LessEqual) => "≤",
            Self::Binary(Binary::Equal) => "=",
            Self::Binary(Binary::NotEqual) => "≠",
            Self::Binary(operation) => operation.sign(),
            Self::MatMul { .. } => "·",
            Self::Function(function) => match function {
                Function::Tanh => "tanh",
                Function::Exp => "exp",
                Function::Log => "ln",
                Function::Sigmoid => "σ",
                Function::HardSigmoid => "hard σ",
                Function::Relu => "relu",
                Function::Softmax => "softmax",
                Function::Maximum => "max",
                Function::Minimum => "min",
                Function::Where => "where",
                other => other.name().trim_start_matches("np."),
            },
            Self::Clip(..) => "clip",
            Self::Part { .. } => "split",
            Self::Slice(_) => "[ ]",
            Self::Concatenate(_) => "join",
            Self::Stack(_) => "stack",
            Self::Sum { .. } => "Σ",
            Self::Reduce { by: Reduction::Largest, .. } => "max",
            Self::Reduce { by: Reduction::Smallest, .. } => "min",
            Self::Reduce { by: Reduction::Product, .. } => "Π",
            Self::Reshape(_) => "reshape",
            Self::Outer => "⊗",
            Self::Transpose => "ᵀ",
            Self::Grow(_) => "+=",
            Self::Put(_) => "put",
        }
    }
}

/// One operation.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it computes.
    pub op: Op,
    /// From what.
    pub inputs: Vec<NodeId>,
    /// Where it is written.
    pub span: Span,
    /// In which statement of the body; `None` for parameters and expressions after `return`.
    pub statement: Option<usize>,
    /// The first name that is given to its value.
    pub name: Option<String>,
}

/// A name and the value that a line gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assigned {
    /// Which statement of the body, from 0.
    pub statement: usize,
    /// The line of the text.
    pub line: usize,
    /// The name.
    pub name: String,
    /// The node with its value.
    pub node: NodeId,
}

/// Operations that the text names by one call: of a function above the step, or of one that is made of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What is called.
    pub name: String,
    /// Its operations.
    pub nodes: std::ops::Range<NodeId>,
    /// The values that it is given.
    pub arguments: Vec<NodeId>,
}

/// A listing as a graph.
#[derive(Debug, Clone)]
pub struct Graph {
    /// Operands before results.
    pub nodes: Vec<Node>,
    /// The nodes of the parameters come first: these are their names.
    pub parameters: Vec<String>,
    /// Every assignment in the order of the text.
    pub assigned: Vec<Assigned>,
    /// The nodes of the returned values.
    pub returns: Vec<NodeId>,
    /// Nodes that must have so many axes, where the text says so, and what is to be done if one has not: `axis=-1`.
    pub axes: Vec<(NodeId, usize, Span, &'static str)>,
    /// Values whose axes of length 1 are taken away; a matrix must have one.
    pub squeezed: Vec<(NodeId, Span)>,
    /// Arrays that are changed in place, and what they become, which must have their shape: `a += b`.
    pub grown: Vec<(NodeId, NodeId)>,
    /// What belongs to one call, inner calls before the outer ones.
    pub groups: Vec<Group>,
}

impl Graph {
    /// Which nodes depend on one of the parameters `from`.
    pub fn depends_on(&self, from: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut depends = vec![false; self.nodes.len()];
        for (id, node) in self.nodes.iter().enumerate() {
            depends[id] = match node.op {
                Op::Parameter(position) => from(position),
                // Only the shape of their input matters.
                Op::FillLike(_) | Op::Length(_) => false,
                _ => node.inputs.iter().any(|input| depends[*input]),
            };
        }
        depends
    }

    /// Which nodes change, however little, with a small change of a parameter that is not `fixed`.
    pub fn varies(&self, fixed: &[NodeId]) -> Vec<bool> {
        let mut varies = vec![false; self.nodes.len()];
        for (id, node) in self.nodes.iter().enumerate() {
            varies[id] = match node.op {
                Op::Parameter(position) => !fixed.contains(&position),
                Op::FillLike(_) | Op::Length(_) => false,
                // What jumps is constant in between.
                Op::Binary(operation) if operation.compares() => false,
                Op::Function(Function::Sign | Function::Floor | Function::Rint) => false,
                Op::Function(function) if function.finds() => false,
                Op::Function(Function::Where) => node.inputs[1..].iter().any(|input| varies[*input]),
                _ => node.inputs.iter().any(|input| varies[*input]),
            };
        }
        varies
    }

    /// Which nodes one of `roots` depends on, the roots included.
    pub fn needed_for(&self, roots: &[NodeId]) -> Vec<bool> {
        let mut needed = vec![false; self.nodes.len()];
        for root in roots {
            needed[*root] = true;
        }
        for id in (0..self.nodes.len()).rev() {
            if needed[id] {
                for input in &self.nodes[id].inputs {
                    needed[*input] = true;
                }
            }
        }
        needed
    }
}
