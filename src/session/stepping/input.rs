//! The inputs of a session: what every timestep is called and reads.

use super::choice::{Called, Excerpt, InputChoice, MOST_FEATURES, MOST_TIMESTEPS, ReadBefore};
use crate::data::tokenizer;
use crate::decimal;
use crate::error::LARGEST;
use crate::rng::{RngExt, Stream, Uniform, Unit};
use crate::{Error, Result};
use ndarray::Array2;

/// What is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// What each timestep is called: a word, or its number from 1.
    pub labels: Vec<String>,
    /// `[timesteps, features]`
    pub x: Array2<f32>,
    /// Whether the labels are words.
    pub words: bool,
    /// Whether the network knows each word, `[timesteps]`.
    pub known: Vec<bool>,
    /// What a trained network read before the first timestep.
    pub before: ReadBefore,
    /// What is read at one timestep: `word`, `character`, `timestep`.
    pub called: &'static str,
    /// Which part of its text is read.
    pub excerpt: Excerpt,
}

impl Input {
    /// Makes the input of `choice` under `seed`.
    pub fn new(choice: &InputChoice, seed: u64) -> Result<Self> {
        let input = match choice {
            InputChoice::Sentence { text, features } => sentence(text, *features, seed)?,
            InputChoice::Embedded { words, x, known, before, called, excerpt } => {
                let called = match called {
                    Called::Word => "word",
                    Called::Character => "character",
                };
                Self { before: *before, called, excerpt: *excerpt, ..embedded(words, x, known)? }
            }
            InputChoice::Uniform { timesteps, features } => uniform(*timesteps, *features, seed)?,
            InputChoice::Numbers { text } => numbers(text)?,
        };
        let timesteps = input.labels.len();
        if timesteps > MOST_TIMESTEPS {
            let (one, called) = (if input.words { "this text" } else { "this sequence" }, input.called);
            let expected =
                format!("at most {MOST_TIMESTEPS} {called}s long, so that each can be stepped through");
            return Err(Error::value(one, expected, format!("{timesteps} {called}s")));
        }
        Ok(input)
    }

    fn of(labels: Vec<String>, x: Array2<f32>, words: bool) -> Self {
        let known = vec![true; labels.len()];
        let called = if words { "word" } else { "timestep" };
        Self { labels, x, words, known, before: ReadBefore::default(), called, excerpt: Excerpt::Whole }
    }

    /// Numbers of one timestep.
    pub fn features(&self) -> usize {
        self.x.ncols()
    }
}

/// `x`, row after row, with `features` numbers a timestep.
fn rows(timesteps: usize, features: usize, x: Vec<f32>) -> Result<Array2<f32>> {
    let found = x.len();
    Array2::from_shape_vec((timesteps, features), x)
        .map_err(|_| Error::shape("x", &[timesteps, features], &[found / features.max(1), features]))
}

fn no_word() -> Error {
    Error::format("the text", "there is no word in it; type at least one word")
}

fn in_limits(features: usize) -> Result<usize> {
    if features == 0 || features > MOST_FEATURES {
        return Err(Error::value("the numbers of one timestep", format!("1 to {MOST_FEATURES}"), features));
    }
    Ok(features)
}

fn sentence(text: &str, features: usize, seed: u64) -> Result<Input> {
    let features = in_limits(features)?;
    let labels = tokenizer::words(text);
    if labels.is_empty() {
        return Err(no_word());
    }
    let vector = |word: &String| {
        let mut stream = Stream::new(seed, &format!("word/{word}"), 0);
        (0..features).map(|_| stream.sample(Uniform::new(-1.0, 1.0))).collect::<Vec<f32>>()
    };
    let x = rows(labels.len(), features, labels.iter().flat_map(vector).collect())?;
    Ok(Input::of(labels, x, true))
}

fn embedded(words: &[String], x: &[f32], known: &[bool]) -> Result<Input> {
    let features = x.len() / words.len().max(1);
    if words.is_empty() {
        return Err(no_word());
    }
    if features * words.len() != x.len() {
        return Err(Error::value("the words' vectors", "one a word, all of one length", x.len()));
    }
    let x = rows(words.len(), in_limits(features)?, x.to_vec())?;
    let mut input = Input::of(words.to_vec(), x, true);
    for (own, known) in input.known.iter_mut().zip(known) {
        *own = *known;
    }
    Ok(input)
}

