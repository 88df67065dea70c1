//! What comments say of sizes, shapes, first numbers and weights that are not trained.

use unrolled::listing::{CheckedListing, Listing, formulas, resized};
use unrolled::session::stepping::{Choice, InputChoice, Part, Stepping, WeightChoice, check};

/// A diagonal state space with a size of its own.
const STATE_SPACE: &str = "# A diagonal state space.
# size: d_state = 4
# shape: H = (units, d_state)
# shape: A = (units, d_state)
# shape: C = (d_state,)
# init: A = np.log(np.arange(1, d_state + 1))
# init: B = 1
# init: D = 0.5 + random / 2
# fixed: B
def step(x, H, y, A, B, C, D, W):
    u = x @ W
    H = np.exp(-np.exp(A)) * H + np.outer(u, B)
    y = H @ C + D * u
    return H, y
";

fn shape(listing: &Listing, units: usize, name: &str) -> Vec<usize> {
    let shapes = listing.shapes(3, units).unwrap();
    shapes.parameters.into_iter().find(|parameter| parameter.name == name).unwrap().shape
}

fn first(listing: &Listing, units: usize, name: &str, seed: u64) -> Vec<f32> {
    let shapes = listing.shapes(3, units).unwrap();
    let all = formulas(listing, &shapes).unwrap();
    all.into_iter().find(|(known, _)| known == name).unwrap().1.numbers(seed, "name")
}

#[test]
fn sizes_with_names_of_their_own_are_chosen_beside_units() {
    let listing = Listing::parse(STATE_SPACE).unwrap();
    assert_eq!(listing.sizes(), [("d_state".to_string(), 4)]);
    for (name, expected) in
        [("H", vec![5, 4]), ("A", vec![5, 4]), ("B", vec![4]), ("C", vec![4]), ("D", vec![5])]
    {
        assert_eq!(shape(&listing, 5, name), expected, "{name}");
    }
    let smaller = resized(STATE_SPACE, &[("d_state".into(), 2), ("unknown".into(), 3)]);
    assert_eq!(smaller, STATE_SPACE.replace("d_state = 4", "d_state = 2"));
    let smaller = Listing::parse(&smaller).unwrap();
    assert_eq!((shape(&smaller, 3, "H"), shape(&smaller, 3, "C")), (vec![3, 2], vec![2]));
    let symbolic = listing.symbolic_shapes().unwrap();
    let shown: Vec<&str> = symbolic.iter().map(|(_, _, shape)| shape.as_str()).collect();
    let expected = [
        "(features,)",
        "(units, d_state)",
        "(units,)",
        "(units, d_state)",
        "(d_state,)",
        "(d_state,)",
        "(units,)",
    ];
    assert_eq!(shown[..7], expected);
}

#[test]
fn a_state_may_have_no_size_that_is_units() {
    let source = "# size: n_value = 3\n# size: n_key = 2\n# shape: S = (n_value, n_key)\n\
                  def step(x, S, Wk, Wv):\n    S = 0.5 * S + np.outer(Wv @ x, Wk @ x)\n    return S\n";
    let listing = Listing::parse(source).unwrap();
    for units in [1, 7] {
        assert_eq!(shape(&listing, units, "S"), [3, 2]);
        assert_eq!((shape(&listing, units, "Wv"), shape(&listing, units, "Wk")), (vec![3, 3], vec![2, 3]));
    }
    assert_eq!(listing.fixed_units(), None);
}

#[test]
fn shapes_that_are_given_go_before_the_sizes_of_the_text() {
    let listing = Listing::parse(STATE_SPACE).unwrap();
    let shapes = listing.shapes_given(&[("x", &[2]), ("y", &[6]), ("C", &[5])]).unwrap();
    let found = |name: &str| shapes.parameters.iter().find(|p| p.name == name).unwrap().shape.clone();
    assert_eq!((found("H"), found("A")), (vec![6, 5], vec![6, 5]));
    let wrong = listing.shapes_given(&[("x", &[2]), ("H", &[6])]).unwrap_err();
    assert!(wrong[0].message.contains("(6,)") && wrong[0].line == 3, "{wrong:?}");
}

