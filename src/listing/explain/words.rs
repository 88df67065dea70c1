//! What a line computes for one number, in words: "f[5] times c_before[5] plus i[5] times g[5]".

use super::elements::{Element, Elements, Made};
use super::explanation::ValueAddress;
use super::own::list;
use super::recorded::is_made_by;
use crate::listing::cell::recording::{Pass, Recording};
use crate::listing::graph::{NodeId, Op};
use crate::listing::language::functions::Function;
use crate::listing::language::tree::Binary;
use crate::listing::shapes::Role;

/// Longer descriptions of a line of the listing are written as a formula.
const MOST_LETTERS: usize = 64;

/// Of a longer formula, and of a longer line of the adjoint, only what it reads is named.
const MOST_OF_FORMULA: usize = 72;

/// Where a part stands in what is said; the more binding ones come later.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Place {
    Whole,
    Summand,
    Factor,
    Argument,
}

impl Recording {
    /// What the line that made the number at `address` computes for it; `None` where no line made it, or where it is
    /// that value under another name.
    pub fn in_words(&self, address: &ValueAddress) -> Option<String> {
        let node = self.node(address.pass, address.line, &address.name)?;
        let graph = self.text(address.pass).graph();
        let mut assigned = graph.assigned.iter().rev();
        let assigned =
            assigned.find(|a| a.name == address.name && a.line <= address.line && a.node == node)?;
        let elements = Elements::new(self, address.pass, address.timestep);
        let element = (node, address.index);
        let root = is_made_by(graph, assigned);
        let text = elements.said(element, root, Place::Whole);
        let own = self.label(address.pass, node, &address.name, address.index);
        if text == own {
            return None;
        }
        // A line that adds to a value reads what that was before.
        let text = with_own(&text, &own);
        if text.chars().count() <= MOST_LETTERS {
            return Some(text);
        }
        let formula = with_own(&elements.written(element, root, Place::Whole), &own);
        if address.pass == Pass::Forward && formula.chars().count() <= MOST_OF_FORMULA {
            return Some(formula);
        }
        let mut names: Vec<String> = Vec::new();
        elements.names(node, true, &mut names);
        Some(format!("computed from {}", list(names.iter().map(String::as_str))))
    }
}

