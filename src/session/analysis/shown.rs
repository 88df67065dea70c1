//! What a model is shown: a reader's own text, or a sample of its data.

use serde::Deserialize;

use super::super::text::{Placed, Token};
use super::Analysis;
use crate::Result;
use crate::experiment::{Material, Subset, TimestepRole};
use crate::train::examples::BlockLabels;

/// What a model is shown.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Shown {
    /// A reader's own text, read word by word.
    Text {
        /// The text.
        text: String,
    },
    /// A sample of the data.
    Sample {
        /// The subset that it belongs to.
        subset: Subset,
        /// Its place in the subset, counted from 0.
        index: usize,
    },
}

impl Analysis {
    /// The samples of the experiment.
    pub(super) fn material(&mut self) -> Result<&Material> {
        if self.material.is_none() {
            self.material = Some(Material::new(&self.experiment, self.dataset.as_ref())?);
        }
        Ok(self.material.as_ref().unwrap_or_else(|| unreachable!("it has just been made")))
    }

    /// What the outputs of the model stand for; nothing where answers are numbers.
    pub(super) fn answer_names(&mut self, outputs: usize) -> Result<Vec<String>> {
        self.material()?;
        let material = self.material.as_ref().unwrap_or_else(|| unreachable!("it has just been made"));
        Ok(material.answer_names(&self.experiment, self.dataset.as_ref(), outputs))
    }

    /// Puts a sample into the model's input; its tokens are what stands at the timesteps that are not padding.
    pub(super) fn place_sample(&mut self, subset: Subset, index: usize) -> Result<Placed> {
        self.material()?;
        let Self { material: Some(material), experiment, dataset, model, .. } = self else {
            unreachable!("it has just been made")
        };
        let sample = material.sample(experiment, dataset.as_ref(), subset, index)?;
        let mut labels = BlockLabels::default();
        material.subset(subset)?.fill(&[index as u32], model.input_mut(), &mut labels);
        let roles = &sample.received.roles;
        let is_read = |role: &TimestepRole| matches!(role, TimestepRole::Value | TimestepRole::Unknown);
        let first = roles.iter().position(is_read).unwrap_or(0);
        let end = roles.iter().rposition(is_read).map_or(roles.len(), |last| last + 1);
        let names = material.timestep_labels(experiment, dataset.as_ref(), &sample);
        let token = |t: usize| {
            let id = sample.received.ids.get(t).and_then(|id| u16::try_from(*id).ok()).unwrap_or(0);
            Token { text: names[t].clone(), id, known: roles[t] != TimestepRole::Unknown, kept: true }
        };
        let tokens = (first..end).map(token).collect();
        let fills = |role: &&TimestepRole| matches!(role, TimestepRole::Padding | TimestepRole::Masked);
        let padding = roles.iter().filter(fills).count();
        Ok(Placed { tokens, ids: sample.received.ids, kept: first..end, padding })
    }
}
