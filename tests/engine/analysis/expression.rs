//! Lines in the names of a layer, against the same arithmetic in f64 over the arrays of the trace.

use ndarray::{Array2, Axis};
use serde_json::{Value, json};
use unrolled::session::analysis::{Analysis, ExpressionAnswer, ExpressionQuestion, Shown};
use unrolled::trace::Trace;

use super::through_time::{experiment, layer, three_classes};

/// More words than fit: the first one that is kept is the first timestep.
const WORDS: &str = "w3 w14 w5 w9 w2 w7 w11 w3 w8 w1";

fn analysis(layers: &[Value]) -> Analysis {
    Analysis::new(experiment(layers), Some(three_classes())).unwrap()
}

fn two_lstms() -> Vec<Value> {
    vec![
        layer("LSTM", json!({ "name": "lower", "return_sequences": true })),
        layer("LSTM", json!({ "name": "upper" })),
    ]
}

fn shown(text: &str) -> Shown {
    Shown::Text { text: text.into() }
}

fn ask(asked: &mut Analysis, layer: &str, line: &str) -> ExpressionAnswer {
    let question = ExpressionQuestion { shown: shown(WORDS), layer: layer.into(), text: line.into() };
    asked.expression(&question).unwrap()
}

fn values(asked: &mut Analysis, layer: &str, line: &str) -> Array2<f64> {
    let answer = ask(asked, layer, line);
    let found = answer.computed.unwrap_or_else(|| panic!("`{line}`: {:?}", answer.mistakes));
    assert_eq!(answer.mistakes, []);
    let mean = found.values.iter().map(|value| f64::from(*value)).sum::<f64>() / found.values.len() as f64;
    assert!((found.mean() - mean).abs() < 1e-12);
    found.values.mapv(f64::from)
}

/// The only mistake in a line: column, length and sentence.
fn wrong(asked: &mut Analysis, layer: &str, line: &str) -> (usize, usize, String) {
    let answer = ask(asked, layer, line);
    assert!(answer.computed.is_none(), "`{line}` is computed");
    let [mistake] = answer.mistakes.as_slice() else { panic!("`{line}`: {:?}", answer.mistakes) };
    assert_eq!(mistake.line, 1);
    (mistake.column, mistake.length, mistake.message.clone())
}

fn symbol(trace: &Trace, layer: &str, name: &str) -> Array2<f64> {
    let found = trace.layers.iter().find(|known| known.name == layer).unwrap();
    found.symbol(name).unwrap().values.mapv(f64::from)
}

fn column(of: ndarray::Array1<f64>) -> Array2<f64> {
    of.insert_axis(Axis(1))
}

fn close(line: &str, found: &Array2<f64>, wanted: &Array2<f64>) {
    assert_eq!(found.dim(), wanted.dim(), "{line}");
    let apart = found.iter().zip(wanted).map(|(a, b)| (a - b).abs() / b.abs().max(1e-3)).fold(0.0, f64::max);
    assert!(apart < 2e-6, "{line}: {apart}");
}

#[test]
fn a_line_gives_what_the_same_arithmetic_gives_for_the_trace() {
    let mut asked = analysis(&two_lstms());
    let trace = asked.trace(&shown(WORDS)).unwrap().trace;
    let of = |layer: &str, name: &str| symbol(&trace, layer, name);
    let (f, c, h) = (of("upper", "f"), of("upper", "c"), of("upper", "h"));
    let mean = |array: &Array2<f64>| column(array.mean_axis(Axis(1)).unwrap());
    let wanted = [
        ("f", f.clone()),
        ("np.mean(f)", mean(&f)),
        ("f * c", &f * &c),
        ("np.mean(f * c)  # kept of the memory", mean(&(&f * &c))),
        ("-h ** 2 + 1", h.mapv(|h| 1.0 - h * h)),
        ("np.sum(f > 0.5)", column(f.mapv(|f| f64::from(f > 0.5)).sum_axis(Axis(1)))),
        ("np.mean(f, axis=0) / 2", mean(&f) / 2.0),
        ("lower.h - upper.h", &of("lower", "h") - &h),
        ("np.concatenate([f[1:3], lower.o])", {
            let part = f.slice(ndarray::s![.., 1..3]).to_owned();
            ndarray::concatenate![Axis(1), part, of("lower", "o")]
        }),
        ("np.dot(f, c)", column((&f * &c).sum_axis(Axis(1)))),
        ("0.25", Array2::from_elem((8, 1), 0.25)),
    ];
    for (line, wanted) in &wanted {
        close(line, &values(&mut asked, "upper", line), wanted);
    }
    assert!(ask(&mut asked, "upper", "np.mean(f)").computed.unwrap().is_number);
    assert!(!ask(&mut asked, "upper", "f[0:1]").computed.unwrap().is_number);
}

#[test]
fn gradients_of_states_are_those_of_back_propagation() {
    let mut asked = analysis(&two_lstms());
    let trace = asked.trace(&shown(WORDS)).unwrap().trace;
    let paths = asked.paths(&shown(WORDS)).unwrap();
    for (k, name) in ["lower", "upper"].into_iter().enumerate() {
        let norms = trace.layers[k].gradient_norms.mapv(f64::from);
        close("d_h", &values(&mut asked, name, "np.sum(d_h * d_h) ** 0.5"), &column(norms));
        close("d_c", &values(&mut asked, name, "d_c"), &paths[k].whole.mapv(f64::from));
    }
    let d_h = values(&mut asked, "upper", "d_h");
    let h = symbol(&trace, "upper", "h");
    close("d_h / h", &values(&mut asked, "upper", "d_h / h"), &(&d_h / &h));
}

