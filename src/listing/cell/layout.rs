//! Memory layout of the values of a plan.
//!
//! Kept for back-propagation, and on the layer's tape, is what a later stage or a view reads; everything else shares
//! memory from step to step. The parts of a split are columns of the whole, and what is concatenated is written into
//! its place at once.

use crate::listing::cell::instruction::Instruction;
use crate::listing::cell::plan::{Plan, Stage};
use crate::listing::language::functions::Function;
use crate::listing::language::tree::Binary;
use crate::listing::shapes::Along;

/// What kind of memory holds a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    /// None: it is never computed by itself.
    Nowhere,
    /// The layer's input.
    Input,
    /// A state before the step.
    State,
    /// The gradient of a state after the step.
    Arriving,
    /// The layer's weight.
    Weight,
    /// The gradient of the weight, to which it is added at once.
    Gradient,
    /// The same for all samples.
    Shared,
    /// The tape: all timesteps.
    Field,
    /// One timestep.
    Step,
    /// One block of timesteps.
    Block,
}

/// The memory of a value: some columns of the rows of a buffer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Location {
    pub home: Home,
    /// Which of its kind.
    pub index: usize,
    pub column: usize,
    /// From sample to sample; 0 if all samples share it.
    pub stride: usize,
    pub width: usize,
}

/// How a value is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// Number by number.
    Elementwise,
    /// A product with a matrix that all samples share.
    Product,
    /// The value `base` and the product `product` added to it.
    AddProduct {
        base: usize,
        product: usize,
    },
    /// Inputs side by side.
    Join,
    /// `leftᵀ @ right` or a sum, over samples and blocks.
    Sum,
    Other,
}

/// The locations of all values and the work of each stage.
#[derive(Clone)]
pub(super) struct Layout {
    pub locations: Vec<Location>,
    /// In the order of [`Stage::ALL`].
    pub work: [Vec<(usize, Work)>; Stage::ALL.len()],
    /// Widths of the tape's fields.
    pub fields: Vec<usize>,
    /// How many memories of its own the layer has.
    pub own: usize,
    /// Inputs of a join that are not written there by themselves.
    pub copied: Vec<Vec<bool>>,
}

/// Who reads a value.
#[derive(Debug, Clone, Default)]
struct Uses {
    stages: [bool; Stage::ALL.len()],
    shown: bool,
}

impl Uses {
    fn during(&self, first: Stage, last: Stage) -> bool {
        self.stages[first as usize..=last as usize].contains(&true)
    }
}

/// Which values stay on the tape besides those that back-propagation needs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Keep<'a> {
    /// These, for the views: training.
    Shown(&'a [usize]),
    /// All that are computed, each one by itself: stepping.
    Everything,
}

impl Keep<'_> {
    fn keeps(self, id: usize) -> bool {
        match self {
            Self::Shown(shown) => shown.contains(&id),
            Self::Everything => true,
        }
    }
}

/// Finds all locations.
pub(super) fn layout(plan: &Plan, keep: Keep) -> Layout {
    Finder::new(plan, keep).find()
}

struct Finder<'a> {
    plan: &'a Plan,
    keep: Keep<'a>,
    stages: Vec<Option<Stage>>,
    works: Vec<Work>,
    /// Values that are columns of another one, and from which column on.
    within: Vec<Option<(usize, usize)>>,
    /// Products that are computed where they are added.
    absorbed: Vec<bool>,
    /// How many values read it.
    readers: Vec<usize>,
}

impl<'a> Finder<'a> {
    fn new(plan: &'a Plan, keep: Keep<'a>) -> Self {
        let count = plan.values.len();
        let stages = plan.stages.clone();
        let mut readers = vec![0; count];
        for (value, _) in plan.values.iter().zip(&stages).filter(|(_, stage)| stage.is_some()) {
            value.inputs.iter().for_each(|input| readers[*input] += 1);
        }
        let ends = plan.returned.iter().chain(&plan.leaving).chain(&plan.totals);
        ends.for_each(|id| readers[*id] += 1);
        let works = (0..count).map(|id| work(plan, id)).collect();
        Self { plan, keep, stages, works, within: vec![None; count], absorbed: vec![false; count], readers }
    }

