//! The picture that is laid out from a listing.

use std::sync::LazyLock;
use unrolled::listing::diagram::{Area, Carries, Diagram, Edge, Figure, LETTER, Wire};
use unrolled::listing::{Listing, cells};

/// Rooms of the page: a wide window, a low one, a phone.
pub const ROOMS: [[f32; 2]; 3] = [[550.0, 400.0], [480.0, 300.0], [350.0, 420.0]];

/// Listings as a reader writes them, with what the cells of the menu do not have.
pub const OWN: [&str; 4] = [
    "def step(x, h, s, W, U, b, V, d, p):
    z = np.concatenate([x, h]) @ W + b
    keep, write, look, show = np.split(z, 4)
    keep = sigmoid(keep + p * s)
    write = sigmoid(write)
    cand = np.tanh(look)
    s = keep * s + write * cand
    mix = relu(s @ U)
    show = sigmoid(show - s)
    top = np.maximum(mix, -s)
    h = show * np.tanh(top @ V + d)
    return h, s
",
    "def step(x, h, W, U, b):
    a = x @ W
    z = a + h @ U + b
    h = 0.5 * h + 0.5 * np.tanh(z)
    return h
",
    "def step(x, first_state, second_state, W_in, W_1, W_2, bias_1, bias_2):
    first_state = np.tanh(x @ W_in + first_state @ W_1 + bias_1)
    second_state = np.tanh(first_state @ W_2 + second_state @ W_1 + bias_2)
    return first_state, second_state
",
    "def step(x, h):
    h = x
    return h
",
];

fn diagram(name: &str) -> Diagram {
    Listing::parse(cells::named(name).unwrap().source).unwrap().diagram(ROOMS[0])
}

/// The name and the picture of every cell of the menu and of the listings above, for every room: drawn once.
fn all() -> &'static [(String, Listing, Diagram)] {
    static ALL: LazyLock<Vec<(String, Listing, Diagram)>> = LazyLock::new(draw_all);
    &ALL
}

fn draw_all() -> Vec<(String, Listing, Diagram)> {
    let cells = cells::all().iter().map(|cell| (cell.name.to_string(), cell.source));
    let own = OWN.iter().enumerate().map(|(k, source)| (format!("own {k}"), *source));
    let listings: Vec<(String, &str)> = cells.chain(own).collect();
    let drawn = listings.into_iter().flat_map(|(name, source)| {
        ROOMS.map(|room| {
            let listing = Listing::parse(source).unwrap();
            let diagram = listing.diagram(room);
            (format!("{name} in {room:?}"), listing, diagram)
        })
    });
    drawn.collect()
}

fn elements(diagram: &Diagram) -> Vec<(String, Area)> {
    let areas = diagram.elements.iter().map(|e| {
        let area = Area { x: e.x - e.width / 2.0, y: e.y - e.height / 2.0, width: e.width, height: e.height };
        (format!("{} of line {}", e.rows.join(" "), e.line), area)
    });
    areas.collect()
}

/// Everything that is written outside of boxes, and the columns of units.
fn words(diagram: &Diagram) -> Vec<(String, Area)> {
    let labels = diagram.labels.iter().map(|l| (format!("{:?} {}", l.edge, l.name), l.area));
    let values = diagram.values.iter().map(|v| (format!("the number of {}", v.name), v.area));
    let columns =
        diagram.elements.iter().filter_map(|e| Some((format!("the column of {:?}", e.name), e.column?)));
    labels.chain(values).chain(columns).collect()
}

fn overlap(a: &Area, b: &Area) -> bool {
    a.x + 0.01 < b.x + b.width
        && b.x + 0.01 < a.x + a.width
        && a.y + 0.01 < b.y + b.height
        && b.y + 0.01 < a.y + a.height
}

/// The rectangle that a straight piece of a wire covers.
fn piece(pair: &[[f32; 2]]) -> Area {
    let [x, y] = [0, 1].map(|k| pair[0][k].min(pair[1][k]));
    let [width, height] = [0, 1].map(|k| (pair[0][k] - pair[1][k]).abs());
    Area { x: x - 0.5, y: y - 0.5, width: width + 1.0, height: height + 1.0 }
}

