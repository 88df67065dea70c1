//! The text of a language model, read and written id by id, with what was computed at each.

use std::ops::Range;

use ndarray::Array2;

use super::clamp::{Clamp, PlacedClamp, hold};
use super::positions::{Position, Positions};
use super::shipped::Shipped;
use super::told::{PlacedSymbol, WriterFacts, Written, WrittenChoice, WrittenUnit};
use crate::data::{Dataset, Unit, Vocabulary};
use crate::experiment::Experiment;
use crate::generate::drawn;
use crate::layers::recurrent::Carried;
use crate::model::Sequential;
use crate::ordering::sort_by_key;
use crate::rng::{RngExt, Stream};
use crate::session::reader::{Context, Reader};
use crate::train::checkpoint;
use crate::{Error, Result};

/// A language model with its text.
pub struct Writer {
    title: String,
    pub(super) model: Sequential,
    pub(super) reader: Reader,
    pub(super) vocabulary: Vocabulary,
    pub(super) temperature: f32,
    stream: Stream,
    pub(super) positions: Positions,
    pub(super) clamps: Vec<PlacedClamp>,
    /// Room for the weights of a draw.
    pub(super) room: Vec<f32>,
}

impl Writer {
    /// The model of `experiment` with its first weights; `dataset` is the text that it was made for.
    ///
    /// # Errors
    /// If the experiment is no language model, or the data set is not made for it.
    pub fn new(experiment: &Experiment, dataset: &Dataset) -> Result<Self> {
        let vocabulary = experiment.vocabulary_view(dataset)?.into_owned().vocabulary;
        Self::of(experiment, experiment.build_model()?, vocabulary)
    }

    /// The model of a file as [`super::shipped_file`] makes it.
    ///
    /// # Errors
    /// If the bytes are no such file.
    pub fn shipped(bytes: &[u8]) -> Result<Self> {
        let Shipped { experiment, vocabulary } = Shipped::read(bytes)?;
        let mut model = Sequential::with_zero_weights(&experiment.model.to_string())?;
        experiment.data.reading.check_model(&model)?;
        checkpoint::weights_of(bytes, &mut model.parameters)?;
        Self::of(&experiment, model, vocabulary)
    }

    fn of(experiment: &Experiment, model: Sequential, vocabulary: Vocabulary) -> Result<Self> {
        let reader = Reader::of(experiment, &model, &vocabulary)?;
        Ok(Self {
            title: experiment.title.clone(),
            model,
            reader,
            vocabulary,
            temperature: 1.0,
            stream: stream(0),
            positions: Positions::default(),
            clamps: Vec::new(),
            room: Vec::new(),
        })
    }

    /// Gives the model other weights: those of a checkpoint of its experiment, or weights alone. What follows is
    /// written with them.
    ///
    /// # Errors
    /// If they are not the weights of this model; it is unchanged then.
    pub fn take_weights(&mut self, bytes: &[u8]) -> Result<()> {
        let mut parameters = self.model.parameters.clone();
        checkpoint::weights_of(bytes, &mut parameters)?;
        self.model.parameters = parameters;
        Ok(())
    }

    /// What a page says of the model.
    pub fn facts(&self) -> WriterFacts {
        let symbols = self.symbols();
        let last = symbols.last();
        WriterFacts {
            title: self.title.clone(),
            unit: match self.vocabulary.unit() {
                Unit::Character => WrittenUnit::Character,
                _ => WrittenUnit::Word,
            },
            vocabulary: self.vocabulary.words().len(),
            window: match self.reader.context() {
                Context::Carried => None,
                Context::Window(longest) => Some(longest),
            },
            parameters: self.model.parameters.values().len(),
            weights_hash: format!("{:016x}", self.model.parameters.hash()),
            row: last.map_or(0, |last| last.offset + last.width),
            symbols,
        }
    }

    /// Where gates and states of all recurrent layers stand in a row.
    pub(super) fn symbols(&self) -> Vec<PlacedSymbol> {
        let (mut symbols, mut offset) = (Vec::new(), 0);
        for (path, layer) in self.model.layers().iter().flat_map(|layer| layer.recurrents()) {
            for symbol in layer.cell().symbols() {
                let class_name = layer.cell().class_name().to_owned();
                let width = symbol.width;
                symbols.push(PlacedSymbol {
                    layer: path.clone(),
                    class_name,
                    symbol: symbol.name,
                    offset,
                    width,
                });
                offset += width;
            }
        }
        symbols
    }

