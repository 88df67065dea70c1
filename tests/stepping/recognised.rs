//! What the parts of known cells do is recognised and said; so is what is read, said and lost.

use crate::material::{all, choice, session};
use crate::templates::{says, says_percent, slots};
use unrolled::listing::{Pass, ValueAddress, cells};
use unrolled::session::stepping::{Part, PositionKind, Stepping, describe};

/// What is said of unit 1 of a name of a cell's line, at the second word.
fn said_of(source: &str, name: &str) -> String {
    let session = session(choice(source));
    let line = session.recording(Part::Cell).listing().definition().return_span.line;
    let graph = session.recording(Part::Cell).listing().graph();
    let line = graph.assigned.iter().rev().find(|a| a.name == name).map_or(line, |a| a.line);
    let walk = session.walk();
    let at = walk.iter().position(|p| p.timestep == 1 && p.line == line).expect("the walk comes there");
    let address = ValueAddress { pass: Pass::Forward, timestep: 1, line, name: name.into(), index: 1 };
    session.sentence(at, Some((Part::Cell, &address)))
}

/// By hand, from the equations: what each gate, candidate and state of the known cells does.
#[test]
fn gates_candidates_and_states_are_recognised_by_what_they_do() {
    let cases = [
        ("lstm", "i", "i[1] is the sigmoid of z_i[1]: unit {} lets in {} of its candidate."),
        (
            "lstm",
            "g",
            "The candidate of unit {} is tanh of z_c[1]: {}; gate i decides how much of it is let in.",
        ),
        ("lstm", "o", "o[1] is the sigmoid of z_o[1]: unit {} shows {} of tanh(c[1])."),
        (
            "lstm",
            "c",
            "c[1] is f[1] times c_before[1] plus i[1] times g[1]: the memory of unit {} was {} before “a” and is \
             {} now.",
        ),
        (
            "lstm",
            "h",
            "h[1] is o[1] times tanh of c[1]: {} passes to the next word; the output layer sees the same number.",
        ),
        (
            "lstm",
            "z_i",
            "Input and state are multiplied by their weights and added; the sum is split in four: three gates \
             and the candidate.",
        ),
        ("coupled_lstm", "i", "i[1] is 1 minus f[1]: unit {} lets in {} of its candidate."),
        (
            "gru",
            "z",
            "z[1] is the sigmoid of (x_z[1] + h_z[1]): unit {} keeps {} of its old state and takes {} of its \
             candidate.",
        ),
        ("gru", "r", "r[1] is the sigmoid of (x_r[1] + h_r[1]): it lets {} of h_h[1] through."),
        (
            "gru",
            "x_z",
            "The input is multiplied by its weights and a bias is added; the sum is split in three: two \
             gates and the candidate.",
        ),
        (
            "gru",
            "g",
            "The candidate of unit {} is tanh of (x_h[1] + r[1] · h_h[1]): {}; 1 − z decides how much of it is let in.",
        ),
        ("gru_reset_before", "r", "r[1] is {}: it lets {} of h_before[1] through."),
        ("gru_tutorial", "u", "u[1] is {}: unit {} takes {} of its candidate and keeps {} of its old state."),
        ("gru_tutorial", "r", "r[1] is {}: {}, and no line reads it."),
        ("ugrnn", "c", "The candidate of unit {} is {}: {}; 1 − g decides how much of it is let in."),
        (
            "simple_rnn",
            "h",
            "h[1] is tanh of the weighted sum of x and h_before: {} passes to the next word; the output layer sees \
             the same number.",
        ),
        (
            "elman",
            "y",
            "y[1] is {}: {}. It leaves the cell at “a”; no later word reads it. The output layer reads it.",
        ),
        ("elman", "h", "h[1] is {}: {} passes to the next word."),
        ("nas", "a_3", "a_3[1] is {}: {}, between 0 and 1."),
        ("nas", "x_1", "The input is multiplied by its weights; the product is split in eight: x_1 to x_8."),
        ("nas", "x_6", "x_6[1] is {}: part 6 of 8, for the gate a_6."),
        ("nas", "h_8", "h_8[1] is {}: part 8 of 8, for a_8."),
        ("nas", "c", "c[1] is {}: the memory of unit {} was {} before “a” and is {} now."),
        (
            "lstm_projection",
            "h",
            "h[1] is the weighted sum of o · tanh(c): {} passes to the next word; the output layer sees the same \
             number.",
        ),
        ("lstm", "z_c", "z_c[1] is {}: part 3 of 4, for the candidate g."),
        ("gru", "h_h", "h_h[1] is {}: part 3 of 3; it is multiplied by r[1]."),
        (
            "grid_lstm",
            "h_d",
            "The input is multiplied by its weights; the product is split in two: h_d and m_d.",
        ),
        (
            "grid_lstm",
            "i_t",
            "h_d and h_before are multiplied by their weights and added; the sum is split in four: three gates and \
             the candidate.",
        ),
        (
            "grid_lstm",
            "i_d",
            "h_d and h are multiplied by their weights and added; the sum is split in four: i_d, f_d, g_d and o_d.",
        ),
        ("grid_lstm", "f_t", "f_t[1] is {}: part 2 of 4, for the forget gate."),
        ("grid_lstm", "o_t", "o_t[1] is {}: part 4 of 4; its sigmoid is multiplied by m[1]."),
        (
            "grid_lstm",
            "m",
            "m[1] is sigmoid(f_t[1]) · m_before[1] + sigmoid(i_t[1]) · tanh(g_t[1]): the memory of unit {} was {} \
             before “a” and is {} now.",
        ),
        ("group_lstm", "x_1", "x is split in two: x_1 and x_2; x_1[1] is {}."),
        (
            "group_lstm",
            "i_1",
            "x_1 and h_1 are multiplied by their weights and added; the sum is split in four: three gates and the \
             candidate.",
        ),
        ("group_lstm", "f_2", "f_2[1] is {}: part 2 of 4, for the forget gate."),
        ("grid_lstm", "o_d", "o_d[1] is {}: part 4 of 4; its sigmoid is multiplied by m_d[1]."),
        ("group_lstm", "o_2", "o_2[1] is {}: part 4 of 4, for h."),
        ("group_lstm", "g_2", "g_2[1] is {}: part 3 of 4, for the candidate."),
        (
            "group_lstm",
            "c_1",
            "c_1[1] is sigmoid(f_1[1]) · what it was + sigmoid(i_1[1]) · tanh(g_1[1]): {} at “a”.",
        ),
    ];
    for (cell, name, template) in cases {
        let text = said_of(cells::named(cell).unwrap().source, name);
        assert!(slots(template, &text).is_some(), "{cell} {name}: {text}");
    }
    let halves = "def step(x, h, W, U):\n\
                  \x20   a, b = np.split(h, 2)\n\
                  \x20   v, w = np.split(x @ W, 2)\n\
                  \x20   f = sigmoid(v + a @ U)\n\
                  \x20   b = f * b + (1 - f) * np.tanh(w)\n\
                  \x20   h = np.concatenate([a + v, b])\n\
                  \x20   return h\n";
    let text = said_of(halves, "f");
    let template = "f[1] is {}: f[1] keeps {} of h_before and takes {} of its candidate.";
    assert!(slots(template, &text).is_some(), "{text}");
    let [no_memory, gate, ..] = crate::material::OWN;
    let text = said_of(no_memory.1, "c");
    assert!(
        slots("c[1] is {}: {} passes to the next word; the output layer sees the same number.", &text)
            .is_some(),
        "{text}"
    );
    let text = said_of(gate.1, "g");
    assert!(
        slots("g[1] is {}: unit {} keeps {} of its old state and takes {} of its candidate.", &text)
            .is_some(),
        "{text}"
    );
}

