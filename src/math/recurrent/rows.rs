//! Element-wise formulas over the rows of a step, four lanes at a time.

use crate::lanes::Lanes;

/// Replaces the elements of `changed` by what `formula` makes of them and of the same elements of `read`.
///
/// All slices have one length; where it is no multiple of four, the last lanes see zeros and are not stored.
#[inline(always)]
pub(super) fn each_lane<L: Lanes, const N: usize, const M: usize>(
    mut changed: [&mut [f32]; N],
    read: [&[f32]; M],
    formula: impl Fn([L; N], [L; M]) -> [L; N],
) {
    let length = changed[0].len();
    let whole = length / 4;
    {
        let mut changed = changed.each_mut().map(|row| &mut row.as_chunks_mut::<4>().0[..whole]);
        let read = read.map(|row| &row.as_chunks::<4>().0[..whole]);
        for k in 0..whole {
            let old = changed.each_ref().map(|row| L::load(&row[k]));
            let new = formula(old, read.map(|row| L::load(&row[k])));
            changed.iter_mut().zip(new).for_each(|(row, value)| value.store(&mut row[k]));
        }
    }
    let done = 4 * whole;
    if done < length {
        let old = changed.each_ref().map(|row| L::load_part(&row[done..length]));
        let new = formula(old, read.map(|row| L::load_part(&row[done..length])));
        changed.iter_mut().zip(new).for_each(|(row, value)| value.store_part(&mut row[done..length]));
    }
}
