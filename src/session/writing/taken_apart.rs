//! A model that writes, taken apart for stepping through its cells over some of its text.

use std::ops::Range;

use ndarray::{Array1, Array2, ArrayD, Axis, Ix1, Ix2};
use serde_json::Value;

use super::Writer;
use super::stacked::{Storey, stacked, suffix};
use crate::layers::Recurrent;
use crate::layers::recurrent::Carried;
use crate::listing::{Diagnostic, cell, cells, resized};
use crate::session::Parts;
use crate::session::parts::{cell_weights, of_rank, weight};
use crate::session::reader::Context;
use crate::session::stepping::{Excerpt, ReadBefore};
use crate::{Error, Result};

/// The names of the embedding and of the last layer, and the recurrent layers between them with their names.
type Stack<'a> = (&'a str, &'a str, Vec<(&'a str, &'a Recurrent)>);

/// The text of a step, where it is more than one cell of Keras, its weights and first states by name.
type Step = (Option<String>, Vec<(String, ArrayD<f32>)>, Vec<(String, Array1<f32>)>);

/// Layers that change nothing when a model predicts.
const PASSED_BY: [&str; 2] = ["Dropout", "SpatialDropout1D"];

/// Options of Keras' cells that change what a step computes, and what their listings are.
fn as_listed() -> [(&'static str, Value); 5] {
    [
        ("activation", "tanh".into()),
        ("recurrent_activation", "sigmoid".into()),
        ("use_bias", true.into()),
        ("reset_after", true.into()),
        ("go_backwards", false.into()),
    ]
}

/// Layers of a model over some of its text.
#[derive(Debug, Clone, PartialEq)]
pub struct TakenApart {
    /// Their weights and first states by the names of the listing, what the lowest of them reads, and the last layer.
    pub parts: Parts,
    /// The text of their step, where they are more than one cell of Keras.
    pub listing: Option<String>,
    /// The names of the layers, the lowest first.
    pub layers: Vec<String>,
    /// The layer whose outputs are read; none where the vectors of the ids are.
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

impl Writer {
    /// The recurrent layers from `layer` up to the last one, with what `layer` reads at the last `steps` positions up
    /// to `at`, from the states that the model had before them. A first layer reads the vectors of the ids, a later
    /// one the outputs of the one below. A model that carries no states read a window of the text anew: of that, all
    /// is read whatever `steps` is.
    ///
    /// # Errors
    /// If there is no such layer; if the model is not an embedding, recurrent layers and a last layer; if a position,
    /// the one after `at` or what stands before them is not kept; or if a unit was held at one of them.
    pub fn parts(&self, layer: &str, at: usize, steps: usize) -> Result<TakenApart> {
        let (embedding, last, recurrents) = self.stack()?;
        let names: Vec<&str> = recurrents.iter().map(|(name, _)| *name).collect();
        let lowest = names.iter().position(|name| *name == layer);
        let lowest =
            lowest.ok_or_else(|| Error::value("the layer", format!("one of {}", names.join(", ")), layer))?;
        let carries = self.reader.context() == Context::Carried;
        let span = match self.reader.context() {
            Context::Carried => steps.max(1),
            Context::Window(longest) => longest,
        };
        let positions = (at + 1).saturating_sub(span)..at + 1;
        let ids = self.ids(positions.clone())?;
        let next = usize::from(self.ids(at + 1..at + 2)?[0]);
        self.check_free(positions.clone())?;
        let before = match positions.start.checked_sub(1).filter(|_| carries) {
            Some(before) => self.states_after(before)?,
            None => Vec::new(),
        };
        let x = match lowest.checked_sub(1) {
            None => {
                let table = of_rank::<Ix2>(embedding, weight(&self.model, embedding, "embeddings")?)?;
                let rows: Vec<usize> = ids.iter().map(|id| usize::from(*id)).collect();
                table.select(Axis(0), &rows)
            }
            Some(below) if carries => self.outputs(recurrents[below], positions.clone())?,
            // Of each position the row was computed in a window of its own.
            Some(_) => return Err(Error::value("the layer", format!("`{}`, the lowest", names[0]), layer)),
        };
        let output = (
            of_rank::<Ix2>(last, weight(&self.model, last, "kernel")?)?,
            of_rank::<Ix1>(last, weight(&self.model, last, "bias")?)?,
        );
        let (listing, weights, initial) =
            self.step_of(&recurrents[lowest..], before.get(lowest..).unwrap_or_default())?;
        let (_, top) = recurrents[recurrents.len() - 1];
        let parts = Parts {
            class_name: top.cell().class_name().to_owned(),
            units: top.state_width(0),
            words: ids.iter().map(|id| self.called(*id)).collect(),
            known: vec![true; ids.len()],
            x,
            weights,
            initial,
            before: ReadBefore::default(),
            classes: (0..output.1.len()).map(|id| self.called(id as u16)).collect(),
            output,
        };
        Ok(TakenApart {
            parts,
            listing,
            layers: names[lowest..].iter().map(|name| (*name).to_owned()).collect(),
            reads: lowest.checked_sub(1).map(|below| names[below].to_owned()),
            first: positions.start,
            anew: !carries,
            excerpt: match positions.start {
                read if carries && read > 0 => Excerpt::Continued { read },
                _ => Excerpt::Cut,
            },
            next,
        })
    }

    /// The text of the step through `recurrents` where it is more than one cell of Keras, with their weights and their
    /// states `before` it by its names.
    fn step_of(&self, recurrents: &[(&str, &Recurrent)], before: &[Option<Carried>]) -> Result<Step> {
        let count = recurrents.len();
        let (mut storeys, mut weights, mut initial) = (Vec::new(), Vec::new(), Vec::new());
        let mut own = None;
        for (k, (name, layer)) in recurrents.iter().enumerate() {
            let class_name = layer.cell().class_name();
            if class_name == cell::CLASS.name && count == 1 {
                own = Some(self.own_text(name)?);
            } else {
                let source = cells::of_keras(class_name).ok_or_else(|| {
                    let expected = "LSTM, GRU or SimpleRNN, or the last recurrent layer alone";
                    Error::config(*name, expected, class_name)
                })?;
                self.check_default(name)?;
                storeys.push(Storey { name, class_name, source, units: layer.state_width(0) });
            }
            let suffix = suffix(k, count);
            let named = |(name, array)| (format!("{name}{suffix}"), array);
            weights.extend(cell_weights(&self.model, name, class_name)?.into_iter().map(named));
            let states = before.get(k).cloned().flatten().map(|carried| carried.states).unwrap_or_default();
            let named = |(name, values)| (format!("{name}{suffix}"), Array1::from_vec(values));
            initial.extend(layer.cell().state_names().into_iter().zip(states).map(named));
        }
        let listing = match count {
            1 => own,
            _ => Some(stacked(&storeys).map_err(|mistakes| unreadable(&mistakes))?),
        };
        Ok((listing, weights, initial))
    }

    /// The text of a layer whose cell is one.
    fn own_text(&self, name: &str) -> Result<String> {
        let config = self.config(name);
        let of_project = config["cell"].as_str().and_then(cells::text);
        let text = of_project.or_else(|| config["source"].as_str()).unwrap_or_default();
        let sizes = config["sizes"].as_object().into_iter().flatten();
        let sizes: Vec<(String, usize)> =
            sizes.filter_map(|(name, size)| Some((name.clone(), size.as_u64()? as usize))).collect();
        Ok(resized(text, &sizes))
    }

    /// Refuses a cell that Keras' options have made another one than its listing.
    fn check_default(&self, name: &str) -> Result<()> {
        let config = self.config(name);
        let differs = |(option, listed): &(&str, Value)| config.get(option).is_some_and(|set| set != listed);
        match as_listed().into_iter().find(differs) {
            Some((option, listed)) => {
                let expected = format!("{listed} as in the listing, so that it can be stepped through");
                Err(Error::config(format!("{name}: {option}"), expected, &config[option]))
            }
            None => Ok(()),
        }
    }

    fn config(&self, name: &str) -> Value {
        let layer = self.model.layers().iter().find(|layer| layer.name() == name);
        layer.map(|layer| layer.config()["config"].clone()).unwrap_or_default()
    }

    /// What an id is called alone.
    fn called(&self, id: u16) -> String {
        self.vocabulary.display_word(id)
    }

    /// Refuses positions at which a unit was held: no step of the cell gives its number.
    fn check_free(&self, positions: Range<usize>) -> Result<()> {
        match positions.clone().find(|k| self.positions.get(*k).is_some_and(|position| position.held)) {
            Some(k) => {
                let expected =
                    "positions at which no unit was held: let all units free and write on for some";
                Err(Error::value("what is stepped through", expected, format!("a unit held at {k}")))
            }
            None => Ok(()),
        }
    }

    /// What a recurrent layer gave to the next one at some positions, `[positions, units]`: its first state.
    fn outputs(
        &self,
        (layer, recurrent): (&str, &Recurrent),
        positions: Range<usize>,
    ) -> Result<Array2<f32>> {
        let state = recurrent.cell().state_names().into_iter().next().unwrap_or_default();
        let symbols = self.symbols();
        let place = symbols.iter().find(|place| place.layer == layer && place.symbol == state);
        let place =
            place.ok_or_else(|| Error::config("layers", "recurrent layers that show their state", layer))?;
        let rows = self.rows_at(positions)?;
        Ok(rows.slice(ndarray::s![.., place.offset..place.offset + place.width]).to_owned())
    }

    fn stack(&self) -> Result<Stack<'_>> {
        let layers = self.model.layers();
        let passed_by = |class: &Value| PASSED_BY.iter().any(|name| class == name);
        let kept: Vec<_> = layers.iter().filter(|layer| !passed_by(&layer.config()["class_name"])).collect();
        if let [embedding, between @ .., last] = kept.as_slice() {
            let recurrents: Vec<_> = between
                .iter()
                .filter_map(|layer| match layer.recurrents().as_slice() {
                    [(path, recurrent)] if path == layer.name() => Some((layer.name(), *recurrent)),
                    _ => None,
                })
                .collect();
            if !between.is_empty() && recurrents.len() == between.len() {
                return Ok((embedding.name(), last.name(), recurrents));
            }
        }
        let names: Vec<&str> = layers.iter().map(|layer| layer.name()).collect();
        let expected = "an embedding, recurrent layers and a last layer";
        Err(Error::config("layers", expected, names.join(", ")))
    }
}

fn unreadable(mistakes: &[Diagnostic]) -> Error {
    let said = mistakes.first().map(|mistake| mistake.message.clone()).unwrap_or_default();
    Error::format("the listing of the layers", said)
}
