//! A listing and its adjoint as one list of instructions over batches, each with the stage at which it can run.
//!
//! What depends on the input alone runs for all timesteps at once before the loop through time; the gradients of
//! weights and of the input run for all timesteps at once after the loop backwards. The adjoint's repeated forward
//! lines are recognised and read from the forward pass.

use crate::listing::cell::instruction::{Form, Instruction};
use crate::listing::graph::{Cut, Graph, NodeId, Op};
use crate::listing::language::diagnostics::Diagnostic;
use crate::listing::language::tree::Binary;
use crate::listing::parsed::Listing;
use crate::listing::shapes::{self, Along, Shapes};
use std::collections::HashMap;

/// One value of a plan: how it is made and from which values.
#[derive(Debug, Clone)]
pub struct Value {
    /// How it is made.
    pub instruction: Instruction,
    /// From which values, by their place in [`Plan::values`].
    pub inputs: Vec<usize>,
    /// Its rows and columns, and whether every sample has its own.
    pub form: Form,
}

/// When a value is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// When the weights have changed: it follows from them alone.
    Once,
    /// Before the loop through time, for a block of timesteps at once: it depends on the input, but on no state.
    Project,
    /// At each timestep of the forward pass.
    Step,
    /// At each timestep of the backward pass.
    StepBack,
    /// After the loop backwards, for a block of timesteps at once.
    Gather,
    /// At the very end: added up over all samples and timesteps.
    Total,
}

impl Stage {
    /// All stages in order.
    pub const ALL: [Self; 6] =
        [Self::Once, Self::Project, Self::Step, Self::StepBack, Self::Gather, Self::Total];
}

/// A listing and its adjoint, ready to run on batches of any size.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Everything that is computed, operands before results.
    pub values: Vec<Value>,
    /// When each value is computed; `None` for values that no gradient needs, such as the outer product of one timestep
    /// whose sum over time is computed as one product.
    pub stages: Vec<Option<Stage>>,
    /// The value of each node of the listing's graph.
    pub forward: Vec<usize>,
    /// The value of each node of the adjoint's graph.
    pub backward: Vec<usize>,
    /// The values of the parameters.
    pub parameters: Vec<usize>,
    /// The values of the gradients that arrive at the states.
    pub arriving: Vec<usize>,
    /// The values returned for the states.
    pub returned: Vec<usize>,
    /// The gradients of input and states, of one timestep.
    pub leaving: Vec<usize>,
    /// The gradients of the weights that are trained, added up over all samples and timesteps.
    pub totals: Vec<usize>,
    /// Which of the weights these are.
    pub trained: Vec<usize>,
    /// The shapes that it was made for.
    pub shapes: Shapes,
    /// The shapes of the adjoint's values.
    pub adjoint_shapes: Vec<Vec<usize>>,
    /// The forms of each value's inputs.
    forms: Vec<Vec<Form>>,
}

impl Plan {
    /// Settles a listing and its adjoint for `shapes`.
    pub fn new(listing: &Listing, adjoint: &Listing, shapes: &Shapes) -> Result<Self, Vec<Diagnostic>> {
        let states = listing.graph().returns.len();
        let mut given: Vec<Vec<usize>> = shapes.parameters.iter().map(|p| p.shape.clone()).collect();
        given.extend(shapes.states().map(|s| s.shape.clone()).collect::<Vec<_>>());
        let adjoint_shapes = shapes::node_shapes(adjoint.graph(), &given)?;
        let mut builder = Builder { values: Vec::new(), known: HashMap::new(), totals: Vec::new() };
        let count = shapes.parameters.len();
        let parameter = |position: usize| (Instruction::Given(position), position <= states);
        let forward = builder.graph(listing.graph(), &shapes.nodes, parameter);
        let forward_end = builder.values.len();
        let backward = builder.graph(adjoint.graph(), &adjoint_shapes, |position| {
            if position < count {
                parameter(position)
            } else {
                (Instruction::Arriving(position - count), true)
            }
        });
        let gradients: Vec<usize> = adjoint.graph().returns.iter().map(|node| backward[*node]).collect();
        let totals: Vec<usize> = gradients[states + 1..].iter().map(|value| builder.total(*value)).collect();
        let mut plan = Self {
            parameters: forward[..count].to_vec(),
            arriving: backward[count..count + states].to_vec(),
            returned: listing.graph().returns.iter().map(|node| forward[*node]).collect(),
            leaving: gradients[..=states].to_vec(),
            stages: vec![None; builder.values.len()],
            values: builder.values,
            forward,
            backward,
            totals,
            trained: (0..count - states - 1).filter(|k| !listing.is_fixed(states + 1 + k)).collect(),
            shapes: shapes.clone(),
            adjoint_shapes,
            forms: Vec::new(),
        };
        plan.forms = (plan.values.iter())
            .map(|value| value.inputs.iter().map(|input| plan.values[*input].form).collect())
            .collect();
        plan.set_stages(forward_end);
        Ok(plan)
    }

