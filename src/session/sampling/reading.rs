//! What a language model says comes next.

use crate::data::{Unit, Vocabulary};
use crate::experiment::{Experiment, Reading};
use crate::layers::recurrent::Carried;
use crate::math::elementary::ln;
use crate::model::{Mode, Sequential};
use crate::train::examples::BlockLabels;
use crate::train::{Examples, Labels};
use crate::{Error, Result};

/// A language model that reads one text.
pub struct Reader<'a> {
    /// The model.
    pub model: &'a mut Sequential,
    /// How texts are read.
    pub experiment: &'a Experiment,
    /// What ids stand for.
    pub vocabulary: &'a Vocabulary,
}

/// What a model knows of a text when it reads on.
#[derive(Debug, Clone, PartialEq)]
pub struct Memory {
    /// The last ids, for a model that reads a window of them again; otherwise none.
    ids: Vec<u16>,
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

impl Reader<'_> {
    /// Reads the beginning of a text; gives what is known then, and the logits of all ids that can come next, the first
    /// of them [`first_drawn`].
    ///
    /// # Errors
    /// If there is nothing to read, or the model cannot read it.
    pub fn begin(&mut self, ids: &[u16]) -> Result<(Memory, Vec<f32>)> {
        if ids.is_empty() {
            return Err(Error::format("the text", "there is nothing in it that the model can read"));
        }
        self.model.reset_states();
        self.read(ids)
    }

    /// Reads one more id after what is known.
    ///
    /// # Errors
    /// If the model cannot read it.
    pub fn next(&mut self, memory: &Memory, id: u16) -> Result<(Memory, Vec<f32>)> {
        let ids: Vec<u16> = memory.ids.iter().copied().chain([id]).collect();
        self.model.restore_states(memory.states.clone());
        self.read(&ids)
    }

    fn read(&mut self, ids: &[u16]) -> Result<(Memory, Vec<f32>)> {
        let reading = &self.experiment.data.reading;
        let carries = self.model.is_stateful();
        let sees_one = matches!(reading, Reading::WordPairs { .. });
        let window = match carries && !sees_one {
            true => ids.len(),
            false => reading.timesteps().unwrap_or(usize::MAX),
        };
        let ids = &ids[ids.len().saturating_sub(window)..];
        // Nobody looks at the label.
        let examples = Examples::new(reading.inputs(&[ids])?, Labels::of_samples(vec![0]))?;
        examples.fill(&[0], self.model.input_mut(), &mut BlockLabels::default());
        self.model.forward(Mode::INFERENCE)?;
        let output = self.model.output();
        let logits = self.logits(&output.data[output.data.len() - output.features..])?;
        let states = self.model.take_states();
        let ids = if carries || sees_one { Vec::new() } else { ids.to_vec() };
        Ok((Memory { ids, states }, logits))
    }

    /// The model's last output as logits of the ids that can be drawn: the logarithms of probabilities are some.
    fn logits(&self, output: &[f32]) -> Result<Vec<f32>> {
        let ids = first_drawn(self.vocabulary)..self.vocabulary.num_words();
        let Some(known) = output.get(ids.clone()) else {
            let expected = format!("at least {}, one for each entry of the vocabulary", ids.end);
            return Err(Error::value("the number of outputs of the model", expected, output.len()));
        };
        Ok(match self.experiment.compile.from_logits {
            true => known.to_vec(),
            false => known.iter().map(|p| ln(p.max(f32::MIN_POSITIVE))).collect(),
        })
    }
}
