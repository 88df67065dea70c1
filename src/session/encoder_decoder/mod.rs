//! An encoder and a decoder in training on a task whose pairs are generated, with what a reader looks at: the answers
//! to sources that are held out, where the decoder looked, and its step.

mod answers;
mod keeping;
mod parts;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use answers::{Answer, Reached, WrittenCharacter};
pub use parts::DecoderParts;

use crate::data::pairs::{Pair, PairTask};
use crate::layers::Gradients;
use crate::math::Backend;
use crate::math::reduce::sum_of_squares;
use crate::model::encoder_decoder::{Attention, CellKind, Design, EncoderDecoder, MARK, PADDING};
use crate::train::examples::BlockLabels;
use crate::train::optimizer::numbers;
use crate::train::{Loss, Optimizer};
use crate::{Error, Result};

/// What a reader chooses.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct EncoderDecoderSettings {
    /// What is learned.
    pub task: PairTask,
    /// What the decoder sees of the source.
    pub attention: Attention,
    /// The cell of both.
    pub cell: CellKind,
    /// Units of both.
    pub units: usize,
    /// Names every random number.
    pub seed: u64,
    /// Adam's learning rate.
    pub learning_rate: f64,
}

/// The units that can be chosen: what can be stepped through.
pub const MOST_UNITS: usize = 64;
/// The first learning rate, where nothing else is chosen.
pub const LEARNING_RATE: f64 = 0.01;
/// Length of the vector of a character.
const FEATURES: usize = 32;
/// The learning rate is half of the first one after so many updates.
pub const HALVED_AFTER: u64 = 1000;
/// Pairs of an update.
pub const BATCH: usize = 64;
/// Pairs that are held out and answered.
pub const HELD_OUT: usize = 300;
/// The answers are written anew after so many updates.
pub const EVERY: u64 = 50;

impl EncoderDecoderSettings {
    /// A task with attention of this kind, and what was measured to learn it.
    pub fn of(task: PairTask, attention: Attention) -> Self {
        Self { task, attention, cell: CellKind::Gru, units: 64, seed: 1, learning_rate: LEARNING_RATE }
    }

    fn design(&self) -> Result<Design> {
        if !(1..=MOST_UNITS).contains(&self.units) {
            return Err(Error::value("the number of units", format!("1 to {MOST_UNITS}"), self.units));
        }
        let ids = |characters: &str| characters.chars().count() + 1;
        Ok(Design {
            cell: self.cell,
            attention: self.attention,
            units: self.units,
            features: FEATURES,
            positions: self.task.longest().0,
            source_ids: ids(self.task.source_characters()),
            target_ids: ids(self.task.answer_characters()),
        })
    }
}

/// A run.
pub struct Session {
    settings: EncoderDecoderSettings,
    model: EncoderDecoder,
    optimizer: Optimizer,
    gradients: Gradients,
    labels: BlockLabels,
    held_out: Vec<Pair>,
    answers: Vec<Answer>,
    answered_at: u64,
    losses: Vec<f32>,
    reached: Vec<Reached>,
}

impl Session {
    /// A run that has not begun: the first answers are those of random weights.
    ///
    /// # Errors
    /// Names what cannot be chosen.
    pub fn new(settings: EncoderDecoderSettings) -> Result<Self> {
        let model = EncoderDecoder::new(settings.design()?, settings.seed)?;
        let optimizer = optimizer(settings.learning_rate);
        let mut session = Self {
            optimizer: Optimizer::from_keras(&optimizer, &model.parameters)?,
            gradients: model.new_gradients(),
            labels: BlockLabels::default(),
            held_out: settings.task.held_out(settings.seed, HELD_OUT),
            answers: Vec::new(),
            answered_at: 0,
            losses: Vec::new(),
            reached: Vec::new(),
            model,
            settings,
        };
        session.judge()?;
        Ok(session)
    }

    /// What was chosen.
    pub fn settings(&self) -> &EncoderDecoderSettings {
        &self.settings
    }

    /// The model.
    pub fn model(&self) -> &EncoderDecoder {
        &self.model
    }

    /// Updates made so far.
    pub fn updates(&self) -> u64 {
        self.optimizer.update_count()
    }

    /// The loss of each update before it: the mean of −ln p over the characters of its answers, p being the
    /// probability of the right one.
    pub fn losses(&self) -> &[f32] {
        &self.losses
    }

