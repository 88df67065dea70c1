//! What the rules of the optimizers do to parameters, gradient and slots, four lanes at a time. The formulas stand with
//! the rules, in `train::optimizer`.

pub mod adagrad;
pub mod adam;
pub mod rmsprop;
pub mod sgd;

use crate::lanes::Lanes;

/// Weights that are updated, with what a rule keeps for them.
pub struct Weights<'a, 'b> {
    /// The weights.
    pub parameters: &'a mut [f32],
    /// Their gradient; as long as they are.
    pub gradient: &'a [f32],
    /// What the rule keeps; each as long as the weights.
    pub slots: &'a mut [&'b mut [f32]],
}

/// What a rule does to four parameters at once. A trait, since a closure is not always inlined, and lanes
/// that pass through memory cost twice the time.
trait OnLanes<L: Lanes, const N: usize> {
    /// The new parameters and slots from parameters, gradient and slots.
    fn updated(&self, p: L, g: L, slots: [L; N]) -> (L, [L; N]);
}

/// Replaces each parameter and its `N` slots by what `rule` makes of them and of the gradient.
///
/// All arrays have one length; numbers that do not fill four lanes go through lanes padded with zeros.
#[inline(always)]
fn update_lanes<L: Lanes, const N: usize>(
    parameters: &mut [f32],
    gradient: &[f32],
    mut slots: [&mut [f32]; N],
    rule: &impl OnLanes<L, N>,
) {
    let (p_fours, p_rest) = parameters.as_chunks_mut::<4>();
    let (g_fours, g_rest) = gradient.as_chunks::<4>();
    let count = p_fours.len();
    assert_eq!(g_fours.len(), count, "gradient and parameters have one length");
    let fours = slots.each_mut().map(|slot| &mut slot.as_chunks_mut::<4>().0[..count]);
    for k in 0..count {
        let before = core::array::from_fn(|n| L::load(&fours[n][k]));
        let (p, after) = rule.updated(L::load(&p_fours[k]), L::load(&g_fours[k]), before);
        p.store(&mut p_fours[k]);
        for n in 0..N {
            after[n].store(&mut fours[n][k]);
        }
    }
    if !p_rest.is_empty() {
        let rests = slots.map(|slot| slot.as_chunks_mut::<4>().1);
        let before = core::array::from_fn(|n| L::load_part(rests[n]));
        let (p, after) = rule.updated(L::load_part(p_rest), L::load_part(g_rest), before);
        p.store_part(p_rest);
        after.into_iter().zip(rests).for_each(|(after, rest)| after.store_part(rest));
    }
}
