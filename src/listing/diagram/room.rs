//! Free places beside wires and boxes for names, numbers and columns of all units.

use super::picture::{Area, Carries, Diagram, DiagramValue, Edge, Figure};
use super::sizes::{LETTER, PITCH};
use std::cell::Cell;

/// Letters of a number: a sign, a point and two digits, or an exponent.
const NUMBER: usize = 5;
/// What the names of gradients begin with, and the space behind a name.
const GRADIENT: usize = "d_".len();
const SPACE: f32 = 5.0;
/// How often room is looked for.
const TRIES: usize = 8;
const HEIGHT: f32 = 13.0;
/// From one place beside a wire to the next one that is tried, where a whole pitch finds none.
const STEP: f32 = 3.0;
/// So many boxes and wires are compared with places at most; what is left then has no number. The largest cell of
/// `cells/` needs a quarter.
const MOST_WORK: usize = 12_000_000;
/// A column with all units.
const COLUMN: [f32; 2] = [8.0, 40.0];

/// Finds room for one number of every named value, and for columns where there is some left.
pub(super) fn find_room(diagram: &mut Diagram) {
    let work = Work(Cell::new(MOST_WORK));
    // One wire for each value: parts of a sum stand where they arrive, everything else where it begins.
    let mut known: Vec<(&Carries, &str)> = Vec::new();
    let mut wires: Vec<usize> = Vec::new();
    for (k, wire) in diagram.wires.iter().enumerate() {
        let first = !wire.branches || is_part(diagram, k);
        if let Some(name) = wire.name.as_deref().filter(|_| first)
            && !known.contains(&(&wire.carries, name))
        {
            known.push((&wire.carries, name));
            wires.push(k);
        }
    }
    // Who finds no room comes first the next time. The number of a value inside is
    // left out where there is none for its name: it would be anybody's.
    let mut most: Vec<DiagramValue> = Vec::new();
    for _ in 0..TRIES {
        diagram.values.clear();
        let (found, missing): (Vec<usize>, Vec<usize>) =
            wires.iter().partition(|k| add_value(diagram, **k, &work));
        if diagram.values.len() > most.len() {
            most.clone_from(&diagram.values);
        }
        if missing.is_empty() || work.is_done() {
            break;
        }
        wires = missing.into_iter().chain(found).collect();
    }
    diagram.values = most;
    for index in 0..diagram.elements.len() {
        let e = &diagram.elements[index];
        if e.name.is_none() || e.figure == Figure::Sum {
            continue;
        }
        let [width, height] = COLUMN;
        let sides = [e.x + e.width / 2.0 + 3.0, e.x - e.width / 2.0 - 3.0 - width];
        let tops = [e.y - height / 2.0, e.y + e.height / 2.0 - height, e.y - e.height / 2.0];
        let places = sides.into_iter().flat_map(|x| tops.map(|y| Area { x, y, width, height }));
        let free = places.into_iter().find(|area| is_free(diagram, *area, &work));
        diagram.elements[index].column = free;
    }
}

/// What may still be compared.
struct Work(Cell<usize>);

impl Work {
    fn take(&self, compared: usize) {
        self.0.set(self.0.get().saturating_sub(compared));
    }

    fn is_done(&self) -> bool {
        self.0.get() == 0
    }
}

/// Adds the number of a wire's value with its name where there is room; whether there is.
fn add_value(diagram: &mut Diagram, wire: usize, work: &Work) -> bool {
    let Some(name) = diagram.wires[wire].name.clone() else { return false };
    let long = (name.chars().count() + GRADIENT + NUMBER) as f32 * LETTER + SPACE;
    let short = NUMBER as f32 * LETTER;
    let stack = short.max((name.chars().count() + GRADIENT) as f32 * LETTER);
    // What comes from outside has its name at the edge.
    let outside = matches!(diagram.wires[wire].carries, Carries::Parameter { .. }) && !is_part(diagram, wire);
    let value = |named: bool, stacked: bool| move |area| (area, named, stacked);
    let free = if outside {
        let beside = beside_label(diagram, &name, short, work);
        let beside = beside.or_else(|| place(diagram, wire, ([short, HEIGHT], PITCH), work));
        beside.map(value(false, false))
    } else {
        let places = [([long, HEIGHT], false, PITCH), ([stack, 2.0 * HEIGHT], true, PITCH)];
        let places =
            places.into_iter().chain([([long, HEIGHT], false, STEP), ([stack, 2.0 * HEIGHT], true, STEP)]);
        places.into_iter().find_map(|(size, stacked, step)| {
            place(diagram, wire, (size, step), work).map(value(true, stacked))
        })
    };
    // A new state has its name at the end of its wire.
    let is_state = diagram.labels.iter().any(|label| label.name == name && label.edge == Edge::After);
    let free = free.or_else(|| {
        let number = is_state.then(|| place(diagram, wire, ([short, HEIGHT], PITCH), work)).flatten();
        number.map(value(false, false))
    });
    let Some((area, named, stacked)) = free else { return false };
    diagram.values.push(DiagramValue { name, named, stacked, wire, area });
    true
}

