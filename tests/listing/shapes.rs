//! Shapes of weights from their use, and texts that print and read back.

use unrolled::listing::{Listing, Role, cells};

fn shown(source: &str) -> Vec<String> {
    let listing = Listing::parse(source).unwrap();
    let shapes = listing.symbolic_shapes().unwrap();
    shapes.into_iter().map(|(name, _, shape)| format!("{name} {shape}")).collect()
}

fn cell(name: &str) -> &'static str {
    cells::named(name).unwrap().source
}

#[test]
fn weights_have_the_layout_of_keras() {
    assert_eq!(
        shown(cell("lstm")),
        [
            "x (features,)",
            "h (units,)",
            "c (units,)",
            "W (features, 4*units)",
            "U (units, 4*units)",
            "b (4*units,)"
        ]
    );
    assert_eq!(
        shown(cell("gru")),
        ["x (features,)", "h (units,)", "W (features, 3*units)", "U (units, 3*units)", "b (2, 3*units)"]
    );
    assert_eq!(
        shown(cell("gru_reset_before"))[2..],
        ["W (features, 3*units)", "U (units, 3*units)", "b (3*units,)"]
    );
}

/// Two values of unknown shape may be a number and a matrix: what is read as a number is known first.
#[test]
fn a_number_of_each_step_fades_a_matrix_on_one_line_or_on_several() {
    let fading = |lines: usize| {
        let line = "    S = kept * S + np.outer(dt * u, B)\n".repeat(lines);
        format!(
            "def step(x, y, S, W, w, b, V, C, a):\n    u = x @ W\n    dt = softplus(np.sum(x * w) + b[0])\n    \
             B = x @ V\n    kept = np.exp(-np.exp(a[0]) * dt)\n{line}    y = S @ (x @ C)\n    return y, S\n"
        )
    };
    let once = shown(&fading(1));
    for lines in [2, 3, 20] {
        assert_eq!(shown(&fading(lines)), once, "{lines} lines");
    }
}

#[test]
fn a_matrix_that_multiplies_from_the_left_is_turned() {
    assert_eq!(
        shown(cell("tutorial_003"))[2..],
        ["W (units, features)", "U (units, units)", "bias (units,)"]
    );
    assert_eq!(
        shown(cell("tutorial_003_bug"))[2..],
        ["W (units, features)", "U (units, features)", "bias (units,)"]
    );
}

#[test]
fn states_may_have_sizes_of_their_own() {
    assert_eq!(
        shown(cell("lstm_projection")),
        [
            "x (features,)",
            "h (units,)",
            "c (units_c,)",
            "W (features, 4*units_c)",
            "U (units, 4*units_c)",
            "b (4*units_c,)",
            "P (units_c, units)"
        ]
    );
    let listing = Listing::parse(cell("lstm_projection")).unwrap();
    let shapes = listing.shapes_given(&[("x", &[5]), ("h", &[3]), ("c", &[7])]).unwrap();
    assert_eq!(shapes.of("U"), Some([3, 28].as_slice()));
    assert_eq!(shapes.of("P"), Some([7, 3].as_slice()));
}

#[test]
fn halves_are_understood() {
    assert_eq!(
        shown(cell("group_lstm"))[3..6],
        ["W_1 (features/2, 2*units)", "U_1 (units/2, 2*units)", "b_1 (2*units,)"]
    );
    let listing = Listing::parse(cell("group_lstm")).unwrap();
    let odd = listing.shapes(6, 5).unwrap_err();
    assert!(
        odd[0].message.contains("choose other units") || odd[0].message.contains("equal parts"),
        "{odd:?}"
    );
}

#[test]
fn known_parameter_counts_come_out() {
    for (name, features, units, count) in [
        ("lstm", 128, 128, 131_584),
        ("simple_rnn", 32, 100, 13_300),
        ("gru_reset_before", 32, 32, 6_240),
        ("gru", 32, 32, 6_336),
        ("tutorial_003", 32, 64, 6_208),
    ] {
        let shapes = Listing::parse(cell(name)).unwrap().shapes(features, units).unwrap();
        assert_eq!(shapes.weight_count(), count, "{name}");
    }
}

#[test]
fn states_are_as_many_parameters_as_values_are_returned() {
    let listing = Listing::parse(cell("lstm")).unwrap();
    assert_eq!(
        (listing.input(), listing.states(), listing.weights()),
        ("x", vec!["h", "c"], vec!["W", "U", "b"])
    );
    let roles: Vec<Role> = listing.shapes(2, 2).unwrap().parameters.iter().map(|p| p.role).collect();
    assert_eq!(roles[..3], [Role::Input, Role::State, Role::State]);
}

#[test]
fn a_weight_may_be_a_single_number_if_it_is_given_as_one() {
    let listing =
        Listing::parse("def step(x, h, W, s):\n    h = np.tanh(x @ W + s * h)\n    return h\n").unwrap();
    let shapes = listing.shapes_given(&[("x", &[3]), ("W", &[3, 2]), ("s", &[])]).unwrap();
    assert_eq!(shapes.of("h"), Some([2].as_slice()));
    let adjoint = listing.differentiate_for(&shapes).unwrap();
    assert!(adjoint.source().contains("d_s = np.sum(dz_h * h_before)"), "{}", adjoint.source());
    assert!(listing.differentiate().unwrap().source().contains("d_s = dz_h * h_before"));
}

#[test]
fn printing_and_reading_gives_the_same_tree() {
    for cell in cells::all() {
        let listing = Listing::parse(cell.source).unwrap();
        let again = Listing::parse(&listing.print()).unwrap();
        assert_eq!(listing.definition(), again.definition(), "{}", cell.name);
        assert_eq!(again.print(), listing.print());
        let adjoint = listing.differentiate().unwrap();
        let again = Listing::parse_adjoint(&adjoint.print()).unwrap();
        assert_eq!(adjoint.definition(), again.definition(), "{}", cell.name);
        assert_eq!(adjoint.print(), adjoint.source(), "{}", cell.name);
    }
}

#[test]
fn the_cells_are_printed_as_they_are_written() {
    for cell in cells::all() {
        assert_eq!(Listing::parse(cell.source).unwrap().print(), cell.source, "{}", cell.name);
    }
}

#[test]
fn precedences_are_those_of_python() {
    let plain = |expression: &str| {
        let source = format!("def step(x, h, W):\n    h = {expression}\n    return h\n");
        let printed = Listing::parse(&source).unwrap_or_else(|e| panic!("{}", e[0].render(&source))).print();
        printed.lines().nth(1).unwrap().trim_start_matches("    h = ").to_string()
    };
    assert_eq!(plain("-(x ** 2)"), "-x ** 2");
    assert_eq!(plain("(-x) ** 2"), "(-x) ** 2");
    assert_eq!(plain("x ** (-h)"), "x ** -h");
    assert_eq!(plain("x ** (h ** 2)"), "x ** h ** 2");
    assert_eq!(plain("(x ** h) ** 2"), "(x ** h) ** 2");
    assert_eq!(plain("x - (h - 1)"), "x - (h - 1)");
    assert_eq!(plain("(x - h) - 1"), "x - h - 1");
    assert_eq!(plain("(x * h) @ W"), "(x * h) @ W");
    assert_eq!(plain("x * (h / 2)"), "x * (h / 2)");
}
