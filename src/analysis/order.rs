//! An order in which similar rows stand beside each other: hierarchical clustering with average linkage (UPGMA, Sokal
//! and Michener 1958), and greedily turned branches.

use ndarray::{Array2, ArrayView2};

/// A branch of the tree: its leaves in their order.
type Branch = Vec<usize>;

/// An order of the rows of `rows`, `[rows, features]`, in which similar ones stand beside each other. Two rows are as
/// similar as the Euclidean distance between them is small; of equal distances the earlier pair is joined first.
pub fn similarity_order(rows: ArrayView2<f32>) -> Vec<usize> {
    let distances = distances_of(rows);
    let mut branches: Vec<Branch> = (0..rows.nrows()).map(|row| vec![row]).collect();
    let mut between = distances.clone();
    while branches.len() > 1 {
        let (a, b) = nearest(&between);
        let joined = join(&branches[a], &branches[b], &distances);
        between = without(&between, (a, b), (branches[a].len(), branches[b].len()));
        branches[a] = joined;
        branches.remove(b);
    }
    branches.pop().unwrap_or_default()
}

/// The Euclidean distance of every pair.
fn distances_of(rows: ArrayView2<f32>) -> Array2<f64> {
    Array2::from_shape_fn((rows.nrows(), rows.nrows()), |(a, b)| {
        let pairs = rows.row(a).into_iter().zip(rows.row(b));
        pairs
            .fold(0.0, |sum, (x, y)| sum + (f64::from(*x) - f64::from(*y)) * (f64::from(*x) - f64::from(*y)))
            .sqrt()
    })
}

/// The pair of branches with the least distance, the smaller index first.
fn nearest(between: &Array2<f64>) -> (usize, usize) {
    let mut found = (f64::INFINITY, (0, 1));
    for a in 0..between.nrows() {
        for b in a + 1..between.nrows() {
            if between[[a, b]] < found.0 {
                found = (between[[a, b]], (a, b));
            }
        }
    }
    found.1
}

/// The distances when branch `b` has joined branch `a`: the mean over the leaves.
fn without(between: &Array2<f64>, (a, b): (usize, usize), (in_a, in_b): (usize, usize)) -> Array2<f64> {
    let (in_a, in_b) = (in_a as f64, in_b as f64);
    let mean = |k: usize| (between[[a, k]] * in_a + between[[b, k]] * in_b) / (in_a + in_b);
    let old = |k: usize| if k < b { k } else { k + 1 };
    let count = between.nrows() - 1;
    Array2::from_shape_fn((count, count), |(row, column)| match (old(row), old(column)) {
        (row, column) if row == a && column == a => 0.0,
        (row, column) if row == a => mean(column),
        (row, column) if column == a => mean(row),
        (row, column) => between[[row, column]],
    })
}

/// Two branches in a row, each turned so that the leaves that meet are as near as they can be.
fn join(a: &[usize], b: &[usize], distances: &Array2<f64>) -> Branch {
    let turned = |branch: &[usize]| branch.iter().rev().copied().collect::<Branch>();
    let mut best: Option<(f64, Branch)> = None;
    for left in [a.to_vec(), turned(a)] {
        for right in [b.to_vec(), turned(b)] {
            let (Some(end), Some(start)) = (left.last(), right.first()) else { continue };
            let gap = distances[[*end, *start]];
            if best.as_ref().is_none_or(|(least, _)| gap < *least) {
                best = Some((gap, left.iter().chain(&right).copied().collect()));
            }
        }
    }
    best.map_or(Branch::new(), |(_, joined)| joined)
}
