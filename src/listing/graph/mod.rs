//! A listing as a graph of operations, and the way from the tree to it.

mod bound;
mod calls;
mod composed;
mod facts;
mod inline;
mod list;
mod lists;
mod lower;
mod nodes;
mod sizes;

pub use bound::{Bound, NodeId};
pub(super) use lower::lower;
pub use nodes::{Assigned, Cut, Graph, Group, Node, Op, Reduction};
