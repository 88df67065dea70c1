//! One number of an array at a time: what it is computed from, as text and as numbers.

use super::digits;
use super::explanation::{Contribution, Operand, Origin, ValueAddress};
use crate::listing::cell::recording::{Pass, Recording};
use crate::listing::graph::{Graph, NodeId, Op};
use crate::listing::language::functions::Function;
use crate::listing::language::tree::Binary;
use crate::ordering::sort_by;
use std::cell::RefCell;
use std::rc::Rc;

/// One number: a node and a position in it, row after row.
pub(super) type Element = (NodeId, usize);

/// What one number is made of.
pub(super) enum Made {
    /// It has a name or is written down.
    Leaf,
    /// It is another number, moved.
    Same(Element),
    /// It is a sum.
    Sum(Vec<Element>),
    /// It is a sum of products.
    Products(Vec<(Element, Element)>),
    /// It is an operation of a few numbers.
    Operation(Vec<Element>),
}

/// The numbers of one listing at one timestep.
pub(super) struct Elements<'a> {
    pub(super) recording: &'a Recording,
    pub(super) pass: Pass,
    timestep: usize,
    pub(super) graph: &'a Graph,
    known: RefCell<Vec<Option<Rc<Vec<f32>>>>>,
}

impl<'a> Elements<'a> {
    pub(super) fn new(recording: &'a Recording, pass: Pass, timestep: usize) -> Self {
        let graph = recording.text(pass).graph();
        Self { recording, pass, timestep, graph, known: RefCell::new(vec![None; graph.nodes.len()]) }
    }

    /// All numbers of a node.
    pub(super) fn values(&self, node: NodeId) -> Rc<Vec<f32>> {
        if let Some(known) = &self.known.borrow()[node] {
            return known.clone();
        }
        let values = Rc::new(self.recording.numbers(self.pass, self.timestep, node));
        self.known.borrow_mut()[node] = Some(values.clone());
        values
    }

    pub(super) fn value(&self, (node, index): Element) -> f32 {
        self.values(node).get(index).copied().unwrap_or(f32::NAN)
    }

    pub(super) fn shape(&self, node: NodeId) -> &[usize] {
        self.recording.shape(self.pass, node)
    }

    fn has_name(&self, node: NodeId) -> bool {
        let n = &self.graph.nodes[node];
        n.name.is_some() || matches!(n.op, Op::Parameter(_))
    }

    pub(super) fn name(&self, node: NodeId) -> Option<&str> {
        match self.graph.nodes[node].op {
            Op::Parameter(position) => Some(&self.graph.parameters[position]),
            _ => self.graph.nodes[node].name.as_deref(),
        }
    }

    /// Rows and columns of a node, and the row and column of a position.
    pub(super) fn split(&self, (node, index): Element) -> (usize, usize, usize) {
        let columns = match *self.shape(node) {
            [] => 1,
            [n] => n,
            [_, columns, ..] => columns,
        };
        (columns, index / columns, index % columns)
    }

    /// The operand's number that meets position `index` of `node`, with broadcasting.
    fn meets(&self, (node, index): Element, operand: NodeId) -> Element {
        let (_, row, column) = self.split((node, index));
        let (rows, columns) = match *self.shape(operand) {
            [] => (1, 1),
            [n] => (1, n),
            [rows, columns, ..] => (rows, columns),
        };
        (operand, row.min(rows - 1) * columns + column.min(columns - 1))
    }

    /// What a number is made of; `root` looks behind its own name.
    pub(super) fn made(&self, element: Element, root: bool) -> Made {
        let (node, index) = element;
        if self.has_name(node) && !root {
            return Made::Leaf;
        }
        let n = &self.graph.nodes[node];
        let operand = |k: usize| n.inputs[k];
        match &n.op {
            Op::Parameter(_) | Op::Number(_) | Op::Fill(..) | Op::FillLike(_) => Made::Leaf,
            Op::Length(_) | Op::Range { .. } | Op::Eye(_) => Made::Leaf,
            Op::Function(Function::Softmax) => Made::Operation(vec![(operand(0), index)]),
            Op::Function(function) if function.finds() => Made::Leaf,
            Op::Binary(_) | Op::Negate | Op::Function(_) | Op::Clip(..) => {
                Made::Operation(n.inputs.iter().map(|input| self.meets(element, *input)).collect())
            }
            Op::MatMul { .. } => Made::Products(self.products(element, operand(0), operand(1))),
            Op::Outer => {
                let width = self.shape(operand(1)).iter().product::<usize>().max(1);
                Made::Products(vec![((operand(0), index / width), (operand(1), index % width))])
            }
            Op::Sum { axis, .. } => Made::Sum(self.summed(element, operand(0), *axis)),
            _ => self.moved(element),
        }
    }

