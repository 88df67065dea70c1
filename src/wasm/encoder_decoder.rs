//! An encoder and a decoder in training.

use js_sys::Float32Array;
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::convert::{Reply, from_js, thrown, to_js};
use super::engine::now;
use super::replies::Parts;
use crate::data::pairs::PairTask;
use crate::session::encoder_decoder::{self, Answer, EncoderDecoderSettings, Reached, Session};

/// Answers that are shown: the first of those to what is held out.
const SHOWN: usize = 20;

/// What a run has become.
#[derive(Serialize, Tsify)]
pub struct EncoderDecoderProgress {
    /// Updates made.
    pub updates: u64,
    /// The losses that were asked for.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array")]
    pub losses: Float32Array,
    /// All shares that were right.
    pub reached: Vec<Reached>,
    /// The same of the last answers.
    pub standing: Reached,
    /// The first answers to what is held out.
    pub answers: Vec<Answer>,
}

/// What a task reads and writes.
#[derive(Serialize, Tsify)]
pub struct PairTaskFacts {
    /// The task.
    pub task: PairTask,
    /// The characters that it reads.
    pub source_characters: String,
    /// How many a source has at most.
    pub longest_source: usize,
    /// Pairs that are held out and answered.
    pub held_out: usize,
    /// Pairs of an update.
    pub batch: usize,
    /// The answers are written anew after so many updates.
    pub every: u64,
}

/// A decoder that answers one source, for stepping through it.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct DecoderParts {
    /// Its weights, first states, and what it reads.
    pub parts: Parts,
    /// The text of its step; nothing where it is Keras' cell.
    pub listing: Option<&'static str>,
    /// How many positions its listing has.
    pub positions: usize,
    /// The class that it writes after the last step.
    pub written: usize,
}

/// An encoder and a decoder in training. Every method throws `Failure`.
#[wasm_bindgen]
pub struct EncoderDecoderRun(Session);

#[wasm_bindgen]
impl EncoderDecoderRun {
    /// A run that has not begun.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: Ts<EncoderDecoderSettings>) -> Reply<EncoderDecoderRun> {
        let made = from_js("the choice", &settings).and_then(Session::new);
        made.map(Self).map_err(thrown)
    }

    /// The run that `save` has written.
    pub fn restore(bytes: &[u8]) -> Reply<EncoderDecoderRun> {
        Session::restore(bytes).map(Self).map_err(thrown)
    }

    /// The run as bytes.
    pub fn save(&self) -> Reply<Vec<u8>> {
        self.0.save().map_err(thrown)
    }

    /// What its task reads and writes.
    pub fn facts(&self) -> Reply<Ts<PairTaskFacts>> {
        let task = self.0.settings().task;
        to_js(&PairTaskFacts {
            task,
            source_characters: task.source_characters().to_owned(),
            longest_source: task.longest().0,
            held_out: encoder_decoder::HELD_OUT,
            batch: encoder_decoder::BATCH,
            every: encoder_decoder::EVERY,
        })
    }

    /// Trains for about `budget_ms` milliseconds, at least one update; returns the updates made so far.
    pub fn train_for(&mut self, budget_ms: f64) -> Reply<f64> {
        let end = now() + budget_ms;
        loop {
            self.0.update().map_err(thrown)?;
            if now() >= end {
                return Ok(self.0.updates() as f64);
            }
        }
    }

    /// Writes the answers to what is held out anew, with the weights of now.
    pub fn answer(&mut self) -> Reply<()> {
        self.0.answer_held_out().map_err(thrown)
    }

    /// What the run has become, with the losses from update `from` on.
    pub fn progress(&self, from: u32) -> Reply<Ts<EncoderDecoderProgress>> {
        let losses = self.0.losses();
        to_js(&EncoderDecoderProgress {
            updates: self.0.updates(),
            losses: Float32Array::from(&losses[(from as usize).min(losses.len())..]),
            reached: self.0.reached().to_vec(),
            standing: self.0.standing(),
            answers: self.0.answers().iter().take(SHOWN).cloned().collect(),
        })
    }

    /// The answer to a source of the reader's own.
    pub fn ask(&mut self, source: &str) -> Reply<Ts<Answer>> {
        to_js(&self.0.ask(source).map_err(thrown)?)
    }

    /// The decoder with what it reads until it has written `steps` characters of its answer to `source`.
    pub fn parts(&mut self, source: &str, steps: u32) -> Reply<Ts<DecoderParts>> {
        let taken = self.0.parts(source, steps as usize).map_err(thrown)?;
        to_js(&DecoderParts {
            parts: taken.parts.into(),
            listing: taken.listing,
            positions: taken.positions,
            written: taken.written,
        })
    }
}