#[test]
fn formulas_give_what_numpy_gives() {
    let listing = Listing::parse(STATE_SPACE).unwrap();
    let row: Vec<f32> = (1..=4).map(|n| f64::from(n).ln() as f32).collect();
    assert!(first(&listing, 2, "A", 0).iter().zip(row.repeat(2)).all(|(a, b)| (a - b).abs() < 1e-6));
    let drawn = first(&listing, 5, "D", 1);
    assert!(drawn.iter().all(|d| (0.5..1.0).contains(d)) && drawn[0] != drawn[1]);
    assert_eq!(drawn, first(&listing, 5, "D", 1));
    assert_ne!(drawn, first(&listing, 5, "D", 2));
    // The matrices of a Legendre memory, (2i + 1)·(−1 above the diagonal, (−1)^(i−j+1) below it).
    let i = "np.arange(0, n).reshape(-1, 1)";
    let source = format!(
        "# size: n = 4\n# shape: m = (n,)\n# fixed: A\n\
         # init: A = (2 * {i} + 1) * np.where({i} < np.arange(0, n), -1, 2 * np.mod({i} - np.arange(0, n), 2) - 1)\n\
         # init: m = np.eye(n)[1]\n\
         def step(x, m, A, W):\n    m = A @ m + x @ W\n    return m\n"
    );
    let listing = Listing::parse(&source).unwrap();
    let expected: Vec<f32> = (0..16)
        .map(|k| {
            let (i, j) = (k / 4, k % 4);
            let sign = if i < j || (i - j) % 2 == 0 { -1.0 } else { 1.0 };
            (2 * i + 1) as f32 * sign
        })
        .collect();
    assert_eq!(first(&listing, 9, "A", 0), expected);
    assert_eq!(first(&listing, 9, "m", 0), [0.0, 1.0, 0.0, 0.0]);
}

fn choice(source: &str, sizes: &[(&str, usize)]) -> Choice {
    Choice {
        shapes: vec![],
        source: source.to_string(),
        units: 5,
        sizes: sizes.iter().map(|(name, size)| (name.to_string(), *size)).collect(),
        seed: 3,
        input: InputChoice::Sentence { text: "a b c".into(), features: 3 },
        weights: WeightChoice::Random,
        target: 1.0,
        classes: vec![],
    }
}

#[test]
fn stepping_takes_sizes_first_numbers_and_asks_for_no_gradient_of_what_is_fixed() {
    let session = Stepping::new(choice(STATE_SPACE, &[("d_state", 2)])).unwrap();
    let cell = session.recording(Part::Cell);
    assert_eq!(cell.sequence().weights[0].shape(), [5, 2]);
    assert!(cell.sequence().weights[1].iter().all(|b| *b == 1.0));
    assert!(!cell.adjoint().source().contains("d_B"), "{}", cell.adjoint().source());
    assert!(cell.adjoint().source().contains("return d_x, d_H, d_y, d_A, d_C, d_D, d_W"));
    let sums = session.walk().iter().filter_map(|position| position.weight).collect::<Vec<_>>();
    assert_eq!(sums, [0, 2, 3, 4]);
    assert!(cell.explain_total("B", 0).is_none() && cell.explain_total("A", 0).is_some());
    let found = check(&CheckedListing::new(STATE_SPACE).unwrap(), 5).unwrap();
    assert!(found.passed && found.numbers > 5, "{found:?}");
    let source = STATE_SPACE.replace("# fixed: B", "# init: H = 0.25");
    let session = Stepping::new(choice(&source, &[])).unwrap();
    assert!(session.recording(Part::Cell).state(0).iter().take(20).all(|h| *h == 0.25));
}

