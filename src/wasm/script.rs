//! Whole numpy scripts, position by position.

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::convert::{Reply, thrown_mistakes, to_js};
use crate::script::{Event, Given, Hole, Kept, Question, Script, Step, Walk};

/// How much a script may compute on the page: about a second.
const MOST_WORK: u64 = 300_000_000;
/// So many entries of a list are shown, the last ones.
const MOST_ENTRIES: usize = 120;
/// So many pieces of what was printed are shown, the last ones.
const MOST_PRINTED: usize = 200;

/// A script in words.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct ScriptFacts {
    /// The line of its loop over time.
    line: Option<usize>,
    /// How often that runs.
    timesteps: Option<usize>,
    /// What the script prints.
    printed: String,
    /// Names that were open in it, as pseudo-code leaves them; the first choice stands for each.
    open: Vec<ScriptHole>,
    /// Whether it draws numbers that it does not seed.
    draws_unseeded: bool,
    /// What was not kept.
    left_out: Option<String>,
    /// The step inside the loop over time.
    step: Option<ScriptStep>,
    /// Why there is none.
    no_step: Option<String>,
}

/// A name that a script leaves open.
#[derive(Clone, Serialize, Tsify)]
pub struct ScriptHole {
    /// The name.
    name: String,
    /// What is needed there: `a function of 2 values`.
    needs: String,
    /// The lines of Python that could stand there, the usual first.
    choices: Vec<String>,
}

/// The step that is taken out of a script.
#[derive(Serialize, Tsify)]
pub struct ScriptStep {
    /// The listing.
    text: String,
    /// The input of one timestep.
    input: ScriptArray,
    /// The states before the first timestep.
    states: Vec<ScriptArray>,
    /// The weights.
    weights: Vec<ScriptArray>,
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

/// The numbers that a step takes.
#[derive(Serialize, Tsify)]
pub struct ScriptNumbers {
    /// The inputs, a line each timestep.
    x: String,
    /// How many timesteps these are.
    timesteps: usize,
    /// Name and numbers of every weight, row after row.
    weights: Vec<(String, Vec<f32>)>,
    /// The same of the states before the first timestep.
    initial: Vec<(String, Vec<f32>)>,
}

/// What happened at a position.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct ScriptMoment {
    /// In a sentence.
    sentence: String,
    /// The names that have new values.
    gives: Vec<ScriptValue>,
    /// What can be asked about it.
    question: Option<ScriptQuestion>,
}

/// A question and its answer.
#[derive(Serialize, Tsify)]
pub struct ScriptQuestion {
    asked: String,
    answer: String,
}

/// A value as it was at a position.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct ScriptValue {
    /// The name, or the index or key in a list.
    name: String,
    /// What it is.
    said: String,
    /// The position that gave it.
    at: usize,
    /// The sizes, of an array.
    shape: Vec<usize>,
    /// Its numbers, for [`ScriptWalk::numbers`].
    array: Option<usize>,
    /// How many entries it has, of a list or dictionary.
    length: Option<usize>,
    /// The last of them.
    #[tsify(type = "ScriptValue[]")]
    entries: Vec<ScriptValue>,
}

/// What was printed at a position.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct ScriptOutput {
    /// The position.
    at: usize,
    line: usize,
    text: String,
    question: Option<ScriptQuestion>,
}

/// A list for JavaScript.
#[derive(Serialize, Tsify)]
pub struct ScriptValues {
    values: Vec<ScriptValue>,
}

/// A list for JavaScript.
#[derive(Serialize, Tsify)]
pub struct ScriptOutputs {
    outputs: Vec<ScriptOutput>,
}

fn described_hole(hole: Hole) -> ScriptHole {
    let choices = hole.choices.into_iter().map(|choice| choice.text).collect();
    ScriptHole { name: hole.name, needs: hole.needs, choices }
}

/// A script with what stands for its open names written into it: `chosen` has the number of a choice for each of
/// them, in their order. Throws `Failure` with the mistakes of a script that cannot be read.
#[wasm_bindgen]
pub fn script_filled(source: &str, chosen: &[u32]) -> Reply<String> {
    let script = Script::parse(source).map_err(thrown_mistakes)?;
    let holes = script.holes();
    let chosen = holes.iter().zip(chosen).map(|(hole, number)| (hole.name.as_str(), *number as usize));
    Ok(script.filled(&chosen.collect::<Vec<_>>()))
}

