//! Typed reading of Keras' JSON configurations: every error names the field, what was expected and what was found.

use serde_json::{Map, Value};

use crate::decimal;
use crate::error::LARGEST;
use crate::{Error, Result};

/// A JSON object and the path that leads to it. A missing object reads as an empty one.
pub struct Section<'a> {
    map: Option<&'a Map<String, Value>>,
    path: String,
}

/// What Keras 2 and 3 write for every layer.
const LAYER_OPTIONS: &[&str] = &[
    "name",
    "trainable",
    "dtype",
    "autocast",
    "batch_shape",
    "batch_input_shape",
    "input_shape",
    "input_dtype",
    "activity_regularizer",
    "quantization_config",
];

/// Larger sizes are a slip of the keyboard, and their products would overflow.
const LARGEST_SIZE: u64 = 1 << 24;

impl<'a> Section<'a> {
    /// The object `value`, found at `path`.
    pub fn of(value: &'a Value, path: &str) -> Self {
        Self { map: value.as_object(), path: path.to_owned() }
    }

    /// The same object, which messages are to name `path`.
    pub fn at(self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self }
    }

    /// Where the object was found.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The path of `key` in this object, for error messages.
    pub fn field(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Whether the value of `key` is null.
    pub fn is_null(&self, key: &str) -> bool {
        self.map.and_then(|map| map.get(key)).is_some_and(Value::is_null)
    }

    /// The value of `key`; null counts as missing.
    pub fn raw(&self, key: &str) -> Option<&'a Value> {
        self.map.and_then(|map| map.get(key)).filter(|value| !value.is_null())
    }

    /// The object at `key`; a missing one is empty.
    pub fn object(&self, key: &str) -> Result<Section<'a>> {
        match self.raw(key) {
            Some(value) if !value.is_object() => Err(Error::config(self.field(key), "an object", value)),
            value => Ok(Section { map: value.and_then(Value::as_object), path: self.field(key) }),
        }
    }

    /// A whole number of at least one.
    pub fn size(&self, key: &str) -> Result<usize> {
        match self.raw(key) {
            Some(value) => self.as_size(key, value),
            None => Err(Error::config(self.field(key), "a whole number of at least 1", "nothing")),
        }
    }

    /// A whole number of at least one, or nothing.
    pub fn optional_size(&self, key: &str) -> Result<Option<usize>> {
        self.raw(key).map(|value| self.as_size(key, value)).transpose()
    }

    fn as_size(&self, key: &str, value: &Value) -> Result<usize> {
        // Keras writes sizes of one-dimensional layers as [3] or (3,).
        let value = value.as_array().filter(|list| list.len() == 1).map_or(value, |list| &list[0]);
        match value.as_u64() {
            Some(n) if (1..=LARGEST_SIZE).contains(&n) => Ok(n as usize),
            _ => {
                Err(Error::config(self.field(key), format!("a whole number from 1 to {LARGEST_SIZE}"), value))
            }
        }
    }

    /// True or false, `default` when missing.
    pub fn flag_or(&self, key: &str, default: bool) -> Result<bool> {
        match self.raw(key) {
            None => Ok(default),
            Some(value) => {
                value.as_bool().ok_or_else(|| Error::config(self.field(key), "true or false", value))
            }
        }
    }

    /// A number, `default` when missing. It must stay finite, and zero or not, when it is rounded to f32.
    pub fn number_or(&self, key: &str, default: f64) -> Result<f64> {
        let fits = |v: &f64| (*v as f32).is_finite() && (*v == 0.0) == (*v as f32 == 0.0);
        match self.raw(key) {
            None => Ok(default),
            Some(value) => {
                let expected = match value.as_f64() {
                    Some(given) if given.abs() > 1.0 => LARGEST,
                    Some(_) => "0 or a number of at least 1.4e-45 in size",
                    None => "a number",
                };
                value.as_f64().filter(fits).ok_or_else(|| Error::config(self.field(key), expected, value))
            }
        }
    }

    /// A share in [0, 1), `default` when missing: dropout, decay.
    pub fn rate_or(&self, key: &str, default: f64) -> Result<f64> {
        let rate = self.number_or(key, default)?;
        // As f32, since 1 - rate is divided by.
        if (0.0..1.0).contains(&(rate as f32)) {
            Ok(rate)
        } else {
            Err(Error::config(self.field(key), "a share from 0 to below 1", rate))
        }
    }

    /// A text, `default` when missing.
    pub fn text_or(&self, key: &str, default: &'a str) -> Result<&'a str> {
        match self.raw(key) {
            None => Ok(default),
            Some(value) => value.as_str().ok_or_else(|| Error::config(self.field(key), "a text", value)),
        }
    }

    /// Checks the keys of a layer: besides those that every layer has only `own` may stand here, and `unsupported`,
    /// which Keras knows and this engine does not, only if they are null.
    pub fn only_layer_options(&self, own: &[&str], unsupported: &[&str]) -> Result<()> {
        self.only(&[LAYER_OPTIONS, own, unsupported])?;
        let absent = unsupported.iter().chain(&["activity_regularizer", "quantization_config"]);
        let found = absent.filter_map(|key| Some((key, self.raw(key)?))).next();
        match found {
            None => Ok(()),
            Some((key, value)) => {
                Err(Error::config(self.field(key), "null, since there is no such feature here", value))
            }
        }
    }

    /// Checks that data have time before features, which is how Keras works unless told otherwise.
    pub fn channels_last(&self) -> Result<()> {
        match self.text_or("data_format", "channels_last")? {
            "channels_last" => Ok(()),
            other => Err(Error::config(self.field("data_format"), "channels_last", other)),
        }
    }

    /// Checks that no other keys than those of `known` stand here, so that a misspelt option is not silently ignored.
    /// One that is null says nothing: later versions of Keras write options that are not known yet in this way.
    pub fn only(&self, known: &[&[&str]]) -> Result<()> {
        let is_known = |key: &str| known.iter().any(|list| list.contains(&key));
        let mut entries = self.map.into_iter().flatten();
        match entries.find(|(key, value)| !is_known(key) && !value.is_null()) {
            None => Ok(()),
            Some((key, _)) => {
                Err(Error::config(self.field(key), format!("one of {}", known.concat().join(", ")), key))
            }
        }
    }
}

