//! When each part of the picture has its gradient on the way back.

use crate::diagrams::{OWN, ROOMS};
use unrolled::listing::diagram::{Carries, Diagram};
use unrolled::listing::{CheckedListing, Listing, cells};

/// The picture of a listing with its adjoint, and the adjoint's lines.
fn both_ways(source: &str) -> (Listing, Listing, Diagram) {
    let checked = CheckedListing::new(source).unwrap();
    let (listing, adjoint) = (checked.listing().clone(), checked.adjoint().clone());
    let mut diagram = listing.diagram(ROOMS[0]);
    diagram.follow_back(&listing, &adjoint);
    (listing, adjoint, diagram)
}

/// The line of an adjoint that begins with `text`, the last one.
fn line_with(adjoint: &Listing, text: &str) -> usize {
    let found = adjoint.source().lines().enumerate().filter(|(_, line)| line.trim().starts_with(text));
    found.map(|(k, _)| k + 1).last().unwrap_or_else(|| panic!("no line {text}"))
}

#[test]
fn a_part_of_the_picture_has_its_gradient_after_the_line_that_computes_it() {
    let (_, adjoint, diagram) = both_ways(cells::named("lstm").unwrap().source);
    let at = |text: &str| Some(line_with(&adjoint, text));
    let head = Some(adjoint.definition().span.line);
    let element = |rows: &str, name: Option<&str>| {
        diagram.elements.iter().position(|e| e.rows == [rows] && e.name.as_deref() == name).unwrap()
    };
    let back = |index: usize| diagram.elements[index].back_line;
    let (new_c, new_h) = (element("+", Some("c")), element("×", Some("h")));
    assert_eq!(back(new_h), head, "the gradient of h arrives");
    assert_eq!(back(new_c), at("d_c = d_c +"));
    assert_eq!(back(element("tanh", None)), at("d_c = d_c +"), "tanh(c) stands within that line");
    assert_eq!(back(element("σ", Some("f"))), at("d_f ="));
    assert_eq!(back(element("x·W + h·U + b", None)), at("dz = np.concatenate"));
    let wire = |name: Option<&str>, to: usize| {
        let found = diagram.wires.iter().find(|w| w.to == Some(to) && w.name.as_deref() == name);
        found.unwrap_or_else(|| panic!("{name:?} to {to}")).back_line
    };
    assert_eq!(wire(Some("o"), new_h), at("d_o ="));
    assert_eq!(wire(None, new_h), at("d_c = d_c +"), "from × to tanh");
    assert_eq!(wire(Some("c"), element("tanh", None)), at("d_c = d_c +"), "from tanh to the memory");
    assert_eq!(wire(Some("z_o"), element("σ", Some("o"))), at("dz_o ="));
    let leaving = diagram.wires.iter().filter(|w| w.leaves.is_some());
    assert!(leaving.clone().count() == 2 && leaving.clone().all(|w| w.back_line == head));
    let entering: Vec<_> = diagram.wires.iter().filter(|w| w.carries == parameter("c")).collect();
    assert!(entering.iter().all(|w| w.back_line == at("d_c = d_c * f")), "{entering:?}");
}

fn parameter(name: &str) -> Carries {
    Carries::Parameter { name: name.into() }
}

#[test]
fn at_the_end_of_the_adjoint_nothing_in_a_picture_is_without_its_gradient() {
    let sources = cells::all().iter().map(|cell| (cell.name, cell.source));
    for (name, source) in sources.chain(OWN.map(|source| ("own", source))) {
        let (listing, adjoint, diagram) = both_ways(source);
        let (first, last) =
            (adjoint.definition().span.line, adjoint.definition().body.last().unwrap().span.line);
        for (k, line) in diagram.elements.iter().map(|e| e.back_line).enumerate() {
            assert!(line.is_some_and(|line| (first..=last).contains(&line)), "{name} element {k}: {line:?}");
        }
        for wire in &diagram.wires {
            let line = wire.back_line.unwrap();
            assert!((first..=last).contains(&line), "{name} {wire:?}");
            // What a value's reader sends back is never known before the reader's own gradient.
            let reader = wire.to.map(|to| &diagram.elements[to]);
            assert!(reader.is_none_or(|r| r.back_line.unwrap() <= line), "{name} {wire:?} {reader:?}");
        }
        // A named value has its gradient after the last line that assigns it.
        for element in &diagram.elements {
            let Some(own) = &element.name else { continue };
            // A name that stands for several values has a gradient for each.
            let values = listing.graph().assigned.iter().filter(|a| a.name == *own).count();
            let is_state = listing.states().contains(&own.as_str()) || values > 1;
            let mut made = adjoint.graph().assigned.iter().filter(|a| a.name == format!("d_{own}"));
            if let (Some(last), false) = (made.next_back(), is_state) {
                assert_eq!(element.back_line, Some(last.line), "{name} {own}");
            }
        }
    }
}
