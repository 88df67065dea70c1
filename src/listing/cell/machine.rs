//! Runs a plan on the tape of a recurrent layer: the work of one stage over the rows of some samples.

use std::sync::Arc;

use super::elementwise::operation;
use super::general;
use super::layout::{Home, Layout, Work, work};
use super::memory::{Memory, Span, first};
use crate::layers::recurrent::Tape;
use crate::layers::{Gradients, PassContext, WeightId};
use crate::listing::cell::instruction::Instruction;
use crate::listing::cell::plan::{Plan, Stage, Value};
use crate::math::Matrix;
use crate::math::elementwise::compute;
use crate::math::gemm::{Packed, Strips, gemm, gemm_transposed_into};
use crate::math::reduce::add_assign;
use crate::math::rows::{Rows, Target};

/// A plan with its locations, its packed matrices and the memory that it needs besides the tape.
#[derive(Clone)]
pub(super) struct Machine {
    pub plan: Arc<Plan>,
    pub layout: Layout,
    pub weights: Vec<WeightId>,
    own: Vec<Vec<f32>>,
    /// For each product with a matrix that all samples share.
    packed: Vec<Packed>,
    sums: Sums,
    /// Rows that lie apart, brought together for works that need them side by side.
    room: [Vec<f32>; 3],
}

/// What sums over samples need of memory.
#[derive(Clone, Default)]
struct Sums {
    right: Packed,
    /// Which value is packed.
    holds: Option<usize>,
    strips: Strips,
}

/// What is computed: a value, how, and for how many rows.
#[derive(Clone, Copy)]
struct Task {
    id: usize,
    work: Work,
    rows: usize,
}

impl Machine {
    pub fn new(plan: Arc<Plan>, layout: Layout, weights: Vec<WeightId>) -> Self {
        Self {
            own: vec![Vec::new(); layout.own],
            packed: vec![Packed::default(); plan.values.len()],
            sums: Sums::default(),
            room: Default::default(),
            plan,
            layout,
            weights,
        }
    }

    /// Makes room for blocks of at most `block` rows of `batch` samples.
    pub fn make_room(&mut self, batch: usize, block: usize) {
        for location in &self.layout.locations {
            let rows = match location.home {
                Home::Shared => 1,
                Home::Step => batch,
                Home::Block => block,
                _ => continue,
            };
            let needed = rows * location.stride.max(location.width);
            if self.own[location.index].len() < needed {
                self.own[location.index].resize(needed, 0.0);
            }
        }
    }

    /// Computes what follows from the weights alone, and packs what is multiplied with.
    pub fn prepare(&mut self, pass: &PassContext, tape: &Tape) {
        let span = Span { samples: 0..0, block: 0, x: &[], dstates: &[] };
        for k in 0..self.layout.work[Stage::Once as usize].len() {
            let (id, work) = self.layout.work[Stage::Once as usize][k];
            let index = self.layout.locations[id].index;
            let mut out = std::mem::take(&mut self.own[index]);
            self.compute(pass, &span, tape, Task { id, work, rows: 1 }, &mut out);
            self.own[index] = out;
        }
        let memory = Memory { pass, span: &span, tape, weights: &self.weights, own: &self.own };
        for (id, work) in self.layout.work.iter().flatten() {
            let product = match work {
                Work::Product => *id,
                Work::AddProduct { product, .. } => *product,
                _ => continue,
            };
            let Instruction::Product { right, .. } = self.plan.values[product].instruction else { continue };
            let from = self.plan.values[product].inputs[1];
            let form = self.plan.values[from].form;
            let numbers = memory.rows(&self.layout.locations[from]);
            let matrix = Matrix::new(numbers.row(0), form.rows, form.columns);
            if right {
                self.packed[product].pack(matrix.transpose());
            } else {
                self.packed[product].pack(matrix);
            }
        }
    }

    /// Does the work of `stage`, which is not [`Stage::Total`], for the samples of `span`.
    pub fn run(&mut self, pass: &PassContext, stage: Stage, span: &Span, tape: &mut Tape) {
        for k in 0..self.layout.work[stage as usize].len() {
            let (id, work) = self.layout.work[stage as usize][k];
            let location = self.layout.locations[id];
            let rows = span.samples.len();
            let mut out = match location.home {
                Home::Field => tape.take_field(location.index),
                _ => std::mem::take(&mut self.own[location.index]),
            };
            let from = first(&location, span) * location.stride + location.column;
            self.compute(pass, span, tape, Task { id, work, rows }, &mut out[from..]);
            match location.home {
                Home::Field => tape.put_field(location.index, out),
                _ => self.own[location.index] = out,
            }
        }
    }

