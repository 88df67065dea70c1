//! A script that has been read, and what it gives when it runs.

use crate::Result;
use crate::listing::Diagnostic;
use crate::tensors::safetensors::Writer;

use super::array::{Array, Kind, stack};
use super::extract::{Step, over_time};
use super::language::{Statement, StatementKind, in_one_line, parse};
use super::positions::{Record, Recorder};
use super::run::{Interpreter, MOST_WORK, Recorded};
use super::value::Value;

/// A numpy script.
#[derive(Debug, Clone)]
pub struct Script {
    source: String,
    pub(super) body: Vec<Statement>,
    /// The lines of expressions whose value is shown, as the last one of a notebook's cell is.
    shown: Vec<usize>,
}

impl Script {
    /// Reads a script. Prompts of a notebook (`In [5]:`) part its cells; what it printed (`Out[7]: …`) is passed over.
    pub fn parse(source: &str) -> std::result::Result<Self, Vec<Diagnostic>> {
        let (text, cells) = without_prompts(source);
        let body = parse(&in_one_line(&text))?;
        let mut shown = Vec::new();
        for (k, statement) in body.iter().enumerate() {
            let line = statement.span.line;
            let next = body.get(k + 1).map(|next| next.span.line);
            let ends_cell = next.is_none_or(|next| cells.iter().any(|cell| (line..=next).contains(cell)));
            if ends_cell && matches!(statement.kind, StatementKind::Expression(_)) {
                shown.push(line);
            }
        }
        Ok(Self { source: source.to_owned(), body, shown })
    }

    /// The text as it was given.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Runs it. Draws that it does not seed are numpy's for `seed`, as if `np.random.seed(seed)` stood above it.
    pub fn run(&self, seed: u32) -> std::result::Result<Run, Diagnostic> {
        self.run_within(seed, MOST_WORK)
    }

    /// As [`Self::run`], but refused after so much work, about one for each number that is computed.
    pub fn run_within(&self, seed: u32, work: u64) -> std::result::Result<Run, Diagnostic> {
        self.run_with(Interpreter::new(seed, work)).map(|(run, _)| run)
    }

    /// As [`Self::run_within`], with what every line gave.
    pub(super) fn recorded(&self, seed: u32, work: u64) -> std::result::Result<(Run, Record), Diagnostic> {
        let mut interpreter = Interpreter::new(seed, work);
        interpreter.recorder = Some(Recorder::new(work));
        self.run_with(interpreter)
    }

    fn run_with(&self, mut interpreter: Interpreter) -> std::result::Result<(Run, Record), Diagnostic> {
        interpreter.run(&self.body, &self.shown)?;
        let record = interpreter.recorder.take().map(Recorder::into_record).unwrap_or_default();
        let globals = interpreter.globals.borrow();
        let ends = globals.order.iter().filter_map(|name| {
            let array = whole(globals.names.get(name)?)?;
            Some((name.clone(), array))
        });
        let ends = ends.collect();
        let size = |name: &String| match globals.names.get(name) {
            Some(Value::Int(size)) => Some((name.clone(), *size)),
            _ => None,
        };
        let sizes = globals.order.iter().filter_map(size).collect();
        drop(globals);
        let (over_time, step) = over_time(&interpreter.loops);
        let run = Run {
            lines: self.source.lines().count(),
            over_time,
            step,
            sizes,
            printed: std::mem::take(&mut interpreter.world.printed),
            draws_unseeded: interpreter.world.draws_unseeded,
            draws_pictures: interpreter.world.draws_pictures,
            loops: std::mem::take(&mut interpreter.loops),
            ends,
        };
        Ok((run, record))
    }
}

/// What a script gave.
#[derive(Debug)]
pub struct Run {
    /// What it printed, with the value of the last expression as a notebook shows it.
    pub printed: String,
    /// Whether it draws numbers that it does not seed.
    pub draws_unseeded: bool,
    /// Whether it draws pictures with matplotlib, which is not there: those lines are left out.
    pub draws_pictures: bool,
    /// How many lines the script has.
    pub(super) lines: usize,
    loops: Vec<Recorded>,
    over_time: Option<usize>,
    step: std::result::Result<Step, Diagnostic>,
    ends: Vec<(String, Array)>,
    sizes: Vec<(String, i64)>,
}

