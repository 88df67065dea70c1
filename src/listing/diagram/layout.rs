//! Rows and columns: where the elements stand to each other.

use super::picture::Figure;
use super::simplify::{Input, Simple, Source};
use super::sizes::{CIRCLE, COLUMN, PITCH, width_of};
use crate::ordering::sort_by_key;

/// Rows of a folded sum are cut before they have more letters.
const LONGEST_ROW: usize = 24;

/// What saves width and height.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Form {
    /// Sums are written one term to a row.
    pub(super) folded: bool,
    /// An operation of two values from far apart stands beside the higher one.
    pub(super) flat: bool,
}

pub(super) struct Layout<'a> {
    pub(super) simple: &'a Simple,
    /// For each element the state on whose top line it lies.
    pub(super) lane: Vec<Option<usize>>,
    /// For each state which top line it has, from the top.
    pub(super) lanes: Vec<Option<usize>>,
    /// Sums that several elements read: they lie below them, as wide as they need.
    pub(super) wide: Vec<bool>,
    pub(super) column: Vec<Option<f32>>,
    /// Rows from the bottom.
    pub(super) row: Vec<usize>,
    /// Elements that hang from a top line, such as tanh(c), and what follows them: rows counted from the top.
    depth: Vec<usize>,
    pub(super) rows: usize,
    form: Form,
    next_column: f32,
    lane_end: Vec<f32>,
}

impl<'a> Layout<'a> {
    pub(super) fn new(simple: &'a Simple, form: Form) -> Self {
        let count = simple.drawn.len();
        let mut readers = vec![0; count];
        for drawn in &simple.drawn {
            let mut read: Vec<usize> = drawn.inputs.iter().filter_map(element).collect();
            sort_by_key(&mut read, |index| *index);
            read.dedup();
            read.into_iter().for_each(|index| readers[index] += 1);
        }
        let wide = (0..count).map(|d| simple.drawn[d].figure == Figure::Sum && readers[d] > 1).collect();
        let mut layout = Self {
            simple,
            lane: vec![None; count],
            lanes: vec![None; simple.states],
            wide,
            column: vec![None; count],
            row: vec![0; count],
            depth: vec![0; count],
            rows: 1,
            form,
            next_column: 0.0,
            lane_end: vec![0.0; simple.states],
        };
        layout.find_lanes();
        layout.place_all();
        layout.finish_rows();
        layout
    }

    /// A state has a top line if element-wise operations lead from it to what is returned for it.
    fn find_lanes(&mut self) {
        let mut count = 0;
        // The last state comes first: LSTM's memory c runs above everything.
        for state in (0..self.simple.states).rev() {
            let before = Source::Parameter(state + 1);
            let mut reaches = vec![false; self.simple.drawn.len()];
            for (index, drawn) in self.simple.drawn.iter().enumerate() {
                reaches[index] = drawn.figure != Figure::Sum
                    && self.lane[index].is_none()
                    && drawn.inputs.iter().any(|input| match input.source {
                        Source::Drawn(other) => reaches[other],
                        source => source == before,
                    });
            }
            let last = self.simple.returns.get(state).and_then(element);
            let Some(last) = last.filter(|last| reaches[*last]) else { continue };
            let mut at = Some(last);
            while let Some(index) = at {
                self.lane[index] = Some(state);
                at = self.simple.drawn[index].inputs.iter().filter_map(element).find(|other| reaches[*other]);
            }
            self.lanes[state] = Some(count);
            count += 1;
        }
    }

    /// Places elements so that operands come before results: along the top lines first, then what is returned.
    fn place_all(&mut self) {
        let count = self.simple.drawn.len();
        let on_lanes: Vec<usize> = (0..count).filter(|d| self.lane[*d].is_some()).collect();
        let returned: Vec<usize> = self.simple.returns.iter().filter_map(element).collect();
        let mut done = vec![false; count];
        for root in on_lanes.into_iter().chain(returned).chain(0..count) {
            // A stack of our own: a long listing must not use up the machine's.
            let mut open = vec![(root, false)];
            while let Some((index, ready)) = open.pop() {
                if done[index] {
                    continue;
                }
                if ready {
                    done[index] = true;
                    self.place(index);
                    continue;
                }
                open.push((index, true));
                let inputs = self.simple.drawn[index].inputs.iter().rev().filter_map(element);
                open.extend(inputs.map(|d| (d, false)));
            }
        }
    }