    fn set_stages(&mut self, forward_end: usize) {
        let moves_on =
            self.depends(|i| matches!(i, Instruction::Given(p) if (1..=self.returned.len()).contains(p)));
        let arrived = self.depends(|i| matches!(i, Instruction::Arriving(_)));
        let states_leaving = self.leaving[1..].to_vec();
        let for_states = self.needed(&states_leaving);
        let all: Vec<usize> = self.leaving.iter().chain(&self.totals).copied().collect();
        let for_all = self.needed(&all);
        for (id, value) in self.values.iter().enumerate() {
            let total = matches!(
                value.instruction,
                Instruction::Total | Instruction::OuterTotal | Instruction::TimesSamples
            ) || (!value.form.per_sample && arrived[id]);
            let total = total || value.inputs.iter().any(|i| self.stages[*i] == Some(Stage::Total));
            self.stages[id] = if id >= forward_end && !for_all[id] {
                None
            } else if total {
                Some(Stage::Total)
            } else if !value.form.per_sample {
                Some(Stage::Once)
            } else if id < forward_end {
                Some(if moves_on[id] { Stage::Step } else { Stage::Project })
            } else if !arrived[id] || for_states[id] {
                Some(Stage::StepBack)
            } else {
                Some(Stage::Gather)
            };
        }
    }

    /// The forms of the inputs of a value.
    pub(super) fn forms(&self, id: usize) -> &[Form] {
        &self.forms[id]
    }

    fn depends(&self, on: impl Fn(&Instruction) -> bool) -> Vec<bool> {
        let mut depends = vec![false; self.values.len()];
        for (id, value) in self.values.iter().enumerate() {
            depends[id] = on(&value.instruction) || value.inputs.iter().any(|input| depends[*input]);
        }
        depends
    }

    fn needed(&self, roots: &[usize]) -> Vec<bool> {
        let mut needed = vec![false; self.values.len()];
        for root in roots {
            needed[*root] = true;
        }
        for id in (0..self.values.len()).rev() {
            if needed[id] {
                for input in &self.values[id].inputs {
                    needed[*input] = true;
                }
            }
        }
        needed
    }
}

struct Builder {
    values: Vec<Value>,
    known: HashMap<(Instruction, Vec<usize>), usize>,
    /// For a value per sample: the value with its sum over all samples.
    totals: Vec<(usize, usize)>,
}

impl Builder {
    /// The value made this way, which may be there already.
    fn value(&mut self, instruction: Instruction, inputs: Vec<usize>, mut form: Form) -> usize {
        form.per_sample |= inputs.iter().any(|i| self.values[*i].form.per_sample);
        if matches!(instruction, Instruction::Total | Instruction::OuterTotal) {
            form.per_sample = false;
        }
        let key = (instruction, inputs);
        // Two arrays of one kind may differ in shape only if they are filled, so the form is compared too.
        if let Some(known) = self.known.get(&key).filter(|k| self.values[**k].form == form) {
            return *known;
        }
        self.values.push(Value { instruction: key.0.clone(), inputs: key.1.clone(), form });
        self.known.insert(key, self.values.len() - 1);
        self.values.len() - 1
    }

