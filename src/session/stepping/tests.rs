//! What a session of stepping promises.

use super::*;
use crate::listing::{CheckedListing, Listing, Pass, Recording, Role, cells};
use ndarray::Axis;

fn session(cell: &str) -> Stepping {
    session_of(cells::named(cell).expect("it is there").source.to_string())
}

fn session_of(source: String) -> Stepping {
    let choice = Choice {
        shapes: vec![],
        source,
        units: 5,
        sizes: vec![],
        seed: 3,
        input: InputChoice::Sentence { text: "one two three four".into(), features: 3 },
        weights: WeightChoice::Random,
        target: 1.0,
        classes: vec![],
    };
    Stepping::new(choice).expect("it can be made")
}

fn state(session: &Stepping, timestep: usize) -> Vec<f32> {
    session.recording(Part::Cell).state(0).index_axis(Axis(0), timestep).iter().copied().collect()
}

#[test]
fn the_walk_visits_every_line_forwards_and_every_backward_line_backwards() {
    let session = session("lstm");
    let positions = session.walk();
    let at = |kind: PositionKind| positions.iter().filter(|position| position.kind == kind).count();
    assert_eq!((at(PositionKind::ReadWord), at(PositionKind::Gates), at(PositionKind::NewState)), (4, 20, 8));
    assert_eq!((at(PositionKind::Output), at(PositionKind::Loss), at(PositionKind::SumOverTime)), (2, 1, 3));
    let back: Vec<usize> = positions
        .iter()
        .filter(|position| position.kind == PositionKind::GradientWalksBack)
        .map(|position| position.timestep)
        .collect();
    assert!(back.windows(2).all(|pair| pair[0] >= pair[1]), "from the last timestep to the first: {back:?}");
    assert_eq!((back.first(), back.last()), (Some(&3), Some(&0)));
}

#[test]
fn a_state_that_is_never_read_is_an_output_and_the_loss_reads_it() {
    let session = session("elman");
    assert_eq!(session.read_state(), 1);
    assert!(
        session
            .walk()
            .iter()
            .any(|position| position.kind == PositionKind::Output && position.part == Part::Cell)
    );
}

#[test]
fn the_gradient_of_a_weight_is_the_slope_of_the_loss() {
    let mut session = session("gru");
    let exact = session.recording(Part::Cell).weight_gradient(1)[[0, 7]];
    let here = session.current(Part::Cell, "U", 0, 7).expect("it is there");
    // Central difference: the step leaves an error of its square, the rounding of the loss one of 1e-7 / step.
    let step = 0.01;
    let mut loss = |value: f32| {
        session.edit(Part::Cell, "U", 0, 7, value).expect("a number");
        session.readout().loss()
    };
    let slope = (loss(here + step) - loss(here - step)) / (2.0 * step);
    assert!((slope - exact).abs() < 1e-4, "{slope} and {exact}");
}

#[test]
fn the_gradient_of_the_last_state_is_what_the_output_sends_back_and_the_others_have_come_through_the_cell() {
    let session = session("lstm");
    let norms = session.gradient_norms();
    assert_eq!((norms.len(), norms[0].len(), norms[1].len()), (2, 4, 4));
    let sent = session.readout().gradient();
    let last = sent.index_axis(Axis(0), 3);
    let expected = last.iter().map(|value| value * value).sum::<f32>().sqrt();
    assert!((norms[0][3] - expected).abs() < 1e-6 && expected > 0.0, "{} and {expected}", norms[0][3]);
    assert_eq!(norms[1][3], 0.0, "no later timestep reads the last c");
    // The state after the first timestep is the one before the second: its gradient is the second visit's d_h.
    let adjoint = session.recording(Part::Cell).text(Pass::Backward);
    let end = adjoint.definition().return_span.line;
    let back = session.recording(Part::Cell).named(Pass::Backward, 1, end, "d_h").expect("it is made");
    let handed = back.iter().map(|value| value * value).sum::<f32>().sqrt();
    assert!((norms[0][0] - handed).abs() < 1e-6 && handed > 0.0, "{} and {handed}", norms[0][0]);
}

