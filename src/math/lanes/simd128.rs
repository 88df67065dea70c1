//! Four lanes as one `v128` of WebAssembly SIMD.
#![allow(unsafe_code)]

use core::arch::wasm32::{
    f32x4_add, f32x4_div, f32x4_lt, f32x4_mul, f32x4_pmax, f32x4_pmin, f32x4_splat, f32x4_sqrt, f32x4_sub,
    i32x4_add, i32x4_shl, u32x4_splat, v128, v128_bitselect, v128_load, v128_load32_lane, v128_load32_splat,
    v128_load32_zero, v128_load64_zero, v128_store, v128_store32_lane, v128_store64_lane,
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
    fn power_of_two_from_shifted(self) -> Self {
        Self(i32x4_add(i32x4_shl(self.0, 23), u32x4_splat(0x3F80_0000)))
    }
}

/// `sum + a · b` in the inner loops of matrix products. The reproducible build rounds the product first; the relaxed
/// build leaves it to the processor.
#[inline(always)]
fn add_product(sum: F32x4, a: F32x4, b: F32x4) -> F32x4 {
    #[cfg(target_feature = "relaxed-simd")]
    return F32x4(core::arch::wasm32::f32x4_relaxed_madd(a.0, b.0, sum.0));
    #[cfg(not(target_feature = "relaxed-simd"))]
    sum.add(a.mul(b))
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

    #[inline(always)]
    fn load_part(from: &[f32]) -> Self {
        let at = from.as_ptr();
        // SAFETY: each arm reads exactly the numbers that the slice holds; loads need no alignment.
        Self(unsafe {
            match from.len() {
                0 => f32x4_splat(0.0),
                1 => v128_load32_zero(at.cast()),
                2 => v128_load64_zero(at.cast()),
                3 => v128_load32_lane::<2>(v128_load64_zero(at.cast()), at.add(2).cast()),
                _ => v128_load(at.cast()),
            }
        })
    }
    #[inline(always)]
    fn store_part(self, to: &mut [f32]) {
        let at = to.as_mut_ptr();
        // SAFETY: each arm writes exactly as many numbers as the slice holds, at most four; no alignment is needed.
        unsafe {
            match to.len() {
                0 => {}
                1 => v128_store32_lane::<0>(self.0, at.cast()),
                2 => v128_store64_lane::<0>(self.0, at.cast()),
                3 => {
                    v128_store64_lane::<0>(self.0, at.cast());
                    v128_store32_lane::<2>(self.0, at.add(2).cast());
                }
                _ => v128_store(at.cast(), self.0),
            }
        }
    }

    // The two loops below are those of the trait with pointers instead of slices: checked indexing costs a third of
    // the speed in a browser, and the loops are where nearly all the time of training goes.

    #[inline(always)]
    fn rows_times_panel<const R: usize, const V: usize>(
        mut acc: [[Self; V]; R],
        a: [&[f32]; R],
        panel: &[f32],
    ) -> [[Self; V]; R] {
        let count = panel.len() / (4 * V);
        assert!(
            a.iter().all(|row| row.len() >= count),
            "every row of A has a number for each row of the panel"
        );
        let a = a.map(<[f32]>::as_ptr);
        let mut b = panel.as_ptr();
        for k in 0..count {
            // SAFETY: k < count, so row k of the panel (4·V numbers) lies inside `panel` and number k of every row of A
            // lies inside that row; loads need no alignment.
            unsafe {
                let mut columns = [Self::splat(0.0); V];
                for v in 0..V {
                    columns[v] = Self(v128_load(b.add(4 * v).cast()));
                }
                for r in 0..R {
                    let x = Self(v128_load32_splat(a[r].add(k).cast()));
                    for v in 0..V {
                        acc[r][v] = add_product(acc[r][v], x, columns[v]);
                    }
                }
                b = b.add(4 * V);
            }
        }
        acc
    }

    #[inline(always)]
    fn strip_times_panel<const R: usize, const V: usize>(
        mut acc: [[Self; V]; R],
        strip: &[[f32; 4]],
        panel: &[f32],
    ) -> [[Self; V]; R] {
        let count = panel.len() / (4 * V);
        assert!(strip.len() >= count && R <= 4, "the strip has a row for each row of the panel");
        let (mut a, mut b) = (strip.as_ptr().cast::<f32>(), panel.as_ptr());
        for _ in 0..count {
            // SAFETY: this is turn k < count: `a` points at the four numbers strip[k], `b` at the 4·V of row k of the
            // panel; loads need no alignment.
            unsafe {
                let mut columns = [Self::splat(0.0); V];
                for v in 0..V {
                    columns[v] = Self(v128_load(b.add(4 * v).cast()));
                }
                for r in 0..R {
                    let x = Self(v128_load32_splat(a.add(r).cast()));
                    for v in 0..V {
                        acc[r][v] = add_product(acc[r][v], x, columns[v]);
                    }
                }
                a = a.add(4);
                b = b.add(4 * V);
            }
        }
        acc
    }
}
