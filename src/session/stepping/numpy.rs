//! A session as Python with numpy, to be pasted and run elsewhere.

use super::session::Stepping;
use super::walk::Part;
use crate::listing::{Contribution, Explanation, Pass, Recording, Role, ValueAddress};
use crate::ordering::sort_by_key;
use ndarray::{Array1, ArrayViewD, Axis};
use std::fmt::Write;

/// The functions that listings use besides numpy's own.
const FUNCTIONS: &str = "\
import numpy as np

def sigmoid(a):
    return 1 / (1 + np.exp(-a))

def hard_sigmoid(a):
    return np.clip(0.2 * a + 0.5, 0, 1)

def relu(a):
    return np.maximum(a, 0)

def softmax(a):
    e = np.exp(a - np.max(a))
    return e / np.sum(e)
";

/// Numbers a line of an array.
const ROW: usize = 8;

impl Stepping {
    /// The step function or its adjoint as a Python program with numpy, with all inputs and weights.
    pub fn as_numpy(&self, pass: Pass) -> String {
        program(self, pass)
    }

    /// One number as a few lines of Python with numpy.
    pub fn number_as_numpy(&self, part: Part, address: &ValueAddress) -> Option<String> {
        self.explain(part, address).map(|explanation| number(&explanation))
    }
}

/// The program that repeats a session: the step function over all timesteps, and backwards if asked.
fn program(session: &Stepping, pass: Pass) -> String {
    let cell = session.recording(Part::Cell);
    let mut text = format!("{FUNCTIONS}\n{}\n", cell.listing().source().trim_end());
    if pass == Pass::Backward {
        let _ = write!(text, "\n{}\n", cell.adjoint().source().trim_end());
    }
    let sequence = cell.sequence();
    let labels = &session.input().labels;
    if session.input().words {
        let _ = write!(text, "\n# {}", labels.join(" "));
    }
    let parameters = &cell.shapes().parameters;
    let _ = write!(text, "\ninputs = {}\n", array(sequence.x.view()));
    let weights = parameters.iter().filter(|p| p.role == Role::Weight);
    for (weight, values) in weights.zip(&sequence.weights) {
        let _ = writeln!(text, "{} = {}", weight.name, array(values.view()));
    }
    for (k, state) in parameters.iter().filter(|p| p.role == Role::State).enumerate() {
        let _ = writeln!(text, "{} = {}", state.name, array(cell.state(k).index_axis(Axis(0), 0)));
    }
    forwards(&mut text, cell);
    if pass == Pass::Backward {
        backwards(&mut text, cell);
    }
    text
}

fn forwards(text: &mut String, cell: &Recording) {
    let (states, weights) = (cell.listing().states().join(", "), comma(&cell.listing().weights()));
    let _ = write!(
        text,
        "\nbefore = []\nfor x in inputs:\n    before.append(({states},))\n    \
         {states} = step(x, {states}{weights})\n    print({})\n",
        cell.listing().states()[0]
    );
}

