//! A line that a model in training writes between two updates.

use super::shipped_file;
use crate::data::Vocabulary;
use crate::experiment::Experiment;
use crate::generate::Sampler;
use crate::model::Sequential;
use crate::session::Training;
use crate::session::current::Current;
use crate::session::reader::Reader;
use crate::train::Inputs;
use crate::{Error, Result};

/// So many ids of the text are read where a line has no beginning of its own.
const FIRST: usize = 8;

impl Training {
    /// What the model as it is now adds to `text`: `length` characters or words. The run goes on as if it had not been
    /// asked. Where the model can read nothing of the text, it goes on from the beginning of what it learns from.
    ///
    /// # Errors
    /// If it is no language model.
    pub fn write_line(&mut self, text: &str, length: usize, sampler: Sampler) -> Result<String> {
        let current = self.current_mut()?;
        let vocabulary = current.vocabulary()?;
        let mut reader = Reader::of(&current.experiment, current.run.model(), &vocabulary)?;
        let mut ids = vocabulary.encode(text);
        if ids.is_empty() {
            // Another alphabet: as the text itself begins.
            ids = current.first_ids();
        }
        let model = current.run.model_mut();
        let states = model.take_states();
        let added = added(model, &mut reader, &ids, (length, sampler));
        model.restore_states(states);
        Ok(vocabulary.decode(&added?))
    }

    /// The model as it is now as a file that [`super::Writer::shipped`] reads.
    ///
    /// # Errors
    /// If it is no language model.
    pub fn language_model_file(&mut self) -> Result<Vec<u8>> {
        let current = self.current_mut()?;
        let vocabulary = current.vocabulary()?;
        // It says so if the experiment is none.
        Reader::of(&current.experiment, current.run.model(), &vocabulary)?;
        shipped_file(&current.experiment, &vocabulary, &current.run.model().parameters)
    }
}

impl Current {
    /// The first ids of the text.
    fn first_ids(&self) -> Vec<u16> {
        let Inputs::Ids(inputs) = self.material.train.inputs() else { return Vec::new() };
        inputs.row(0).iter().take(FIRST).map(|id| *id as u16).collect()
    }

    /// What the ids of the text stand for.
    fn vocabulary(&self) -> Result<Vocabulary> {
        match (self.material.numbered(), &self.dataset) {
            (Some(numbered), _) => Ok(numbered.clone()),
            (None, Some(dataset)) => Ok(dataset.vocabulary.clone()),
            (None, None) => Err(no_text(&self.experiment)),
        }
    }
}

fn added(
    model: &mut Sequential,
    reader: &mut Reader,
    ids: &[u16],
    (length, mut sampler): (usize, Sampler),
) -> Result<Vec<u16>> {
    reader.forget(model);
    for id in ids {
        reader.read(model, *id)?;
    }
    let mut added = Vec::with_capacity(length);
    for _ in 0..length {
        let (first, logits) = reader.logits(model);
        let id = first + sampler.next_of_logits(&logits)? as u16;
        added.push(id);
        reader.read(model, id)?;
    }
    Ok(added)
}

fn no_text(experiment: &Experiment) -> Error {
    Error::value("the experiment", "a language model, such as moby-dick", format!("`{}`", experiment.title))
}
