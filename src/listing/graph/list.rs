//! Lists: what `np.split` makes.

use super::bound::{Bound, NodeId};

/// What `np.split` makes.
#[derive(Debug, Clone)]
pub(super) struct List {
    /// What is split.
    pub(super) source: NodeId,
    /// Along which axis.
    pub(super) axis: usize,
    /// Its members.
    pub(super) items: Items,
}

/// The members of a list.
#[derive(Debug, Clone)]
pub(super) enum Items {
    /// Equal parts.
    Parts(Vec<NodeId>),
    /// What lies between these positions; a piece is made where it is read.
    Between(Vec<Bound>),
}

impl List {
    /// How many members it has.
    pub(super) fn len(&self) -> usize {
        match &self.items {
            Items::Parts(parts) => parts.len(),
            Items::Between(ends) => ends.len() + 1,
        }
    }
}