fn backwards(text: &mut String, cell: &Recording) {
    let (states, weights) = (cell.listing().states(), cell.listing().weights());
    let parameters: Vec<_> = cell.shapes().states().collect();
    let _ = write!(text, "\n# What the loss says about the states after each timestep.\n");
    for (k, state) in states.iter().enumerate() {
        let shape = [&[cell.timesteps()], parameters[k].shape.as_slice()].concat();
        let given = cell.sequence().upstream.get(k).and_then(Option::as_ref);
        let zeros = || format!("np.zeros({})", tuple(&shape));
        let shown = given.map_or_else(zeros, |values| array(values.view()));
        let _ = writeln!(text, "loss_{state} = {shown}");
    }
    let d = |names: &[&str], prefix: &str| names.iter().map(|n| format!("{prefix}{n}")).collect::<Vec<_>>();
    let is_trained = |k: &usize| !cell.listing().is_fixed(1 + states.len() + k);
    let trained: Vec<&str> = (0..weights.len()).filter(is_trained).map(|k| weights[k]).collect();
    let (d_states, d_weights) = (d(&states, "d_"), d(&trained, "d_"));
    for state in &states {
        let _ = writeln!(text, "d_{state} = np.zeros_like({state})");
    }
    for weight in &trained {
        let _ = writeln!(text, "sum_{weight} = np.zeros_like({weight})");
    }
    let _ = writeln!(text, "for t in reversed(range(len(inputs))):");
    for state in &states {
        let _ = writeln!(text, "    d_{state} = d_{state} + loss_{state}[t]");
    }
    let _ = writeln!(
        text,
        "    d_x, {}{} = step_back(inputs[t], *before[t]{}, {})",
        d_states.join(", "),
        d_weights.iter().map(|w| format!(", {w}")).collect::<String>(),
        comma(&weights),
        d_states.join(", ")
    );
    for weight in &trained {
        let _ = writeln!(text, "    sum_{weight} = sum_{weight} + d_{weight}");
    }
    for weight in &trained {
        let _ = writeln!(text, "print(\"d_{weight}\", sum_{weight})");
    }
}

fn comma(names: &[&str]) -> String {
    names.iter().map(|name| format!(", {name}")).collect()
}

/// The formula of one number, with its operands.
fn number(explanation: &Explanation) -> String {
    let mut text = FUNCTIONS.to_string();
    let label = explanation.formula.split(" = ").next().unwrap_or("");
    let _ = write!(text, "\n# {}\n# {}\n", explanation.text, explanation.formula);
    let products: Vec<&Contribution> =
        explanation.terms.iter().filter(|term| term.factors.len() == 2).collect();
    if products.len() > 1 {
        let side = |k: usize| products.iter().map(|term| term.factors[k].value).collect::<Array1<f32>>();
        let rest: f32 =
            explanation.terms.iter().filter(|term| term.factors.len() != 2).map(|term| term.value).sum();
        let _ = writeln!(text, "a = {}", array(side(0).view().into_dyn()));
        let _ = writeln!(text, "b = {}", array(side(1).view().into_dyn()));
        let _ =
            writeln!(text, "print(a @ b + {rest:?})  # {} = {:?}", explanation.sum_label, explanation.sum);
    }
    let _ = writeln!(text, "{}", evaluated(explanation, label));
    text
}

/// The formula with a variable for each operand; with rounded numbers where whole arrays are multiplied.
fn evaluated(explanation: &Explanation, label: &str) -> String {
    let value = explanation.value;
    let mut formula = explanation.formula.split_once(" = ").map_or("", |(_, right)| right).to_string();
    let mut operands: Vec<_> = explanation.operands.iter().collect();
    sort_by_key(&mut operands, |operand| std::cmp::Reverse(operand.label.len()));
    let mut text = String::new();
    for operand in operands.iter().filter(|operand| operand.label.contains('[')) {
        let name: String = operand.label.replace(['[', ','], "_").replace([']', ' '], "");
        if formula.contains(&operand.label) {
            formula = formula.replace(&operand.label, &name);
            let _ = writeln!(text, "{name} = {:?}", operand.value);
        }
    }
    if formula.contains(['[', '@']) {
        return format!("print({})  # rounded: {label} = {value:?}", explanation.filled);
    }
    format!("{text}print({formula})  # {label} = {value:?}")
}

fn tuple(shape: &[usize]) -> String {
    format!("({},)", shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
}

/// Numbers that read back as the same f32, in f64 as numpy computes by default.
fn array(values: ArrayViewD<f32>) -> String {
    let numbers: Vec<String> = values.iter().map(|v| format!("{v:?}")).collect();
    let rows: Vec<String> = numbers.chunks(ROW).map(|row| row.join(", ")).collect();
    let list = format!("np.array([{}])", rows.join(",\n    "));
    if values.ndim() == 1 { list } else { format!("{list}.reshape({})", tuple(values.shape())) }
}
