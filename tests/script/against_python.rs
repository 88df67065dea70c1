//! Whole scripts here and in real Python: every array, every line that is printed.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use unrolled::script::{Array, Kind, Run, Script};

const DRIVER: &str = include_str!("driver.py");

/// The scripts of `tests/script/cases`.
pub fn scripts() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/script/cases");
    let mut all: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    all.sort();
    all
}

pub fn run(name: &str, source: &str) -> Run {
    let script =
        Script::parse(source).unwrap_or_else(|mistakes| panic!("{name}: {}", mistakes[0].render(source)));
    script.run(0).unwrap_or_else(|mistake| panic!("{name}: {}", mistake.render(source)))
}

/// What a program in Python answers to jobs.
pub fn python(driver: &str, jobs: &Value) -> Vec<Value> {
    let program = std::env::var("UNROLLED_PYTHON")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/target/python/bin/python").to_string());
    let missing =
        format!("this test runs scripts in real Python with numpy; set UNROLLED_PYTHON, {program} fails");
    let child =
        Command::new(&program).args(["-c", driver]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{missing} ({error})"));
    child.stdin.take().unwrap().write_all(jobs.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{missing}");
    serde_json::from_slice::<Value>(&output.stdout).unwrap().as_array().unwrap().clone()
}

/// float64 that is computed in the same way but with another tanh and other orders of sums, over ten timesteps.
const TOLERANCE: f64 = 1e-12;

/// What differs from numpy in an array.
fn difference(ours: &[(String, Array)], name: &str, numpy: &Value) -> Option<String> {
    let Some((_, ours)) = ours.iter().find(|(own, _)| own == name) else { return Some(format!("no {name}")) };
    let sizes = numpy["shape"].as_array().unwrap().iter();
    let shape: Vec<usize> = sizes.map(|n| n.as_u64().unwrap() as usize).collect();
    let kind = match ours.kind() {
        Kind::Bool => "bool",
        Kind::Byte => "uint8",
        Kind::Short => "int32",
        Kind::Int => "int64",
        Kind::Single => "float32",
        Kind::Float => "float64",
    };
    if ours.shape() != shape || kind != numpy["kind"] {
        return Some(format!("{name} is {kind} {:?}, numpy's {} {shape:?}", ours.shape(), numpy["kind"]));
    }
    let hex = numpy["hex"].as_str().unwrap();
    let byte = |k: usize| u8::from_str_radix(&hex[2 * k..2 * k + 2], 16).unwrap();
    let tolerance = if ours.kind() == Kind::Single { 1e-6 } else { TOLERANCE };
    ours.numbers().iter().enumerate().find_map(|(k, ours)| {
        let theirs = f64::from_le_bytes(std::array::from_fn(|b| byte(8 * k + b)));
        let is_same = ours == &theirs || (ours.is_nan() && theirs.is_nan());
        let is_close = (ours - theirs).abs() <= tolerance * theirs.abs().max(1.0);
        (!is_same && !is_close).then(|| format!("{name}, number {k}: {ours}, numpy's {theirs}"))
    })
}

#[test]
fn every_array_and_every_printed_line_is_numpys() {
    let scripts = scripts();
    let runs: Vec<Run> = scripts.iter().map(|(name, source)| run(name, source)).collect();
    let mut differences = Vec::new();
    let jobs = scripts.iter().zip(&runs).map(|((_, source), run)| {
        let (line, names, turns) = (run.line(), run.loop_names(), run.timesteps());
        json!({"source": source, "line": line, "names": names, "turns": turns})
    });
    let theirs = python(DRIVER, &jobs.collect());
    for (((name, _), run), theirs) in scripts.iter().zip(&runs).zip(&theirs) {
        let printed = theirs["printed"].as_str().unwrap();
        if let Some((a, b)) = run.printed.lines().zip(printed.lines()).find(|(a, b)| a != b) {
            differences.push(format!("{name} prints {a:?}, Python {b:?}"));
        } else if run.printed != printed {
            differences.push(format!(
                "{name} prints {} lines, Python {}",
                run.printed.lines().count(),
                printed.lines().count()
            ));
        }
        let ours = run.arrays();
        let (ends, turns) = (theirs["ends"].as_object().unwrap(), theirs["loop"].as_object().unwrap());
        for (key, value) in turns.iter().filter(|(_, value)| !value.is_null()) {
            differences
                .extend(difference(&ours, key, value).map(|what| format!("{name}, over time: {what}")));
        }
        for (key, value) in ends.iter().filter(|(key, _)| turns.get(*key).is_none_or(Value::is_null)) {
            differences.extend(difference(&ours, key, value).map(|what| format!("{name}: {what}")));
        }
    }
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
}