    /// Computes one value.
    fn compute(&mut self, pass: &PassContext, span: &Span, tape: &Tape, task: Task, out: &mut [f32]) {
        // Slices, since an index into a `Vec` is a call where code is compiled for size.
        let (values, locations) = (self.plan.values.as_slice(), self.layout.locations.as_slice());
        let value = &values[task.id];
        let inputs = value.inputs.as_slice();
        let memory = Memory { pass, span, tape, weights: &self.weights, own: &self.own };
        let input = |k: usize| memory.rows(&locations[inputs[k]]);
        let location = locations[task.id];
        let mut target = Target { out, stride: location.stride, width: location.width, rows: task.rows };
        match task.work {
            Work::Elementwise => {
                let right = input(inputs.len() - 1);
                compute(pass.backend, operation(&value.instruction), [input(0), right], target);
            }
            Work::Product => {
                target.clear();
                multiply(pass, &values[inputs[0]], input(0), &self.packed[task.id], target);
            }
            Work::AddProduct { base, product } => {
                target.copy(memory.rows(&locations[base]));
                let left = values[product].inputs[0];
                multiply(pass, &values[left], memory.rows(&locations[left]), &self.packed[product], target);
            }
            Work::Join => {
                let Instruction::Join(lines) = value.instruction else { return };
                let part = |k: usize| {
                    let width = locations[value.inputs[k]].width;
                    (width, self.layout.copied[task.id][k].then(|| input(k)))
                };
                join(lines, (0..value.inputs.len()).map(part), target);
            }
            // Sums are added by `total`.
            Work::Sum | Work::Other => {
                let mut inputs: [&[f32]; 3] = [&[]; 3];
                for (k, (room, slot)) in self.room.iter_mut().zip(&mut inputs).enumerate() {
                    if k < value.inputs.len() {
                        *slot = side_by_side(input(k), task.rows, room);
                    }
                }
                let forms = (value.form, self.plan.forms(task.id));
                let width = value.form.width() * if value.form.per_sample { task.rows } else { 1 };
                general::compute(
                    &value.instruction,
                    forms,
                    |k| inputs[k],
                    &mut target.out[..width],
                    task.rows,
                );
            }
        }
    }

    /// Adds the sums over the samples of `span`; the first block of a pass begins them, after the `last` one they are
    /// turned into the gradients of the weights.
    pub fn total(
        &mut self,
        pass: &PassContext,
        span: &Span,
        tape: &Tape,
        (begins, ends): (bool, bool),
        gradients: &mut Gradients,
    ) {
        self.sums.holds = None;
        for k in 0..self.layout.work[Stage::Total as usize].len() {
            let (id, work) = self.layout.work[Stage::Total as usize][k];
            let location = self.layout.locations[id];
            if location.home == Home::Gradient {
                self.sum(pass, span, tape, id, gradients.get_mut(self.weights[location.index]));
                continue;
            }
            let mut out = std::mem::take(&mut self.own[location.index]);
            if work == Work::Sum {
                if begins {
                    out.fill(0.0);
                }
                self.sum(pass, span, tape, id, &mut out);
            } else if ends {
                let several = self.plan.values[id].instruction == Instruction::TimesSamples;
                let rows = if several { tape.timesteps() * tape.batch() } else { 1 };
                self.compute(pass, span, tape, Task { id, work, rows }, &mut out);
            }
            self.own[location.index] = out;
        }
        if ends {
            let memory = Memory { pass, span, tape, weights: &self.weights, own: &self.own };
            for (weight, total) in self.plan.trained.iter().zip(&self.plan.totals) {
                let location = &self.layout.locations[*total];
                if location.home != Home::Gradient {
                    add_assign(gradients.get_mut(self.weights[*weight]), memory.rows(location).row(0));
                }
            }
        }
    }

    /// Adds a sum over the samples of `span` to `out`.
    fn sum(&mut self, pass: &PassContext, span: &Span, tape: &Tape, id: usize, out: &mut [f32]) {
        let value = &self.plan.values[id];
        let memory = Memory { pass, span, tape, weights: &self.weights, own: &self.own };
        let rows = span.samples.len();
        let input = |k: usize| memory.rows(&self.layout.locations[value.inputs[k]]);
        let left = input(0);
        if value.instruction == Instruction::Total {
            (0..rows).for_each(|row| add_assign(out, left.row(row)));
            return;
        }
        let right = input(1);
        if self.sums.holds != Some(value.inputs[1]) {
            self.sums.right.pack(Matrix::with_stride(right.data, rows, right.width, right.stride));
            self.sums.holds = Some(value.inputs[1]);
        }
        let left = Matrix::with_stride(left.data, rows, left.width, left.stride);
        let Sums { right: packed, strips, .. } = &mut self.sums;
        gemm_transposed_into(pass.backend, left, packed, strips, (out, right.width));
    }

