//! The fixed order in which data sets that are sorted by label are cut.

use unrolled::rng::splitmix64;

/// The seed of every cut.
const SEED: u64 = 113;

/// Fisher–Yates from the last item down, with SplitMix64 modulo the number of items left.
///
/// The modulo favours some orders by less than one part in 2⁴⁹, which nobody can notice; the published baselines
/// were made with this very order.
pub fn shuffle<T>(items: &mut [T]) {
    let mut state = SEED;
    for last in (1..items.len()).rev() {
        let other = splitmix64(&mut state) % (last as u64 + 1);
        items.swap(last, other as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_the_published_one() {
        // Computed apart from this code, in Python.
        let mut items: Vec<u32> = (0..10).collect();
        shuffle(&mut items);
        assert_eq!(items, [3, 2, 9, 8, 5, 7, 4, 0, 1, 6]);
    }
}
