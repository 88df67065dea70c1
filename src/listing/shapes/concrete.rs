//! The shape of every value of one sample, by numpy's rules, with all sizes known.
//!
//! `inference` finds the shapes of weights from their use; these are numpy's own rules.

use crate::listing::graph::{Bound, Cut, Graph, Node, Op};
use crate::listing::language::diagnostics::Diagnostic;
use crate::listing::language::functions::Function;
use serde::Serialize;

/// The largest array that is made, in numbers.
const LARGEST: usize = 1 << 24;

/// What a parameter of a step function is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The first parameter: what this timestep reads.
    Input,
    /// As many parameters after it as values are returned.
    State,
    /// All others: the same at every timestep.
    Weight,
}

/// A parameter, its role and its shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ParameterShape {
    /// The name in the listing.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// Of one sample: `[features]`, `[units]`, or the weight's own shape.
    pub shape: Vec<usize>,
}

/// The shapes of all values of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shapes {
    /// Every parameter in order: the input, the states, the weights.
    pub parameters: Vec<ParameterShape>,
    /// Of every node of the graph.
    pub nodes: Vec<Vec<usize>>,
}

impl Shapes {
    /// The weights in order.
    pub fn weights(&self) -> impl Iterator<Item = &ParameterShape> {
        self.parameters.iter().filter(|p| p.role == Role::Weight)
    }

    /// The states in order.
    pub fn states(&self) -> impl Iterator<Item = &ParameterShape> {
        self.parameters.iter().filter(|p| p.role == Role::State)
    }

    /// The shape of the parameter `name`.
    pub fn of(&self, name: &str) -> Option<&[usize]> {
        self.parameters.iter().find(|p| p.name == name).map(|p| p.shape.as_slice())
    }

    /// How many weights there are, all numbers counted.
    pub fn weight_count(&self) -> usize {
        self.weights().map(|w| w.shape.iter().product::<usize>()).sum()
    }
}

