//! What reads a value of a cell: the gate or candidate that it goes into, what it is multiplied by.

use super::facts::Facts;
use crate::listing::{Binary, Function, NodeId, Op, Role};

impl Facts<'_> {
    /// The gate or candidate that a part of a split goes into, alone or summed with others, and what that is called.
    pub fn goes_into(&self, part: NodeId) -> Option<(NodeId, &'static str)> {
        self.users(part).find_map(|user| {
            let is_sum = matches!(self.graph.nodes[user].op, Op::Binary(Binary::Add) | Op::MatMul { .. });
            match self.title_of(user) {
                Some(title) => Some((user, title)),
                None if is_sum && self.graph.nodes[user].name.is_none() => self.goes_into(user),
                None => None,
            }
        })
    }

    /// What the one reader of a node multiplies with it; nothing where it is read otherwise.
    pub fn multiplied_by(&self, node: NodeId) -> Option<NodeId> {
        let product = self.only_user(node)?;
        let n = &self.graph.nodes[product];
        let is_product = matches!(n.op, Op::Binary(Binary::Multiply));
        n.inputs.iter().copied().find(|input| is_product && *input != node)
    }

    /// The one function without a name of its own that is taken of a node.
    pub fn function_of(&self, node: NodeId) -> Option<(NodeId, Function)> {
        let user = self.only_user(node)?;
        match self.graph.nodes[user].op {
            Op::Function(function) if self.graph.nodes[user].name.is_none() => Some((user, function)),
            _ => None,
        }
    }

    fn only_user(&self, node: NodeId) -> Option<NodeId> {
        let mut users = self.users(node);
        users.next().filter(|_| users.next().is_none())
    }

    /// The values with names of their own that are made from a node.
    pub fn named_readers(&self, node: NodeId) -> Vec<NodeId> {
        let mut found = Vec::new();
        let mut reached = vec![false; self.graph.nodes.len()];
        reached[node] = true;
        for user in 0..self.graph.nodes.len() {
            let n = &self.graph.nodes[user];
            if !n.inputs.iter().any(|input| reached[*input]) {
                continue;
            }
            if n.name.is_some() { found.push(user) } else { reached[user] = true }
        }
        found
    }

    /// What is multiplied by weights in a sum that has no other summands but these products and biases.
    pub fn weighted(&self, sum: NodeId) -> Option<Vec<NodeId>> {
        let n = &self.graph.nodes[sum];
        match &n.op {
            Op::Binary(Binary::Add) => {
                let parts: Option<Vec<Vec<NodeId>>> =
                    n.inputs.iter().map(|part| self.weighted(*part)).collect();
                parts.map(|parts| parts.concat())
            }
            Op::MatMul { .. } => {
                let mut read = n.inputs.iter().filter(|input| self.role(**input) != Some(Role::Weight));
                read.next().filter(|_| read.next().is_none()).map(|read| vec![*read])
            }
            _ => (self.role(sum) == Some(Role::Weight)).then(Vec::new),
        }
    }
}
