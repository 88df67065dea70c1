//! Texts with a common beginning as a tree: each node is one token after the path that leads to it.

use serde::Serialize;

use crate::session::reader::Memory;
use crate::{Error, Result};

/// A token of a text, and what is known when it has been read.
pub(super) struct Node {
    /// The node before; the root is its own.
    pub parent: usize,
    /// What the token stands for; nothing at the root.
    pub id: u16,
    /// How many tokens there are behind the beginning, up to this one.
    pub depth: usize,
    /// What comes after it, in the order in which it was written.
    pub children: Vec<usize>,
    /// What the model knows.
    pub memory: Memory,
    /// What it says comes next.
    pub logits: Vec<f32>,
}

/// The tree; node 0 is the beginning.
#[derive(Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    size: usize,
}

/// Part of a tree in which each token but the last has one successor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Branch {
    /// The branch that it goes on from; none for the first.
    pub parent: Option<usize>,
    /// How many branches lie before it.
    pub level: usize,
    /// Its tokens.
    pub nodes: Vec<usize>,
    /// Their text.
    pub text: String,
}

/// Numbers that the nodes may hold together: 64 MB.
const MOST_NUMBERS: usize = 1 << 24;

impl Tree {
    /// A tree of one node.
    pub fn new(memory: Memory, logits: Vec<f32>) -> Self {
        let size = memory.size() + logits.len();
        Self { nodes: vec![Node { parent: 0, id: 0, depth: 0, children: Vec::new(), memory, logits }], size }
    }

    /// The node at `k`.
    ///
    /// # Errors
    /// If there is none.
    pub fn node(&self, k: usize) -> Result<&Node> {
        let expected = format!("below {}, the number of tokens in the tree", self.nodes.len());
        self.nodes.get(k).ok_or_else(|| Error::value("the place in the tree", expected, k))
    }

    /// The node after `k` with the token `id`, if it has been written.
    pub fn child(&self, k: usize, id: u16) -> Option<usize> {
        self.nodes[k].children.iter().copied().find(|child| self.nodes[*child].id == id)
    }

    /// Adds the token `id` after node `k`.
    ///
    /// # Errors
    /// If the tree is full.
    pub fn add(&mut self, parent: usize, id: u16, memory: Memory, logits: Vec<f32>) -> Result<usize> {
        let size = memory.size() + logits.len();
        if self.size + size > MOST_NUMBERS {
            let problem = format!("it is full with {} tokens; begin a new text to go on", self.nodes.len());
            return Err(Error::format("the tree", problem));
        }
        let (child, depth) = (self.nodes.len(), self.nodes[parent].depth + 1);
        self.size += size;
        self.nodes[parent].children.push(child);
        self.nodes.push(Node { parent, id, depth, children: Vec::new(), memory, logits });
        Ok(child)
    }

    /// The nodes from the first token behind the beginning to `k`.
    ///
    /// # Errors
    /// If there is no such node.
    pub fn path(&self, k: usize) -> Result<Vec<usize>> {
        let (mut path, mut k, mut left) = (Vec::new(), k, self.node(k)?.depth);
        while left > 0 {
            path.push(k);
            k = self.nodes[k].parent;
            left -= 1;
        }
        path.reverse();
        Ok(path)
    }

    /// The branches, each before those that go on from it; `text_of` writes ids.
    pub fn branches(&self, text_of: impl Fn(&[u16]) -> String) -> Vec<Branch> {
        let mut branches: Vec<Branch> = Vec::new();
        let firsts = |of: usize, parent: Option<usize>, level: usize| {
            let children = self.nodes[of].children.iter().rev();
            children.map(|child| (*child, parent, level)).collect::<Vec<_>>()
        };
        let mut waiting = if self.nodes.is_empty() { Vec::new() } else { firsts(0, None, 0) };
        while let Some((first, parent, level)) = waiting.pop() {
            let mut nodes = vec![first];
            let mut last = first;
            while let [only] = self.nodes[last].children[..] {
                nodes.push(only);
                last = only;
            }
            let ids: Vec<u16> = nodes.iter().map(|node| self.nodes[*node].id).collect();
            waiting.extend(firsts(last, Some(branches.len()), level + 1));
            branches.push(Branch { parent, level, nodes, text: text_of(&ids) });
        }
        branches
    }
}
