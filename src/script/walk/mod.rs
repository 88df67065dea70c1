//! A script position by position, so that it can be stepped through as a whole.

mod say;

use super::positions::{Entry, Event, Gives, Kept, Numbers, Position, Question, Record};
use super::whole::{Run, Script};
use crate::listing::Diagnostic;

/// A script that ran, with its positions.
#[derive(Debug)]
pub struct Walk {
    record: Record,
    run: Run,
    /// For each position its turn of the loop over time.
    timesteps: Vec<Option<usize>>,
}

impl Script {
    /// Runs it as [`Script::run_within`] does, and keeps what every line gives.
    pub fn walk_within(&self, seed: u32, work: u64) -> Result<Walk, Diagnostic> {
        let (run, record) = self.recorded(seed, work)?;
        Ok(Walk::new(run, record, self.source()))
    }
}

impl Walk {
    fn new(run: Run, mut record: Record, source: &str) -> Self {
        let ends = ends_of(source);
        for position in &mut record.positions {
            position.until = ends.get(position.line - 1).copied().unwrap_or(position.line);
        }
        let over_time = run.line().and_then(|line| record.runs.iter().position(|known| known.line == line));
        let timestep = |position: &Position| {
            let mut turn = position.turn;
            while let Some((of, k)) = turn {
                if Some(of) == over_time {
                    return Some(k);
                }
                turn = record.runs[of].within;
            }
            None
        };
        let timesteps = record.positions.iter().map(timestep).collect();
        Self { record, run, timesteps }
    }

    /// What the script gave.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The positions, in the order in which they happened.
    pub fn positions(&self) -> &[Position] {
        &self.record.positions
    }

    /// The turn of the loop over time that a position belongs to, from 0.
    pub fn timestep(&self, at: usize) -> Option<usize> {
        self.timesteps.get(at).copied().flatten()
    }

    /// The numbers of an array that was kept.
    pub fn numbers(&self, array: usize) -> Option<&Numbers> {
        self.record.arrays.get(array)
    }

    /// The entries of a list or dictionary, as it was then.
    pub fn entries(&self, kept: &Kept) -> &[Entry] {
        match kept {
            Kept::List { list, count, .. } => {
                self.record.lists.get(*list).map_or(&[], |all| &all[..(*count).min(all.len())])
            }
            _ => &[],
        }
    }

    /// The names that can be read at a position: each with the position that gave it its value last.
    pub fn names(&self, at: usize) -> Vec<(&str, usize)> {
        let Some(here) = self.record.positions.get(at) else { return vec![] };
        let mut found: Vec<(&str, usize, usize)> = Vec::new();
        for (k, position) in self.record.positions[..=at].iter().enumerate() {
            for Gives { name, frame, .. } in &position.gives {
                if (*frame != here.frame && *frame != 0) || position.event == Event::Return {
                    continue;
                }
                match found.iter_mut().find(|(own, of, _)| own == name && of == frame) {
                    Some(known) => known.2 = k,
                    None => found.push((name, *frame, k)),
                }
            }
        }
        // A name of the function hides the one outside.
        let is_hidden = |name: &str| found.iter().any(|(own, frame, _)| *own == name && *frame == here.frame);
        found
            .iter()
            .filter(|(name, frame, _)| *frame == here.frame || !is_hidden(name))
            .map(|(name, _, k)| (*name, *k))
            .collect()
    }

    /// For each line the position of its last run up to `at`.
    pub fn latest(&self, at: usize) -> Vec<Option<usize>> {
        let mut latest = vec![None; self.run.lines];
        for (k, position) in self.record.positions.iter().enumerate().take(at + 1) {
            if let Some(own) = latest.get_mut(position.line - 1) {
                *own = Some(k);
            }
        }
        latest
    }

    /// What was printed up to a position: the position of each piece, and the piece.
    pub fn printed(&self, at: usize) -> Vec<(usize, &str)> {
        let mut from = 0;
        let mut pieces = Vec::new();
        for (k, position) in self.record.positions.iter().enumerate().take(at + 1) {
            if position.printed > from {
                pieces.extend(self.run.printed.get(from..position.printed).map(|text| (k, text)));
                from = position.printed;
            }
        }
        pieces
    }

    /// What can be asked about a position.
    pub fn question(&self, at: usize) -> Option<Question> {
        let position = self.record.positions.get(at)?;
        Some(self.record.joins.get(position.question?)?.question())
    }

    /// Says what was left out, where the whole script has too many positions or numbers to be kept; lines are counted
    /// behind the first `above`.
    pub fn left_out(&self, above: usize) -> Option<String> {
        let line = self.record.full?.saturating_sub(above);
        Some(format!(
            "This script runs longer than can be kept: of what line {line} runs, only the first part can be stepped \
             through. The rest has run too, and the lines behind it stand here with what they gave."
        ))
    }
}

/// For each line the last line of a statement that begins there: its brackets are closed on it.
fn ends_of(source: &str) -> Vec<usize> {
    let depths: Vec<i64> = source.lines().map(depth_of).collect();
    (0..depths.len())
        .map(|first| {
            let mut open = 0;
            let closed = depths[first..].iter().position(|depth| {
                open += depth;
                open <= 0
            });
            first + 1 + closed.unwrap_or(0)
        })
        .collect()
}

/// How many brackets a line opens more than it closes, outside of texts and comments.
fn depth_of(line: &str) -> i64 {
    let (mut depth, mut quote) = (0, None);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '#') => break,
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            _ => {}
        }
    }
    depth
}
