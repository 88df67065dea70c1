//! Shapes: those that follow from a text with sizes left open, and those of every value once all sizes are known.

mod concrete;
pub(super) mod inference;
pub(super) mod inferred;
mod rules;
pub(super) mod size;

pub use concrete::{ParameterShape, Role, Shapes};
pub(super) use concrete::{node_shapes, range, tuple};
