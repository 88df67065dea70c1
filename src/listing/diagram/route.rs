//! A way for each wire: with right angles, around all boxes, never along another wire.

use super::layout::Layout;
use super::picture::{Carries, Diagram, Figure, Wire};
use super::place::Placed;
use super::simplify::{Input, Source};
use super::sizes::PITCH;
use crate::listing::parsed::Listing;
use crate::ordering::sort_by_key;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Prices: one step, one corner, crossing another wire.
const STEP: u32 = 10;
const CORNER: u32 = 24;
const CROSSING: u32 = 45;
/// Entering or leaving at a side that is not the usual one.
const ODD_SIDE: u32 = 25;
/// Wires keep this distance from boxes.
const CLEAR: f32 = 5.0;
/// Beyond this many cells for all wires together they are drawn straight.
const MOST_WORK: usize = 1_600_000;

/// Right, down, left, up.
const SIDES: [[i32; 2]; 4] = [[1, 0], [0, 1], [-1, 0], [0, -1]];

/// One wire to be.
struct Link<'a> {
    input: &'a Input,
    /// An element, or a state that leaves.
    to: Result<usize, usize>,
}

/// A place where a wire touches an element: the cell before it and the side.
#[derive(Clone, Copy)]
struct Port {
    cell: usize,
    side: usize,
    edge: [f32; 2],
    price: u32,
}

struct Router {
    columns: usize,
    rows: usize,
    blocked: Vec<bool>,
    /// For each cell the value that runs through it sideways and upright.
    taken: Vec<[Option<Source>; 2]>,
    used: Vec<usize>,
}

/// Adds the wires; `false` if one of them found no way and had to be drawn straight.
pub(super) fn route(listing: &Listing, layout: &Layout<'_>, placed: &mut Placed) -> bool {
    let simple = layout.simple;
    let mut links: Vec<Link<'_>> = Vec::new();
    for (index, drawn) in simple.drawn.iter().enumerate() {
        links.extend(drawn.inputs.iter().map(|input| Link { input, to: Ok(index) }));
    }
    links.extend(simple.returns.iter().enumerate().map(|(state, input)| Link { input, to: Err(state) }));
    let on_lane = |link: &Link<'_>| match (link.input.source, link.to) {
        (Source::Drawn(from), Ok(to)) => layout.lane[from].is_some() && layout.lane[from] == layout.lane[to],
        (Source::Parameter(from), Ok(to)) => from > 0 && layout.lane[to] == Some(from - 1),
        (Source::Drawn(from), Err(state)) => layout.lane[from] == Some(state),
        _ => false,
    };
    let length = |link: &Link<'_>| {
        let [a, b] = [begin(placed, link.input.source), end(placed, link.to)];
        ((a[0] - b[0]).abs() * 2.0 + (a[1] - b[1]).abs()) as i32
    };
    let mut order: Vec<usize> = (0..links.len()).collect();
    sort_by_key(&mut order, |k| (!on_lane(&links[*k]), length(&links[*k])));
    let mut router = Router::new(&placed.diagram);
    let draw_straight = router.blocked.len() * links.len() > MOST_WORK;
    let mut all = true;
    let mut found: Vec<Option<(Vec<[f32; 2]>, bool)>> = vec![None; links.len()];
    for k in order {
        let link = &links[k];
        let goal = router.goal(placed, link.to);
        let way = if draw_straight { None } else { router.find(placed, link.input.source, &goal) };
        all &= way.is_some() || draw_straight;
        found[k] = Some(way.unwrap_or_else(|| {
            let [a, b] = [begin(placed, link.input.source), end(placed, link.to)];
            (vec![a, [a[0], b[1]], b], false)
        }));
    }
    let return_line = listing.definition().return_span.line;
    let names = &listing.graph().parameters;
    for (link, way) in links.iter().zip(found) {
        let (points, branches) = way.unwrap_or_default();
        let carries = match link.input.source {
            Source::Parameter(p) => Carries::Parameter { name: names[p].clone() },
            Source::Drawn(index) => Carries::Element { index },
        };
        let to = link.to.ok();
        let leaves = link.to.err().map(|state| names[state + 1].clone());
        let line = to.map_or(return_line, |d| placed.diagram.elements[d].line);
        let name = link.input.name.clone();
        placed.diagram.wires.push(Wire {
            points,
            carries,
            name,
            branches,
            to,
            leaves,
            line,
            back_line: None,
        });
    }
    all
}

fn begin(placed: &Placed, source: Source) -> [f32; 2] {
    match source {
        Source::Parameter(p) => placed.starts[p],
        Source::Drawn(d) => [placed.diagram.elements[d].x, placed.diagram.elements[d].y],
    }
}

fn end(placed: &Placed, to: Result<usize, usize>) -> [f32; 2] {
    match to {
        Ok(d) => [placed.diagram.elements[d].x, placed.diagram.elements[d].y],
        Err(state) => placed.ends[state],
    }
}

