//! Functional models whose layers stand in one line, read as the Sequential that they are.

use serde_json::Value;

use super::class_of;
use crate::{Error, Result};

/// What Keras 3 computes masks with; the layers here do so themselves.
const MASK_OPERATIONS: [&str; 2] = ["NotEqual", "Any"];

/// One layer of a Functional model and where its input comes from.
struct Node<'a> {
    layer: &'a Value,
    name: &'a str,
    /// The layers whose first output is an input, and whether as the data or as the mask.
    inputs: Vec<(&'a str, Role)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Data,
    Mask,
}

/// The layers of the Functional configuration `config` from input to output.
///
/// # Errors
/// If they do not stand in one line.
pub fn layers_in_line(config: &Value) -> Result<Vec<Value>> {
    let layers = config.get("layers").and_then(Value::as_array);
    let layers = layers.ok_or_else(|| Error::config("config.layers", "a list of layers", config))?;
    let ends = ["input_layers", "output_layers"].map(|key| names_of_ends(config.get(key)));
    let ([first], [last]) = (&ends[0][..], &ends[1][..]) else {
        return Err(branches(&format!("it has {} inputs and {} outputs", ends[0].len(), ends[1].len())));
    };
    let nodes = layers.iter().map(Node::read).collect::<Result<Vec<_>>>()?;
    let is_mask = |name: &str| {
        nodes.iter().any(|node| node.name == name && MASK_OPERATIONS.contains(&class_of(node.layer)))
    };
    let mut line = Vec::new();
    let mut current = *first;
    let start = nodes.iter().find(|node| node.name == current);
    line.push(start.ok_or_else(|| branches(&format!("its input `{current}` is no layer of it")))?);
    let data: Vec<&Node> = nodes.iter().filter(|node| !is_mask(node.name)).collect();
    while current != *last || line.len() < data.len() {
        let takes = |node: &&&Node| node.inputs.contains(&(current, Role::Data));
        let next: Vec<&&Node> = data.iter().filter(takes).collect();
        let [next] = next[..] else {
            return Err(branches(&format!("{} layers take the output of `{current}`", next.len())));
        };
        let from_elsewhere = next.inputs.iter().find(|(from, role)| match role {
            Role::Data => *from != current,
            Role::Mask => !is_mask(from) && *from != current,
        });
        if let Some((other, _)) = from_elsewhere {
            return Err(branches(&format!("`{}` takes `{current}` and `{other}`", next.name)));
        }
        if line.len() >= data.len() {
            return Err(branches(&format!("`{}` is used twice", next.name)));
        }
        line.push(next);
        current = next.name;
    }
    Ok(line.into_iter().map(|node| node.layer.clone()).collect())
}

fn branches(why: &str) -> Error {
    let problem = format!(
        "only models whose layers stand in one line can be read, and {why}; build such a part of it with \
         keras.Sequential and save that"
    );
    Error::format("the Functional model", problem)
}

/// The layers named in `["a", 0, 0]` or `[["a", 0, 0], …]`.
fn names_of_ends(value: Option<&Value>) -> Vec<&str> {
    let Some(list) = value.and_then(Value::as_array) else { return Vec::new() };
    match list.first() {
        Some(Value::String(name)) => vec![name],
        _ => list.iter().filter_map(|end| end.get(0)?.as_str()).collect(),
    }
}

impl<'a> Node<'a> {
    fn read(layer: &'a Value) -> Result<Self> {
        let name = layer.get("name").or_else(|| layer.pointer("/config/name")).and_then(Value::as_str);
        let name = name.ok_or_else(|| Error::config("config.layers", "layers with names", layer))?;
        let calls = layer.get("inbound_nodes").and_then(Value::as_array).map(Vec::as_slice);
        let mut node = Self { layer, name, inputs: Vec::new() };
        match calls.unwrap_or_default() {
            [] => {}
            [call] => match call.get("args") {
                Some(arguments) => node.read_keras_3(arguments, call.get("kwargs"))?,
                None => node.read_keras_2(call)?,
            },
            calls => return Err(branches(&format!("`{name}` is used {} times", calls.len()))),
        }
        Ok(node)
    }

    /// `{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, 0]}}], "kwargs": {…}}`.
    fn read_keras_3(&mut self, arguments: &'a Value, options: Option<&'a Value>) -> Result<()> {
        let mut tensors = Vec::new();
        histories(arguments, Role::Data, &mut tensors);
        for (key, value) in options.and_then(Value::as_object).into_iter().flatten() {
            histories(value, if key == "mask" { Role::Mask } else { Role::Data }, &mut tensors);
        }
        tensors.into_iter().try_for_each(|(tensor, role)| self.add(tensor, role))
    }