    /// A new text that begins with `text`, which is read; what follows is drawn from `seed`.
    ///
    /// # Errors
    /// If there is nothing in it that the model can read.
    pub fn begin(&mut self, text: &str, temperature: f32, seed: u64) -> Result<Written> {
        let ids = self.vocabulary.encode(text);
        if ids.is_empty() {
            let problem =
                "there is nothing in it that the model can read; type something that its text holds";
            return Err(Error::format("the beginning", problem));
        }
        self.set_temperature(temperature)?;
        self.stream = stream(seed);
        self.positions = Positions::default();
        self.reader.forget(&mut self.model);
        for id in ids {
            self.read(id, None)?;
        }
        let left_out = self.left_out(text);
        Ok(Written { left_out, ..self.written(self.positions.first()) })
    }

    /// What of `text` the vocabulary does not hold, each once.
    fn left_out(&self, text: &str) -> Vec<String> {
        let all: Vec<String> = match self.vocabulary.unit() {
            Unit::Character => text.chars().map(String::from).collect(),
            _ => crate::data::words(text),
        };
        let mut unknown: Vec<String> = Vec::new();
        for piece in all {
            if self.vocabulary.id(&piece).is_none() && !unknown.contains(&piece) {
                unknown.push(piece);
            }
        }
        unknown
    }

    /// Another temperature from the next id on.
    ///
    /// # Errors
    /// If it is negative or not finite.
    pub fn set_temperature(&mut self, temperature: f32) -> Result<()> {
        if !(temperature.is_finite() && temperature >= 0.0) {
            return Err(Error::config("temperature", "a number of at least 0", temperature));
        }
        self.temperature = temperature;
        Ok(())
    }

    /// Writes `count` more ids.
    ///
    /// # Errors
    /// If no text was begun, or the model gives numbers that are not finite.
    pub fn write(&mut self, count: usize) -> Result<Written> {
        let from = self.positions.count();
        for _ in 0..count {
            let last = self.positions.last().ok_or_else(no_text)?;
            let ((first, logits), draws) = (&last.logits, last.draws);
            self.stream.seek(draws);
            let random: f32 = self.stream.sample(crate::rng::Unit);
            let (k, probability) = drawn(logits, self.temperature, random, &mut self.room)?;
            let id = first + k as u16;
            self.read(id, Some((random, probability)))?;
        }
        Ok(self.written(from))
    }

    /// Takes the text back to `at`, so that position `at` is the next to be written.
    ///
    /// # Errors
    /// If what stands before it is not kept any more.
    pub fn rewind(&mut self, at: usize) -> Result<()> {
        let before = at.checked_sub(1).and_then(|before| self.positions.get(before));
        let states = before.map(|before| before.states.clone()).ok_or_else(|| self.not_kept(at))?;
        self.positions.cut(at);
        self.model.reset_states();
        if self.reader.context() == Context::Carried {
            self.model.restore_states(states);
        }
        self.reader.remember(self.positions.last_ids(self.reader.remembered()));
        Ok(())
    }

    /// Takes the text back to `at` and puts `id` there, as if it had been drawn.
    ///
    /// # Errors
    /// If what stands before it is not kept any more, or the id stands for nothing.
    pub fn branch(&mut self, at: usize, id: u16) -> Result<Written> {
        if self.vocabulary.word(id).is_none() {
            let expected = format!("below {}, one of the vocabulary", self.vocabulary.num_words());
            return Err(Error::value("the id", expected, id));
        }
        self.rewind(at)?;
        let draws = self.positions.last().map_or(0, |last| last.draws);
        self.read(id, None)?;
        // The numbers after it are those that they would have been.
        self.positions.set_last_draws(draws + 1);
        Ok(self.written(at))
    }

    /// How the id at position `at` was chosen.
    ///
    /// # Errors
    /// If it, or what stands before it, is not kept any more.
    pub fn choice(&self, at: usize) -> Result<WrittenChoice> {
        let before = at.checked_sub(1).and_then(|before| self.positions.get(before));
        let (before, here) = before.zip(self.positions.get(at)).ok_or_else(|| self.not_kept(at))?;
        let (first_id, logits) = before.logits.clone();
        let random = here.drawn.map(|(random, _)| random);
        Ok(WrittenChoice { logits, first_id, id: here.id, random, temperature: self.temperature })
    }

    /// What `id` stands for.
    pub fn piece(&self, id: u16) -> String {
        let word = self.vocabulary.word(id).unwrap_or_default();
        match self.vocabulary.unit() {
            Unit::Character => word.to_owned(),
            _ => format!(" {word}"),
        }
    }

    /// Holds these units and no others from the next id on.
    ///
    /// # Errors
    /// If one cannot be held; all are as before then.
    pub fn clamp(&mut self, clamps: Vec<Clamp>) -> Result<()> {
        self.clamps = self.placed(clamps)?;
        Ok(())
    }