/// A line that is refused, what the answer says, and the line that follows the advice.
const WRONG: [(&str, &str, &str); 17] = [
    ("# size: n = many", "# size: n = 16", "# size: n = 16"),
    ("# size: n = 0", "# size: n = 16", "# size: n = 16"),
    ("# size: units = 3", "another name", "# size: n_units = 3"),
    ("# size: W = 3", "n_W", "# size: n_W = 3"),
    ("# size: m = 3", "remove this line", "#"),
    ("# size: n = 3\n# size: n = 4", "remove this line", "# size: n = 3"),
    ("# shape: Q = (units,)", "one of h, W, U, b", "# shape: b = (units,)"),
    ("# shape: x = (units,)", "one of h, W, U, b", "# shape: b = (units,)"),
    ("# shape: b = units", "(units, 4*features)", "# shape: b = (units,)"),
    ("# shape: b = (1, 2, 3)", "at most two sizes", "# shape: b = (units,)"),
    ("# shape: U = (units, k)", "# size: k = 16", "# size: k = 16\n# shape: U = (units, k)"),
    ("# shape: b = (units,)\n# shape: b = (units,)", "remove this line", "# shape: b = (units,)"),
    ("# init: b = glorot", "0.1 * random", "# init: b = 0.1 * random"),
    ("# init: b =", "# init: b = 0.5", "# init: b = 0.5"),
    ("# init: h = random", "# init: h = 0", "# init: h = 0"),
    ("# fixed: Q", "one of h, W, U, b", "# fixed: b"),
    ("# fixed: h", "take it out", "#"),
];

#[test]
fn mistakes_are_found_at_their_place_and_whoever_follows_the_advice_is_accepted() {
    for (wrong, advice, right) in WRONG {
        // What is named is used, so that nothing else is wrong.
        let text = |lines: &str| {
            let mut used = String::new();
            for (size, columns) in [("n", "n"), ("n_units", "n_units"), ("n_W", "n_W"), ("k", "k")] {
                if lines.contains(&format!("# size: {size} =")) {
                    used = format!("# shape: V = (units, {columns})\n");
                }
            }
            let tail = match used.is_empty() {
                true => "def step(x, h, W, U, b):\n    h = np.tanh(x @ W + h @ U + b)\n    return h\n",
                false => {
                    "def step(x, h, W, U, b, V):\n    z = x @ W + (h @ U) @ U.T\n    \
                     h = np.tanh(z + b + np.sum(V))\n    return h\n"
                }
            };
            format!("{lines}\n{used}{tail}")
        };
        let found = Listing::parse(&text(wrong)).expect_err(wrong);
        assert!(found.iter().any(|found| found.message.contains(advice)), "{wrong}: {found:?}");
        let first = &found[0];
        let lines: Vec<&str> = wrong.lines().collect();
        let line = lines[first.line - 1];
        assert!(line[first.column - 1..].len() >= first.length && first.column > 7, "{wrong}: {first:?}");
        let checked = CheckedListing::new(&text(right)).unwrap_or_else(|e| panic!("{right}: {e:?}"));
        checked.sized(3, 5).unwrap_or_else(|e| panic!("{right}: {e:?}"));
    }
}

#[test]
fn a_formula_with_numbers_of_another_shape_is_refused_at_its_place() {
    let source =
        "# init: b = np.ones(3)\ndef step(x, h, W, b):\n    h = np.tanh(x @ W + h + b)\n    return h\n";
    let found = CheckedListing::new(source).unwrap().sized(3, 5).unwrap_err();
    assert!(found[0].message.contains("`b` has the shape (5,)") && found[0].line == 1, "{found:?}");
    let wrong = source.replace("np.ones(3)", "np.one(units)");
    let found = Listing::parse(&wrong).unwrap_err();
    assert_eq!((found[0].line, found[0].column), (1, 13), "{found:?}");
    CheckedListing::new(&source.replace("np.ones(3)", "np.ones(units)")).unwrap().sized(3, 5).unwrap();
}

#[test]
fn other_comments_are_comments() {
    let lines =
        ["# size: 10", "# shape: (N, D)", "# init: see the paper", "# fixed: the bug", "# note: h = 1"];
    for line in lines {
        let source = format!("{line}\ndef step(x, h, W):\n    h = np.tanh(x @ W + h)\n    return h\n");
        Listing::parse(&source).unwrap_or_else(|e| panic!("{line}: {e:?}"));
    }
}
