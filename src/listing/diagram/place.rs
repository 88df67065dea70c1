//! Pixels: rows and columns spread over the room that there is.

use super::layout::Layout;
use super::picture::{Area, Diagram, DiagramElement, DiagramLabel, Edge, Figure};
use super::simplify::Source;
use super::sizes::{BOX, COLUMN, LETTERS, PITCH, height_of, letters, up, width_of};
use crate::listing::parsed::Listing;
use crate::ordering::{sort_by, sort_by_key};

/// The most distance of two columns.
const WIDEST_COLUMN: f32 = 15.0 * PITCH;
/// Between two elements of a row.
const BETWEEN: f32 = 2.0 * PITCH;
/// From the elements to the right edge, without the names: room for a number, and for its name where there is more.
const RIGHT: [f32; 2] = [5.0 * PITCH, 9.0 * PITCH];
/// What the names of the states before the step end with.
const BEFORE: usize = "_before".len();
/// What the names of gradients begin with.
const GRADIENT: usize = "d_".len();
/// Letters of a word after the name of the input.
const WORD: usize = 12;
/// The height of a name.
const NAME: f32 = LETTERS + 2.0;
/// Rows are spread by at most this.
const MOST_EXTRA: f32 = 4.0 * PITCH;

/// Distances of columns and rows, and where the names of the states before the step stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spacing {
    column: f32,
    extra: f32,
    /// To the left of their wires; above them where the room is too narrow.
    names_left: bool,
}

impl Spacing {
    /// What fills a room.
    pub(super) fn filling(listing: &Listing, layout: &Layout<'_>, room: [f32; 2]) -> Self {
        let mut spacing = Self { column: COLUMN, extra: 0.0, names_left: true };
        let size = |spacing: Self| {
            let diagram = place(listing, layout, spacing).diagram;
            [diagram.width, diagram.height]
        };
        spacing.names_left = size(spacing)[0] <= room[0];
        for column in (0..=((WIDEST_COLUMN - COLUMN) / PITCH) as usize).rev() {
            spacing.column = COLUMN + column as f32 * PITCH;
            if size(spacing)[0] <= room[0] {
                break;
            }
        }
        for extra in (0..=(MOST_EXTRA / PITCH) as usize).rev() {
            spacing.extra = extra as f32 * PITCH;
            if size(spacing)[1] <= room[1] {
                break;
            }
        }
        spacing
    }

    pub(super) fn wider(self) -> Self {
        Self { column: self.column + PITCH, extra: self.extra + PITCH, ..self }
    }
}

/// Elements and names with their places, and where the wires of the parameters begin and those of the states end.
pub(super) struct Placed {
    pub(super) diagram: Diagram,
    pub(super) starts: Vec<[f32; 2]>,
    pub(super) ends: Vec<[f32; 2]>,
}

pub(super) fn place(listing: &Listing, layout: &Layout<'_>, spacing: Spacing) -> Placed {
    let states = &listing.graph().parameters[1..=layout.simple.states];
    let longest = states.iter().map(|name| name.chars().count() + GRADIENT + BEFORE).max().unwrap_or(0);
    let left = if spacing.names_left { up(letters(longest)) + PITCH } else { 0.0 };
    let mut placing = Placing { listing, layout, spacing, left, elements: Vec::new() };
    placing.elements = (0..layout.simple.drawn.len()).map(|d| placing.element(d)).collect();
    placing.wide_sums();
    placing.push_apart();
    let bottom = placing.heights();
    placing.finish(bottom)
}

struct Placing<'a> {
    listing: &'a Listing,
    layout: &'a Layout<'a>,
    spacing: Spacing,
    /// Where the wires of the states begin.
    left: f32,
    elements: Vec<DiagramElement>,
}

