//! A listing that is linear in its states gives the same numbers as a loop, as a scan and as a convolution.

use crate::material::{Material, material};
use ndarray::{ArrayD, IxDyn};
use proptest::prelude::*;
use unrolled::analysis::unrolling::{Unrollings, WayKind, unrolled};
use unrolled::listing::{Listing, Recording, Sequence, SizedListing, cells};

/// A number is a sum of at most T products, each of which a tree rounds log₂ T times: 16 · (4 + 2) roundings of 6e-8,
/// of numbers that may cancel to a tenth of their size.
const TOLERANCE: f32 = 6e-5;

fn recorded(name: &str, source: &str, seed: u64) -> Recording {
    let shapes = |listing: &Listing| listing.shapes(6, 4).or_else(|_| listing.shapes(5, 5)).unwrap();
    let made: Material = material(name, source, shapes, seed);
    made.record()
}

fn agree(name: &str, found: &Unrollings) {
    for way in &found.ways {
        let allowed = TOLERANCE * found.largest.max(1.0);
        assert!(way.difference <= allowed, "{name} {:?}: {} of {}", way.kind, way.difference, found.largest);
    }
}

/// Cells of papers that are linear in their states, and whether their coefficients are the same at every timestep.
const LINEAR: [(&str, bool); 19] = [
    ("linear_attention", true),
    ("s4d", true),
    ("s5", true),
    ("gla", false),
    ("hgrn", false),
    ("lru", true),
    ("mamba", false),
    ("retnet", true),
    ("deltanet", false),
    ("gated_deltanet", false),
    ("hgrn2", false),
    ("mamba2", false),
    ("mingru", false),
    ("minlstm", false),
    ("rglru", false),
    ("rwkv6", false),
    ("kda", false),
    ("rwkv7", false),
    ("titans", false),
];

#[test]
fn cells_of_papers_are_linear_in_their_states_or_the_reason_is_named() {
    let mut linear = Vec::new();
    for (seed, cells::CellSource { name, source, .. }) in cells::all().iter().enumerate() {
        // The mistake of tutorial 003 reads no state.
        let Some(found) = unrolled(&recorded(name, source, seed as u64 + 1)) else { continue };
        assert_eq!(found.obstacle.is_none(), found.ways.len() > 1, "{name}");
        agree(name, &found);
        match &found.obstacle {
            None => linear.push((*name, !found.timed)),
            Some(obstacle) => {
                let line = source.lines().nth(obstacle.line - 1).unwrap();
                assert!(
                    line.contains(&obstacle.text) && !obstacle.operation.is_empty(),
                    "{name}: {obstacle:?}"
                );
            }
        }
    }
    assert_eq!(linear, LINEAR);
}

#[test]
fn what_forbids_more_than_a_loop_is_named_with_its_line() {
    let of = |name: &str| {
        let source = cells::named(name).unwrap().source;
        unrolled(&recorded(name, source, 3)).unwrap().obstacle.map(|o| (o.operation, o.of_two, o.text))
    };
    let (operation, of_two, text) = of("lstm").unwrap();
    assert_eq!((operation.as_str(), of_two), ("sigmoid", false));
    assert!(text.contains("sigmoid("), "{text}");
    assert_eq!(of("simple_rnn").unwrap().0, "np.tanh");
    let source = "def step(x, h, W):\n    a = h @ W\n    h = 0.5 * a + x @ W.T @ W * h * a\n    return h\n";
    let shapes = |listing: &Listing| listing.shapes(4, 4).unwrap();
    let found = unrolled(&material("own", source, shapes, 1).record()).unwrap().obstacle.unwrap();
    assert_eq!((found.line, found.operation.as_str(), found.of_two), (3, "×", true));
}

