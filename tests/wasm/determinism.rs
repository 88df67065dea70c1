//! simd128 equals the portable backend bit for bit, and the browser equals the native engine.

use unrolled::math::elementary::{exp_all, sigmoid_all, softmax_rows, tanh_all};
use unrolled::math::gemm::{Packed, Strips, gemm, gemm_transposed};
use unrolled::math::{Backend, Matrix};
use unrolled::rng::{LARGEST_FRESH_SEED, RngExt, Stream, Uniform, fresh_seed};
use wasm_bindgen_test::wasm_bindgen_test;

use super::twenty_steps::{WEIGHTS_HASH, evaluation, examples, hash_after_twenty_steps, run};

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|v| v.to_bits()).collect()
}

fn drawn(purpose: &str, count: usize) -> Vec<f32> {
    let mut stream = Stream::new(11, purpose, 0);
    (0..count).map(|_| stream.sample(Uniform::new(-2.0, 2.0))).collect()
}

#[wasm_bindgen_test]
fn the_best_backend_of_this_build_is_simd128() {
    assert_eq!(Backend::best(), Backend::Simd128);
}

#[wasm_bindgen_test]
fn twenty_steps_on_simd128_give_the_weights_of_the_native_engine() {
    assert_eq!(hash_after_twenty_steps(Backend::Simd128), WEIGHTS_HASH);
}

#[wasm_bindgen_test]
fn twenty_steps_on_the_portable_backend_give_the_weights_of_the_native_engine() {
    assert_eq!(hash_after_twenty_steps(Backend::Portable), WEIGHTS_HASH);
}

#[wasm_bindgen_test]
fn one_step_and_its_evaluation_are_the_same_on_both_backends() {
    let results = |backend| {
        let mut run = run(backend);
        let loss = run.update().unwrap().loss;
        let data = evaluation(&mut run, examples());
        (loss.to_bits(), data.loss.to_bits(), bits(run.model().parameters.values()))
    };
    assert_eq!(results(Backend::Portable), results(Backend::Simd128));
}

#[wasm_bindgen_test]
fn products_have_the_same_bits_on_both_backends() {
    let small = [(1, 1, 1), (1, 33, 37), (4, 8, 8), (5, 7, 12), (16, 32, 128), (13, 65, 44), (3, 2, 9)];
    let large = [(1, 32, 128), (2, 9, 77), (7, 300, 77), (6, 257, 66)];
    for (m, k, n) in small.into_iter().chain(large) {
        let (a, b, c) = (drawn("a", m * k), drawn("b", k * n), drawn("c", m * n));
        let product = |backend, single| {
            let mut packed = Packed::default();
            packed.serve_single_rows(single);
            packed.pack(Matrix::new(&b, k, n));
            let mut c = c.clone();
            gemm(backend, Matrix::new(&a, m, k), &packed, &mut c, n);
            bits(&c)
        };
        let want = product(Backend::Portable, false);
        for single in [false, true] {
            assert_eq!(product(Backend::Simd128, single), want, "{m}×{k}×{n}, {single}");
        }
    }
}

#[wasm_bindgen_test]
fn transposed_products_have_the_same_bits_on_both_backends() {
    for (k, m, n) in [(1, 1, 1), (33, 1, 37), (8, 4, 8), (7, 5, 12), (50, 32, 128), (65, 13, 44), (2, 3, 9)] {
        let (a, b, c) = (drawn("a", k * m), drawn("b", k * n), drawn("c", m * n));
        let mut packed = Packed::default();
        packed.pack(Matrix::new(&b, k, n));
        let product = |backend| {
            let mut c = c.clone();
            gemm_transposed(backend, Matrix::new(&a, k, m), &packed, &mut Strips::default(), &mut c);
            bits(&c)
        };
        assert_eq!(product(Backend::Portable), product(Backend::Simd128), "{k}×{m}×{n}");
    }
}

/// Every 4,099th float, and the ones where something changes: a prime stride meets every exponent.
fn floats() -> Vec<f32> {
    let special =
        [0.0, -0.0, f32::INFINITY, f32::NEG_INFINITY, f32::MIN_POSITIVE, f32::MAX, 1e-45, 7.905_311, 88.72];
    let spread = (0..u32::MAX).step_by(4_099).map(f32::from_bits).filter(|v| !v.is_nan());
    special.into_iter().chain(spread).collect()
}

#[wasm_bindgen_test]
fn elementary_functions_have_the_same_bits_on_both_backends() {
    for function in [exp_all, sigmoid_all, tanh_all] {
        let (mut portable, mut simd) = (floats(), floats());
        function(Backend::Portable, &mut portable);
        function(Backend::Simd128, &mut simd);
        assert!(bits(&portable) == bits(&simd));
    }
}

#[wasm_bindgen_test]
fn rows_that_are_no_multiple_of_four_have_the_same_bits_on_both_backends() {
    for length in 0..8 {
        let (mut portable, mut simd) = (drawn("row", length), drawn("row", length));
        tanh_all(Backend::Portable, &mut portable);
        tanh_all(Backend::Simd128, &mut simd);
        assert_eq!(bits(&portable), bits(&simd), "{length}");
    }
}

#[wasm_bindgen_test]
fn softmax_has_the_same_bits_on_both_backends() {
    for width in [1, 2, 3, 4, 5, 46, 52] {
        let x = drawn("logits", 9 * width);
        let softmax = |backend| {
            let mut x = x.clone();
            softmax_rows(backend, &mut x, width);
            bits(&x)
        };
        assert_eq!(softmax(Backend::Portable), softmax(Backend::Simd128), "{width} classes");
    }
}

#[wasm_bindgen_test]
fn a_browser_draws_fresh_seeds_of_at_most_six_digits() {
    let seeds: Vec<u64> = (0..64).map(|_| fresh_seed().unwrap()).collect();
    assert!(seeds.iter().all(|seed| (1..=LARGEST_FRESH_SEED).contains(seed)), "{seeds:?}");
    assert!(seeds.iter().any(|seed| *seed != seeds[0]), "{seeds:?}");
}
