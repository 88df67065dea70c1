//! Sorting of short lists. The standard library compiles a sort of 4 kB and more for every type and every comparison;
//! here one of 300 bytes serves all, at the price of a call for each comparison. What is sorted in a hot loop uses the
//! standard library.

use std::cmp::Ordering;

/// The indices below `count` in the order that `compare` gives them; equal ones stay as they are.
#[inline(never)]
pub fn order(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut length = 1;
    // Sorted runs of `length` are merged in pairs.
    while length < count {
        let mut merged = Vec::with_capacity(count);
        for start in (0..count).step_by(2 * length) {
            let (middle, end) = (count.min(start + length), count.min(start + 2 * length));
            let (mut left, mut right) = (start, middle);
            while left < middle || right < end {
                let is_left = right == end
                    || (left < middle && compare(order[left], order[right]) != Ordering::Greater);
                let next = if is_left { &mut left } else { &mut right };
                merged.push(order[*next]);
                *next += 1;
            }
        }
        (order, length) = (merged, 2 * length);
    }
    order
}

/// As `slice::sort_by`: equal items stay in the order they have.
pub fn sort_by<T>(items: &mut Vec<T>, mut compare: impl FnMut(&T, &T) -> Ordering) {
    let order = order(items.len(), &mut |a, b| compare(&items[a], &items[b]));
    let mut taken: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|k| taken[k].take()));
}

/// As `slice::sort_by_key`: items of equal keys stay in the order they have.
pub fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, mut key: impl FnMut(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))] // proptest is not there in the browser
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn items_stand_as_the_standard_library_puts_them(items in prop::collection::vec((0_u8..9, 0_u8..9), 0..200)) {
            let (mut ours, mut theirs) = (items.clone(), items);
            sort_by_key(&mut ours, |item| item.0);
            theirs.sort_by_key(|item| item.0);
            prop_assert_eq!(ours, theirs);
        }
    }
}
