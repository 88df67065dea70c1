//! The shapes of the weights from their use, with sizes that are not known yet.
//!
//! `x` is `(features,)`, every state a vector unless only a matrix fits; what is returned for a state has the state's
//! shape. A weight that is added to or multiplied with a value takes that value's shape; one that a vector is
//! multiplied with by `@` is a matrix.

use super::concrete::Role;
use super::inferred::{Guess, Inferred};
use super::ranks::{Rank, settled};
use super::size::{Size, Sizes};
use crate::listing::graph::{Graph, NodeId, Op};
use crate::listing::hints::{GIVEN, Hints, Length};
use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::functions::Function;
use crate::listing::language::tree::{Definition, Parameter};

/// How many of the parameters are what.
pub(in crate::listing) fn role(position: usize, states: usize) -> Role {
    match position {
        0 => Role::Input,
        p if p <= states => Role::State,
        _ => Role::Weight,
    }
}

/// Infers what follows from the text and from the shapes `given` for some of the parameters.
pub(in crate::listing) fn infer(
    definition: &Definition,
    graph: &Graph,
    (hints, given): (&Hints, &[Option<Vec<usize>>]),
) -> Result<Inferred, Vec<Diagnostic>> {
    let states = graph.returns.len();
    if definition.parameters.len() <= states {
        let message = format!(
            "{states} values are returned, so {states} parameters after the first one must be states; found {}",
            definition.parameters.len().saturating_sub(1)
        );
        return Err(vec![Diagnostic::new(definition.return_span, message)]);
    }
    let inferred = settled(graph, |ranks| infer_with(definition, graph, (hints, given), ranks));
    if inferred.mistakes.is_empty() { Ok(inferred) } else { Err(inferred.mistakes) }
}

/// The same where it is known what the states are.
fn infer_with(
    definition: &Definition,
    graph: &Graph,
    (hints, given): (&Hints, &[Option<Vec<usize>>]),
    ranks: &[Rank],
) -> Inferred {
    let (count, states) = (graph.nodes.len(), ranks.len());
    let mut inferred = Inferred {
        sizes: Sizes::default(),
        class: (0..count).collect(),
        shapes: vec![None; count],
        done: vec![false; count],
        wrong: vec![false; count],
        moves: graph.depends_on(|position| position <= states),
        mistakes: Vec::new(),
        news: 1,
        changed: vec![0; count],
        tried: vec![[0; 4]; count],
        named: Vec::new(),
    };
    for name in GIVEN.into_iter().chain(hints.sizes.iter().map(|(name, _)| name.as_str())) {
        let size = inferred.sizes.unknown(name);
        inferred.named.push((name.to_string(), size));
    }
    for (position, parameter) in definition.parameters.iter().enumerate() {
        let name = &parameter.name;
        let symbolic = match role(position, states) {
            Role::Input => Some(vec![inferred.named[0].1.clone()]),
            Role::State => {
                let mut shape = vec![match position {
                    1 => inferred.named[1].1.clone(),
                    _ => inferred.sizes.unknown(format!("units_{name}")),
                }];
                match ranks[position - 1] {
                    Rank::Vector => {}
                    Rank::Column => shape.push(Size::known(1)),
                    Rank::Matrix => shape.push(inferred.sizes.unknown(format!("{name}_columns"))),
                }
                Some(shape)
            }
            Role::Weight => None,
        };
        let known = given.get(position).and_then(Option::as_ref);
        let known = known.map(|shape| shape.iter().map(|n| Size::known(*n)).collect());
        inferred.shapes[position] = match hints.shape_of(position) {
            Some((lengths, span)) => Some(inferred.said(parameter, (lengths, span), known)),
            None => known.or(symbolic),
        };
    }
    for (node, axes, ..) in &graph.axes {
        if *axes == 0 && matches!(graph.nodes[*node].op, Op::Parameter(_)) {
            inferred.set(*node, Vec::new());
        }
    }
    inferred.alias(graph);
    inferred.settle(definition, graph);
    inferred.check_axes(graph);
    inferred.check_vectors(graph);
    inferred
}

impl Inferred {
    /// The shape that a comment gives a parameter; that of an array which is given has to fit.
    fn said(
        &mut self,
        parameter: &Parameter,
        (lengths, span): (&[Length], Span),
        given: Option<Vec<Size>>,
    ) -> Vec<Size> {
        let size = |length: &Length| {
            length.terms.iter().try_fold(Size::known(length.constant), |sum, (factor, name)| {
                let (_, size) = self.named.iter().find(|(known, _)| known == name)?;
                sum.plus(&size.scaled(*factor as i64, 1)?)
            })
        };
        let shape: Vec<Size> = lengths.iter().map(|length| size(length).unwrap_or(Size::known(1))).collect();
        if let Some(given) = given
            && !self.equal(&shape, &given)
        {
            let [given, said] = [&given, &shape].map(|shape| self.sizes.show_shape(shape));
            let message = format!("`{}` is given as {given}, but this line says {said}", parameter.name);
            self.mistakes.push(Diagnostic::new(span, message));
        }
        shape
    }

