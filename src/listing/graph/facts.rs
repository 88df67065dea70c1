//! What the operations tell of a value before its shape is known. Each follows from those of its inputs, so that it is
//! settled once, when the node is made: a value may be read many times.

use super::bound::Bound;
use crate::listing::graph::{Cut, Op};
use crate::listing::language::functions::Function;
use crate::listing::language::tree::Binary;

/// What is known of one value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    /// How many axes it has, as far as its operations tell; weights with a capital letter are matrices.
    pub(super) rank: usize,
    /// Whether it depends on the input or a state.
    pub(super) is_moving: bool,
    /// Whether it is one number, whatever the sizes are.
    pub(super) is_number: bool,
    /// Whether numpy has true and false for it.
    pub(super) is_truth: bool,
    /// How many rows it has, if the text says so.
    pub(super) rows: Option<i64>,
}

/// What a graph has before its first operation.
pub(super) struct Begin<'a> {
    pub(super) states: usize,
    pub(super) parameters: &'a [String],
}

impl Begin<'_> {
    /// What an operation and its inputs tell of a value.
    pub(super) fn facts(&self, op: &Op, known: &[Facts]) -> Facts {
        Facts {
            rank: self.rank(op, known),
            is_moving: match op {
                Op::Parameter(position) => *position <= self.states,
                _ => known.iter().any(|input| input.is_moving),
            },
            is_number: is_number(op, known),
            is_truth: is_truth(op, known),
            rows: rows(op, known),
        }
    }

    fn rank(&self, op: &Op, known: &[Facts]) -> usize {
        let of = |k: usize| known.get(k).map_or(0, |input| input.rank);
        match op {
            Op::Parameter(position) if *position <= self.states => 1,
            Op::Parameter(position) => {
                let capital = |c: char| c.is_uppercase();
                1 + usize::from(self.parameters[*position].chars().next().is_some_and(capital))
            }
            Op::Number(_) | Op::Length(_) => 0,
            Op::Fill(_, shape) => shape.len(),
            Op::Range { .. } => 1,
            Op::Eye(_) | Op::Outer => 2,
            Op::MatMul { .. } => match (of(0), of(1)) {
                (1, 1) if !known.iter().all(|input| input.is_moving) => 1,
                (a, b) => (a + b).saturating_sub(2),
            },
            Op::Stack(_) => of(0) + 1,
            Op::Reshape(sizes) => sizes.len(),
            Op::Slice(cuts) => {
                of(0).saturating_sub(cuts.iter().filter(|cut| matches!(cut, Cut::Index(_))).count())
            }
            Op::Sum { axis, keep } | Op::Reduce { axis, keep, .. } => match (axis, keep) {
                (_, true) => of(0),
                (Some(_), _) => of(0).saturating_sub(1),
                _ => 0,
            },
            Op::Function(function) if function.finds() => 0,
            Op::Binary(_) | Op::Function(_) => known.iter().map(|input| input.rank).max().unwrap_or(0),
            _ => of(0),
        }
    }
}

fn is_number(op: &Op, known: &[Facts]) -> bool {
    match op {
        Op::Number(_) | Op::Length(_) => true,
        Op::Function(function) if function.finds() => true,
        Op::Sum { axis: None, keep: false } | Op::Reduce { axis: None, keep: false, .. } => true,
        Op::Binary(_) | Op::Function(_) | Op::Negate | Op::Clip(..) => {
            known.iter().all(|input| input.is_number)
        }
        _ => false,
    }
}

fn is_truth(op: &Op, known: &[Facts]) -> bool {
    match op {
        Op::Binary(operation) if operation.compares() => true,
        Op::Binary(Binary::Multiply) | Op::Function(Function::Maximum | Function::Minimum) => {
            known.iter().all(|input| input.is_truth)
        }
        Op::Slice(_) | Op::Part { .. } | Op::Transpose | Op::Reshape(_) => {
            known.first().is_some_and(|input| input.is_truth)
        }
        _ => false,
    }
}

fn rows(op: &Op, known: &[Facts]) -> Option<i64> {
    match op {
        Op::Reshape(sizes) => sizes.first()?.as_ref()?.known().filter(|_| sizes.len() == 2),
        Op::Fill(_, shape) => shape.first()?.known(),
        Op::Slice(cuts) => match cuts.first()? {
            Cut::Range(start, Some(end)) => {
                let start = start.as_ref().map_or(Some(0), Bound::known)?;
                let rows = end.known()?.checked_sub(start)?;
                let whole = known.first()?.rows?;
                (start >= 0 && rows > 0 && start + rows <= whole).then_some(rows)
            }
            _ => None,
        },
        Op::Stack(0) => Some(known.len() as i64),
        Op::Binary(_) | Op::Function(_) | Op::Negate | Op::Clip(..) | Op::FillLike(_) | Op::Put(_) => {
            known.iter().find_map(|input| input.rows)
        }
        _ => None,
    }
}
