//! The picture that is laid out from a listing.

use unrolled::listing::diagram::{Carries, Diagram, Figure};
use unrolled::listing::{Listing, cells};

fn diagram(name: &str) -> Diagram {
    Listing::parse(cells::named(name).unwrap().source).unwrap().diagram()
}

#[test]
fn the_lstm_looks_as_the_field_draws_it() {
    let lstm = diagram("lstm");
    let drawn: Vec<(&str, Option<&str>)> =
        lstm.elements.iter().map(|e| (e.label.as_str(), e.name.as_deref())).collect();
    assert_eq!(
        drawn,
        [
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
    // The four gates stand in one row, keep before write before candidate before show.
    assert!(at("f").x < at("i").x && at("i").x < at("g").x && at("g").x < at("o").x);
    assert!(["i", "g", "o"].iter().all(|gate| at(gate).y == at("f").y));
    // The memory runs straight along the top.
    let forget = &lstm.elements[4];
    assert_eq!((forget.y, forget.x), (at("c").y, at("f").x));
    assert!(lstm.elements.iter().all(|e| e.y >= at("c").y));
    let leaving: Vec<&str> = lstm.wires.iter().filter_map(|w| w.leaves.as_deref()).collect();
    assert_eq!(leaving, ["h", "c"]);
    let gate = lstm.wires.iter().find(|w| w.to == Some(0)).unwrap();
    assert_eq!(gate.carries, Carries::Mixed { names: vec!["x".into(), "h".into()] });
}

#[test]
fn every_element_knows_its_line_and_is_fed() {
    for cell in cells::all() {
        let listing = Listing::parse(cell.source).unwrap();
        let diagram = listing.diagram();
        let lines: Vec<&str> = cell.source.lines().collect();
        assert!(!diagram.elements.is_empty(), "{}", cell.name);
        for (index, element) in diagram.elements.iter().enumerate() {
            assert!(lines[element.line - 1].contains('='), "{} line {}", cell.name, element.line);
            assert!(
                diagram.wires.iter().any(|w| w.to == Some(index)),
                "{}: nothing feeds {}",
                cell.name,
                element.label
            );
        }
        for state in listing.states() {
            let leaves = diagram.wires.iter().filter(|w| w.leaves.as_deref() == Some(state)).count();
            assert_eq!(leaves, 1, "{}: {state}", cell.name);
        }
    }
}

#[test]
fn nothing_overlaps_and_everything_is_inside() {
    for cell in cells::all() {
        let diagram = Listing::parse(cell.source).unwrap().diagram();
        for (k, a) in diagram.elements.iter().enumerate() {
            assert!(a.x - a.width / 2.0 > 0.0 && a.x + a.width / 2.0 < diagram.width, "{}", cell.name);
            assert!(a.y - a.height / 2.0 > 0.0 && a.y + a.height / 2.0 < diagram.height, "{}", cell.name);
            for b in &diagram.elements[..k] {
                let apart = (a.x - b.x).abs() >= (a.width + b.width) / 2.0
                    || (a.y - b.y).abs() >= (a.height + b.height) / 2.0;
                assert!(
                    apart,
                    "{}: {} of line {} lies on {} of line {}",
                    cell.name, a.label, a.line, b.label, b.line
                );
            }
        }
        for wire in &diagram.wires {
            for pair in wire.points.windows(2) {
                let straight = (pair[0][0] - pair[1][0]).abs() < 1.0 || (pair[0][1] - pair[1][1]).abs() < 1.0;
                assert!(straight, "{}: a wire runs askew: {:?}", cell.name, wire.points);
            }
        }
    }
}

#[test]
fn the_wires_tell_the_bug_of_tutorial_003() {
    let reads_state = |name: &str| {
        diagram(name).wires.iter().any(|w| match &w.carries {
            Carries::Mixed { names } => w.to.is_some() && names.contains(&"state_t".to_string()),
            _ => false,
        })
    };
    assert!(reads_state("tutorial_003"));
    assert!(!reads_state("tutorial_003_bug"));
}

#[test]
fn boxes_are_functions_and_circles_are_operations() {
    let gru = diagram("gru");
    for element in &gru.elements {
        let function = ["σ", "tanh"].contains(&element.label.as_str());
        assert_eq!(element.figure == Figure::Box, function, "{}", element.label);
    }
}
