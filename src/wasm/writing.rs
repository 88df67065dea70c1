//! A language model that writes, as the page's worker holds it.

use js_sys::Float32Array;
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::convert::{Reply, from_js, thrown, to_js};
use super::experiment::experiment_from;
use super::replies::Parts;
use crate::data::Dataset;
use crate::experiment::Experiment;
use crate::session::stepping::Excerpt;
use crate::session::writing::{self, Clamp, Compared, WriterFacts};

/// Ids that were read or written.
#[derive(Serialize, Tsify)]
pub struct Written {
    /// The position of the first of them in the text.
    pub first: usize,
    /// Each as it stands in the text; a word with the space before it.
    pub pieces: Vec<String>,
    /// The probability with which each was drawn; NaN where it was given.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array")]
    pub probabilities: Float32Array,
    /// Gates and states of each, `[ids, row]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array")]
    pub rows: Float32Array,
    /// The characters or words that were given and that the model does not know.
    pub left_out: Vec<String>,
}

impl From<writing::Written> for Written {
    fn from(written: writing::Written) -> Self {
        Self {
            first: written.first,
            pieces: written.pieces,
            probabilities: Float32Array::from(written.probabilities.as_slice()),
            rows: Float32Array::from(written.rows.as_slice()),
            left_out: written.left_out,
        }
    }
}

/// How an id was chosen among those that could follow.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct WrittenChoice {
    /// The logits of the ids that could follow, in their order.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array")]
    pub logits: Float32Array,
    /// What these ids stand for.
    pub pieces: Vec<String>,
    /// The first of these ids; the others follow it.
    pub first_id: u16,
    /// The id that stands there.
    pub id: u16,
    /// The random number, from 0 to below 1, on which it was drawn, if it was.
    pub random: Option<f32>,
    /// The temperature now.
    pub temperature: f32,
}

/// Layers of the model over some of its text, for stepping through them.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct TakenApart {
    /// Their weights and first states, what the lowest of them reads, and the last layer.
    pub parts: Parts,
    /// The text of their step, where they are more than one cell of Keras.
    pub listing: Option<String>,
    /// The names of the layers, the lowest first.
    pub layers: Vec<String>,
    /// The layer whose outputs are read; nothing where the vectors of the ids are.
    pub reads: Option<String>,
    /// The first position that is read.
    pub first: usize,
    /// Whether the states before it are zero, because the model carries none.
    pub anew: bool,
    /// Which part of the text is read, and where the first states come from.
    pub excerpt: Excerpt,
    /// The class of the id that follows in the text.
    pub next: usize,
}

/// A text that was read aside.
#[derive(Serialize, Tsify)]
pub struct ReadText {
    /// What was read, id by id.
    pub pieces: Vec<String>,
    /// Gates and states of each, `[ids, row]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array")]
    pub rows: Float32Array,
}

/// A language model with the text that it writes. Every method throws `Failure`.
#[wasm_bindgen]
pub struct TextWriter(writing::Writer);

#[wasm_bindgen]
impl TextWriter {
    /// The model of an experiment with its first weights; `pack` is the text that it learns from, as the engine loads
    /// it.
    #[wasm_bindgen(constructor)]
    pub fn new(experiment: Ts<Experiment>, pack: &[u8]) -> Reply<TextWriter> {
        let experiment = experiment_from(&experiment).map_err(thrown)?;
        let made = Dataset::from_bytes(pack).and_then(|dataset| writing::Writer::new(&experiment, &dataset));
        made.map(Self).map_err(thrown)
    }

    /// The trained model of a file.
    pub fn shipped(bytes: &[u8]) -> Reply<TextWriter> {
        writing::Writer::shipped(bytes).map(Self).map_err(thrown)
    }

    /// Gives the model other weights: those of `Engine.weights` or `Engine.checkpoint`.
    pub fn take_weights(&mut self, bytes: &[u8]) -> Reply<()> {
        self.0.take_weights(bytes).map_err(thrown)
    }