    fn place(&mut self, index: usize) {
        let drawn = &self.simple.drawn[index];
        let own: Vec<usize> = drawn.inputs.iter().filter_map(element).collect();
        let sums = own.iter().filter(|d| self.simple.drawn[**d].figure == Figure::Sum);
        let above_sums = sums.map(|d| self.row[*d] + 1).max().unwrap_or(0);
        if drawn.figure == Figure::Sum {
            // A sum of what has been made above begins a new stage, at the bottom to the right.
            self.row[index] = above_sums;
            if !self.wide[index] {
                self.column[index] = Some(self.new_column(index));
            }
            return;
        }
        let beside: Vec<usize> =
            own.iter().copied().filter(|d| self.lane[*d].is_none() && !self.wide[*d]).collect();
        let from_lanes = own.iter().any(|d| self.lane[*d].is_some());
        let hanging = beside.iter().copied().filter(|d| self.depth[*d] > 0).max_by_key(|d| self.depth[*d]);
        let level = beside.iter().filter(|d| self.depth[**d] == 0).map(|d| self.row[*d] + 1).max();
        let mut row = level.unwrap_or(0).max(above_sums);
        let columns: Vec<f32> = beside.iter().filter_map(|d| self.column[*d]).collect();
        let tapped = drawn.inputs.len() > own.len() || own.iter().any(|d| self.wide[*d]);
        let mut column = match (hanging.filter(|_| self.lane[index].is_none()), columns.as_slice()) {
            (Some(above), _) => {
                self.depth[index] = self.depth[above] + 1;
                self.column[above].unwrap_or(0.0)
            }
            (None, []) => {
                self.depth[index] = usize::from(from_lanes && self.lane[index].is_none());
                let own_lane = self.lane[index].is_some_and(|state| self.lane_end[state] > 0.0);
                if own_lane { 0.0 } else { self.new_column(index) }
            }
            // One value from the side, another from below: `r * h_h` beside r.
            (None, [_])
                if tapped && self.lane[index].is_none() && beside.iter().all(|d| self.is_gate(*d)) =>
            {
                row = (row.max(1) - 1).max(above_sums);
                // Room for a number on the way.
                self.next_column += 0.4;
                self.new_column(index)
            }
            // `1 - z` stands beside the line of z, which goes on.
            (None, [one]) if drawn.inputs.len() == 1 && drawn.figure == Figure::Circle => one + 0.5,
            (None, several) => {
                let middle = several.iter().sum::<f32>() / several.len() as f32;
                if self.form.flat && self.lane[index].is_none() && self.has_room_beside(&beside, middle, row)
                {
                    row -= 1;
                }
                middle
            }
        };
        self.row[index] = row;
        if let Some(state) = self.lane[index] {
            column = column.max(self.lane_end[state]);
            let step = if drawn.figure == Figure::Box { 1.0 } else { 0.75 };
            self.lane_end[state] = column + step;
            self.next_column = self.next_column.max(column);
        }
        self.column[index] = Some(column);
    }

    /// Whether the highest of several elements, one row below `row`, leaves room for a circle at a column beside it.
    fn has_room_beside(&self, several: &[usize], column: f32, row: usize) -> bool {
        let highest: Vec<usize> = several.iter().copied().filter(|d| self.row[*d] + 1 == row).collect();
        let apart = |d: usize| {
            let needed = (width_of(self.simple.drawn[d].figure, &self.rows_of(d)) + CIRCLE) / 2.0 + PITCH;
            self.column[d].is_some_and(|other| (other - column).abs() * COLUMN >= needed)
        };
        several.len() > 1 && matches!(highest.as_slice(), [one] if apart(*one))
    }

    fn is_gate(&self, index: usize) -> bool {
        self.simple.drawn[index].figure == Figure::Box
    }

    fn new_column(&mut self, index: usize) -> f32 {
        let wide =
            ((width_of(self.simple.drawn[index].figure, &self.rows_of(index)) + 14.0) / COLUMN).max(1.0);
        let column = self.next_column + (wide - 1.0) / 2.0;
        self.next_column += wide;
        column
    }

    /// What hangs from the top needs rows enough above what it reads; then its rows count from the bottom too.
    fn finish_rows(&mut self) {
        let off = |d: &usize| self.lane[*d].is_none();
        let needed = (0..self.row.len()).filter(off).map(|d| match self.depth[d] {
            0 => self.row[d] + 1,
            depth => depth + self.row[d].max(1),
        });
        self.rows = needed.max().unwrap_or(0).max(1);
        for d in 0..self.row.len() {
            if self.depth[d] > 0 {
                self.row[d] = self.rows - self.depth[d];
            }
        }
    }

    /// What is written into an element, row by row. Sums below several others may need all their width.
    pub(super) fn rows_of(&self, index: usize) -> Vec<String> {
        let terms = &self.simple.drawn[index].terms;
        match self.form.folded {
            true => terms.iter().flat_map(|term| wrapped(term)).collect(),
            false if self.wide[index] => terms.clone(),
            false => vec![terms.join(" ")],
        }
    }

    pub(super) fn lane_count(&self) -> usize {
        self.lanes.iter().flatten().count()
    }
}

/// A long term in several rows, cut between words.
fn wrapped(term: &str) -> Vec<String> {
    let mut rows = vec![String::new()];
    for word in term.split(' ') {
        let row = rows.last_mut().filter(|row| !row.is_empty());
        match row {
            Some(row) if row.chars().count() + word.chars().count() < LONGEST_ROW => {
                row.push(' ');
                row.push_str(word);
            }
            Some(_) => rows.push(word.to_string()),
            None => rows = vec![word.to_string()],
        }
    }
    rows
}

fn element(input: &Input) -> Option<usize> {
    match input.source {
        Source::Drawn(index) => Some(index),
        Source::Parameter(_) => None,
    }
}
