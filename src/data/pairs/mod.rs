//! Sources and their answers, for a model that reads one sequence and writes another: each pair follows from a seed.
//!
//! A pair is held out from training by its content alone, whatever the seed: one in [`HELD_OUT`] of all words, of all
//! sums and of all days. No day that is held out is trained on in another way of writing it.

mod dates;

use serde::{Deserialize, Serialize};

use crate::rng::{Stream, fnv1a};

/// One pair in so many is held out.
const HELD_OUT: u64 = 20;

/// What is to be learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum PairTask {
    /// Letters the other way round.
    Reversing,
    /// The sum of two numbers up to 99.
    Adding,
    /// The sum of two numbers up to 999.
    AddingLarge,
    /// A day as ISO 8601 writes it.
    Dates,
}

/// A source and the answer to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Pair {
    /// What is read.
    pub source: String,
    /// What should be written.
    pub answer: String,
}

/// Letters of a word that is reversed: between the two, the last one included.
const LETTERS: (u32, u32) = (6, 8);

impl PairTask {
    /// Every task.
    pub const ALL: [Self; 4] = [Self::Reversing, Self::Adding, Self::AddingLarge, Self::Dates];

    /// Its name on the command line and in documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reversing => "reversing",
            Self::Adding => "adding",
            Self::AddingLarge => "adding_large",
            Self::Dates => "dates",
        }
    }

    /// The characters of a source.
    pub fn source_characters(self) -> &'static str {
        match self {
            Self::Reversing => "abcdefghijklmnopqrstuvwxyz",
            Self::Adding | Self::AddingLarge => "0123456789+",
            Self::Dates => dates::CHARACTERS,
        }
    }

    /// The characters of an answer.
    pub fn answer_characters(self) -> &'static str {
        match self {
            Self::Reversing => "abcdefghijklmnopqrstuvwxyz",
            Self::Adding | Self::AddingLarge => "0123456789",
            Self::Dates => "0123456789-",
        }
    }

    /// Characters of the longest source and of the longest answer.
    pub fn longest(self) -> (usize, usize) {
        match self {
            Self::Reversing => (LETTERS.1 as usize, LETTERS.1 as usize),
            Self::Adding => ("99+99".len(), "198".len()),
            Self::AddingLarge => ("999+999".len(), "1998".len()),
            Self::Dates => (dates::LONGEST, "2000-01-01".len()),
        }
    }

    /// A pair, and what says whether it is held out.
    fn draw(self, stream: &mut Stream) -> (Pair, String) {
        match self {
            Self::Reversing => {
                let length = LETTERS.0 + stream.below(LETTERS.1 - LETTERS.0 + 1);
                let letters: Vec<u8> = (0..length).map(|_| b'a' + stream.below(26) as u8).collect();
                let word = |letters: &mut dyn Iterator<Item = &u8>| letters.map(|l| char::from(*l)).collect();
                let source: String = word(&mut letters.iter());
                let key = source.clone();
                (Pair { source, answer: word(&mut letters.iter().rev()) }, key)
            }
            Self::Adding => sum(stream, 100),
            Self::AddingLarge => sum(stream, 1000),
            Self::Dates => {
                let (source, answer) = dates::draw(stream);
                let key = answer.clone();
                (Pair { source, answer }, key)
            }
        }
    }

    /// Pairs of one side: trained on, or held out.
    fn drawn(self, stream: &mut Stream, held_out: bool) -> Pair {
        loop {
            let (pair, key) = self.draw(stream);
            if (fnv1a(key.as_bytes()).is_multiple_of(HELD_OUT)) == held_out {
                return pair;
            }
        }
    }

    /// The `count` pairs of update `update`, none of them held out.
    pub fn batch(self, seed: u64, update: u64, count: usize) -> Vec<Pair> {
        let mut stream = Stream::new(seed, &format!("pairs/{}", self.name()), update);
        (0..count).map(|_| self.drawn(&mut stream, false)).collect()
    }

    /// `count` different pairs that no update is trained on; at most a few hundred, since there are not endlessly many.
    pub fn held_out(self, seed: u64, count: usize) -> Vec<Pair> {
        let mut stream = Stream::new(seed, &format!("pairs/{}/held out", self.name()), 0);
        let mut pairs: Vec<Pair> = Vec::with_capacity(count);
        while pairs.len() < count {
            let pair = self.drawn(&mut stream, true);
            if pairs.iter().all(|known| known.source != pair.source) {
                pairs.push(pair);
            }
        }
        pairs
    }
}

/// The sum of two numbers below `end`.
fn sum(stream: &mut Stream, end: u32) -> (Pair, String) {
    let (a, b) = (stream.below(end), stream.below(end));
    let source = format!("{a}+{b}");
    (Pair { answer: (a + b).to_string(), source: source.clone() }, source)
}
