//! Streams differ by name, and a seed always gives the same numbers.

use super::*;

fn hash(values: impl Iterator<Item = u32>) -> u64 {
    fnv1a(&values.flat_map(u32::to_le_bytes).collect::<Vec<u8>>())
}

/// The hash of 1,000 numbers of the stream `purpose`.
fn hash_of(purpose: &str, distribution: impl Fn(&mut Stream) -> f32) -> u64 {
    let mut stream = Stream::new(1, purpose, 0);
    hash((0..1000).map(|_| distribution(&mut stream).to_bits()))
}

/// Computed with `ChaCha8Rng` of the crate rand_chacha 0.10.0 (`set_stream`, `set_word_pos`), which streams used before
/// rand's own generator: runs with seeds from before are repeated exactly.
#[test]
fn streams_are_chacha8_with_the_counter_as_its_stream() {
    let mut stream = Stream::new(7, "lstm/kernel", 3);
    let first: Vec<u32> = (0..8).map(|_| stream.next_u32()).collect();
    assert_eq!(
        first,
        [
            4_283_291_396,
            4_190_759_338,
            183_643_575,
            211_143_753,
            1_561_791_302,
            2_652_290_164,
            282_096_050,
            1_361_438_439
        ]
    );
    let mut stream = Stream::new(7, "lstm/kernel", 3);
    assert_eq!(hash((0..10_000).map(|_| stream.next_u32())), 0x7639_CE45_2740_82F7);
    for (index, numbers) in [
        (0, [4_283_291_396, 4_190_759_338]),
        (15, [1_506_578_473, 2_294_293_253]),
        (16, [2_294_293_253, 848_861_269]),
        (63, [3_132_127_360, 1_341_156_771]),
        (64, [1_341_156_771, 25_649_255]),
        (1_000_003, [1_379_077_118, 1_277_631_787]),
        (u64::from(u32::MAX) * 16 + 5, [621_730_505, 3_794_905_248]),
    ] {
        stream.seek(index);
        assert_eq!([stream.next_u32(), stream.next_u32()], numbers, "at {index}");
    }
    let mut last = Stream::new(u64::MAX, "shuffle", u64::MAX - 1);
    assert_eq!([last.next_u32(), last.next_u32()], [3_261_177_230, 3_169_155_540]);
}

/// Computed with the same crate by the functions that these distributions replaced.
#[test]
fn distributions_give_the_same_numbers_as_ever() {
    assert_eq!(hash_of("uniform", |s| s.sample(Unit)), 0xF5A8_4B91_1F7E_6913);
    assert_eq!(hash_of("uniform in", |s| s.sample(Uniform::new(-0.3, 0.7))), 0x05CB_2611_F42F_A53A);
    assert_eq!(hash_of("normal", |s| s.sample(StandardNormal)), 0x888A_224C_F9FA_BF82);
    assert_eq!(hash_of("truncated", |s| s.sample(TruncatedNormal)), 0x6F5F_9E96_2C3F_0616);
    let mut stream = Stream::new(1, "below", 0);
    assert_eq!(hash((0..1000).map(|k| stream.below(1 + k * k))), 0x1356_2584_7782_B32F);
    let mut items: Vec<u32> = (0..1000).collect();
    Stream::new(5, "shuffle", 2).shuffle(&mut items);
    assert_eq!(items[..6], [272, 159, 987, 580, 907, 57]);
    assert_eq!(hash(items.into_iter()), 0x1282_7A69_6DAE_DCE1);
}

#[test]
fn streams_differ_by_purpose_and_counter_and_repeat_by_name() {
    let draw = |purpose: &str, counter| Stream::new(7, purpose, counter).next_u32();
    assert_eq!(draw("kernel", 0), draw("kernel", 0));
    assert_ne!(draw("kernel", 0), draw("kernel", 1));
    assert_ne!(draw("kernel", 0), draw("bias", 0));
}

#[test]
fn seeking_gives_the_number_that_drawing_would_have_given() {
    let mut a = Stream::new(1, "mask", 3);
    let drawn: Vec<u32> = (0..100).map(|_| a.next_u32()).collect();
    let mut b = Stream::new(1, "mask", 3);
    for index in [99, 0, 64, 17] {
        b.seek(index);
        assert_eq!(b.next_u32(), drawn[index as usize]);
    }
}

#[test]
fn normal_numbers_have_mean_zero_and_variance_one() {
    let mut s = Stream::new(3, "normal", 0);
    let n = 20_000;
    let x: Vec<f64> = (0..n).map(|_| f64::from(s.sample::<f32, _>(StandardNormal))).collect();
    let mean = x.iter().sum::<f64>() / f64::from(n);
    let variance = x.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / f64::from(n);
    // Four standard errors: 4/√n for the mean, 4·√(2/n) for the variance.
    assert!(mean.abs() < 0.028, "mean {mean}");
    assert!((variance - 1.0).abs() < 0.04, "variance {variance}");
}

#[test]
fn shuffling_keeps_every_item() {
    let mut items: Vec<u32> = (0..1000).collect();
    Stream::new(5, "shuffle", 0).shuffle(&mut items);
    assert_ne!(items, (0..1000).collect::<Vec<_>>());
    items.sort_unstable();
    assert_eq!(items, (0..1000).collect::<Vec<_>>());
}