fn at(session: &Stepping, kind: PositionKind, timestep: usize) -> String {
    let walk = session.walk();
    let at = walk
        .iter()
        .position(|p| p.kind == kind && (p.timestep == timestep || kind == PositionKind::SumOverTime));
    session.sentence(at.expect("the walk has it"), None)
}

#[test]
fn reading_output_loss_and_the_way_back_are_said_as_they_are() {
    let named = |name: &str| all().into_iter().find(|(known, _)| known == name).unwrap().1;
    let read = |name: &str, timestep: usize| at(&named(name), PositionKind::ReadWord, timestep);
    assert_eq!(read("lstm", 0), "“not” enters as 6 numbers. It is the first word: h and c are still zero.");
    assert_eq!(
        read("lstm", 1),
        "“a” enters as 6 numbers. All that the cell knows of earlier words is in h and c."
    );
    assert_eq!(
        read("padded", 0),
        "“a” enters as 6 numbers. Before it the cell read the 91 empty places and the start mark: h and c come \
         from there."
    );
    assert_eq!(
        read("padded", 1),
        "The network does not know “film”: it enters as the 6 numbers of all unknown words. All that the cell knows of \
         earlier words is in h and c."
    );
    assert_eq!(
        read("tutorial_003_bug", 1),
        "“a” enters as 6 numbers. No line reads the state: the cell knows nothing of earlier words."
    );
    assert_eq!(
        read("numbers", 1),
        "The number 0.500 enters at timestep 2. All that the cell knows of earlier timesteps is in h and c."
    );
    assert_eq!(
        read("uniform", 0),
        "6 numbers enter at timestep 1. It is the first timestep: h and c are still zero."
    );
    for (name, session) in all() {
        let last = session.input().labels.len() - 1;
        let (said, loss) = (session.readout().said(), session.readout().loss());
        let graph = session.recording(Part::Output).listing().graph();
        let say = |made: &str, index: usize| {
            let line = graph.assigned.iter().find(|a| a.name == made).unwrap().line;
            let address =
                ValueAddress { pass: Pass::Forward, timestep: last, line, name: made.into(), index };
            let walk = session.walk();
            let at = walk.iter().position(|p| p.part == Part::Output && p.line == line).unwrap();
            session.sentence(at, Some((Part::Output, &address)))
        };
        let text = say("y", 0);
        let opening = "{} is finished. From the last state the output layer ";
        let (ending, check): (&str, fn(&str, f32) -> bool) = match name.as_str() {
            "numbers" => ("predicts {} next.", says),
            "uniform" => ("says {} for class 1.", says_percent),
            "three classes" => ("gives {} to earn, one of 3 classes.", says_percent),
            _ => ("says {} positive.", says_percent),
        };
        let found = slots(&format!("{opening}{ending}"), &text);
        assert!(found.is_some_and(|found| check(found[1], said[0])), "{name}: {text}, {said:?}");
        if name != "numbers" {
            let right = match name.as_str() {
                "three classes" => ("grain", said[1]),
                "uniform" => ("class 1", said[0]),
                "the answer is negative" => ("negative", 1.0 - said[0]),
                _ => ("positive", said[0]),
            };
            let template = "The true label is {}: the output layer gives it {}.";
            let text = say("p", 0);
            let found = slots(template, &text);
            assert!(
                found.is_some_and(|found| found[0] == right.0 && says_percent(found[1], right.1)),
                "{text}"
            );
        }
        let text = say("loss", 0);
        let template = match name.as_str() {
            "numbers" => "The loss is {}: the squared difference to 0.300.",
            _ => "The loss is {}: −ln of the probability given to the right answer.",
        };
        assert!(slots(template, &text).is_some_and(|found| says(found[0], loss)), "{name}: {text}, {loss}");
        let enters = at(&session, PositionKind::GradientArrives, last);
        assert!(enters.starts_with("Now backwards: ") && enters.contains("d_loss = 1"), "{enters}");
        let arriving = at(&session, PositionKind::GradientWalksBack, 0);
        assert!(
            arriving.ends_with("the gradient sent back by the later words.") || !session.input().words,
            "{arriving}"
        );
    }
    assert_eq!(
        at(&named("lstm"), PositionKind::SumOverTime, 0),
        "W was used at all 4 words: d_W is the sum of what each contributes."
    );
    assert_eq!(
        at(&named("padded"), PositionKind::SumOverTime, 0),
        "W was used at all 2 words: d_W is the sum of what each contributes, without the 91 empty places and the start \
         mark before."
    );
}

