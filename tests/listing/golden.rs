//! Real Python with numpy runs the very texts and gives the same numbers.

use crate::material::{Material, TIMESTEPS, all};
use ndarray::{ArrayD, ArrayViewD, Axis};
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use unrolled::listing::{Pass, Recording};

/// Runs the listing and its adjoint in f64 and hands back what every line assigned, as `[pass][timestep]` lists.
const DRIVER: &str = r#"
import json, sys
import numpy as np

def sigmoid(a): return 1 / (1 + np.exp(-a))
def hard_sigmoid(a): return np.clip(0.2 * a + 0.5, 0, 1)
def relu(a): return np.maximum(a, 0)
def softmax(a):
    e = np.exp(a - np.max(a))
    return e / np.sum(e)
def softplus(a): return np.log1p(np.exp(a))
def log_sigmoid(a): return -softplus(-a)
def silu(a): return a * sigmoid(a)
def gelu(a): return 0.5 * a * (1 + np.tanh(np.sqrt(2 / np.pi) * (a + 0.044715 * a ** 3)))

def load(text, name):
    space = dict(np=np, print=lambda *_: None, sigmoid=sigmoid, hard_sigmoid=hard_sigmoid, relu=relu, softmax=softmax)
    space.update(softplus=softplus, log_sigmoid=log_sigmoid, silu=silu, gelu=gelu)
    exec(compile(text, name, "exec"), space)
    return space["step" if "step_back" not in space else "step_back"]

def traced(function, arguments, wanted):
    values, before = [], [None]
    def trace(frame, event, _):
        if frame.f_code is not function.__code__: return None
        if event in ("line", "return") and before[0] is not None:
            for line, name in wanted:
                if line == before[0]:
                    value = frame.f_locals[name]
                    value = np.concatenate(value) if isinstance(value, list) else value
                    values.append(np.array(value, dtype=float).ravel().tolist())
        before[0] = frame.f_lineno
        return trace
    sys.settrace(trace)
    try: result = function(*arguments)
    finally: sys.settrace(None)
    return values, tuple(result) if isinstance(result, (tuple, list)) else (result,)

def run(job):
    array = lambda a: np.array(a["data"], dtype=float).reshape(a["shape"])
    step, back = load(job["step"], "step"), load(job["back"], "back")
    x, weights = array(job["x"]), [array(w) for w in job["weights"]]
    states, upstream = [array(s) for s in job["initial"]], [array(u) for u in job["upstream"]]
    forward, backward, before = [], [], []
    for t in range(len(x)):
        before.append(states)
        values, result = traced(step, [x[t], *[s.copy() for s in states], *weights], job["step_lines"])
        states = list(result)
        forward.append(values)
    grads_x, grads_w, d = [None] * len(x), [np.zeros_like(w) for w in weights], [np.zeros_like(s) for s in states]
    for t in reversed(range(len(x))):
        d = [a + u[t] for a, u in zip(d, upstream)]
        values, result = traced(back, [x[t], *before[t], *weights, *d], job["back_lines"])
        backward.insert(0, values)
        trained = [w for w, fixed in zip(weights, job["fixed"]) if not fixed]
        shapes = [np.shape(v) for v in [x[t], *before[t], *trained]]
        assert [np.shape(r) for r in result] == shapes, (job["name"], [np.shape(r) for r in result], shapes)
        grads_x[t] = result[0]
        d = list(result[1:1 + len(states)])
        rest = iter(result[1 + len(states):])
        grads_w = [g if fixed else g + next(rest) for g, fixed in zip(grads_w, job["fixed"])]
    flat = lambda a: np.asarray(a, dtype=float).ravel().tolist()
    return dict(forward=forward, backward=backward, x=flat(grads_x), initial=[flat(a) for a in d],
                weights=[flat(g) for g in grads_w], final=[flat(s) for s in states])

json.dump([run(job) for job in json.load(sys.stdin)], sys.stdout)
"#;

