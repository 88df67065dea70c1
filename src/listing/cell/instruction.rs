//! What one value of a plan is computed by, over any number of samples.
//!
//! An array of one sample is seen as rows and columns: a number is 1×1, a vector 1×n. The samples of a batch lie one
//! after the other. Sums run from left to right, products are rounded before they are added.

use crate::listing::cell::products::{outer_total, product, small_product};
use crate::listing::language::functions::Function;
use crate::listing::language::tree::Binary;
use crate::math::{Backend, elementary};

/// An operation with everything about shapes settled.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Instruction {
    /// Given from outside: a parameter of the listing.
    Given(usize),
    /// Given from outside: the gradient that arrives at a state.
    Arriving(usize),
    /// One number everywhere, by its bits.
    Fill(u32),
    /// `+ - * / **` and comparisons.
    Binary(Binary),
    /// `-a`
    Negate,
    /// A function of one or two arguments.
    Function(Function),
    /// Bounds by their bits.
    Clip(u32, u32),
    /// A matrix product; either side may be taken transposed.
    Product {
        /// The left side is stored as columns × rows.
        left: bool,
        /// The right side is stored as columns × rows.
        right: bool,
    },
    /// Rows and columns `from..to` of its input.
    Cut {
        /// First and behind the last row.
        rows: (usize, usize),
        /// First and behind the last column.
        columns: (usize, usize),
    },
    /// Inputs side by side in each of so many rows.
    Join(usize),
    /// The sum over rows (`Some(0)`), over columns (`Some(1)`) or over all.
    Sum(Option<usize>),
    /// Every number of the left with every number of the right.
    Outer,
    /// Rows become columns.
    Transpose,
    /// The left side with the right side added to a part of it.
    Grow {
        /// First and behind the last row.
        rows: (usize, usize),
        /// First and behind the last column.
        columns: (usize, usize),
    },
    /// The outer product, added up over all samples: `leftᵀ @ right`.
    OuterTotal,
    /// Its input, added up over all samples.
    Total,
    /// Its input times the number of samples.
    TimesSamples,
}

/// One array of one sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// 1 for numbers and vectors.
    pub rows: usize,
    /// The length of a vector, 1 for a number.
    pub columns: usize,
    /// Whether every sample has its own.
    pub per_sample: bool,
}

impl Form {
    pub(super) fn of(shape: &[usize], per_sample: bool) -> Self {
        let (rows, columns) = match *shape {
            [] => (1, 1),
            [n] => (1, n),
            [rows, columns, ..] => (rows, columns),
        };
        Self { rows, columns, per_sample }
    }

    /// How many numbers a sample has.
    pub fn width(self) -> usize {
        self.rows * self.columns
    }

    /// The numbers of sample `sample` in `all`.
    pub(super) fn sample(self, all: &[f32], sample: usize) -> &[f32] {
        let width = self.width();
        if self.per_sample { &all[sample * width..(sample + 1) * width] } else { &all[..width] }
    }
}

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
        Instruction::Given(_) | Instruction::Arriving(_) => {}
        Instruction::Fill(bits) => out.fill(f32::from_bits(*bits)),
        Instruction::Binary(operation) => {
            binary(*operation, (to, forms[0], forms[1]), (input(0), input(1)), out)
        }
        Instruction::Function(function) => call(*function, (to, forms), input, out),
        Instruction::Negate => map(input(0), out, |v| -v),
        Instruction::Clip(low, high) => {
            let (low, high) = (f32::from_bits(*low), f32::from_bits(*high));
            map(input(0), out, |v| {
                if v < low {
                    low
                } else if high < v {
                    high
                } else {
                    v
                }
            });
        }
        Instruction::Product { left, right } => {
            matrix_product((*left, *right), (to, forms[0], forms[1]), (input(0), input(1)), out, rows);
        }
        Instruction::OuterTotal => outer_total(out, input(0), input(1), samples),
        Instruction::Total => {
            out.fill(0.0);
            for sample in input(0).chunks_exact(out.len()) {
                crate::math::reduce::add_assign(out, sample);
            }
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

fn binary(operation: Binary, forms: (Form, Form, Form), inputs: (&[f32], &[f32]), out: &mut [f32]) {
    let truth = |t: bool| if t { 1.0 } else { 0.0 };
    match operation {
        Binary::Add => pairs(forms, inputs, out, |a, b| a + b),
        Binary::Subtract => pairs(forms, inputs, out, |a, b| a - b),
        Binary::Multiply => pairs(forms, inputs, out, |a, b| a * b),
        Binary::Divide => pairs(forms, inputs, out, |a, b| a / b),
        Binary::Power => pairs(forms, inputs, out, power),
        Binary::Greater => pairs(forms, inputs, out, |a, b| truth(a > b)),
        Binary::Less => pairs(forms, inputs, out, |a, b| truth(a < b)),
        Binary::GreaterEqual => pairs(forms, inputs, out, |a, b| truth(a >= b)),
        // Lowered to `Product`.
        Binary::MatMul => {}
    }
}

/// Operations that work on each sample by itself, most of them by moving numbers.
fn arrange<'a>(
    instruction: &Instruction,
    (to, forms): (Form, &[Form]),
    input: impl Fn(usize) -> &'a [f32],
    out: &mut [f32],
    rows: usize,
) {
    if let Instruction::Join(lines) = instruction {
        return join(*lines, (to, forms), input, out, rows);
    }
    for (sample, target) in out.chunks_exact_mut(to.width()).take(rows).enumerate() {
        let from = forms[0].sample(input(0), sample);
        let columns = forms[0].columns;
        match instruction {
            Instruction::Cut { rows: (r0, r1), columns: (c0, c1) } => {
                for (row, target) in (*r0..*r1).zip(target.chunks_exact_mut(c1 - c0)) {
                    target.copy_from_slice(&from[row * columns + c0..row * columns + c1]);
                }
            }
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
            Instruction::Grow { rows, columns } => {
                target.copy_from_slice(from);
                grow(target, to, (*rows, *columns), (forms[1].sample(input(1), sample), forms[1]));
            }
            // All others are computed over whole batches.
            _ => {}
        }
    }
}

