//! Data that are generated: the classic tasks on which recurrent networks are compared.
//!
//! Every sample follows from the seed of the experiment, the name of the task and the sample's index alone, so that
//! more samples never change the first ones, and the samples are the same on every machine.

mod grammars;
mod memory;
mod names;
mod numbers;

pub use names::{Columns, REBER_SYMBOLS};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::arrays::array;
use crate::layers::config::Section;
use crate::rng::Stream;
use crate::train::{Examples, Inputs, Labels};
use crate::{Error, Result};

/// Every task.
pub const TASKS: [&TaskFacts; 12] = [
    &numbers::ADDING,
    &memory::TEMPORAL_ORDER,
    &memory::COPY_MEMORY,
    &memory::SELECTIVE_COPY,
    &numbers::PARITY,
    &numbers::MODULO_3,
    &numbers::ECHO,
    &memory::ASSOCIATIVE_RECALL,
    &numbers::SINE,
    &grammars::BRACKETS,
    &grammars::EMBEDDED_REBER,
    &memory::REVERSING,
];

/// What is known of a task: its name, its options and how a sample is drawn.
pub struct TaskFacts {
    /// Its name in a document.
    pub name: &'static str,
    /// What input and answer are, in a sentence or two.
    pub about: &'static str,
    /// Its own options; those of [`COUNTS`] belong to every task.
    pub options: &'static [TaskOption],
    columns: Columns,
    symbol: names::Symbol,
    answer: names::Symbol,
    form: fn(&Sizes) -> Form,
    draw: fn(&Sizes, &mut Stream, &mut Sample),
}

/// An option that is a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TaskOption {
    /// Its name in a document.
    pub name: &'static str,
    /// What it is if nothing is said.
    pub default: usize,
    /// The smallest that makes sense.
    pub minimum: usize,
    /// The largest that fits a browser tab.
    pub maximum: usize,
}

const fn option(name: &'static str, default: usize, minimum: usize, maximum: usize) -> TaskOption {
    TaskOption { name, default, minimum, maximum }
}

/// How many samples there are: options that every task has.
pub const COUNTS: [TaskOption; 2] =
    [option("samples", 2000, 1, 100_000), option("test_samples", 500, 1, 100_000)];

/// The part that is trained on.
pub const TRAIN: &str = "train";
/// The part that a model is judged with.
pub const TEST: &str = "test";

/// A task with its options.
#[derive(Clone)]
pub struct Task {
    facts: &'static TaskFacts,
    sizes: Sizes,
}

/// The options of a task by their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sizes(Vec<(&'static str, usize)>);

impl Sizes {
    fn get(&self, name: &str) -> usize {
        let found = self.0.iter().find(|(known, _)| *known == name).map(|(_, size)| *size);
        assert!(found.is_some(), "the task has no option `{name}`, only {:?}", self.0);
        found.unwrap_or_default()
    }
}

/// What goes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Ids below `symbols`, `[timesteps]`.
    Ids {
        /// Length of a sequence.
        timesteps: usize,
        /// One more than the largest id.
        symbols: usize,
    },
    /// Numbers, `[timesteps, features]`.
    Numbers {
        /// Length of a sequence.
        timesteps: usize,
        /// Numbers at each timestep.
        features: usize,
    },
}

/// What should come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Class ids below `classes`: one a sample, or one a timestep.
    Classes {
        /// Ids of one sample.
        per_sample: usize,
        /// One more than the largest id.
        classes: usize,
    },
    /// Numbers, `[timesteps, features]`; one timestep for a single answer.
    Numbers {
        /// Timesteps of an answer.
        timesteps: usize,
        /// Numbers at each timestep.
        features: usize,
    },
}

/// The arrays of one sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// What goes in.
    pub input: Input,
    /// What should come out.
    pub output: Output,
    /// Whether the id 0 fills short sequences up and has no answer.
    pub padded: bool,
}

/// Samples, one behind the other; which lists are used follows from the [`Form`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sample {
    /// Input that is ids.
    pub ids: Vec<u32>,
    /// Input that is numbers.
    pub numbers: Vec<f32>,
    /// Answers that are class ids.
    pub classes: Vec<u32>,
    /// Answers that are numbers.
    pub values: Vec<f32>,
}

