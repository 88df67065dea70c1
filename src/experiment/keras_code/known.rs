//! What is known of an expression's value without running the code.

use serde_json::{Map, Value, json};

use super::Note;
use super::classes::{Class, Role};

/// What is known of a value.
#[derive(Debug, Clone)]
pub(super) enum Known {
    /// A constant.
    Constant(Value),
    /// A name that no line gives a value, with its dots.
    Name(String),
    /// An object of a class that is read.
    Object(Object),
    /// An object of another class.
    Foreign(String),
    /// A list that does not only hold constants.
    Items(Vec<(Known, usize)>),
    /// The model with this index.
    Model(usize),
    /// The output of layers that were called one on the other.
    Output(Vec<Object>),
    /// Nothing.
    Unknown,
}

/// An object: its class, its options, and where it was made.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub class: &'static Class,
    pub config: Map<String, Value>,
    /// The options whose values are not known, and why.
    pub unknown: Vec<(String, Note)>,
    pub line: usize,
}

impl Object {
    /// The object as Keras' JSON has it.
    pub fn to_json(&self) -> Value {
        json!({ "class_name": self.class.name, "config": self.config })
    }
}

/// Options whose value may be a function.
const FUNCTIONS: [&str; 6] = ["activation", "initializer", "regularizer", "constraint", "loss", "optimizer"];

impl Known {
    /// The value as an option `key` of an object; nothing if it is not known.
    pub fn option(&self, key: &str) -> Option<Value> {
        match self {
            Self::Constant(value) => Some(value.clone()),
            Self::Object(object) if object.unknown.is_empty() => Some(object.to_json()),
            Self::Name(name) if FUNCTIONS.iter().any(|end| key.ends_with(end)) => {
                Some(Value::from(name.rsplit('.').next().unwrap_or(name)))
            }
            Self::Items(items) => items.iter().map(|(item, _)| item.option(key)).collect(),
            _ => None,
        }
    }

    /// The value, unless it is so large or so deep that nobody wrote it: names that stand for lists of themselves.
    pub fn bounded(self) -> Self {
        let (count, depth) = self.extent();
        if count > MOST_VALUES || depth > DEEPEST { Self::Unknown } else { self }
    }

    /// How many values it holds, and how deep.
    fn extent(&self) -> (usize, usize) {
        match self {
            Self::Constant(value) => extent(value),
            Self::Object(object) => around(object.config.values().map(extent)),
            Self::Items(items) => around(items.iter().map(|(item, _)| item.extent())),
            _ => (1, 1),
        }
    }

    /// What the value is called in a message.
    pub fn shown(&self) -> String {
        match self {
            Self::Constant(value) => format!("`{value}`"),
            Self::Name(name) | Self::Foreign(name) => format!("`{name}`"),
            Self::Object(object) => format!("`{}`", object.class.name),
            Self::Items(_) => "a list".into(),
            Self::Model(_) => "a model".into(),
            Self::Output(_) => "the output of a layer".into(),
            Self::Unknown => "a value that only running the code would show".into(),
        }
    }

    /// The layer, if it is one.
    pub fn layer(&self) -> Option<&Object> {
        match self {
            Self::Object(object) if object.class.role == Role::Layer => Some(object),
            _ => None,
        }
    }
}

/// A value holds at most so many others.
const MOST_VALUES: usize = 10_000;
/// And is at most so deep.
const DEEPEST: usize = 24;

fn extent(value: &Value) -> (usize, usize) {
    match value {
        Value::Array(items) => around(items.iter().map(extent)),
        Value::Object(map) => around(map.values().map(extent)),
        _ => (1, 1),
    }
}

fn around(parts: impl Iterator<Item = (usize, usize)>) -> (usize, usize) {
    parts.fold((1, 1), |(count, depth), (more, deeper)| (count + more, depth.max(deeper + 1)))
}