    fn products(&self, element: Element, a: NodeId, b: NodeId) -> Vec<(Element, Element)> {
        let (a_shape, b_shape) = (self.shape(a), self.shape(b));
        let inner = a_shape.last().copied().unwrap_or(1);
        let columns = if b_shape.len() == 2 { b_shape[1] } else { 1 };
        let (row, column) = (element.1 / columns, element.1 % columns);
        (0..inner).map(|k| ((a, row * inner + k), (b, k * columns + column))).collect()
    }

    pub(super) fn summed(&self, element: Element, source: NodeId, axis: Option<usize>) -> Vec<Element> {
        let shape = self.shape(source);
        let all = shape.iter().product::<usize>();
        match (axis, shape) {
            (Some(0), [rows, columns]) => (0..*rows).map(|row| (source, row * columns + element.1)).collect(),
            (Some(1), [_, columns]) => (0..*columns).map(|k| (source, element.1 * columns + k)).collect(),
            _ => (0..all).map(|k| (source, k)).collect(),
        }
    }

    /// The number whose sum is shown: the argument of a function, followed through one name, or the number itself.
    pub(super) fn sum_of(&self, (node, index): Element) -> (Option<String>, Element) {
        let is_function = matches!(self.graph.nodes[node].op, Op::Function(_) | Op::Clip(..));
        if let Made::Operation(inputs) = self.made((node, index), true)
            && let (true, [argument]) = (is_function, inputs.as_slice())
        {
            let label = self.label(*argument);
            return (Some(label), *argument);
        }
        (None, (node, index))
    }

    /// The parts of the sum that makes a number, the largest first, as they are printed.
    pub(super) fn terms(&self, element: Element, root: bool) -> Vec<Contribution> {
        let mut terms = Vec::new();
        self.collect(element, 1.0, root, &mut terms);
        sort_by(&mut terms, |a, b| b.value.abs().total_cmp(&a.value.abs()));
        let unit = sum_unit(&terms, self.value(element));
        print_terms(&mut terms, unit);
        terms
    }

    fn collect(&self, element: Element, sign: f32, root: bool, terms: &mut Vec<Contribution>) {
        let op = &self.graph.nodes[element.0].op;
        match self.made(element, root) {
            Made::Same(inner) => self.collect(inner, sign, false, terms),
            Made::Sum(all) => all.into_iter().for_each(|inner| self.collect(inner, sign, false, terms)),
            Made::Products(all) => {
                all.into_iter().for_each(|(a, b)| terms.push(self.product(a, b, sign)));
            }
            Made::Operation(inputs) => match (op, inputs.as_slice()) {
                (Op::Binary(Binary::Add), [a, b]) => {
                    self.collect(*a, sign, false, terms);
                    self.collect(*b, sign, false, terms);
                }
                (Op::Binary(Binary::Subtract), [a, b]) => {
                    self.collect(*a, sign, false, terms);
                    self.collect(*b, -sign, false, terms);
                }
                (Op::Negate, [a]) => self.collect(*a, -sign, false, terms),
                (Op::Binary(Binary::Multiply), [a, b]) => terms.push(self.product(*a, *b, sign)),
                _ => terms.push(self.single(element, sign, root)),
            },
            Made::Leaf => terms.push(self.single(element, sign, root)),
        }
    }

    fn product(&self, a: Element, b: Element, sign: f32) -> Contribution {
        let factors = vec![self.operand(a), self.operand(b)];
        let minus = if sign < 0.0 { "-" } else { "" };
        Contribution {
            label: format!("{minus}{} * {}", factors[0].label, factors[1].label),
            value: sign * factors[0].value * factors[1].value,
            shown: String::new(),
            so_far: String::new(),
            factors,
        }
    }

