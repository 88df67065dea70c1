//! A step function that has been read.

use super::adjoint;
use super::graph::{self, Graph, NodeId, Op};
use super::language::diagnostics::Diagnostic;
use super::language::functions::Dialect;
use super::language::tree::{Definition, ExpressionKind, Parameter};
use super::language::{parse, printing};
use super::shapes::inference;
use super::shapes::inferred::Inferred;
use super::shapes::size::{self, Size};
use super::shapes::{self, ParameterShape, Role, Shapes};

/// A step function that has been read: its text, its tree and its graph.
#[derive(Debug, Clone)]
pub struct Listing {
    source: String,
    definition: Definition,
    graph: Graph,
    gradient_of: Vec<Option<NodeId>>,
}

impl Listing {
    /// Reads a step function, `def step(x, <states…>, <weights…>):`.
    pub fn parse(source: &str) -> Result<Self, Vec<Diagnostic>> {
        Self::parse_dialect(source, Dialect::Step)
    }

    /// Reads an adjoint, `def step_back(…)`, as [`differentiate`](Self::differentiate) writes it.
    pub fn parse_adjoint(source: &str) -> Result<Self, Vec<Diagnostic>> {
        Self::parse_dialect(source, Dialect::Adjoint)
    }

    /// Reads a step function that is run but not trained: it may also compare, and take a mean.
    pub fn parse_watched(source: &str) -> Result<Self, Vec<Diagnostic>> {
        Self::parse_dialect(source, Dialect::Watched)
    }

    fn parse_dialect(source: &str, dialect: Dialect) -> Result<Self, Vec<Diagnostic>> {
        let definition = parse::parse(source, dialect)?;
        let graph = graph::lower(&definition)?;
        if dialect != Dialect::Adjoint && definition.parameters.len() <= graph.returns.len() {
            let message = format!(
                "{} returned, so the parameters must be an input and {}: def step(x, h, …)",
                count(graph.returns.len(), "value is", "values are"),
                count(graph.returns.len(), "state", "states"),
            );
            return Err(vec![Diagnostic::new(definition.return_span, message)]);
        }
        Ok(Self { source: source.to_string(), definition, graph, gradient_of: vec![] })
    }

    /// The text as it was given.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The tree.
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The graph.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// In an adjoint: the node of the differentiated listing whose gradient the statement makes, or a part of it where
    /// a later statement belongs to the same node. `None` for statements that repeat the listing.
    pub fn gradient_of(&self, statement: usize) -> Option<NodeId> {
        self.gradient_of.get(statement).copied().flatten()
    }

    /// The text in its plain form; it reads back as the same tree.
    pub fn print(&self) -> String {
        printing::print(&self.definition)
    }

    /// What a statement gives the name, where its line of the text says more than that: where it stands beside another
    /// statement, gives values to several names, or changes a value in place.
    pub fn value_text(&self, statement: usize, name: &str) -> Option<String> {
        let body = &self.definition.body;
        let own = body.get(statement)?;
        let beside = body.iter().filter(|other| other.span.line == own.span.line).count() > 1;
        let value = match &own.value.kind {
            ExpressionKind::Tuple(values) => {
                values.get(own.targets.iter().position(|target| target.name == name)?)?
            }
            _ if own.targets[0].part.is_none() && (beside || own.in_place) => &own.value,
            _ => return None,
        };
        Some(printing::print_expression(value))
    }

    /// The name of the input: the first parameter.
    pub fn input(&self) -> &str {
        &self.definition.parameters[0].name
    }

    /// The names of the states: as many parameters after the input as values are returned.
    pub fn states(&self) -> Vec<&str> {
        self.names(Role::State)
    }

    /// The names of the weights: all other parameters.
    pub fn weights(&self) -> Vec<&str> {
        self.names(Role::Weight)
    }