/// Adds `part` to some rows and columns of `target`, with numpy's broadcasting.
fn grow(
    target: &mut [f32],
    to: Form,
    ((r0, r1), (c0, c1)): ((usize, usize), (usize, usize)),
    (part, form): (&[f32], Form),
) {
    let step = |length: usize| usize::from(length != 1);
    for row in 0..r1 - r0 {
        for column in 0..c1 - c0 {
            let from = row * step(form.rows) * form.columns + column * step(form.columns);
            target[(r0 + row) * to.columns + c0 + column] += part[from];
        }
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

fn call<'a>(
    function: Function,
    (to, forms): (Form, &[Form]),
    input: impl Fn(usize) -> &'a [f32],
    out: &mut [f32],
) {
    let backend = Backend::best();
    let nan_or = |a: f32, b: f32, other: f32| {
        if a.is_nan() {
            a
        } else if b.is_nan() {
            b
        } else {
            other
        }
    };
    match function {
        Function::Maximum => {
            return pairs((to, forms[0], forms[1]), (input(0), input(1)), out, |a, b| {
                nan_or(a, b, if a >= b { a } else { b })
            });
        }
        Function::Minimum => {
            return pairs((to, forms[0], forms[1]), (input(0), input(1)), out, |a, b| {
                nan_or(a, b, if a <= b { a } else { b })
            });
        }
        _ => out.copy_from_slice(input(0)),
    }
    match function {
        Function::Tanh => elementary::tanh_all(backend, out),
        Function::Exp => elementary::exp_all(backend, out),
        Function::Sigmoid => elementary::sigmoid_all(backend, out),
        Function::Softmax => elementary::softmax_rows(backend, out, to.width()),
        Function::Log => out.iter_mut().for_each(|v| *v = elementary::ln(*v)),
        Function::Relu => out.iter_mut().for_each(|v| *v = if *v < 0.0 { 0.0 } else { *v }),
        _ => out.iter_mut().for_each(|v| {
            // clamp keeps a NaN.
            *v = (0.2 * *v + 0.5).clamp(0.0, 1.0);
        }),
    }
}

/// a to the power of b: by multiplication if b is a small whole number, else exp(b ln a).
pub(super) fn power(a: f32, b: f32) -> f32 {
    const MOST_PRODUCTS: f32 = 16.0;
    if b.fract() == 0.0 && b.abs() <= MOST_PRODUCTS {
        let mut result = 1.0;
        for _ in 0..b.abs() as u32 {
            result *= a;
        }
        return if b < 0.0 { 1.0 / result } else { result };
    }
    if b == 0.5 && a >= 0.0 {
        return a.sqrt();
    }
    if a == 0.0 {
        return if b > 0.0 { 0.0 } else { f32::INFINITY };
    }
    if a < 0.0 && b.fract() == 0.0 {
        let size = elementary::exp(b * elementary::ln(-a));
        return if b % 2.0 == 0.0 { size } else { -size };
    }
    elementary::exp(b * elementary::ln(a))
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
        return product(out, from_a, from_b, (rows, inner, to.columns), right);
    }
    let width = to.width();
    for (sample, out) in out.chunks_exact_mut(width).enumerate() {
        let (a_values, b_values) = (a.sample(from_a, sample), b.sample(from_b, sample));
        small_product(out, (a_values, a, left), (b_values, b, right), (to.rows, inner, to.columns));
    }
}

fn join<'a>(
    lines: usize,
    (to, forms): (Form, &[Form]),
    input: impl Fn(usize) -> &'a [f32],
    out: &mut [f32],
    samples: usize,
) {
    let length = to.width() / lines;
    for sample in 0..samples {
        let target = &mut out[sample * to.width()..(sample + 1) * to.width()];
        let mut at = 0;
        for (k, form) in forms.iter().enumerate() {
            let from = form.sample(input(k), sample);
            let part = from.len() / lines;
            for line in 0..lines {
                let start = line * length + at;
                target[start..start + part].copy_from_slice(&from[line * part..(line + 1) * part]);
            }
            at += part;
        }
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
