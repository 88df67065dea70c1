//! Lines between the places, with right angles only.

use super::layout::{EDGE, Layout, MARGIN, ROW};
use super::picture::{Carries, Diagram, DiagramLabel, Wire};
use super::simplify::Source;

impl Layout<'_> {
    /// The parameters that the line at the bottom carries.
    fn on_bottom(&self) -> Vec<usize> {
        let mut found: Vec<usize> = (self.simple.drawn.iter().enumerate())
            .flat_map(|(index, drawn)| drawn.feeds.iter().map(move |feed| (index, feed)))
            .filter(|(index, feed)| self.taps_bottom(*index, feed))
            .flat_map(|(_, feed)| &feed.sources)
            .chain(self.simple.returns.iter().filter(|f| f.mixed).flat_map(|f| &f.sources))
            .filter_map(|source| if let Source::Parameter(p) = source { Some(*p) } else { None })
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    pub(super) fn bottom_line(&self, diagram: &mut Diagram) {
        let y = self.bottom();
        let carried = self.on_bottom();
        let gates = (0..self.simple.drawn.len()).filter(|d| self.is_gate(*d)).filter_map(|d| self.column[d]);
        let end = gates.chain(self.taps.iter().map(|t| t.2)).fold(0.0f32, f32::max);
        let names: Vec<String> = carried.iter().map(|p| self.name(*p)).collect();
        let mut wire = |points: Vec<[f32; 2]>, carries: Carries| {
            diagram.wires.push(Wire { points, carries, to: None, leaves: None, line: 0 });
        };
        let mut labels = Vec::new();
        let mut label = |text: String, name: &str, x: f32, y: f32, at_end: bool| {
            labels.push(DiagramLabel { text, name: name.into(), x, y, at_end });
        };
        if !carried.is_empty() {
            let start = if carried == [0] { self.x_of(-0.4) } else { MARGIN };
            wire(vec![[start, y], [self.x_of(end), y]], Carries::Mixed { names });
        }
        let mut without_lane = 0;
        for position in carried.iter().copied() {
            let name = self.name(position);
            let carries = Carries::Parameter { name: name.clone() };
            if position == 0 {
                let x = self.x_of(-0.4);
                wire(vec![[x, y + EDGE], [x, y]], carries);
                label(name.clone(), &name, x + 8.0, y + EDGE - 4.0, false);
            } else if let Some(lane) = self.lanes[position - 1] {
                let x = MARGIN + 14.0 + 12.0 * lane as f32;
                wire(vec![[x, self.lane_y(lane)], [x, y]], carries);
            } else {
                let at = y - 18.0 * without_lane as f32;
                wire(vec![[MARGIN, at], [MARGIN + 6.0, at], [MARGIN + 6.0, y]], carries);
                label(format!("{name} before"), &name, MARGIN - 8.0, at, true);
                without_lane += 1;
            }
        }
        for (state, lane) in self.lanes.iter().enumerate() {
            if let Some(lane) = lane {
                let name = self.name(state + 1);
                label(format!("{name} before"), &name, MARGIN - 8.0, self.lane_y(*lane), true);
            }
        }
        diagram.labels.extend(labels);
    }

    fn is_gate(&self, index: usize) -> bool {
        let drawn_inputs = self.simple.drawn[index].feeds.iter().flat_map(|f| &f.sources);
        self.lane[index].is_none() && !drawn_inputs.into_iter().any(|s| matches!(s, Source::Drawn(_)))
    }

    pub(super) fn wires_to(&self, index: usize, diagram: &mut Diagram) {
        let feeds = &self.simple.drawn[index].feeds;
        let line = self.line(index);
        for (side, feed) in feeds.iter().enumerate() {
            if self.taps_bottom(index, feed) {
                let parameters = feed
                    .sources
                    .iter()
                    .filter_map(|s| if let Source::Parameter(p) = s { Some(*p) } else { None });
                let names: Vec<String> = parameters.map(|p| self.name(p)).collect();
                let carries = match (feed.mixed, names.as_slice()) {
                    (false, [name]) => Carries::Parameter { name: name.clone() },
                    _ => Carries::Mixed { names },
                };
                let tap = self.taps.iter().find(|t| (t.0, t.1) == (index, side));
                let column = tap.map_or(self.column[index].unwrap_or(0.0), |t| t.2);
                let points = self.route([self.x_of(column), self.bottom()], index, diagram);
                diagram.wires.push(Wire { points, carries, to: Some(index), leaves: None, line });
            }
            for source in &feed.sources {
                let (start, carries) = match source {
                    Source::Drawn(other) => (self.centre(*other), Carries::Element { index: *other }),
                    Source::Parameter(p)
                        if *p > 0 && feed.direct().is_some() && self.lane[index] == Some(*p - 1) =>
                    {
                        let lane = self.lanes[*p - 1].unwrap_or(0);
                        ([MARGIN, self.lane_y(lane)], Carries::Parameter { name: self.name(*p) })
                    }
                    Source::Parameter(_) => continue,
                };
                let points = match source {
                    Source::Drawn(other) => self.between(*other, index, diagram),
                    Source::Parameter(_) => self.route(start, index, diagram),
                };
                diagram.wires.push(Wire { points, carries, to: Some(index), leaves: None, line });
            }
        }
    }

    /// From the edge of one element to the edge of another.
    fn between(&self, from: usize, to: usize, diagram: &Diagram) -> Vec<[f32; 2]> {
        let (a, b) = (&diagram.elements[from], &diagram.elements[to]);
        let same_row = (a.y - b.y).abs() < 1.0;
        if same_row {
            let side = if b.x > a.x { 1.0 } else { -1.0 };
            return vec![[a.x + side * a.width / 2.0, a.y], [b.x - side * b.width / 2.0, b.y]];
        }
        if self.lane[from].is_some() && b.y > a.y {
            // Down from the top line, where it already carries the new value.
            let x = if b.x > a.x { b.x } else { a.x };
            let start = if b.x > a.x { [a.x + a.width / 2.0, a.y] } else { [a.x, a.y + a.height / 2.0] };
            let mut points = vec![start];
            if b.x > a.x {
                points.push([x, a.y]);
                points.push([x, b.y - b.height / 2.0]);
            } else {
                points.push([x, b.y]);
                points.push([b.x + b.width / 2.0, b.y]);
            }
            return points;
        }
        let up = b.y < a.y;
        let start = [a.x, if up { a.y - a.height / 2.0 } else { a.y + a.height / 2.0 }];
        self.route(start, to, diagram)
    }

    /// Up or down first, then sideways into the element; straight in if it is directly above.
    fn route(&self, start: [f32; 2], to: usize, diagram: &Diagram) -> Vec<[f32; 2]> {
        let b = &diagram.elements[to];
        let [x, y] = start;
        if (y - b.y).abs() < 1.0 {
            let side = if b.x > x { -1.0 } else { 1.0 };
            return vec![start, [b.x + side * b.width / 2.0, b.y]];
        }
        if (x - b.x).abs() < 1.0 {
            let side = if y > b.y { 1.0 } else { -1.0 };
            return vec![start, [b.x, b.y + side * b.height / 2.0]];
        }
        // An operation on a top line is entered from below, the line itself comes from the left.
        if self.lane[to].is_some() && y > b.y {
            let turn = b.y + b.height / 2.0 + ROW * 0.3;
            return vec![start, [x, turn], [b.x, turn], [b.x, b.y + b.height / 2.0]];
        }
        let side = if x < b.x { -1.0 } else { 1.0 };
        vec![start, [x, b.y], [b.x + side * b.width / 2.0, b.y]]
    }

    /// The new state on its way out to the right.
    pub(super) fn leave(&self, state: usize, right: f32, diagram: &mut Diagram) {
        let feed = &self.simple.returns[state];
        let name = self.name(state + 1);
        let returns = self.listing.definition().return_span.line;
        let (points, carries) = match feed.sources.iter().next_back() {
            Some(Source::Drawn(index)) => {
                let from = &diagram.elements[*index];
                let start = [from.x + from.width / 2.0, from.y];
                let taken =
                    diagram.labels.iter().any(|l| !l.at_end && (l.y - from.y).abs() < 14.0 && l.x > right);
                let y = if taken { from.y + 20.0 } else { from.y };
                let mut points = vec![start];
                if taken {
                    points.push([start[0] + 10.0, from.y]);
                    points.push([start[0] + 10.0, y]);
                }
                points.push([right, y]);
                (points, Carries::Element { index: *index })
            }
            Some(Source::Parameter(position)) => {
                let y = self.bottom() + 16.0 * state as f32;
                (vec![[MARGIN, y], [right, y]], Carries::Parameter { name: self.name(*position) })
            }
            None => return,
        };
        let y = points.last().map_or(0.0, |p| p[1]);
        diagram.labels.push(DiagramLabel {
            text: name.clone(),
            name: name.clone(),
            x: right + 8.0,
            y,
            at_end: false,
        });
        diagram.wires.push(Wire { points, carries, to: None, leaves: Some(name), line: returns });
    }
}