#[test]
fn the_lstm_looks_as_the_field_draws_it() {
    let lstm = diagram("lstm");
    let drawn: Vec<(&str, Option<&str>)> =
        lstm.elements.iter().map(|e| (e.rows[0].as_str(), e.name.as_deref())).collect();
    assert_eq!(
        drawn,
        [
            ("x·W + h·U + b", None),
            ("σ", Some("i")),
            ("σ", Some("f")),
            ("tanh", Some("g")),
            ("σ", Some("o")),
            ("×", None),
            ("×", None),
            ("+", Some("c")),
            ("tanh", None),
            ("×", Some("h"))
        ]
    );
    let at = |name: &str| lstm.elements.iter().find(|e| e.name.as_deref() == Some(name)).unwrap();
    // The four gates stand in one row: forget, input, candidate, output; the sum with the weights below all of them.
    assert!(at("f").x < at("i").x && at("i").x < at("g").x && at("g").x < at("o").x);
    assert!(["i", "g", "o"].iter().all(|gate| at(gate).y == at("f").y));
    let sum = &lstm.elements[0];
    assert!(sum.y > at("f").y && sum.x - sum.width / 2.0 < at("f").x && sum.x + sum.width / 2.0 > at("o").x);
    // The memory runs straight along the top.
    let forget = &lstm.elements[5];
    assert_eq!((forget.y, forget.x), (at("c").y, at("f").x));
    assert!(lstm.elements.iter().all(|e| e.y >= at("c").y));
    let leaving: Vec<&str> = lstm.wires.iter().filter_map(|w| w.leaves.as_deref()).collect();
    assert_eq!(leaving, ["h", "c"]);
    // What the split makes arrives under its own name; x and h enter the sum.
    let into = |index: usize| lstm.wires.iter().filter(move |w| w.to == Some(index));
    assert_eq!(into(1).map(|w| w.name.as_deref()).collect::<Vec<_>>(), [Some("z_i")]);
    assert_eq!(into(0).map(|w| w.name.as_deref()).collect::<Vec<_>>(), [Some("x"), Some("h")]);
}

#[test]
fn input_from_below_states_from_the_left_and_out_at_the_right() {
    for (name, listing, diagram) in all() {
        let label = |edge: Edge, called: &str| {
            let found = diagram.labels.iter().find(|l| l.edge == edge && l.name == called);
            found.unwrap_or_else(|| panic!("{name}: no {edge:?} {called}")).area
        };
        let lowest = diagram.elements.iter().map(|e| e.y + e.height / 2.0).fold(0.0, f32::max);
        assert!(label(Edge::Input, listing.input()).y >= lowest, "{name}");
        let right = diagram.elements.iter().map(|e| e.x + e.width / 2.0).fold(0.0, f32::max);
        let left = diagram.elements.iter().map(|e| e.x - e.width / 2.0).fold(diagram.width, f32::min);
        for state in listing.states() {
            assert!(label(Edge::Before, state).x <= left, "{name}");
            assert!(label(Edge::After, state).x >= right, "{name}");
        }
        assert_eq!(diagram.labels.len(), 1 + 2 * listing.states().len(), "{name}");
    }
}

#[test]
fn every_element_knows_its_line_and_is_fed() {
    for (name, listing, diagram) in all() {
        let lines: Vec<&str> = listing.source().lines().collect();
        for (index, element) in diagram.elements.iter().enumerate() {
            assert!(lines[element.line - 1].contains('='), "{name} line {}", element.line);
            let fed = diagram.wires.iter().any(|w| w.to == Some(index));
            assert!(fed, "{name}: nothing feeds {:?}", element.rows);
        }
        for state in listing.states() {
            let leaves = diagram.wires.iter().filter(|w| w.leaves.as_deref() == Some(state)).count();
            assert_eq!(leaves, 1, "{name}: {state}");
        }
    }
}

#[test]
fn no_wire_crosses_a_box_that_it_does_not_belong_to() {
    for (name, _, diagram) in all() {
        for (k, wire) in diagram.wires.iter().enumerate() {
            assert!(wire.points.len() >= 2, "{name}: wire {k} has no length");
            for pair in wire.points.windows(2) {
                let straight = (pair[0][0] - pair[1][0]).abs() < 0.1 || (pair[0][1] - pair[1][1]).abs() < 0.1;
                assert!(straight, "{name}: a wire runs askew: {:?}", wire.points);
                for (index, (called, area)) in elements(diagram).iter().enumerate() {
                    // The first and the last piece touch the edge of what they belong to, from outside.
                    let own = wire.to == Some(index) || wire.carries == Carries::Element { index };
                    let grown = if own { -1.0 } else { 2.0 };
                    let near = Area {
                        x: area.x - grown,
                        y: area.y - grown,
                        width: area.width + 2.0 * grown,
                        height: area.height + 2.0 * grown,
                    };
                    assert!(!overlap(&piece(pair), &near), "{name}: {:?} crosses {called}", wire.points);
                }
            }
        }
    }
}