#[test]
fn a_number_that_is_looked_at_is_spoken_of_wherever_the_cursor_stands() {
    let session = session(choice(cells::named("lstm").unwrap().source));
    let line = session.recording(Part::Cell).listing().definition().span.line;
    let say = |timestep: usize, name: &str, index: usize| {
        let address = ValueAddress { pass: Pass::Forward, timestep, line, name: name.into(), index };
        session.sentence(0, Some((Part::Cell, &address)))
    };
    assert!(slots("h_before[2] = {} is h[2] after “not”, handed to “a”.", &say(1, "h", 2)).is_some());
    assert_eq!(say(0, "c", 3), "c_before[3] is 0: nothing was read before “not”.");
    assert!(slots("W_f[1, 2] = {} is a weight: the same at every word.", &say(0, "W", 16 + 6)).is_some());
    assert!(slots("x[3] of “a” is {}.", &say(1, "x", 3)).is_some());
}

/// A sentence about a raise comes true when the number is raised.
#[test]
fn the_loss_moves_as_the_sentences_say() {
    let mut session = session(choice(cells::named("gru").unwrap().source));
    let adjoint = session.recording(Part::Cell).adjoint();
    let line = adjoint.source().lines().position(|line| line.trim_start().starts_with("d_x =")).unwrap() + 1;
    let mut checked = 0;
    for timestep in 0..4 {
        for index in 0..6 {
            let address = ValueAddress { pass: Pass::Backward, timestep, line, name: "d_x".into(), index };
            let text = session.sentence(0, Some((Part::Cell, &address)));
            let Some(found) = slots("{} is {}. Raise x[{}] by {} and the loss {} by about {}.", &text) else {
                continue;
            };
            let found = &found[2..];
            assert_eq!(found[0], index.to_string());
            let (step, about): (f32, f32) = (found[1].parse().unwrap(), found[3].parse().unwrap());
            let (x, loss) = (session.input().x[[timestep, index]], session.readout().loss());
            session.edit(Part::Cell, "x", timestep, index, x + step).unwrap();
            let change = session.readout().loss() - loss;
            session.undo().unwrap();
            let said = if found[2] == "rises" { about } else { -about };
            assert!((change - said).abs() <= 0.1 * about + 3e-7, "{text}: {change}");
            checked += 1;
        }
    }
    assert!(checked > 12, "{checked}");
}

