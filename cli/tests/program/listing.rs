//! `listing …` on the cells of the project: shapes, runs, adjoints, and errors with lines.

use std::path::Path;

use crate::support::{Run, floats, sequences_model};
use unrolled::model::{Sequential, weights};
use unrolled::tensors::{Tensor, Tensors};

fn cell(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../cells").join(name).to_str().unwrap().to_owned()
}

const TWICE: &str = "def step(x, h, W, U):
    a = np.dot(x, W)
    a = np.tanh(a + h @ U)
    s = np.sum(a)
    h = a * s
    return h
";

fn twice_inputs() -> Tensors {
    let mut inputs = Tensors::new();
    let wave = |n: usize, step: f32| (0..n).map(|k| (k as f32 * step).sin()).collect();
    inputs.insert("x", floats(&[4, 3], wave(12, 0.9)));
    inputs.insert("W", floats(&[3, 2], wave(6, 0.7)));
    inputs.insert("U", floats(&[2, 2], wave(4, 1.3)));
    inputs
}

fn numbers(tensor: &Tensor) -> Vec<f32> {
    tensor.floats("tensor").unwrap().iter().copied().collect()
}

#[test]
fn check_prints_every_weight_with_its_shape() {
    let run = Run::new("check");
    let text = run.succeeds(&["listing", "check", &cell("lstm.py")]);
    for words in
        [["input", "x", "(features,)"], ["state", "h", "(units,)"], ["weight", "W", "(features, 4*units)"]]
    {
        let line = text.lines().find(|line| line.split_whitespace().take(2).eq(words[..2].iter().copied()));
        assert!(line.is_some_and(|line| line.contains(words[2])), "{words:?} in {text}");
    }
}

#[test]
fn run_gives_every_name_at_every_step_and_the_final_states() {
    let run = Run::new("run");
    let file = run.text("cell.py", TWICE);
    let inputs = run.file("inputs.safetensors", &twice_inputs());
    run.succeeds(&["listing", "run", &file, &inputs, &run.path("out.safetensors")]);
    let out = run.tensors("out.safetensors");
    assert_eq!(out.names().collect::<Vec<_>>(), ["a", "final/h", "h", "s"]);
    assert_eq!(out.get("a").unwrap().shape(), [4, 2]);
    assert_eq!(out.get("s").unwrap().shape(), [4], "a scalar has no further axis");
    assert_eq!(out.get("final/h").unwrap().shape(), [2]);
    let (a, s, h) = (out.get("a").unwrap(), out.get("s").unwrap(), out.get("h").unwrap());
    for t in 0..4 {
        let a = &numbers(a)[2 * t..][..2];
        // The last value of `a` is the one after tanh.
        assert!(a.iter().all(|v| v.abs() < 1.0));
        assert!((a[0] + a[1] - numbers(s)[t]).abs() < 1e-6);
    }
    assert_eq!(numbers(out.get("final/h").unwrap()), numbers(h)[6..]);
}

#[test]
fn a_run_goes_on_from_its_final_states() {
    let run = Run::new("goes-on");
    let file = run.text("cell.py", TWICE);
    let whole = twice_inputs();
    let x = numbers(whole.get("x").unwrap());
    let out_of = |inputs: &Tensors| {
        let inputs = run.file("inputs.safetensors", inputs);
        run.succeeds(&["listing", "run", &file, &inputs, &run.path("out.safetensors")]);
        run.tensors("out.safetensors")
    };
    let want = out_of(&whole);
    let mut half = whole.clone();
    half.insert("x", floats(&[2, 3], x[..6].to_vec()));
    let first = out_of(&half);
    half.insert("x", floats(&[2, 3], x[6..].to_vec()));
    half.insert("h", first.get("final/h").unwrap().clone());
    assert_eq!(out_of(&half).get("final/h"), want.get("final/h"));
}