/// Whether a wire carries a part of a sum, by a name of its own.
fn is_part(diagram: &Diagram, wire: usize) -> bool {
    let wire = &diagram.wires[wire];
    match &wire.carries {
        Carries::Element { index } => diagram.elements[*index].name != wire.name,
        Carries::Parameter { name } => Some(name) != wire.name.as_ref(),
    }
}

/// Below, behind or above the name of what comes from outside.
fn beside_label(diagram: &Diagram, name: &str, width: f32, work: &Work) -> Option<Area> {
    let label = diagram.labels.iter().find(|l| l.name == name && l.edge == Edge::Before)?.area;
    let right = label.x + label.width;
    let corners = [
        [right - width, label.y + label.height],
        [right + SPACE, label.y],
        [right - width, label.y - HEIGHT],
    ];
    let areas = corners.map(|[x, y]| Area { x, y, width, height: HEIGHT });
    areas.into_iter().find(|area| is_free(diagram, *area, work))
}

fn place(
    diagram: &Diagram,
    wire: usize,
    ([width, height], step): ([f32; 2], f32),
    work: &Work,
) -> Option<Area> {
    let mut points = diagram.wires[wire].points.clone();
    if is_part(diagram, wire) {
        points.reverse();
    }
    for pair in points.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        let steps = (((a[0] - b[0]).abs() + (a[1] - b[1]).abs()) / step) as i32;
        for k in 0..=steps {
            if work.is_done() {
                return None;
            }
            let along = k as f32 / steps.max(1) as f32;
            let [x, y] = [a[0] + along * (b[0] - a[0]), a[1] + along * (b[1] - a[1])];
            let upright = (a[0] - b[0]).abs() < 0.5;
            let corners = if upright {
                [[x + 5.0, y - height / 2.0], [x - 5.0 - width, y - height / 2.0]]
            } else {
                [[x + 2.0, y - height - 3.0], [x + 2.0, y + 3.0]]
            };
            let areas = corners.map(|[x, y]| Area { x, y, width, height });
            if let Some(area) = areas.into_iter().find(|area| is_free(diagram, *area, work)) {
                return Some(area);
            }
        }
    }
    None
}

fn is_free(diagram: &Diagram, area: Area, work: &Work) -> bool {
    work.take(diagram.elements.len() + diagram.wires.len());
    let hits = |x: f32, y: f32, width: f32, height: f32| {
        area.x < x + width && x < area.x + area.width && area.y < y + height && y < area.y + area.height
    };
    let touches = |other: &Area| hits(other.x, other.y, other.width, other.height);
    let inside = area.x >= 0.0
        && area.y >= 0.0
        && area.x + area.width <= diagram.width
        && area.y + area.height <= diagram.height;
    let crosses = |points: &[[f32; 2]]| {
        points.windows(2).any(|pair| {
            let [x, y] = [0, 1].map(|k| pair[0][k].min(pair[1][k]) - 2.0);
            let [width, height] = [0, 1].map(|k| (pair[0][k] - pair[1][k]).abs() + 4.0);
            hits(x, y, width, height)
        })
    };
    inside
        && !diagram.elements.iter().any(|e| {
            hits(e.x - e.width / 2.0 - 1.0, e.y - e.height / 2.0 - 1.0, e.width + 2.0, e.height + 2.0)
                || e.column.as_ref().is_some_and(touches)
        })
        && !diagram.labels.iter().any(|label| touches(&label.area))
        && !diagram.values.iter().any(|value| touches(&value.area))
        && !diagram.wires.iter().any(|wire| crosses(&wire.points))
}
