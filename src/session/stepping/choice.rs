//! What a reader chooses for stepping: a cell, its size, what it reads and with which weights.

use crate::error::LARGEST;
use crate::listing::{Diagnostic, SizedListing, resized};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// Everything that decides the numbers of one session.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Choice {
    /// The text of the step function.
    pub source: String,
    /// Numbers in the first state.
    pub units: usize,
    /// Other sizes than the text names; those that it does not name are passed over.
    #[serde(default)]
    pub sizes: Vec<(String, usize)>,
    /// The shapes of input, states and weights, where a script has them; otherwise they follow from the numbers of one
    /// timestep and the units.
    #[serde(default)]
    pub shapes: Vec<(String, Vec<usize>)>,
    /// Names every random number.
    pub seed: u64,
    /// What is read.
    pub input: InputChoice,
    /// With which weights.
    pub weights: WeightChoice,
    /// What the read-out should have said: 0 or 1 for two classes, the class for more, any number for sequences of
    /// numbers.
    #[serde(default)]
    pub target: f32,
    /// The names of the classes that the output tells apart; empty where they have none.
    #[serde(default)]
    pub classes: Vec<String>,
}

/// What is read, one timestep after the other.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "Members")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
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
        /// Whether each is in the network's vocabulary; all are where it is left out.
        #[serde(default)]
        known: Vec<bool>,
        /// What the network read before them.
        #[serde(default)]
        before: ReadBefore,
        /// What one of them is called.
        #[serde(default)]
        called: Called,
        /// Which part of its text they are.
        #[serde(default)]
        excerpt: Excerpt,
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

/// What a network has read before the first word of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ReadBefore {
    /// How many empty places in front of the text; 0 where they are masked.
    pub padding: usize,
    /// Whether the mark of the start of a text.
    pub start: bool,
}

/// What a piece of a text is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Called {
    /// A word.
    #[default]
    Word,
    /// A character.
    Character,
}

/// Which part of a text is stepped through, and where the states before it come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "Members")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Excerpt {
    /// All of it.
    #[default]
    Whole,
    /// A part; nothing of the text was read before it.
    Cut,
    /// A part from which on the states are those that the text before it left.
    Continued {
        /// So many words or characters were read before.
        read: usize,
    },
    /// What a decoder reads; its first states are the encoder's.
    Answer,
}

/// With which weights.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "Members")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
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
        #[serde(default)]
        output: Option<(Vec<f32>, Vec<f32>)>,
        /// Name and numbers of the states before the first step; zero where there is none.
        #[serde(default)]
        initial: Vec<(String, Vec<f32>)>,
    },
}

/// The most timesteps and the most numbers of one timestep that a session takes.
pub const MOST_TIMESTEPS: usize = 200;
/// See [`MOST_TIMESTEPS`].
pub const MOST_FEATURES: usize = 128;
/// The most units.
pub const MOST_UNITS: usize = 128;
/// Numbers that one timestep of a cell computes at most, products counted: all cells of the project compute less with
/// the largest sizes, and four timesteps forwards and backwards stay below the time between two keys.
const MOST_WORK: usize = 2_000_000;

impl Choice {
    /// The text of the step function with the sizes that were chosen.
    pub fn text(&self) -> String {
        resized(&self.source, &self.sizes)
    }

    /// Whether a cell is small enough to be stepped through, with every number kept.
    ///
    /// # Errors
    /// Names the value that is the most of it.
    pub fn fits(sized: &SizedListing) -> std::result::Result<(), Vec<Diagnostic>> {
        let (work, most) = sized.work();
        if work <= MOST_WORK {
            return Ok(());
        }
        let shape: Vec<String> = sized.shapes().nodes[most].iter().map(ToString::to_string).collect();
        let message = format!(
            "one timestep computes {work} numbers, most of them for this value of the shape ({}); {MOST_WORK} are the \
             most that can be stepped through, so use a smaller size here",
            shape.join(", ")
        );
        Err(vec![Diagnostic::new(sized.listing().graph().nodes[most].span, message)])
    }

