//! Places and wires.

use super::picture::{Diagram, DiagramElement, Figure};
use super::simplify::{Feed, Simple, Source};
use crate::listing::parsed::Listing;
use std::collections::HashMap;

/// The distance of two gates.
const COLUMN: f32 = 84.0;
/// The distance of two rows of operations.
pub(super) const ROW: f32 = 62.0;
/// Room at the left for the names of the states, at the right for those that leave.
pub(super) const MARGIN: f32 = 96.0;
/// Room above the top line and below the bottom line.
pub(super) const EDGE: f32 = 40.0;
/// The size of a gate.
const BOX: [f32; 2] = [52.0, 34.0];
/// The size of a circle; labels of several letters need a wider one.
const CIRCLE: f32 = 24.0;
/// Operations on a top line keep this much of a column between them.
const LANE_GAP: f32 = 0.7;

pub(super) struct Layout<'a> {
    pub(super) listing: &'a Listing,
    pub(super) simple: &'a Simple,
    /// For each drawn operation the state on whose top line it lies.
    pub(super) lane: Vec<Option<usize>>,
    /// For each state whether it has a top line, and which from the top.
    pub(super) lanes: Vec<Option<usize>>,
    pub(super) column: Vec<Option<f32>>,
    level: Vec<usize>,
    /// Operations that hang from a top line, such as tanh(c), and what follows them: rows counted from the top.
    depth: Vec<usize>,
    /// Where operations that are no gates tap the bottom line: operation, side, column.
    pub(super) taps: Vec<(usize, usize, f32)>,
    /// Which operations lead straight up to a top line, and where: column and row.
    rises: Vec<bool>,
    rising: Vec<(f32, usize)>,
    /// The columns that are taken in each row; rows that hang from the top are counted apart.
    rows: HashMap<(usize, bool), Vec<f32>>,
    next_column: f32,
    lane_end: Vec<f32>,
}

impl<'a> Layout<'a> {
    pub(super) fn new(listing: &'a Listing, simple: &'a Simple) -> Self {
        let count = simple.drawn.len();
        let mut layout = Self {
            listing,
            simple,
            lane: vec![None; count],
            lanes: vec![None; simple.states],
            column: vec![None; count],
            level: vec![0; count],
            depth: vec![0; count],
            taps: Vec::new(),
            rises: vec![false; count],
            rising: Vec::new(),
            rows: HashMap::new(),
            next_column: 0.0,
            lane_end: vec![0.0; simple.states],
        };
        layout.find_lanes();
        layout.find_rises();
        layout.place_all();
        layout
    }

    /// A state has a top line if circles lead from it to what is returned for it, touching nothing else on the way.
    fn find_lanes(&mut self) {
        let mut count = 0;
        // The last state comes first: LSTM's memory c runs above everything.
        for state in (0..self.simple.states).rev() {
            let before = Source::Parameter(state + 1);
            let mut reaches = vec![false; self.simple.drawn.len()];
            for (index, drawn) in self.simple.drawn.iter().enumerate() {
                reaches[index] = drawn.figure == Figure::Circle
                    && self.lane[index].is_none()
                    && drawn.feeds.iter().any(|feed| match feed.direct() {
                        Some(Source::Drawn(other)) => reaches[other],
                        source => source == Some(before),
                    });
            }
            let mut at = match self.simple.returns[state].direct() {
                Some(Source::Drawn(last)) if reaches[last] => Some(last),
                _ => continue,
            };
            while let Some(index) = at {
                self.lane[index] = Some(state);
                at = self.simple.drawn[index].feeds.iter().find_map(|feed| match feed.direct() {
                    Some(Source::Drawn(other)) if reaches[other] => Some(other),
                    _ => None,
                });
            }
            self.lanes[state] = Some(count);
            count += 1;
        }
    }