    /// Operations that keep the shape share it with their input.
    fn alias(&mut self, graph: &Graph) {
        let mut last_part = None;
        for (id, node) in graph.nodes.iter().enumerate() {
            if let Op::Part { index, .. } = node.op {
                // The parts of one split are equal.
                let first = last_part.filter(|_| index > 0).unwrap_or(id);
                (self.class[id], last_part) = (self.class[first], Some(first));
                continue;
            }
            let keeps = match node.op {
                Op::Negate | Op::Clip(..) | Op::FillLike(_) => true,
                Op::Function(function) => {
                    !matches!(function, Function::Maximum | Function::Minimum | Function::Where)
                        && !function.finds()
                }
                _ => false,
            };
            if keeps {
                self.class[id] = self.class[node.inputs[0]];
                self.done[id] = true;
            }
        }
    }

    fn settle(&mut self, definition: &Definition, graph: &Graph) {
        loop {
            while self.pass(definition, graph, Guess::No) {}
            let guesses = [Guess::Matrix, Guess::Same, Guess::Any];
            if !guesses.into_iter().any(|guess| self.pass(definition, graph, guess)) {
                return;
            }
        }
    }

    /// Applies every rule once; a guess ends the pass, so that its consequences come first.
    fn pass(&mut self, definition: &Definition, graph: &Graph, guess: Guess) -> bool {
        let mut changed = false;
        for id in 0..graph.nodes.len() {
            if !self.done[id] && self.rule(graph, id, guess) {
                changed = true;
                if guess != Guess::No {
                    return true;
                }
            }
        }
        for (position, node) in graph.returns.iter().enumerate() {
            let wanted = self.shape(position + 1);
            let (Some(found), Some(wanted)) = (self.shape(*node), wanted) else {
                if guess >= Guess::Same
                    && !self.wrong[*node]
                    && let Some(state) = self.shapes[position + 1].clone()
                    && self.set(*node, state)
                {
                    return true;
                }
                continue;
            };
            if found != wanted && !self.wrong[*node] && !self.equal(&found, &wanted) {
                let state = &definition.parameters[position + 1].name;
                let message = format!(
                    "the state `{state}` has the shape {}, but {} is returned for it",
                    self.sizes.show_shape(&wanted),
                    self.sizes.show_shape(&found)
                );
                self.wrong[*node] = true;
                self.mistakes.push(Diagnostic::new(definition.returns[position].span, message));
            }
        }
        changed
    }

    fn rule(&mut self, graph: &Graph, id: NodeId, guess: Guess) -> bool {
        let node = &graph.nodes[id];
        if node.inputs.iter().any(|input| self.wrong[*input]) {
            // What a wrong line makes is not complained about again.
            (self.wrong[id], self.done[id]) = (true, true);
            return true;
        }
        if self.is_idle(graph, id, guess) {
            return false;
        }
        let found = self.apply(graph, id, guess);
        // What is measured with the shape of another value reads more than its inputs.
        if !found && node.op.bounds().iter().all(|bound| bound.lengths.is_empty()) {
            self.tried[id][guess as usize] = self.news;
        }
        found
    }

    fn apply(&mut self, graph: &Graph, id: NodeId, guess: Guess) -> bool {
        let node = &graph.nodes[id];
        let inputs: Vec<Option<Vec<Size>>> = node.inputs.iter().map(|i| self.shape(*i)).collect();
        match &node.op {
            Op::Parameter(_) => false,
            Op::Number(_) => self.finish(graph, id, Ok(vec![])),
            Op::Fill(_, shape) => self.made(graph, id, &shape.iter().collect::<Vec<_>>()),
            Op::Range { count, .. } => self.made(graph, id, &[count]),
            Op::Eye(count) => self.made(graph, id, &[count, count]),
            Op::Length(_) => self.finish(graph, id, Ok(vec![])),
            Op::Function(function) if function.finds() => self.finish(graph, id, Ok(vec![])),
            Op::Function(Function::Where) => self.chosen(graph, id, &inputs, guess),
            Op::Reshape(sizes) => self.reshape(graph, id, &inputs[0], sizes, guess),
            Op::Outer => self.outer(graph, id, &inputs, guess),
            Op::Put(_) => self.put(graph, id, &inputs, guess),
            Op::Binary(operation) => self.elementwise(graph, id, &inputs, operation.sign(), guess),
            Op::Function(function) => self.elementwise(graph, id, &inputs, function.name(), guess),
            Op::MatMul { dot } => self.matmul(graph, id, &inputs, *dot, guess),
            Op::Part { count, axis, .. } => self.part(graph, id, &inputs[0], (*count, *axis)),
            Op::Slice(cuts) => self.slice(graph, id, &inputs[0], cuts, guess),
            Op::Concatenate(axis) => self.concatenate(graph, id, &inputs, *axis, guess),
            Op::Stack(axis) => self.stack(graph, id, &inputs, *axis, guess),
            Op::Sum { axis, keep } | Op::Reduce { axis, keep, .. } => {
                self.sum(graph, id, &inputs[0], (*axis, *keep))
            }
            Op::Transpose => self.transpose(graph, id, &inputs[0]),
            // Written by differentiation only, where every shape is known.
            Op::Negate | Op::Clip(..) | Op::FillLike(_) | Op::Grow(_) => false,
        }
    }

