//! Units of a language model that follow something in its text.

use ndarray::{Array2, ArrayView1, s};
use serde::Serialize;

use crate::analysis::follow::{Pattern, by_chance, correlations, peaks};
use crate::data::{Dataset, Unit, Vocabulary};
use crate::experiment::Experiment;
use crate::layers::recurrent::{Recurrent, Symbol};
use crate::model::{Mode, Sequential};
use crate::ordering::sort_by;
use crate::session::sampling::model_with;
use crate::{Error, Result};

/// Tokens that are read at most.
const MOST_TOKENS: usize = 20_000;
/// Numbers that are kept at most: 32 MB.
const MOST_NUMBERS: usize = 1 << 23;
/// Fewer tokens tell nothing.
const FEWEST_TOKENS: usize = 100;
/// Tokens in one pass where the states are carried on.
const CHUNK: usize = 256;
/// Units that are listed.
const LISTED: usize = 8;
/// By how many parts of the text a pattern is moved for what chance reaches.
const MOVES: usize = 9;
/// Places that are shown for a unit.
const PLACES: usize = 6;
/// Tokens before and behind each of them.
const AROUND: usize = 40;

/// A language model and the states in which it reads a text that it was not trained on.
pub struct Following {
    model: Sequential,
    columns: Vec<Column>,
    tokens: Vec<String>,
    ids: Vec<u16>,
    /// `[tokens, columns]`.
    states: Array2<f32>,
    /// Tokens that have been read.
    done: usize,
    /// Length of a pass, if each begins with states of zero.
    window: Option<usize>,
    characters: bool,
}

/// One number that is kept of each timestep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Column {
    /// The path of the recurrent layer.
    pub layer: String,
    /// The state.
    pub state: String,
    /// The unit, counted from 0.
    pub unit: usize,
}

/// How far the text is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FollowingProgress {
    /// Tokens that have been read.
    pub done: usize,
    /// All of them.
    pub all: usize,
    /// Whether they are characters; otherwise words.
    pub characters: bool,
}

/// What follows a pattern.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Followers {
    /// The mean of the pattern: for what is true or false, how often it is true.
    pub mean: f64,
    /// Whether the pattern is never anything but true or false.
    pub is_binary: bool,
    /// The units with the largest correlations, the largest size first.
    pub units: Vec<Follower>,
    /// How many units there are, each state by itself.
    pub columns: usize,
    /// The largest correlation when the pattern is moved along the text: what the best of all reaches by chance.
    pub chance: f64,
}

/// A unit and a pattern.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Follower {
    /// Where it stands among all.
    pub place: usize,
    /// Which it is.
    pub column: Column,
    /// Pearson's correlation.
    pub correlation: f64,
    /// Its mean where the pattern is true; nothing for patterns that are numbers.
    pub mean_inside: Option<f64>,
    /// Its mean where the pattern is false.
    pub mean_outside: Option<f64>,
}

/// Part of a text around a place where a unit is largest, or smallest.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Passage {
    /// The tokens.
    pub tokens: Vec<String>,
    /// The unit after each.
    pub values: Vec<f32>,
    /// The pattern after each.
    pub pattern: Vec<f32>,
    /// Which of them is the place.
    pub at: usize,
}

impl Following {
    /// The language model of `experiment` with the weights in the bytes of a checkpoint, or with its first ones, before
    /// it has read. It reads the held-out part of the text, or the beginning of the text where there is none.
    ///
    /// # Errors
    /// If the experiment is no language model, the weights are of another one, or there is no text to read.
    pub fn new(experiment: &Experiment, dataset: Option<&Dataset>, weights: Option<&[u8]>) -> Result<Self> {
        let dataset = dataset.filter(|_| experiment.data.reading.is_language_model()).ok_or_else(|| {
            let found = format!("`{}`", experiment.title);
            Error::value("the experiment", "a language model, such as moby-dick, with its text", found)
        })?;
        let dataset = experiment.vocabulary_view(dataset)?;
        let model = model_with(experiment, weights)?;
        let columns = columns(&model);
        if columns.is_empty() {
            return Err(Error::format(
                "the model",
                "it has no recurrent layer whose units could follow anything",
            ));
        }
        let text = if dataset.test.ids().len() < FEWEST_TOKENS { &dataset.train } else { &dataset.test };
        let count = text.ids().len().min(MOST_TOKENS).min(MOST_NUMBERS / columns.len());
        if count < FEWEST_TOKENS {
            let expected = format!("at least {FEWEST_TOKENS} characters or words long");
            return Err(Error::value("the text", expected, text.ids().len()));
        }
        let window = match model.is_stateful() {
            true => None,
            false => Some(experiment.data.reading.timesteps().unwrap_or(CHUNK)),
        };
        let whole = count - count % window.unwrap_or(1);
        let ids = text.ids()[..if whole > 0 { whole } else { count }].to_vec();
        let characters = dataset.vocabulary.unit() == Unit::Character;
        let tokens = tokens(&dataset.vocabulary, &ids);
        let states = Array2::zeros((ids.len(), columns.len()));
        Ok(Self { model, columns, tokens, ids, states, done: 0, window, characters })
    }

    /// Reads for about `budget_ms` milliseconds by `clock`, and at least one pass; a later call goes on.
    ///
    /// # Errors
    /// If the model cannot read the text.
    pub fn read_for(&mut self, budget_ms: f64, clock: impl Fn() -> f64) -> Result<FollowingProgress> {
        let start = clock();
        while self.done < self.ids.len() {
            self.read()?;
            if clock() - start >= budget_ms {
                break;
            }
        }
        let all = self.ids.len();
        Ok(FollowingProgress { done: self.done, all, characters: self.characters })
    }

