//! The meaning of a listing in as few lines as possible: its graph, node by node, in f64 with plain loops.

use ndarray::{ArrayBase, ArrayD, Axis, IxDyn, RawData, Slice, Zip, concatenate, stack};
use unrolled::listing::{Binary, Bound, Cut, Function, Graph, Op, Reduction};

pub type Array = ArrayD<f64>;
type Whole<S> = ArrayBase<S, IxDyn>;

/// The value of every node.
pub fn evaluate(graph: &Graph, parameters: &[Array]) -> Vec<Array> {
    let mut values: Vec<Array> = Vec::new();
    for node in &graph.nodes {
        let input = |k: usize| &values[node.inputs[k]];
        let all = || node.inputs.iter().map(|id| values[*id].view()).collect::<Vec<_>>();
        values.push(match &node.op {
            Op::Parameter(position) => parameters[*position].clone(),
            Op::Number(value) => number(*value),
            Op::Fill(value, shape) => {
                let sizes: Vec<usize> = shape.iter().map(|size| count(size, &values)).collect();
                Array::from_elem(IxDyn(&sizes), *value)
            }
            Op::Length(axis) => number(input(0).shape()[*axis] as f64),
            Op::Range { start, step, count: size } => (0..count(size, &values))
                .map(|k| start + step * k as f64)
                .collect::<ndarray::Array1<f64>>()
                .into_dyn(),
            Op::Eye(size) => ndarray::Array2::eye(count(size, &values)).into_dyn(),
            Op::Reduce { by, axis, keep } => {
                let f = |a: &f64, b: &f64| match by {
                    Reduction::Largest => a.max(*b),
                    Reduction::Smallest => a.min(*b),
                    Reduction::Product => a * b,
                };
                let start = match by {
                    Reduction::Largest => f64::NEG_INFINITY,
                    Reduction::Smallest => f64::INFINITY,
                    Reduction::Product => 1.0,
                };
                match axis {
                    None => {
                        let axes = if *keep { vec![1; input(0).ndim()] } else { vec![] };
                        Array::from_elem(IxDyn(&axes), input(0).iter().fold(start, |a, b| f(&a, b)))
                    }
                    Some(axis) => {
                        let found = input(0).fold_axis(Axis(*axis), start, f);
                        if *keep { found.insert_axis(Axis(*axis)) } else { found }
                    }
                }
            }
            Op::Reshape(sizes) => {
                let known: Vec<Option<usize>> =
                    sizes.iter().map(|size| size.as_ref().map(|size| count(size, &values))).collect();
                let left = input(0).len() / known.iter().flatten().product::<usize>();
                let shape: Vec<usize> = known.into_iter().map(|size| size.unwrap_or(left)).collect();
                let numbers = input(0).iter().copied().collect();
                Array::from_shape_vec(IxDyn(&shape), numbers).unwrap()
            }
            Op::Function(Function::Where) => {
                let either = |a: &Array, b: &Array, f: &dyn Fn(f64, f64) -> f64| of_two(a, b, f);
                // Chosen of two, in two steps: NaN marks what the other side gives.
                let first = either(input(0), input(1), &|c, a| if c != 0.0 { a } else { f64::NAN });
                either(&first, input(2), &|a, b| if a.is_nan() { b } else { a })
            }
            Op::FillLike(value) => Array::from_elem(input(0).raw_dim(), *value),
            Op::Binary(operation) => of_two(input(0), input(1), |a, b| binary(*operation, a, b)),
            Op::MatMul { .. } => product(input(0), input(1)),
            Op::Negate => input(0).mapv(|v| -v),
            Op::Function(Function::Maximum) => of_two(input(0), input(1), f64::max),
            Op::Function(Function::Minimum) => of_two(input(0), input(1), f64::min),
            Op::Function(Function::Softmax) => {
                let powers = input(0).mapv(f64::exp);
                let total: f64 = powers.iter().sum();
                powers.mapv(|v| v / total)
            }
            Op::Function(function @ (Function::ArgMax | Function::ArgMin)) => {
                let sign = if *function == Function::ArgMax { 1.0 } else { -1.0 };
                let all: Vec<f64> = input(0).iter().map(|v| v * sign).collect();
                let most = all.iter().fold(f64::NEG_INFINITY, |a, b| a.max(*b));
                number(all.iter().position(|v| *v == most).unwrap() as f64)
            }
            Op::Function(function) => input(0).mapv(|v| call(*function, v)),
            Op::Clip(low, high) => input(0).mapv(|v| v.clamp(*low, *high)),
            Op::Part { index, count, axis } => {
                let part = input(0).shape()[*axis] / count;
                let range = Slice::from(index * part..(index + 1) * part);
                input(0).slice_axis(Axis(*axis), range).to_owned()
            }
            Op::Slice(cuts) => part(input(0).view(), cuts, &values).to_owned(),
            Op::Concatenate(axis) => concatenate(Axis(*axis), &all()).unwrap(),
            Op::Stack(axis) => stack(Axis(*axis), &all()).unwrap(),
            Op::Sum { axis: None, keep } => {
                let axes = if *keep { vec![1; input(0).ndim()] } else { vec![] };
                Array::from_elem(IxDyn(&axes), input(0).iter().sum())
            }
            Op::Sum { axis: Some(axis), keep } => {
                let sums = input(0).fold_axis(Axis(*axis), 0.0, |sum, v| sum + v);
                if *keep { sums.insert_axis(Axis(*axis)) } else { sums }
            }
            Op::Outer => {
                let (a, b) = (input(0), input(1));
                let numbers = a.iter().flat_map(|a| b.iter().map(move |b| a * b)).collect();
                Array::from_shape_vec(IxDyn(&[a.len(), b.len()]), numbers).unwrap()
            }
            Op::Transpose => input(0).t().to_owned(),
            Op::Grow(cuts) => {
                let mut whole = input(0).clone();
                let mut grown = part(whole.view_mut(), cuts, &values);
                let added = input(1).broadcast(grown.raw_dim()).unwrap();
                Zip::from(&mut grown).and(&added).for_each(|to, from| *to += from);
                whole
            }
            Op::Put(cuts) => {
                let mut whole = input(0).clone();
                let mut taken = part(whole.view_mut(), cuts, &values);
                let put = input(1).broadcast(taken.raw_dim()).unwrap();
                Zip::from(&mut taken).and(&put).for_each(|to, from| *to = *from);
                whole
            }
        });
    }
    values
}

