//! Shapes: those that follow from a text with sizes left open, and those of every value once all sizes are known.

mod checks;
mod concrete;
pub(super) mod inference;
pub(super) mod inferred;
mod measured;
mod ranks;
mod rules;
pub(super) mod size;

pub(super) use concrete::{Along, along, node_shapes, tuple};
pub use concrete::{ParameterShape, Role, Shapes};
