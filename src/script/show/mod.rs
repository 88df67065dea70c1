//! How Python and numpy print values.

mod array;
mod format;
mod number;

use std::cell::Cell;

use super::array::{Array, Kind};
use super::value::Value;

pub(in crate::script) use format::{formatted, percent};

/// `np.set_printoptions`
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::script) struct Options {
    pub(in crate::script) precision: usize,
    pub(in crate::script) threshold: usize,
    pub(in crate::script) edge: usize,
    pub(in crate::script) width: usize,
    pub(in crate::script) suppress: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { precision: 8, threshold: 1000, edge: 3, width: 75, suppress: false }
    }
}

thread_local! {
    static OPTIONS: Cell<Options> = Cell::new(Options::default());
}

/// The options that the running script has set.
pub(in crate::script) fn options() -> Options {
    OPTIONS.get()
}

/// Sets the options for what is printed from now on.
pub(in crate::script) fn set_options(options: Options) {
    OPTIONS.set(options);
}

/// `str(value)`, what `print` prints.
pub(in crate::script) fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Array(array) if array.shape().is_empty() => plain_number(array),
        Value::Array(array) => array::shown(array, " ", 1, options().width),
        other => repr(other),
    }
}

/// `repr(value)`, what the last expression of a cell shows.
pub(in crate::script) fn repr(value: &Value) -> String {
    let listed = |values: &[Value]| values.iter().map(repr).collect::<Vec<_>>().join(", ");
    match value {
        Value::None => "None".to_owned(),
        Value::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => number::float(*value),
        Value::Text(text) => quoted(text),
        Value::Array(array) if array.shape().is_empty() && array.kind() == Kind::Bool => {
            format!("np.{}_", plain_number(array))
        }
        Value::Array(array) if array.shape().is_empty() => {
            format!("np.{}({})", array.kind().name(), plain_number(array))
        }
        Value::Array(array) => represented(array),
        Value::List(values) => format!("[{}]", listed(&values.borrow())),
        Value::Tuple(values) if values.len() == 1 => format!("({},)", listed(values)),
        Value::Tuple(values) => format!("({})", listed(values)),
        Value::Dict(pairs) => {
            let pairs: Vec<String> =
                pairs.borrow().iter().map(|(key, value)| format!("{}: {}", repr(key), repr(value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        // A type.
        Value::Library(path) if path.starts_with("python.") => {
            format!("<class '{}'>", path.trim_start_matches("python."))
        }
        Value::Library(path)
            if &**path == "numpy.ndarray" || path.starts_with("numpy.") && path.ends_with("64") =>
        {
            format!("<class '{path}'>")
        }
        Value::Class(class) => format!("<class '__main__.{}'>", class.name),
        Value::Deque(deque) => {
            let items: Vec<Value> = deque.items.borrow().iter().cloned().collect();
            let most = deque.most.map_or(String::new(), |most| format!(", maxlen={most}"));
            format!("deque([{}]{most})", listed(&items))
        }
        Value::Object(object) if !object.class.fields.is_empty() || object.class.name == "namespace" => {
            let own = object.own.borrow();
            let names = if object.class.fields.is_empty() { &own.order } else { &object.class.fields };
            let held: Vec<String> = names
                .iter()
                .filter_map(|name| Some(format!("{name}={}", repr(own.names.get(name)?))))
                .collect();
            format!("{}({})", object.class.name, held.join(", "))
        }
        Value::Range(from, to, 1) => format!("range({from}, {to})"),
        Value::Range(from, to, step) => format!("range({from}, {to}, {step})"),
        other => format!("<{}>", other.described()),
    }
}

fn represented(array: &Array) -> String {
    let end = match array.kind() {
        Kind::Single => ", dtype=float32)",
        Kind::Byte => ", dtype=uint8)",
        Kind::Short => ", dtype=int32)",
        Kind::Int if array.count() == 0 => ", dtype=int64)",
        Kind::Bool if array.count() == 0 => ", dtype=bool)",
        Kind::Float if array.count() == 0 => ", dtype=float64)",
        _ => ")",
    };
    // What follows the numbers stands on the same line where there is room.
    let width = options().width.saturating_sub(1);
    if array.count() == 0 && array.shape() != [0] {
        return format!("array([], shape={}{end}", super::array::shown_shape(array.shape()));
    }
    let inside = array::shown(array, ", ", 7, width);
    let last = inside.rsplit('\n').next().unwrap_or_default().chars().count();
    let first_extra = if inside.contains('\n') { 0 } else { 6 };
    let breaks = end.len() > 1 && last + first_extra + end.len() > options().width;
    let end = if breaks { format!(",\n      {}", &end[2..]) } else { end.to_owned() };
    format!("array({inside}{end}")
}

fn plain_number(array: &Array) -> String {
    let value = array.only().unwrap_or(0.0);
    match array.kind() {
        Kind::Bool => if value != 0.0 { "True" } else { "False" }.to_owned(),
        Kind::Int | Kind::Short | Kind::Byte => format!("{value}"),
        Kind::Single => number::single(value as f32),
        Kind::Float => number::float(value),
    }
}

fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut shown = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\t' => shown.push_str("\\t"),
            '\\' => shown.push_str("\\\\"),
            c if c == quote => shown.extend(['\\', c]),
            c => shown.push(c),
        }
    }
    shown.push(quote);
    shown
}
