//! Pseudo-code: what it leaves open is named, and every choice that is offered leads to a script that runs.

use unrolled::script::Script;

/// The first two cells of tutorial 003.
const CELLS: [&str; 2] = [
    "state_t=0
for input_t in input_sequence:
    output_t=f(input_t, state_t)
    state_t=output_t # output_t becomes the state_t for next iteration
",
    "state_t=0
for input in input_sequence:
    output_t = activation(dot(W, input_t) + dot(U, input_t) + bias)
    state_t=output_t
",
];

fn holes(text: &str) -> Vec<String> {
    Script::parse(text).unwrap().holes().into_iter().map(|hole| hole.name).collect()
}

#[test]
fn holes_are_named() {
    assert_eq!(holes(CELLS[0]), ["input_sequence", "f", "state_t"]);
    assert_eq!(
        holes(CELLS[1]),
        ["input_sequence", "activation", "dot", "W", "input_t", "U", "bias", "state_t"]
    );
    for (name, source) in crate::against_python::scripts() {
        assert_eq!(holes(&source), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn every_choice_runs() {
    let with_state = CELLS[1].replace("dot(U, input_t)", "dot(U, state_t)");
    for text in CELLS.into_iter().chain([with_state.as_str()]) {
        let script = Script::parse(text).unwrap();
        for hole in script.holes() {
            assert!(!hole.choices.is_empty(), "{}", hole.name);
            for number in 0..hole.choices.len() {
                let filled = script.filled(&[(&hole.name, number)]);
                let whole =
                    Script::parse(&filled).unwrap_or_else(|mistakes| panic!("{filled}\n{}", mistakes[0]));
                assert_eq!(whole.holes(), [], "{filled}");
                let run =
                    whole.run(0).unwrap_or_else(|mistake| panic!("{filled}\n{}", mistake.render(&filled)));
                // The tutorial's second cell multiplies U by the input, so that nothing is carried.
                match text == CELLS[1] {
                    true => assert!(run.step().unwrap_err().message.contains("carries no array"), "{filled}"),
                    false => assert_eq!(run.step().unwrap().states[0].array.shape(), [64], "{filled}"),
                }
            }
        }
    }
}