impl Router {
    fn new(diagram: &Diagram) -> Self {
        let columns = (diagram.width / PITCH) as usize + 1;
        let rows = (diagram.height / PITCH) as usize + 1;
        let mut router = Self {
            columns,
            rows,
            blocked: vec![false; columns * rows],
            taken: vec![[None; 2]; columns * rows],
            used: Vec::new(),
        };
        for e in &diagram.elements {
            router.block([e.x - e.width / 2.0, e.y - e.height / 2.0], [e.width, e.height], CLEAR);
        }
        for l in &diagram.labels {
            router.block([l.area.x, l.area.y], [l.area.width, l.area.height], 1.0);
        }
        router
    }

    fn block(&mut self, [x, y]: [f32; 2], [width, height]: [f32; 2], clear: f32) {
        // The first and one past the last grid line closer than `clear`.
        let lines = |from: f32, size: f32, count: usize| {
            let first = ((from - clear) / PITCH).floor().max(-1.0) as i32 + 1;
            let end = ((from + size + clear) / PITCH).ceil().max(0.0) as usize;
            first as usize..end.min(count)
        };
        for row in lines(y, height, self.rows) {
            for column in lines(x, width, self.columns) {
                self.blocked[row * self.columns + column] = true;
            }
        }
    }

    fn point(&self, cell: usize) -> [f32; 2] {
        let at = |k: usize| k as f32 * PITCH;
        [at(cell % self.columns), at(cell / self.columns)]
    }

    fn cell(&self, [x, y]: [f32; 2]) -> usize {
        let at = |c: f32| (c / PITCH).round().max(0.0) as usize;
        at(y).min(self.rows - 1) * self.columns + at(x).min(self.columns - 1)
    }

    fn step(&self, cell: usize, side: usize) -> Option<usize> {
        let (x, y) =
            ((cell % self.columns) as i32 + SIDES[side][0], (cell / self.columns) as i32 + SIDES[side][1]);
        let inside = x >= 0 && y >= 0 && x < self.columns as i32 && y < self.rows as i32;
        inside.then(|| y as usize * self.columns + x as usize)
    }

    /// The places of an element where a wire may enter or, if `out`, leave.
    fn ports(&self, diagram: &Diagram, index: usize, out: bool) -> Vec<Port> {
        let e = &diagram.elements[index];
        let mut ports = Vec::new();
        for (side, [dx, dy]) in SIDES.into_iter().enumerate() {
            let edge = [e.x + dx as f32 * e.width / 2.0, e.y + dy as f32 * e.height / 2.0];
            let usual = if out { [0, 3] } else { [2, 1] }.contains(&side);
            let price = if usual { 0 } else { ODD_SIDE };
            let reach = if dy != 0 && e.figure != Figure::Circle {
                ((e.width / 2.0 - 8.0) / PITCH) as i32
            } else {
                0
            };
            for k in -reach..=reach {
                let aside = k as f32 * PITCH;
                let edge = [edge[0] + aside, edge[1]];
                let mut cell = self.cell(edge);
                // Out of the room around the element, but not through what lies behind it.
                for _ in 0..2 {
                    let outside = self.blocked[cell].then(|| self.step(cell, side)).flatten();
                    cell = outside.unwrap_or(cell);
                }
                // Gates are entered and left in the middle; sums wherever it is nearest.
                let off = if e.figure == Figure::Sum { 0 } else { 12 * k.unsigned_abs() };
                if !self.used.contains(&(cell * 4 + side)) && !self.blocked[cell] {
                    ports.push(Port { cell, side, edge, price: price + off });
                }
            }
        }
        ports
    }

    fn goal(&self, placed: &Placed, to: Result<usize, usize>) -> Vec<Port> {
        match to {
            Ok(index) => self.ports(&placed.diagram, index, false),
            Err(state) => {
                let edge = placed.ends[state];
                vec![Port { cell: self.cell(edge), side: 2, edge, price: 0 }]
            }
        }
    }

    /// Where a way may begin, with its price and direction: at the source, or at a wire that carries the same value.
    fn beginnings(&self, starts: &[Port], source: Source) -> Vec<(u32, usize)> {
        let free = starts.iter().filter(|port| self.free(port.cell, port.side, source));
        let mut found: Vec<(u32, usize)> = free.map(|port| (port.price, port.cell * 4 + port.side)).collect();
        for (cell, taken) in self.taken.iter().enumerate() {
            if taken.contains(&Some(source)) && taken.iter().all(|other| other.is_none_or(|o| o == source)) {
                found.extend((0..4).map(|side| (STEP, cell * 4 + side)));
            }
        }
        found
    }

    fn starts(&self, placed: &Placed, source: Source) -> Vec<Port> {
        match source {
            Source::Parameter(p) => {
                let edge = placed.starts[p];
                let side = if p == 0 { 3 } else { 0 };
                vec![Port { cell: self.cell(edge), side, edge, price: 0 }]
            }
            Source::Drawn(index) => self.ports(&placed.diagram, index, true),
        }
    }