    /// The names of the classes: as given, or those of a film review where two classes of words have none.
    pub fn class_names(&self, is_binary: bool) -> Vec<String> {
        let has_words = matches!(self.input, InputChoice::Sentence { .. } | InputChoice::Embedded { .. });
        if self.classes.is_empty() && is_binary && has_words {
            return ["negative", "positive"].map(String::from).to_vec();
        }
        // A name stands in a comment of the output's listing: on one line.
        self.classes.iter().map(|name| name.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    /// Whether the cell's size is one that stepping takes.
    ///
    /// # Errors
    /// Names what is too small or too large.
    pub fn check(&self) -> Result<()> {
        if self.units == 0 || self.units > MOST_UNITS {
            return Err(Error::value("the number of units", format!("1 to {MOST_UNITS}"), self.units));
        }
        if let Some((name, size)) = self.sizes.iter().find(|(_, size)| !(1..=MOST_UNITS).contains(size)) {
            return Err(Error::value(format!("the size `{name}`"), format!("1 to {MOST_UNITS}"), size));
        }
        if !self.target.is_finite() {
            return Err(Error::value("the true label", LARGEST, "a larger one"));
        }
        Ok(())
    }
}

/// The members of an input, of an excerpt and of weights: all at once, of which each kind takes its own. The reader
/// that serde derives for such enums keeps every member first as what it may be, and weighs three times as much.
#[derive(Deserialize)]
struct Members {
    kind: String,
    text: Option<String>,
    features: Option<usize>,
    timesteps: Option<usize>,
    words: Option<Vec<String>>,
    x: Option<Vec<f32>>,
    #[serde(default)]
    known: Vec<bool>,
    #[serde(default)]
    before: ReadBefore,
    #[serde(default)]
    called: Called,
    #[serde(default)]
    excerpt: Excerpt,
    read: Option<usize>,
    weights: Option<Vec<(String, Vec<f32>)>>,
    output: Option<(Vec<f32>, Vec<f32>)>,
    #[serde(default)]
    initial: Vec<(String, Vec<f32>)>,
}

/// A member that its kind must have.
fn of<T>(member: Option<T>, name: &str) -> std::result::Result<T, String> {
    member.ok_or_else(|| format!("missing field `{name}`"))
}

fn unknown<T>(kind: &str) -> std::result::Result<T, String> {
    Err(format!("unknown kind `{kind}`"))
}

impl TryFrom<Members> for InputChoice {
    type Error = String;

    fn try_from(all: Members) -> std::result::Result<Self, String> {
        Ok(match all.kind.as_str() {
            "sentence" => {
                Self::Sentence { text: of(all.text, "text")?, features: of(all.features, "features")? }
            }
            "embedded" => Self::Embedded {
                words: of(all.words, "words")?,
                x: of(all.x, "x")?,
                known: all.known,
                before: all.before,
                called: all.called,
                excerpt: all.excerpt,
            },
            "uniform" => Self::Uniform {
                timesteps: of(all.timesteps, "timesteps")?,
                features: of(all.features, "features")?,
            },
            "numbers" => Self::Numbers { text: of(all.text, "text")? },
            kind => return unknown(kind),
        })
    }
}

impl TryFrom<Members> for Excerpt {
    type Error = String;

    fn try_from(all: Members) -> std::result::Result<Self, String> {
        Ok(match all.kind.as_str() {
            "whole" => Self::Whole,
            "cut" => Self::Cut,
            "continued" => Self::Continued { read: of(all.read, "read")? },
            "answer" => Self::Answer,
            kind => return unknown(kind),
        })
    }
}

impl TryFrom<Members> for WeightChoice {
    type Error = String;

    fn try_from(all: Members) -> std::result::Result<Self, String> {
        Ok(match all.kind.as_str() {
            "random" => Self::Random,
            "uniform" => Self::Uniform,
            "trained" => Self::Trained {
                weights: of(all.weights, "weights")?,
                output: all.output,
                initial: all.initial,
            },
            kind => return unknown(kind),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_small_enough_with_the_largest_sizes() {
        for cell in crate::listing::cells::all() {
            let listing = crate::listing::CheckedListing::new(cell.source).expect("it is read");
            let sizes = [(MOST_FEATURES, MOST_UNITS), (MOST_UNITS, MOST_UNITS)];
            let sized = sizes.iter().find_map(|(features, units)| listing.sized(*features, *units).ok());
            let sized = sized.expect("it works with one of the sizes");
            assert_eq!(Choice::fits(&sized), Ok(()), "{}", cell.name);
        }
    }

    #[test]
    fn a_cell_with_a_huge_array_names_it_and_works_with_a_smaller_one() {
        let fits = |n: usize| {
            let outer = format!("np.outer(np.ones({n}), np.ones({n}))");
            let text = format!("def step(x, h):\n    a = {outer}\n    h = h + a[0, 0]\n    return h\n");
            let listing = crate::listing::CheckedListing::new(&text).expect("it is read");
            Choice::fits(&listing.sized(3, 4).expect("it has shapes"))
        };
        let mistakes = fits(3000).expect_err("it is too large");
        assert_eq!(fits(300), Ok(()));
        assert_eq!(mistakes[0].line, 2);
        assert!(mistakes[0].message.contains("(3000, 3000)"), "{}", mistakes[0].message);
    }

    #[test]
    fn a_choice_is_read_and_what_is_missing_is_named() {
        let text = r#"{"source":"def","units":2,"seed":7,"target":1,
            "input":{"kind":"embedded","words":["a"],"x":[0.5,1]},
            "weights":{"kind":"trained","weights":[["W",[1,2]]],"output":[[1],[0]]}}"#;
        let choice: Choice = serde_json::from_str(text).expect("it is whole");
        let (before, called, excerpt) = (ReadBefore::default(), Called::Word, Excerpt::Whole);
        let (words, x) = (vec!["a".into()], vec![0.5, 1.0]);
        assert_eq!(choice.input, InputChoice::Embedded { words, x, known: vec![], before, called, excerpt });
        let weights = vec![("W".to_string(), vec![1.0, 2.0])];
        let trained =
            WeightChoice::Trained { weights, output: Some((vec![1.0], vec![0.0])), initial: vec![] };
        assert_eq!(choice.weights, trained);
        let message =
            |text: &str| serde_json::from_str::<Choice>(text).expect_err("it is not whole").to_string();
        assert!(message(r#"{"units":2,"seed":7}"#).contains("`source`"));
        assert!(message(&text.replace("embedded", "tea")).contains("tea"));
        let large = Choice { units: MOST_UNITS + 1, ..choice };
        assert!(large.check().expect_err("it is too large").to_string().contains("1 to 128"));
    }
}
