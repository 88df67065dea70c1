//! What a front holds while it steps through a listing: the numbers, what was changed by hand, and what was before.

use super::choice::{Choice, WeightChoice};
use super::facts::Facts;
use super::failure::Failure;
use super::input::Input;
use super::readout::{LABEL, OutputKind, Readout, as_function};
use super::walk::{self, Part, Phase, Position};
use super::weights;
use crate::error::LARGEST;
use crate::listing::{
    CheckedListing, Explanation, Function, Node, Op, Pass, Recording, Role, Sequence, ValueAddress,
};
use crate::{Error, Result};
use ndarray::{ArrayD, ArrayViewD, Axis};
use serde::Serialize;

/// One number that was changed by hand.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Edit {
    /// In which listing.
    pub part: Part,
    /// A parameter of it.
    pub name: String,
    /// For inputs: at which timestep.
    pub timestep: usize,
    /// The position in the array.
    pub index: usize,
    /// What it was.
    pub old: f32,
    /// What it is now.
    pub new: f32,
    /// It is a state that was made by the step before until this change.
    #[serde(skip)]
    made: bool,
}

/// One sequence through a cell, its output and its loss, forwards and backwards.
#[derive(Clone)]
pub struct Stepping {
    choice: Choice,
    input: Input,
    cell: Recording,
    output: Readout,
    read_state: usize,
    edits: Vec<Edit>,
    before: Option<Box<(Recording, Recording)>>,
}

