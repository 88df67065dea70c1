//! A model that writes, taken apart for stepping through its cell over some of its text.

use std::ops::Range;

use ndarray::{Array1, Axis, Ix1, Ix2};

use super::Writer;
use crate::data::Unit;
use crate::session::Parts;
use crate::session::parts::{cell_weights, of_rank, states_of, weight};
use crate::session::stepping::ReadBefore;
use crate::{Error, Result};

impl Writer {
    /// The model with the ids at `positions` of its text as what is read, from the states that it had before them.
    ///
    /// # Errors
    /// If the model is not an embedding, one recurrent layer that carries its states and a last layer over characters,
    /// or the positions are not kept.
    pub fn parts(&self, positions: Range<usize>) -> Result<Parts> {
        let names: Vec<&str> = self.model.layers().iter().map(|layer| layer.name()).collect();
        let ([embedding, cell, last], Unit::Character) = (names.as_slice(), self.vocabulary.unit()) else {
            let expected = "an embedding, one recurrent layer and a last layer that read characters";
            return Err(Error::config("layers", expected, names.join(", ")));
        };
        let ids = self.ids(positions.clone())?;
        let before = match positions.start.checked_sub(1) {
            Some(before) => self.states_after(before)?,
            None => Vec::new(),
        };
        let states = before.into_iter().flatten().next().map(|carried| carried.states).unwrap_or_default();
        let initial = states_of(&self.model).into_iter().zip(states);
        let (_, layer) = self.model.layers()[1].recurrents().into_iter().next().ok_or_else(|| {
            Error::config("layers", "a recurrent layer between the embedding and the last one", *cell)
        })?;
        let table = of_rank::<Ix2>(embedding, weight(&self.model, embedding, "embeddings")?)?;
        let rows: Vec<usize> = ids.iter().map(|id| usize::from(*id)).collect();
        let class_name = layer.cell().class_name().to_owned();
        Ok(Parts {
            units: layer.state_width(0),
            words: ids.iter().map(|id| self.piece(*id)).collect(),
            known: vec![true; ids.len()],
            x: table.select(Axis(0), &rows),
            weights: cell_weights(&self.model, cell, &class_name)?,
            class_name,
            initial: initial.map(|(name, values)| (name, Array1::from_vec(values))).collect(),
            before: ReadBefore::default(),
            classes: self.vocabulary.words().to_vec(),
            output: (
                of_rank::<Ix2>(last, weight(&self.model, last, "kernel")?)?,
                of_rank::<Ix1>(last, weight(&self.model, last, "bias")?)?,
            ),
        })
    }
}