impl Task {
    /// The task that stands at `task` in `section`, with the options at `options`; none if there is none.
    pub(super) fn read(section: &Section) -> Result<Option<Self>> {
        let name = section.text_or("task", "")?;
        if name.is_empty() {
            return match section.raw("options") {
                None => Ok(None),
                Some(_) => Err(Error::config(section.field("options"), "beside a `task`", "no task")),
            };
        }
        let Some(facts) = TASKS.into_iter().find(|facts| facts.name == name) else {
            let expected = format!("one of {}", TASKS.map(|facts| facts.name).join(", "));
            return Err(Error::config(section.field("task"), expected, name));
        };
        let given = section.object("options")?;
        let options: Vec<&TaskOption> = facts.options.iter().chain(&COUNTS).collect();
        let names: Vec<&str> = options.iter().map(|option| option.name).collect();
        given.only(&[&names])?;
        let read = |option: &&TaskOption| {
            let size = given.optional_size(option.name)?.unwrap_or(option.default);
            if (option.minimum..=option.maximum).contains(&size) {
                return Ok((option.name, size));
            }
            let expected = format!("from {} to {}", option.minimum, option.maximum);
            Err(Error::config(given.field(option.name), expected, size))
        };
        Ok(Some(Self { facts, sizes: Sizes(options.iter().map(read).collect::<Result<_>>()?) }))
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.facts.name
    }

    /// The arrays of one sample.
    pub fn form(&self) -> Form {
        (self.facts.form)(&self.sizes)
    }

    /// What inputs and answers are called.
    pub fn columns(&self) -> Columns {
        self.facts.columns
    }

    /// What an id of the input stands for.
    pub fn symbol(&self, id: u32) -> String {
        (self.facts.symbol)(&self.sizes, id)
    }

    /// What a class stands for.
    pub fn answer(&self, class: u32) -> String {
        (self.facts.answer)(&self.sizes, class)
    }

    /// The value of an option.
    pub fn option(&self, name: &str) -> usize {
        self.sizes.get(name)
    }

    /// Sample `index` of `part`, [`TRAIN`] or [`TEST`].
    pub fn sample(&self, seed: u64, part: &str, index: u64) -> Sample {
        let mut sample = Sample::default();
        self.draw(seed, part, index, &mut sample);
        sample
    }

    fn draw(&self, seed: u64, part: &str, index: u64, samples: &mut Sample) {
        let mut stream = Stream::new(seed, &format!("task/{}/{part}", self.facts.name), index);
        (self.facts.draw)(&self.sizes, &mut stream, samples);
    }

    /// How many samples `part` has.
    pub fn count(&self, part: &str) -> usize {
        self.sizes.get(if part == TEST { "test_samples" } else { "samples" })
    }

    /// The first `count` samples of `part`.
    ///
    /// # Errors
    /// If `count` is 0.
    pub fn examples(&self, seed: u64, part: &str, count: usize) -> Result<Examples> {
        let mut all = Sample::default();
        for index in 0..count {
            self.draw(seed, part, index as u64, &mut all);
        }
        let form = self.form();
        let inputs = match form.input {
            Input::Ids { timesteps, .. } => Inputs::Ids(array((count, timesteps), all.ids)?),
            Input::Numbers { timesteps, features } => {
                Inputs::Sequences(array((count, timesteps, features), all.numbers)?)
            }
        };
        let labels = match form.output {
            Output::Classes { per_sample, .. } => Labels::Classes(array((count, per_sample), all.classes)?),
            Output::Numbers { timesteps, features } => {
                Labels::Values(array((count, timesteps, features), all.values)?)
            }
        };
        Examples::new(inputs, labels)
    }
}

impl PartialEq for Task {
    fn eq(&self, other: &Self) -> bool {
        self.facts.name == other.facts.name && self.sizes == other.sizes
    }
}

impl std::fmt::Debug for Task {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?}", self.facts.name, self.sizes.0)
    }
}

/// As `task` and `options`, beside the name of the set.
impl Serialize for Task {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let options: Map<String, Value> =
            self.sizes.0.iter().map(|(name, size)| ((*name).to_owned(), (*size).into())).collect();
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("task", self.facts.name)?;
        map.serialize_entry("options", &options)?;
        map.end()
    }
}
