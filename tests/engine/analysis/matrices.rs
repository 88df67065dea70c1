//! Eigenvalues, singular values and principal components against numpy: `make.py` writes the numbers.

use ndarray::Array2;
use serde_json::Value;
use unrolled::analysis::principal::Principal;
use unrolled::analysis::singular::singular_values;
use unrolled::eigenvalues::eigenvalues;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    serde_json::from_value(value.clone()).unwrap()
}

fn table(value: &Value) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = serde_json::from_value(value.clone()).unwrap();
    Array2::from_shape_vec((rows.len(), rows[0].len()), rows.concat()).unwrap()
}

/// Compares lists relative to their largest number.
fn assert_close(name: &str, found: &[f64], wanted: &[f64], tolerance: f64) {
    let size = wanted.iter().fold(f64::MIN_POSITIVE, |a, b| a.max(b.abs()));
    assert_eq!(found.len(), wanted.len(), "{name}");
    for (found, wanted) in found.iter().zip(wanted) {
        assert!((found - wanted).abs() <= tolerance * size, "{name}: {found} instead of {wanted}");
    }
}

#[test]
fn eigenvalues_are_those_of_numpy() {
    for (name, case) in golden()["matrices"].as_object().unwrap() {
        let matrix = table(&case["matrix"]);
        let found = eigenvalues(matrix.view()).unwrap();
        let sizes: Vec<f64> = found.iter().map(|value| value.abs()).collect();
        assert_close(name, &sizes, &numbers(&case["eigenvalues"]), 1e-9);
        let size = sizes.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        let (trace, imaginary) = found.iter().fold((0.0, 0.0), |(re, im), v| (re + v.re, im + v.im));
        assert!((trace - case["trace"].as_f64().unwrap()).abs() < 1e-10 * size, "{name}: trace {trace}");
        assert!(imaginary.abs() < 1e-10 * size, "{name}: complex eigenvalues come in pairs");
    }
    assert!(eigenvalues(Array2::from_elem((2, 2), f64::NAN).view()).is_none());
}

#[test]
fn singular_values_are_those_of_numpy() {
    for (name, case) in golden()["matrices"].as_object().unwrap() {
        let found = singular_values(table(&case["matrix"]).view());
        assert_close(name, &found, &numbers(&case["singular"]), 1e-10);
    }
}

#[test]
fn principal_components_are_those_of_numpy() {
    let golden = &golden()["principal"];
    let points = table(&golden["points"]);
    let all = Principal::of(points.view(), 6);
    assert_close("shares", &all.shares.to_vec(), &numbers(&golden["shares"]), 1e-12);
    let wanted = table(&golden["places"]);
    let found = all.place(points.view());
    assert_close("places", &found.into_raw_vec_and_offset().0, &wanted.into_raw_vec_and_offset().0, 1e-10);
    let two = Principal::of(points.view(), 2);
    assert_eq!((two.axes, two.shares.len()), (all.axes.slice(ndarray::s![..2, ..]).to_owned(), 2));
    let same = Principal::of(Array2::from_elem((4, 3), 0.25).view(), 2);
    assert_eq!(same.shares.to_vec(), [0.0, 0.0], "points that do not differ have no variance");
}
