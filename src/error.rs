//! The one error type of the engine: what was wrong, what was expected, what was found, and what to do.

use std::fmt;

/// Result of everything in this crate that a user, a file or a message can make fail.
pub type Result<T> = std::result::Result<T, Error>;

/// What can go wrong because of something a user, a file or a message contained.
///
/// Mistakes that only a bug in this crate can make are assertions instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A configuration holds a value that cannot be used.
    Config {
        /// Where: `layers[2].units`, `optimizer.learning_rate`.
        field: String,
        /// What would have worked.
        expected: String,
        /// What stood there.
        found: String,
    },
    /// An array does not have the shape that its use needs.
    Shape {
        /// Which array.
        what: String,
        /// The shape that is needed, as `[features, 4·units] = [64, 256]` or `[64, 256]`.
        expected: String,
        /// The shape that came.
        found: String,
    },
    /// A value lies outside of what its use allows: an id beyond the vocabulary, NaN in the input.
    Value {
        /// Which value.
        what: String,
        /// The allowed range or set.
        expected: String,
        /// The value that came.
        found: String,
    },
    /// A file or message is truncated, of another kind, or contradicts itself.
    Format {
        /// Which file or which part of it.
        what: String,
        /// What is wrong with it, and what to do.
        problem: String,
    },
    /// Training produced a number that is not finite.
    NotFinite {
        /// Where it appeared first: `loss`, `lstm/kernel`.
        what: String,
        /// The update, counted from 1.
        update: u64,
    },
}

/// The axes of an array: their sizes, and what each of them counts where that is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Axes {
    /// How long each axis is.
    pub sizes: Vec<usize>,
    /// What each axis counts, `features` or `4·units`; empty if the axes have no names.
    pub names: Vec<String>,
}

impl<const N: usize> From<[(&str, usize); N]> for Axes {
    fn from(axes: [(&str, usize); N]) -> Self {
        Self { sizes: axes.map(|(_, size)| size).to_vec(), names: axes.map(|(name, _)| name.into()).to_vec() }
    }
}

impl From<&[usize]> for Axes {
    fn from(sizes: &[usize]) -> Self {
        Self { sizes: sizes.to_vec(), names: Vec::new() }
    }
}

impl From<&Vec<usize>> for Axes {
    fn from(sizes: &Vec<usize>) -> Self {
        Self::from(sizes.as_slice())
    }
}

impl<const N: usize> From<&[usize; N]> for Axes {
    fn from(sizes: &[usize; N]) -> Self {
        Self::from(sizes.as_slice())
    }
}

impl fmt::Display for Axes {
    /// Writes `[features, 4·units] = [64, 256]`, or `[64, 256]` without names.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.names.is_empty() {
            write!(f, "[{}] = ", self.names.join(", "))?;
        }
        write!(f, "{:?}", self.sizes)
    }
}

impl Error {
    /// A configuration error about `field`.
    pub fn config(field: impl Into<String>, expected: impl Into<String>, found: impl fmt::Display) -> Self {
        Self::Config { field: field.into(), expected: expected.into(), found: found.to_string() }
    }

    /// A shape error about `what`. Axes can have names: `[("samples", 2), ("units", 3)]`.
    pub fn shape(what: impl Into<String>, expected: impl Into<Axes>, found: &[usize]) -> Self {
        let expected = expected.into().to_string();
        Self::Shape { what: what.into(), expected, found: format!("{found:?}") }
    }

    /// A value error about `what`.
    pub fn value(what: impl Into<String>, expected: impl Into<String>, found: impl fmt::Display) -> Self {
        Self::Value { what: what.into(), expected: expected.into(), found: found.to_string() }
    }

    /// A format error about `what`.
    pub fn format(what: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Format { what: what.into(), problem: problem.into() }
    }

    /// A short, stable name of the kind of error, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Config { .. } => "config",
            Self::Shape { .. } => "shape",
            Self::Value { .. } => "value",
            Self::Format { .. } => "format",
            Self::NotFinite { .. } => "not_finite",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = match self {
            Self::Config { field, expected, found } => match field.strip_suffix(".input") {
                Some(layer) => format!("the input of `{layer}` must be {expected}, found {found}"),
                None => format!("`{field}` must be {expected}, found {found}"),
            },
            Self::Shape { what, expected, found } => format!("`{what}` must be {expected}, found {found}"),
            Self::Value { what, expected, found } => format!("{what} must be {expected}, found {found}"),
            Self::Format { what, problem } => format!("{what}: {problem}"),
            Self::NotFinite { what, update } => format!(
                "`{what}` is no longer a finite number at update {update}; lower the learning rate or clip the \
                 gradients"
            ),
        };
        f.write_str(&readable(&sentence))
    }
}

/// What a number must be that single precision does not hold.
pub const LARGEST: &str = "a number of at most 3.4e38 in size";

/// Longer words are cut in a sentence: a name of a file may have any length.
const LONGEST_WORD: usize = 200;

/// A longer sentence is cut.
const LONGEST_SENTENCE: usize = 2000;

/// A sentence that a person can read, whatever stood in the names and values that it quotes.
pub fn readable(sentence: &str) -> String {
    let mut made = String::new();
    let (mut word, mut all) = (0, 0);
    for c in sentence.chars() {
        word = if c.is_whitespace() { 0 } else { word + 1 };
        if word > LONGEST_WORD {
            continue;
        }
        all += 1;
        if all > LONGEST_SENTENCE {
            made.push('…');
            break;
        }
        made.push(if word == LONGEST_WORD { '…' } else { c });
    }
    made
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_what_was_expected_and_what_was_found() {
        let e = Error::shape("lstm/kernel", &[64, 256], &[256, 64]);
        assert_eq!(e.to_string(), "`lstm/kernel` must be [64, 256], found [256, 64]");
        assert_eq!(e.code(), "shape");
    }

    #[test]
    fn the_input_of_a_layer_is_called_so() {
        let e = Error::config("lstm_1.input", "a sequence", "vectors");
        assert_eq!(e.to_string(), "the input of `lstm_1` must be a sequence, found vectors");
        assert_eq!(Error::config("units", "1 or more", 0).to_string(), "`units` must be 1 or more, found 0");
    }

    #[test]
    fn names_of_any_length_leave_a_sentence_that_can_be_read() {
        let long = "é".repeat(100_000);
        let said = Error::config(long, "a size", 0).to_string();
        assert!(said.ends_with("… must be a size, found 0") && said.chars().count() < 250, "{said}");
        let said = Error::format("the file", "no end ".repeat(10_000)).to_string();
        assert!(said.ends_with('…') && said.chars().count() <= LONGEST_SENTENCE + 1, "{said}");
    }

    #[test]
    fn shapes_name_their_axes() {
        let e = Error::shape("kernel", [("features", 32), ("4·units", 128)], &[128, 32]);
        assert_eq!(e.to_string(), "`kernel` must be [features, 4·units] = [32, 128], found [128, 32]");
    }
}