    /// The shape of what meets a value: where that is a column or a row, it may be spread.
    fn spread(&mut self, known: &[Size]) -> Vec<Size> {
        let is_line = known.len() == 2;
        let sizes = known.iter().map(|size| match size.number() {
            Some(1) if is_line => self.sizes.unknown("m"),
            _ => size.clone(),
        });
        sizes.collect()
    }

    /// `np.where(c, a, b)`: all three are spread over one shape.
    fn chosen(&mut self, graph: &Graph, id: NodeId, inputs: &[Option<Vec<Size>>], guess: Guess) -> bool {
        let operands = &graph.nodes[id].inputs;
        match inputs {
            [Some(c), Some(a), Some(b)] => {
                let shape = self.broadcast(a, b, "np.where");
                let shape = shape.and_then(|shape| self.broadcast(c, &shape, "np.where"));
                self.finish(graph, id, shape)
            }
            _ => {
                let unknown =
                    operands.iter().zip(inputs).find(|(_, shape)| shape.is_none()).map(|(at, _)| *at);
                let known = inputs.iter().flatten().max_by_key(|shape| shape.len()).cloned();
                match (unknown, known.or(self.shape(id))) {
                    (Some(unknown), Some(shape)) if self.may(guess, Guess::Same, unknown) => {
                        self.set(unknown, shape)
                    }
                    _ => false,
                }
            }
        }
    }

    fn elementwise(
        &mut self,
        graph: &Graph,
        id: NodeId,
        inputs: &[Option<Vec<Size>>],
        sign: &str,
        guess: Guess,
    ) -> bool {
        let operands = &graph.nodes[id].inputs;
        let out = self.shape(id);
        match (&inputs[0], &inputs[1]) {
            (Some(a), Some(b)) => {
                let shape = self.broadcast(a, b, sign);
                self.finish(graph, id, shape)
            }
            (Some(known), None) | (None, Some(known)) => {
                let unknown = if inputs[0].is_none() { operands[0] } else { operands[1] };
                match out {
                    // A number times a weight has the weight's shape.
                    Some(out) if known.is_empty() => self.set(unknown, out),
                    None if known.is_empty() && self.class[id] != self.class[unknown] => {
                        self.merge(id, unknown);
                        true
                    }
                    _ if self.may(guess, Guess::Same, unknown) && !known.is_empty() => {
                        let shape = self.spread(known);
                        // What is added to a row is a vector, unless it is called like a matrix.
                        let name = graph.parameters.get(unknown).and_then(|name| name.chars().next());
                        let is_row = known.len() == 2 && known[0].number() == Some(1);
                        let is_vector = is_row && name.is_some_and(|first| !first.is_uppercase());
                        self.set(unknown, if is_vector { shape[1..].to_vec() } else { shape })
                    }
                    _ => false,
                }
            }
            (None, None)
                if self.class[operands[0]] == self.class[operands[1]]
                    && self.class[id] != self.class[operands[0]] =>
            {
                self.merge(id, operands[0]);
                true
            }
            // What moves may still turn out to be a number.
            (None, None) if operands.iter().any(|one| self.may(guess, Guess::Same, *one)) => match out {
                Some(out) => {
                    let is_due = [0, 1].map(|k| self.may(guess, Guess::Same, operands[k]));
                    (is_due[0] && self.set(operands[0], out.clone()))
                        | (is_due[1] && self.set(operands[1], out))
                }
                None if self.class[operands[0]] != self.class[operands[1]]
                    || self.class[id] != self.class[operands[0]] =>
                {
                    self.merge(operands[1], operands[0]);
                    self.merge(id, operands[0]);
                    true
                }
                None => false,
            },
            _ => false,
        }
    }
}
