//! The buffers that hold the values of a listing while a layer runs it, read row by row.

use std::ops::Range;

use super::layout::{Home, Location};
use crate::layers::recurrent::Tape;
use crate::layers::{PassContext, WeightId};
use crate::math::rows::Rows;

/// The part of a pass that is being computed.
#[derive(Debug, Clone)]
pub(super) struct Span<'a> {
    /// The samples of all timesteps meant, counted over timesteps and batch.
    pub samples: Range<usize>,
    /// The first sample of the block of timesteps.
    pub block: usize,
    /// The input of the block.
    pub x: &'a [f32],
    /// The gradients of the states.
    pub dstates: &'a [Vec<f32>],
}

/// Everything that can be read.
#[derive(Clone, Copy)]
pub(super) struct Memory<'a> {
    pub pass: &'a PassContext<'a>,
    pub span: &'a Span<'a>,
    pub tape: &'a Tape,
    pub weights: &'a [WeightId],
    pub own: &'a [Vec<f32>],
}

impl<'a> Memory<'a> {
    /// The rows of a value.
    #[inline(always)]
    pub fn rows(&self, location: &Location) -> Rows<'a> {
        let data = match location.home {
            Home::Input => self.span.x,
            Home::State => self.tape.states_between(location.index, 0, self.tape.timesteps() + 1),
            Home::Arriving => &self.span.dstates[location.index],
            Home::Weight => self.pass.parameters.get(self.weights[location.index]),
            Home::Field => self.tape.fields_between(location.index, 0, self.tape.timesteps()),
            Home::Shared | Home::Step | Home::Block => &self.own[location.index],
            // A sum that goes to the gradients at once has no other reader.
            Home::Nowhere | Home::Gradient => &[],
        };
        let start = first(location, self.span) * location.stride + location.column;
        Rows { data: &data[start..], stride: location.stride, width: location.width }
    }
}

/// The row of a memory at which the samples of `span` begin.
#[inline(always)]
pub(super) fn first(location: &Location, span: &Span) -> usize {
    match location.home {
        Home::State | Home::Field => span.samples.start,
        Home::Input | Home::Block => span.samples.start - span.block,
        _ => 0,
    }
}
