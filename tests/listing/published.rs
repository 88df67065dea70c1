//! Step functions as people publish them: each is accepted, gives numpy's states, and its gradients are the slopes of
//! what numpy computes from the same text.

use crate::material::{Material, Numbers, TIMESTEPS, material};
use ndarray::{ArrayD, ArrayViewD};
use serde_json::{Map, Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use unrolled::listing::{CheckedListing, Listing, Recording};

/// Texts behind headers `#: name; key: value`.
const FILES: [&str; 12] = [
    include_str!("idioms/blogs.py"),
    include_str!("idioms/choices.py"),
    include_str!("idioms/collected.py"),
    include_str!("idioms/conditions.py"),
    include_str!("idioms/courses.py"),
    include_str!("idioms/functions.py"),
    include_str!("idioms/pages.py"),
    include_str!("idioms/papers.py"),
    include_str!("idioms/sizes.py"),
    include_str!("idioms/syntax.py"),
    include_str!("idioms/dictionaries.py"),
    include_str!("idioms/parts.py"),
];
const DRIVER: &str = include_str!("idioms/driver.py");

pub struct Published {
    pub name: String,
    pub text: String,
    sizes: [usize; 2],
    /// The states in what the function returns, as Python writes it.
    returns: Option<String>,
    /// Whether vectors are columns.
    columns: bool,
}

pub fn published() -> Vec<Published> {
    let late = std::env::var("LATE").map(|f| std::fs::read_to_string(f).unwrap()).unwrap_or_default();
    let files: Vec<&str> = if late.is_empty() { FILES.to_vec() } else { vec![late.as_str()] };
    let parts = files.iter().flat_map(|file| file.split("#: ").skip(1));
    parts
        .map(|part| {
            let (header, text) = part.split_once('\n').unwrap();
            let mut words = header.split("; ");
            let name = words.next().unwrap().to_string();
            let mut found =
                Published { name, text: text.into(), sizes: [6, 4], returns: None, columns: false };
            for word in words {
                match word.split_once(": ") {
                    Some(("r", returns)) => found.returns = Some(returns.into()),
                    Some(("sizes", sizes)) => {
                        let sizes: Vec<usize> = sizes.split(' ').map(|n| n.parse().unwrap()).collect();
                        found.sizes = [sizes[0], sizes[1]];
                    }
                    _ if word == "columns" => found.columns = true,
                    other => panic!("{header}: {other:?}"),
                }
            }
            found
        })
        .collect()
}

fn array(array: &ArrayD<f32>) -> Value {
    json!({"data": array.iter().collect::<Vec<_>>(), "shape": array.shape()})
}

/// What the text reads, and a direction of each.
fn job(of: &Published, material: &Material, directions: &[ArrayD<f32>]) -> Value {
    let sequence = &material.sequence;
    let initial = sequence.initial.iter().flatten();
    let all = std::iter::once(&sequence.x).chain(initial).chain(&sequence.weights);
    let names = material.shapes.parameters.iter().map(|p| p.name.clone());
    let given: Map<String, Value> = names.clone().zip(all.map(array)).collect();
    let direction: Map<String, Value> = names.zip(directions.iter().map(array)).collect();
    let states: Vec<&str> = material.listing.states();
    let returns = match &of.returns {
        Some(returns) => returns.clone(),
        None => format!("r[:{}] if isinstance(r, (tuple, list)) else r", states.len()),
    };
    json!({
        "text": of.text, "function": material.listing.definition().name, "given": given, "direction": direction,
        "states": states, "sizes": of.sizes, "columns": of.columns, "returns": returns,
        "upstream": sequence.upstream.iter().flatten().map(array).collect::<Vec<_>>(),
    })
}

fn python(jobs: &[Value]) -> Vec<Value> {
    let program = std::env::var("UNROLLED_PYTHON")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/target/python/bin/python").to_string());
    let child =
        Command::new(&program).args(["-c", DRIVER]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{program} with numpy is needed: {error}"));
    child.stdin.take().unwrap().write_all(Value::from(jobs).to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "Python failed, see above");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Ours in f32 against numpy in f64: roundings of a few sums over five timesteps.
const TOLERANCE: f64 = 5e-5;

fn apart<'a>(ours: impl Iterator<Item = &'a f32>, numpy: &Value) -> f64 {
    let Some(numpy) = numpy.as_array() else { return f64::NAN };
    let numpy: Vec<f64> = numpy.iter().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect();
    let scale = numpy.iter().fold(1.0f64, |m, v| m.max(v.abs()));
    let differences = ours.zip(&numpy).map(|(a, b)| (f64::from(*a) - b).abs() / scale);
    differences.fold(0.0, |worst, d| if d.is_nan() { f64::NAN } else { worst.max(d) })
}

fn compare(
    recording: &Recording,
    material: &Material,
    directions: &[ArrayD<f32>],
    numpy: &Value,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for k in 0..material.listing.states().len() {
        let ours = recording.state(k);
        for t in 0..TIMESTEPS {
            let own = ours.index_axis(ndarray::Axis(0), t + 1);
            let apart = apart(own.iter(), &numpy["states"][t][k]);
            if apart.is_nan() || apart > TOLERANCE {
                wrong.push(format!("state {k} at {t}: {own} here, {} in numpy", numpy["states"][t][k]));
                break;
            }
        }
    }
    let states = material.sequence.initial.len();
    for (k, parameter) in material.shapes.parameters.iter().enumerate() {
        let gradient: ArrayViewD<f32> = match k {
            0 => recording.input_gradient(),
            _ if k <= states => recording.initial_gradient(k - 1),
            _ => recording.weight_gradient(k - 1 - states),
        };
        let along = |size: bool| {
            let terms = gradient.iter().zip(&directions[k]).map(|(g, d)| f64::from(*g) * f64::from(*d));
            terms.map(|term| if size { term.abs() } else { term }).sum::<f64>()
        };
        let (ours, scale) = (along(false), along(true).max(1.0));
        let slope = numpy["slopes"][&parameter.name].as_f64().unwrap_or(f64::NAN);
        let apart = (ours - slope).abs();
        if apart.is_nan() || apart > TOLERANCE * scale {
            wrong.push(format!("{}: {ours} by the adjoint, {slope} by numpy", parameter.name));
        }
    }
    wrong
}

#[test]
fn published_steps_give_what_numpy_gives_and_its_slopes() {
    let (mut wrong, mut jobs, mut made) = (Vec::new(), Vec::new(), Vec::new());
    for (seed, of) in published().into_iter().enumerate() {
        let [features, units] = of.sizes;
        if let Err(mistakes) = CheckedListing::new(&of.text).and_then(|read| read.sized(features, units)) {
            wrong.push(format!("REFUSED {}\n{}", of.name, mistakes[0].render(&of.text)));
            continue;
        }
        let shapes = |listing: &Listing| listing.shapes(features, units).unwrap();
        let material = material(&of.name, &of.text, shapes, seed as u64 + 900);
        let mut numbers = Numbers::new(seed as u64 + 1);
        let sequence = &material.sequence;
        let all =
            std::iter::once(&sequence.x).chain(sequence.initial.iter().flatten()).chain(&sequence.weights);
        let directions: Vec<ArrayD<f32>> = all.map(|a| numbers.array(a.shape(), 1.0)).collect();
        jobs.push(job(&of, &material, &directions));
        made.push((material, directions));
    }
    for ((material, directions), numpy) in made.iter().zip(python(&jobs)) {
        let found = match numpy["failed"].as_str() {
            Some(failed) => vec![format!("numpy: {failed}")],
            None => compare(&material.record(), material, directions, &numpy),
        };
        if !found.is_empty() {
            wrong.push(format!("WRONG {}\n  {}", material.name, found.join("\n  ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), published().len(), wrong.join("\n"));
}
