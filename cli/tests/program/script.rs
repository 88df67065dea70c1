//! `script …`: a script is checked, run, and its step taken out.

use std::path::Path;

use unrolled::tensors::Tensor;

use crate::support::Run;

fn script(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/script/cases")
        .join(name)
        .to_str()
        .unwrap()
        .to_owned()
}

#[test]
fn the_script_of_the_tutorial_runs_as_it_stands() {
    let run = Run::new("script-run");
    let printed = run.succeeds(&["script", "run", &script("tutorial_003.py"), &run.path("out.safetensors")]);
    assert_eq!(printed, "(6400,)\n");
    let out = run.tensors("out.safetensors");
    let shape =
        |name: &str| out.get(name).map(Tensor::shape).unwrap_or_else(|| panic!("{name} is missing")).to_vec();
    assert_eq!(shape("output_t"), [100, 64]);
    assert_eq!(shape("input_t"), [100, 32]);
    assert_eq!(shape("state_t"), [100, 64]);
    assert_eq!(shape("final_output_sequence"), [6400]);
    assert_eq!(shape("U"), [64, 64]);
}

#[test]
fn check_says_sizes_timesteps_states_and_weights() {
    let run = Run::new("script-check");
    let text = run.succeeds(&["script", "check", &script("gru_enumerate.py")]);
    for words in [
        vec!["size", "n_hid", "3"],
        vec!["timesteps", "6"],
        vec!["input", "x", "(2,)"],
        vec!["state", "h", "(3,)"],
        vec!["weight", "Uz", "(3,", "3)", "params[\"Uz\"]"],
    ] {
        let is_there = |line: &str| line.split_whitespace().collect::<Vec<_>>().starts_with(&words);
        assert!(text.lines().any(is_there), "{words:?} in {text}");
    }
}

#[test]
fn the_step_that_is_taken_out_is_a_listing() {
    let run = Run::new("script-extract");
    for name in ["tutorial_003.py", "lstm_with_helpers.py", "indexed_states.py"] {
        let step = run.text("step.py", &run.succeeds(&["script", "extract", &script(name)]));
        let text = run.succeeds(&["listing", "check", &step]);
        assert!(text.contains("state"), "{name}: {text}");
        run.succeeds(&["listing", "differentiate", &step]);
    }
}

#[test]
fn pseudo_code_is_filled_and_then_runs() {
    let run = Run::new("script-pseudo");
    let text =
        "state_t=0\nfor input_t in input_sequence:\n    output_t=f(input_t, state_t)\n    state_t=output_t\n";
    let file = run.text("pseudo.py", text);
    let check = run.succeeds(&["script", "check", &file]);
    assert!(check.contains("open      f              line 3: a function of 2 values"), "{check}");
    run.fails(&["script", "extract", &file], &["pseudo-code", "input_sequence, f, state_t", "script fill"]);
    let filled = run.text("filled.py", &run.succeeds(&["script", "fill", &file]));
    run.succeeds(&["script", "run", &filled, &run.path("out.safetensors")]);
    assert!(run.succeeds(&["script", "extract", &filled]).contains("def step(input_t, state_t"));
}

#[test]
fn a_mistake_is_shown_in_its_line() {
    let run = Run::new("script-wrong");
    let file = run.text("wrong.py", "import numpy as np\nx = np.zeros(3) + np.ones(4)\n");
    let error = run.refused(&["script", "check", &file]);
    assert!(error.contains("2 | x = np.zeros(3) + np.ones(4)\n  |     ^^^^^"), "{error}");
    assert!(error.contains("line 2, column 5: operands could not be broadcast together"), "{error}");
    let out = run.path("out.npz");
    run.fails(&["script", "run", &script("indexed_states.py"), &out], &["safetensors"]);
}
