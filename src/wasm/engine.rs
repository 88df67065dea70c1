//! The engine as the page's worker holds it.

use js_sys::Uint8Array;
use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::convert::{Reply, thrown, to_js};
use super::experiment::experiment_from;
use super::lockstep::{Lockstep, Seat};
use super::replies::{DatasetInfo, Parts, Report, Trace};
use crate::Result;
use crate::experiment::Experiment;
use crate::generate::Sampler;
use crate::session::{self, SetUp, Training};
use crate::train::checkpoint;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since the page or worker started.
    #[wasm_bindgen(js_namespace = performance)]
    pub(super) fn now() -> f64;
}

/// One data set and one model in training on it. Every method throws `Failure`.
#[wasm_bindgen]
#[derive(Default)]
pub struct Engine {
    pub(super) training: Training,
}

#[wasm_bindgen]
impl Engine {
    /// An engine without data.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a packed data set and returns what the page shows of it.
    pub fn load_dataset(&mut self, bytes: &[u8]) -> Reply<Ts<DatasetInfo>> {
        to_js(&DatasetInfo::from(self.training.load_dataset(bytes).map_err(thrown)?))
    }

    /// Builds the model of an experiment document and its training; returns summary, sizes and the majority baseline.
    pub fn set_up(&mut self, experiment: Ts<Experiment>) -> Reply<Ts<SetUp>> {
        let experiment = experiment_from(&experiment).map_err(thrown)?;
        to_js(&self.training.set_up(experiment).map_err(thrown)?)
    }

    /// Trains for about `budget_ms` milliseconds or `max_steps` optimizer steps; `max_steps` 0 only goes on with an
    /// evaluation that is under way. `finished` in the report: all steps are done and so is the evaluation behind them.
    pub fn train_for(&mut self, budget_ms: f64, max_steps: Option<f64>) -> Reply<Ts<Report>> {
        report(self.training.train_for(budget_ms, max_steps.map(|steps| steps as u64), now))
    }

    /// [`Self::train_for`], with the other workers of a group in every step.
    pub fn train_together(
        &mut self,
        budget_ms: f64,
        max_steps: Option<f64>,
        lockstep: Lockstep,
    ) -> Reply<Ts<Report>> {
        let most = max_steps.map(|steps| steps as u64);
        report(self.training.train_together(budget_ms, most, now, &mut Seat(lockstep)))
    }

    /// Makes one step that another worker leads; returns whether everybody came.
    pub fn follow(&mut self, lockstep: Lockstep) -> Reply<bool> {
        self.training.follow(&mut Seat(lockstep)).map_err(thrown)
    }

    /// Into how many blocks a batch is cut that workers may share, and how many 32-bit words a block has at most.
    pub fn blocks(&self) -> Reply<Vec<u32>> {
        let (count, capacity) = self.training.blocks().map_err(thrown)?;
        Ok(vec![count as u32, capacity as u32])
    }

    /// Exactly one optimizer step.
    pub fn step_once(&mut self) -> Reply<Ts<Report>> {
        report(self.training.step_once(now))
    }

    /// Changes the learning rate from the next step on.
    pub fn set_learning_rate(&mut self, rate: f64) -> Reply<()> {
        self.training.set_learning_rate(rate).map_err(thrown)
    }

    /// Starts the run at step 0 with these weights, as `OpenedNetwork.weights` gives them.
    pub fn start_from(&mut self, weights: &[u8]) -> Reply<()> {
        self.training.start_from(weights).map_err(thrown)
    }

    /// Back to step 0 with the same first weights.
    pub fn reset(&mut self) -> Reply<()> {
        self.training.reset().map_err(thrown)
    }

    /// A text through the model: words, predictions after each, gates and states.
    pub fn trace(&mut self, text: &str) -> Reply<Ts<Trace>> {
        to_js(&Trace::from(self.training.trace(text).map_err(thrown)?))
    }

    /// The model taken apart for stepping through its cell with a text.
    pub fn stepping_parts(&mut self, text: &str) -> Reply<Ts<Parts>> {
        to_js(&Parts::from(self.training.parts(text).map_err(thrown)?))
    }

    /// The run as bytes.
    pub fn checkpoint(&self) -> Reply<Uint8Array> {
        let file = self.training.checkpoint_file().map_err(thrown)?;
        // Piece by piece, so that the engine's memory, which never shrinks, does not grow by the whole file.
        let bytes = Uint8Array::new_with_length(file.byte_count() as u32);
        let mut from = 0;
        file.pieces(&mut |piece| {
            let to = from + piece.len() as u32;
            bytes.subarray(from, to).copy_from(piece);
            from = to;
        });
        Ok(bytes)
    }

    /// The weights alone as bytes, as [`Self::start_from`] takes them.
    pub fn weights(&self) -> Reply<Vec<u8>> {
        self.training.model().and_then(|model| checkpoint::save_weights(&model.parameters)).map_err(thrown)
    }

    /// Goes on with the run in `bytes`, made with the same configuration; returns its step.
    pub fn restore(&mut self, bytes: &[u8]) -> Reply<f64> {
        self.training.restore(bytes).map(|step| step as f64).map_err(thrown)
    }

    /// What the language model as it is now adds to `text`: `length` characters or words.
    pub fn write_line(&mut self, text: &str, length: u32, temperature: f32, seed: u32) -> Reply<String> {
        let sampler = Sampler::new(temperature, u64::from(seed)).map_err(thrown)?;
        self.training.write_line(text, length as usize, sampler).map_err(thrown)
    }

    /// Sixteen hexadecimal digits that differ for different weights.
    pub fn weights_hash(&self) -> Reply<String> {
        self.training.weights_hash().map(|hash| format!("{hash:016x}")).map_err(thrown)
    }
}

fn report(done: Result<session::Report>) -> Reply<Ts<Report>> {
    to_js(&Report::from(done.map_err(thrown)?))
}