/// The f64 with the fewest digits that rounds to `value`: 0.2 is written as 0.2, not as 0.20000000298.
pub fn shortest(value: f32) -> f64 {
    decimal::parse(&value.to_string()).unwrap_or(f64::from(value))
}

/// The configuration of one layer, as Keras writes it: `class_name` and `config`.
pub struct LayerSection<'a> {
    /// Keras' class name.
    pub class: &'a str,
    /// The options.
    pub config: Section<'a>,
    path: String,
}

impl<'a> LayerSection<'a> {
    /// The layer `value`, found at `path`.
    pub fn of(value: &'a Value, path: &str) -> Result<Self> {
        let section = Section::of(value, path);
        let class = section.text_or("class_name", "")?;
        Ok(Self { class, config: section.object("config")?, path: path.to_owned() })
    }

    /// The layer's name, or Keras' default for its class.
    pub fn name(&self) -> Result<String> {
        let default = snake_case(self.class);
        let name = self.config.text_or("name", "")?;
        if name.contains('/') || (name.is_empty() && self.config.raw("name").is_some()) {
            return Err(Error::config(self.config.field("name"), "a name without `/`", name));
        }
        Ok(if name.is_empty() { default } else { name.to_owned() })
    }

    /// Whether the layer's weights are trained.
    pub fn trainable(&self) -> Result<bool> {
        self.config.flag_or("trainable", true)
    }

    /// The path of the class name, for error messages.
    pub fn class_field(&self) -> String {
        format!("{}.class_name", self.path)
    }
}

/// A JSON object of a configuration: `object!({ "units": 3, "name": name })`. What `json!` makes of an object is
/// compiled where it stands, entry by entry; this is one call.
#[macro_export]
macro_rules! object {
    ({ $($key:literal : $value:expr),* $(,)? }) => {
        $crate::layers::config::object(vec![$(($key, ::serde_json::json!($value))),*])
    };
}

/// A JSON object of these entries, in this order.
#[inline(never)]
pub fn object(entries: Vec<(&'static str, Value)>) -> Value {
    Value::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// The form in which Keras 3 writes an object of one of its classes.
pub fn of_class(module: &'static str, class: &str, config: Value) -> Value {
    object!({ "module": module, "class_name": class, "config": config, "registered_name": Value::Null })
}

/// Keras' default name of a class: `SimpleRNN` becomes `simple_rnn`, `LSTM` becomes `lstm`.
pub fn snake_case(class: &str) -> String {
    let letters: Vec<char> = class.chars().collect();
    let mut name = String::new();
    for (k, letter) in letters.iter().enumerate() {
        let after_lower = k > 0 && letters[k - 1].is_lowercase();
        let before_lower = k > 0 && letters.get(k + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (after_lower || before_lower) {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}
