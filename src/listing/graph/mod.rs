//! A listing as a graph of operations, and the way from the tree to it.

mod composed;
mod inline;
mod lower;
mod nodes;

pub(super) use lower::lower;
pub use nodes::{Assigned, Bound, Cut, Graph, Node, NodeId, Op};
