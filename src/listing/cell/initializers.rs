//! How the weights of a listing are drawn at first: as the configuration says, or by what they are used for.

use serde_json::{Map, Value};

use crate::layers::config::Section;
use crate::layers::initializer::Initializer;
use crate::listing::parsed::Listing;
use crate::{Error, Result};

/// The initializers that a configuration chooses, by the names of weights.
pub(super) struct Initializers(Vec<(String, Initializer)>);

impl Initializers {
    /// Reads `initializers`.
    ///
    /// # Errors
    /// If it is no object, or names no weight of the listing, or no initializer.
    pub fn from_config(config: &Section, listing: &Listing) -> Result<Self> {
        let Some(value) = config.raw("initializers") else { return Ok(Self(Vec::new())) };
        let path = config.field("initializers");
        let Some(chosen) = value.as_object() else {
            return Err(Error::config(path, "an object of weight names and initializers", value));
        };
        let weights = listing.weights();
        let read = |(name, value): (&String, &Value)| {
            let field = format!("{path}.{name}");
            match weights.contains(&name.as_str()) {
                true => Ok((name.clone(), Initializer::from_keras(value, &field)?)),
                false => {
                    let expected = format!("about one of the weights {}", weights.join(", "));
                    Err(Error::config(field, expected, name))
                }
            }
        };
        Ok(Self(chosen.iter().map(read).collect::<Result<_>>()?))
    }

    /// The initializer of the weight `name` with these sizes, which are called `symbolic`: `(features, 4*units)`.
    pub fn of(&self, name: &str, shape: &[usize], symbolic: &str) -> Initializer {
        if let Some((_, chosen)) = self.0.iter().find(|(weight, _)| weight == name) {
            return *chosen;
        }
        let sizes = symbolic.trim_matches(['(', ')']);
        let says = |size: &str, word: &str| size.split(['*', '/', '+', '-', ' ']).any(|part| part == word);
        let reads_input = sizes.split(", ").any(|size| says(size, "features"));
        // Rows that are counted, as those of a bias for input and state, are no inputs of a product.
        let counted = sizes.split(", ").next().is_some_and(|rows| rows.parse::<usize>().is_ok());
        match shape {
            [_, _] if reads_input => Initializer::GlorotUniform,
            [_, _] if !counted => Initializer::Orthogonal { gain: 1.0 },
            _ => Initializer::Zeros,
        }
    }

    /// Whether the configuration chooses none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As a configuration writes them.
    pub fn to_keras(&self) -> Value {
        Value::Object(
            self.0.iter().map(|(name, chosen)| (name.clone(), chosen.to_keras())).collect::<Map<_, _>>(),
        )
    }
}
