//! Where a unit fires: the samples of the data in which one of its numbers is largest and smallest.

use serde::Serialize;

use super::super::text::Placed;
use super::Analysis;
use crate::experiment::Subset;
use crate::layers::Parameters;
use crate::layers::recurrent::{Recurrent, Symbol};
use crate::model::{Mode, Sequential};
use crate::{Error, Result};

/// How many contexts are kept of the largest and of the smallest.
pub const CONTEXTS: usize = 8;

/// Timesteps that are shown before and behind the one where the unit fires.
const AROUND: usize = 7;

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Wanted {
    /// The path of the recurrent layer.
    pub layer: String,
    /// The gate or state.
    pub symbol: String,
    /// The unit, counted from 0.
    pub unit: usize,
    /// The samples that are searched.
    pub subset: Subset,
}

/// A place in the data.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Context {
    /// The sample, counted from 0.
    pub index: usize,
    /// The timestep, counted from 0 among those that are read.
    pub t: usize,
    /// The number there: the sample's largest, or smallest.
    pub value: f32,
    /// The words around it, or what stands for their timesteps.
    pub words: Vec<String>,
    /// Which of them it is.
    pub at: usize,
    /// The wanted answer of the sample; empty where there is one at each timestep.
    pub answer: String,
}

/// How far [`Analysis::contexts_for`] is, and what was found until then.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ContextsProgress {
    /// Samples that were read.
    pub done: usize,
    /// All of them.
    pub all: usize,
    /// The places of the largest numbers, one a sample, the largest first.
    pub highest: Vec<Context>,
    /// The places of the smallest numbers, one a sample, the smallest first.
    pub lowest: Vec<Context>,
}

/// A search that is under way, with the weights that the model had when it began.
pub(super) struct Search {
    wanted: Wanted,
    next: usize,
    highest: Vec<Context>,
    lowest: Vec<Context>,
    weights: Parameters,
}

impl Analysis {
    /// Begins a search.
    ///
    /// # Errors
    /// If there are no such samples, or no such layer, symbol or unit.
    pub fn begin_contexts(&mut self, wanted: Wanted) -> Result<()> {
        self.material()?.subset(wanted.subset)?;
        column(&self.model, &wanted)?;
        let weights = self.model.parameters.clone();
        self.search = Some(Search { wanted, next: 0, highest: Vec::new(), lowest: Vec::new(), weights });
        Ok(())
    }

    /// Reads samples for about `budget_ms` milliseconds by `clock`, and at least one; a later call goes on. Weights
    /// that the model was given meanwhile do not count.
    ///
    /// # Errors
    /// If nothing was begun.
    pub fn contexts_for(&mut self, budget_ms: f64, clock: impl Fn() -> f64) -> Result<ContextsProgress> {
        let start = clock();
        let mut search =
            self.search.take().ok_or_else(|| Error::format("the search", "it has not been begun"))?;
        let all = self.material()?.subset(search.wanted.subset)?.count();
        std::mem::swap(&mut search.weights, &mut self.model.parameters);
        let states = self.model.take_states();
        let mut read = Ok(());
        while read.is_ok() && search.next < all {
            read = self.read_next(&mut search);
            if clock() - start >= budget_ms {
                break;
            }
        }
        self.model.restore_states(states);
        std::mem::swap(&mut search.weights, &mut self.model.parameters);
        read?;
        let (done, highest, lowest) = (search.next, search.highest.clone(), search.lowest.clone());
        if done < all {
            self.search = Some(search);
        }
        Ok(ContextsProgress { done, all, highest, lowest })
    }

    fn read_next(&mut self, search: &mut Search) -> Result<()> {
        let index = search.next;
        let placed = self.place_sample(search.wanted.subset, index)?;
        self.model.forward(Mode::INFERENCE)?;
        search.next += 1;
        let values = values_of(&self.model, &search.wanted)?;
        if values.len() != self.model.input().timesteps {
            let problem = "it computes another number of timesteps than the network reads";
            return Err(Error::format(format!("the layer `{}`", search.wanted.layer), problem));
        }
        let (mut most, mut least) = (None, None);
        for (t, value) in values[placed.kept.clone()].iter().enumerate() {
            if most.is_none_or(|(_, most)| *value > most) {
                most = Some((t, *value));
            }
            if least.is_none_or(|(_, least)| *value < least) {
                least = Some((t, *value));
            }
        }
        for (found, kept, better) in [
            (most, &mut search.highest, (|one, other| one > other) as fn(f32, f32) -> bool),
            (least, &mut search.lowest, |one, other| one < other),
        ] {
            let Some((t, value)) = found else { continue };
            let place = kept.iter().position(|kept| better(value, kept.value)).unwrap_or(kept.len());
            if place < CONTEXTS {
                kept.insert(place, self.context(search.wanted.subset, &placed, (index, t, value))?);
                kept.truncate(CONTEXTS);
            }
        }
        Ok(())
    }

    fn context(
        &mut self,
        subset: Subset,
        placed: &Placed,
        (index, t, value): (usize, usize, f32),
    ) -> Result<Context> {
        let first = t.saturating_sub(AROUND);
        let words = placed.tokens.iter().map(|token| token.text.clone()).skip(first);
        let words = words.take(t + AROUND + 1 - first).collect();
        Ok(Context { index, t, value, words, at: t - first, answer: self.answer(subset, index)? })
    }

    /// The wanted answer of a sample in words.
    fn answer(&mut self, subset: Subset, index: usize) -> Result<String> {
        self.material()?;
        let material = self.material.as_ref().unwrap_or_else(|| unreachable!("it has just been made"));
        let sample = material.sample(&self.experiment, self.dataset.as_ref(), subset, index)?;
        if sample.answer.at_each_timestep {
            return Ok(String::new());
        }
        let classes = sample.answer.classes.into_iter().map(|class| class.name);
        let values = sample.answer.values.iter().map(|value| format!("{value:.2}"));
        Ok(classes.chain(values).collect::<Vec<_>>().join(", "))
    }
}

/// The layer that is meant.
fn layer_of<'a>(model: &'a Sequential, wanted: &Wanted) -> Result<&'a Recurrent> {
    let found = model.layers().iter().flat_map(|layer| layer.recurrents());
    let found = found.into_iter().find(|(path, _)| *path == wanted.layer);
    let missing = || Error::format("the layer", format!("there is no recurrent layer `{}`", wanted.layer));
    found.map(|(_, layer)| layer).ok_or_else(missing)
}

/// Which symbol is meant, if the unit is one of its.
fn column(model: &Sequential, wanted: &Wanted) -> Result<Symbol> {
    let layer = layer_of(model, wanted)?;
    let symbol = layer.cell().symbols().into_iter().find(|symbol| symbol.name == wanted.symbol);
    let missing = || Error::format("the search", format!("the layer has no `{}`", wanted.symbol));
    let symbol = symbol.ok_or_else(missing)?;
    if wanted.unit >= symbol.width {
        return Err(Error::value("the unit", format!("from 0 to {}", symbol.width - 1), wanted.unit));
    }
    Ok(symbol)
}

/// The numbers of the unit in the order of the sequence, `[timesteps]`.
fn values_of(model: &Sequential, wanted: &Wanted) -> Result<Vec<f32>> {
    let symbol = column(model, wanted)?;
    let layer = layer_of(model, wanted)?;
    let Some(tape) = layer.tape() else { return Ok(Vec::new()) };
    let mut values: Vec<f32> = tape.values(&symbol).slice(ndarray::s![.., 0, wanted.unit]).to_vec();
    if layer.goes_backwards() {
        values.reverse();
    }
    Ok(values)
}