    /// `[["a", 0, 0, {…}]]`, or `["a", 0, 0, {…}]` for a single input, with arguments by name at the end.
    fn read_keras_2(&mut self, call: &'a Value) -> Result<()> {
        let list = call.as_array().map(Vec::as_slice).unwrap_or_default();
        let tensors =
            if list.first().is_some_and(Value::is_string) { vec![call] } else { list.iter().collect() };
        for tensor in tensors {
            self.add(tensor, Role::Data)?;
            for (key, value) in tensor.get(3).and_then(Value::as_object).into_iter().flatten() {
                // A tensor is again a list that begins with the name of its layer.
                let is_tensor = |list: &Value| list.get(0).is_some_and(Value::is_string);
                if is_tensor(value) || value.get(0).is_some_and(is_tensor) {
                    return Err(branches(&format!("`{}` takes a tensor as `{key}`", self.name)));
                }
            }
        }
        Ok(())
    }

    /// Adds the input `tensor`, `["a", call, output]`.
    fn add(&mut self, tensor: &'a Value, role: Role) -> Result<()> {
        let from = tensor.get(0).and_then(Value::as_str);
        let from =
            from.ok_or_else(|| Error::config("config.layers.inbound_nodes", "names of layers", tensor))?;
        if tensor.get(2).and_then(Value::as_u64) != Some(0) {
            return Err(branches(&format!(
                "`{}` takes another output of `{from}` than the first",
                self.name
            )));
        }
        self.inputs.push((from, role));
        Ok(())
    }
}

/// Every `keras_history` within `value`.
fn histories<'a>(value: &'a Value, role: Role, found: &mut Vec<(&'a Value, Role)>) {
    if let Some(history) = value.pointer("/config/keras_history") {
        found.push((history, role));
        return;
    }
    match value {
        Value::Array(list) => list.iter().for_each(|inner| histories(inner, role, found)),
        Value::Object(map) => map.values().for_each(|inner| histories(inner, role, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn model(layers: Value, output: &str) -> Value {
        json!({"layers": layers, "input_layers": [["in", 0, 0]], "output_layers": [[output, 0, 0]]})
    }

    fn layer(name: &str, inbound_nodes: Value) -> Value {
        json!({"name": name, "class_name": "Dense", "config": {}, "inbound_nodes": inbound_nodes})
    }

    fn names(config: &Value) -> Result<Vec<String>> {
        Ok(layers_in_line(config)?.iter().map(|layer| layer["name"].as_str().unwrap().to_owned()).collect())
    }

    #[test]
    fn layers_come_in_the_order_of_their_connections() {
        let tensor =
            |name: &str| json!({"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}});
        let keras_3 = |name: &str| json!([{"args": [tensor(name)], "kwargs": {"mask": null}}]);
        let layers = json!([
            layer("b", keras_3("a")),
            layer("a", json!([[["in", 0, 0, {"training": null}]]])),
            layer("in", json!([])),
            layer("c", json!([["b", 0, 0, {}]])),
        ]);
        assert_eq!(names(&model(layers, "c")).unwrap(), ["in", "a", "b", "c"]);
    }

    #[test]
    fn whatever_is_no_line_is_refused_with_the_layer() {
        let from =
            |names: &[&str]| json!([names.iter().map(|name| json!([name, 0, 0, {}])).collect::<Vec<_>>()]);
        let input = layer("in", json!([]));
        let refused = |layers: Value, output: &str, word: &str| {
            let message = names(&model(layers, output)).unwrap_err().to_string();
            assert!(message.contains(word) && message.contains("one line"), "{message}");
        };
        let (a, b) = (layer("a", from(&["in"])), layer("b", from(&["in"])));
        refused(json!([input, a, b, layer("sum", from(&["a", "b"]))]), "sum", "`in`");
        refused(json!([input, a, layer("sum", from(&["a", "in"]))]), "sum", "`in`");
        refused(json!([input, layer("a", json!([[["in", 0, 0, {}]], [["a", 0, 0, {}]]]))]), "a", "2 times");
        refused(json!([input, a, layer("c", json!([[["a", 0, 1, {}]]]))]), "c", "another output");
        let state = json!([[["a", 0, 0, {"initial_state": [["in", 0, 0]]}]]]);
        refused(json!([input, a, layer("c", state)]), "c", "initial_state");
        refused(json!([input, a]), "nowhere", "0 layers");
        refused(json!([layer("in", from(&["a"])), layer("a", from(&["in"]))]), "nowhere", "used twice");
    }
}