fn described(given: &Given, skipped: usize) -> ScriptArray {
    let shape = given.array.shape().iter().skip(skipped).copied().collect();
    ScriptArray { name: given.name.clone(), from: given.from.clone(), shape }
}

fn step_of(step: &Step) -> ScriptStep {
    ScriptStep {
        text: step.text.clone(),
        input: described(&step.input, 1),
        states: step.states.iter().map(|given| described(given, 0)).collect(),
        weights: step.weights.iter().map(|given| described(given, 0)).collect(),
    }
}

fn asked(question: Option<Question>) -> Option<ScriptQuestion> {
    question.map(|Question { asked, answer }| ScriptQuestion { asked, answer })
}

fn named(all: &[Given]) -> Vec<(String, Vec<f32>)> {
    let numbers = |given: &Given| given.array.numbers().into_iter().map(|value| value as f32).collect();
    all.iter().map(|given| (given.name.clone(), numbers(given))).collect()
}

/// A script that has run. What pseudo-code leaves open was filled in before.
#[wasm_bindgen]
pub struct ScriptWalk {
    walk: Walk,
    /// Lines that stand above the text of the reader.
    above: usize,
    open: Vec<ScriptHole>,
    /// The positions in that text.
    shown: Vec<usize>,
}

#[wasm_bindgen]
impl ScriptWalk {
    /// Runs a script; throws `Failure` with its mistakes.
    #[wasm_bindgen(constructor)]
    pub fn new(source: &str) -> Reply<ScriptWalk> {
        let script = Script::parse(source).map_err(thrown_mistakes)?;
        let holes = script.holes();
        // One open name alone is a mistake, which is told when the script runs.
        let is_pseudo = holes.len() > 1;
        let filled = if is_pseudo { script.filled(&[]) } else { source.to_owned() };
        let above = filled.lines().count().saturating_sub(source.lines().count());
        let script = Script::parse(&filled).map_err(thrown_mistakes)?;
        let walk = script.walk_within(0, MOST_WORK).map_err(|mistake| thrown_mistakes(vec![mistake]))?;
        let open = if is_pseudo { holes.into_iter().map(described_hole).collect() } else { vec![] };
        let positions = walk.positions().iter().enumerate();
        let shown = positions.filter(|(_, position)| position.line > above).map(|(k, _)| k).collect();
        Ok(Self { walk, above, open, shown })
    }

    /// What it is.
    pub fn describe(&self) -> Reply<Ts<ScriptFacts>> {
        let run = self.walk.run();
        let (step, no_step) = match run.step() {
            Ok(step) => (Some(step_of(step)), None),
            Err(why) => (None, Some(why.message.clone())),
        };
        to_js(&ScriptFacts {
            line: run.line().map(|line| line.saturating_sub(self.above)),
            timesteps: run.timesteps(),
            printed: run.printed.clone(),
            open: self.open.clone(),
            draws_unseeded: run.draws_unseeded,
            left_out: left_out(self.walk.left_out(self.above), run.draws_pictures),
            step,
            no_step,
        })
    }

    /// The positions, four numbers each: line, last line, timestep or -1, and 1 where a loop has another turn.
    pub fn walk(&self) -> Vec<i32> {
        let position = |at: &usize| {
            let position = &self.walk.positions()[*at];
            let timestep = self.walk.timestep(*at).map_or(-1, |timestep| timestep as i32);
            let line = |line: usize| (line - self.above) as i32;
            [line(position.line), line(position.until), timestep, i32::from(position.event == Event::Turn)]
        };
        self.shown.iter().flat_map(position).collect()
    }

    /// What happens at a position.
    pub fn moment(&self, at: usize) -> Reply<Ts<ScriptMoment>> {
        let k = self.place(at);
        let position = self.walk.positions().get(k);
        let gives = position.map_or(vec![], |position| {
            position.gives.iter().map(|one| self.value(&one.name, &one.kept, at)).collect()
        });
        let sentence = self.walk.sentence(k, self.above);
        to_js(&ScriptMoment { sentence, gives, question: asked(self.walk.question(k)) })
    }