#[test]
fn the_listing_of_an_lstm_computes_what_the_layer_computes() {
    let run = Run::new("layer");
    let json = sequences_model();
    let model = Sequential::from_json(&json, 3).unwrap();
    let all = weights::to_tensors(&model.parameters);
    let x: Vec<f32> = (0..12).map(|k| (k as f32 * 0.8).cos()).collect();
    let mut inputs = Tensors::new();
    inputs.insert("x", floats(&[1, 4, 3], x.clone()));
    inputs.insert("upstream", floats(&[1, 4, 5], vec![1.0; 20]));
    let files = [
        run.text("model.json", &json),
        run.file("weights.safetensors", &all),
        run.file("inputs.safetensors", &inputs),
        run.path("out.safetensors"),
    ];
    run.succeeds(&["forward", &files[0], &files[1], &files[2], &files[3], "--trace"]);
    let layer = run.tensors("out.safetensors");
    run.succeeds(&["backward", &files[0], &files[1], &files[2], &files[3]]);
    let gradients = run.tensors("out.safetensors");

    let mut inputs = Tensors::new();
    inputs.insert("x", floats(&[4, 3], x));
    inputs.insert("upstream/h", floats(&[4, 5], vec![1.0; 20]));
    for (name, weight) in [("W", "lstm/kernel"), ("U", "lstm/recurrent_kernel"), ("b", "lstm/bias")] {
        inputs.insert(name, all.get(weight).unwrap().clone());
    }
    let inputs = run.file("listing.safetensors", &inputs);
    run.succeeds(&["listing", "run", &cell("lstm.py"), &inputs, &files[3]]);
    let listing = run.tensors("out.safetensors");
    let close = |a: &Tensor, b: &Tensor, name: &str| {
        for (a, b) in numbers(a).iter().zip(numbers(b)) {
            assert!((a - b).abs() < 1e-5, "{name}: {a} and {b}");
        }
    };
    for name in ["i", "f", "g", "o", "c", "h"] {
        close(listing.get(name).unwrap(), layer.get(&format!("lstm/{name}")).unwrap(), name);
    }
    run.succeeds(&["listing", "backward", &cell("lstm.py"), &inputs, &files[3]]);
    let adjoint = run.tensors("out.safetensors");
    for (name, of_layer) in [
        ("grad/x", "grad/x"),
        ("grad/W", "grad/lstm/kernel"),
        ("grad/U", "grad/lstm/recurrent_kernel"),
        ("grad/b", "grad/lstm/bias"),
        ("grad/initial/h", "grad/initial_state/lstm/h"),
        ("grad/initial/c", "grad/initial_state/lstm/c"),
    ] {
        close(adjoint.get(name).unwrap(), gradients.get(of_layer).unwrap(), name);
    }
}

#[test]
fn differentiate_prints_a_listing_with_the_gradient_of_every_parameter() {
    let run = Run::new("differentiate");
    let text = run.succeeds(&["listing", "differentiate", &cell("simple_rnn.py")]);
    assert!(text.contains("\ndef step_back(x, h, W, U, b, d_h):\n"), "{text}");
    assert!(text.trim_end().ends_with("return d_x, d_h, d_W, d_U, d_b"), "{text}");
}

#[test]
fn mistakes_are_named_with_their_line() {
    let run = Run::new("mistakes");
    let bad = |text: &str, words: &[&str]| {
        let file = run.text("bad.py", text);
        run.fails(&["listing", "check", &file], words);
    };
    bad("", &["bad.py", "line 1"]);
    bad("def step(x, h):\n    h = np.fft(x)\n    return h\n", &["line 2", "fft"]);
    bad("def step(x, h, W):\n    h = np.tanh(x @ W\n    return h\n", &["line"]);
    bad("def step(x, h, W):\n    h = q + x @ W\n    return h\n", &["line 2", "q"]);

    let file = run.text("cell.py", TWICE);
    let fails = |change: &dyn Fn(&mut Tensors), words: &[&str]| {
        let mut inputs = twice_inputs();
        change(&mut inputs);
        let inputs = run.file("inputs.safetensors", &inputs);
        run.fails(&["listing", "backward", &file, &inputs, &run.path("out.safetensors")], words);
    };
    let mut without = Tensors::new();
    without.insert("x", twice_inputs().get("x").unwrap().clone());
    fails(&|inputs| *inputs = without.clone(), &["`W` is missing"]);
    fails(&|inputs| *inputs = Tensors::new(), &["`x` is missing"]);
    fails(&|inputs| inputs.insert("W", floats(&[4, 2], vec![0.0; 8])), &["line"]);
    fails(&|inputs| inputs.insert("W", floats(&[3, 2], vec![f32::NAN; 6])), &["W", "finite"]);
    fails(&|inputs| inputs.insert("x", floats(&[0, 3], vec![])), &["x"]);
    fails(&|inputs| inputs.insert("h", floats(&[5], vec![0.0; 5])), &["line"]);
    fails(
        &|inputs| inputs.insert("upstream/h", floats(&[3, 2], vec![0.0; 6])),
        &["upstream/h", "[4, 2]", "[3, 2]"],
    );
    fails(
        &|inputs| inputs.insert("upstream/c", floats(&[4, 2], vec![0.0; 8])),
        &["upstream/h", "upstream/c"],
    );
}
