//! The coefficients of every step of a recording, or the operation that has none.

use std::collections::HashMap;

use super::Obstacle;
use super::rows::{Row, Rows};
use crate::listing::{Binary, Form, Function, Instruction, Node, Op, Pass, Plan, Recording};

/// A linear step for each timestep.
#[derive(Debug)]
pub(super) struct Steps {
    pub(super) steps: Vec<Rows>,
    /// Whether the coefficients depend on the input.
    pub(super) timed: bool,
}

/// A value that depends on the states.
#[derive(Clone)]
struct Linear {
    rows: Vec<Row>,
    /// Whether a factor in it depends on the input.
    timed: bool,
}

impl Steps {
    /// The steps of the states `carried`.
    ///
    /// # Errors
    /// The first operation of the text on the way from the old to the new states that is not linear in them.
    pub(super) fn of(recording: &Recording, carried: &[usize]) -> Result<Self, Obstacle> {
        let graph = recording.listing().graph();
        let plan = recording.plan();
        let mut node_of = HashMap::new();
        for (node, id) in plan.forward.iter().enumerate() {
            node_of.entry(*id).or_insert(node);
        }
        let returned: Vec<usize> = carried.iter().map(|state| graph.returns[*state]).collect();
        let needed = graph.needed_for(&returned);
        let moves = graph.depends_on(|position| carried.iter().any(|state| state + 1 == position));
        let (mut steps, mut timed) = (Vec::new(), false);
        for t in 0..recording.timesteps() {
            let mut step = Step { recording, plan, node_of: &node_of, t, made: HashMap::new() };
            let mut offset = 0;
            for state in carried {
                let id = plan.forward[state + 1];
                let width = plan.values[id].form.width();
                let own = |k| Row { terms: vec![(offset + k, 1.0)], rest: 0.0 };
                step.made.insert(id, Linear { rows: (0..width).map(own).collect(), timed: false });
                offset += width;
            }
            for (node, _) in graph.nodes.iter().enumerate().filter(|(node, _)| needed[*node] && moves[*node])
            {
                let id = plan.forward[node];
                if step.made.contains_key(&id) {
                    continue;
                }
                let Some(made) = step.linear(id) else { return Err(obstacle(recording, node, &moves)) };
                step.made.insert(id, made);
            }
            let mut rows = Vec::new();
            for node in &returned {
                let Linear { rows: own, timed: own_timed } = step.operand(plan.forward[*node]);
                timed |= own_timed;
                rows.extend(own);
            }
            steps.push(Rows(rows));
        }
        Ok(Self { steps, timed })
    }
}

fn obstacle(recording: &Recording, node: usize, moves: &[bool]) -> Obstacle {
    let listing = recording.listing();
    let Node { op, inputs, span, .. } = &listing.graph().nodes[node];
    let text = listing.source().lines().nth(span.line.saturating_sub(1)).unwrap_or_default();
    let of_two = inputs.iter().filter(|input| moves[**input]).count() > 1
        && matches!(op, Op::Binary(_) | Op::MatMul { .. } | Op::Outer);
    let operation = match op {
        Op::Function(function) => function.name().to_string(),
        op => op.symbol().to_string(),
    };
    Obstacle { line: span.line, operation, of_two, text: text.trim().to_string() }
}

struct Step<'a> {
    recording: &'a Recording,
    plan: &'a Plan,
    node_of: &'a HashMap<usize, usize>,
    t: usize,
    made: HashMap<usize, Linear>,
}

