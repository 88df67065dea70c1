//! The shapes of the weights from their use, with sizes that are not known yet.
//!
//! `x` is `(features,)`, every state a vector; what is returned for a state has the state's shape. A weight that is
//! added to or multiplied with a value takes that value's shape; one that a vector is multiplied with by `@` is a
//! matrix.

use super::diagnostic::Diagnostic;
use super::functions::Function;
use super::graph::{Cut, Graph, NodeId, Op};
use super::shapes::{Role, matmul_mismatch, mismatch};
use super::size::{Size, Sizes};
use super::syntax::Definition;

/// How willing a rule is to guess; the surest rule that says something comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Guess {
    /// Nothing else is possible.
    No,
    /// A weight in a matrix product is a matrix.
    Matrix,
    /// A weight has the shape of the value it meets.
    Same,
    /// So has any other value whose shape is still unknown.
    Any,
}

/// What is known about the shapes of a listing.
#[derive(Debug, Clone)]
pub(super) struct Inferred {
    pub(super) sizes: Sizes,
    /// Nodes of one class have one shape.
    class: Vec<usize>,
    shapes: Vec<Option<Vec<Size>>>,
    done: Vec<bool>,
    wrong: Vec<bool>,
    /// Nodes that depend on the input or a state, and so are no weights.
    moves: Vec<bool>,
    mistakes: Vec<Diagnostic>,
}

/// How many of the parameters are what.
pub(super) fn role(position: usize, states: usize) -> Role {
    match position {
        0 => Role::Input,
        p if p <= states => Role::State,
        _ => Role::Weight,
    }
}

/// Infers what follows from the text and from the shapes `given` for some of the parameters.
pub(super) fn infer(
    definition: &Definition,
    graph: &Graph,
    given: &[Option<Vec<usize>>],
) -> Result<Inferred, Vec<Diagnostic>> {
    let states = graph.returns.len();
    if definition.parameters.len() <= states {
        let message = format!(
            "{states} values are returned, so {states} parameters after the first one must be states; found {}",
            definition.parameters.len().saturating_sub(1)
        );
        return Err(vec![Diagnostic::new(definition.return_span, message)]);
    }
    let count = graph.nodes.len();
    let mut inferred = Inferred {
        sizes: Sizes::default(),
        class: (0..count).collect(),
        shapes: vec![None; count],
        done: vec![false; count],
        wrong: vec![false; count],
        moves: graph.depends_on(|position| position <= states),
        mistakes: Vec::new(),
    };
    for (position, parameter) in definition.parameters.iter().enumerate() {
        let symbolic = match role(position, states) {
            Role::Input => Some(vec![inferred.sizes.unknown("features")]),
            Role::State if position == 1 => Some(vec![inferred.sizes.unknown("units")]),
            Role::State => Some(vec![inferred.sizes.unknown(format!("units_{}", parameter.name))]),
            Role::Weight => None,
        };
        let known = given.get(position).and_then(Option::as_ref);
        let known = known.map(|shape| shape.iter().map(|n| Size::known(*n)).collect());
        inferred.shapes[position] = known.or(symbolic);
    }
    inferred.alias(graph);
    inferred.settle(definition, graph);
    if inferred.mistakes.is_empty() { Ok(inferred) } else { Err(inferred.mistakes) }
}