    fn names(&self, role: Role) -> Vec<&str> {
        let all = self.definition.parameters.iter().enumerate();
        let states = self.graph.returns.len();
        all.filter(|(k, _)| inference::role(*k, states) == role).map(|(_, p)| p.name.as_str()).collect()
    }

    /// The adjoint: a listing `step_back` in numpy, with the parameters of this one and `d_<state>` for each state,
    /// that returns `d_<parameter>` for each parameter.
    pub fn differentiate(&self) -> Result<Self, Vec<Diagnostic>> {
        let mut inferred = self.infer(&[])?;
        self.settle_open(&mut inferred, None)?;
        let shapes: Option<Vec<Vec<Size>>> = (0..self.graph.nodes.len()).map(|n| inferred.shape(n)).collect();
        self.adjoint(&shapes.unwrap_or_default(), &inferred.sizes)
    }

    /// The adjoint for known shapes; it differs from [`differentiate`](Self::differentiate) only where a parameter has
    /// another shape than its use suggests, such as a single number for a vector.
    pub fn differentiate_for(&self, shapes: &Shapes) -> Result<Self, Vec<Diagnostic>> {
        let known = |shape: &Vec<usize>| shape.iter().map(|n| Size::known(*n)).collect();
        let nodes: Vec<Vec<Size>> = shapes.nodes.iter().map(known).collect();
        self.adjoint(&nodes, &size::Sizes::default())
    }

    fn adjoint(&self, shapes: &[Vec<Size>], sizes: &size::Sizes) -> Result<Self, Vec<Diagnostic>> {
        if shapes.len() != self.graph.nodes.len() {
            let message = "the shapes do not belong to this listing; ask for them again";
            return Err(vec![Diagnostic::new(self.definition.span, message)]);
        }
        let (adjoint, gradient_of) = adjoint::differentiate(&self.definition, &self.graph, shapes, sizes)?;
        Ok(Self { gradient_of, ..Self::parse_adjoint(&printing::print(&adjoint))? })
    }

    /// The shape of every parameter in sizes that are not known yet: `(features, 4*units)`.
    pub fn symbolic_shapes(&self) -> Result<Vec<(String, Role, String)>, Vec<Diagnostic>> {
        let mut inferred = self.infer(&[])?;
        self.settle_open(&mut inferred, None)?;
        let states = self.graph.returns.len();
        let shape = |k: usize| inferred.shape(k).map(|s| inferred.sizes.show_shape(&s)).unwrap_or_default();
        let all = self.definition.parameters.iter().enumerate();
        Ok(all.map(|(k, p)| (p.name.clone(), inference::role(k, states), shape(k))).collect())
    }

    /// All shapes for an input of `features` numbers and states of `units`, or of `units` along each axis that is open.
    ///
    /// A state whose size is free of that of the first one has `units` too; [`shapes_given`](Self::shapes_given)
    /// chooses otherwise.
    pub fn shapes(&self, features: usize, units: usize) -> Result<Shapes, Vec<Diagnostic>> {
        let mut inferred = self.infer(&[])?;
        for (position, size) in [(0, features), (1, units)] {
            // Of a matrix the first size that is still open.
            let shape = inferred.shape(position).unwrap_or_default();
            let open = shape.iter().find(|size| size.number().is_none()).or(shape.first());
            let known = open.cloned();
            let fits = known.is_some_and(|known| inferred.sizes.equate(&known, &Size::known(size)));
            if !fits || size == 0 {
                return Err(vec![self.wrong_size(features, units)]);
            }
        }
        self.settle_open(&mut inferred, Some(units))?;
        self.concrete(&inferred)
    }