#[test]
fn only_phases_that_the_walk_has_are_offered() {
    let titles = |name: &str| {
        let session = session(choice(cells::named(name).unwrap().source));
        session.phases().into_iter().map(|phase| phase.title).collect::<Vec<_>>()
    };
    let rest =
        ["new state", "output", "loss", "gradient at the output", "back through time", "sum over time"];
    assert_eq!(titles("lstm"), [&["read the word", "gates"][..], &rest[..]].concat());
    assert_eq!(titles("simple_rnn"), [&["read the word"][..], &rest[..]].concat());
}

#[test]
fn values_are_called_by_what_they_do_and_not_by_their_letter() {
    let title = |source: &str, name: &str| {
        let description = describe(&session(choice(source)));
        description.titles.into_iter().find(|known| known.name == name).map(|known| known.title)
    };
    let of = |cell: &str, name: &str| title(cells::named(cell).unwrap().source, name);
    for (cell, name, called) in [
        ("lstm", "i", "input gate"),
        ("lstm", "f", "forget gate"),
        ("lstm", "g", "candidate"),
        ("lstm", "o", "output gate"),
        ("lstm", "c", "memory"),
        ("lstm", "h", "hidden state"),
        ("gru", "z", "update gate"),
        ("gru", "r", "reset gate"),
        ("gru_reset_before", "r", "reset gate"),
        ("coupled_lstm", "i", "input gate"),
        ("elman", "y", "output"),
        ("elman", "h", "hidden state"),
        ("nas", "c", "memory"),
        ("nas", "h", "hidden state"),
        ("nas", "a_1", "gate"),
        ("group_lstm", "c", "memory"),
        ("grid_lstm", "m", "memory"),
        ("grid_lstm", "h", "hidden state"),
        ("lstm_projection", "c", "memory"),
    ] {
        assert_eq!(of(cell, name).as_deref(), Some(called), "{cell} {name}");
    }
    // The sigmoids of these lines multiply nothing.
    assert_eq!([of("nas", "a_3"), of("nas", "a_8"), of("nas", "s_4")], [None, None, None]);
    let [no_memory, gate, states, ..] = crate::material::OWN;
    assert_eq!(["a", "b", "y"].map(|name| title(states.1, name).unwrap()), ["state", "state", "output"]);
    assert_eq!(title(no_memory.1, "c").as_deref(), Some("hidden state"));
    assert_eq!(title(gate.1, "g").as_deref(), Some("update gate"));
    let given = "def step(x, h, e, W, U):\n    return np.tanh(x @ W + h @ U + e), e\n";
    assert_eq!(title(given, "e").as_deref(), Some("constant"));
}

