//! How a language model reads a text: one id after the other.

use std::ops::Range;

use crate::data::{Unit, Vocabulary};
use crate::experiment::{Experiment, Reading};
use crate::layers::Shape;
use crate::layers::recurrent::Carried;
use crate::math::elementary::ln;
use crate::model::{Mode, Sequential};
use crate::{Error, Result};

/// What a model knows of the text before an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// Its states, which it carries from id to id.
    Carried,
    /// The last so many ids, which it reads anew for each.
    Window(usize),
}

/// What a model knows of a text when it reads on.
#[derive(Debug, Clone, PartialEq)]
pub struct Memory {
    /// The last ids, for a model that reads a window of them again; otherwise none.
    ids: Vec<u32>,
    /// The states of a model that carries them.
    states: Vec<Option<Carried>>,
}

impl Memory {
    /// How many numbers it holds.
    pub fn size(&self) -> usize {
        let states = self.states.iter().flatten().flat_map(|carried| &carried.states);
        self.ids.len() + states.map(Vec::len).sum::<usize>()
    }
}

/// The smallest id that can be drawn: ids that stand for nothing never are.
pub fn first_drawn(vocabulary: &Vocabulary) -> usize {
    usize::from(vocabulary.unit() == Unit::RankedWord)
}

/// The place of a model in a text.
#[derive(Debug, Clone)]
pub struct Reader {
    context: Context,
    /// The ids that stand for something: these can follow.
    ids: Range<usize>,
    from_logits: bool,
    /// The ids that the model reads next, where it carries no states.
    window: Vec<u32>,
}

impl Reader {
    /// The beginning of a text for the model of `experiment`, which has the words or characters of `vocabulary`.
    ///
    /// # Errors
    /// If the experiment is no language model, or the model does not give one number for each id.
    pub fn of(experiment: &Experiment, model: &Sequential, vocabulary: &Vocabulary) -> Result<Self> {
        let reading = &experiment.data.reading;
        if !reading.is_language_model() {
            let found = format!("`{}`", experiment.title);
            return Err(Error::value("the experiment", "a language model, such as moby-dick", found));
        }
        let ids = first_drawn(vocabulary)..vocabulary.num_words();
        let outputs = model.output_shape().features().unwrap_or(0);
        if outputs < ids.end || !matches!(model.input_shape(), Shape::Ids { .. }) {
            let expected = format!("{}, one for each entry of the vocabulary", ids.end);
            return Err(Error::value("the number of outputs of the model", expected, outputs));
        }
        let longest = reading.timesteps().unwrap_or(usize::MAX);
        let is_pair = matches!(reading, Reading::WordPairs { .. });
        let context = match model.is_stateful() && !is_pair {
            true => Context::Carried,
            false => Context::Window(longest),
        };
        Ok(Self { context, ids, from_logits: experiment.compile.from_logits, window: Vec::new() })
    }

    /// What the model knows of the text before an id.
    pub fn context(&self) -> Context {
        self.context
    }

    /// Back to the beginning of a text.
    pub fn forget(&mut self, model: &mut Sequential) {
        self.window.clear();
        model.reset_states();
    }

    /// The ids that were read last, after the states of the model have been put back by another.
    pub fn remember(&mut self, read: impl Iterator<Item = u16>) {
        self.window = read.map(u32::from).collect();
    }

    /// How many of the last ids [`Self::remember`] needs.
    pub fn remembered(&self) -> usize {
        match self.context {
            Context::Carried => 0,
            Context::Window(longest) => longest,
        }
    }

    /// Reads one id; what comes next is [`Self::logits`].
    ///
    /// # Errors
    /// If the model cannot read a text of this length.
    pub fn read(&mut self, model: &mut Sequential, id: u16) -> Result<()> {
        self.read_all(model, &[id])
    }

    /// Reads some ids at once.
    ///
    /// # Errors
    /// If there are none, or the model cannot read a text of this length.
    pub fn read_all(&mut self, model: &mut Sequential, ids: &[u16]) -> Result<()> {
        if ids.is_empty() {
            return Err(Error::format("the text", "there is nothing in it that the model can read"));
        }
        let ids = ids.iter().map(|id| u32::from(*id));
        match self.context {
            Context::Carried => self.window = ids.collect(),
            Context::Window(longest) => {
                self.window.extend(ids);
                self.window.drain(..self.window.len().saturating_sub(longest));
                model.reset_states();
            }
        }
        let input = model.input_mut();
        input.set_ids(self.window.len(), 1);
        input.ids.copy_from_slice(&self.window);
        model.forward(Mode::INFERENCE)
    }

    /// What a model knows of the text so far when it reads on; its states are taken from it.
    pub fn memory(&self, model: &mut Sequential) -> Memory {
        let ids = match self.context {
            Context::Carried => Vec::new(),
            Context::Window(_) => self.window.clone(),
        };
        Memory { ids, states: model.take_states() }
    }

    /// Back to what was known.
    pub fn recall(&mut self, model: &mut Sequential, memory: &Memory) {
        model.restore_states(memory.states.clone());
        self.window.clone_from(&memory.ids);
    }

    /// The logits of the ids that can follow what was read last, and the first of these ids. Where the model gives
    /// probabilities they are the logarithms of these.
    pub fn logits(&self, model: &Sequential) -> (u16, Vec<f32>) {
        let output = model.output();
        let last = &output.data[output.data.len() - output.features..][self.ids.clone()];
        let logits = match self.from_logits {
            true => last.to_vec(),
            false => last.iter().map(|p| ln(p.max(f32::MIN_POSITIVE))).collect(),
        };
        (self.ids.start as u16, logits)
    }
}
