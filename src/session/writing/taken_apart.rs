//! A model that writes, taken apart for stepping through its cell over some of its text.

use std::ops::Range;

use ndarray::{Array1, Array2, Axis, Ix1, Ix2};

use super::Writer;
use crate::data::Unit;
use crate::layers::Recurrent;
use crate::session::Parts;
use crate::session::parts::{cell_weights, of_rank, weight};
use crate::session::stepping::ReadBefore;
use crate::{Error, Result};

/// The names of the embedding and of the last layer, and the recurrent layers between them with their names.
type Stack<'a> = (&'a str, &'a str, Vec<(&'a str, &'a Recurrent)>);

/// Layers that change nothing when a model predicts.
const PASSED_BY: [&str; 2] = ["Dropout", "SpatialDropout1D"];

impl Writer {
    /// The last recurrent layer of the model with what it reads at `positions` of the text, from the states that it had
    /// before them. A first layer reads the vectors of the characters, a later one the outputs of the one below.
    ///
    /// # Errors
    /// If the model is not an embedding, recurrent layers that carry their states and a last layer over characters, or
    /// the positions are not kept.
    pub fn parts(&self, positions: Range<usize>) -> Result<Parts> {
        let (embedding, last, recurrents) = self.stack()?;
        let (cell, layer) = recurrents[recurrents.len() - 1];
        let ids = self.ids(positions.clone())?;
        let before = match positions.start.checked_sub(1) {
            Some(before) => self.states_after(before)?,
            None => Vec::new(),
        };
        let states =
            before.into_iter().next_back().flatten().map(|carried| carried.states).unwrap_or_default();
        let initial = layer.cell().state_names().into_iter().zip(states);
        let x = match recurrents.len().checked_sub(2).map(|below| recurrents[below].0) {
            Some(below) => self.outputs(below, positions)?,
            None => {
                let table = of_rank::<Ix2>(embedding, weight(&self.model, embedding, "embeddings")?)?;
                let rows: Vec<usize> = ids.iter().map(|id| usize::from(*id)).collect();
                table.select(Axis(0), &rows)
            }
        };
        let class_name = layer.cell().class_name().to_owned();
        Ok(Parts {
            units: layer.state_width(0),
            words: ids.iter().map(|id| self.piece(*id)).collect(),
            known: vec![true; ids.len()],
            x,
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

    fn stack(&self) -> Result<Stack<'_>> {
        let layers = self.model.layers();
        let passed_by = |class: &serde_json::Value| PASSED_BY.iter().any(|name| class == name);
        let kept: Vec<_> = layers.iter().filter(|layer| !passed_by(&layer.config()["class_name"])).collect();
        if let [embedding, between @ .., last] = kept.as_slice() {
            let recurrents: Vec<_> = between
                .iter()
                .filter_map(|layer| match layer.recurrents().as_slice() {
                    [(path, recurrent)] if path == layer.name() => Some((layer.name(), *recurrent)),
                    _ => None,
                })
                .collect();
            let whole = !between.is_empty() && recurrents.len() == between.len();
            if whole && self.vocabulary.unit() == Unit::Character {
                return Ok((embedding.name(), last.name(), recurrents));
            }
        }
        let names: Vec<&str> = layers.iter().map(|layer| layer.name()).collect();
        let expected = "an embedding, recurrent layers and a last layer that read characters";
        Err(Error::config("layers", expected, names.join(", ")))
    }

    /// What a recurrent layer gave to the next one at some positions, `[positions, units]`: its first state.
    fn outputs(&self, layer: &str, positions: Range<usize>) -> Result<Array2<f32>> {
        let symbols = self.symbols();
        let place = symbols.iter().find(|place| place.layer == layer && place.symbol == "h");
        let place =
            place.ok_or_else(|| Error::config("layers", "recurrent layers with a state `h`", layer))?;
        let rows = self.rows_at(positions)?;
        Ok(rows.slice(ndarray::s![.., place.offset..place.offset + place.width]).to_owned())
    }
}