    /// Places operations so that operands come before results: along the top lines first, then what is returned.
    fn place_all(&mut self) {
        let on_lanes: Vec<usize> = (0..self.simple.drawn.len()).filter(|d| self.lane[*d].is_some()).collect();
        let returned: Vec<usize> = (self.simple.returns.iter())
            .flat_map(|feed| feed.sources.iter())
            .filter_map(|source| if let Source::Drawn(d) = source { Some(*d) } else { None })
            .collect();
        let all: Vec<usize> = (0..self.simple.drawn.len()).collect();
        for root in on_lanes.into_iter().chain(returned).chain(all) {
            // A stack of our own: a long listing must not use up the machine's.
            let mut open = vec![(root, false)];
            while let Some((index, ready)) = open.pop() {
                if self.column[index].is_some() {
                    continue;
                }
                if ready {
                    self.place(index);
                    continue;
                }
                open.push((index, true));
                let inputs = self.simple.drawn[index].feeds.iter().flat_map(|f| f.sources.iter());
                let inputs: Vec<usize> =
                    inputs.filter_map(|s| if let Source::Drawn(d) = s { Some(*d) } else { None }).collect();
                open.extend(inputs.into_iter().rev().map(|d| (d, false)));
            }
        }
    }

    fn place(&mut self, index: usize) {
        let feeds = &self.simple.drawn[index].feeds;
        let mut below: Vec<f32> = Vec::new();
        let mut level = 0;
        let mut own_inputs = 0;
        let mut hanging: Option<usize> = None;
        for feed in feeds {
            for source in &feed.sources {
                if let Source::Drawn(other) = source {
                    own_inputs += 1;
                    if self.depth[*other] > 0 {
                        hanging = Some(*other);
                    }
                    if self.lane[*other].is_none() {
                        below.extend(self.column[*other]);
                        level = level.max(self.level[*other] + 1);
                    } else {
                        level = level.max(1);
                    }
                }
            }
        }
        let tapped: Vec<usize> =
            (0..feeds.len()).filter(|side| self.taps_bottom(index, &feeds[*side])).collect();
        let is_gate = own_inputs == 0 && self.lane[index].is_none();
        if !is_gate {
            for side in tapped {
                self.taps.push((index, side, self.next_column));
                below.push(self.next_column);
                self.next_column += 0.6;
                level = level.max(1);
            }
        }
        let from_lanes = below.is_empty() && own_inputs > 0;
        if self.lane[index].is_none() {
            self.depth[index] = match hanging {
                Some(above) => self.depth[above] + 1,
                None => usize::from(from_lanes),
            };
        }
        if let Some(above) = hanging.filter(|_| self.lane[index].is_none()) {
            below = self.column[above].into_iter().collect();
        }
        let mut column = if below.is_empty() {
            self.next_column += 1.0;
            self.next_column - 1.0
        } else {
            below.iter().sum::<f32>() / below.len() as f32
        };
        // `1 - z` stands beside the line of z, which often goes on.
        if self.lane[index].is_none() && feeds.len() == 1 && self.simple.drawn[index].figure == Figure::Circle
        {
            column += 0.5;
        }
        if let Some(state) = self.lane[index] {
            column = column.max(self.lane_end[state]);
            self.lane_end[state] = column + LANE_GAP;
            self.next_column = self.next_column.max(column);
        } else {
            // A line that rises from a lower operation to the top is left free.
            for _ in 0..4 {
                let crossed = self
                    .rising
                    .iter()
                    .any(|(column_of, from)| *from < level && (column_of - column).abs() < LANE_GAP / 2.0);
                column += if crossed { 0.5 } else { 0.0 };
            }
            // Two operations never lie on each other.
            let hangs = self.depth[index] > 0;
            let crowded = |row: &Vec<f32>| row.iter().any(|c| (c - column).abs() < LANE_GAP);
            while self.rows.get(&(level, hangs)).is_some_and(crowded) {
                level += 1;
            }
            self.rows.entry((level, hangs)).or_default().push(column);
            if self.rises[index] {
                self.rising.push((column, level));
            }
        }
        self.level[index] = level;
        self.column[index] = Some(column);
    }