impl Elements<'_> {
    fn said(&self, element: Element, root: bool, place: Place) -> String {
        let op = &self.graph.nodes[element.0].op;
        let made = self.made(element, root);
        if let (Made::Operation(_), Some((name, argument))) = (&made, self.unit(element)) {
            return format!("{name} of {}", self.said(argument, false, Place::Argument));
        }
        match made {
            Made::Leaf => self.label(element),
            Made::Same(inner) => self.said(inner, false, place),
            Made::Sum(_) => match self.graph.nodes[element.0].inputs.as_slice() {
                [summed] => format!("the sum of {}", self.whole(*summed)),
                _ => self.written(element, root, place),
            },
            Made::Products(all) => match (all.as_slice(), self.weighted(element, root)) {
                (_, Some(weighted)) => weighted,
                ([(a, b)], None) if place < Place::Argument => self.times(*a, *b),
                _ => self.written(element, root, place),
            },
            Made::Operation(inputs) => match (op, inputs.as_slice()) {
                (Op::Reduce { .. }, _) => {
                    format!("the product of {}", self.whole(self.graph.nodes[element.0].inputs[0]))
                }
                (Op::Function(function), [argument]) => {
                    format!("{} of {}", called(*function), self.said(*argument, false, Place::Argument))
                }
                (Op::Binary(Binary::Add), [a, b]) => match self.weighted(element, root) {
                    Some(weighted) => weighted,
                    None if place <= Place::Summand => {
                        let [a, b] = [a, b].map(|part| self.said(*part, false, Place::Summand));
                        format!("{a} plus {b}")
                    }
                    None => self.written(element, root, place),
                },
                (Op::Binary(Binary::Subtract), [a, b]) if place == Place::Whole => {
                    let a = self.said(*a, false, Place::Summand);
                    format!("{a} minus {}", self.said(*b, false, Place::Factor))
                }
                (Op::Binary(Binary::Greater | Binary::Less | Binary::GreaterEqual), _) => {
                    format!("(1 if {}, else 0)", self.written(element, root, Place::Whole))
                }
                (Op::Binary(Binary::Multiply), [a, b]) if place < Place::Argument => self.times(*a, *b),
                _ => self.written(element, root, place),
            },
        }
    }

    /// What a number is that a call of `silu` or `gelu` gives, and of which number.
    fn unit(&self, (node, index): Element) -> Option<(&'static str, Element)> {
        let mut ending = self.graph.groups.iter().filter(|group| group.nodes.end == node + 1);
        ending.find_map(|group| {
            let name = match group.name.as_str() {
                "silu" => "SiLU",
                "gelu" => "GELU",
                _ => return None,
            };
            let [argument] = group.arguments[..] else { return None };
            (self.shape(argument) == self.shape(node)).then_some((name, (argument, index)))
        })
    }

    fn times(&self, a: Element, b: Element) -> String {
        let [a, b] = [a, b].map(|part| self.said(part, false, Place::Factor));
        format!("{a} times {b}")
    }

    /// The formula; in parentheses as a part of another.
    fn written(&self, element: Element, root: bool, place: Place) -> String {
        let formula = self.formula(element, root).replace(" * ", " · ").replace('-', "−");
        let formula = formula.replace(" ** 2", "²").replace(" @ ", "·").replace("np.", "");
        if place == Place::Whole { formula } else { format!("({formula})") }
    }

    /// "the weighted sum of x and h_before", if a number is nothing else but products with weights, and biases.
    fn weighted(&self, element: Element, root: bool) -> Option<String> {
        let mut names = Vec::new();
        self.weighted_parts(element, root, &mut names)?;
        let all = list(names.iter().map(String::as_str));
        (!all.is_empty()).then(|| format!("the weighted sum of {all}"))
    }

    fn weighted_parts(&self, element: Element, root: bool, names: &mut Vec<String>) -> Option<()> {
        let node = &self.graph.nodes[element.0];
        match (self.made(element, root), &node.op) {
            (Made::Same(inner), _) => self.weighted_parts(inner, false, names),
            (Made::Operation(inputs), Op::Binary(Binary::Add)) => {
                inputs.into_iter().try_for_each(|inner| self.weighted_parts(inner, false, names))
            }
            (Made::Products(_), Op::MatMul { .. }) => {
                let mut others = node.inputs.iter().filter(|input| !self.is_weight(**input));
                let (read, None) = (*others.next()?, others.next()) else { return None };
                let whole = self.whole(read);
                let inner = whole.strip_prefix('(').and_then(|whole| whole.strip_suffix(')'));
                let name = inner.unwrap_or(&whole).replace(" * ", " · ").replace("np.", "");
                if !names.contains(&name) {
                    names.push(name);
                }
                Some(())
            }
            (Made::Leaf, _) => self.is_weight(element.0).then_some(()),
            _ => None,
        }
    }

    /// Whether a node is a weight, a part of one or a transposed one.
    fn is_weight(&self, node: NodeId) -> bool {
        match self.graph.nodes[node].op {
            Op::Parameter(position) => {
                let parameter = self.recording.shapes().parameters.get(position);
                parameter.is_some_and(|parameter| parameter.role == Role::Weight)
            }
            Op::Part { .. } | Op::Slice(_) | Op::Transpose => {
                self.is_weight(self.graph.nodes[node].inputs[0])
            }
            _ => false,
        }
    }

    /// The names that a value is computed from, each once.
    fn names(&self, node: NodeId, root: bool, names: &mut Vec<String>) {
        if !root && self.name(node).is_some() {
            let name = self.whole(node);
            if !names.contains(&name) {
                names.push(name);
            }
            return;
        }
        for input in &self.graph.nodes[node].inputs {
            self.names(*input, false, names);
        }
    }
}

/// `text` with "what it was" in place of the label `own`.
fn with_own(text: &str, own: &str) -> String {
    let Some((before, after)) = text.split_once(own) else { return text.to_string() };
    // `i[1]` is no part of `z_i[1]`.
    let is_whole = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let instead = if is_whole { "what it was" } else { own };
    format!("{before}{instead}{}", with_own(after, own))
}

fn called(function: Function) -> &'static str {
    match function {
        Function::Sigmoid => "the sigmoid",
        Function::HardSigmoid => "the hard sigmoid",
        Function::Exp => "the exponential",
        Function::Log => "the logarithm",
        other => other.name().trim_start_matches("np."),
    }
}