/// By hand, from the papers: of several states that a cell carries on none is the hidden state, or the one that the
/// output layer reads, or one a layer.
#[test]
fn only_what_is_the_hidden_state_is_called_so() {
    let cases: [(&str, &[(&str, &str)]); 17] = [
        ("mlstm", &[("h", "output"), ("C", "state"), ("n", "state"), ("m", "state")]),
        ("slstm", &[("h", "hidden state"), ("c", "state"), ("n", "state"), ("m", "state")]),
        ("titans", &[("o", "output"), ("M", "state"), ("S", "state")]),
        ("ttt_linear", &[("M", "state"), ("b", "state")]),
        ("linear_attention", &[("o", "output"), ("S", "state"), ("z", "state")]),
        ("rwkv4", &[("y", "output"), ("s", "input before"), ("a", "state"), ("b", "state"), ("p", "state")]),
        ("lru", &[("y", "output"), ("re", "state"), ("im", "state")]),
        ("lmu", &[("h", "hidden state"), ("m", "state")]),
        ("cornn", &[("y", "hidden state"), ("z", "state")]),
        ("lem", &[("y", "hidden state"), ("z", "state")]),
        ("stacked_lstm", &[("h_2", "hidden state"), ("h_1", "hidden state"), ("c_1", "memory")]),
        ("grid_lstm", &[("y", "output"), ("h", "hidden state"), ("m", "memory")]),
        ("mamba2", &[("y", "output"), ("H", "hidden state")]),
        ("gated_deltanet", &[("o", "output"), ("S", "hidden state")]),
        ("rwkv7", &[("o", "output"), ("S", "hidden state")]),
        ("jordan", &[("y", "hidden state")]),
        ("elman", &[("h", "hidden state"), ("y", "output")]),
    ];
    for (cell, states) in cases {
        let titles = describe(&session(choice(cells::named(cell).unwrap().source))).titles;
        for (state, called) in states {
            let title = titles.iter().find(|known| known.name == *state).map(|known| known.title.as_str());
            assert_eq!(title, Some(*called), "{cell} {state}");
        }
    }
}