    fn graph(
        &mut self,
        graph: &Graph,
        shapes: &[Vec<usize>],
        parameter: impl Fn(usize) -> (Instruction, bool),
    ) -> Vec<usize> {
        let mut made: Vec<usize> = Vec::with_capacity(graph.nodes.len());
        let sizes: Vec<Option<Vec<usize>>> = shapes.iter().cloned().map(Some).collect();
        for (id, node) in graph.nodes.iter().enumerate() {
            let inputs: Vec<usize> = node.inputs.iter().map(|i| made[*i]).collect();
            let mut form = Form::of(&shapes[id], false);
            let value = match &node.op {
                Op::MatMul { .. } => self.product(graph, shapes, id, &made),
                Op::Parameter(position) => {
                    let (instruction, per_sample) = parameter(*position);
                    form.per_sample = per_sample;
                    self.value(instruction, inputs, form)
                }
                // The transpose of a vector is the vector.
                Op::Transpose if shapes[id].len() < 2 => inputs[0],
                Op::Part { index, count, axis } => {
                    let source = &shapes[node.inputs[0]];
                    let part = source[*axis] / count;
                    let mut cuts: Vec<Along> = source.iter().map(|size| Along::all(*size)).collect();
                    cuts[*axis] = Along { start: index * part, count: part, by: 1 };
                    self.cut(&node.op, &cuts, inputs, form)
                }
                // The numbers lie in the same order.
                Op::Reshape(_) => {
                    let cuts: Vec<Along> =
                        shapes[node.inputs[0]].iter().map(|size| Along::all(*size)).collect();
                    self.cut(&node.op, &cuts, inputs, form)
                }
                Op::Slice(parts) | Op::Grow(parts) | Op::Put(parts) => {
                    let cuts = ranges(&shapes[node.inputs[0]], parts, &sizes);
                    self.cut(&node.op, &cuts, inputs, form)
                }
                Op::Length(axis) => {
                    let length = shapes[node.inputs[0]].get(*axis).copied().unwrap_or(1);
                    self.value(Instruction::Fill((length as f32).to_bits()), vec![], form)
                }
                op => {
                    let filled = matches!(op, Op::FillLike(_));
                    let instruction = simple(op, node.inputs.first().map(|i| shapes[*i].as_slice()));
                    self.value(instruction, if filled { vec![] } else { inputs }, form)
                }
            };
            made.push(value);
        }
        made
    }

    fn cut(&mut self, op: &Op, cuts: &[Along], inputs: Vec<usize>, form: Form) -> usize {
        let (rows, columns) = match *cuts {
            [] => (Along::all(1), Along::all(1)),
            [columns] => (Along::all(1), columns),
            [rows, columns, ..] => (rows, columns),
        };
        let instruction = match op {
            Op::Grow(_) => Instruction::Grow { rows, columns },
            Op::Put(_) => Instruction::Put { rows, columns },
            _ => Instruction::Cut { rows, columns },
        };
        self.value(instruction, inputs, form)
    }

    /// A product; a transpose on either side becomes part of it, a matrix times a vector the vector times its
    /// transpose.
    fn product(&mut self, graph: &Graph, shapes: &[Vec<usize>], id: NodeId, made: &[usize]) -> usize {
        let [a, b] = [graph.nodes[id].inputs[0], graph.nodes[id].inputs[1]];
        let peel = |node: NodeId| match graph.nodes[node].op {
            Op::Transpose if shapes[node].len() == 2 => (made[graph.nodes[node].inputs[0]], true),
            _ => (made[node], false),
        };
        let ((left, left_turned), (right, right_turned)) = (peel(a), peel(b));
        let form = Form::of(&shapes[id], false);
        let (instruction, inputs) = if shapes[b].len() == 1 {
            (Instruction::Product { left: false, right: !left_turned }, vec![right, left])
        } else {
            (Instruction::Product { left: left_turned, right: right_turned }, vec![left, right])
        };
        self.value(instruction, inputs, form)
    }