    /// One update; the answers to what is held out are written anew after every [`EVERY`].
    ///
    /// # Errors
    /// If loss or gradient are not finite; the weights are then left as they were.
    pub fn update(&mut self) -> Result<f32> {
        let update = self.updates();
        let pairs = self.settings.task.batch(self.settings.seed, update, BATCH);
        self.fill(&pairs);
        self.model.forward()?;
        let characters = self.hide_padding(&pairs);
        let loss = Loss::SparseCategoricalCrossentropy { from_logits: true };
        let (logits, gradient) = self.model.logits_and_gradient();
        loss.check_block(logits, &self.labels)?;
        let score = loss.evaluate(logits, &self.labels, 1.0 / characters as f32, gradient);
        self.gradients.clear();
        self.model.backward(&mut self.gradients);
        let mean = score.mean_loss();
        if !mean.is_finite() || !self.is_finite() {
            return Err(Error::NotFinite { what: "the loss or its gradient".into(), update: update + 1 });
        }
        self.optimizer.apply(Backend::best(), &mut self.model.parameters, &mut self.gradients);
        self.losses.push(mean);
        if self.updates().is_multiple_of(EVERY) {
            self.judge()?;
        }
        Ok(mean)
    }

    fn is_finite(&mut self) -> bool {
        let count = self.model.parameters.specs().len();
        (0..count).all(|index| sum_of_squares(numbers(&mut self.gradients, index)).is_finite())
    }

    /// Writes sources, what the decoder reads and what it should say.
    fn fill(&mut self, pairs: &[Pair]) {
        let task = self.settings.task;
        fill_sources(&mut self.model, task, pairs.iter().map(|pair| pair.source.as_str()));
        let steps = pairs.iter().map(|pair| pair.answer.chars().count() + 1).max().unwrap_or(1);
        let target = self.model.target_mut();
        target.set_ids(steps, pairs.len());
        self.labels.classes.clear();
        self.labels.classes.resize(steps * pairs.len(), MARK);
        for (b, pair) in pairs.iter().enumerate() {
            for (t, id) in ids(task.answer_characters(), &pair.answer).enumerate() {
                self.labels.classes[t * pairs.len() + b] = id;
                target.ids[(t + 1) * pairs.len() + b] = id;
            }
        }
    }

    /// Masks what follows on the end of each answer; returns how many characters and marks count.
    fn hide_padding(&mut self, pairs: &[Pair]) -> usize {
        let logits = self.model.logits_mut();
        let lengths: Vec<usize> = pairs.iter().map(|pair| pair.answer.chars().count() + 1).collect();
        logits.mask.clear();
        for t in 0..logits.timesteps {
            logits.mask.extend(lengths.iter().map(|length| t < *length));
        }
        lengths.iter().sum()
    }
}

/// Adam, whose rate falls to a half after [`HALVED_AFTER`] updates and to a third after twice as many.
fn optimizer(learning_rate: f64) -> Value {
    let schedule =
        json!({ "initial_learning_rate": learning_rate, "decay_steps": HALVED_AFTER, "decay_rate": 1.0 });
    let rate = json!({ "class_name": "InverseTimeDecay", "config": schedule });
    json!({ "class_name": "Adam", "config": { "learning_rate": rate, "global_clipnorm": 1.0 } })
}

/// The ids of the characters of `text`, from 1; characters that there are not are left out.
fn ids(characters: &str, text: &str) -> impl Iterator<Item = u32> {
    text.chars().filter_map(|c| characters.chars().position(|known| known == c)).map(|at| at as u32 + 1)
}

/// What an id of an answer stands for; nothing for the mark.
fn character(characters: &str, id: u32) -> Option<char> {
    characters.chars().nth((id as usize).checked_sub(1)?)
}

/// Writes `sources`, each padded behind.
fn fill_sources<'a>(
    model: &mut EncoderDecoder,
    task: PairTask,
    sources: impl ExactSizeIterator<Item = &'a str>,
) {
    let (positions, batch) = (model.design().positions, sources.len());
    let signal = model.source_mut();
    signal.set_ids(positions, batch);
    signal.ids.fill(PADDING);
    for (b, source) in sources.enumerate() {
        for (t, id) in ids(task.source_characters(), source).take(positions).enumerate() {
            signal.ids[t * batch + b] = id;
        }
    }
}
