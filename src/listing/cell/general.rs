//! Operations that are not computed number by number over rows: broadcasting, products of a sample's own matrices, and
//! everything that moves numbers. Sums run from left to right, products are rounded before they are added.

use super::instruction::{Form, Instruction};
use crate::listing::graph::Reduction;
use crate::listing::language::functions::Function;
use crate::listing::language::tree::Binary;
use crate::listing::shapes::Along;
use crate::math::small_product::{Factor, add_product, small_product};
use crate::math::{Backend, elementary};

/// Computes `out` (form `to`) for `samples` samples.
pub(super) fn compute<'a>(
    instruction: &Instruction,
    (to, forms): (Form, &[Form]),
    input: impl Fn(usize) -> &'a [f32],
    out: &mut [f32],
    samples: usize,
) {
    let rows = if to.per_sample { samples } else { 1 };
    match instruction {
        Instruction::Fill(bits) => out.fill(f32::from_bits(*bits)),
        Instruction::Binary(operation) => {
            pairs((to, forms[0], forms[1]), (input(0), input(1)), out, of_two(*operation))
        }
        Instruction::Function(Function::Softmax) => {
            out.copy_from_slice(input(0));
            elementary::softmax_rows(Backend::best(), out, to.width());
        }
        Instruction::Function(function) if function.finds() => {
            let larger = *function == Function::ArgMax;
            for (sample, out) in out.iter_mut().enumerate() {
                *out = place(larger, forms[0].sample(input(0), sample)) as f32;
            }
        }
        Instruction::Function(Function::Where) => choose((to, forms), input, out),
        Instruction::Range(start, step) => {
            let (start, step) = (f64::from_bits(*start), f64::from_bits(*step));
            out.iter_mut().enumerate().for_each(|(k, out)| *out = (start + step * k as f64) as f32);
        }
        Instruction::Eye => {
            out.fill(0.0);
            out.iter_mut().step_by(to.columns + 1).for_each(|out| *out = 1.0);
        }
        Instruction::Function(function) => {
            let larger = *function == Function::Maximum;
            pairs((to, forms[0], forms[1]), (input(0), input(1)), out, |a, b| extreme(larger, a, b));
        }
        Instruction::Product { left, right } => {
            matrix_product((*left, *right), (to, forms[0], forms[1]), (input(0), input(1)), out, rows);
        }
        Instruction::TimesSamples => map(input(0), out, |v| v * samples as f32),
        other => arrange(other, (to, forms), input, out, rows),
    }
}

fn map(from: &[f32], to: &mut [f32], f: impl Fn(f32) -> f32) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = f(*from);
    }
}

/// An operation of two numbers.
fn of_two(operation: Binary) -> fn(f32, f32) -> f32 {
    match operation {
        Binary::Add => |a, b| a + b,
        Binary::Subtract => |a, b| a - b,
        Binary::Multiply => |a, b| a * b,
        Binary::Divide => |a, b| a / b,
        Binary::Power => elementary::power,
        Binary::Greater => |a, b| f32::from(a > b),
        Binary::Less => |a, b| f32::from(a < b),
        Binary::GreaterEqual => |a, b| f32::from(a >= b),
        Binary::LessEqual => |a, b| f32::from(a <= b),
        Binary::Equal => |a, b| f32::from(a == b),
        Binary::NotEqual => |a, b| f32::from(a != b),
        _ => unreachable!("this operation is made of others"),
    }
}

/// The larger or the smaller of two numbers; a NaN wins, as in numpy.
fn extreme(larger: bool, a: f32, b: f32) -> f32 {
    if a.is_nan() || (!b.is_nan() && if larger { a >= b } else { a <= b }) { a } else { b }
}

/// Where the largest, or smallest, of some numbers stands: the first of several, or the first NaN.
fn place(larger: bool, numbers: &[f32]) -> usize {
    let found = numbers.iter().fold(numbers[0], |found, number| extreme(larger, found, *number));
    numbers.iter().position(|number| *number == found || number.is_nan()).unwrap_or(0)
}

/// Operations that work on each sample by itself, most of them by moving numbers.
fn arrange<'a>(
    instruction: &Instruction,
    (to, forms): (Form, &[Form]),
    input: impl Fn(usize) -> &'a [f32],
    out: &mut [f32],
    rows: usize,
) {
    for (sample, target) in out.chunks_exact_mut(to.width()).take(rows).enumerate() {
        let from = forms[0].sample(input(0), sample);
        let columns = forms[0].columns;
        match instruction {
            Instruction::Cut { rows, columns: picked } => {
                for (row, target) in target.chunks_exact_mut(picked.count).enumerate() {
                    let line = &from[rows.at(row) * columns..];
                    if picked.by == 1 {
                        target.copy_from_slice(&line[picked.start..picked.start + picked.count]);
                    } else {
                        target.iter_mut().enumerate().for_each(|(k, to)| *to = line[picked.at(k)]);
                    }
                }
            }
            Instruction::Reduce(by, axis) => reduce(*axis, forms[0], from, target, |a, b| match by {
                Reduction::Product => a * b,
                by => extreme(*by == Reduction::Largest, a, b),
            }),
            Instruction::Sum(axis) => sum(*axis, forms[0], from, target),
            Instruction::Outer => {
                let right = forms[1].sample(input(1), sample);
                for (a, line) in from.iter().zip(target.chunks_exact_mut(right.len())) {
                    map(right, line, |b| a * b);
                }
            }
            Instruction::Transpose => {
                for (row, line) in from.chunks_exact(columns).enumerate() {
                    for (column, value) in line.iter().enumerate() {
                        target[column * forms[0].rows + row] = *value;
                    }
                }
            }
            Instruction::Grow { rows, columns } | Instruction::Put { rows, columns } => {
                let part = (forms[1].sample(input(1), sample), forms[1]);
                let adds = matches!(instruction, Instruction::Grow { .. });
                target.copy_from_slice(from);
                change(target, to, (*rows, *columns), part, adds);
            }
            _ => unreachable!("the layout computes other instructions itself"),
        }
    }
}

