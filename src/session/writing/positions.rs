//! What a writer keeps of each id of its text.

use std::collections::VecDeque;

use crate::layers::recurrent::Carried;

/// What is kept of all positions together, in numbers of four bytes: 32 MB.
const ROOM: usize = 8_000_000;
/// The fewest positions that are kept, however large the model is, and the most.
const FEWEST: usize = 64;
const MOST: usize = 4000;

/// One id of the text and what the model computed when it read it.
#[derive(Debug, Clone)]
pub(super) struct Position {
    /// The id.
    pub id: u16,
    /// Where it was drawn: the random number on which it was chosen, and its probability there.
    pub drawn: Option<(f32, f32)>,
    /// How many ids have been drawn up to here.
    pub draws: u64,
    /// The logits of the ids that can follow, and the first of these ids.
    pub logits: (u16, Vec<f32>),
    /// The states after it, of each recurrent layer.
    pub states: Vec<Option<Carried>>,
    /// Gates and states of all recurrent layers, one after the other.
    pub row: Vec<f32>,
    /// Whether a unit was held when the model read it.
    pub held: bool,
}

impl Position {
    fn size(&self) -> usize {
        let states = self.states.iter().flatten().flat_map(|carried| &carried.states).map(Vec::len);
        self.logits.1.len() + self.row.len() + states.sum::<usize>()
    }
}

/// The last positions of a text.
#[derive(Debug, Clone, Default)]
pub(super) struct Positions {
    /// How many were dropped.
    first: usize,
    kept: VecDeque<Position>,
}

impl Positions {
    /// How many ids the text has.
    pub fn count(&self) -> usize {
        self.first + self.kept.len()
    }

    /// The first position that is kept.
    pub fn first(&self) -> usize {
        self.first
    }

    /// Adds one, and drops the oldest where there is no room for it.
    pub fn push(&mut self, position: Position) {
        let most = (ROOM / position.size().max(1)).clamp(FEWEST, MOST);
        self.kept.push_back(position);
        while self.kept.len() > most {
            self.kept.pop_front();
            self.first += 1;
        }
    }

    /// Position `k` of the text, if it is kept.
    pub fn get(&self, k: usize) -> Option<&Position> {
        self.kept.get(k.checked_sub(self.first)?)
    }

    /// The last one.
    pub fn last(&self) -> Option<&Position> {
        self.kept.back()
    }

    /// Says how many ids have been drawn up to the last one.
    pub fn set_last_draws(&mut self, draws: u64) {
        if let Some(last) = self.kept.back_mut() {
            last.draws = draws;
        }
    }

    /// Forgets those from `count` on.
    pub fn cut(&mut self, count: usize) {
        self.kept.truncate(count.saturating_sub(self.first));
    }

    /// The ids of the last `count` positions.
    pub fn last_ids(&self, count: usize) -> impl Iterator<Item = u16> {
        self.kept.iter().skip(self.kept.len().saturating_sub(count)).map(|position| position.id)
    }
}