    /// The sum of a value over all samples, with the sum drawn into it as far as it is linear.
    fn total(&mut self, id: usize) -> usize {
        if let Some((_, known)) = self.totals.iter().find(|(of, _)| *of == id) {
            return *known;
        }
        let value = self.values[id].clone();
        let form = Form { per_sample: false, ..value.form };
        let shared = |builder: &Self, k: usize| !builder.values[value.inputs[k]].form.per_sample;
        let total = match &value.instruction {
            _ if !value.form.per_sample => self.value(Instruction::TimesSamples, vec![id], form),
            Instruction::Outer if !shared(self, 0) && !shared(self, 1) => {
                self.value(Instruction::OuterTotal, value.inputs.clone(), form)
            }
            Instruction::Binary(Binary::Add | Binary::Subtract)
            | Instruction::Negate
            | Instruction::Cut { .. }
            | Instruction::Join(_)
            | Instruction::Sum(_)
            | Instruction::Transpose
            | Instruction::Grow { .. }
            | Instruction::Put { .. } => {
                let inputs = value.inputs.iter().map(|input| self.total(*input)).collect();
                self.value(value.instruction.clone(), inputs, form)
            }
            Instruction::Binary(Binary::Multiply) | Instruction::Product { .. } | Instruction::Outer
                if shared(self, 0) != shared(self, 1) =>
            {
                let inputs = (0..2)
                    .map(|k| if shared(self, k) { value.inputs[k] } else { self.total(value.inputs[k]) })
                    .collect();
                self.value(value.instruction.clone(), inputs, form)
            }
            _ => self.value(Instruction::Total, vec![id], form),
        };
        self.totals.push((id, total));
        total
    }
}

/// What is taken of each axis.
fn ranges(shape: &[usize], parts: &[Cut], sizes: &[Option<Vec<usize>>]) -> Vec<Along> {
    let range = |axis: usize, size: usize| {
        let cut = parts.get(axis).and_then(|cut| shapes::along(cut, size, sizes));
        cut.map_or(Along::all(size), |(along, _)| along)
    };
    shape.iter().enumerate().map(|(axis, size)| range(axis, *size)).collect()
}

fn simple(op: &Op, input: Option<&[usize]>) -> Instruction {
    let rows = input.map_or(1, |shape| Form::of(shape, false).rows);
    // A vector has one axis, which lies along the columns.
    let two_axes = input.is_some_and(|shape| shape.len() == 2);
    match op {
        Op::Number(value) | Op::Fill(value, _) | Op::FillLike(value) => {
            Instruction::Fill((*value as f32).to_bits())
        }
        Op::Binary(operation) => Instruction::Binary(*operation),
        Op::Negate => Instruction::Negate,
        Op::Clip(low, high) => Instruction::Clip((*low as f32).to_bits(), (*high as f32).to_bits()),
        Op::Concatenate(1) => Instruction::Join(rows),
        // Vectors that become columns: every one gives one number to each row.
        Op::Stack(1) => Instruction::Join(input.map_or(1, |shape| shape.iter().product())),
        Op::Concatenate(_) | Op::Stack(_) => Instruction::Join(1),
        Op::Sum { axis, .. } => Instruction::Sum(axis.filter(|_| two_axes)),
        Op::Reduce { by, axis, .. } => Instruction::Reduce(*by, axis.filter(|_| two_axes)),
        Op::Range { start, step, .. } => Instruction::Range(start.to_bits(), step.to_bits()),
        Op::Eye(_) => Instruction::Eye,
        Op::Outer => Instruction::Outer,
        Op::Transpose => Instruction::Transpose,
        Op::Function(function) => Instruction::Function(*function),
        // These are settled where their shapes are at hand.
        Op::Parameter(position) => Instruction::Given(*position),
        Op::MatMul { .. } | Op::Part { .. } | Op::Slice(_) | Op::Grow(_) | Op::Put(_) => {
            Instruction::Transpose
        }
        Op::Length(_) | Op::Reshape(_) => Instruction::Transpose,
    }
}