    /// What is said of the model.
    pub fn facts(&self) -> Reply<Ts<WriterFacts>> {
        to_js(&self.0.facts())
    }

    /// A new text that begins with `text`; what follows is drawn from `seed`.
    pub fn begin(&mut self, text: &str, temperature: f32, seed: u32) -> Reply<Ts<Written>> {
        written(self.0.begin(text, temperature, u64::from(seed)))
    }

    /// Another temperature from the next id on.
    pub fn set_temperature(&mut self, temperature: f32) -> Reply<()> {
        self.0.set_temperature(temperature).map_err(thrown)
    }

    /// Writes `count` more ids.
    pub fn write(&mut self, count: u32) -> Reply<Ts<Written>> {
        written(self.0.write(count as usize))
    }

    /// Takes the text back to position `at`, which is the next to be written.
    pub fn rewind(&mut self, at: u32) -> Reply<()> {
        self.0.rewind(at as usize).map_err(thrown)
    }

    /// Takes the text back to position `at` and puts `id` there.
    pub fn branch(&mut self, at: u32, id: u16) -> Reply<Ts<Written>> {
        written(self.0.branch(at as usize, id))
    }

    /// How the id at position `at` was chosen.
    pub fn choice(&self, at: u32) -> Reply<Ts<WrittenChoice>> {
        let choice = self.0.choice(at as usize).map_err(thrown)?;
        let ids = (0..choice.logits.len()).map(|k| choice.first_id + k as u16);
        to_js(&WrittenChoice {
            pieces: ids.map(|id| self.0.piece(id)).collect(),
            logits: Float32Array::from(choice.logits.as_slice()),
            first_id: choice.first_id,
            id: choice.id,
            random: choice.random,
            temperature: choice.temperature,
        })
    }

    /// Holds these units and no others from the next id on.
    pub fn clamp(&mut self, clamps: Vec<Ts<Clamp>>) -> Reply<()> {
        let clamps = clamps.iter().map(|clamp| from_js("the unit", clamp)).collect::<crate::Result<_>>();
        clamps.and_then(|clamps| self.0.clamp(clamps)).map_err(thrown)
    }

    /// The model taken apart from `layer` on, with what that reads at the last `steps` positions up to `at`.
    pub fn parts(&self, layer: &str, at: u32, steps: u32) -> Reply<Ts<TakenApart>> {
        let taken = self.0.parts(layer, at as usize, steps as usize).map_err(thrown)?;
        to_js(&TakenApart {
            parts: taken.parts.into(),
            listing: taken.listing,
            layers: taken.layers,
            reads: taken.reads,
            first: taken.first,
            anew: taken.anew,
            excerpt: taken.excerpt,
            next: taken.next,
        })
    }

    /// Gates and states at each id of another text; the present one stays as it is.
    pub fn rows_of(&mut self, text: &str) -> Reply<Ts<ReadText>> {
        let (pieces, rows) = self.0.rows_of(text).map_err(thrown)?;
        to_js(&ReadText { pieces, rows: Float32Array::from(rows.as_slice()) })
    }

    /// What the model would write after `text` with these units held: `count` ids, each as it stands in the text.
    pub fn continued(
        &mut self,
        text: &str,
        count: u32,
        seed: u32,
        clamps: Vec<Ts<Clamp>>,
    ) -> Reply<Vec<String>> {
        let clamps = clamps.iter().map(|clamp| from_js("the unit", clamp)).collect::<crate::Result<_>>();
        let seed = u64::from(seed);
        let done = clamps.and_then(|clamps| self.0.continued(text, count as usize, seed, clamps));
        done.map_err(thrown)
    }

    /// What the model says comes next after two texts.
    pub fn compare(&mut self, first: &str, second: &str) -> Reply<Ts<Compared>> {
        to_js(&self.0.compare(first, second).map_err(thrown)?)
    }
}

fn written(done: crate::Result<writing::Written>) -> Reply<Ts<Written>> {
    to_js(&Written::from(done.map_err(thrown)?))
}
