//! From a value for each step to the points of a curve.

/// The exponential moving average over about `window` steps, corrected for its start; a value that is not finite stays
/// what it is and leaves the average alone.
pub fn smooth(values: &[f32], window: f64) -> Vec<f32> {
    let keep = 1.0 - 2.0 / (window.max(1.0) + 1.0);
    let (mut sum, mut weight) = (0.0, 0.0);
    let average = |value: &f32| {
        if !value.is_finite() {
            return f32::NAN;
        }
        sum = keep * sum + f64::from(*value);
        weight = keep * weight + 1.0;
        (sum / weight) as f32
    };
    values.iter().map(average).collect()
}

/// The pieces between values that are not finite, as `(update, value)`; the first value is that of update 1. A piece
/// with many more points than `columns` is thinned out to the smallest and the largest value of each column, which
/// looks the same.
pub fn pieces(values: &[f32], columns: usize) -> Vec<Vec<(f64, f64)>> {
    let per_column = if values.len() > 4 * columns { values.len().div_ceil(columns.max(1)) } else { 1 };
    let mut pieces = vec![Vec::new()];
    for (c, column) in values.chunks(per_column).enumerate() {
        let finite = column.iter().enumerate().filter(|(_, value)| value.is_finite());
        let point = |(k, value): (usize, &f32)| ((c * per_column + k + 1) as f64, f64::from(*value));
        let lowest = finite.clone().min_by(|a, b| a.1.total_cmp(b.1)).map(point);
        let highest = finite.max_by(|a, b| a.1.total_cmp(b.1)).map(point);
        match (lowest, highest) {
            (Some(low), Some(high)) => {
                let (first, second) = if low.0 <= high.0 { (low, high) } else { (high, low) };
                let piece: &mut Vec<_> = match pieces.last_mut() {
                    Some(piece) => piece,
                    None => continue,
                };
                piece.push(first);
                if second.0 > first.0 {
                    piece.push(second);
                }
            }
            _ => pieces.push(Vec::new()),
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smoothing_starts_at_the_first_value_and_keeps_a_constant() {
        assert!(smooth(&[0.5; 100], 10.0).iter().all(|v| (v - 0.5).abs() < 1e-6));
        assert_eq!(smooth(&[3.0, 5.0], 1e9)[0], 3.0);
        assert!(smooth(&[], 10.0).is_empty());
    }

    #[test]
    fn smoothing_goes_on_behind_a_value_that_is_not_finite() {
        let smoothed = smooth(&[1.0, f32::NAN, 1.0], 10.0);
        assert!(smoothed[1].is_nan());
        assert!((smoothed[2] - 1.0).abs() < 1e-6);
    }

    #[test]
    fn values_that_are_not_finite_break_a_curve() {
        let pieces = pieces(&[1.0, 2.0, f32::NAN, f32::INFINITY, 3.0], 100);
        assert_eq!(pieces, [vec![(1.0, 1.0), (2.0, 2.0)], vec![(5.0, 3.0)]]);
    }

    #[test]
    fn thinning_out_keeps_every_extreme_and_few_points() {
        let mut values = vec![0.5; 100_000];
        (values[40_321], values[77_777]) = (9.0, -9.0);
        let pieces = pieces(&values, 600);
        assert_eq!(pieces.len(), 1);
        assert!(pieces[0].len() <= 2 * 600);
        assert!(pieces[0].contains(&(40_322.0, 9.0)) && pieces[0].contains(&(77_778.0, -9.0)));
        assert!(pieces[0].windows(2).all(|pair| pair[0].0 < pair[1].0), "steps rise");
    }
}