    /// The names that can be read at a position.
    pub fn names(&self, at: usize) -> Reply<Ts<ScriptValues>> {
        let values = self.walk.names(self.place(at)).into_iter().filter_map(|(name, k)| {
            let kept = &self.walk.positions()[k].gives.iter().rev().find(|one| one.name == name)?.kept;
            Some(self.value(name, kept, self.shown.binary_search(&k).unwrap_or_else(|next| next)))
        });
        to_js(&ScriptValues { values: values.collect() })
    }

    /// For each line the position of its last run up to `at`, or -1.
    pub fn latest(&self, at: usize) -> Vec<i32> {
        let latest = self.walk.latest(self.place(at));
        let shown = |k: &Option<usize>| k.and_then(|k| self.shown.binary_search(&k).ok());
        latest.iter().skip(self.above).map(|k| shown(k).map_or(-1, |k| k as i32)).collect()
    }

    /// What was printed up to a position.
    pub fn printed(&self, at: usize) -> Reply<Ts<ScriptOutputs>> {
        let pieces = self.walk.printed(self.place(at));
        let last = pieces.iter().skip(pieces.len().saturating_sub(MOST_PRINTED));
        let outputs = last.map(|(k, text)| ScriptOutput {
            at: self.shown.binary_search(k).unwrap_or_else(|next| next),
            line: self.walk.positions()[*k].line.saturating_sub(self.above),
            text: (*text).to_owned(),
            question: asked(self.walk.question(*k)),
        });
        to_js(&ScriptOutputs { outputs: outputs.collect() })
    }

    /// The numbers of an array, row after row.
    pub fn numbers(&self, array: usize) -> Vec<f32> {
        let all = self.walk.numbers(array);
        all.map_or(vec![], |all| all.numbers.iter().map(|value| *value as f32).collect())
    }

    /// One number with all its digits.
    pub fn number(&self, array: usize, index: usize) -> String {
        let number = self.walk.numbers(array).and_then(|all| all.numbers.get(index));
        number.map_or(String::new(), ToString::to_string)
    }

    /// The numbers that the step takes, of at most so many timesteps; nothing without a step.
    pub fn step_numbers(&self, timesteps: usize) -> Reply<Option<Ts<ScriptNumbers>>> {
        let Ok(step) = self.walk.run().step() else { return Ok(None) };
        let timesteps = timesteps.min(step.timesteps);
        let width: usize = step.input.array.shape().iter().skip(1).product();
        let numbers = step.input.array.numbers();
        let rows = numbers.chunks(width.max(1)).take(timesteps);
        let row =
            |row: &[f64]| row.iter().map(|value| (*value as f32).to_string()).collect::<Vec<_>>().join(" ");
        let x = rows.map(row).collect::<Vec<_>>().join("\n");
        to_js(&ScriptNumbers { x, timesteps, weights: named(&step.weights), initial: named(&step.states) })
            .map(Some)
    }
}

impl ScriptWalk {
    fn place(&self, at: usize) -> usize {
        self.shown.get(at).copied().unwrap_or(0)
    }

    fn value(&self, name: &str, kept: &Kept, at: usize) -> ScriptValue {
        let (shape, array) = match kept {
            Kept::Array(array) => {
                (self.walk.numbers(*array).map_or(vec![], |all| all.shape.clone()), Some(*array))
            }
            Kept::Large(shape) => (shape.clone(), None),
            _ => (vec![], None),
        };
        let length = if let Kept::List { count, .. } = kept { Some(*count) } else { None };
        let entries = self.walk.entries(kept);
        let last = entries.iter().skip(entries.len().saturating_sub(MOST_ENTRIES));
        let entries = last.map(|entry| self.value(&entry.key, &entry.value, at)).collect();
        let said = self.walk.described(kept);
        ScriptValue { name: name.to_owned(), said, at, shape, array, length, entries }
    }
}

/// What was not kept, and that no pictures are drawn.
fn left_out(lines: Option<String>, draws_pictures: bool) -> Option<String> {
    let pictures = draws_pictures.then(|| "Its pictures are left out: nothing is drawn here.".to_owned());
    match (lines, pictures) {
        (Some(lines), Some(pictures)) => Some(format!("{lines} {pictures}")),
        (lines, pictures) => lines.or(pictures),
    }
}