impl Inferred {
    /// The shape of a node, with everything put in that is known.
    pub(super) fn shape(&self, node: NodeId) -> Option<Vec<Size>> {
        let shape = self.shapes[self.class[node]].as_ref()?;
        shape.iter().map(|size| self.sizes.resolve(size)).collect()
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
                Op::Function(function) => !matches!(function, Function::Maximum | Function::Minimum),
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
                if guess >= Guess::Same && !self.wrong[*node] && self.shape(*node).is_none() {
                    let state = self.shapes[position + 1].clone();
                    self.shapes[self.class[*node]] = state;
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

    fn equal(&mut self, a: &[Size], b: &[Size]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.sizes.equate(a, b))
    }

    fn set(&mut self, node: NodeId, shape: Vec<Size>) -> bool {
        let slot = &mut self.shapes[self.class[node]];
        let news = slot.is_none();
        if news {
            *slot = Some(shape);
        }
        news
    }

    /// Finishes a node: its shape is found, or there is none because of a mistake.
    fn finish(&mut self, graph: &Graph, id: NodeId, shape: Result<Vec<Size>, String>) -> bool {
        self.done[id] = true;
        match shape {
            Ok(shape) => {
                if let Some(expected) = self.shape(id) {
                    // Known before from its use: a weight's shape, or a state's.
                    if !self.equal(&expected, &shape) {
                        let (a, b) = (self.sizes.show_shape(&shape), self.sizes.show_shape(&expected));
                        let message = format!("this value has the shape {a}, but is used as {b}");
                        self.complain(graph, id, message);
                    }
                } else {
                    self.set(id, shape);
                }
            }
            Err(message) => self.complain(graph, id, message),
        }
        true
    }

    fn complain(&mut self, graph: &Graph, id: NodeId, message: String) {
        self.wrong[id] = true;
        self.mistakes.push(Diagnostic::new(graph.nodes[id].span, message));
    }

    fn rule(&mut self, graph: &Graph, id: NodeId, guess: Guess) -> bool {
        let node = &graph.nodes[id];
        if node.inputs.iter().any(|input| self.wrong[*input]) {
            // What a wrong line makes is not complained about again.
            (self.wrong[id], self.done[id]) = (true, true);
            return true;
        }
        let inputs: Vec<Option<Vec<Size>>> = node.inputs.iter().map(|i| self.shape(*i)).collect();
        match &node.op {
            Op::Parameter(_) => false,
            Op::Number(_) => self.finish(graph, id, Ok(vec![])),
            Op::Fill(_, shape) => self.finish(graph, id, Ok(shape.iter().map(|n| Size::known(*n)).collect())),
            Op::Binary(operation) => self.elementwise(graph, id, &inputs, operation.sign(), guess),
            Op::Function(function) => self.elementwise(graph, id, &inputs, function.name(), guess),
            Op::MatMul { dot } => self.matmul(graph, id, &inputs, *dot, guess),
            Op::Part { count, axis, .. } => self.part(graph, id, &inputs[0], (*count, *axis)),
            Op::Slice(cuts) => self.slice(graph, id, &inputs[0], cuts),
            Op::Concatenate(axis) => self.concatenate(graph, id, &inputs, *axis, guess),
            Op::Stack(axis) => self.stack(graph, id, &inputs, *axis, guess),
            Op::Sum { axis, keep } => self.sum(graph, id, &inputs[0], (*axis, *keep)),
            // Written by differentiation only, where every shape is known.
            Op::Negate | Op::Clip(..) | Op::FillLike(_) | Op::Outer | Op::Transpose | Op::Grow(_) => false,
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
                        self.set(unknown, known.clone())
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
            (None, None) if guess >= Guess::Same => match out {
                Some(out) => {
                    self.set(operands[0], out.clone());
                    self.set(operands[1], out)
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

    /// Whether a guess about node `unknown` is due: weights first, other values last.
    fn may(&self, guess: Guess, wanted: Guess, unknown: NodeId) -> bool {
        guess == Guess::Any || (guess == wanted && !self.moves[unknown])
    }

    /// Two nodes have one shape from now on; neither is known yet.
    fn merge(&mut self, a: NodeId, b: NodeId) {
        let (from, to) = (self.class[a], self.class[b]);
        for class in &mut self.class {
            if *class == from {
                *class = to;
            }
        }
    }

    fn broadcast(&mut self, a: &[Size], b: &[Size], sign: &str) -> Result<Vec<Size>, String> {
        let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
        let mut shape = long.to_vec();
        let offset = long.len() - short.len();
        for (position, size) in short.iter().enumerate() {
            let target = &mut shape[offset + position];
            let fits = match (target.number(), size.number()) {
                (_, Some(1)) => true,
                (Some(1), _) => {
                    *target = size.clone();
                    true
                }
                _ => self.sizes.equate(target, size),
            };
            if !fits {
                return Err(mismatch(sign, &self.sizes.show_shape(a), &self.sizes.show_shape(b)));
            }
        }
        Ok(shape)
    }

    fn matmul(
        &mut self,
        graph: &Graph,
        id: NodeId,
        inputs: &[Option<Vec<Size>>],
        dot: bool,
        guess: Guess,
    ) -> bool {
        let sign = if dot { "np.dot" } else { "@" };
        let operands = &graph.nodes[id].inputs;
        match (&inputs[0], &inputs[1]) {
            (Some(a), Some(b)) => {
                let shape = self.product(a, b, sign);
                self.finish(graph, id, shape)
            }
            (Some(a), None) if self.may(guess, Guess::Matrix, operands[1]) && !a.is_empty() => {
                let columns = self.sizes.unknown("m");
                self.set(operands[1], vec![a[a.len() - 1].clone(), columns])
            }
            (None, Some(b)) if self.may(guess, Guess::Matrix, operands[0]) && !b.is_empty() => {
                let rows = self.sizes.unknown("m");
                self.set(operands[0], vec![rows, b[0].clone()])
            }
            (None, None) if guess >= Guess::Same => {
                let shape = vec![self.sizes.unknown("m"), self.sizes.unknown("m")];
                self.set(operands[0], shape)
            }
            (Some(number), None) | (None, Some(number)) if number.is_empty() => self.finish(
                graph,
                id,
                Err(format!("{sign} multiplies arrays; write * to multiply with a number")),
            ),
            _ => false,
        }
    }

    fn product(&mut self, a: &[Size], b: &[Size], sign: &str) -> Result<Vec<Size>, String> {
        if a.is_empty() || b.is_empty() {
            return Err(format!("{sign} multiplies arrays; write * to multiply with a number"));
        }
        let (inner, first) = (&a[a.len() - 1], &b[0]);
        if a.len() > 2 || b.len() > 2 || !self.sizes.equate(inner, first) {
            let (a, b) = (self.sizes.show_shape(a), self.sizes.show_shape(b));
            return Err(matmul_mismatch(sign, &a, &b, &self.sizes.show(inner), &self.sizes.show(first)));
        }
        Ok([&a[..a.len() - 1], &b[1..]].concat())
    }

    fn part(
        &mut self,
        graph: &Graph,
        id: NodeId,
        source: &Option<Vec<Size>>,
        (count, axis): (usize, usize),
    ) -> bool {
        match source {
            Some(source) => {
                let shape = self.divided(source, count, axis);
                self.finish(graph, id, shape)
            }
            None => {
                let Some(mut whole) = self.shape(id).filter(|s| axis < s.len()) else {
                    return false;
                };
                let Some(size) = whole[axis].scaled(count as i64, 1) else {
                    return false;
                };
                whole[axis] = size;
                self.set(graph.nodes[id].inputs[0], whole)
            }
        }
    }

    fn divided(&mut self, source: &[Size], count: usize, axis: usize) -> Result<Vec<Size>, String> {
        let shown = self.sizes.show_shape(source);
        let Some(size) = source.get(axis) else {
            return Err(format!("np.split needs an array with axis {axis}, this one has the shape {shown}"));
        };
        match size.scaled(1, count as i64) {
            Some(part) if !part.is_broken() => {
                let mut shape = source.to_vec();
                shape[axis] = part;
                Ok(shape)
            }
            _ => Err(format!("np.split cannot cut {shown} into {count} equal parts")),
        }
    }

    fn slice(&mut self, graph: &Graph, id: NodeId, source: &Option<Vec<Size>>, cuts: &[Cut]) -> bool {
        match source {
            Some(source) => {
                let shape = self.cut(source, cuts);
                self.finish(graph, id, shape)
            }
            None => {
                // `b[0] + …` says how wide a row is; the highest index how many rows there are.
                let Some(result) = self.shape(id) else {
                    return false;
                };
                let mut rest = result.into_iter();
                let mut whole = Vec::new();
                for cut in cuts {
                    let size = self.sizes.unknown("m");
                    if matches!(cut, Cut::Range(..)) {
                        let Some(part) = rest.next() else { return false };
                        if matches!(cut, Cut::Range(None, None)) {
                            whole.push(part);
                            continue;
                        }
                    }
                    whole.push(size);
                }
                whole.extend(rest);
                self.set(graph.nodes[id].inputs[0], whole)
            }
        }
    }

    fn cut(&mut self, source: &[Size], cuts: &[Cut]) -> Result<Vec<Size>, String> {
        let shown = self.sizes.show_shape(source);
        if cuts.len() > source.len() {
            return Err(format!(
                "{} indices for an array with {} axes, shape {shown}",
                cuts.len(),
                source.len()
            ));
        }
        let outside = || format!("this index lies outside of the shape {shown}; positions go from 0");
        let mut shape = Vec::new();
        for (axis, size) in source.iter().enumerate() {
            let Some(Cut::Range(start, end)) = cuts.get(axis) else {
                match cuts.get(axis) {
                    Some(Cut::Index(index)) => {
                        let needed =
                            if *index < 0 { index.unsigned_abs() } else { index.unsigned_abs() + 1 } as usize;
                        self.sizes.at_least(size, needed);
                        if size.number().is_some_and(|n| n < needed as i64) {
                            return Err(outside());
                        }
                    }
                    _ => shape.push(size.clone()),
                }
                continue;
            };
            let place = |bound: Option<i64>, missing: &Size| match bound {
                None => Some(missing.clone()),
                Some(at) if at >= 0 => Some(Size::known(at as usize)),
                Some(at) => size.minus(&Size::known(at.unsigned_abs() as usize)),
            };
            let start = place(start.as_ref().map(|b| b.constant), &Size::known(0)).ok_or_else(outside)?;
            let end = place(end.as_ref().map(|b| b.constant), size).ok_or_else(outside)?;
            for bound in [&start, &end] {
                if let Some(n) = bound.number() {
                    self.sizes.at_least(size, n.max(1) as usize);
                }
            }
            let length = end.minus(&start).ok_or_else(outside)?;
            if length.number().is_some_and(|n| n <= 0) {
                return Err(outside());
            }
            shape.push(length);
        }
        Ok(shape)
    }

    fn concatenate(
        &mut self,
        graph: &Graph,
        id: NodeId,
        inputs: &[Option<Vec<Size>>],
        axis: usize,
        guess: Guess,
    ) -> bool {
        let all: Option<Vec<Vec<Size>>> = inputs.iter().cloned().collect();
        if let Some(all) = all {
            let shape = self.joined(&all, axis);
            return self.finish(graph, id, shape);
        }
        let like = inputs.iter().flatten().next().cloned().or(self.shape(id));
        let unknown = inputs.iter().position(Option::is_none);
        match (like, unknown) {
            (Some(mut like), Some(unknown)) if guess >= Guess::Same && axis < like.len() => {
                like[axis] = self.sizes.unknown("m");
                self.set(graph.nodes[id].inputs[unknown], like)
            }
            _ => false,
        }
    }

    fn joined(&mut self, all: &[Vec<Size>], axis: usize) -> Result<Vec<Size>, String> {
        let mut shape = all[0].clone();
        if axis >= shape.len() {
            let shown = self.sizes.show_shape(&shape);
            return Err(format!("np.concatenate needs arrays with axis {axis}, found the shape {shown}"));
        }
        for other in &all[1..] {
            let fits = other.len() == shape.len()
                && (0..shape.len()).all(|d| d == axis || self.sizes.equate(&shape[d], &other[d]));
            if !fits {
                return Err(mismatch(
                    "np.concatenate",
                    &self.sizes.show_shape(&all[0]),
                    &self.sizes.show_shape(other),
                ));
            }
            shape[axis] = shape[axis].plus(&other[axis]).ok_or("this array would be too long")?;
        }
        Ok(shape)
    }

    fn stack(
        &mut self,
        graph: &Graph,
        id: NodeId,
        inputs: &[Option<Vec<Size>>],
        axis: usize,
        guess: Guess,
    ) -> bool {
        let all: Option<Vec<Vec<Size>>> = inputs.iter().cloned().collect();
        if let Some(all) = all {
            for other in &all[1..] {
                if !self.equal(&all[0], other) {
                    let (a, b) = (self.sizes.show_shape(&all[0]), self.sizes.show_shape(other));
                    return self.finish(graph, id, Err(mismatch("np.stack", &a, &b)));
                }
            }
            let mut shape = all[0].clone();
            if axis > shape.len() || shape.len() > 1 {
                let shown = self.sizes.show_shape(&shape);
                let message = format!("np.stack takes numbers or vectors, found the shape {shown}");
                return self.finish(graph, id, Err(message));
            }
            shape.insert(axis, Size::known(all.len()));
            return self.finish(graph, id, Ok(shape));
        }
        let like = inputs.iter().flatten().next().cloned();
        let unknown = inputs.iter().position(Option::is_none);
        match (like, unknown) {
            (Some(like), Some(unknown)) if guess >= Guess::Same => {
                self.set(graph.nodes[id].inputs[unknown], like)
            }
            _ => false,
        }
    }

    fn sum(
        &mut self,
        graph: &Graph,
        id: NodeId,
        source: &Option<Vec<Size>>,
        (axis, keep): (Option<usize>, bool),
    ) -> bool {
        let Some(source) = source else {
            // The sum over everything is a number, whatever is summed.
            return axis.is_none() && !keep && self.set(id, vec![]);
        };
        let mut shape = source.clone();
        let result = match axis {
            Some(axis) if axis >= source.len() => {
                let shown = self.sizes.show_shape(source);
                Err(format!("np.sum needs an array with axis {axis}, this one has the shape {shown}"))
            }
            Some(axis) if keep => {
                shape[axis] = Size::known(1);
                Ok(shape)
            }
            Some(axis) => {
                shape.remove(axis);
                Ok(shape)
            }
            None if keep => Ok(vec![Size::known(1); source.len()]),
            None => Ok(vec![]),
        };
        self.finish(graph, id, result)
    }
}
