//! All shapes of a listing, from the sizes that are given for it.

use super::graph::Op;
use super::hints::GIVEN;
use super::language::diagnostics::Diagnostic;
use super::language::tree::Parameter;
use super::parsed::Listing;
use super::shapes::inference;
use super::shapes::inferred::Inferred;
use super::shapes::size::Size;
use super::shapes::{self, ParameterShape, Shapes};

impl Listing {
    /// All shapes for an input of `features` numbers and states of `units`, or of `units` along each axis that is open.
    ///
    /// A state whose size is free of that of the first one has `units` too; [`shapes_given`](Self::shapes_given)
    /// chooses otherwise.
    pub fn shapes(&self, features: usize, units: usize) -> Result<Shapes, Vec<Diagnostic>> {
        let mut inferred = self.inferred()?;
        self.settle_named(&mut inferred)?;
        for (position, size) in [(0, features), (1, units)] {
            // Of a matrix the first size that is still open.
            let shape = inferred.shape(position).unwrap_or_default();
            let open = shape.iter().find(|size| size.number().is_none()).or(shape.first());
            let known = match self.hints().shape_of(position) {
                Some(_) => Some(inferred.named[position].1.clone()),
                None => open.cloned(),
            };
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
        let known: Vec<Option<Vec<usize>>> = (self.definition().parameters.iter())
            .map(|p| given.iter().find(|(name, _)| *name == p.name).map(|(_, shape)| shape.to_vec()))
            .collect();
        for (parameter, shape) in self.definition().parameters.iter().zip(&known) {
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
        let mut units = inferred.sizes.resolve(&inferred.named[1].1).and_then(|units| units.number());
        units = units.or(inferred.shape(1).and_then(|s| s.first().and_then(Size::number)));
        for ((_, size), (_, n)) in inferred.named[GIVEN.len()..].to_vec().iter().zip(&self.hints().sizes) {
            if inferred.sizes.resolve(size).is_none_or(|size| size.number().is_none()) {
                inferred.sizes.equate(size, &Size::known(*n));
            }
        }
        self.settle_open(&mut inferred, Some(units.map_or(1, |n| n.max(1) as usize)))?;
        self.concrete(&inferred)
    }

    /// What follows from the text alone.
    pub(super) fn inferred(&self) -> Result<Inferred, Vec<Diagnostic>> {
        self.inferred.get_or_init(|| self.infer(&[])).clone()
    }

    fn infer(&self, given: &[Option<Vec<usize>>]) -> Result<Inferred, Vec<Diagnostic>> {
        inference::infer(self.definition(), self.graph(), (self.hints(), given))
    }

    fn wrong_size(&self, features: usize, units: usize) -> Diagnostic {
        let shapes = self.symbolic_shapes().unwrap_or_default();
        let known: Vec<String> =
            shapes.iter().take(2).map(|(name, _, shape)| format!("`{name}` of the shape {shape}")).collect();
        let of_one_size = matches!(shapes.as_slice(), [x, state, ..] if x.2 == state.2);
        if known.is_empty() || of_one_size {
            return self.x_beside_the_state(features, units);
        }
        let size = self.fixed_units();
        let advice = size.map(|size| format!("; choose {size} units")).unwrap_or_default();
        let message = format!(
            "this listing does not work with {features} features and {units} units: it needs {}{advice}",
            known.join(" and ")
        );
        Diagnostic::new(self.definition().span, message)
    }

    /// The number of units that the listing needs, where a size is written down in it.
    pub fn fixed_units(&self) -> Option<usize> {
        let mut inferred = self.inferred().ok()?;
        self.settle_named(&mut inferred).ok()?;
        let size = match self.hints().shape_of(1) {
            Some(_) => inferred.sizes.resolve(&inferred.named[1].1)?,
            None => inferred.shape(1)?.first()?.clone(),
        };
        usize::try_from(size.number()?).ok()
    }

    /// Gives the sizes that comments name their numbers.
    fn settle_named(&self, inferred: &mut Inferred) -> Result<(), Vec<Diagnostic>> {
        for (k, (name, n)) in self.hints().sizes.iter().enumerate() {
            let size = inferred.named[GIVEN.len() + k].1.clone();
            if !inferred.sizes.equate(&size, &Size::known(*n)) {
                let message = format!(
                    "this listing does not work where `{name}` is {n}: by its use it is {}",
                    inferred.sizes.show(&size)
                );
                return Err(vec![Diagnostic::new(self.definition().span, message)]);
            }
        }
        Ok(())
    }

    /// The first place where the input itself meets a value that is as long as the state.
    fn x_beside_the_state(&self, features: usize, units: usize) -> Diagnostic {
        let meets = self.graph().nodes.iter().find_map(|node| {
            let (Op::Binary(operation), [left, right]) = (&node.op, node.inputs.as_slice()) else {
                return None;
            };
            let is_input = |id: &usize| matches!(self.graph().nodes[*id].op, Op::Parameter(0));
            let other = if is_input(left) { right } else { left };
            (is_input(left) != is_input(right))
                .then(|| (node.span, operation.done(), self.graph().nodes[*other].span))
        });
        let x = self.input();
        let Some((span, done, other)) = meets else {
            let message = format!(
                "this listing does not work with {features} features and {units} units: some line needs `{x}` and \
                 the state to be of one size"
            );
            return Diagnostic::new(self.definition().span, message);
        };
        let line = self.source().lines().nth(other.line.saturating_sub(1)).unwrap_or_default();
        let text: String = line.chars().skip(other.column.saturating_sub(1)).take(other.length).collect();
        let message = format!(
            "`{x}` has {features} numbers but `{text}` has {units}, as many as there are units; they cannot be \
             {done}. Multiply `{x}` by a weight, or choose {features} units"
        );
        Diagnostic::new(span, message)
    }

    /// Decides sizes that the text leaves open: what is counted by an index or reached by a slice, then `units`, or a
    /// letter. Those of the input and the states keep their names.
    pub(super) fn settle_open(
        &self,
        inferred: &mut Inferred,
        units: Option<usize>,
    ) -> Result<(), Vec<Diagnostic>> {
        let named = self.graph().returns.len() + 1;
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
        let mut kept: Vec<Size> = (0..named).flat_map(|k| open(inferred, k)).map(|(_, size)| size).collect();
        if let Some(units) = units.filter(|_| !self.hints().shapes.is_empty()) {
            let size = inferred.named[1].1.clone();
            let _ =
                !inferred.sizes.open(&size).is_empty() && inferred.sizes.equate(&size, &Size::known(units));
        }
        kept.extend(inferred.named.iter().flat_map(|(_, size)| inferred.sizes.open(size)));
        for (position, parameter) in self.definition().parameters.iter().enumerate().skip(named) {
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
        if self.graph().nodes.iter().any(|node| node.inputs.contains(&position)) {
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
        let states = self.graph().returns.len();
        let mut parameters = Vec::new();
        for (position, parameter) in self.definition().parameters.iter().enumerate() {
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
        let nodes = shapes::node_shapes(self.graph(), &known)?;
        for (state, node) in self.graph().returns.iter().enumerate() {
            if nodes[*node] != known[state + 1] {
                let message = format!(
                    "the state `{}` has the shape {}, but {} is returned for it",
                    parameters[state + 1].name,
                    shapes::tuple(&known[state + 1]),
                    shapes::tuple(&nodes[*node])
                );
                return Err(vec![Diagnostic::new(self.definition().returns[state].span, message)]);
            }
        }
        let number = |size: &Size| inferred.sizes.resolve(size).and_then(|size| size.number());
        let number = |size: &Size| number(size).and_then(|n| usize::try_from(n).ok()).unwrap_or(1);
        let sizes = inferred.named.iter().map(|(name, size)| (name.clone(), number(size))).collect();
        Ok(Shapes { parameters, nodes, sizes })
    }
}
