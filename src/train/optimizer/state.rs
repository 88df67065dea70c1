//! The state of an optimizer, read and set: what a checkpoint needs.

use serde_json::Value;

use super::{Optimizer, Schedule, Visited};
use crate::layers::Parameters;
use crate::{Error, Result};

/// Everything that the next updates of an [`Optimizer`] depend on, besides its options.
#[derive(Debug, Clone, PartialEq)]
pub struct OptimizerState {
    /// The learning rate, unless a schedule says what it is.
    pub constant_rate: Option<f64>,
    /// Updates made so far.
    pub update_count: u64,
    /// The rule's slots: arrays with a number for each parameter.
    pub slots: Vec<Vec<f32>>,
    /// For each weight that is a table: its rows that ever had a gradient.
    pub visited: Vec<Vec<u32>>,
}

impl Optimizer {
    /// The options that must be equal for a state to be of use: all but a constant learning rate.
    pub fn lasting_options(&self) -> Value {
        let mut options = self.to_keras();
        if let (Schedule::Constant(_), Some(Value::Object(config))) =
            (&self.schedule, options.get_mut("config"))
        {
            config.remove("learning_rate");
        }
        options
    }

    /// Everything that the next updates depend on.
    pub fn state(&self) -> OptimizerState {
        let constant_rate = match self.schedule {
            Schedule::Constant(rate) => Some(rate),
            _ => None,
        };
        OptimizerState {
            constant_rate,
            update_count: self.update_count,
            slots: self.slots.clone(),
            visited: self.visited.iter().map(|visited| visited.rows.clone()).collect(),
        }
    }

    /// Goes on from `state`, which an optimizer with the same options made for weights like `parameters`.
    ///
    /// # Errors
    /// If it does not fit; nothing has been changed then.
    pub fn set_state(&mut self, state: OptimizerState, parameters: &Parameters) -> Result<()> {
        let lengths = |slots: &[Vec<f32>]| slots.iter().map(Vec::len).collect::<Vec<_>>();
        if lengths(&state.slots) != lengths(&self.slots) {
            let (expected, found) = (lengths(&self.slots), lengths(&state.slots));
            return Err(Error::shape("the optimizer's slots", &expected, &found));
        }
        if state.visited.len() != self.visited.len() {
            let (expected, found) = (self.visited.len(), state.visited.len());
            return Err(Error::shape("the optimizer's visited rows", &[expected], &[found]));
        }
        let mut all = Vec::new();
        for (rows, spec) in state.visited.into_iter().zip(parameters.specs()) {
            let visited = Visited::of(rows, spec.shape.first().copied().unwrap_or(0));
            all.push(visited.map_err(|row| {
                let what = format!("every visited row of `{}`", spec.name);
                Error::value(what, "one of its rows, named once", row)
            })?);
        }
        if let Some(rate) = state.constant_rate {
            self.set_learning_rate(rate)?;
        }
        (self.update_count, self.slots, self.visited) = (state.update_count, state.slots, all);
        Ok(())
    }
}

impl Visited {
    /// The visit of `rows` among `count`; the row that does not exist or stands twice is the error.
    fn of(rows: Vec<u32>, count: usize) -> std::result::Result<Self, u32> {
        let mut is_visited = vec![false; if rows.is_empty() { 0 } else { count }];
        for row in &rows {
            match is_visited.get_mut(*row as usize) {
                Some(seen) if !*seen => *seen = true,
                _ => return Err(*row),
            }
        }
        Ok(Self { rows, is_visited })
    }
}
