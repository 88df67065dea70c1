//! The length of a gradient on its way back through a sequence: how far it shrinks or grows, and the axis for it.
#![allow(clippy::disallowed_methods)] // an axis for readers: no number of a model follows from it

use serde::Serialize;

/// Less than this share of the gradient at the last timestep has vanished.
pub const VANISHED: f64 = 1e-3;

/// More than this many times the gradient at the last timestep has exploded.
pub const EXPLODED: f64 = 10.0;

/// Decades that an axis shows at most, counted from its upper end; what is below lies on the axis.
const MOST_DECADES: i32 = 12;

/// How the norm of a gradient changes from the last timestep back to the first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Decades {
    /// The power of ten at the lower end of a logarithmic axis.
    pub lowest: i32,
    /// The power of ten at its upper end, above `lowest`.
    pub highest: i32,
    /// The geometric mean of the ratio between the norm at a timestep and the norm at the one behind it, which is
    /// (first / last)^(1 / (timesteps − 1)); nothing for a single timestep and where one end is zero or not finite.
    pub per_timestep: Option<f64>,
    /// The norm at the first timestep as a share of the norm at the last one.
    pub left: Option<f64>,
    /// Walking back, the first timestep with less than [`VANISHED`] of the norm at the last one.
    pub vanished_at: Option<usize>,
    /// Walking back, the first timestep with more than [`EXPLODED`] times the norm at the last one.
    pub exploded_at: Option<usize>,
}

/// How the norms at the timesteps of one sequence, `[timesteps]`, change on the way back; nothing where there is no
/// gradient at the last one.
pub fn decades(norms: &[f32]) -> Option<Decades> {
    let last = norms.last().copied().map(f64::from).filter(|norm| norm.is_finite() && *norm > 0.0)?;
    let ratio = |norm: &f32| f64::from(*norm) / last;
    let left = norms.first().map(ratio).filter(|left| left.is_finite());
    let steps = norms.len().saturating_sub(1);
    let per_timestep = left.filter(|left| *left > 0.0 && steps > 0).map(|left| left.powf(1.0 / steps as f64));
    let positive = norms.iter().copied().map(f64::from).filter(|norm| norm.is_finite() && *norm > 0.0);
    let (least, most) = positive.fold((last, last), |(least, most), norm| (least.min(norm), most.max(norm)));
    let highest = power_at_or_above(most);
    let lowest = power_at_or_below(least).clamp(highest - MOST_DECADES, highest - 1);
    Some(Decades {
        lowest,
        highest,
        per_timestep,
        left,
        vanished_at: norms.iter().rposition(|norm| ratio(norm) < VANISHED),
        exploded_at: norms.iter().rposition(|norm| ratio(norm) > EXPLODED),
    })
}

/// How high above `lowest` a norm stands on the axis: 0 at the lower end and below, 1 at the upper end.
pub fn height(decades: &Decades, norm: f32) -> f64 {
    let (low, high) = (f64::from(decades.lowest), f64::from(decades.highest));
    let height = (f64::from(norm).log10() - low) / (high - low);
    if height.is_nan() { 0.0 } else { height.clamp(0.0, 1.0) }
}

/// A power of ten written in full is its own.
fn power_at_or_above(value: f64) -> i32 {
    (value.log10() - 1e-6).ceil() as i32
}

fn power_at_or_below(value: f64) -> i32 {
    (value.log10() + 1e-6).floor() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `count` norms, each `ratio` times the one behind it; the last is `last`.
    fn geometric(count: i32, ratio: f64, last: f64) -> Vec<f32> {
        (0..count).map(|t| (last * ratio.powi(count - 1 - t)) as f32).collect()
    }

    #[test]
    fn the_mean_ratio_of_a_geometric_sequence_is_its_ratio() {
        for ratio in [0.14, 0.5, 1.0, 1.3] {
            let found = decades(&geometric(9, ratio, 0.7)).unwrap();
            assert!((found.per_timestep.unwrap() - ratio).abs() < 1e-5, "{ratio}");
            assert!((found.left.unwrap() - ratio.powi(8)).abs() < 1e-5 * ratio.powi(8).max(1.0));
        }
    }

    #[test]
    fn vanishing_and_exploding_are_found_where_they_happen() {
        // 0.14³ is above a thousandth, 0.14⁴ below.
        let vanishing = decades(&geometric(9, 0.14, 5.0)).unwrap();
        assert_eq!((vanishing.vanished_at, vanishing.exploded_at), (Some(4), None));
        // 1.5⁵ is below ten, 1.5⁶ above.
        let exploding = decades(&geometric(9, 1.5, 0.01)).unwrap();
        assert_eq!((exploding.vanished_at, exploding.exploded_at), (None, Some(2)));
        let neither = decades(&geometric(9, 0.9, 1.0)).unwrap();
        assert_eq!((neither.vanished_at, neither.exploded_at), (None, None));
    }

    #[test]
    fn the_axis_reaches_over_every_norm_and_at_least_one_decade() {
        let axis = |norms: &[f32]| decades(norms).map(|found| (found.lowest, found.highest));
        assert_eq!(axis(&[0.3]), Some((-1, 0)));
        assert_eq!(axis(&[0.1, 0.1]), Some((-2, -1)));
        assert_eq!(axis(&[2e-5, 0.3, 30.0]), Some((-5, 2)));
        assert_eq!(axis(&[1e-30, 1.0]), Some((-12, 0)), "not more than twelve decades");
        assert_eq!(
            axis(&[0.0, 0.5, f32::INFINITY, 0.5]),
            Some((-1, 0)),
            "what has no logarithm does not count"
        );
    }

    #[test]
    fn heights_are_logarithmic_and_inside() {
        let axis = decades(&[0.001, 1.0]).unwrap();
        let near = |norm, wanted: f64| assert!((height(&axis, norm) - wanted).abs() < 1e-6, "{norm}");
        near(1.0, 1.0);
        near(0.1, 2.0 / 3.0);
        near(0.0, 0.0);
        near(f32::NAN, 0.0);
        near(100.0, 1.0);
    }

    #[test]
    fn without_a_gradient_at_the_end_nothing_is_said() {
        for norms in [&[][..], &[0.0], &[1.0, 0.0], &[1.0, f32::NAN]] {
            assert_eq!(decades(norms), None);
        }
        let cut_off = decades(&[0.0, 0.0, 1.0]).unwrap();
        assert_eq!((cut_off.per_timestep, cut_off.vanished_at, cut_off.left), (None, Some(1), Some(0.0)));
    }
}