/// Adds `part` to some rows and columns of `target`, or puts it there, with numpy's broadcasting.
fn change(
    target: &mut [f32],
    to: Form,
    (rows, columns): (Along, Along),
    (part, form): (&[f32], Form),
    adds: bool,
) {
    // A vector that goes into one column, `a[:, 0] = b`, lies along it.
    let turned = columns.count == 1 && form.rows == 1 && form.columns > 1;
    let form = if turned { Form { rows: form.columns, columns: 1, ..form } } else { form };
    let step = |length: usize| usize::from(length != 1);
    for row in 0..rows.count {
        for column in 0..columns.count {
            let from = part[row * step(form.rows) * form.columns + column * step(form.columns)];
            let number = &mut target[rows.at(row) * to.columns + columns.at(column)];
            *number = if adds { *number + from } else { from };
        }
    }
}

/// The second number where the first one is not 0, else the third, with numpy's broadcasting.
fn choose<'a>((to, forms): (Form, &[Form]), input: impl Fn(usize) -> &'a [f32], out: &mut [f32]) {
    let step = |length: usize| usize::from(length != 1);
    for (sample, out) in out.chunks_exact_mut(to.width()).enumerate() {
        let sides: [&[f32]; 3] = std::array::from_fn(|k| forms[k].sample(input(k), sample));
        for (at, out) in out.iter_mut().enumerate() {
            let (row, column) = (at / to.columns, at % to.columns);
            let of = |k: usize| {
                let form = forms[k];
                sides[k][row * step(form.rows) * form.columns + column * step(form.columns)]
            };
            *out = if of(0) != 0.0 { of(1) } else { of(2) };
        }
    }
}

/// `f` of all numbers along an axis, from left to right.
fn reduce(axis: Option<usize>, form: Form, from: &[f32], to: &mut [f32], f: impl Fn(f32, f32) -> f32) {
    for (at, to) in to.iter_mut().enumerate() {
        let (start, step, count) = match axis {
            None => (0, 1, from.len()),
            Some(0) => (at, form.columns, form.rows),
            Some(_) => (at * form.columns, 1, form.columns),
        };
        *to = (1..count).fold(from[start], |found, k| f(found, from[start + k * step]));
    }
}

/// `f` of every pair, with numpy's broadcasting.
fn pairs(
    (to, a, b): (Form, Form, Form),
    (left, right): (&[f32], &[f32]),
    out: &mut [f32],
    f: impl Fn(f32, f32) -> f32,
) {
    let same = |form: Form| form.rows == to.rows && form.columns == to.columns;
    let number = |form: Form| form.width() == 1;
    if same(a) && same(b) && a.per_sample == to.per_sample && b.per_sample == to.per_sample {
        for ((out, a), b) in out.iter_mut().zip(left).zip(right) {
            *out = f(*a, *b);
        }
        return;
    }
    for (sample, out) in out.chunks_exact_mut(to.width()).enumerate() {
        let (left, right) = (a.sample(left, sample), b.sample(right, sample));
        if same(a) && same(b) {
            for ((out, a), b) in out.iter_mut().zip(left).zip(right) {
                *out = f(*a, *b);
            }
        } else if same(a) && number(b) {
            map(left, out, |a| f(a, right[0]));
        } else if number(a) && same(b) {
            map(right, out, |b| f(left[0], b));
        } else {
            let step = |length: usize| usize::from(length != 1);
            let at = |form: Form, row: usize, column: usize| {
                row * step(form.rows) * form.columns + column * step(form.columns)
            };
            for (row, line) in out.chunks_exact_mut(to.columns).enumerate() {
                for (column, out) in line.iter_mut().enumerate() {
                    *out = f(left[at(a, row, column)], right[at(b, row, column)]);
                }
            }
        }
    }
}

fn matrix_product(
    (left, right): (bool, bool),
    (to, a, b): (Form, Form, Form),
    (from_a, from_b): (&[f32], &[f32]),
    out: &mut [f32],
    samples: usize,
) {
    let inner = if left { a.rows } else { a.columns };
    if !b.per_sample && !left {
        // Rows of all samples at once: `out = a @ b`.
        let rows = samples * a.rows;
        out.fill(0.0);
        return add_product(Backend::best(), out, [from_a, from_b], (rows, inner, to.columns), right);
    }
    let width = to.width();
    for (sample, out) in out.chunks_exact_mut(width).enumerate() {
        let (a_values, b_values) = (a.sample(from_a, sample), b.sample(from_b, sample));
        let a = Factor { data: a_values, columns: a.columns, transposed: left };
        let b = Factor { data: b_values, columns: b.columns, transposed: right };
        small_product(Backend::best(), out, [a, b], (to.rows, inner, to.columns));
    }
}

fn sum(axis: Option<usize>, form: Form, from: &[f32], to: &mut [f32]) {
    to.fill(0.0);
    match axis {
        None => to[0] = from.iter().fold(0.0, |sum, v| sum + v),
        Some(0) => from.chunks_exact(form.columns).for_each(|row| crate::math::reduce::add_assign(to, row)),
        Some(_) => {
            for (to, row) in to.iter_mut().zip(from.chunks_exact(form.columns)) {
                *to = row.iter().fold(0.0, |sum, v| sum + v);
            }
        }
    }
}