    /// Which operations lead straight up to one on a top line.
    fn find_rises(&mut self) {
        for (other, drawn) in self.simple.drawn.iter().enumerate() {
            for feed in &drawn.feeds {
                if let Some(Source::Drawn(index)) = feed.direct().filter(|_| self.lane[other].is_some()) {
                    self.rises[index] = self.lane[index].is_none();
                }
            }
        }
    }

    /// Whether one side of an operation comes from the line at the bottom.
    pub(super) fn taps_bottom(&self, index: usize, feed: &Feed) -> bool {
        let parameters = feed.sources.iter().filter(|s| matches!(s, Source::Parameter(_)));
        let own_lane = feed
            .direct()
            .is_some_and(|s| matches!(s, Source::Parameter(p) if p > 0 && self.lane[index] == Some(p - 1)));
        parameters.count() > 0 && !own_lane
    }

    pub(super) fn lane_y(&self, lane: usize) -> f32 {
        EDGE + lane as f32 * ROW * 0.75
    }

    fn lane_count(&self) -> usize {
        self.lanes.iter().flatten().count()
    }

    pub(super) fn bottom(&self) -> f32 {
        let off_lane = (0..self.level.len()).filter(|d| self.lane[*d].is_none());
        let hangs = |d: usize| self.depth[d] + 1;
        let rows = |d: usize| if self.depth[d] > 0 { hangs(d) } else { self.level[d] + 1 };
        let highest = off_lane.map(rows).max().unwrap_or(0);
        EDGE + self.lane_count() as f32 * ROW * 0.75 + highest as f32 * ROW + ROW * 0.6
    }

    pub(super) fn x_of(&self, column: f32) -> f32 {
        MARGIN + 56.0 + column * COLUMN
    }

    pub(super) fn centre(&self, index: usize) -> [f32; 2] {
        let x = self.x_of(self.column[index].unwrap_or(0.0));
        let lane = self.lane[index].and_then(|state| self.lanes[state]);
        match lane {
            Some(lane) => [x, self.lane_y(lane)],
            None if self.depth[index] > 0 => {
                [x, self.lane_y(self.lane_count().saturating_sub(1)) + self.depth[index] as f32 * ROW]
            }
            None => [x, self.bottom() - ROW - self.level[index] as f32 * ROW],
        }
    }

    pub(super) fn line(&self, index: usize) -> usize {
        let node = &self.listing.graph().nodes[self.simple.drawn[index].node];
        let body = &self.listing.definition().body;
        node.statement.map_or(node.span.line, |statement| body[statement].span.line)
    }

    pub(super) fn name(&self, position: usize) -> String {
        self.listing.graph().parameters[position].clone()
    }

    /// The picture.
    pub(super) fn finish(&self) -> Diagram {
        let right = (self.column.iter().flatten().chain(self.lane_end.iter())).fold(0.0f32, |m, c| m.max(*c));
        let right = self.x_of(right.max(self.next_column - 1.0)) + 60.0;
        let mut diagram = Diagram {
            width: right + MARGIN * 0.6,
            height: self.bottom() + EDGE + 20.0,
            elements: (0..self.simple.drawn.len()).map(|index| self.element(index)).collect(),
            wires: Vec::new(),
            labels: Vec::new(),
        };
        self.bottom_line(&mut diagram);
        for index in 0..self.simple.drawn.len() {
            self.wires_to(index, &mut diagram);
        }
        for state in 0..self.simple.states {
            self.leave(state, right, &mut diagram);
        }
        diagram
    }

    fn element(&self, index: usize) -> DiagramElement {
        let drawn = &self.simple.drawn[index];
        let [x, y] = self.centre(index);
        let letters = drawn.label.chars().count() as f32;
        let [width, height] = match drawn.figure {
            Figure::Box => [BOX[0].max(letters * 9.0 + 12.0), BOX[1]],
            Figure::Circle => [CIRCLE.max(letters * 9.0 + 8.0), CIRCLE],
        };
        DiagramElement {
            node: drawn.node,
            figure: drawn.figure,
            label: drawn.label.clone(),
            name: self.listing.graph().nodes[drawn.node].name.clone(),
            line: self.line(index),
            x,
            y,
            width,
            height,
        }
    }
}
