//! The order of units by similarity.

use ndarray::{Array2, array};
use unrolled::analysis::order::similarity_order;

/// Sum of the distances between neighbours.
fn length(rows: &Array2<f32>, order: &[usize]) -> f32 {
    let gap = |a: usize, b: usize| {
        rows.row(a).iter().zip(rows.row(b)).map(|(x, y)| (x - y) * (x - y)).sum::<f32>().sqrt()
    };
    order.windows(2).map(|pair| gap(pair[0], pair[1])).sum()
}

#[test]
fn numbers_on_a_line_come_in_their_order() {
    let rows = array![[5.0_f32], [1.0], [9.0], [1.5], [8.0], [5.25]];
    let order = similarity_order(rows.view());
    let mut values: Vec<f32> = order.iter().map(|row| rows[[*row, 0]]).collect();
    if values[0] > values[5] {
        values.reverse();
    }
    assert_eq!(values, [1.0, 1.5, 5.0, 5.25, 8.0, 9.0]);
}

#[test]
fn groups_stay_together_and_every_row_stands_once() {
    // Rows of three groups, dealt out in turn.
    let rows = Array2::from_shape_fn((30, 8), |(row, t)| {
        let group = [1.0_f32, -1.0, 0.2][row % 3];
        group * (if t % 2 == 0 { 1.0 } else { -0.5 }) + 0.01 * ((row * 7 + t * 3) % 11) as f32
    });
    let order = similarity_order(rows.view());
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..30).collect::<Vec<_>>());
    let changes = order.windows(2).filter(|pair| pair[0] % 3 != pair[1] % 3).count();
    assert_eq!(changes, 2, "{order:?}");
    assert!(length(&rows, &order) < 0.5 * length(&rows, &(0..30).collect::<Vec<_>>()));
}

#[test]
fn few_rows_and_equal_rows_have_an_order_too() {
    assert!(similarity_order(Array2::zeros((0, 3)).view()).is_empty());
    assert_eq!(similarity_order(Array2::zeros((1, 3)).view()), [0]);
    let mut equal = similarity_order(Array2::zeros((5, 3)).view());
    equal.sort_unstable();
    assert_eq!(equal, [0, 1, 2, 3, 4]);
}