    /// All shapes from those that are known: of `x`, and of any states and weights.
    pub fn shapes_given(&self, given: &[(&str, &[usize])]) -> Result<Shapes, Vec<Diagnostic>> {
        let known: Vec<Option<Vec<usize>>> = (self.definition.parameters.iter())
            .map(|p| given.iter().find(|(name, _)| *name == p.name).map(|(_, shape)| shape.to_vec()))
            .collect();
        for (parameter, shape) in self.definition.parameters.iter().zip(&known) {
            if shape.as_ref().is_some_and(|s| s.len() > 2 || s.contains(&0)) {
                let shown = shapes::tuple(shape.as_deref().unwrap_or(&[]));
                let message = format!(
                    "`{}` has the shape {shown}; a parameter is a number, vector or matrix",
                    parameter.name
                );
                return Err(vec![Diagnostic::new(parameter.span, message)]);
            }
        }
        let mut inferred = self.infer(&known)?;
        let units = inferred.shape(1).and_then(|s| s.first().and_then(Size::number));
        self.settle_open(&mut inferred, Some(units.map_or(1, |n| n.max(1) as usize)))?;
        self.concrete(&inferred)
    }

    fn infer(&self, given: &[Option<Vec<usize>>]) -> Result<Inferred, Vec<Diagnostic>> {
        inference::infer(&self.definition, &self.graph, given)
    }

    fn wrong_size(&self, features: usize, units: usize) -> Diagnostic {
        let shapes = self.symbolic_shapes().unwrap_or_default();
        let known: Vec<String> =
            shapes.iter().take(2).map(|(name, _, shape)| format!("`{name}` of the shape {shape}")).collect();
        let of_one_size = matches!(shapes.as_slice(), [x, state, ..] if x.2 == state.2);
        if known.is_empty() || of_one_size {
            return self.x_beside_the_state(features, units);
        }
        // A state whose size is written down.
        let size = self.infer(&[]).ok().and_then(|inferred| inferred.shape(1)?.first()?.number());
        let advice = size.map(|size| format!("; choose {size} units")).unwrap_or_default();
        let message = format!(
            "this listing does not work with {features} features and {units} units: it needs {}{advice}",
            known.join(" and ")
        );
        Diagnostic::new(self.definition.span, message)
    }

    /// The first place where the input itself meets a value that is as long as the state.
    fn x_beside_the_state(&self, features: usize, units: usize) -> Diagnostic {
        let meets = self.graph.nodes.iter().find_map(|node| {
            let (Op::Binary(operation), [left, right]) = (&node.op, node.inputs.as_slice()) else {
                return None;
            };
            let is_input = |id: &usize| matches!(self.graph.nodes[*id].op, Op::Parameter(0));
            let other = if is_input(left) { right } else { left };
            (is_input(left) != is_input(right))
                .then(|| (node.span, operation.done(), self.graph.nodes[*other].span))
        });
        let x = self.input();
        let Some((span, done, other)) = meets else {
            let message = format!(
                "this listing does not work with {features} features and {units} units: some line needs `{x}` and \
                 the state to be of one size"
            );
            return Diagnostic::new(self.definition.span, message);
        };
        let line = self.source.lines().nth(other.line.saturating_sub(1)).unwrap_or_default();
        let text: String = line.chars().skip(other.column.saturating_sub(1)).take(other.length).collect();
        let message = format!(
            "`{x}` has {features} numbers but `{text}` has {units}, as many as there are units; they cannot be \
             {done}. Multiply `{x}` by a weight, or choose {features} units"
        );
        Diagnostic::new(span, message)
    }