    /// At least the price from a cell to one of the goals.
    fn aim(&self, cell: usize, goal: &[Port]) -> u32 {
        let far = |port: &Port| {
            let dx = (port.cell % self.columns).abs_diff(cell % self.columns);
            let dy = (port.cell / self.columns).abs_diff(cell / self.columns);
            (dx + dy) as u32 * STEP
        };
        goal.iter().map(far).min().unwrap_or(0)
    }

    /// The price of entering a goal from a cell, moving towards `side`.
    fn entering(&self, port: &Port, side: usize, source: Source) -> Option<u32> {
        let into = (port.side + 2) % 4;
        match side {
            s if s == into => Some(port.price),
            s if s != port.side && self.free(port.cell, into, source) => Some(port.price + CORNER),
            _ => None,
        }
    }

    /// One step on, with its price: straight ahead or around a corner.
    fn onward(&self, state: usize, turn: usize, source: Source) -> Option<(u32, usize)> {
        let (cell, side) = (state / 4, (state % 4 + turn) % 4);
        let next = self.step(cell, side).filter(|next| !self.blocked[*next])?;
        if !self.free(cell, side, source) || !self.free(next, side, source) {
            return None;
        }
        let crosses = self.taken[next][1 - side % 2].is_some_and(|other| other != source);
        let price = STEP + if turn == 0 { 0 } else { CORNER } + if crosses { CROSSING } else { 0 };
        Some((price, next * 4 + side))
    }

    /// The cheapest way to one of the goals (A*, Hart, Nilsson & Raphael 1968).
    fn find(&mut self, placed: &Placed, source: Source, goal: &[Port]) -> Option<(Vec<[f32; 2]>, bool)> {
        let mut cost = vec![u32::MAX; self.blocked.len() * 4];
        let mut came = vec![usize::MAX; self.blocked.len() * 4];
        let mut open = BinaryHeap::new();
        let starts = self.starts(placed, source);
        for (price, state) in self.beginnings(&starts, source) {
            if price < cost[state] {
                cost[state] = price;
                open.push(Reverse((price + self.aim(state / 4, goal), state)));
            }
        }
        let mut best: Option<(u32, usize, Port)> = None;
        while let Some(Reverse((estimate, state))) = open.pop() {
            if best.as_ref().is_some_and(|(price, ..)| *price <= estimate) {
                break;
            }
            for port in goal.iter().filter(|port| port.cell == state / 4) {
                let price = self.entering(port, state % 4, source).map(|price| cost[state] + price);
                if let Some(price) = price.filter(|p| best.as_ref().is_none_or(|(known, ..)| p < known)) {
                    best = Some((price, state, *port));
                }
            }
            for (step, next) in [0, 1, 3].into_iter().filter_map(|turn| self.onward(state, turn, source)) {
                let price = cost[state] + step;
                if price < cost[next] {
                    cost[next] = price;
                    came[next] = state;
                    open.push(Reverse((price + self.aim(next / 4, goal), next)));
                }
            }
        }
        let (_, last, port) = best?;
        let mut states = vec![last];
        while let Some(before) = states.last().map(|s| came[*s]).filter(|s| *s != usize::MAX) {
            states.push(before);
        }
        states.reverse();
        Some(self.take(source, &states, &starts, port))
    }

    fn free(&self, cell: usize, side: usize, source: Source) -> bool {
        self.taken[cell][side % 2].is_none_or(|other| other == source)
    }

    /// Marks the cells of a way and returns its corners.
    fn take(
        &mut self,
        source: Source,
        states: &[usize],
        starts: &[Port],
        end: Port,
    ) -> (Vec<[f32; 2]>, bool) {
        let first = states[0];
        let branches = self.taken[first / 4].contains(&Some(source));
        let start = starts.iter().find(|port| !branches && port.cell * 4 + port.side == first);
        let mut points: Vec<[f32; 2]> = start.map(|port| port.edge).into_iter().collect();
        if let (Some(port), Source::Drawn(_)) = (start, source) {
            self.used.push(port.cell * 4 + port.side);
        }
        self.used.push(end.cell * 4 + end.side);
        for pair in states.windows(2) {
            let side = pair[1] % 4;
            self.taken[pair[0] / 4][side % 2] = Some(source);
            self.taken[pair[1] / 4][side % 2] = Some(source);
        }
        if let Some(port) = start {
            self.taken[port.cell][port.side % 2] = Some(source);
        }
        self.taken[end.cell][end.side % 2] = Some(source);
        points.extend(states.iter().map(|state| self.point(state / 4)));
        points.push(end.edge);
        (corners(&points), branches)
    }
}

/// Without the points on straight parts.
fn corners(points: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let mut kept: Vec<[f32; 2]> = Vec::new();
    for point in points {
        if kept.last() == Some(point) {
            continue;
        }
        if let [.., a, b] = kept.as_slice() {
            let straight = (0..2).any(|k| (a[k] - b[k]).abs() < 0.5 && (b[k] - point[k]).abs() < 0.5);
            if straight {
                kept.pop();
            }
        }
        kept.push(*point);
    }
    kept
}