    fn find(mut self) -> Layout {
        for id in 0..self.plan.values.len() {
            self.cut(id);
        }
        let mut copied = vec![Vec::new(); self.plan.values.len()];
        for id in 0..self.plan.values.len() {
            self.add_product(id);
            if self.works[id] == Work::Join && self.stages[id].is_some() {
                copied[id] = self.join(id);
            }
        }
        let mut layout = Layout {
            locations: Vec::new(),
            work: std::array::from_fn(|_| Vec::new()),
            fields: Vec::new(),
            own: 0,
            copied,
        };
        let used = self.used();
        for id in 0..self.plan.values.len() {
            let location = self.place(id, &used, &mut layout);
            layout.locations.push(location);
        }
        for id in 0..self.plan.values.len() {
            let (root, column) = self.root(id);
            if root != id {
                let whole = layout.locations[root];
                let width = self.plan.values[id].form.width();
                layout.locations[id] = Location { column: whole.column + column, width, ..whole };
            }
        }
        for (k, stage) in Stage::ALL.into_iter().enumerate() {
            let mine = |id: &usize| self.stages[*id] == Some(stage) && self.is_computed(*id);
            layout.work[k] =
                (0..self.plan.values.len()).filter(mine).map(|id| (id, self.works[id])).collect();
        }
        layout
    }

    /// A part of a vector is a view of the vector.
    fn cut(&mut self, id: usize) {
        let value = &self.plan.values[id];
        if let Instruction::Cut { columns: Along { start, by: 1, .. }, .. } = value.instruction {
            let whole = value.inputs[0];
            let form = self.plan.values[whole].form;
            if form.per_sample && form.rows == 1 && self.stages[id].is_some() {
                self.within[id] = Some((whole, start));
            }
        }
    }

    /// `base + a @ B` is one operation if the product has no other reader.
    fn add_product(&mut self, id: usize) {
        let value = &self.plan.values[id];
        if value.instruction != Instruction::Binary(Binary::Add) || self.stages[id] == Some(Stage::Total) {
            return;
        }
        for k in [1, 0] {
            let (base, product) = (value.inputs[1 - k], value.inputs[k]);
            let alone = self.readers[product] == 1 && !self.keep.keeps(product);
            let (to, from) = (value.form, self.plan.values[product].form);
            if self.works[product] == Work::Product
                && alone
                && !self.absorbed[product]
                && self.within[product].is_none()
                && self.stages[product] == self.stages[id]
                && (to.rows, to.columns) == (from.rows, from.columns)
                && fits(self.plan, base, id)
            {
                self.absorbed[product] = true;
                self.works[id] = Work::AddProduct { base, product };
                return;
            }
        }
    }

    /// Computes the inputs of a concatenation in place; returns which of them must be copied nevertheless.
    fn join(&mut self, id: usize) -> Vec<bool> {
        let value = &self.plan.values[id];
        let mut copied = vec![true; value.inputs.len()];
        let (mut column, mut members): (usize, Vec<usize>) = (0, Vec::new());
        for (k, part) in value.inputs.iter().enumerate() {
            let form = self.plan.values[*part].form;
            let reads = |reader: usize, read: usize| {
                self.plan.values[reader].inputs.iter().any(|input| {
                    self.root(*input).0 == read
                        || (self.absorbed[*input]
                            && self.plan.values[*input].inputs.iter().any(|i| self.root(*i).0 == read))
                })
            };
            // A member is already part of the concatenation.
            let apart = !reads(*part, id) && members.iter().all(|member| !reads(*member, *part));
            // What stands there twice is read while the concatenation is written.
            let once = value.inputs.iter().filter(|input| *input == part).count() == 1;
            let written =
                matches!(self.works[*part], Work::Elementwise | Work::Product | Work::AddProduct { .. });
            if value.form.per_sample
                && value.form.rows == 1
                && form.per_sample
                && self.stages[*part] == self.stages[id]
                && self.within[*part].is_none()
                && !self.absorbed[*part]
                && written
                && apart
                && once
            {
                members.push(*part);
                self.within[*part] = Some((id, column));
                copied[k] = false;
            }
            column += form.width();
        }
        copied
    }

    /// The value whose memory contains `id`, and the first column.
    fn root(&self, mut id: usize) -> (usize, usize) {
        let mut column = 0;
        while let Some((whole, from)) = self.within[id] {
            (id, column) = (whole, column + from);
        }
        (id, column)
    }

    /// In which stages the memory of each value is read.
    fn used(&self) -> Vec<Uses> {
        let mut used = vec![Uses::default(); self.plan.values.len()];
        let mut read = |id: usize, stage: Stage| used[self.root(id).0].stages[stage as usize] = true;
        for (id, value) in self.plan.values.iter().enumerate() {
            if let Some(stage) = self.stages[id] {
                value.inputs.iter().for_each(|input| read(*input, stage));
            }
        }
        self.plan.returned.iter().for_each(|id| read(*id, Stage::Step));
        self.plan.leaving[1..].iter().for_each(|id| read(*id, Stage::StepBack));
        read(self.plan.leaving[0], Stage::Gather);
        for id in (0..self.plan.values.len()).filter(|id| self.keep.keeps(*id)) {
            used[self.root(id).0].shown = true;
        }
        used
    }