impl Placing<'_> {
    fn element(&self, index: usize) -> DiagramElement {
        let drawn = &self.layout.simple.drawn[index];
        let node = &self.listing.graph().nodes[drawn.node];
        let body = &self.listing.definition().body;
        let column = self.layout.column[index].unwrap_or(0.0);
        DiagramElement {
            node: drawn.node,
            figure: drawn.figure,
            rows: self.layout.rows_of(index),
            name: node.name.clone(),
            folds: drawn.folds,
            line: node.statement.map_or(node.span.line, |statement| body[statement].span.line),
            back_line: None,
            x: up(self.left + 5.0 * PITCH + column * self.spacing.column),
            y: 0.0,
            width: width_of(drawn.figure, &self.layout.rows_of(index)),
            height: height_of(drawn.figure, self.layout.rows_of(index).len()),
            column: None,
        }
    }

    /// Sums that several elements read lie below all of them, or side by side where they would lie on each other.
    fn wide_sums(&mut self) {
        // From above to below: a sum may be read by another.
        let mut wide: Vec<usize> = (0..self.elements.len()).filter(|d| self.layout.wide[*d]).collect();
        sort_by_key(&mut wide, |d| (std::cmp::Reverse(self.layout.row[*d]), *d));
        for index in &wide {
            let drawn = &self.layout.simple.drawn;
            let reads = |d: &usize| drawn[*d].inputs.iter().any(|i| i.source == Source::Drawn(*index));
            let readers: Vec<f32> =
                (0..drawn.len()).filter(reads).map(|d| self.elements[d].x).filter(|x| *x > 0.0).collect();
            let low = readers.iter().copied().fold(f32::INFINITY, f32::min) - BETWEEN;
            let high = readers.iter().copied().fold(0.0f32, f32::max) + BETWEEN;
            let element = &mut self.elements[*index];
            element.x = up((low + high) / 2.0);
            let label = element.rows.join(" ");
            let line = width_of(Figure::Sum, std::slice::from_ref(&label));
            // Wide enough to reach the first and the last reader straight.
            let reach = 2.0 * up((element.x - low).max(high - element.x));
            if reach + 3.0 * COLUMN > line {
                element.rows = vec![label];
                element.height = height_of(Figure::Sum, 1);
                element.width = reach.max(line);
            } else {
                element.width = element.width.max(reach);
            }
            element.x = element.x.max(up(self.left + PITCH + element.width / 2.0));
        }
        for row in 0..self.layout.rows {
            let here: Vec<usize> = self.in_row(row).collect();
            let crowded = here
                .iter()
                .any(|a| here.iter().any(|b| a != b && self.layout.wide[*a] && self.apart(*a, *b) < BETWEEN));
            if !crowded {
                continue;
            }
            let own: Vec<usize> = here.into_iter().filter(|d| self.layout.wide[*d]).collect();
            for d in &own {
                let element = &mut self.elements[*d];
                element.width = width_of(Figure::Sum, &element.rows);
            }
            let middle = own.iter().map(|d| self.elements[*d].x).sum::<f32>() / own.len().max(1) as f32;
            let total: f32 = own.iter().map(|d| self.elements[*d].width + 2.0 * BETWEEN).sum();
            let mut at = (middle - total / 2.0).max(self.left + PITCH);
            for d in own {
                let width = self.elements[d].width;
                self.elements[d].x = up(at + width / 2.0);
                at += width + 2.0 * BETWEEN;
            }
        }
    }

    fn apart(&self, a: usize, b: usize) -> f32 {
        let (a, b) = (&self.elements[a], &self.elements[b]);
        (a.x - b.x).abs() - (a.width + b.width) / 2.0
    }

    fn in_row(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.elements.len()).filter(move |d| self.layout.lane[*d].is_none() && self.layout.row[*d] == row)
    }

    /// No two elements of a row lie on each other.
    fn push_apart(&mut self) {
        let rows = (0..self.layout.rows).map(|row| self.in_row(row).collect());
        let lanes = (0..self.layout.lanes.len())
            .map(|state| (0..self.elements.len()).filter(|d| self.layout.lane[*d] == Some(state)).collect());
        let rows: Vec<Vec<usize>> = rows.chain(lanes).collect();
        for mut row in rows {
            sort_by(&mut row, |a, b| self.elements[*a].x.total_cmp(&self.elements[*b].x));
            let mut free = self.left + PITCH;
            for d in row {
                let element = &mut self.elements[d];
                element.x = element.x.max(up(free + element.width / 2.0));
                free = element.x + element.width / 2.0 + BETWEEN;
            }
        }
    }

    fn lane_y(&self, lane: usize) -> f32 {
        let name = if self.spacing.names_left { 0.0 } else { NAME + 3.0 };
        up(BOX / 2.0 + PITCH + name) + lane as f32 * (BOX + BETWEEN + self.spacing.extra + up(name))
    }

    /// Sets the heights of all elements; returns the lower edge of the lowest.
    fn heights(&mut self) -> f32 {
        let lanes = self.layout.lane_count();
        let mut edge = if lanes == 0 { 0.0 } else { self.lane_y(lanes - 1) + BOX / 2.0 };
        for row in (0..self.layout.rows).rev() {
            let here: Vec<usize> = self.in_row(row).collect();
            let height = here.iter().map(|d| self.elements[*d].height).fold(BOX, f32::max);
            let below = row.checked_sub(1).map_or(0, |below| {
                match self.in_row(below).filter(|d| self.layout.wide[*d]).count() {
                    0 | 1 => 0,
                    several => several + 1,
                }
            });
            let y = up(edge + BETWEEN + self.spacing.extra + height / 2.0);
            for d in here {
                self.elements[d].y = y;
            }
            edge = y + height / 2.0 + below as f32 * PITCH;
        }
        for d in 0..self.elements.len() {
            if let Some(lane) = self.layout.lane[d].and_then(|state| self.layout.lanes[state]) {
                self.elements[d].y = self.lane_y(lane);
            }
        }
        edge
    }

    fn readers(&self, parameter: usize) -> impl Iterator<Item = usize> + '_ {
        let reads = move |d: &usize| {
            self.layout.simple.drawn[*d].inputs.iter().any(|i| i.source == Source::Parameter(parameter))
        };
        (0..self.elements.len()).filter(reads)
    }

    fn finish(self, bottom: f32) -> Placed {
        let states = self.layout.simple.states;
        let right = self.elements.iter().map(|e| e.x + e.width / 2.0).fold(0.0f32, f32::max);
        let right = up(right) + RIGHT[usize::from(self.spacing.names_left)];
        let shared = (0..=states).filter(|p| self.readers(*p).count() > 1).count();
        let mut low = up(bottom + 3.0 * PITCH + shared as f32 * PITCH);
        let mut starts = vec![[0.0; 2]];
        for state in 0..states {
            starts.push(match self.layout.lanes[state] {
                Some(lane) => [self.left, self.lane_y(lane)],
                None => {
                    low += 3.0 * PITCH;
                    [self.left, low - 3.0 * PITCH]
                }
            });
        }
        let reader = self.readers(0).min_by_key(|d| self.layout.row[*d]);
        let first = reader.map_or(up(letters(8)), |d| self.elements[d].x);
        let lanes_only = self.layout.lanes.iter().all(Option::is_some);
        starts[0] = [first, if lanes_only { low.max(up(bottom) + 3.0 * PITCH) } else { low - PITCH }];
        let ends = self.ends(right, &starts);
        let labels = self.labels(&starts, &ends);
        let width = labels.iter().map(|l| l.area.x + l.area.width).fold(0.0f32, f32::max);
        let lowest = ends.iter().chain(&starts).map(|p| p[1]).fold(0.0f32, f32::max) + NAME;
        let diagram = Diagram {
            width: width.ceil(),
            height: lowest.ceil(),
            elements: self.elements,
            wires: Vec::new(),
            labels,
            values: Vec::new(),
        };
        Placed { diagram, starts, ends }
    }

    /// Where the states leave: beside what makes them, further right before further left, never on each other.
    fn ends(&self, right: f32, starts: &[[f32; 2]]) -> Vec<[f32; 2]> {
        let from: Vec<[f32; 2]> = (self.layout.simple.returns.iter())
            .map(|input| match input.source {
                Source::Drawn(d) => [self.elements[d].x, self.elements[d].y],
                Source::Parameter(p) => [starts[p][0], starts[p][1] - BOX],
            })
            .collect();
        let mut order: Vec<usize> = (0..from.len()).collect();
        sort_by(&mut order, |a, b| from[*b][0].total_cmp(&from[*a][0]).then(a.cmp(b)));
        let mut ends = vec![[right, 0.0]; from.len()];
        let mut taken: Vec<f32> = Vec::new();
        for state in order {
            let free = |y: &f32| *y >= BOX / 2.0 && taken.iter().all(|other| (other - y).abs() >= BOX);
            let around = (0..).flat_map(|k| [-1.0, 1.0].map(|sign| from[state][1] + sign * k as f32 * PITCH));
            let y = around.take(200).find(free).unwrap_or(from[state][1]);
            taken.push(y);
            ends[state][1] = y;
        }
        ends
    }

    /// The names of the input and of the states.
    fn labels(&self, starts: &[[f32; 2]], ends: &[[f32; 2]]) -> Vec<DiagramLabel> {
        let names = &self.listing.graph().parameters;
        let label = |name: &str, edge: Edge, read: bool, length: usize, [x, y]: [f32; 2]| DiagramLabel {
            name: name.into(),
            edge,
            read,
            at_end: edge == Edge::Before && self.spacing.names_left,
            area: Area { x, y, width: letters(length), height: NAME },
        };
        let mut labels = Vec::new();
        let [x, y] = starts[0];
        let name = &names[0];
        let used = self.readers(0).next().is_some();
        let length = name.chars().count() + GRADIENT + WORD;
        labels.push(label(name, Edge::Input, used, length, [x + 6.0, y - NAME / 2.0]));
        for state in 0..ends.len() {
            let name = &names[state + 1];
            let read = self.readers(state + 1).next().is_some();
            let count = name.chars().count() + GRADIENT;
            let [x, y] = starts[state + 1];
            let at = match self.layout.lanes[state] {
                _ if self.spacing.names_left => [x - letters(count + BEFORE) - 4.0, y - NAME / 2.0],
                // Above the elements of its line.
                Some(_) => [x, y - 2.0 * NAME - 1.0],
                None => [x, y - NAME - 5.0],
            };
            labels.push(label(name, Edge::Before, read, count + BEFORE, at));
            let [x, y] = ends[state];
            labels.push(label(name, Edge::After, true, count, [x + 4.0, y - NAME / 2.0]));
        }
        labels
    }
}