    pub(super) fn placed(&self, clamps: Vec<Clamp>) -> Result<Vec<PlacedClamp>> {
        let placed = clamps.into_iter().map(|clamp| PlacedClamp::of(clamp, &self.model, &self.reader));
        let mut placed = placed.collect::<Result<Vec<_>>>()?;
        sort_by_key(&mut placed, |clamp| clamp.place());
        Ok(placed)
    }

    /// Lets the model read one id, with the units held that are to be held.
    pub(super) fn pass(&mut self, id: u16) -> Result<()> {
        if self.clamps.is_empty() {
            return self.reader.read(&mut self.model, id);
        }
        let before = self.states();
        self.reader.read(&mut self.model, id)?;
        hold(&mut self.model, &self.clamps, &before)
    }

    fn read(&mut self, id: u16, drawn: Option<(f32, f32)>) -> Result<()> {
        self.pass(id)?;
        let draws = self.positions.last().map_or(0, |last| last.draws) + u64::from(drawn.is_some());
        let (logits, states, row) = (self.reader.logits(&self.model), self.states(), self.row());
        let held = !self.clamps.is_empty();
        self.positions.push(Position { id, drawn, draws, logits, states, row, held });
        Ok(())
    }

    /// The states that the model carries.
    fn states(&self) -> Vec<Option<Carried>> {
        let recurrents = self.model.layers().iter().flat_map(|layer| layer.recurrents());
        recurrents.map(|(_, layer)| layer.carried().cloned()).collect()
    }

    /// Gates and states of the last id.
    pub(super) fn row(&self) -> Vec<f32> {
        let mut row = Vec::new();
        for (path, layer) in self.model.layers().iter().flat_map(|layer| layer.recurrents()) {
            let Some(tape) = layer.tape() else { continue };
            for symbol in layer.cell().symbols() {
                let values = tape.values(&symbol);
                let last = tape.timesteps().saturating_sub(1);
                let start = row.len();
                row.extend(values.slice(ndarray::s![last, 0, ..]));
                let held = self.clamps.iter().filter(|held| held.clamp.layer == path && symbol.name == "h");
                for PlacedClamp { clamp, .. } in held {
                    row[start + clamp.unit] = clamp.value;
                }
            }
        }
        row
    }

    /// The positions from `from` on, as they are told.
    fn written(&self, from: usize) -> Written {
        let mut written = Written { first: from.max(self.positions.first()), ..Written::default() };
        let kept = (written.first..self.positions.count()).filter_map(|k| self.positions.get(k));
        for position in kept {
            written.pieces.push(self.piece(position.id));
            written.probabilities.push(position.drawn.map_or(f32::NAN, |(_, probability)| probability));
            written.rows.extend(&position.row);
        }
        written
    }

    /// The ids at some positions.
    ///
    /// # Errors
    /// If one is not kept any more.
    pub(super) fn ids(&self, positions: Range<usize>) -> Result<Vec<u16>> {
        let id = |k| self.positions.get(k).map(|position| position.id).ok_or_else(|| self.not_kept(k));
        positions.map(id).collect()
    }

    /// Gates and states of all recurrent layers at some positions, `[positions, row]`.
    ///
    /// # Errors
    /// If one is not kept any more.
    pub(super) fn rows_at(&self, positions: Range<usize>) -> Result<Array2<f32>> {
        let row =
            |k| self.positions.get(k).map(|position| position.row.as_slice()).ok_or_else(|| self.not_kept(k));
        let rows = positions.clone().map(row).collect::<Result<Vec<_>>>()?;
        let shape = (rows.len(), rows.first().map_or(0, |row| row.len()));
        Array2::from_shape_vec(shape, rows.concat())
            .map_err(|_| Error::shape("the rows", &[shape.0, shape.1], &[positions.len()]))
    }

    /// The states of all recurrent layers after a position.
    ///
    /// # Errors
    /// If it is not kept any more.
    pub(super) fn states_after(&self, at: usize) -> Result<Vec<Option<Carried>>> {
        self.positions.get(at).map(|position| position.states.clone()).ok_or_else(|| self.not_kept(at))
    }

    fn not_kept(&self, at: usize) -> Error {
        let (first, end) = (self.positions.first() + 1, self.positions.count());
        Error::value("the position", format!("from {first} to {end}, which are kept"), at)
    }
}

/// The numbers on which ids are drawn.
pub(super) fn stream(seed: u64) -> Stream {
    Stream::new(seed, "generate", 0)
}

/// A text without anything that the model knows.
pub(super) fn nothing_to_read() -> Error {
    let problem =
        "there is nothing in it that the model can read; type something that the text it learned from holds";
    Error::format("the text", problem)
}

fn no_text() -> Error {
    Error::format("the writer", "no text was begun; begin one first")
}