    fn is_given(&self, id: usize) -> bool {
        matches!(self.plan.values[id].instruction, Instruction::Given(_) | Instruction::Arriving(_))
    }

    fn is_computed(&self, id: usize) -> bool {
        let view =
            self.within[id].is_some() && matches!(self.plan.values[id].instruction, Instruction::Cut { .. });
        !self.is_given(id) && !view && !self.absorbed[id]
    }

    fn place(&self, id: usize, used: &[Uses], layout: &mut Layout) -> Location {
        let value = &self.plan.values[id];
        let width = value.form.width();
        let stride = if value.form.per_sample { width } else { 0 };
        let mut own = |home: Home| {
            layout.own += 1;
            (home, layout.own - 1)
        };
        let mut field = || {
            layout.fields.push(width);
            (Home::Field, layout.fields.len() - 1)
        };
        let used = &used[id];
        let everything = matches!(self.keep, Keep::Everything);
        let (home, index) = match (&value.instruction, self.stages[id]) {
            (Instruction::Given(0) | Instruction::Arriving(_), _) if everything => field(),
            (Instruction::Given(0), _) if used.during(Stage::Step, Stage::StepBack) => field(),
            (Instruction::Given(0), _) => (Home::Input, 0),
            (Instruction::Given(position), _) if value.form.per_sample => (Home::State, position - 1),
            (Instruction::Given(position), _) => (Home::Weight, position - 1 - self.plan.returned.len()),
            (Instruction::Arriving(_), _) if used.during(Stage::Gather, Stage::Total) => field(),
            (Instruction::Arriving(k), _) if !self.plan.leaving.contains(&id) => (Home::Arriving, *k),
            (Instruction::Arriving(_), _) => own(Home::Step),
            (_, None) => (Home::Nowhere, 0),
            _ if self.within[id].is_some() || self.absorbed[id] => (Home::Nowhere, 0),
            (_, Some(Stage::Total)) => match self.gradient_of(id) {
                Some(weight) => (Home::Gradient, weight),
                None => own(Home::Shared),
            },
            _ if !value.form.per_sample => own(Home::Shared),
            _ if used.shown => field(),
            (_, Some(Stage::Project | Stage::Step)) if used.during(Stage::StepBack, Stage::Total) => field(),
            (_, Some(Stage::StepBack)) if used.during(Stage::Gather, Stage::Total) => field(),
            (_, Some(Stage::Step | Stage::StepBack)) => own(Home::Step),
            _ => own(Home::Block),
        };
        Location { home, index, column: 0, stride, width }
    }

    /// The weight whose gradient this sum is, if it is nothing else.
    fn gradient_of(&self, id: usize) -> Option<usize> {
        let place = self.plan.totals.iter().position(|total| *total == id)?;
        (self.works[id] == Work::Sum && self.readers[id] == 1).then(|| self.plan.trained[place])
    }
}

/// How value `id` is computed, regardless of its readers.
pub(super) fn work(plan: &Plan, id: usize) -> Work {
    let value = &plan.values[id];
    match &value.instruction {
        Instruction::Binary(_) if value.inputs.iter().all(|input| fits(plan, *input, id)) => {
            Work::Elementwise
        }
        Instruction::Function(function) if function.finds() || *function == Function::Softmax => Work::Other,
        Instruction::Negate | Instruction::Function(_) | Instruction::Clip(..) if value.inputs.len() == 1 => {
            Work::Elementwise
        }
        Instruction::Product { left: false, .. }
            if plan.values[value.inputs[0]].form.per_sample
                && !plan.values[value.inputs[1]].form.per_sample
                && plan.stages[value.inputs[1]] == Some(Stage::Once) =>
        {
            Work::Product
        }
        Instruction::Join(_) => Work::Join,
        Instruction::OuterTotal | Instruction::Total => Work::Sum,
        _ => Work::Other,
    }
}

/// Whether `input` is a number or has as many rows and columns as `id`.
fn fits(plan: &Plan, input: usize, id: usize) -> bool {
    let (from, to) = (plan.values[input].form, plan.values[id].form);
    from.width() == 1 || (from.rows, from.columns) == (to.rows, to.columns)
}
