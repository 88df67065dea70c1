//! The initializers that a configuration chooses for some weights of a listing.

use serde_json::{Map, Value};

use crate::layers::config::Section;
use crate::layers::initializer::Initializer;
use crate::listing::parsed::Listing;
use crate::{Error, Result};

/// The initializers that a configuration chooses, by the names of weights.
pub(super) struct ChosenInitializers(Vec<(String, Initializer)>);

impl ChosenInitializers {
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

    /// These, and `others` for weights that have none yet.
    pub fn or(mut self, others: Vec<(String, Initializer)>) -> Self {
        for (name, initializer) in others {
            if self.of(&name).is_none() {
                self.0.push((name, initializer));
            }
        }
        self
    }

    /// The initializer that is chosen for the weight `name`, if one is.
    pub fn of(&self, name: &str) -> Option<Initializer> {
        self.0.iter().find(|(weight, _)| weight == name).map(|(_, chosen)| *chosen)
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
