//! What is wrong with a text that only its shapes can tell.

use super::inferred::Inferred;
use super::size::Size;
use crate::listing::graph::{Graph, Op};
use crate::listing::language::diagnostics::Diagnostic;
use crate::listing::language::functions::Function;

impl Inferred {
    /// What was read as if a value had so many axes before the shapes were known, and what changes in place.
    pub(super) fn check_axes(&mut self, graph: &Graph) {
        for (node, wanted, span, advice) in &graph.axes {
            let Some(axes) = self.shape(*node).map(|shape| shape.len()).filter(|axes| axes != wanted) else {
                continue;
            };
            let few = if axes == 1 { "1 axis".to_string() } else { format!("{axes} axes") };
            self.wrong[*node] = true;
            self.mistakes.push(Diagnostic::new(*span, format!("this value has {few}; {advice}")));
        }
        for (node, span) in &graph.squeezed {
            let is_wide = |shape: &Vec<Size>| shape.len() == 2 && shape.iter().all(|n| n.number() != Some(1));
            if let Some(shape) = self.shape(*node).filter(is_wide) {
                let shown = self.sizes.show_shape(&shape);
                let message = format!(
                    "np.squeeze takes axes of length 1 away, and this value has the shape {shown}; leave it out"
                );
                // It is read as a vector, of which that may be wrong too.
                self.mistakes.retain(|m| (m.line, m.column) != (span.line, span.column));
                self.wrong[*node] = true;
                self.mistakes.push(Diagnostic::new(*span, message));
            }
        }
        for (before, after) in &graph.grown {
            // A number is no array: `s += a` gives the name another value.
            let shapes = self.shape(*before).filter(|shape| !shape.is_empty()).zip(self.shape(*after));
            if let Some((before, shape)) = shapes.filter(|(before, shape)| before != shape) {
                let [before, shape] = [&before, &shape].map(|shape| self.sizes.show_shape(shape));
                let message = format!(
                    "an array of shape {before} cannot become {shape} in place; write a = a + b for a += b"
                );
                self.complain(graph, *after, message);
            }
        }
    }

    /// What is there for vectors only.
    pub(super) fn check_vectors(&mut self, graph: &Graph) {
        for (id, node) in graph.nodes.iter().enumerate() {
            if let Some(shape) = self.shape(id).filter(|shape| shape.len() > 2 && !self.wrong[id]) {
                let shown = self.sizes.show_shape(&shape);
                self.complain(
                    graph,
                    id,
                    format!("this array would have the shape {shown}; two axes are the most"),
                );
            }
            if let Op::Length(axis) = node.op
                && let Some(shape) = self.shape(node.inputs[0]).filter(|shape| shape.len() <= axis)
            {
                let shown = self.sizes.show_shape(&shape);
                self.complain(graph, id, format!("this value has no axis {axis}, its shape is {shown}"));
            }
            if node.op == Op::Function(Function::Softmax)
                && let Some(shape) = self.shape(id).filter(|shape| shape.len() != 1 && !self.wrong[id])
            {
                let shown = self.sizes.show_shape(&shape);
                self.complain(graph, id, format!("softmax takes a vector, this value has the shape {shown}"));
            }
        }
    }
}