impl Run {
    /// Every name that the loop over time assigns, `[T, …]`, and every other array as it is at the end.
    pub fn arrays(&self) -> Vec<(String, Array)> {
        let mut all = Vec::new();
        if let Some(over_time) = self.recorded() {
            for name in &over_time.names {
                all.extend(over_time.over_time(name).map(|array| (name.clone(), array)));
            }
        }
        for (name, array) in &self.ends {
            if !all.iter().any(|(known, _)| known == name) {
                all.push((name.clone(), array.clone()));
            }
        }
        all
    }

    /// [`Self::arrays`] as a safetensors file, each in the type that numpy has.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut writer = Writer::default();
        for (name, array) in self.arrays() {
            let (shape, numbers) = (array.shape(), array.numbers());
            match array.kind() {
                Kind::Float => writer.add::<f64>(name, shape, numbers),
                Kind::Single => writer.add::<f32>(name, shape, numbers.into_iter().map(|v| v as f32)),
                Kind::Short => writer.add::<i32>(name, shape, numbers.into_iter().map(|v| v as i32)),
                Kind::Int => writer.add::<i64>(name, shape, numbers.into_iter().map(|v| v as i64)),
                Kind::Bool | Kind::Byte => {
                    writer.add::<u8>(name, shape, numbers.into_iter().map(|v| v as u8))
                }
            }
        }
        writer.to_bytes("the arrays of the script", None)
    }

    /// The integers that the script names, apart from those that its loop assigns.
    pub fn sizes(&self) -> impl Iterator<Item = (&str, i64)> {
        let in_loop = self.loop_names();
        self.sizes
            .iter()
            .filter(|(name, _)| !in_loop.contains(name))
            .map(|(name, size)| (name.as_str(), *size))
    }

    /// How often the loop over time ran; none without one.
    pub fn timesteps(&self) -> Option<usize> {
        self.recorded().map(|recorded| recorded.turns)
    }

    /// The line of the loop over time.
    pub fn line(&self) -> Option<usize> {
        self.recorded().map(|recorded| recorded.span.line)
    }

    /// The names that the loop over time assigns.
    pub fn loop_names(&self) -> &[String] {
        self.recorded().map_or(&[], |recorded| &recorded.names)
    }

    /// The step inside the loop over time: the first loop that carries arrays from turn to turn and reads a
    /// sequence.
    ///
    /// # Errors
    /// A sentence that says what to change, if there is no such loop or no listing can be made of it.
    pub fn step(&self) -> std::result::Result<&Step, &Diagnostic> {
        self.step.as_ref()
    }

    /// The loop over time; the first loop where none carries arrays.
    fn recorded(&self) -> Option<&Recorded> {
        self.loops.get(self.over_time?)
    }
}

/// The arrays that a value is: an array, or equal arrays in a list or under the keys 0, 1, … of a dictionary.
fn whole(value: &Value) -> Option<Array> {
    match value {
        Value::Array(array) => array.copied().ok(),
        Value::List(items) => stacked(&items.borrow()),
        Value::Dict(pairs) => {
            let pairs = pairs.borrow();
            let at = |k: usize| {
                pairs
                    .iter()
                    .find(|(key, _)| matches!(key, Value::Int(own) if *own == k as i64))
                    .map(|(_, v)| v)
            };
            let items: Vec<Value> = (0..pairs.len()).map_while(|k| at(k).cloned()).collect();
            stacked(&items)
        }
        _ => None,
    }
}

fn stacked(items: &[Value]) -> Option<Array> {
    let is_array = |item: &Value| matches!(item, Value::Array(_));
    if items.is_empty() || !items.iter().all(is_array) {
        return None;
    }
    let parts: Vec<Array> = items.iter().filter_map(|item| item.array().ok()).collect();
    stack(&parts, 0).ok()
}

/// The text with blank lines in place of a notebook's prompts and of commands to it, and the lines of those prompts.
fn without_prompts(source: &str) -> (String, Vec<usize>) {
    let (mut text, mut cells) = (String::new(), Vec::new());
    for (k, line) in source.lines().enumerate() {
        let trimmed = line.trim_start();
        let prompt = |word: &str| {
            let rest = trimmed.strip_prefix(word)?.trim_start().strip_prefix('[')?;
            let (number, behind) = rest.split_once("]:")?;
            let is_count =
                number.chars().all(|c| c.is_ascii_digit() || c.is_whitespace()) || number == "None";
            is_count.then_some(behind)
        };
        if let Some(behind) = prompt("In") {
            cells.push(k + 1);
            text.push_str(behind.trim_start());
        } else if prompt("Out").is_none() && !trimmed.starts_with(['%', '!']) {
            text.push_str(line);
        }
        text.push('\n');
    }
    (text, cells)
}