#[test]
fn no_wire_runs_along_another_that_carries_something_else() {
    for (name, _, diagram) in all() {
        for (k, a) in diagram.wires.iter().enumerate() {
            for b in diagram.wires[..k].iter().filter(|b| b.carries != a.carries) {
                for (one, two) in a.points.windows(2).flat_map(|p| b.points.windows(2).map(move |q| (p, q))) {
                    let [one, two] = [piece(one), piece(two)];
                    let side = |k: &Area| k.width > k.height;
                    let along = side(&one) == side(&two) && overlap(&one, &two);
                    assert!(!along, "{name}: {:?} runs along {:?}", a.points, b.points);
                }
            }
        }
    }
}

#[test]
fn nothing_overlaps_and_everything_is_inside() {
    for (name, _, diagram) in all() {
        let boxes = elements(diagram);
        let words = words(diagram);
        let everything: Vec<&(String, Area)> = boxes.iter().chain(&words).collect();
        for (k, (a, here)) in everything.iter().enumerate() {
            let inside = here.x >= 0.0
                && here.y >= 0.0
                && here.x + here.width <= diagram.width + 0.5
                && here.y + here.height <= diagram.height + 0.5;
            assert!(inside, "{name}: {a} at {here:?} of {} × {}", diagram.width, diagram.height);
            for (b, there) in &everything[..k] {
                assert!(!overlap(here, there), "{name}: {a} lies on {b}");
            }
        }
        for (word, area) in &words {
            for wire in &diagram.wires {
                let crossed = wire.points.windows(2).any(|pair| overlap(&piece(pair), area));
                assert!(!crossed, "{name}: {:?} crosses {word}", wire.points);
            }
        }
    }
}

#[test]
fn what_is_written_has_room() {
    for (name, _, diagram) in all() {
        for element in &diagram.elements {
            let longest = element.rows.iter().map(|row| row.chars().count()).max().unwrap_or(0) as f32;
            assert!(longest * LETTER <= element.width, "{name}: {:?}", element.rows);
            assert!(element.rows.len() as f32 * 14.0 <= element.height, "{name}: {:?}", element.rows);
        }
        for label in &diagram.labels {
            let longest = match label.edge {
                Edge::Input => label.name.len() + "d_".len(),
                Edge::Before => "d_".len() + label.name.len() + "_before".len(),
                Edge::After => "d_".len() + label.name.len(),
            };
            assert!(longest as f32 * LETTER <= label.area.width + 0.01, "{name}: {}", label.name);
        }
    }
}

#[test]
fn what_enters_and_what_is_made_has_room_for_a_number_at_its_wire() {
    for (name, _, diagram) in all() {
        // Parts of a sum, such as z_f, have a number where there is room.
        let own = diagram.wires.iter().filter(|w| match &w.carries {
            Carries::Parameter { name } => Some(name) == w.name.as_ref(),
            Carries::Element { index } => w.name.is_some() && diagram.elements[*index].name == w.name,
        });
        let named = own.clone().count();
        let mut missing: Vec<&str> = own
            .filter(|wire| {
                let same = |other: &Wire| other.name == wire.name && other.carries == wire.carries;
                !diagram.values.iter().any(|value| same(&diagram.wires[value.wire]))
            })
            .filter_map(|wire| wire.name.as_deref())
            .collect();
        missing.dedup();
        // In the wide room one number of a large cell may have none, in narrow ones more; of the largest, most.
        let known = ["simple_rnn ", "lstm ", "gru "].iter().any(|known| name.starts_with(known));
        let wide = name.ends_with(&format!("{:?}", ROOMS[0]));
        let most = if known {
            0
        } else if diagram.elements.len() > 8 {
            (2 * named / 3).max(6)
        } else if wide {
            1
        } else {
            5
        };
        assert!(missing.len() <= most, "{name}: no room for numbers of {missing:?}");
        for value in &diagram.values {
            assert!(value.area.width >= 5.0 * LETTER, "{name}: {}", value.name);
        }
    }
    let lstm = diagram("lstm");
    let numbers: Vec<&str> = lstm.values.iter().map(|v| v.name.as_str()).collect();
    for name in ["x", "h", "c", "z_i", "z_f", "z_c", "z_o", "i", "f", "g", "o"] {
        assert!(numbers.contains(&name), "{name} in {numbers:?}");
    }
}