fn uniform(timesteps: usize, features: usize, seed: u64) -> Result<Input> {
    let features = in_limits(features)?;
    if timesteps == 0 {
        return Err(Error::value("the number of timesteps", "1 or more", 0));
    }
    let timesteps = timesteps.min(MOST_TIMESTEPS);
    let mut stream = Stream::new(seed, "inputs", 0);
    let x = Array2::from_shape_simple_fn((timesteps, features), || stream.sample(Unit));
    Ok(Input::of(counted(timesteps), x, false))
}

fn counted(timesteps: usize) -> Vec<String> {
    (1..=timesteps).map(|t| t.to_string()).collect()
}

fn numbers(text: &str) -> Result<Input> {
    let mut rows: Vec<Vec<f32>> = Vec::new();
    for line in text.split(['\n', ';']).filter(|line| !line.trim().is_empty()) {
        rows.push(line.split([',', ' ', '\t']).filter(|s| !s.is_empty()).map(number).collect::<Result<_>>()?);
    }
    if let [only] = rows.as_slice() {
        rows = only.iter().map(|value| vec![*value]).collect();
    }
    let features = rows.first().map_or(0, Vec::len);
    if features == 0 {
        return Err(Error::value("the sequence", "one number or more, such as 0.1 0.5 0.9", "none"));
    }
    if let Some((t, row)) = rows.iter().enumerate().find(|(_, row)| row.len() != features) {
        let expected = format!("{features} numbers long, as line 1 is");
        return Err(Error::value(format!("line {} of the sequence", t + 1), expected, row.len()));
    }
    let x = self::rows(rows.len(), in_limits(features)?, rows.concat())?;
    Ok(Input::of(counted(rows.len()), x, false))
}

fn number(word: &str) -> Result<f32> {
    let none = || Error::value("the sequence", "made of numbers such as -0.5", format!("{word:?}"));
    let value = decimal::parse(&word.replace('\u{2212}', "-")).ok_or_else(none)?;
    match value as f32 {
        single if single.is_finite() => Ok(single),
        _ => Err(Error::value("each number of the sequence", LARGEST, word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{array, s};

    #[test]
    fn the_same_word_has_the_same_vector_and_another_seed_gives_another() {
        let choice = InputChoice::Sentence { text: "a film, a Film".into(), features: 3 };
        let input = Input::new(&choice, 7).expect("two words twice");
        assert_eq!(input.labels, ["a", "film", "a", "film"]);
        assert_eq!(input.x.slice(s![..2, ..]), input.x.slice(s![2.., ..]));
        assert_ne!(input.x.row(0), input.x.row(1));
        assert_ne!(Input::new(&choice, 8).expect("as before").x, input.x);
    }

    #[test]
    fn one_line_of_numbers_is_one_number_a_timestep_and_several_lines_are_rows() {
        let read = |text: &str| Input::new(&InputChoice::Numbers { text: text.into() }, 0);
        let one = read("0.5, \u{2212}1  2").expect("three numbers");
        assert_eq!((one.x, one.labels.len()), (array![[0.5], [-1.0], [2.0]], 3));
        let rows = read("1 2\n3 4\n5 6").expect("three rows");
        assert_eq!((rows.features(), rows.labels.len()), (2, 3));
        assert!(read("1 2\n3").unwrap_err().to_string().contains("line 2"));
        assert!(read("one").unwrap_err().to_string().contains("\"one\""));
        assert!(read("  ").is_err());
    }

    #[test]
    fn random_numbers_lie_where_numpy_puts_them() {
        let input = Input::new(&InputChoice::Uniform { timesteps: 100, features: 32 }, 3).expect("in limits");
        assert_eq!(input.x.dim(), (100, 32));
        assert!(input.x.iter().all(|v| (0.0..1.0).contains(v)));
    }
}
