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
    /// `features`, `units` and the sizes that the text names.
    pub sizes: Vec<(String, usize)>,
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
        Op::Length(axis) if inputs[0].len() > *axis => Ok(vec![]),
        Op::Length(axis) => Err(format!("this value has no axis {axis}, its shape is {}", tuple(inputs[0]))),
        Op::Fill(_, shape) => shape.iter().map(|size| count(size, all)).collect(),
        Op::Range { count: size, .. } => Ok(vec![count(size, all)?]),
        Op::Eye(size) => count(size, all).map(|n| vec![n, n]),
        Op::FillLike(_) | Op::Negate | Op::Clip(..) => Ok(inputs[0].to_vec()),
        Op::Binary(operation) => broadcast(inputs[0], inputs[1], operation.sign()),
        Op::Function(function @ (Function::Maximum | Function::Minimum)) => {
            broadcast(inputs[0], inputs[1], function.name())
        }
        Op::Function(Function::Where) => {
            broadcast(inputs[0], &broadcast(inputs[1], inputs[2], "np.where")?, "np.where")
        }
        Op::Function(Function::Softmax) if inputs[0].len() != 1 => {
            Err(format!("softmax takes a vector, this value has the shape {}", tuple(inputs[0])))
        }
        Op::Function(function) if function.finds() => Ok(vec![]),
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
        Op::Put(cuts) => {
            let part = slice(inputs[0], cuts, all)?;
            if broadcast(&part, inputs[1], "=")? != part {
                return Err(format!("a part of shape {} cannot hold {}", tuple(&part), tuple(inputs[1])));
            }
            Ok(inputs[0].to_vec())
        }
        Op::Reshape(sizes) => reshape(inputs[0], sizes, all),
        Op::Concatenate(axis) => concatenate(inputs, *axis),
        Op::Stack(axis) => stack(inputs, *axis),
        Op::Sum { axis, keep } | Op::Reduce { axis, keep, .. } => sum(inputs[0], *axis, *keep),
        Op::Outer => Ok(vec![inputs[0].iter().product(), inputs[1].iter().product()]),
        Op::Transpose => Ok(inputs[0].iter().rev().copied().collect()),
    }
}

/// More indices than axes.
pub(in crate::listing) fn too_many_indices(indices: usize, axes: usize, shape: &str) -> String {
    let advice =
        if (indices, axes) == (2, 1) { "; a step reads one sample, so write a[:n] for a[:, :n]" } else { "" };
    format!("{indices} indices for an array with {axes} axes, shape {shape}{advice}")
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

/// A size from the lengths of arrays.
fn measure(bound: &Bound, all: Known) -> Option<i64> {
    bound.value(|node, axis| all[node].as_ref().and_then(|shape| shape.get(axis)).copied())
}

fn count(bound: &Bound, all: Known) -> Result<usize, String> {
    let n = measure(bound, all).ok_or("this size is no whole number; choose other units")?;
    let length = usize::try_from(n).ok().filter(|n| (1..=LARGEST).contains(n));
    length.ok_or_else(|| format!("an array cannot have {n} numbers; choose other units"))
}

/// Positions along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Along {
    /// The first one.
    pub start: usize,
    /// How many.
    pub count: usize,
    /// From one to the next; negative if they go backwards.
    pub by: isize,
}

impl Along {
    /// So many positions from the first one on.
    pub fn all(count: usize) -> Self {
        Self { start: 0, count, by: 1 }
    }

    /// The position of number `k`.
    pub fn at(self, k: usize) -> usize {
        (self.start as isize + self.by * k as isize) as usize
    }

    /// Which number of them a position is.
    pub fn find(self, position: usize) -> Option<usize> {
        let apart = position as isize - self.start as isize;
        let k = usize::try_from(apart / self.by).ok()?;
        (apart % self.by == 0 && k < self.count).then_some(k)
    }
}

/// The positions of a cut, as Python counts and clips, and whether the axis disappears.
pub(in crate::listing) fn along(cut: &Cut, size: usize, all: Known) -> Option<(Along, bool)> {
    let n = size as i64;
    let (start, end, by) = match cut {
        Cut::Index(index) => {
            let at = if *index < 0 { index + n } else { *index };
            return (0..n).contains(&at).then_some((Along { start: at as usize, count: 1, by: 1 }, true));
        }
        Cut::Range(start, end) => (start, end, 1),
        Cut::Stepped(start, end, by) => (start, end, *by),
    };
    let (low, high) = if by > 0 { (0, n) } else { (-1, n - 1) };
    let place = |bound: &Option<Bound>, missing: i64| match bound {
        None => Some(missing),
        Some(bound) => measure(bound, all).map(|at| (if at < 0 { at + n } else { at }).clamp(low, high)),
    };
    let (start, end) =
        if by > 0 { (place(start, 0)?, place(end, n)?) } else { (place(start, n - 1)?, place(end, -1)?) };
    let apart = if by > 0 { end - start } else { start - end };
    let count = (apart + by.abs() - 1).div_euclid(by.abs());
    (count > 0).then_some((Along { start: start as usize, count: count as usize, by: by as isize }, false))
}

fn slice(shape: &[usize], cuts: &[Cut], all: Known) -> Result<Vec<usize>, String> {
    if cuts.len() > shape.len() {
        return Err(too_many_indices(cuts.len(), shape.len(), &tuple(shape)));
    }
    let mut result = Vec::new();
    for (axis, &size) in shape.iter().enumerate() {
        let Some(cut) = cuts.get(axis) else {
            result.push(size);
            continue;
        };
        match along(cut, size, all) {
            Some((_, true)) => {}
            Some((along, false)) => result.push(along.count),
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

fn reshape(shape: &[usize], sizes: &[Option<Bound>], all: Known) -> Result<Vec<usize>, String> {
    let numbers: usize = shape.iter().product();
    let known: Result<Vec<Option<usize>>, String> =
        sizes.iter().map(|size| size.as_ref().map(|size| count(size, all)).transpose()).collect();
    let known = known?;
    let others: usize = known.iter().flatten().product();
    let left = numbers / others.max(1);
    let result: Vec<usize> = known.into_iter().map(|size| size.unwrap_or(left)).collect();
    if result.iter().product::<usize>() != numbers {
        return Err(format!(
            "reshape cannot give {} the shape {}; both need as many numbers",
            tuple(shape),
            tuple(&result)
        ));
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