/// `(3,)`, `(2, 3)` as numpy writes shapes.
pub(in crate::listing) fn tuple<T: std::fmt::Display>(shape: &[T]) -> String {
    match shape {
        [only] => format!("({only},)"),
        _ => format!("({})", shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    }
}

/// The shapes of all nodes from those of the parameters; every node that numpy would refuse is named.
pub(in crate::listing) fn node_shapes(
    graph: &Graph,
    parameters: &[Vec<usize>],
) -> Result<Vec<Vec<usize>>, Vec<Diagnostic>> {
    let mut shapes: Vec<Option<Vec<usize>>> = Vec::with_capacity(graph.nodes.len());
    let mut mistakes = Vec::new();
    for node in &graph.nodes {
        let inputs: Option<Vec<&[usize]>> = node.inputs.iter().map(|i| shapes[*i].as_deref()).collect();
        let shape = match (&node.op, inputs) {
            (Op::Parameter(position), _) => Some(parameters[*position].clone()),
            // What a wrong line makes is not complained about again.
            (_, None) => None,
            (_, Some(inputs)) => match shape_of(node, &inputs, &shapes) {
                Ok(shape) if shape.iter().product::<usize>() <= LARGEST => Some(shape),
                Ok(shape) => {
                    let message = format!(
                        "this value would have the shape {}; choose fewer units or features",
                        tuple(&shape)
                    );
                    mistakes.push(Diagnostic::new(node.span, message));
                    None
                }
                Err(message) => {
                    mistakes.push(Diagnostic::new(node.span, message));
                    None
                }
            },
        };
        shapes.push(shape);
    }
    let all: Option<Vec<Vec<usize>>> = shapes.into_iter().collect();
    match all {
        Some(all) if mistakes.is_empty() => Ok(all),
        _ => Err(mistakes),
    }
}

type Known<'a> = &'a [Option<Vec<usize>>];

fn shape_of(node: &Node, inputs: &[&[usize]], all: Known) -> Result<Vec<usize>, String> {
    match &node.op {
        Op::Parameter(_) | Op::Number(_) => Ok(vec![]),
        Op::Fill(_, shape) => Ok(shape.clone()),
        Op::FillLike(_) | Op::Negate | Op::Clip(..) => Ok(inputs[0].to_vec()),
        Op::Binary(operation) => broadcast(inputs[0], inputs[1], operation.sign()),
        Op::Function(function @ (Function::Maximum | Function::Minimum)) => {
            broadcast(inputs[0], inputs[1], function.name())
        }
        Op::Function(Function::Softmax) if inputs[0].len() != 1 => {
            Err(format!("softmax takes a vector, this value has the shape {}", tuple(inputs[0])))
        }
        Op::Function(_) => Ok(inputs[0].to_vec()),
        Op::MatMul { dot } => matmul(inputs[0], inputs[1], *dot),
        Op::Part { count, axis, .. } => part(inputs[0], *count, *axis),
        Op::Slice(cuts) => slice(inputs[0], cuts, all),
        Op::Grow(cuts) => {
            let grown = slice(inputs[0], cuts, all)?;
            if broadcast(&grown, inputs[1], "+=")? != grown {
                return Err(format!(
                    "+= cannot add {} to a part of shape {}",
                    tuple(inputs[1]),
                    tuple(&grown)
                ));
            }
            Ok(inputs[0].to_vec())
        }
        Op::Concatenate(axis) => concatenate(inputs, *axis),
        Op::Stack(axis) => stack(inputs, *axis),
        Op::Sum { axis, keep } => sum(inputs[0], *axis, *keep),
        Op::Outer => Ok(vec![inputs[0].iter().product(), inputs[1].iter().product()]),
        Op::Transpose => Ok(inputs[0].iter().rev().copied().collect()),
    }
}

pub(in crate::listing) fn mismatch(sign: &str, a: &str, b: &str) -> String {
    format!(
        "{sign} cannot join the shapes {a} and {b}; both sides need one shape, or one of them is a number"
    )
}

fn broadcast(a: &[usize], b: &[usize], sign: &str) -> Result<Vec<usize>, String> {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let mut shape = long.to_vec();
    let offset = long.len() - short.len();
    for (position, &size) in short.iter().enumerate() {
        let target = &mut shape[offset + position];
        match (*target, size) {
            (x, y) if x == y => {}
            (_, 1) => {}
            (1, y) => *target = y,
            _ => return Err(mismatch(sign, &tuple(a), &tuple(b))),
        }
    }
    Ok(shape)
}

fn matmul(a: &[usize], b: &[usize], dot: bool) -> Result<Vec<usize>, String> {
    let sign = if dot { "np.dot" } else { "@" };
    if a.is_empty() || b.is_empty() {
        return Err(format!("{sign} multiplies arrays; write * to multiply with a number"));
    }
    if a.len() > 2 || b.len() > 2 {
        return Err(format!("{sign} takes vectors and matrices, found {} and {}", tuple(a), tuple(b)));
    }
    let (inner, rest_a) = (a[a.len() - 1], &a[..a.len() - 1]);
    let (inner_b, rest_b) = if b.len() == 2 { (b[0], &b[1..]) } else { (b[0], &b[..0]) };
    if inner != inner_b {
        return Err(matmul_mismatch(sign, &tuple(a), &tuple(b), &inner.to_string(), &inner_b.to_string()));
    }
    Ok([rest_a, rest_b].concat())
}

pub(in crate::listing) fn matmul_mismatch(
    sign: &str,
    a: &str,
    b: &str,
    inner_a: &str,
    inner_b: &str,
) -> String {
    format!(
        "{sign} cannot multiply the shapes {a} and {b}: the last size of the left, {inner_a}, must be the first of \
         the right, {inner_b}"
    )
}

fn part(shape: &[usize], count: usize, axis: usize) -> Result<Vec<usize>, String> {
    let Some(&size) = shape.get(axis) else {
        return Err(format!(
            "np.split needs an array with axis {axis}, this one has the shape {}",
            tuple(shape)
        ));
    };
    if !size.is_multiple_of(count) || size < count {
        return Err(format!("np.split cannot cut {} into {count} equal parts", tuple(shape)));
    }
    let mut shape = shape.to_vec();
    shape[axis] = size / count;
    Ok(shape)
}

/// Where a bound lies on an axis of `size`, as Python counts and clips.
pub(in crate::listing) fn position(bound: &Bound, size: usize, all: Known) -> usize {
    let mut at = bound.constant;
    for (node, axis) in &bound.lengths {
        at += all[*node].as_ref().and_then(|s| s.get(*axis)).map_or(0, |n| *n as i64);
    }
    if at < 0 {
        at += size as i64;
    }
    at.clamp(0, size as i64) as usize
}

/// The range of positions of a cut, and whether the axis disappears.
pub(in crate::listing) fn range(cut: &Cut, size: usize, all: Known) -> Option<(usize, usize, bool)> {
    match cut {
        Cut::Index(index) => {
            let at = if *index < 0 { index + size as i64 } else { *index };
            (0..size as i64).contains(&at).then_some((at as usize, at as usize + 1, true))
        }
        Cut::Range(start, end) => {
            let start = start.as_ref().map_or(0, |b| position(b, size, all));
            let end = end.as_ref().map_or(size, |b| position(b, size, all));
            (start < end).then_some((start, end, false))
        }
    }
}

fn slice(shape: &[usize], cuts: &[Cut], all: Known) -> Result<Vec<usize>, String> {
    if cuts.len() > shape.len() {
        let axes = shape.len();
        return Err(format!("{} indices for an array with {axes} axes, shape {}", cuts.len(), tuple(shape)));
    }
    let mut result = Vec::new();
    for (axis, &size) in shape.iter().enumerate() {
        let Some(cut) = cuts.get(axis) else {
            result.push(size);
            continue;
        };
        match range(cut, size, all) {
            Some((_, _, true)) => {}
            Some((start, end, false)) => result.push(end - start),
            None => {
                return Err(format!(
                    "this index lies outside of the shape {}; positions go from 0",
                    tuple(shape)
                ));
            }
        }
    }
    Ok(result)
}

fn concatenate(inputs: &[&[usize]], axis: usize) -> Result<Vec<usize>, String> {
    let mut shape = inputs[0].to_vec();
    if axis >= shape.len() {
        return Err(format!(
            "np.concatenate needs arrays with axis {axis}, found the shape {}",
            tuple(inputs[0])
        ));
    }
    for other in &inputs[1..] {
        let fits = other.len() == shape.len() && (0..shape.len()).all(|d| d == axis || other[d] == shape[d]);
        if !fits {
            return Err(mismatch("np.concatenate", &tuple(inputs[0]), &tuple(other)));
        }
        shape[axis] += other[axis];
    }
    Ok(shape)
}

fn stack(inputs: &[&[usize]], axis: usize) -> Result<Vec<usize>, String> {
    if let Some(other) = inputs.iter().find(|other| **other != inputs[0]) {
        return Err(mismatch("np.stack", &tuple(inputs[0]), &tuple(other)));
    }
    let mut shape = inputs[0].to_vec();
    if axis > shape.len() || shape.len() > 1 {
        return Err(format!("np.stack takes numbers or vectors, found the shape {}", tuple(&shape)));
    }
    shape.insert(axis, inputs.len());
    Ok(shape)
}

fn sum(shape: &[usize], axis: Option<usize>, keep: bool) -> Result<Vec<usize>, String> {
    let mut result = shape.to_vec();
    match axis {
        Some(axis) if axis >= shape.len() => {
            Err(format!("np.sum needs an array with axis {axis}, this one has the shape {}", tuple(shape)))
        }
        Some(axis) => {
            if keep {
                result[axis] = 1;
            } else {
                result.remove(axis);
            }
            Ok(result)
        }
        None => Ok(if keep { vec![1; shape.len()] } else { vec![] }),
    }
}
