//! The cells of the project against the equations of their papers, which `make.py` computes in another form.

use std::path::{Path, PathBuf};

use ndarray::{ArrayD, ArrayViewD, Axis, IxDyn};
use safetensors::SafeTensors;
use unrolled::listing::{Listing, Recording, Role, Sequence, SizedListing, cells};

/// f32 against f64 over seven timesteps of numbers of about 1.
const TOLERANCE: f32 = 1e-5;

fn file(cell: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/cells/{cell}.safetensors"))
}

fn array(tensors: &SafeTensors, name: &str) -> Option<ArrayD<f32>> {
    let view = tensors.tensor(name).ok()?;
    let values = view.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    Some(ArrayD::from_shape_vec(IxDyn(view.shape()), values).unwrap())
}

fn compare(what: &str, ours: ArrayViewD<f32>, golden: ArrayViewD<f32>) {
    assert_eq!(ours.shape(), golden.shape(), "{what}");
    let scale = golden.iter().fold(1.0f32, |most, v| most.max(v.abs()));
    for (ours, golden) in ours.iter().zip(&golden) {
        assert!((ours - golden).abs() <= TOLERANCE * scale, "{what}: {ours}, by the equations {golden}");
    }
}

fn check(cell: &cells::CellSource) {
    let name = cell.name;
    let bytes = std::fs::read(file(name)).unwrap_or_else(|_| panic!("{name} has no golden sequence"));
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let of = |name: &str| array(&tensors, name);
    let listing = Listing::parse(cell.source).unwrap();
    let x = of("x").unwrap();
    let timesteps = x.shape()[0];
    let golden = listing.states().into_iter().map(|state| (state, of(&format!("state/{state}"))));
    let golden: Vec<(&str, Option<ArrayD<f32>>)> = golden.collect();
    let weights: Vec<(&str, ArrayD<f32>)> =
        listing.weights().into_iter().map(|w| (w, of(w).unwrap_or_else(|| panic!("{name}: {w}")))).collect();
    let mut shapes = vec![(listing.input(), &x.shape()[1..])];
    shapes.extend(golden.iter().filter_map(|(name, found)| Some((*name, &found.as_ref()?.shape()[1..]))));
    shapes.extend(weights.iter().map(|(name, weight)| (*name, weight.shape())));
    let shapes =
        listing.shapes_given(&shapes).unwrap_or_else(|m| panic!("{name}: {}", m[0].render(cell.source)));
    let states = shapes.parameters.iter().filter(|parameter| parameter.role == Role::State);
    let initial = states.map(|state| {
        let given = of(&format!("initial/{}", state.name));
        Some(given.unwrap_or_else(|| ArrayD::zeros(IxDyn(&state.shape))))
    });
    let sequence = Sequence {
        initial: initial.collect(),
        weights: weights.iter().map(|(_, weight)| weight.clone()).collect(),
        x: x.clone(),
        ..Sequence::default()
    };
    let recording = Recording::new(&SizedListing::new(&listing, &shapes).unwrap(), sequence).unwrap();
    let mut compared = 0;
    for (k, (state, golden)) in golden.iter().enumerate() {
        let Some(golden) = golden else { continue };
        for t in 0..timesteps {
            let states = recording.state(k);
            let (ours, golden) = (states.index_axis(Axis(0), t + 1), golden.index_axis(Axis(0), t));
            compare(&format!("{name}: {state} at {t}"), ours, golden);
        }
        compared += 1;
    }
    assert!(golden[0].1.is_some() && compared > 0, "{name}: nothing says what leaves the cell");
}

#[test]
fn every_cell_is_what_the_equations_of_its_paper_give() {
    for cell in cells::all() {
        check(cell);
    }
}
