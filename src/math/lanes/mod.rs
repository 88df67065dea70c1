//! Four numbers at a time: the few operations from which all arithmetic of the engine is written, once.
//!
//! [`Arith`] is implemented by `f32` itself and by four lanes; a formula written over `Arith` gives the same bits in
//! every implementation, because each operation is one IEEE 754 operation per lane and nothing is reassociated.

pub mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub mod simd128;

/// Which implementation of four lanes the kernels run on. All give the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// Plain Rust, the reference; left out of the engine that readers load, which has simd128.
    #[cfg(any(feature = "portable-kernels", not(all(target_arch = "wasm32", target_feature = "simd128"))))]
    Portable,
    /// WebAssembly's fixed-width SIMD.
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    Simd128,
}

impl Backend {
    /// The fastest backend of this build.
    pub const fn best() -> Self {
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        return Self::Simd128;
        #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
        return Self::Portable;
    }

    /// The name that the page and the benchmarks show.
    pub const fn name(self) -> &'static str {
        match self {
            #[cfg(any(
                feature = "portable-kernels",
                not(all(target_arch = "wasm32", target_feature = "simd128"))
            ))]
            Self::Portable => "portable",
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Self::Simd128 => "simd128",
        }
    }
}

/// Runs `$body` with `$L` standing for the four lanes of `$backend`.
#[macro_export]
macro_rules! with_lanes {
    ($backend:expr, $L:ident => $body:expr) => {
        match $backend {
            #[cfg(any(
                feature = "portable-kernels",
                not(all(target_arch = "wasm32", target_feature = "simd128"))
            ))]
            $crate::Backend::Portable => {
                type $L = $crate::lanes::portable::F32x4;
                $body
            }
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            $crate::Backend::Simd128 => {
                type $L = $crate::lanes::simd128::F32x4;
                $body
            }
        }
    };
}
pub use with_lanes;

/// IEEE 754 single precision arithmetic on one or several lanes.
pub trait Arith: Copy {
    /// The same number in every lane.
    fn splat(value: f32) -> Self;
    /// `self + other`.
    fn add(self, other: Self) -> Self;
    /// `self - other`.
    fn sub(self, other: Self) -> Self;
    /// `self · other`.
    fn mul(self, other: Self) -> Self;
    /// `self / other`.
    fn div(self, other: Self) -> Self;
    /// The square root, correctly rounded.
    fn sqrt(self) -> Self;
    /// `other` where `other < self`, else `self`: a NaN in `self` stays.
    fn at_most(self, other: Self) -> Self;
    /// `other` where `self < other`, else `self`: a NaN in `self` stays.
    fn at_least(self, other: Self) -> Self;
    /// `yes` where `self < limit`, else `no`.
    fn less_than(self, limit: Self, yes: Self, no: Self) -> Self;
    /// 2ⁿ where `self` is 1.5·2²³ + n for an integer n in −127..=128: the shifted low bits become the exponent, which
    /// is that of 0 for −127 and that of ∞ for 128.
    fn power_of_two_from_shifted(self) -> Self;
}

/// Four lanes that can be loaded and stored.
pub trait Lanes: Arith {
    /// Reads four numbers.
    fn load(from: &[f32; 4]) -> Self;
    /// Writes four numbers.
    fn store(self, to: &mut [f32; 4]);

    /// The inner loop of a matrix product: `acc[r][v] += a[r][k] · panel[k][v]` for every k in order.
    ///
    /// `panel` is `[k, 4·V]`; every row of `a` holds at least k numbers.
    #[inline(always)]
    fn rows_times_panel<const R: usize, const V: usize>(
        mut acc: [[Self; V]; R],
        a: [&[f32]; R],
        panel: &[f32],
    ) -> [[Self; V]; R] {
        let panel = panel.as_chunks::<4>().0.as_chunks::<V>().0;
        for (k, b) in panel.iter().enumerate() {
            for r in 0..R {
                let x = Self::splat(a[r][k]);
                for v in 0..V {
                    acc[r][v] = acc[r][v].add(x.mul(Self::load(&b[v])));
                }
            }
        }
        acc
    }

    /// The same for a transposed left operand: `acc[r][v] += strip[k][r] · panel[k][v]`.
    ///
    /// `strip` is `[k, 4]`, of whose columns the first `R` are used.
    #[inline(always)]
    fn strip_times_panel<const R: usize, const V: usize>(
        mut acc: [[Self; V]; R],
        strip: &[[f32; 4]],
        panel: &[f32],
    ) -> [[Self; V]; R] {
        let panel = panel.as_chunks::<4>().0.as_chunks::<V>().0;
        for (x, b) in strip.iter().zip(panel) {
            for r in 0..R {
                let x = Self::splat(x[r]);
                for v in 0..V {
                    acc[r][v] = acc[r][v].add(x.mul(Self::load(&b[v])));
                }
            }
        }
        acc
    }

    /// Reads up to four numbers; missing ones are zero.
    fn load_part(from: &[f32]) -> Self {
        let mut four = [0.0; 4];
        four[..from.len()].copy_from_slice(from);
        Self::load(&four)
    }

    /// Writes as many numbers as `to` holds, at most four.
    fn store_part(self, to: &mut [f32]) {
        let mut four = [0.0; 4];
        self.store(&mut four);
        let n = to.len();
        to.copy_from_slice(&four[..n]);
    }
}

impl Arith for f32 {
    #[inline(always)]
    fn splat(value: f32) -> Self {
        value
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self + other
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self - other
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self * other
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        self / other
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        f32::sqrt(self)
    }
    #[inline(always)]
    fn at_most(self, other: Self) -> Self {
        if other < self { other } else { self }
    }
    #[inline(always)]
    fn at_least(self, other: Self) -> Self {
        if self < other { other } else { self }
    }
    #[inline(always)]
    fn less_than(self, limit: Self, yes: Self, no: Self) -> Self {
        if self < limit { yes } else { no }
    }
    #[inline(always)]
    fn power_of_two_from_shifted(self) -> Self {
        f32::from_bits((self.to_bits() << 23).wrapping_add(0x3F80_0000))
    }
}
