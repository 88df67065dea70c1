//! Optimizers with Keras' names, options and defaults.

mod adagrad;
mod adam;
mod clip;
mod options;
mod rmsprop;
mod sgd;
mod state;

use std::ops::Range;

use serde_json::{Value, json};

pub use clip::{Clip, numbers, scale};
pub use state::OptimizerState;

use super::schedule::Schedule;
use crate::layers::config::{Section, of_class};
use crate::layers::weights::{GradientOf, TableGradient};
use crate::layers::{Gradients, Parameters};
use crate::math::Backend;
use crate::math::update::Weights;
use crate::object;
use crate::{Error, Result};

/// What one rule does to a run of numbers.
pub trait Rule: Send {
    /// Keras' class name.
    fn class_name(&self) -> &'static str;

    /// The options of the rule itself as Keras 3 writes them.
    fn config(&self) -> Value;

    /// How many numbers of state the rule has for each parameter, Keras' slot variables.
    fn slots(&self) -> usize;

    /// What the slots hold before the first update.
    fn first_slot_value(&self) -> f32 {
        0.0
    }

    /// Whether a zero gradient leaves a parameter alone whose slots are as at first, so that rows of a table
    /// that never had a gradient need no visit.
    fn rests_at_zero(&self) -> bool;

    /// The learning rate with what the rule corrects in it at update `update`, counted from 1. It is computed
    /// once an update, while [`Self::update`] is called for every weight and every row of a table.
    fn step_size(&self, learning_rate: f32, _update: u64) -> f32 {
        learning_rate
    }

    /// Changes the weights by their gradient.
    fn update(&self, at: At, weights: Weights);
}

/// When and how fast an update happens.
#[derive(Debug, Clone, Copy)]
pub struct At {
    /// What the kernels run on.
    pub backend: Backend,
    /// The learning rate now.
    pub learning_rate: f32,
    /// What [`Rule::step_size`] made of it.
    pub step_size: f32,
}

/// Which rows of a table an update visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SparseUpdates {
    /// All of them, as Keras does: rows without a gradient still move by the rule's state, such as a
    /// momentum.
    Dense,
    /// Those that have a gradient in this batch: faster, but Keras does not do it.
    TouchedRows,
}

/// An optimizer: a rule, the learning rate, and the rule's state.
pub struct Optimizer {
    rule: Box<dyn Rule>,
    schedule: Schedule,
    clip: Clip,
    weight_decay: Option<f64>,
    sparse_updates: SparseUpdates,
    update_count: u64,
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
    /// Reads Keras' configuration, `{"class_name": "Adam", "config": {"learning_rate": 0.001}}`, or the name
    /// alone, for `parameters`. Beside Keras' options there is `sparse_embedding_updates`: `"dense"`, which
    /// is Keras', or `"touched_rows"`.
    ///
    /// # Errors
    /// Names the option that cannot be used.
    pub fn from_keras(config: &Value, parameters: &Parameters) -> Result<Self> {
        let named = object!({ "class_name": config });
        let section = Section::of(if config.is_string() { &named } else { config }, "optimizer");
        let class = section.text_or("class_name", "")?;
        let given = section.object("config")?.at("optimizer");
        let (rule, own, default_rate): (Box<dyn Rule>, _, f64) = match class.to_lowercase().as_str() {
            "sgd" => (Box::new(sgd::Sgd::from_config(&given)?), sgd::Sgd::OPTIONS, 0.01),
            "rmsprop" => (Box::new(rmsprop::RmsProp::from_config(&given)?), rmsprop::RmsProp::OPTIONS, 0.001),
            "adam" => (Box::new(adam::Adam::from_config("Adam", &given)?), adam::Adam::OPTIONS, 0.001),
            "adamw" => (Box::new(adam::Adam::from_config("AdamW", &given)?), adam::Adam::OPTIONS, 0.001),
            "adagrad" => (Box::new(adagrad::Adagrad::from_config(&given)?), adagrad::Adagrad::OPTIONS, 0.001),
            _ => {
                let expected = "one of SGD, RMSprop, Adam, AdamW, Adagrad";
                return Err(Error::config("optimizer.class_name", expected, class));
            }
        };
        given.only(&[options::COMMON, Clip::OPTIONS, own])?;
        options::check_unsupported(&given)?;
        let slot = vec![rule.first_slot_value(); parameters.values().len()];
        Ok(Self {
            slots: vec![slot; rule.slots()],
            schedule: options::schedule(&given, default_rate)?,
            clip: Clip::from_config(&given)?,
            weight_decay: options::weight_decay(&given, rule.class_name())?,
            sparse_updates: options::sparse_updates(&given)?,
            rule,
            update_count: 0,
            visited: vec![Visited::default(); parameters.specs().len()],
            zeros: Vec::new(),
        })
    }