    fn read(&mut self) -> Result<()> {
        let end = (self.done + self.window.unwrap_or(CHUNK)).min(self.ids.len());
        let part = &self.ids[self.done..end];
        let input = self.model.input_mut();
        input.set_ids(part.len(), 1);
        input.ids.iter_mut().zip(part).for_each(|(to, from)| *to = u32::from(*from));
        self.model.forward(Mode::INFERENCE)?;
        let mut column = 0;
        for (_, layer) in self.model.layers().iter().flat_map(|layer| layer.recurrents()) {
            for symbol in state_symbols(layer) {
                let Some(tape) = layer.tape() else { continue };
                let values = tape.values(&symbol);
                let values = values.slice(s![.., 0, ..]);
                if values.nrows() != part.len() {
                    let problem = "it computes another number of timesteps than the network reads";
                    return Err(Error::format(format!("the layer of `{}`", symbol.name), problem));
                }
                let columns = column..column + symbol.width;
                self.states.slice_mut(s![self.done..end, columns]).assign(&values);
                column += symbol.width;
            }
        }
        self.done = end;
        Ok(())
    }

    /// The units that follow `pattern` in what has been read.
    ///
    /// # Errors
    /// If nothing has been read, the pattern cannot be read, or it never changes in the text.
    pub fn followers(&self, pattern: &Pattern) -> Result<Followers> {
        let along = self.along(pattern)?;
        let states = self.states.slice(s![..self.done, ..]);
        let sum = along.iter().fold(0.0, |sum, x| sum + f64::from(*x));
        let mean = sum / along.len() as f64;
        let is_binary = along.iter().all(|x| *x == 0.0 || *x == 1.0);
        if along.iter().all(|x| *x == along[0]) {
            let held = if along[0] == 0.0 { "nowhere" } else { "everywhere" };
            let problem =
                format!("it holds {held} in the {} tokens that were read; look for another", along.len());
            return Err(Error::format("the pattern", problem));
        }
        let found = correlations(states, &along);
        let mut found: Vec<(usize, f64)> =
            found.into_iter().enumerate().filter_map(|(place, r)| r.map(|r| (place, r))).collect();
        sort_by(&mut found, |a, b| b.1.abs().total_cmp(&a.1.abs()));
        let of = |(place, correlation): (usize, f64)| {
            let (inside, outside) = means(states.column(place), &along);
            let column = self.columns[place].clone();
            let (mean_inside, mean_outside) = (is_binary.then_some(inside), is_binary.then_some(outside));
            Follower { place, column, correlation, mean_inside, mean_outside }
        };
        let units = found.into_iter().take(LISTED).map(of).collect();
        let (columns, chance) = (self.columns.len(), by_chance(states, &along, MOVES));
        Ok(Followers { mean, is_binary, units, columns, chance })
    }

    /// Passages around the places where the unit at `place` is largest, or where it is smallest.
    ///
    /// # Errors
    /// As [`Self::followers`], or if there is no such unit.
    pub fn passages(&self, place: usize, pattern: &Pattern, largest: bool) -> Result<Vec<Passage>> {
        let along = self.along(pattern)?;
        if place >= self.columns.len() {
            return Err(Error::value("the unit", format!("below {}", self.columns.len()), place));
        }
        let column = self.states.slice(s![..self.done, place]).to_vec();
        let signed: Vec<f32> = column.iter().map(|x| if largest { *x } else { -x }).collect();
        let passage = |at: usize| {
            let part = at.saturating_sub(AROUND)..(at + AROUND + 1).min(self.done);
            Passage {
                tokens: self.tokens[part.clone()].to_vec(),
                values: column[part.clone()].to_vec(),
                pattern: along[part.clone()].to_vec(),
                at: at - part.start,
            }
        };
        Ok(peaks(&signed, PLACES, 2 * AROUND).into_iter().map(passage).collect())
    }

    fn along(&self, pattern: &Pattern) -> Result<Vec<f32>> {
        if self.done == 0 {
            return Err(Error::format("the search", "nothing has been read yet"));
        }
        pattern.along(&self.tokens[..self.done])
    }
}

/// What stands in the text for each id; words with a space behind them.
fn tokens(vocabulary: &Vocabulary, ids: &[u16]) -> Vec<String> {
    let gap = if vocabulary.unit() == Unit::Character { "" } else { " " };
    ids.iter().map(|id| format!("{}{gap}", vocabulary.display_word(*id))).collect()
}

/// The states of a layer among its symbols.
fn state_symbols(layer: &Recurrent) -> Vec<Symbol> {
    let states = layer.cell().state_names();
    layer.cell().symbols().into_iter().filter(|symbol| states.contains(&symbol.name)).collect()
}

fn columns(model: &Sequential) -> Vec<Column> {
    let mut columns = Vec::new();
    for (path, layer) in model.layers().iter().flat_map(|layer| layer.recurrents()) {
        for symbol in state_symbols(layer) {
            let of = |unit| Column { layer: path.clone(), state: symbol.name.clone(), unit };
            columns.extend((0..symbol.width).map(of));
        }
    }
    columns
}

/// The means of a unit where a pattern is true and where it is not.
fn means(unit: ArrayView1<f32>, along: &[f32]) -> (f64, f64) {
    let mut sums = [(0.0, 0.0); 2];
    for (x, pattern) in unit.iter().zip(along) {
        let (sum, count) = &mut sums[usize::from(*pattern != 0.0)];
        *sum += f64::from(*x);
        *count += 1.0;
    }
    let mean = |(sum, count): (f64, f64)| sum / f64::max(count, 1.0);
    (mean(sums[1]), mean(sums[0]))
}
