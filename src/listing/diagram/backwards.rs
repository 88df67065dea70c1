//! When each part of a picture has its gradient: after which line of the adjoint.

use super::picture::{Carries, Diagram, Wire};
use crate::listing::graph::{Graph, NodeId, Op};
use crate::listing::parsed::Listing;

impl Diagram {
    /// Notes for every element and wire the line of `adjoint`, the adjoint of `listing`, after which the gradient of
    /// the element's value, and what flows back along the wire, have been computed.
    pub fn follow_back(&mut self, listing: &Listing, adjoint: &Listing) {
        let way = Way::new(listing.graph(), adjoint);
        for k in 0..self.wires.len() {
            let wire = &self.wires[k];
            let carried = self.carried(way.graph, wire);
            let line = match wire.to {
                Some(reader) => way.flow(carried, self.elements[reader].node),
                // The gradient of a state arrives before any line has run.
                None => way.head,
            };
            self.wires[k].back_line = Some(line);
        }
        for element in &mut self.elements {
            element.back_line = Some(way.known(element.node));
        }
    }

    /// The node whose value runs along a wire: what makes it, or a part of that with a name of its own.
    fn carried(&self, graph: &Graph, wire: &Wire) -> NodeId {
        let source = match &wire.carries {
            Carries::Element { index } => self.elements[*index].node,
            Carries::Parameter { name } => {
                graph.parameters.iter().position(|known| known == name).unwrap_or(0)
            }
        };
        let name = wire.name.as_deref();
        let is_carried = |node: &NodeId| {
            name.is_some() && graph.nodes[*node].name.as_deref() == name && uncut(graph, *node) == source
        };
        (0..graph.nodes.len()).find(is_carried).unwrap_or(source)
    }
}

/// What a node is a cut of, or turned.
fn uncut(graph: &Graph, mut node: NodeId) -> NodeId {
    while matches!(graph.nodes[node].op, Op::Part { .. } | Op::Slice(_) | Op::Transpose) {
        node = graph.nodes[node].inputs[0];
    }
    node
}

struct Way<'a> {
    graph: &'a Graph,
    head: usize,
    last: usize,
    /// For each node the lines of the adjoint that make its gradient.
    lines: Vec<Vec<usize>>,
    /// For each node the line from which its gradient can be read; that of a value which is written into an expression
    /// is where the values that read it have theirs.
    ready: Vec<usize>,
}

impl<'a> Way<'a> {
    fn new(graph: &'a Graph, adjoint: &Listing) -> Self {
        let definition = adjoint.definition();
        let (head, last) = (definition.span.line, definition.return_span.line);
        let mut lines = vec![Vec::new(); graph.nodes.len()];
        for (statement, text) in definition.body.iter().enumerate() {
            if let Some(made) = adjoint.gradient_of(statement).and_then(|node| lines.get_mut(node)) {
                made.push(text.span.line);
            }
        }
        let mut ready = vec![head; graph.nodes.len()];
        for (node, reader) in (0..graph.nodes.len()).rev().map(|id| (id, &graph.nodes[id])) {
            if let Some(line) = lines[node].last() {
                ready[node] = *line;
            }
            for input in &reader.inputs {
                ready[*input] = ready[*input].max(ready[node]);
            }
        }
        Self { graph, head, last, lines, ready }
    }

    /// After which line the whole gradient of a node is known.
    fn known(&self, node: NodeId) -> usize {
        match self.lines[node].last() {
            Some(line) => *line,
            None if self.graph.returns.contains(&node) => self.head,
            None => self.written(node),
        }
    }

    /// After which line what `reader` sends back to `node` is known.
    fn flow(&self, node: NodeId, reader: NodeId) -> usize {
        if self.lines[node].is_empty() {
            // A state that is only added to receives the gradient of the sum as it is.
            let is_given = matches!(self.graph.nodes[node].op, Op::Parameter(_));
            return if is_given { self.known(reader) } else { self.written(node) };
        }
        let from = self.ready[reader];
        let lines = &self.lines[node];
        lines.iter().find(|line| **line >= from).or(lines.last()).map_or(self.last, |line| *line)
    }

    /// Where a gradient without a line of its own is first part of another's.
    fn written(&self, node: NodeId) -> usize {
        let inputs = self.graph.nodes[node].inputs.iter();
        let moving = inputs.filter(|input| !matches!(self.graph.nodes[**input].op, Op::Number(_)));
        moving.map(|input| self.flow(*input, node)).min().unwrap_or(self.last)
    }
}