#[test]
fn a_change_reaches_what_follows_and_nothing_before_and_undo_takes_it_back() {
    let mut session = session("lstm");
    let (first, last, loss) = (state(&session, 1), state(&session, 4), session.readout().loss());
    session.edit(Part::Cell, "x", 2, 0, 3.0).expect("a number");
    assert_eq!(state(&session, 1), first);
    assert_ne!(state(&session, 4), last);
    let before = session.before(Part::Cell).expect("it was changed").state(0);
    assert_eq!(before.index_axis(Axis(0), 4).iter().copied().collect::<Vec<_>>(), last);
    assert!(session.undo().expect("it was possible before"));
    assert_eq!((state(&session, 4), session.readout().loss()), (last, loss));
    assert!(session.before(Part::Cell).is_none());
    assert!(!session.undo().expect("nothing is left to undo"));
}

#[test]
fn a_state_set_by_hand_stays_and_lets_no_gradient_through() {
    let mut session = session("simple_rnn");
    let last = state(&session, 4);
    for index in 0..5 {
        session.edit(Part::Cell, "h", 2, index, 0.1 * index as f32).expect("a number");
    }
    assert_ne!(state(&session, 4), last);
    session.edit(Part::Cell, "x", 0, 0, 9.0).expect("a number");
    assert_eq!(state(&session, 2), [0.0, 0.1, 0.2, 0.3, 0.4]);
    let gradient = session.recording(Part::Cell).input_gradient();
    assert!(gradient.iter().take(6).all(|g| *g == 0.0), "nothing before the set state matters: {gradient:?}");
    assert!(gradient.iter().skip(6).any(|g| *g != 0.0));
    while session.undo().expect("it was possible before") {}
    assert_eq!(state(&session, 4), last);
}

#[test]
fn what_cannot_be_changed_is_refused_with_a_sentence() {
    let mut session = session("lstm");
    let mut message = |part, name: &str, index, value| {
        session.edit(part, name, 0, index, value).expect_err("it cannot be").to_string()
    };
    assert!(message(Part::Cell, "q", 0, 1.0).contains("a parameter of the listing"));
    assert!(message(Part::Cell, "W", 9999, 1.0).contains("inside of the array"));
    assert!(message(Part::Cell, "W", 0, f32::NAN).contains("a number"));
    assert!(message(Part::Output, "h", 0, 1.0).contains("changed where it is made"));
}

#[test]
fn the_output_is_shown_as_a_function_of_what_it_reads_and_of_the_label() {
    let (binary, classes) = (session("lstm").choice().clone(), vec!["a".into(), "b".into(), "c".into()]);
    let WeightChoice::Random = binary.weights else { panic!("{:?}", binary.weights) };
    let of_classes = |cell: &Recording| {
        let named = cell.listing().weights().into_iter().enumerate();
        let weights =
            named.map(|(k, name)| (name.to_owned(), vec![0.1; cell.weight_gradient(k).len()])).collect();
        let output = Some(((0..15).map(|k| 0.1 * k as f32).collect(), vec![0.0; 3]));
        WeightChoice::Trained { weights, output, initial: vec![] }
    };
    let weights = of_classes(session("lstm").recording(Part::Cell));
    let numbers = InputChoice::Numbers { text: "1 2 3".into() };
    for choice in [
        Choice { target: 0.0, ..binary.clone() },
        Choice { input: numbers, target: 0.5, ..binary.clone() },
        Choice { weights, classes, target: 2.0, ..binary },
    ] {
        let session = Stepping::new(choice.clone()).expect("it can be made");
        let described = describe(&session).output;
        assert!(described.forward.source.starts_with("def output(h, V, b_y, label):\n"), "{choice:?}");
        assert!(described.parameters.iter().all(|parameter| parameter.role != Role::State));
        for side in [&described.forward, &described.backward] {
            let text: Vec<&str> = side.source.lines().collect();
            assert!(text[side.head - 1].starts_with("def output") && !text[side.head - 1].contains(" loss,"));
            assert!(text[side.last - 1].trim().starts_with("return") && text.len() == side.last);
            for line in &side.lines {
                let made = &line.writes[0].name;
                assert!(
                    text[line.line - 1].trim().starts_with(&format!("{made} =")),
                    "{made}: {}",
                    side.source
                );
            }
        }
        let (said, loss) = (session.readout().said(), session.readout().loss());
        let target = choice.target;
        #[allow(clippy::disallowed_methods)] // An independent reference.
        let expected = match session.readout().kind {
            OutputKind::Binary => -(1.0 - said[0]).ln(),
            OutputKind::Classes(_) => -said[2].ln(),
            OutputKind::Number => (said[0] - target) * (said[0] - target),
        };
        assert!((loss - expected).abs() < 1e-5, "{loss} and {expected}: {choice:?}");
        let mut session = session;
        let refused = session.edit(Part::Output, "label", 0, 0, 0.0).expect_err("it is chosen elsewhere");
        assert!(refused.to_string().contains("the field of the true label"), "{refused}");
    }
}