    /// The rows of a value in `span`.
    pub fn rows<'a>(&'a self, pass: &'a PassContext, span: &'a Span, tape: &'a Tape, id: usize) -> Rows<'a> {
        Memory { pass, span, tape, weights: &self.weights, own: &self.own }.rows(&self.layout.locations[id])
    }

    /// The numbers of a value at the timestep of `span`, row after row, for a batch of one sample. A value without a
    /// home is computed now.
    pub fn value(&self, pass: &PassContext, span: &Span, tape: &Tape, id: usize) -> Vec<f32> {
        let location = &self.layout.locations[id];
        if location.home != Home::Nowhere {
            return self.rows(pass, span, tape, id).row(0).to_vec();
        }
        let value = &self.plan.values[id];
        let inputs: Vec<Vec<f32>> =
            value.inputs.iter().map(|input| self.value(pass, span, tape, *input)).collect();
        let rows = |k: usize| Rows { data: &inputs[k], stride: inputs[k].len(), width: inputs[k].len() };
        let width = value.form.width();
        let mut out = vec![0.0; width];
        let target = Target { out: &mut out, stride: width, width, rows: 1 };
        match (&value.instruction, work(&self.plan, id)) {
            (instruction, Work::Elementwise) => {
                let right = rows(inputs.len() - 1);
                compute(pass.backend, operation(instruction), [rows(0), right], target);
            }
            (Instruction::Join(lines), _) => {
                join(*lines, (0..inputs.len()).map(|k| (inputs[k].len(), Some(rows(k)))), target);
            }
            (instruction, _) => {
                general::compute(instruction, (value.form, self.plan.forms(id)), |k| &inputs[k], &mut out, 1);
            }
        }
        out
    }

    /// Keeps the input on the tape where steps read it.
    pub fn keep_input(&self, span: &Span, tape: &mut Tape) {
        let location = self.layout.locations[self.plan.parameters[0]];
        if location.home == Home::Field {
            let start = span.samples.start * location.stride;
            let mut field = tape.take_field(location.index);
            field[start..start + span.x.len()].copy_from_slice(span.x);
            tape.put_field(location.index, field);
        }
    }

    /// Writes what arrives at the states where it must last longer than the gradients of the states themselves.
    pub fn receive(&mut self, span: &Span, tape: &mut Tape) {
        for (state, id) in self.plan.arriving.iter().enumerate() {
            let location = self.layout.locations[*id];
            let from = &span.dstates[state];
            match location.home {
                Home::Field => {
                    let start = span.samples.start * location.stride;
                    let mut field = tape.take_field(location.index);
                    field[start..start + from.len()].copy_from_slice(from);
                    tape.put_field(location.index, field);
                }
                Home::Step => self.own[location.index][..from.len()].copy_from_slice(from),
                _ => {}
            }
        }
    }
}

/// `target += left @ packed`, all rows at once.
fn multiply(pass: &PassContext, left: &Value, rows: Rows, packed: &Packed, target: Target) {
    let form = left.form;
    if form.rows == 1 {
        let left = Matrix::with_stride(rows.data, target.rows, rows.width, rows.stride);
        gemm(pass.backend, left, packed, target.out, target.stride);
    } else {
        // A matrix for each sample, which is never part of something wider.
        let left = Matrix::new(rows.data, target.rows * form.rows, form.columns);
        gemm(pass.backend, left, packed, target.out, packed.cols());
    }
}

/// Copies those parts that were not computed in the target; each comes with its width.
fn join<'a>(lines: usize, parts: impl Iterator<Item = (usize, Option<Rows<'a>>)>, mut target: Target) {
    let mut at = 0;
    for (width, from) in parts {
        let part = width / lines;
        if let Some(from) = from {
            target.put(from, lines, at);
        }
        at += part;
    }
}

/// The numbers of all rows one after the other, copied to `room` if they are not contiguous; one row if all share it.
fn side_by_side<'a>(from: Rows<'a>, rows: usize, room: &'a mut Vec<f32>) -> &'a [f32] {
    if from.stride == 0 {
        return from.row(0);
    }
    if from.is_dense() {
        return &from.data[..rows * from.width];
    }
    room.clear();
    (0..rows).for_each(|row| room.extend_from_slice(from.row(row)));
    room
}