#[test]
fn the_known_cells_fit_their_rooms() {
    for room in ROOMS {
        for name in ["simple_rnn", "lstm", "gru"] {
            let diagram = Listing::parse(cells::named(name).unwrap().source).unwrap().diagram(room);
            assert!(diagram.width <= room[0], "{name}: {} in {room:?}", diagram.width);
            assert!(diagram.height <= room[1].max(400.0), "{name}: {} in {room:?}", diagram.height);
        }
    }
}

/// The room that a window of 1280 x 720 leaves.
const LOW: [f32; 2] = [472.0, 336.0];

#[test]
fn six_cells_are_drawn_whole_in_a_low_window() {
    for name in ["simple_rnn", "lstm", "gru", "peephole_lstm", "coupled_lstm", "ugrnn"] {
        let diagram = Listing::parse(cells::named(name).unwrap().source).unwrap().diagram(LOW);
        assert!(diagram.width <= LOW[0], "{name}: {} wide", diagram.width);
        assert!(diagram.height <= LOW[1], "{name}: {} high", diagram.height);
    }
}

#[test]
fn the_wires_tell_the_bug_of_tutorial_003() {
    let reads_state = |name: &str| {
        let state = Carries::Parameter { name: "state_t".into() };
        let diagram = diagram(name);
        let label = diagram.labels.iter().find(|l| l.edge == Edge::Before).unwrap();
        let read = diagram.wires.iter().any(|w| w.to.is_some() && w.carries == state);
        assert_eq!(label.read, read);
        read
    };
    assert!(reads_state("tutorial_003"));
    assert!(!reads_state("tutorial_003_bug"));
}

#[test]
fn weights_are_drawn_where_they_enter() {
    for cell in cells::all() {
        let listing = Listing::parse(cell.source).unwrap();
        let written: Vec<String> = listing
            .diagram(ROOMS[0])
            .elements
            .iter()
            .filter(|e| e.figure == Figure::Sum)
            .map(|e| e.rows.join(" "))
            .collect();
        let graph = listing.graph();
        let moves = graph.depends_on(|parameter| parameter <= graph.returns.len());
        for (position, weight) in graph.parameters.iter().enumerate().skip(1 + graph.returns.len()) {
            // Parts of a weight are called by their own names, and so is what is made of weights alone.
            let read = graph.nodes.iter().zip(&moves).filter(|(node, _)| node.inputs.contains(&position));
            let apart = read.clone().all(|(_, moves)| !moves);
            assert!(
                apart || written.iter().any(|text| text.contains(weight)),
                "{}: {weight} in {written:?}",
                cell.name
            );
        }
    }
}

#[test]
fn boxes_are_functions_and_circles_are_operations() {
    let gru = diagram("gru");
    for element in &gru.elements {
        let function = ["σ", "tanh"].contains(&element.rows[0].as_str());
        let sum = element.rows[0].contains('·');
        assert_eq!(element.figure == Figure::Box, function, "{:?}", element.rows);
        assert_eq!(element.figure == Figure::Sum, sum, "{:?}", element.rows);
    }
}

/// A number beside a wire says whose it is: by its name, or because its wire ends at it.
#[test]
fn numbers_beside_wires_have_their_names() {
    let mut nameless = Vec::new();
    for cell in cells::all() {
        for room in [ROOMS[0], LOW] {
            let diagram = Listing::parse(cell.source).unwrap().diagram(room);
            for value in diagram.values.iter().filter(|value| !value.named) {
                if !diagram.labels.iter().any(|label| label.name == value.name) {
                    nameless.push(format!("{} {room:?}: {}", cell.name, value.name));
                }
            }
        }
    }
    assert!(nameless.is_empty(), "{nameless:#?}");
}