#[test]
fn tutorial_003_saturates() {
    let choice = Choice {
        shapes: vec![],
        source: cells::named("tutorial_003").expect("it is there").source.to_string(),
        units: 64,
        sizes: vec![],
        seed: 7,
        input: InputChoice::Uniform { timesteps: 100, features: 32 },
        weights: WeightChoice::Uniform,
        target: 1.0,
        classes: vec![],
    };
    assert_eq!(Stepping::new(choice).expect("it can be made").saturation(), 1.0);
}

#[test]
fn a_wrong_listing_is_told_with_its_line() {
    let mut choice = session("lstm").choice().clone();
    choice.source = "def step(x, h, W):\n    h = np.tanh(x @ Q)\n    return h\n".into();
    let Err(Failure::Listing(found)) = Stepping::new(choice) else { panic!("it is wrong") };
    assert_eq!(found[0].line, 2);
}

#[test]
fn an_outline_has_every_assigned_name_with_the_text_that_makes_it_last() {
    let listing = Listing::parse(cells::named("ugrnn").expect("it is there").source).expect("it is right");
    let outline = outline(&listing);
    let names: Vec<_> = outline.names.iter().map(|n| (n.name.as_str(), n.text.as_str(), n.made_by)).collect();
    assert_eq!(names[0], ("z_g", "np.split(x @ W + h @ U + b, 2)", "split"));
    assert_eq!(names[2], ("g", "sigmoid(z_g)", "sigmoid"));
    assert_eq!(names[4].0, "h");
    assert_eq!(outline.states, ["h"]);
    assert_eq!(outline.weights[0], ("W".to_owned(), "(features, 2*units)".to_owned()));
}

#[test]
fn with_trained_weights_the_output_reads_what_the_layer_hands_on() {
    let trained = session("elman");
    let cell = trained.recording(Part::Cell);
    let names = cell.listing().weights();
    let of = |(k, name): (usize, &&str)| ((*name).to_owned(), vec![0.1; cell.weight_gradient(k).len()]);
    let weights = names.iter().enumerate().map(of).collect();
    let weights = WeightChoice::Trained { weights, output: None, initial: vec![] };
    let session = Stepping::new(Choice { weights, ..trained.choice().clone() }).expect("the weights fit");
    assert_eq!(session.read_state(), 0);
}

#[test]
fn a_cell_without_tanh_or_with_states_beyond_one_is_not_called_saturated() {
    let saturation = |line: &str| {
        let source = format!("def step(x, h, W, U, b):\n    h = {line}\n    return h\n");
        let weights = WeightChoice::Uniform;
        let choice = Choice { source, weights, ..session("simple_rnn").choice().clone() };
        Stepping::new(choice).expect("it can be made").saturation()
    };
    assert_eq!(saturation("2 * (x @ W + h @ U + 1 + b)"), 0.0);
    assert_eq!(saturation("2 * np.tanh(9 * (x @ W) + h @ U + 9 + b)"), 0.0);
    assert!(saturation("np.tanh(9 * (x @ W) + h @ U + 99 + b)") > 0.5);
}

#[test]
fn units_mean_nothing_where_every_size_is_named_and_what_is_no_state_is_handed_out() {
    let text = |rows: &str| {
        format!(
            "# size: n = 4\n# shape: S = ({rows}, n)\ndef step(x, S, k, v, q):\n    \
             S = S + np.outer(x @ v, x @ k)\n    y = S @ (x @ q)\n    return y, S\n"
        )
    };
    for (rows, without_units) in [("n", true), ("units", false)] {
        let source = text(rows);
        let listing = CheckedListing::new(&source).expect("it is right");
        let (count, first) = listing.listing().definition().outputs;
        assert_eq!((count, first.line, first.column, first.length), (1, 6, 12, 1), "y, not the state");
        let session = session_of(source);
        let described = describe(&session);
        assert_eq!((described.cell.without_units, described.output.without_units), (without_units, false));
        let rows = if without_units { 4 } else { 5 };
        assert_eq!(described.cell.parameters[1].shape, [rows, 4]);
    }
    // Five units are asked for here: their number means something.
    let five = session_of("def step(x, h, W):\n    h = x @ W + np.arange(5) * h\n    return h\n".to_string());
    assert!(!describe(&five).cell.without_units && !describe(&session("lstm")).cell.without_units);
}
