//! Four lanes in plain Rust: the reference that every other backend must equal bit for bit.

use super::{Arith, Lanes};

/// Four `f32` in an array.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct F32x4([f32; 4]);

impl F32x4 {
    #[inline(always)]
    fn map(self, f: impl Fn(f32) -> f32) -> Self {
        Self([f(self.0[0]), f(self.0[1]), f(self.0[2]), f(self.0[3])])
    }

    #[inline(always)]
    fn zip(self, b: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        Self([f(self.0[0], b.0[0]), f(self.0[1], b.0[1]), f(self.0[2], b.0[2]), f(self.0[3], b.0[3])])
    }
}

impl Arith for F32x4 {
    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self([value; 4])
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        self.zip(other, |a, b| a / b)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.map(f32::sqrt)
    }
    #[inline(always)]
    fn at_most(self, other: Self) -> Self {
        self.zip(other, Arith::at_most)
    }
    #[inline(always)]
    fn at_least(self, other: Self) -> Self {
        self.zip(other, Arith::at_least)
    }
    #[inline(always)]
    fn less_than(self, limit: Self, yes: Self, no: Self) -> Self {
        let pick = |k: usize| Arith::less_than(self.0[k], limit.0[k], yes.0[k], no.0[k]);
        Self([pick(0), pick(1), pick(2), pick(3)])
    }
    #[inline(always)]
    fn power_of_two_from_shifted(self) -> Self {
        self.map(Arith::power_of_two_from_shifted)
    }
}

impl Lanes for F32x4 {
    #[inline(always)]
    fn load(from: &[f32; 4]) -> Self {
        Self(*from)
    }
    #[inline(always)]
    fn store(self, to: &mut [f32; 4]) {
        *to = self.0;
    }
}