fn number(value: f64) -> Array {
    Array::from_elem(IxDyn(&[]), value)
}

fn of_two(a: &Array, b: &Array, f: impl Fn(f64, f64) -> f64) -> Array {
    let axes = a.ndim().max(b.ndim());
    let size = |array: &Array, axis: usize| {
        (axis + array.ndim()).checked_sub(axes).map_or(1, |axis| array.shape()[axis])
    };
    let shape: Vec<usize> = (0..axes).map(|axis| size(a, axis).max(size(b, axis))).collect();
    let (a, b) = (a.broadcast(IxDyn(&shape)).unwrap(), b.broadcast(IxDyn(&shape)).unwrap());
    Zip::from(&a).and(&b).map_collect(|a, b| f(*a, *b))
}

fn binary(operation: Binary, a: f64, b: f64) -> f64 {
    match operation {
        Binary::Add => a + b,
        Binary::Subtract => a - b,
        Binary::Multiply => a * b,
        Binary::Divide => a / b,
        Binary::Power => a.powf(b),
        Binary::Greater => f64::from(u8::from(a > b)),
        Binary::Less => f64::from(u8::from(a < b)),
        Binary::GreaterEqual => f64::from(u8::from(a >= b)),
        Binary::LessEqual => f64::from(u8::from(a <= b)),
        Binary::Equal => f64::from(u8::from(a == b)),
        Binary::NotEqual => f64::from(u8::from(a != b)),
        other => unreachable!("{other:?} is made of others"),
    }
}

fn call(function: Function, v: f64) -> f64 {
    match function {
        Function::Tanh => v.tanh(),
        Function::Exp => v.exp(),
        Function::Log => v.ln(),
        Function::Sigmoid => 1.0 / (1.0 + (-v).exp()),
        Function::HardSigmoid => (0.2 * v + 0.5).clamp(0.0, 1.0),
        Function::Relu => v.max(0.0),
        Function::Sin => v.sin(),
        Function::Cos => v.cos(),
        Function::Sign => f64::from(u8::from(v > 0.0)) - f64::from(u8::from(v < 0.0)),
        Function::Arctan => v.atan(),
        Function::Floor => v.floor(),
        Function::Rint => v.round_ties_even(),
        Function::Log1p => v.ln_1p(),
        Function::Expm1 => v.exp_m1(),
        other => unreachable!("{other:?} is another operation"),
    }
}

fn product(a: &Array, b: &Array) -> Array {
    let inner = b.shape()[0];
    let (rows, columns) = (a.len() / inner, b.len() / inner);
    let (left, right): (Vec<f64>, Vec<f64>) = (a.iter().copied().collect(), b.iter().copied().collect());
    let sum = |r: usize, c: usize| (0..inner).map(|k| left[r * inner + k] * right[k * columns + c]).sum();
    let numbers = (0..rows * columns).map(|at| sum(at / columns, at % columns)).collect();
    let shape = [&a.shape()[..a.ndim() - 1], &b.shape()[1..]].concat();
    Array::from_shape_vec(IxDyn(&shape), numbers).unwrap()
}

/// `array[cuts]`
fn part<S: RawData<Elem = f64>>(mut array: Whole<S>, cuts: &[Cut], values: &[Array]) -> Whole<S> {
    let end = |bound: &Option<Bound>, size, otherwise| {
        bound.as_ref().map_or(otherwise, |b| position(b, size, values))
    };
    for (axis, cut) in cuts.iter().enumerate().rev() {
        let size = array.shape()[axis];
        match cut {
            Cut::Index(at) => array = array.index_axis_move(Axis(axis), at.rem_euclid(size as i64) as usize),
            Cut::Range(from, to) => {
                array.slice_axis_inplace(Axis(axis), Slice::from(end(from, size, 0)..end(to, size, size)));
            }
            Cut::Stepped(from, to, by) => {
                // Python's ends of a walk backwards are given the other way round.
                let range = match by {
                    0.. => end(from, size, 0)..end(to, size, size),
                    _ => {
                        let behind = |bound: &Option<Bound>, otherwise| {
                            bound.as_ref().map_or(otherwise, |b| position(b, size, values) + 1)
                        };
                        behind(to, 0)..behind(from, size)
                    }
                };
                let range =
                    Slice { start: range.start as isize, end: Some(range.end as isize), step: *by as isize };
                array.slice_axis_inplace(Axis(axis), range);
            }
        }
    }
    array
}

/// A size from the lengths of values.
fn count(bound: &Bound, values: &[Array]) -> usize {
    bound.value(|node, axis| values[node].shape().get(axis).copied()).unwrap() as usize
}

/// Where a bound lies on an axis of `size`.
fn position(bound: &Bound, size: usize, values: &[Array]) -> usize {
    let at = bound.value(|node, axis| values[node].shape().get(axis).copied()).unwrap();
    (if at < 0 { at + size as i64 } else { at }).clamp(0, size as i64) as usize
}
