//! Every product equals its definition bit for bit, whatever the size, the packing and the backend.

use super::*;

/// Numbers in [−1, 1) that look random (a linear congruential generator), others for every `purpose` and length.
fn random(n: usize, purpose: &str) -> Vec<f32> {
    let seed = purpose.bytes().fold(n as u32, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..n).map(|_| next()).collect()
}

/// The definition: C starts from what it holds, products are added over k in order.
fn by_definition(a: Matrix, b: &[f32], n: usize, c: &mut [f32], stride: usize) {
    for i in 0..a.rows {
        for j in 0..n {
            for k in 0..a.columns {
                c[i * stride + j] += a.row(i)[k] * b[k * n + j];
            }
        }
    }
}

const SIZES: [usize; 13] = [1, 2, 3, 4, 5, 7, 8, 9, 12, 31, 33, 50, 77];

/// `m × k × n` with gaps between rows, on both backends, packed for single rows or not.
fn check(m: usize, k: usize, n: usize) {
    let (a, b) = (random(m * (k + 2), "a"), random(k * n, "b"));
    let stride = n + 3;
    let a = Matrix::with_stride(&a, m, k, k + 2);
    let before = random(m * stride, "c");
    let mut want = before.clone();
    by_definition(a, &b, n, &mut want, stride);
    for (backend, single) in [
        (Backend::Portable, false),
        (Backend::Portable, true),
        (Backend::best(), false),
        (Backend::best(), true),
    ] {
        let mut packed = Packed::default();
        packed.serve_single_rows(single);
        packed.pack(Matrix::new(&b, k, n));
        let mut got = before.clone();
        gemm(backend, a, &packed, &mut got, stride);
        assert_eq!(got, want, "{m}x{k}x{n} {} {single}", backend.name());
    }
}

#[test]
fn every_size_equals_the_definition_bit_for_bit() {
    for m in SIZES {
        for k in [1, 3, 8, 17] {
            SIZES.into_iter().for_each(|n| check(m, k, n));
        }
    }
}

#[test]
fn the_transposed_product_equals_the_definition_bit_for_bit() {
    for backend in [Backend::Portable, Backend::best()] {
        for m in SIZES {
            for n in SIZES {
                let k = 13;
                let (a, b) = (random(k * m, "a"), random(k * n, "b"));
                let transposed: Vec<f32> = (0..m * k).map(|x| a[x % k * m + x / k]).collect();
                let mut want = random(m * n, "c");
                let mut got = want.clone();
                by_definition(Matrix::new(&transposed, m, k), &b, n, &mut want, n);
                let mut packed = Packed::default();
                packed.pack(Matrix::new(&b, k, n));
                gemm_transposed(backend, Matrix::new(&a, k, m), &packed, &mut Strips::default(), &mut got);
                assert_eq!(got, want, "{m}x{k}x{n} {}", backend.name());
            }
        }
    }
}

#[test]
fn packing_a_transpose_equals_packing_the_transposed_matrix() {
    for (k, n) in [(5, 3), (8, 16), (7, 13), (2, 4), (9, 6), (3, 77)] {
        let b = random(k * n, "b");
        let transposed: Vec<f32> = (0..n * k).map(|x| b[x % k * n + x / k]).collect();
        for single in [false, true] {
            let (mut p, mut q) = (Packed::default(), Packed::default());
            [&mut p, &mut q].into_iter().for_each(|packed| packed.serve_single_rows(single));
            p.pack(Matrix::new(&b, k, n));
            q.pack(Matrix::new(&transposed, n, k).transpose());
            assert_eq!(p, q, "{k}x{n}");
        }
    }
}

#[test]
fn a_packed_matrix_can_be_packed_again_with_another_size() {
    let b = random(60, "b");
    let (mut p, mut q) = (Packed::default(), Packed::default());
    p.pack(Matrix::new(&b, 5, 12));
    p.pack(Matrix::new(&b, 6, 10));
    q.pack(Matrix::new(&b, 6, 10));
    assert_eq!(p, q);
}
