//! What a reader chooses for stepping: a cell, its size, what it reads and with which weights.

use crate::{Error, Result};
use serde_json::Value;

/// Everything that decides the numbers of one session.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The text of the step function.
    pub source: String,
    /// Numbers in the first state.
    pub units: usize,
    /// Names every random number.
    pub seed: u64,
    /// What is read.
    pub input: InputChoice,
    /// With which weights.
    pub weights: WeightChoice,
    /// What the read-out should have said: 0 or 1 for two classes, the class for more, any number for sequences of numbers.
    pub target: f32,
}

/// What is read, one timestep after the other.
#[derive(Debug, Clone, PartialEq)]
pub enum InputChoice {
    /// Words, each with a random vector of `features` numbers in [-1, 1): the same word has the same vector.
    Sentence {
        /// As typed.
        text: String,
        /// Length of a word's vector.
        features: usize,
    },
    /// Words with the vectors of a trained embedding.
    Embedded {
        /// The words that the network reads.
        words: Vec<String>,
        /// Their vectors, `[words, features]`.
        x: Vec<f32>,
    },
    /// Random numbers in [0, 1), as in tutorial 003.
    Uniform {
        /// How many timesteps.
        timesteps: usize,
        /// How many numbers each.
        features: usize,
    },
    /// Numbers as typed: one timestep a line, or one a number where there is a single line.
    Numbers {
        /// As typed.
        text: String,
    },
}

/// With which weights.
#[derive(Debug, Clone, PartialEq)]
pub enum WeightChoice {
    /// Keras' defaults: matrices of the input Glorot uniform, of the state orthogonal, biases zero.
    Random,
    /// Uniform in [0, 1), as in tutorial 003.
    Uniform,
    /// The weights of a trained network, by the listing's names, and of its last layer.
    Trained {
        /// Name and numbers, row after row.
        weights: Vec<(String, Vec<f32>)>,
        /// Kernel and bias of the last layer, if it has one number or one for each class.
        output: Option<(Vec<f32>, Vec<f32>)>,
        /// Name and numbers of the states before the first step; zero where there is none.
        initial: Vec<(String, Vec<f32>)>,
    },
}

/// The most timesteps and the most numbers of one timestep that a session takes.
pub const MOST_TIMESTEPS: usize = 200;
/// See [`MOST_TIMESTEPS`].
pub const MOST_FEATURES: usize = 128;
/// The most units.
pub const MOST_UNITS: usize = 64;

impl Choice {
    /// Reads a choice from JSON: the fields by their names, the kinds of input and weights as `kind`.
    pub fn from_json(text: &str) -> Result<Self> {
        let json: Value = serde_json::from_str(text)
            .map_err(|e| Error::format("the choice for stepping", e.to_string()))?;
        let units = whole(&json, "units")?;
        if units == 0 || units > MOST_UNITS {
            return Err(Error::value("the number of units", format!("1 to {MOST_UNITS}"), units));
        }
        Ok(Self {
            source: string(&json, "source")?,
            units,
            seed: whole(&json, "seed")? as u64,
            input: input(&json["input"])?,
            weights: weights(&json["weights"])?,
            target: json["target"].as_f64().unwrap_or(0.0) as f32,
        })
    }
}

fn input(json: &Value) -> Result<InputChoice> {
    Ok(match kind(json) {
        "sentence" => {
            InputChoice::Sentence { text: string(json, "text")?, features: whole(json, "features")? }
        }
        "embedded" => InputChoice::Embedded { words: words(&json["words"])?, x: numbers(&json["x"], "x")? },
        "uniform" => {
            InputChoice::Uniform { timesteps: whole(json, "timesteps")?, features: whole(json, "features")? }
        }
        "numbers" => InputChoice::Numbers { text: string(json, "text")? },
        other => return Err(Error::value("the input", "sentence, embedded, uniform or numbers", other)),
    })
}

fn weights(json: &Value) -> Result<WeightChoice> {
    Ok(match kind(json) {
        "random" => WeightChoice::Random,
        "uniform" => WeightChoice::Uniform,
        "trained" => {
            let output = &json["output"];
            WeightChoice::Trained {
                weights: named(&json["weights"])?,
                output: match output.is_null() {
                    true => None,
                    false => Some((numbers(&output[0], "output")?, numbers(&output[1], "output")?)),
                },
                initial: named(&json["initial"])?,
            }
        }
        other => return Err(Error::value("the weights", "random, uniform or trained", other)),
    })
}

fn kind(json: &Value) -> &str {
    json["kind"].as_str().unwrap_or("")
}

fn missing(field: &str, expected: &str) -> Error {
    Error::config(field, expected, "something else")
}

fn whole(json: &Value, field: &str) -> Result<usize> {
    json[field].as_u64().map(|n| n as usize).ok_or_else(|| missing(field, "a whole number"))
}

fn string(json: &Value, field: &str) -> Result<String> {
    json[field].as_str().map(str::to_owned).ok_or_else(|| missing(field, "a text"))
}

fn words(json: &Value) -> Result<Vec<String>> {
    let all = json.as_array().ok_or_else(|| missing("words", "a list of words"))?;
    all.iter().map(|word| word.as_str().map(str::to_owned).ok_or_else(|| missing("words", "words"))).collect()
}

fn numbers(json: &Value, field: &str) -> Result<Vec<f32>> {
    let all = json.as_array().ok_or_else(|| missing(field, "a list of numbers"))?;
    all.iter().map(|n| n.as_f64().map(|n| n as f32).ok_or_else(|| missing(field, "numbers"))).collect()
}

/// `[[name, [number, …]], …]`; none if there is nothing.
fn named(json: &Value) -> Result<Vec<(String, Vec<f32>)>> {
    let all = json.as_array().map_or(&[][..], Vec::as_slice);
    all.iter()
        .map(|pair| {
            let name = pair[0].as_str().ok_or_else(|| missing("weights", "pairs of a name and numbers"))?;
            Ok((name.to_owned(), numbers(&pair[1], name)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_read_and_what_is_missing_is_named() {
        let text = r#"{"source":"def","units":2,"seed":7,"target":1,
            "input":{"kind":"embedded","words":["a"],"x":[0.5,1]},
            "weights":{"kind":"trained","weights":[["W",[1,2]]],"output":[[1],[0]]}}"#;
        let choice = Choice::from_json(text).expect("it is whole");
        assert_eq!(choice.input, InputChoice::Embedded { words: vec!["a".into()], x: vec![0.5, 1.0] });
        let weights = vec![("W".to_string(), vec![1.0, 2.0])];
        let trained =
            WeightChoice::Trained { weights, output: Some((vec![1.0], vec![0.0])), initial: vec![] };
        assert_eq!(choice.weights, trained);
        let message = |text: &str| Choice::from_json(text).expect_err("it is not whole").to_string();
        assert!(message("{").contains("the choice for stepping"));
        assert!(message(r#"{"units":2,"seed":7}"#).contains("`source`"));
        assert!(message(&text.replace("\"units\":2", "\"units\":65")).contains("1 to 64"));
        assert!(message(&text.replace("embedded", "tea")).contains("tea"));
    }
}
