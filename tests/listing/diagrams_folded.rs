//! Calls of several operations are boxes that unfold.

use crate::diagrams::ROOMS;
use unrolled::listing::Listing;

#[test]
fn a_call_of_several_operations_is_one_box_that_unfolds() {
    let source = "def unit(a):\n    a = silu(a)\n    return a / (np.sqrt(np.sum(a ** 2)) + 0.001)\n\n\
                  def step(x, h, W):\n    k = unit(x @ W)\n    h = h + softplus(k * h)\n    return h\n";
    let listing = Listing::parse(source).unwrap();
    let rows = |unfolded: &[usize]| -> Vec<String> {
        let diagram = listing.diagram_unfolded(ROOMS[0], unfolded);
        diagram.elements.iter().map(|element| element.rows.concat()).collect()
    };
    assert_eq!(rows(&[]), ["x·W", "unit", "×", "softplus", "+"]);
    let folded = listing.diagram(ROOMS[0]);
    let unit = folded.elements[1].folds.unwrap();
    assert_eq!((folded.elements[1].name.as_deref(), folded.elements[0].folds), (Some("k"), None));
    assert!(folded.wires.iter().any(|wire| wire.name.as_deref() == Some("k")), "{:?}", folded.wires);
    // What is inside of it may be a call again.
    let open = rows(&[unit]);
    assert!(
        open.contains(&"silu".into()) && open.contains(&"Σ".into()) && !open.contains(&"unit".into()),
        "{open:?}"
    );
    let all: Vec<usize> = (0..listing.graph().groups.len()).collect();
    let open = rows(&all);
    assert!(open.contains(&"log1p".into()) && open.contains(&"σ".into()), "{open:?}");
}

#[test]
fn cells_of_papers_are_drawn_with_each_call_as_one_box() {
    for unrolled::listing::cells::CellSource { name, source, .. } in unrolled::listing::cells::all() {
        let listing = Listing::parse(source).unwrap();
        let all: Vec<usize> = (0..listing.graph().groups.len()).collect();
        for room in ROOMS {
            let [folded, open] = [&[][..], &all].map(|unfolded| listing.diagram_unfolded(room, unfolded));
            assert!(folded.elements.len() <= open.elements.len(), "{name}");
            for element in &folded.elements {
                let long = element.rows.iter().map(|row| row.chars().count()).max().unwrap_or(0);
                assert!(long <= 64 && element.x.is_finite(), "{name}: {:?}", element.rows);
            }
        }
    }
}
