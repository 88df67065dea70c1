//! What a name of a script can stand for.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use super::array::{Array, Fault, Kind, Outcome, spend};
use super::drawings;
use super::language::Function;
use super::random::{Generator, RandomState};

/// The names of a block, and the block around it.
#[derive(Debug, Default)]
pub(in crate::script) struct Scope {
    pub(in crate::script) names: HashMap<String, Value>,
    /// In the order in which they were first assigned.
    pub(in crate::script) order: Vec<String>,
    pub(in crate::script) around: Option<Rc<RefCell<Scope>>>,
    /// Names that belong to what is around it.
    pub(in crate::script) outside: Vec<String>,
}

/// A class: its methods and values.
#[derive(Debug, Default)]
pub(in crate::script) struct Class {
    pub(in crate::script) name: String,
    /// What it has, that of its bases included.
    pub(in crate::script) parts: HashMap<String, Value>,
    /// The class that it is made from.
    pub(in crate::script) base: Option<Rc<Class>>,
    /// The names of the values of which its objects are made, if it says no more.
    pub(in crate::script) fields: Vec<String>,
    /// Functions that make the first values of fields: `field(default_factory=list)`.
    pub(in crate::script) factories: Vec<(String, Value)>,
    /// Whether its objects are tuples.
    pub(in crate::script) is_tuple: bool,
}

/// An object of a class, with what `self` holds.
#[derive(Debug)]
pub(in crate::script) struct Object {
    pub(in crate::script) class: Rc<Class>,
    pub(in crate::script) own: Rc<RefCell<Scope>>,
}

impl Object {
    /// Gives it an attribute.
    pub(in crate::script) fn set(&self, name: &str, value: Value) {
        let mut own = self.own.borrow_mut();
        if own.names.insert(name.to_owned(), value).is_none() {
            own.order.push(name.to_owned());
        }
    }

    /// `self.name`
    pub(in crate::script) fn attribute(&self, name: &str) -> Option<Value> {
        self.own.borrow().names.get(name).or_else(|| self.class.parts.get(name)).cloned()
    }
}

/// A function with the names around it.
#[derive(Debug)]
pub(in crate::script) struct Closure {
    pub(in crate::script) function: Rc<Function>,
    pub(in crate::script) around: Rc<RefCell<Scope>>,
    pub(in crate::script) defaults: Vec<Option<Value>>,
}

/// Values that are added and taken away at both ends.
#[derive(Debug)]
pub(in crate::script) struct Deque {
    pub(in crate::script) items: RefCell<VecDeque<Value>>,
    pub(in crate::script) most: Option<usize>,
}

impl Deque {
    /// Drops what is more than it may hold, from the front or from the back.
    pub(in crate::script) fn trim(&self, from_front: bool) {
        let mut items = self.items.borrow_mut();
        while self.most.is_some_and(|most| items.len() > most) {
            if from_front {
                items.pop_front();
            } else {
                items.pop_back();
            }
        }
    }
}

/// A value.
#[derive(Debug, Clone)]
pub(in crate::script) enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Rc<str>),
    Array(Array),
    List(Rc<RefCell<Vec<Value>>>),
    Tuple(Rc<Vec<Value>>),
    Deque(Rc<Deque>),
    Dict(Rc<RefCell<Vec<(Value, Value)>>>),
    /// From, to, step.
    Range(i64, i64, i64),
    Slice([Option<i64>; 3]),
    Ellipsis,
    Function(Rc<Closure>),
    Class(Rc<Class>),
    Object(Rc<Object>),
    /// A module or function of numpy or Python by its path: `numpy.tanh`.
    Library(Rc<str>),
    /// A function of a value: `h.sum`.
    Method(Box<Value>, Rc<str>),
    Generator(Rc<RefCell<Generator>>),
    RandomState(Rc<RefCell<RandomState>>),
    /// The eigenvalues of a matrix, or their absolute values: which come first is known to numpy alone.
    Spectrum(Rc<Spectrum>),
}

/// What is known of eigenvalues.
#[derive(Debug)]
pub(in crate::script) struct Spectrum {
    /// Their absolute values.
    pub(in crate::script) lengths: Vec<f64>,
    /// Whether those are what is meant.
    pub(in crate::script) is_absolute: bool,
}

