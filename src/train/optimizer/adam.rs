//! Adam (Kingma & Ba 2015) in the form of Keras 3:
//!
//! ```text
//! m ← m + (g − m)·(1 − β₁)      v ← v + (g² − v)·(1 − β₂)
//! p ← p − m·α / (√v + ε)        α = rate·√(1 − β₂ᵗ) / (1 − β₁ᵗ)
//! ```

use super::{At, Rule};
use crate::Result;
use crate::layers::config::Section;
use crate::math::lanes::{Lanes, with_lanes};

/// Keras' `Adam`.
pub struct Adam {
    beta_1: f64,
    beta_2: f64,
    epsilon: f32,
}

impl Adam {
    /// Reads the options; defaults are Keras'.
    pub fn from_config(options: &Section) -> Result<Self> {
        Ok(Self {
            beta_1: options.rate_or("beta_1", 0.9)?,
            beta_2: options.rate_or("beta_2", 0.999)?,
            epsilon: options.number_or("epsilon", 1e-7)? as f32,
        })
    }
}

/// The factors of one step.
struct Factors {
    keep_1: f32,
    keep_2: f32,
    alpha: f32,
    epsilon: f32,
}

impl Rule for Adam {
    fn class_name(&self) -> &'static str {
        "Adam"
    }

    fn slots(&self) -> usize {
        2
    }

    fn rests_at_zero(&self) -> bool {
        true
    }

    fn update(&self, at: At, parameters: &mut [f32], gradient: &[f32], slots: &mut [&mut [f32]]) {
        let [m, v] = slots else { unreachable!("Adam has two slots") };
        let correction = (1.0 - power(self.beta_2, at.step)).sqrt() / (1.0 - power(self.beta_1, at.step));
        let factors = Factors {
            keep_1: (1.0 - self.beta_1) as f32,
            keep_2: (1.0 - self.beta_2) as f32,
            alpha: (f64::from(at.learning_rate) * correction) as f32,
            epsilon: self.epsilon,
        };
        with_lanes!(at.backend, L => update::<L>(&factors, parameters, gradient, m, v));
    }
}

fn update<L: Lanes>(factors: &Factors, p: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32]) {
    let (p, p_rest) = p.as_chunks_mut::<4>();
    let (g, g_rest) = g.as_chunks::<4>();
    let (m, m_rest) = m.as_chunks_mut::<4>();
    let (v, v_rest) = v.as_chunks_mut::<4>();
    for (((p, g), m), v) in p.iter_mut().zip(g).zip(m.iter_mut()).zip(v.iter_mut()) {
        let done = update_lanes([L::load(p), L::load(g), L::load(m), L::load(v)], factors);
        done[0].store(p);
        done[1].store(m);
        done[2].store(v);
    }
    if !p_rest.is_empty() {
        let (p, g) = (L::load_part(p_rest), L::load_part(g_rest));
        let done = update_lanes([p, g, L::load_part(m_rest), L::load_part(v_rest)], factors);
        done[0].store_part(p_rest);
        done[1].store_part(m_rest);
        done[2].store_part(v_rest);
    }
}

/// Parameter, gradient, m and v, to the new parameter, m and v. A function, since a closure is not inlined.
#[inline(always)]
fn update_lanes<L: Lanes>([p, g, m, v]: [L; 4], factors: &Factors) -> [L; 3] {
    let m = m.add(g.sub(m).mul(L::splat(factors.keep_1)));
    let v = v.add(g.mul(g).sub(v).mul(L::splat(factors.keep_2)));
    [p.sub(m.mul(L::splat(factors.alpha)).div(v.sqrt().add(L::splat(factors.epsilon)))), m, v]
}

/// bᵏ by repeated squaring: only products, the same on every platform.
pub fn power(base: f64, mut exponent: u64) -> f64 {
    let (mut result, mut square) = (1.0, base);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result *= square;
        }
        square *= square;
        exponent >>= 1;
    }
    result
}