fn job(material: &Material, recording: &Recording) -> Value {
    let array =
        |array: &ArrayD<f32>| json!({"data": array.iter().collect::<Vec<_>>(), "shape": array.shape()});
    let all = |arrays: &[Option<ArrayD<f32>>]| arrays.iter().flatten().map(array).collect::<Vec<_>>();
    let sequence = &material.sequence;
    let lines =
        |pass| -> Vec<Value> { recording.assigned(pass).iter().map(|a| json!([a.line, a.name])).collect() };
    let first = material.shapes.states().count() + 1;
    let weights = first..material.shapes.parameters.len();
    json!({
        "fixed": weights.map(|k| material.listing.is_fixed(k)).collect::<Vec<_>>(),
        "name": material.name,
        "step": material.listing.source(),
        "back": recording.adjoint().source(),
        "step_lines": lines(Pass::Forward),
        "back_lines": lines(Pass::Backward),
        "x": array(&sequence.x),
        "initial": all(&sequence.initial),
        "weights": sequence.weights.iter().map(array).collect::<Vec<_>>(),
        "upstream": all(&sequence.upstream),
    })
}

fn python(jobs: &Value) -> Value {
    let program = std::env::var("UNROLLED_PYTHON")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/target/python/bin/python").to_string());
    let missing = format!(
        "this test runs the listings in real Python, but {program} cannot be started; make it with \
         `python3 -m venv target/python && target/python/bin/pip install numpy`, or set UNROLLED_PYTHON to a Python \
         that has numpy"
    );
    let child =
        Command::new(&program).args(["-c", DRIVER]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{missing} ({error})"));
    child
        .stdin
        .take()
        .unwrap()
        .write_all(jobs.to_string().as_bytes())
        .unwrap_or_else(|_| panic!("{missing}"));
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "Python failed on the listings (see above); {missing}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Our f32 against numpy's f64: a few roundings of numbers of size 1 over five timesteps.
const TOLERANCE: f64 = 2e-5;

fn compare(what: &str, ours: ArrayViewD<f32>, numpy: &Value) {
    let numpy: Vec<f64> = numpy.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
    assert_eq!(ours.len(), numpy.len(), "{what}: number of values");
    let scale = numpy.iter().fold(1.0f64, |m, v| m.max(v.abs()));
    for (k, (ours, numpy)) in ours.iter().zip(&numpy).enumerate() {
        let error = (f64::from(*ours) - numpy).abs();
        assert!(error <= TOLERANCE * scale, "{what}[{k}]: {ours} here, {numpy} in numpy");
    }
}

#[test]
fn every_line_of_every_listing_and_adjoint_is_what_numpy_gives() {
    let materials = all();
    let recordings: Vec<Recording> = materials.iter().map(Material::record).collect();
    let jobs: Vec<Value> = materials.iter().zip(&recordings).map(|(m, r)| job(m, r)).collect();
    let results = python(&Value::Array(jobs));
    let mut compared = 0;
    for ((material, recording), result) in materials.iter().zip(&recordings).zip(results.as_array().unwrap())
    {
        for (pass, key) in [(Pass::Forward, "forward"), (Pass::Backward, "backward")] {
            for t in 0..TIMESTEPS {
                let assigned = recording.assigned(pass);
                assert_eq!(result[key][t].as_array().unwrap().len(), assigned.len(), "{}", material.name);
                for (k, a) in assigned.iter().enumerate() {
                    let what = format!("{} {key} t={t} line {} {}", material.name, a.line, a.name);
                    compare(&what, recording.value(pass, t, a.node).view(), &result[key][t][k]);
                    compared += 1;
                }
            }
        }
        let name = &material.name;
        compare(&format!("{name} grad/x"), recording.input_gradient(), &result["x"]);
        for (k, state) in material.shapes.states().enumerate() {
            compare(
                &format!("{name} final/{}", state.name),
                recording.state(k).index_axis(Axis(0), TIMESTEPS),
                &result["final"][k],
            );
            compare(
                &format!("{name} grad/initial/{}", state.name),
                recording.initial_gradient(k),
                &result["initial"][k],
            );
        }
        for (k, weight) in material.shapes.weights().enumerate() {
            compare(
                &format!("{name} grad/{}", weight.name),
                recording.weight_gradient(k),
                &result["weights"][k],
            );
        }
    }
    assert!(compared > 1000, "only {compared} arrays were compared");
}