    /// The configuration as Keras 3 writes it; the option that Keras does not have is written only where it
    /// is set.
    pub fn to_keras(&self) -> Value {
        let mut config = object!({
            "name": crate::layers::snake_case(self.rule.class_name()),
            "learning_rate": self.schedule.to_keras(),
            "weight_decay": self.weight_decay,
        });
        let rest = object!({
            "use_ema": false, "ema_momentum": 0.99, "ema_overwrite_frequency": Value::Null,
            "loss_scale_factor": Value::Null, "gradient_accumulation_steps": Value::Null,
        });
        if let Value::Object(config) = &mut config {
            for part in [self.clip.to_keras(), rest, self.rule.config()] {
                config.extend(part.as_object().cloned().unwrap_or_default());
            }
            if self.sparse_updates == SparseUpdates::TouchedRows {
                config.insert("sparse_embedding_updates".into(), json!("touched_rows"));
            }
        }
        let class = self.rule.class_name();
        of_class("keras.optimizers", class, config)
    }

    /// Changes the learning rate from the next update on; a schedule, if there was one, ends.
    ///
    /// # Errors
    /// If it is negative or not finite.
    pub fn set_learning_rate(&mut self, rate: f64) -> Result<()> {
        self.schedule = Schedule::constant(rate, "optimizer.learning_rate")?;
        Ok(())
    }

    /// The learning rate of the next update.
    pub fn learning_rate(&self) -> f32 {
        self.schedule.at(self.update_count) as f32
    }

    /// How the learning rate depends on the number of updates.
    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// How gradients are bounded.
    pub fn clip(&self) -> Clip {
        self.clip
    }

    /// Keras' class name of the rule.
    pub fn class_name(&self) -> &'static str {
        self.rule.class_name()
    }

    /// Updates made so far.
    pub fn update_count(&self) -> u64 {
        self.update_count
    }

    /// One update of all trainable weights.
    pub fn apply(&mut self, backend: Backend, parameters: &mut Parameters, gradients: &mut Gradients) {
        self.clip.apply(parameters, gradients);
        let learning_rate = self.learning_rate();
        self.update_count += 1;
        let step_size = self.rule.step_size(learning_rate, self.update_count);
        let at = At { backend, learning_rate, step_size };
        for index in 0..parameters.specs().len() {
            let spec = &parameters.specs()[index];
            if !spec.trainable {
                continue;
            }
            let range = spec.offset()..spec.offset() + spec.count();
            let values = &mut parameters.values_mut()[range.clone()];
            match gradients.of(index) {
                GradientOf::Dense(gradient) => {
                    let count = self.slots.len();
                    let mut slots = parts(&mut self.slots, range);
                    decay(self.weight_decay, learning_rate, values);
                    let slots = &mut slots[..count];
                    self.rule.update(at, Weights { parameters: values, gradient, slots });
                }
                GradientOf::Table(table) => self.apply_to_table(at, index, (values, range.start), table),
            }
        }
    }

    /// Visits the rows of a table that have a gradient now or ever had one: for all others the dense update
    /// that Keras does would change nothing, unless weights decay. With [`SparseUpdates::TouchedRows`] only
    /// the former.
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
        if self.sparse_updates == SparseUpdates::TouchedRows {
            visited.rows.clear();
            visited.rows.extend(table.iter().map(|(id, _)| id));
        } else {
            let rests = self.rule.rests_at_zero() && self.weight_decay.unwrap_or(0.0) == 0.0;
            visited.extend(values.len() / width, rests, table);
        }
        for id in &visited.rows {
            let start = *id as usize * width;
            let gradient = table.row(*id).unwrap_or(&self.zeros);
            let count = self.slots.len();
            let mut slots = parts(&mut self.slots, offset + start..offset + start + width);
            let row = &mut values[start..start + width];
            decay(self.weight_decay, at.learning_rate, row);
            let slots = &mut slots[..count];
            self.rule.update(at, Weights { parameters: row, gradient, slots });
        }
    }
}

/// No rule keeps more than this many numbers for a parameter.
const MOST_SLOTS: usize = 3;

/// The same part of every slot; places without a slot stay empty. An array, so that an update allocates
/// nothing.
fn parts(slots: &mut [Vec<f32>], range: Range<usize>) -> [&mut [f32]; MOST_SLOTS] {
    let mut slots = slots.iter_mut();
    std::array::from_fn(|_| slots.next().map_or(&mut [][..], |slot| &mut slot[range.clone()]))
}

impl Visited {
    /// Adds the rows that have a gradient now, or all `count` rows if no row rests.
    fn extend(&mut self, count: usize, rests: bool, table: &TableGradient) {
        self.is_visited.resize(count, false);
        if !rests && self.rows.len() < count {
            self.rows = (0..count as u32).collect();
            self.is_visited.fill(true);
        }
        for (id, _) in table.iter() {
            if !std::mem::replace(&mut self.is_visited[id as usize], true) {
                self.rows.push(id);
            }
        }
    }
}

/// Keras' decoupled weight decay, before the update: p ← p − p·decay·rate.
fn decay(weight_decay: Option<f64>, rate: f32, parameters: &mut [f32]) {
    if let Some(decay) = weight_decay {
        parameters.iter_mut().for_each(|p| *p -= *p * decay as f32 * rate);
    }
}