#[test]
fn a_sum_with_gates_is_the_cumulative_sum_that_numpy_gives() {
    // s_t = P_t · (s_0 + Σ b_k / P_k) with P_t the product of all gates up to t: np.cumprod and np.cumsum.
    let source = "def step(x, h):\n    h = x[0] * h + x[1]\n    return h\n";
    let listing = Listing::parse(source).unwrap();
    let shapes = listing.shapes_given(&[("x", &[2]), ("h", &[1])]).unwrap();
    let timesteps = 13;
    let gate = |t: usize| 0.6 + 0.03 * t as f64;
    let rest = |t: usize| 0.5 - 0.11 * t as f64;
    let numbers = (0..timesteps).flat_map(|t| [gate(t) as f32, rest(t) as f32]).collect();
    let x = ArrayD::from_shape_vec(IxDyn(&[timesteps, 2]), numbers).unwrap();
    let start = ArrayD::from_elem(IxDyn(&[1]), 0.25);
    let sequence = Sequence { x, initial: vec![Some(start)], ..Sequence::default() };
    let sized = SizedListing::new(&listing, &shapes).unwrap();
    let found = unrolled(&Recording::new(&sized, sequence).unwrap()).unwrap();
    let scan = found.ways.iter().find(|way| way.kind == WayKind::Scan).unwrap();
    let (mut product, mut sum) = (1.0, 0.25);
    for t in 0..timesteps {
        product *= gate(t);
        sum += rest(t) / product;
        let expected = product * sum;
        assert!((f64::from(scan.first[t]) - expected).abs() < 1e-5, "{t}: {} and {expected}", scan.first[t]);
    }
    assert_eq!((found.reads, found.timed), (1, true));
    // A tree over 13 timesteps: 4 rounds up, 3 down, and the state before the first timestep.
    assert_eq!((found.ways[0].depth, found.ways[0].work), (13, 13));
    assert!(scan.depth <= 8 && scan.work < 4 * 13, "{scan:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn loop_scan_and_convolution_agree(timesteps in 1..17usize, units in 1..6usize, seed in any::<u64>()) {
        let sources = [
            ("def step(x, h, W, A):\n    h = 0.5 * A @ h + x @ W\n    return h\n", true),
            ("def step(x, h, W, a):\n    h = np.tanh(a) * h + x @ W\n    return h\n", true),
            ("def step(x, h, W, a):\n    g = sigmoid(x @ W)\n    h = g * h + (1 - g) * a\n    return h\n", false),
            (
                "def step(x, S, y, W, V):\n    k = np.tanh(x @ W)\n    S = S - 0.1 * np.outer(S @ k, k)\n    \
                 S = S + np.outer(x @ V, k)\n    y = np.tanh(S @ k)\n    return S, y\n",
                false,
            ),
        ];
        for (source, steady) in sources {
            let listing = Listing::parse(source).unwrap();
            let shapes = listing.shapes(3, units).unwrap();
            let mut numbers = crate::material::Numbers::new(seed);
            let x = numbers.array(&[timesteps, 3], 1.0);
            let weights = shapes.weights().map(|w| numbers.array(&w.shape, 1.0 / units as f32)).collect();
            let initial = shapes.states().map(|s| Some(numbers.array(&s.shape, 1.0))).collect();
            let sized = SizedListing::new(&listing, &shapes).unwrap();
            let sequence = Sequence { x, weights, initial, upstream: vec![] };
            let found = unrolled(&Recording::new(&sized, sequence).unwrap()).unwrap();
            prop_assert!(found.obstacle.is_none(), "{source}: {:?}", found.obstacle);
            prop_assert_eq!(found.ways.len(), if steady { 3 } else { 2 });
            agree(source, &found);
            let scan = &found.ways[1];
            // Every timestep but the first is joined at least once, and the tree is no deeper than twice log₂ T.
            prop_assert!(scan.pairs.len() + 1 >= timesteps, "{scan:?}");
            let levels = timesteps.next_power_of_two().trailing_zeros() as usize;
            prop_assert!(scan.depth <= 2 * levels + 1, "{} of {timesteps}", scan.depth);
        }
    }
}
