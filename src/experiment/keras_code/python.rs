//! Values and calls as Python text.

use serde_json::{Map, Value};

use super::classes::{self, Role};

/// Longer lines are broken.
const WIDTH: usize = 96;

/// Arguments that are so plain that they are written without their name, where they stand in front.
const PLAIN: [&str; 7] = ["units", "input_dim", "output_dim", "filters", "kernel_size", "rate", "layer"];

/// Keras 2's hard sigmoid, which Keras 3 does not have.
pub(super) const HARD_SIGMOID_2: &str = "hard_sigmoid_keras2";

/// A call: on one line, or with a line for each argument.
pub(super) fn call(function: &str, arguments: &[String], indent: usize) -> String {
    let line = format!("{function}({})", arguments.join(", "));
    if indent + line.len() <= WIDTH && !line.contains('\n') {
        return line;
    }
    let inner = " ".repeat(indent + 4);
    let lines: String = arguments.iter().map(|argument| format!("{inner}{argument},\n")).collect();
    format!("{function}(\n{lines}{})", " ".repeat(indent))
}

/// A value as Python writes it.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Null => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::String(text) if text == HARD_SIGMOID_2 => text.clone(),
        Value::String(text) if text.contains('\n') => {
            format!("\"\"\"{}\"\"\"", text.replace('\\', "\\\\").replace('"', "\\\""))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(self::value).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => match map.get("class_name").and_then(Value::as_str) {
            // Keras 3 writes functions so.
            Some("function") => self::value(&map["config"]),
            Some(class) => object(class, map.get("config").and_then(Value::as_object), 0),
            None => {
                let entry = |(key, value): (&String, &Value)| match key.parse::<u64>() {
                    Ok(number) => format!("{number}: {}", self::value(value)),
                    Err(_) => format!("{}: {}", Value::from(key.as_str()), self::value(value)),
                };
                format!("{{{}}}", map.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
        },
        plain => plain.to_string(),
    }
}

/// Axes as a tuple.
pub(super) fn tuple(axes: &[Value]) -> String {
    let items: Vec<String> = axes.iter().map(value).collect();
    format!("({}{})", items.join(", "), if items.len() == 1 { "," } else { "" })
}

/// An object of Keras with the options that `config` says.
pub(super) fn object(class: &str, config: Option<&Map<String, Value>>, indent: usize) -> String {
    let known = classes::find(class);
    let order = known.map_or(&[][..], |class| class.order);
    let own =
        |key: &str| PLAIN.contains(&key) || key == "n" || (class == "Activation" && key == "activation");
    let is_said = |key: &&&str| own(key) && config.is_some_and(|config| config.contains_key(**key));
    let in_front: Vec<&str> = order.iter().take_while(is_said).copied().collect();
    let mut arguments: Vec<String> = Vec::new();
    for key in &in_front {
        arguments.extend(config.map(|config| value(&config[*key])));
    }
    for (key, option) in config.into_iter().flatten() {
        let says_nothing = option.is_null() && key == "seed";
        if !says_nothing && !in_front.contains(&key.as_str()) {
            arguments.push(format!("{key}={}", value(option)));
        }
    }
    let module = match known.map(|class| class.role) {
        Some(Role::Layer) | None => "",
        Some(Role::Optimizer) => "keras.optimizers.",
        Some(Role::Loss) => "keras.losses.",
        Some(Role::Callback) => "keras.callbacks.",
        Some(Role::Option) if class.ends_with("Decay") => "keras.optimizers.schedules.",
        Some(Role::Option) => "keras.initializers.",
    };
    call(&format!("{module}{class}"), &arguments, indent)
}