impl Step<'_> {
    /// A value as rows; one that does not depend on the states is all rest.
    fn operand(&self, id: usize) -> Linear {
        match self.made.get(&id) {
            Some(made) => made.clone(),
            None => Linear { rows: self.numbers(id).into_iter().map(Row::constant).collect(), timed: false },
        }
    }

    /// The numbers of a value that does not depend on the states.
    fn numbers(&self, id: usize) -> Vec<f32> {
        let node = self.node_of.get(&id);
        node.map_or_else(Vec::new, |node| {
            self.recording.value(Pass::Forward, self.t, *node).into_iter().collect()
        })
    }

    fn is_steady(&self, id: usize) -> bool {
        !self.made.contains_key(&id)
    }

    fn form(&self, id: usize) -> Form {
        self.plan.values[id].form
    }

    /// The place in an input, spread as numpy does, of number `at` of a value with `columns` columns.
    fn spread(&self, id: usize, at: usize, columns: usize) -> usize {
        let form = self.form(id);
        let step = |length: usize| usize::from(length != 1);
        (at / columns) * step(form.rows) * form.columns + (at % columns) * step(form.columns)
    }

    /// The value `id`, if it is linear in the states.
    fn linear(&self, id: usize) -> Option<Linear> {
        let value = &self.plan.values[id];
        let (form, inputs) = (value.form, &value.inputs);
        let of = |k: usize| self.operand(inputs[k]);
        let timed = inputs.iter().any(|input| self.made.get(input).is_some_and(|made| made.timed));
        let rows = match &value.instruction {
            Instruction::Negate => of(0).rows.iter().map(|row| row.scaled(-1.0)).collect(),
            Instruction::Binary(operation @ (Binary::Add | Binary::Subtract)) => {
                let (left, right) = (of(0).rows, of(1).rows);
                let factor = if *operation == Binary::Add { 1.0 } else { -1.0 };
                let sum = |at: usize| {
                    let mut row = left[self.spread(inputs[0], at, form.columns)].clone();
                    row.add(&right[self.spread(inputs[1], at, form.columns)], factor);
                    row
                };
                (0..form.width()).map(sum).collect()
            }
            Instruction::Binary(Binary::Multiply) => return self.product(id, timed),
            Instruction::Binary(Binary::Divide) if self.is_steady(inputs[1]) => {
                let (left, right) = (of(0).rows, self.numbers(inputs[1]));
                let ratio = |at: usize| {
                    let by = right[self.spread(inputs[1], at, form.columns)];
                    let row = &left[self.spread(inputs[0], at, form.columns)];
                    let terms = row.terms.iter().map(|(k, factor)| (*k, factor / by)).collect();
                    Row { terms, rest: row.rest / by }
                };
                let timed = timed || self.form(inputs[1]).per_sample;
                return Some(Linear { rows: (0..form.width()).map(ratio).collect(), timed });
            }
            Instruction::Function(Function::Where) if self.is_steady(inputs[0]) => {
                let (condition, one, other) = (self.numbers(inputs[0]), of(1).rows, of(2).rows);
                let chosen = |at: usize| match condition[self.spread(inputs[0], at, form.columns)] != 0.0 {
                    true => one[self.spread(inputs[1], at, form.columns)].clone(),
                    false => other[self.spread(inputs[2], at, form.columns)].clone(),
                };
                let timed = timed || self.form(inputs[0]).per_sample;
                return Some(Linear { rows: (0..form.width()).map(chosen).collect(), timed });
            }
            Instruction::Product { .. } | Instruction::Outer => return self.sum_of_products(id, timed),
            Instruction::Sum(axis) => {
                let (from, source) = (of(0).rows, self.form(inputs[0]));
                let mut sums = vec![Row::default(); form.width()];
                for (at, row) in from.iter().enumerate() {
                    let to = match axis {
                        None => 0,
                        Some(0) => at % source.columns,
                        Some(_) => at / source.columns,
                    };
                    sums[to].add(row, 1.0);
                }
                sums
            }
            _ => self.moved(id)?,
        };
        Some(Linear { rows, timed })
    }

    /// A product number by number, one side of which does not depend on the states.
    fn product(&self, id: usize, timed: bool) -> Option<Linear> {
        let (form, inputs) = (self.form(id), &self.plan.values[id].inputs);
        let (moving, steady) = match (self.is_steady(inputs[0]), self.is_steady(inputs[1])) {
            (false, true) => (inputs[0], inputs[1]),
            (true, false) => (inputs[1], inputs[0]),
            _ => return None,
        };
        let (rows, factors) = (self.operand(moving).rows, self.numbers(steady));
        let scaled = |at: usize| {
            let factor = factors[self.spread(steady, at, form.columns)];
            rows[self.spread(moving, at, form.columns)].scaled(factor)
        };
        let timed = timed || self.form(steady).per_sample;
        Some(Linear { rows: (0..form.width()).map(scaled).collect(), timed })
    }

    /// A matrix product or an outer product, one side of which does not depend on the states.
    fn sum_of_products(&self, id: usize, timed: bool) -> Option<Linear> {
        let value = &self.plan.values[id];
        let (form, inputs) = (value.form, &value.inputs);
        let left_moves = !self.is_steady(inputs[0]);
        if left_moves && !self.is_steady(inputs[1]) {
            return None;
        }
        let (moving, steady) = if left_moves { (inputs[0], inputs[1]) } else { (inputs[1], inputs[0]) };
        let (rows, factors) = (self.operand(moving).rows, self.numbers(steady));
        let (a, b) = (self.form(inputs[0]), self.form(inputs[1]));
        let entry = |at: usize| {
            let (row, column) = (at / form.columns, at % form.columns);
            let mut sum = Row::default();
            let mut add = |in_a: usize, in_b: usize| {
                let (of_rows, of_factors) = if left_moves { (in_a, in_b) } else { (in_b, in_a) };
                sum.add(&rows[of_rows], factors[of_factors]);
            };
            match value.instruction {
                Instruction::Product { left, right } => {
                    let inner = if left { a.rows } else { a.columns };
                    for k in 0..inner {
                        let in_a = if left { k * a.columns + row } else { row * a.columns + k };
                        let in_b = if right { column * b.columns + k } else { k * b.columns + column };
                        add(in_a, in_b);
                    }
                }
                _ => add(row, column),
            }
            sum
        };
        let timed = timed || self.form(steady).per_sample;
        Some(Linear { rows: (0..form.width()).map(entry).collect(), timed })
    }

    /// What only moves numbers.
    fn moved(&self, id: usize) -> Option<Vec<Row>> {
        let value = &self.plan.values[id];
        let of = |k: usize| self.operand(value.inputs[k]).rows;
        Some(match &value.instruction {
            Instruction::Cut { rows, columns } => {
                let (from, width) = (of(0), self.form(value.inputs[0]).columns);
                let places =
                    (0..rows.count).flat_map(|row| (0..columns.count).map(move |column| (row, column)));
                places.map(|(row, column)| from[rows.at(row) * width + columns.at(column)].clone()).collect()
            }
            Instruction::Transpose => {
                let (from, source) = (of(0), self.form(value.inputs[0]));
                let place = |at: usize| (at % source.rows) * source.columns + at / source.rows;
                (0..from.len()).map(|at| from[place(at)].clone()).collect()
            }
            Instruction::Join(lines) => {
                let parts: Vec<Vec<Row>> = (0..value.inputs.len()).map(of).collect();
                let line = |line: usize| {
                    parts.iter().flat_map(move |part| {
                        let width = part.len() / lines;
                        part[line * width..(line + 1) * width].iter().cloned()
                    })
                };
                (0..*lines).flat_map(line).collect()
            }
            Instruction::Put { rows, columns } | Instruction::Grow { rows, columns } => {
                let (mut to, part) = (of(0), of(1));
                for (row, column) in (0..rows.count).flat_map(|row| (0..columns.count).map(move |c| (row, c)))
                {
                    let from =
                        &part[self.spread(value.inputs[1], row * columns.count + column, columns.count)];
                    let place = &mut to[rows.at(row) * value.form.columns + columns.at(column)];
                    match value.instruction {
                        Instruction::Put { .. } => place.clone_from(from),
                        _ => place.add(from, 1.0),
                    }
                }
                to
            }
            _ => return None,
        })
    }
}
