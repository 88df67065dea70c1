//! Where a number comes from that is cut out, joined or put somewhere: moved without being changed.

use super::elements::{Element, Elements, Made};
use crate::listing::graph::{Cut, NodeId, Op, Reduction};
use crate::listing::shapes::{Along, along};

impl Elements<'_> {
    /// Cutting and joining move numbers without changing them.
    pub(super) fn moved(&self, element: Element) -> Made {
        let (node, index) = element;
        let n = &self.graph.nodes[node];
        let source = n.inputs[0];
        let (columns, row, column) = self.split(element);
        let (source_columns, ..) = self.split((source, 0));
        match &n.op {
            Op::Part { index: part, axis, .. } if self.shape(node).len() == 2 && *axis == 0 => {
                Made::Same((source, part * self.values(node).len() + index))
            }
            Op::Part { index: part, .. } => {
                Made::Same((source, row * source_columns + part * columns + column))
            }
            Op::Reshape(_) => Made::Same((source, index)),
            Op::Slice(cuts) => {
                let [rows, columns] = self.taken(source, cuts);
                // A cut-out column is a vector of what were rows.
                let is_column = self.shape(source).len() == 2
                    && self.shape(node).len() == 1
                    && matches!(cuts.get(1), Some(Cut::Index(_)));
                let (row, column) = if is_column { (index, 0) } else { (row, column) };
                Made::Same((source, rows.at(row) * source_columns + columns.at(column)))
            }
            Op::Grow(cuts) | Op::Put(cuts) => {
                let [rows, columns] = self.taken(source, cuts);
                let part = n.inputs[1];
                let Some((row, column)) = rows.find(row).zip(columns.find(column)) else {
                    return Made::Same((source, index));
                };
                // A vector that goes into one column lies along it.
                let is_column = matches!(cuts.get(1), Some(Cut::Index(_))) && self.shape(part).len() == 1;
                let (row, column) = if is_column { (0, row) } else { (row, column) };
                let (part_columns, ..) = self.split((part, 0));
                let part_rows = (self.values(part).len() / part_columns).max(1);
                let from = row.min(part_rows - 1) * part_columns + column.min(part_columns - 1);
                match n.op {
                    Op::Put(_) => Made::Same((part, from)),
                    _ => Made::Sum(vec![(source, index), (part, from)]),
                }
            }
            Op::Reduce { by: Reduction::Product, axis, .. } => {
                Made::Operation(self.summed(element, source, *axis))
            }
            Op::Reduce { axis, .. } => {
                // Where it stands: the first of several that are equal.
                let all = self.summed(element, source, *axis);
                let found = self.value(element);
                all.into_iter().find(|e| self.value(*e) == found).map_or(Made::Leaf, Made::Same)
            }
            Op::Transpose => {
                let at = if self.shape(node).len() < 2 { index } else { column * source_columns + row };
                Made::Same((source, at))
            }
            Op::Stack(axis) => {
                let count = n.inputs.len();
                let (which, at) = if *axis == 0 {
                    let width = self.values(source).len().max(1);
                    (index / width, index % width)
                } else {
                    (index % count, index / count)
                };
                Made::Same((n.inputs[which], at))
            }
            Op::Concatenate(axis) => self.piece(element, *axis),
            _ => Made::Leaf,
        }
    }

    fn piece(&self, element: Element, axis: usize) -> Made {
        let (node, index) = element;
        let (_, row, column) = self.split(element);
        let by_column = axis == 1;
        let mut at = if by_column { column } else { index };
        for input in &self.graph.nodes[node].inputs {
            let (columns, ..) = self.split((*input, 0));
            let length = if by_column { columns } else { self.values(*input).len() };
            if at < length {
                return Made::Same((*input, if by_column { row * columns + at } else { at }));
            }
            at -= length;
        }
        Made::Leaf
    }

    /// Which rows and columns are cut out.
    fn taken(&self, source: NodeId, cuts: &[Cut]) -> [Along; 2] {
        let shapes: Vec<Option<Vec<usize>>> =
            (0..self.graph.nodes.len()).map(|node| Some(self.shape(node).to_vec())).collect();
        let taken: Vec<Along> = (self.shape(source).iter().enumerate())
            .map(|(axis, size)| {
                let cut = cuts.get(axis).and_then(|cut| along(cut, *size, &shapes));
                cut.map_or(Along::all(*size), |(along, _)| along)
            })
            .collect();
        match *taken {
            [] => [Along::all(1); 2],
            [columns] => [Along::all(1), columns],
            [rows, columns, ..] => [rows, columns],
        }
    }
}
