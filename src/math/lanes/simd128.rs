//! Four lanes as one `v128` of WebAssembly SIMD.
#![allow(unsafe_code)]

use core::arch::wasm32::{
    f32x4_abs, f32x4_add, f32x4_div, f32x4_lt, f32x4_mul, f32x4_pmax, f32x4_pmin, f32x4_splat, f32x4_sqrt,
    f32x4_sub, i32x4_add, i32x4_shl, u32x4_splat, v128, v128_bitselect, v128_load, v128_store,
};

use super::{Arith, Lanes};

/// Four `f32` in one register.
#[derive(Clone, Copy)]
pub struct F32x4(v128);

impl Arith for F32x4 {
    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self(f32x4_splat(value))
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(f32x4_add(self.0, other.0))
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(f32x4_sub(self.0, other.0))
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(f32x4_mul(self.0, other.0))
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        Self(f32x4_div(self.0, other.0))
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(f32x4_sqrt(self.0))
    }
    #[inline(always)]
    fn at_most(self, other: Self) -> Self {
        // pmin(a, b) is `b < a ? b : a`, the definition of `at_most`.
        Self(f32x4_pmin(self.0, other.0))
    }
    #[inline(always)]
    fn at_least(self, other: Self) -> Self {
        // pmax(a, b) is `a < b ? b : a`.
        Self(f32x4_pmax(self.0, other.0))
    }
    #[inline(always)]
    fn less_than(self, limit: Self, yes: Self, no: Self) -> Self {
        Self(v128_bitselect(yes.0, no.0, f32x4_lt(self.0, limit.0)))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(f32x4_abs(self.0))
    }
    #[inline(always)]
    fn with_sign_of(self, sign: Self) -> Self {
        Self(v128_bitselect(sign.0, self.0, u32x4_splat(0x8000_0000)))
    }
    #[inline(always)]
    fn power_of_two_from_shifted(self) -> Self {
        Self(i32x4_add(i32x4_shl(self.0, 23), u32x4_splat(0x3F80_0000)))
    }
}

impl Lanes for F32x4 {
    #[inline(always)]
    fn load(from: &[f32; 4]) -> Self {
        // SAFETY: the reference is valid for reading 16 bytes, and v128.load has no alignment requirement.
        Self(unsafe { v128_load(from.as_ptr().cast()) })
    }
    #[inline(always)]
    fn store(self, to: &mut [f32; 4]) {
        // SAFETY: the reference is valid for writing 16 bytes, and v128.store has no alignment requirement.
        unsafe { v128_store(to.as_mut_ptr().cast(), self.0) }
    }
}
