//! Whole numpy scripts.

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::convert::{Reply, thrown_mistakes, to_js};
use crate::script::{Given, Script};

/// How much a script may compute on the page: about a second.
const MOST_WORK: u64 = 300_000_000;

/// The step that is taken out of a script.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct ScriptStep {
    /// The listing.
    text: String,
    /// The line of the loop.
    line: usize,
    /// How often it runs.
    timesteps: usize,
    /// The input of one timestep.
    input: ScriptArray,
    /// The states before the first timestep.
    states: Vec<ScriptArray>,
    /// The weights.
    weights: Vec<ScriptArray>,
    /// What the script printed.
    printed: String,
    /// Names that were open in it, as pseudo-code leaves them; what stands for them is the usual.
    open: Vec<String>,
}

/// An array that a step takes.
#[derive(Serialize, Tsify)]
pub struct ScriptArray {
    /// Its name in the listing.
    name: String,
    /// What it is in the script.
    from: String,
    /// Its sizes.
    shape: Vec<usize>,
}

fn described(given: &Given, skipped: usize) -> ScriptArray {
    let shape = given.array.shape().iter().skip(skipped).copied().collect();
    ScriptArray { name: given.name.clone(), from: given.from.clone(), shape }
}

/// Runs a script and takes the step out of its loop over time; throws `Failure` with its mistakes. What pseudo-code
/// leaves open is filled in before.
#[wasm_bindgen]
pub fn script_step(source: &str) -> Reply<Ts<ScriptStep>> {
    let script = Script::parse(source).map_err(thrown_mistakes)?;
    let holes = script.holes();
    let filled = if holes.len() > 1 { script.filled(&[]) } else { source.to_owned() };
    let above = filled.lines().count().saturating_sub(source.lines().count());
    let script = Script::parse(&filled).map_err(thrown_mistakes)?;
    let run = script.run_within(0, MOST_WORK).map_err(|mistake| thrown_mistakes(vec![mistake]))?;
    let step = run.step().map_err(|mistake| thrown_mistakes(vec![mistake.clone()]))?;
    to_js(&ScriptStep {
        text: step.text.clone(),
        line: step.line.saturating_sub(above),
        timesteps: step.timesteps,
        input: described(&step.input, 1),
        states: step.states.iter().map(|given| described(given, 0)).collect(),
        weights: step.weights.iter().map(|given| described(given, 0)).collect(),
        printed: run.printed.clone(),
        open: if holes.len() > 1 { holes.into_iter().map(|hole| hole.name).collect() } else { vec![] },
    })
}