    /// Decides sizes that the text leaves open: what is counted by an index or reached by a slice, then `units`, or a
    /// letter. Those of the input and the states keep their names.
    fn settle_open(&self, inferred: &mut Inferred, units: Option<usize>) -> Result<(), Vec<Diagnostic>> {
        let named = self.graph.returns.len() + 1;
        let open = |inferred: &Inferred, position: usize| -> Vec<(usize, Size)> {
            let shape = inferred.shape(position).unwrap_or_default();
            let sizes = shape.iter().enumerate();
            sizes
                .flat_map(|(axis, size)| inferred.sizes.open(size).into_iter().map(move |s| (axis, s)))
                .collect()
        };
        for position in 0..named {
            for (_, size) in open(inferred, position) {
                if let Some(units) = units {
                    let least = inferred.sizes.resolve(&inferred.sizes.least(&size));
                    let least = least.and_then(|least| least.number()).map_or(1, |n| n.max(1) as usize);
                    inferred.sizes.equate(&size, &Size::known(units.max(least)));
                }
            }
        }
        let of_units = inferred.shape(1).and_then(|shape| shape.first().cloned());
        let kept: Vec<Size> = (0..named).flat_map(|k| open(inferred, k)).map(|(_, size)| size).collect();
        for (position, parameter) in self.definition.parameters.iter().enumerate().skip(named) {
            if inferred.shape(position).is_none() {
                self.settle_unused(inferred, position, parameter)?;
            }
            for (axis, size) in open(inferred, position).into_iter().filter(|(_, size)| !kept.contains(size))
            {
                let (least, multiple) = (inferred.sizes.least(&size), inferred.sizes.multiple(&size) as i64);
                let least = inferred.sizes.resolve(&least).unwrap_or(Size::known(1));
                let several = of_units.as_ref().and_then(|units| units.scaled(multiple, 1));
                match several {
                    _ if least.number() != Some(1) => {
                        inferred.sizes.equate(&size, &least);
                    }
                    Some(several) if units.is_some() || multiple > 1 => {
                        inferred.sizes.equate(&size, &several);
                    }
                    _ if inferred.sizes.is_unnamed(&size) => {
                        let name = format!("{}_{}", parameter.name, ["rows", "columns"][axis.min(1)]);
                        inferred.sizes.rename(&size, name);
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// A weight that nothing reads is a number.
    fn settle_unused(
        &self,
        inferred: &mut Inferred,
        position: usize,
        parameter: &Parameter,
    ) -> Result<(), Vec<Diagnostic>> {
        if self.graph.nodes.iter().any(|node| node.inputs.contains(&position)) {
            let message = format!(
                "the shape of `{}` does not follow from its use; use it in a line, or remove it",
                parameter.name
            );
            return Err(vec![Diagnostic::new(parameter.span, message)]);
        }
        inferred.is_a_number(position);
        Ok(())
    }

    fn concrete(&self, inferred: &Inferred) -> Result<Shapes, Vec<Diagnostic>> {
        let states = self.graph.returns.len();
        let mut parameters = Vec::new();
        for (position, parameter) in self.definition.parameters.iter().enumerate() {
            let sizes = inferred.shape(position).unwrap_or_default();
            let shape: Option<Vec<usize>> = sizes
                .iter()
                .map(|s| s.number().and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0))
                .collect();
            let Some(shape) = shape else {
                let message = format!(
                    "`{}` would have the shape {}, which is not made of whole numbers; choose other units",
                    parameter.name,
                    inferred.sizes.show_shape(&sizes)
                );
                return Err(vec![Diagnostic::new(parameter.span, message)]);
            };
            let role = inference::role(position, states);
            parameters.push(ParameterShape { name: parameter.name.clone(), role, shape });
        }
        let known: Vec<Vec<usize>> = parameters.iter().map(|p| p.shape.clone()).collect();
        let nodes = shapes::node_shapes(&self.graph, &known)?;
        for (state, node) in self.graph.returns.iter().enumerate() {
            if nodes[*node] != known[state + 1] {
                let message = format!(
                    "the state `{}` has the shape {}, but {} is returned for it",
                    parameters[state + 1].name,
                    shapes::tuple(&known[state + 1]),
                    shapes::tuple(&nodes[*node])
                );
                return Err(vec![Diagnostic::new(self.definition.returns[state].span, message)]);
            }
        }
        Ok(Shapes { parameters, nodes })
    }
}

fn count(n: usize, one: &str, several: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {several}") }
}