impl Stepping {
    /// Reads the listing of `choice`, makes inputs and weights, and runs everything.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn new(choice: Choice) -> std::result::Result<Self, Failure> {
        let listing = CheckedListing::new(&choice.text())?;
        Self::of(&listing, choice)
    }

    /// The same for a listing that was read before; [`Choice::text`] is its text.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn of(listing: &CheckedListing, choice: Choice) -> std::result::Result<Self, Failure> {
        choice.check()?;
        let input = Input::new(&choice.input, choice.seed)?;
        let given: Vec<(&str, &[usize])> =
            choice.shapes.iter().map(|(name, shape)| (name.as_str(), shape.as_slice())).collect();
        let sized = match given.is_empty() {
            true => listing.sized(input.features(), choice.units)?,
            false => listing.sized_given(&given)?,
        };
        Choice::fits(&sized)?;
        let shape = [&[input.labels.len()], sized.shapes().parameters[0].shape.as_slice()].concat();
        let numbers = input.x.iter().copied().collect();
        let sequence = Sequence {
            x: weights::array(listing.listing().input(), &shape, numbers)?,
            initial: weights::initial(&choice.weights, &sized)?,
            weights: weights::weights(&choice.weights, (&choice.source, &sized), choice.seed)?,
            upstream: vec![],
        };
        let mut cell = Recording::new(&sized, sequence)?;
        // The last layer of a trained network reads the output of the recurrent layer: its first state.
        let trained = matches!(choice.weights, WeightChoice::Trained { .. });
        let read_state = if trained { 0 } else { walk::output_state(listing.listing()) };
        let output = Readout::new(&choice, states_after(&cell, read_state))?;
        cell.set_upstream(upstream(&cell, read_state, &output));
        cell.rerun_backward()?;
        Ok(Self { choice, input, cell, output, read_state, edits: vec![], before: None })
    }

    /// What it was made from.
    pub fn choice(&self) -> &Choice {
        &self.choice
    }

    /// What is read.
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// The output.
    pub fn readout(&self) -> &Readout {
        &self.output
    }

    /// What a class of the output is called.
    pub fn class(&self, class: usize) -> String {
        let names = self.choice.class_names(self.output.kind == OutputKind::Binary);
        names.get(class).cloned().unwrap_or_else(|| format!("class {class}"))
    }

    /// The position of the state that the output reads.
    pub fn read_state(&self) -> usize {
        self.read_state
    }

    /// The recording of a part.
    pub fn recording(&self, part: Part) -> &Recording {
        match part {
            Part::Cell => &self.cell,
            Part::Output => &self.output.recording,
        }
    }

    /// The recording of a part before the first change; `None` if nothing is changed.
    pub fn before(&self, part: Part) -> Option<&Recording> {
        let before = self.before.as_ref()?;
        Some(match part {
            Part::Cell => &before.0,
            Part::Output => &before.1,
        })
    }

    /// All positions in order.
    pub fn walk(&self) -> Vec<Position> {
        walk::walk(&self.cell, &self.output.recording)
    }

    /// The phases that the walk has.
    pub fn phases(&self) -> Vec<Phase> {
        let facts = Facts::new(&self.cell);
        let has_gates = self.cell.listing().graph().assigned.iter().any(|a| facts.is_gate(a.node));
        walk::phases(&self.walk(), self.input.called, has_gates)
    }

    /// What was changed by hand, in order.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// Changes one number of an input, a state before a timestep or a weight, and everything that follows from it.
    pub fn edit(&mut self, part: Part, name: &str, timestep: usize, index: usize, value: f32) -> Result<()> {
        if !value.is_finite() {
            let found = if value.is_nan() { "none" } else { "a larger one" };
            return Err(Error::value(format!("`{name}[{index}]`"), LARGEST, found));
        }
        let output_state = part == Part::Output && self.recording(part).listing().states().contains(&name);
        if output_state || part == Part::Output && name == self.output.recording.listing().input() {
            return Err(Error::value(
                format!("`{name}`"),
                "changed where it is made: by the cell, from the input, the weights or the first state",
                "a change of its copy",
            ));
        }
        if part == Part::Output && name == LABEL {
            return Err(Error::value("the label", "changed in the field of the true label", "a change here"));
        }
        let old = self.current(part, name, timestep, index)?;
        let state = self.recording(part).listing().states().contains(&name);
        let made = state && timestep > 0 && !self.recording(part).is_set(name, timestep, index);
        if self.before.is_none() {
            self.before = Some(Box::new((self.cell.clone(), self.output.recording.clone())));
        }
        self.set(part, name, timestep, index, value)?;
        self.edits.push(Edit { part, name: name.to_string(), timestep, index, old, new: value, made });
        Ok(())
    }

    /// Takes the last change back; returns whether there was one.
    pub fn undo(&mut self) -> Result<bool> {
        let Some(edit) = self.edits.pop() else { return Ok(false) };
        if edit.made {
            self.cell.release(&edit.name, edit.timestep, edit.index);
            self.rerun(true)?;
        } else {
            self.set(edit.part, &edit.name, edit.timestep, edit.index, edit.old)?;
        }
        if self.edits.is_empty() {
            self.before = None;
        }
        Ok(true)
    }

    pub(super) fn current(&self, part: Part, name: &str, timestep: usize, index: usize) -> Result<f32> {
        let recording = self.recording(part);
        let shapes = &recording.shapes().parameters;
        let missing = || Error::value("the name", "a parameter of the listing", name);
        let role = shapes.iter().find(|p| p.name == name).map(|p| p.role).ok_or_else(missing)?;
        let timestep = if role == Role::Weight { 0 } else { timestep };
        let line = recording.listing().definition().span.line;
        let values = recording.named(Pass::Forward, timestep, line, name);
        values
            .and_then(|values| values.iter().nth(index).copied())
            .ok_or_else(|| Error::value(format!("the place in `{name}`"), "inside of the array", index))
    }

    fn set(&mut self, part: Part, name: &str, timestep: usize, index: usize, value: f32) -> Result<()> {
        match part {
            Part::Cell => self.cell.change(name, timestep, index, value)?,
            Part::Output => self.output.recording.change(name, timestep, index, value)?,
        }
        self.rerun(part == Part::Cell)
    }

    fn rerun(&mut self, cell_too: bool) -> Result<()> {
        self.rerun_forward(cell_too)?;
        self.output.recording.rerun_backward()?;
        self.cell.set_upstream(upstream(&self.cell, self.read_state, &self.output));
        self.cell.rerun_backward()
    }

    fn rerun_forward(&mut self, cell_too: bool) -> Result<()> {
        if cell_too {
            self.cell.rerun_forward()?;
            self.output.recording.set_input(states_after(&self.cell, self.read_state));
        }
        self.output.recording.rerun_forward()
    }

    /// The loss with another number in a weight of the cell. The gradients stay as they were.
    pub(super) fn loss_with(&mut self, weight: &str, index: usize, value: f32) -> Result<f32> {
        self.cell.change(weight, 0, index, value)?;
        self.rerun_forward(true)?;
        Ok(self.output.loss())
    }

    /// What the output says of the state before the first timestep, one number a class.
    pub fn said_before(&self) -> Result<Vec<f32>> {
        let states = self.cell.state(self.read_state);
        let before: Vec<f32> = states.index_axis(Axis(0), 0).iter().copied().collect();
        self.output.said_of(shaped(before.clone(), &[before.len()]).view())
    }

    /// The picture of the cell, with the operations of the calls `unfolded` one by one.
    pub fn diagram(&self, room: [f32; 2], unfolded: &[usize]) -> crate::listing::diagram::Diagram {
        let mut diagram = self.cell.listing().diagram_unfolded(room, unfolded);
        diagram.follow_back(self.cell.listing(), self.cell.adjoint());
        diagram
    }

    /// Explains one number of a part.
    pub fn explain(&self, part: Part, address: &ValueAddress) -> Option<Explanation> {
        let mut explanation = self.recording(part).explain(address)?;
        if part == Part::Output {
            explanation.text = as_function(&explanation.text).trim_end().to_string();
        }
        Some(explanation)
    }

    /// The size of the gradient that arrives at each state after each timestep, `[states][timesteps]`: the Euclidean
    /// norm of what the output and the later timesteps send back to it.
    pub fn gradient_norms(&self) -> Vec<Vec<f32>> {
        // The adjoint is given what the listing was given, and then a gradient for each state.
        let given = self.cell.text(Pass::Backward).graph().parameters.len();
        let states = self.cell.listing().states().len();
        let norm = |gradient: ArrayViewD<'_, f32>| {
            let squares = gradient.iter().map(|value| f64::from(*value) * f64::from(*value));
            squares.sum::<f64>().sqrt() as f32
        };
        (given - states..given)
            .map(|node| self.cell.values(Pass::Backward, node).outer_iter().map(norm).collect())
            .collect()
    }

    /// Explains one number of a weight's gradient of the cell, the sum over all timesteps.
    pub fn explain_total(&self, weight: &str, index: usize) -> Option<Explanation> {
        let mut explanation = self.cell.explain_total(weight, index)?;
        for (term, label) in explanation.terms.iter_mut().zip(&self.input.labels) {
            term.label.clone_from(label);
        }
        Some(explanation)
    }

    /// The share of the read state's numbers over all timesteps whose size is 1 to three digits; 0 for a cell without
    /// tanh and for one whose state grows beyond 1, since neither is saturated there.
    pub fn saturation(&self) -> f32 {
        /// What rounds to 1.000.
        const FULL: f32 = 0.9995;
        let states = states_after(&self.cell, self.read_state);
        let is_tanh = |node: &Node| matches!(node.op, Op::Function(Function::Tanh));
        let tanh = self.cell.listing().graph().nodes.iter().any(is_tanh);
        if !tanh || states.iter().any(|h| h.abs() > 1.0) {
            return 0.0;
        }
        states.iter().filter(|h| h.abs() >= FULL).count() as f32 / states.len().max(1) as f32
    }
}

/// A state after each timestep, `[timesteps, width]`; a matrix row after row.
fn states_after(cell: &Recording, state: usize) -> ArrayD<f32> {
    let states = cell.state(state);
    let (timesteps, width) = (cell.timesteps(), states.len() / states.shape()[0].max(1));
    shaped(states.iter().skip(width).copied().collect(), &[timesteps, width])
}

/// Numbers in a shape that has as many.
fn shaped(numbers: Vec<f32>, shape: &[usize]) -> ArrayD<f32> {
    ArrayD::from_shape_vec(shape, numbers).unwrap_or_else(|_| ArrayD::zeros(shape))
}

fn upstream(cell: &Recording, read_state: usize, output: &Readout) -> Vec<Option<ArrayD<f32>>> {
    let gradient = |shape: &[usize]| {
        let numbers = output.gradient().into_iter().collect();
        shaped(numbers, &[&[cell.timesteps()], shape].concat())
    };
    let states = cell.shapes().states().enumerate();
    states.map(|(k, state)| (k == read_state).then(|| gradient(&state.shape))).collect()
}
