//! A listing as a graph: one node for each operation, each value made exactly once.
//!
//! Stepping, training, differentiation and the cell diagram all start from it. Nodes are in the order of the text,
//! operands before results.

use crate::listing::language::diagnostics::Span;
use crate::listing::language::functions::Function;
use crate::listing::language::tree::Binary;
use serde::Serialize;

/// The place of a node in [`Graph::nodes`].
pub type NodeId = usize;

/// One end of a slice: a whole number plus lengths of arrays, counted from the end if negative.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Bound {
    /// The whole number.
    pub constant: i64,
    /// Lengths to add: node and axis.
    pub lengths: Vec<(NodeId, usize)>,
}

/// What is taken of one axis.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Cut {
    /// One position; the axis disappears.
    Index(i64),
    /// A range of positions.
    Range(Option<Bound>, Option<Bound>),
}

/// What a node computes from its inputs.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    /// A parameter of the function, by position.
    Parameter(usize),
    /// A number that is written in the text.
    Number(f64),
    /// `np.zeros`, `np.ones`.
    Fill(f64, Vec<usize>),
    /// `np.zeros_like`, `np.ones_like`.
    FillLike(f64),
    /// `+ - * / **` and comparisons, element by element.
    Binary(Binary),
    /// `a @ b`, or `np.dot(a, b)` if `dot`.
    MatMul {
        /// How it is written.
        dot: bool,
    },
    /// `-a`
    Negate,
    /// `np.tanh np.exp np.log sigmoid hard_sigmoid relu softmax`, and with two inputs `np.maximum np.minimum`.
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
    /// `np.outer(a, b)`
    Outer,
    /// `a.T`
    Transpose,
    /// `a[…] += b`: the whole array after it.
    Grow(Vec<Cut>),
}

impl Op {
    /// What a diagram writes into the box or circle of the operation.
    pub fn symbol(&self) -> &'static str {
        match self {
            Self::Parameter(_) | Self::Number(_) => "",
            Self::Fill(value, _) | Self::FillLike(value) => ["0", "1"][usize::from(*value == 1.0)],
            Self::Binary(Binary::Multiply) => "×",
            Self::Binary(Binary::Subtract) | Self::Negate => "−",
            Self::Binary(Binary::Divide) => "÷",
            Self::Binary(Binary::Power) => "xⁿ",
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
                _ => "min",
            },
            Self::Clip(..) => "clip",
            Self::Part { .. } => "split",
            Self::Slice(_) => "[ ]",
            Self::Concatenate(_) => "join",
            Self::Stack(_) => "stack",
            Self::Sum { .. } => "Σ",
            Self::Outer => "⊗",
            Self::Transpose => "ᵀ",
            Self::Grow(_) => "+=",
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
}

impl Graph {
    /// Which nodes depend on one of the parameters `from`.
    pub fn depends_on(&self, from: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut depends = vec![false; self.nodes.len()];
        for (id, node) in self.nodes.iter().enumerate() {
            depends[id] = match node.op {
                Op::Parameter(position) => from(position),
                // Only the shape of their input matters.
                Op::FillLike(_) => false,
                _ => node.inputs.iter().any(|input| depends[*input]),
            };
        }
        depends
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
