//! Optimizers with Keras' names, options and defaults.

mod adam;

use serde_json::Value;

use crate::layers::config::Section;
use crate::layers::weights::{GradientOf, TableGradient};
use crate::layers::{Gradients, Parameters};
use crate::math::Backend;
use crate::{Error, Result};

/// What one rule does to a run of numbers.
pub trait Rule: Send {
    /// Keras' class name.
    fn class_name(&self) -> &'static str;

    /// How many numbers the rule remembers for each parameter.
    fn slots(&self) -> usize;

    /// Whether a zero gradient leaves a parameter alone whose slots are zero, so that rows of a table that never had
    /// a gradient need no visit.
    fn rests_at_zero(&self) -> bool;

    /// Changes `parameters` by `gradient`; `slots[k]` has a number for each parameter.
    fn update(&self, at: At, parameters: &mut [f32], gradient: &[f32], slots: &mut [&mut [f32]]);
}

/// When and how fast an update happens.
#[derive(Debug, Clone, Copy)]
pub struct At {
    /// What the kernels run on.
    pub backend: Backend,
    /// The learning rate now.
    pub learning_rate: f32,
    /// The number of this update, from 1.
    pub step: u64,
}

/// An optimizer: a rule, the learning rate, and what the rule remembers.
pub struct Optimizer {
    rule: Box<dyn Rule>,
    learning_rate: f32,
    step: u64,
    slots: Vec<Vec<f32>>,
    /// For each table: its rows that ever had a gradient.
    visited: Vec<Visited>,
    zeros: Vec<f32>,
}

#[derive(Debug, Clone, Default)]
struct Visited {
    rows: Vec<u32>,
    is_visited: Vec<bool>,
}

impl Optimizer {
    /// Reads Keras' configuration, `{"class_name": "Adam", "config": {"learning_rate": 0.001}}`, for `parameters`.
    ///
    /// # Errors
    /// Names the option that cannot be used.
    pub fn from_keras(config: &Value, parameters: &Parameters) -> Result<Self> {
        let section = Section::of(config, "optimizer");
        let class = section.text_or("class_name", "")?.to_lowercase();
        let empty = Value::Null;
        let options = Section::of(section.raw("config").unwrap_or(&empty), "optimizer");
        let (rule, default_rate): (Box<dyn Rule>, f64) = match class.as_str() {
            "adam" => (Box::new(adam::Adam::from_config(&options)?), 0.001),
            _ => return Err(Error::config("optimizer.class_name", "one of Adam", class)),
        };
        let rate = options.number_or("learning_rate", options.number_or("lr", default_rate)?)?;
        let mut optimizer = Self {
            slots: vec![vec![0.0; parameters.values().len()]; rule.slots()],
            rule,
            learning_rate: 0.0,
            step: 0,
            visited: vec![Visited::default(); parameters.specs().len()],
            zeros: Vec::new(),
        };
        optimizer.set_learning_rate(rate)?;
        Ok(optimizer)
    }

    /// Changes the learning rate from the next step on.
    ///
    /// # Errors
    /// If it is negative or not finite.
    pub fn set_learning_rate(&mut self, rate: f64) -> Result<()> {
        if !(rate.is_finite() && rate >= 0.0) {
            return Err(Error::config("optimizer.learning_rate", "a number of at least 0", rate));
        }
        self.learning_rate = rate as f32;
        Ok(())
    }

    /// The learning rate of the next step.
    pub fn learning_rate(&self) -> f32 {
        self.learning_rate
    }

    /// Updates done so far.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// One update of all trainable weights.
    pub fn apply(&mut self, backend: Backend, parameters: &mut Parameters, gradients: &mut Gradients) {
        self.step += 1;
        let at = At { backend, learning_rate: self.learning_rate, step: self.step };
        for index in 0..parameters.specs().len() {
            let spec = &parameters.specs()[index];
            if !spec.trainable {
                continue;
            }
            let range = spec.offset()..spec.offset() + spec.count();
            let values = &mut parameters.values_mut()[range.clone()];
            match gradients.of(index) {
                GradientOf::Dense(gradient) => {
                    let mut slots: Vec<_> =
                        self.slots.iter_mut().map(|slot| &mut slot[range.clone()]).collect();
                    self.rule.update(at, values, gradient, &mut slots);
                }
                GradientOf::Table(table) => self.apply_to_table(at, index, (values, range.start), table),
            }
        }
    }

    /// Visits the rows of a table that have a gradient now or ever had one: for all others the dense update that Keras
    /// does would change nothing.
    fn apply_to_table(
        &mut self,
        at: At,
        index: usize,
        (values, offset): (&mut [f32], usize),
        table: &TableGradient,
    ) {
        let width = table.width();
        self.zeros.resize(width, 0.0);
        let visited = &mut self.visited[index];
        visited.is_visited.resize(values.len() / width, false);
        let rests = self.rule.rests_at_zero();
        let fresh = table.iter().map(|(id, _)| id);
        let everything = 0..visited.is_visited.len() as u32;
        let new_rows: Box<dyn Iterator<Item = u32>> =
            if rests { Box::new(fresh) } else { Box::new(everything) };
        for id in new_rows {
            if !std::mem::replace(&mut visited.is_visited[id as usize], true) {
                visited.rows.push(id);
            }
        }
        for id in &visited.rows {
            let start = *id as usize * width;
            let gradient = table.row(*id).unwrap_or(&self.zeros);
            let slots = &mut self.slots;
            let mut slots: Vec<_> =
                slots.iter_mut().map(|slot| &mut slot[offset + start..][..width]).collect();
            self.rule.update(at, &mut values[start..start + width], gradient, &mut slots);
        }
    }
}