#[test]
fn input_and_weights_have_the_names_of_the_listing() {
    let mut asked = analysis(&[layer("SimpleRNN", json!({}))]);
    let trace = asked.trace(&shown(WORDS)).unwrap().trace;
    let line = values(&mut asked, "simple_rnn", "np.tanh(x @ W + b)");
    let h = symbol(&trace, "simple_rnn", "h");
    close("the first step", &line.select(Axis(0), &[0]), &h.select(Axis(0), &[0]));
    let kernel = asked.model().parameters.by_name("simple_rnn/recurrent_kernel").unwrap();
    let sum: f64 = kernel.iter().map(|weight| f64::from(*weight)).sum();
    close("np.sum(U)", &values(&mut asked, "simple_rnn", "np.sum(U)"), &Array2::from_elem((8, 1), sum));
    assert_eq!(ask(&mut asked, "simple_rnn", "").names, ["x", "h", "d_h", "W", "U", "b"]);
}

#[test]
fn parts_of_wrappers_and_layers_that_read_backwards_are_reached_by_their_path() {
    let both = json!({ "class_name": "Bidirectional", "config": { "name": "both",
        "layer": layer("GRU", json!({ "name": "gru", "return_sequences": true })) } });
    let back = layer("GRU", json!({ "name": "back", "go_backwards": true }));
    let mut asked = analysis(&[both, back]);
    let trace = asked.trace(&shown(WORDS)).unwrap().trace;
    let others = ask(&mut asked, "back", " ").others;
    let (first, second) = (&trace.layers[0].name, &trace.layers[1].name);
    for (name, part) in [(first, "z"), (second, "h")] {
        assert!(others.contains(&format!("{name}.{part}")), "{others:?}");
        let line = format!("{name}.{part} * z");
        let wanted = symbol(&trace, name, part) * symbol(&trace, "back", "z");
        close(&line, &values(&mut asked, "back", &line), &wanted);
    }
    let norms = trace.layers[2].gradient_norms.mapv(f64::from);
    close("d_h", &values(&mut asked, "back", "np.sum(d_h ** 2) ** 0.5"), &column(norms));
}

#[test]
fn a_wrong_line_says_where_and_what_to_do() {
    let mut asked = analysis(&two_lstms());
    let mut wrong = |line: &str| wrong(&mut asked, "upper", line);
    let names = "x, i, f, g, o, c, h, d_h, d_c, W, U, b";
    assert_eq!(wrong("f + q * 2"), (5, 1, format!("`upper` has no `q`; its names are {names}")));
    assert_eq!(wrong("f * C").2, "`upper` has no `C`; did you mean `c`?");
    let (column, length, message) = wrong("np.mean(d_f)");
    assert_eq!((column, length), (9, 3));
    assert_eq!(message, "the gradient `d_f` is not kept; of `upper` there are those of the states: d_h, d_c");
    assert_eq!(wrong("upper.q").2, format!("`upper` has no `q`; its names are {names}"));
    assert_eq!(wrong("middle.f").2, "there is no layer `middle`; the recurrent layers are lower, upper");
    let (column, length, message) = wrong("f * lower.f[0:2]");
    assert_eq!((column, length), (1, 16));
    assert!(message.starts_with("* cannot join the shapes (5,) and (2,)"), "{message}");
    let (column, _, message) = wrong("lower.h +");
    assert_eq!(column, 9);
    assert!(message.starts_with("the line ends with `+`"), "{message}");
    let (column, _, message) = wrong("np.mean(f");
    assert_eq!((column, message.as_str()), (8, "`(` is never closed; add the closing bracket"));
    let (_, _, message) = wrong("np.sum(f]");
    assert_eq!(message, "`]` does not close the `(` of column 7; write `)` here");
    assert!(wrong("np.median(f)").2.contains("a listing has no function `np.median`"));
    assert!(wrong("f.sum").2.contains("np.sum(a)"));
    let matrix = "this line gives a matrix of 2 × 5 at every timestep";
    assert!(wrong("np.stack([f, c])").2.starts_with(matrix));
    assert_eq!(wrong("f\nc").2, "write one line");
    let long = "f + ".repeat(500) + "f";
    assert!(wrong(&long).2.contains("too long") || wrong(&long).2.contains("deep"));
}

#[test]
fn a_layer_with_other_timesteps_is_refused() {
    let pooled = json!({ "class_name": "MaxPooling1D", "config": { "pool_size": 2 } });
    let layers = [
        layer("GRU", json!({ "name": "all", "return_sequences": true })),
        pooled,
        layer("GRU", json!({ "name": "half" })),
    ];
    let mut asked = analysis(&layers);
    let (column, length, message) = wrong(&mut asked, "all", "half.h");
    assert_eq!((column, length), (1, 6));
    assert_eq!(message, "`half` computes another number of timesteps than `all`");
    let question = ExpressionQuestion { shown: shown(WORDS), layer: "half".into(), text: "h".into() };
    assert!(asked.expression(&question).is_err());
}