impl Value {
    pub(in crate::script) fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Rc::from(text.as_ref()))
    }

    pub(in crate::script) fn list(values: Vec<Self>) -> Self {
        Self::List(Rc::new(RefCell::new(values)))
    }

    pub(in crate::script) fn tuple(values: Vec<Self>) -> Self {
        Self::Tuple(Rc::new(values))
    }

    /// Axes of a picture, in rows.
    pub(in crate::script) fn drawing(sizes: &[i64]) -> Self {
        Self::Library(Rc::from(drawings::path_of(sizes)))
    }

    /// Whether it belongs to what draws pictures.
    pub(in crate::script) fn is_drawing(&self) -> bool {
        matches!(self, Self::Library(path) if drawings::is_drawing(path))
    }

    /// What it is, for messages.
    pub(in crate::script) fn described(&self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Bool(_) => "a truth value",
            Self::Int(_) => "an integer",
            Self::Float(_) => "a number",
            Self::Text(_) => "a text",
            Self::Array(_) => "an array",
            Self::List(_) => "a list",
            Self::Tuple(_) => "a tuple",
            Self::Deque(_) => "a deque",
            Self::Dict(_) => "a dictionary",
            Self::Range(..) => "a range",
            Self::Slice(_) | Self::Ellipsis => "a slice",
            Self::Function(_) | Self::Method(..) => "a function",
            Self::Class(_) => "a class",
            Self::Object(_) => "an object",
            Self::Library(_) => "a function or module",
            Self::Generator(_) | Self::RandomState(_) => "a random number generator",
            Self::Spectrum(_) => "an array of eigenvalues, of which np.max(np.abs(…)) is known,",
        }
    }

    /// Whether `if` takes it as true.
    pub(in crate::script) fn truth(&self) -> Outcome<bool> {
        Ok(match self {
            Self::None => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::List(values) => !values.borrow().is_empty(),
            Self::Tuple(values) => !values.is_empty(),
            Self::Deque(deque) => !deque.items.borrow().is_empty(),
            Self::Dict(pairs) => !pairs.borrow().is_empty(),
            Self::Range(..) => self.length()? > 0,
            Self::Array(array) => array.only().map(|value| value != 0.0).ok_or_else(|| {
                Fault::new(
                    "the truth value of an array with several elements is ambiguous; use .any() or .all()",
                )
            })?,
            _ => true,
        })
    }

    /// `len(value)`
    pub(in crate::script) fn length(&self) -> Outcome<usize> {
        Ok(match self {
            Self::Text(text) => text.chars().count(),
            Self::List(values) => values.borrow().len(),
            Self::Tuple(values) => values.len(),
            Self::Deque(deque) => deque.items.borrow().len(),
            Self::Object(object) if object.class.is_tuple => object.class.fields.len(),
            Self::Library(path) if self.is_drawing() => {
                drawings::sizes(path).first().map_or(0, |size| (*size).clamp(0, 1000) as usize)
            }
            Self::Dict(pairs) => pairs.borrow().len(),
            Self::Range(from, to, step) => range_length(*from, *to, *step),
            Self::Array(array) if array.rows().is_some() => array.rows().unwrap_or(0),
            Self::Spectrum(spectrum) => spectrum.lengths.len(),
            other => return Err(Fault::new(format!("{} has no length", other.described()))),
        })
    }

    /// The values that a loop goes through.
    pub(in crate::script) fn items(&self) -> Outcome<Vec<Self>> {
        if !matches!(self, Self::Array(array) if array.rows().is_none()) {
            spend(self.length().unwrap_or(0))?;
        }
        Ok(match self {
            Self::List(values) => values.borrow().clone(),
            Self::Tuple(values) => values.to_vec(),
            Self::Deque(deque) => deque.items.borrow().iter().cloned().collect(),
            Self::Dict(pairs) => pairs.borrow().iter().map(|(key, _)| key.clone()).collect(),
            Self::Text(text) => text.chars().map(|c| Self::text(c.to_string())).collect(),
            Self::Range(from, _, step) => {
                let length = self.length()? as i64;
                (0..length).map(|k| Self::Int(from + k * step)).collect()
            }
            Self::Array(array) if array.shape().len() == 1 => (0..array.count())
                .map(|k| array.at(0, k).copied().map(Self::Array))
                .collect::<Outcome<_>>()?,
            Self::Array(array) if array.rows().is_some() => {
                (0..array.rows().unwrap_or(0)).map(|row| Self::Array(array.at(0, row))).collect()
            }
            Self::Library(path) if self.is_drawing() => {
                let inner = drawings::sizes(path).into_iter().skip(1).collect::<Vec<_>>();
                vec![Self::drawing(&inner); self.length()?]
            }
            // `h, c = state` of a named tuple.
            Self::Object(object) if !object.class.fields.is_empty() => {
                object.class.fields.iter().filter_map(|field| object.attribute(field)).collect()
            }
            other => return Err(Fault::new(format!("{} cannot be gone through", other.described()))),
        })
    }

    /// A whole number, as sizes and indices are.
    pub(in crate::script) fn integer(&self) -> Outcome<i64> {
        match self {
            Self::Int(value) => Ok(*value),
            Self::Bool(value) => Ok(i64::from(*value)),
            Self::Array(array) if array.shape().is_empty() && array.kind() <= Kind::Int => {
                Ok(array.only().unwrap_or(0.0) as i64)
            }
            Self::Float(value) => Err(Fault::new(format!(
                "{value:?} is no integer; write int(…) around it, or // for the division"
            ))),
            other => Err(Fault::new(format!("an integer is needed here, and this is {}", other.described()))),
        }
    }

    /// A number.
    pub(in crate::script) fn float(&self) -> Outcome<f64> {
        match self {
            Self::Float(value) => Ok(*value),
            Self::Int(value) => Ok(*value as f64),
            Self::Bool(value) => Ok(f64::from(u8::from(*value))),
            Self::Array(array) if array.count() == 1 => Ok(array.only().unwrap_or(0.0)),
            Self::Array(array) => Err(Fault::new(format!(
                "one number is needed here, and this is an array of shape {}",
                super::array::shown_shape(array.shape())
            ))),
            other => Err(Fault::new(format!("a number is needed here, and this is {}", other.described()))),
        }
    }

    /// An array of it: of a number, of lists of numbers, of arrays.
    pub(in crate::script) fn array(&self) -> Outcome<Array> {
        match self {
            Self::Array(array) => Ok(array.clone()),
            Self::Bool(value) => Array::number(Kind::Bool, f64::from(u8::from(*value))),
            Self::Int(value) => Array::number(Kind::Int, *value as f64),
            Self::Float(value) => Array::number(Kind::Float, *value),
            Self::List(_) | Self::Tuple(_) | Self::Deque(_) | Self::Range(..) => {
                let parts: Outcome<Vec<Array>> = self.items()?.iter().map(Self::array).collect();
                let parts = parts?;
                if parts.is_empty() {
                    return Array::new(vec![0], Kind::Float, vec![]);
                }
                super::array::stack(&parts, 0)
            }
            other => Err(Fault::new(format!("{} is no array of numbers", other.described()))),
        }
    }

    /// Whether it is a number of Python, which takes the kind of the array beside it.
    pub(in crate::script) fn python_kind(&self) -> Option<Kind> {
        match self {
            Self::Bool(_) => Some(Kind::Bool),
            Self::Int(_) => Some(Kind::Int),
            Self::Float(_) => Some(Kind::Float),
            _ => None,
        }
    }

    /// Whether both are the same value, as keys and `==` of anything but arrays compare.
    pub(in crate::script) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, Self::None) => true,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::List(a), Self::List(b)) => all_equal(&a.borrow(), &b.borrow()),
            (Self::Tuple(a), Self::Tuple(b)) => all_equal(a, b),
            (Self::Range(..), Self::Range(..)) => format!("{self:?}") == format!("{other:?}"),
            (Self::Int(a), Self::Int(b)) => a == b,
            (a, b) => match (a.float(), b.float()) {
                (Ok(a), Ok(b)) => a == b,
                _ => false,
            },
        }
    }
}

fn all_equal(a: &[Value], b: &[Value]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.equals(b))
}

fn range_length(from: i64, to: i64, step: i64) -> usize {
    let (way, step) =
        if step > 0 { (to.saturating_sub(from), step) } else { (from.saturating_sub(to), -step) };
    if way <= 0 { 0 } else { ((way - 1) / step + 1) as usize }
}
