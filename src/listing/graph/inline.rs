//! Functions of the text in the place of their calls.

use super::bound::Bound;
use super::lower::Lowering;
use crate::listing::graph::{NodeId, Op};
use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::tree::Expression;

/// Functions of numpy that are written out for vectors; of a matrix numpy makes something else.
const VECTORS: [&str; 5] = ["np.roll", "np.cumsum", "np.cumprod", "np.append", "np.flip"];
const A_VECTOR: &str = "this function is there for vectors; take its rows, a[0], a[1]";

impl Lowering<'_> {
    /// The operations of a helper in the place of its call; so many values are wanted of it.
    pub(super) fn inline(
        &mut self,
        name: &str,
        arguments: &[Expression],
        span: Span,
        wanted: usize,
    ) -> Vec<NodeId> {
        let known = self.helpers;
        let Some(at) = known.iter().rposition(|helper| helper.name == name) else { return Vec::new() };
        let helper = &known[at];
        self.inlined += 1;
        if self.inlined > self.most {
            if self.inlined == self.most + 1 {
                let message =
                    format!("helpers are called more than {} times; write a shorter listing", self.most);
                self.mistake(span, message);
            }
            return Vec::new();
        }
        // `return np.split(z, 3)`
        let parts = wanted > 1 && helper.returns.len() == 1;
        if helper.returns.len() != wanted && !parts {
            let message =
                format!("`{name}` returns {} values, but {wanted} are taken here", helper.returns.len());
            self.mistake(span, message);
            return Vec::new();
        }
        let given: Option<Vec<NodeId>> = arguments.iter().map(|argument| self.expression(argument)).collect();
        let Some(given) = given else { return Vec::new() };
        let is_truth = |node: &NodeId| {
            self.facts[*node].is_truth
                || matches!(self.graph.nodes[*node].op, Op::Parameter(at) if at > self.states)
        };
        let joins = name.starts_with("np.bitwise") || name == "np.invert";
        if joins && !given.iter().all(is_truth) {
            self.mistake(span, "& | and ~ take truth values: (a > 0) & (b > 0)");
            return Vec::new();
        }
        if VECTORS.contains(&name) {
            let vectors = given.iter().filter(|node| !self.facts[**node].is_number);
            self.graph.axes.extend(vectors.map(|node| (*node, 1, span, A_VECTOR)));
        }
        if name == "np.squeeze" {
            self.graph.squeezed.extend(given.iter().map(|node| (*node, span)));
        }
        let of_matrix = name == "np.diag" && given.first().is_some_and(|of| self.rank(*of) > 1);
        let diagonal = known.iter().rposition(|helper| helper.name == "np.diagonal").filter(|_| of_matrix);
        let at = diagonal.unwrap_or(at);
        let helper = &known[at];
        let lengths =
            arguments.iter().map(|argument| self.is_size(argument).then(|| self.bound(argument)).flatten());
        let lengths: Vec<Option<Bound>> = lengths.collect();
        let outside = std::mem::take(&mut self.values);
        let (sizes, lists) = (std::mem::take(&mut self.sizes), std::mem::take(&mut self.lists));
        let (begins, mistakes) = (self.graph.nodes.len(), self.mistakes.len());
        let assigned = self.graph.assigned.len();
        self.helpers = &known[..at];
        let names = helper.parameters.iter().map(|p| &p.name);
        let names = names.chain(helper.constants.iter().map(|c| &c.name));
        let numbers = helper.constants.iter().skip(given.len().saturating_sub(helper.parameters.len()));
        let named = names.clone().cloned().zip(lengths);
        self.sizes.extend(named.filter_map(|(name, length)| Some((name, length?))));
        let arguments = given.clone();
        self.values.extend(names.cloned().zip(given));
        for constant in numbers {
            let id = self.node(Op::Number(constant.value), vec![], span);
            self.values.insert(constant.name.clone(), id);
            self.count(&constant.name, constant.value);
        }
        for statement in &helper.body {
            if self.operations() <= self.most {
                self.assignment(self.statement.unwrap_or_default(), statement);
            }
        }
        let made: Option<Vec<NodeId>> = match helper.returns.as_slice() {
            [one] if parts => match self.list(one) {
                Some(Some(list)) if list.len() == wanted => {
                    (0..wanted).map(|k| self.member(&list, k as i64, span)).collect()
                }
                _ => {
                    self.mistake(span, format!("`{name}` returns 1 value, but {wanted} are taken here"));
                    None
                }
            },
            all => all.iter().map(|value| self.expression(value)).collect(),
        };
        self.group(name, begins, arguments);
        self.helpers = known;
        (self.values, self.sizes, self.lists) = (outside, sizes, lists);
        // What a helper calls its values is not known outside of it, and its lines are no lines of the step.
        self.graph.assigned.truncate(assigned);
        for node in &mut self.graph.nodes[begins..] {
            node.span = span;
            node.name = None;
        }
        // A mistake in a helper is reported once, where it stands.
        let (before, inside) = self.mistakes.split_at(mistakes);
        let mut known: Vec<Diagnostic> = inside.iter().filter(|m| !before.contains(m)).cloned().collect();
        if name.contains('.') {
            // The lines of numpy's own are not in the text.
            known = known.into_iter().take(1).map(|m| Diagnostic::new(span, m.message)).collect();
        }
        self.mistakes.truncate(mistakes);
        self.mistakes.extend(known);
        let made = made.unwrap_or_default();
        if joins || name.starts_with("np.logical") {
            made.iter().for_each(|node| self.facts[*node].is_truth = true);
        }
        made
    }
}