    fn single(&self, element: Element, sign: f32, root: bool) -> Contribution {
        let minus = if sign < 0.0 { "-" } else { "" };
        let operand = self.operand(element);
        let label = if root { self.formula(element, true) } else { operand.label.clone() };
        let (shown, so_far) = Default::default();
        let value = sign * operand.value;
        Contribution { label: format!("{minus}{label}"), value, shown, so_far, factors: vec![operand] }
    }

    fn operand(&self, element: Element) -> Operand {
        let mut at = element;
        while let Made::Same(inner) = self.made(at, false) {
            at = inner;
        }
        let origin = match self.graph.nodes[at.0].op {
            Op::Number(_) | Op::Fill(..) | Op::FillLike(_) => Origin::Written,
            Op::Length(_) | Op::Range { .. } | Op::Eye(_) if self.name(at.0).is_none() => Origin::Written,
            Op::MatMul { .. } if self.name(at.0).is_none() => Origin::Products,
            _ => self.recording.origin(self.pass, self.timestep, at.0, at.1),
        };
        let address = self.address(&origin, at);
        let value = self.value(at);
        let label = if origin == Origin::Products { self.formula(at, false) } else { self.label(at) };
        Operand { label, value, shown: digits::shown(value), origin, address }
    }

    /// Where an operand can be looked at.
    fn address(&self, origin: &Origin, (node, index): Element) -> Option<ValueAddress> {
        match origin {
            Origin::Line { address } => Some(address.clone()),
            Origin::Written | Origin::Part | Origin::Products | Origin::Returned { .. } => None,
            _ => Some(ValueAddress {
                pass: self.pass,
                timestep: self.timestep,
                line: self.recording.text(self.pass).definition().span.line,
                name: self.name(node)?.to_string(),
                index,
            }),
        }
    }

    /// The numbers that the formula reads, with the digits that they have in it: `extra` more than usual.
    pub(super) fn operands(&self, element: Element, root: bool, extra: usize) -> Vec<Operand> {
        let mut found = Vec::new();
        self.leaves(element, root, &mut found);
        // A value that is read twice is named once.
        let mut seen = std::collections::HashSet::new();
        found.retain(|element| seen.insert(*element));
        let with_digits =
            |operand: Operand| Operand { shown: digits::filled_in(operand.value, extra), ..operand };
        found.into_iter().map(|element| with_digits(self.operand(element))).collect()
    }

    fn leaves(&self, element: Element, root: bool, found: &mut Vec<Element>) {
        match self.made(element, root) {
            Made::Leaf => found.push(element),
            Made::Same(inner) => self.leaves(inner, false, found),
            Made::Sum(all) | Made::Operation(all) => {
                all.into_iter().for_each(|inner| self.leaves(inner, false, found));
            }
            Made::Products(all) => match all.as_slice() {
                [(a, b)] => [a, b].into_iter().for_each(|factor| self.leaves(*factor, false, found)),
                // The products themselves are listed as terms.
                _ if matches!(self.graph.nodes[element.0].op, Op::MatMul { .. }) && !root => {
                    found.push(element);
                }
                _ => {}
            },
        }
    }
}

/// Prints the terms of a sum that is printed down to `unit`, their factors and the sums so far, with the more digits
/// the more there are.
pub(super) fn print_terms(terms: &mut [Contribution], unit: i32) {
    let unit = digits::unit_of_terms(unit, terms.len());
    let mut total = 0.0;
    for term in terms {
        total += f64::from(term.value);
        term.shown = digits::to_unit(f64::from(term.value), unit);
        term.so_far = digits::to_unit(total, unit);
        if let [a, b] = term.factors.as_mut_slice() {
            (a.shown, b.shown) = digits::factors(a.value, b.value, term.value, unit);
        }
    }
}

/// The last digit of a sum that its terms determine: large terms that cancel leave fewer.
pub(super) fn sum_unit(terms: &[Contribution], sum: f32) -> i32 {
    digits::unit(sum).max(finest_unit(terms))
}

/// The last digit that the largest term leaves.
pub(super) fn finest_unit(terms: &[Contribution]) -> i32 {
    digits::finest(terms.iter().fold(0.0f32, |most, term| most.max(term.value.abs())))
}
