//! Where Keras 3 puts each weight in its HDF5 file.

use std::collections::HashMap;

use serde_json::Value;

use crate::layers::snake_case;
use crate::model::Sequential;

/// The group of variables of a layer or of a part of it, and the weights in it, in Keras' order.
pub struct VariableGroup {
    /// Which layer of the model.
    pub layer: usize,
    /// The group of the layer, as Keras 3 numbers it: `lstm_1`.
    pub group: String,
    /// The way from there to the group that holds `vars`: `/cell`, or nothing.
    pub within: String,
    /// The name that Keras notes there.
    pub name: String,
    /// Indices of the weights in the model's list; `vars/0`, `vars/1` and so on are theirs.
    pub weights: Vec<usize>,
}

/// The groups of variables of all layers of a model, those without weights too.
pub fn variable_groups(model: &Sequential) -> Vec<VariableGroup> {
    let mut used: HashMap<String, usize> = HashMap::new();
    let mut groups = Vec::new();
    for (k, layer) in model.layers().iter().enumerate() {
        let class = snake_case(layer.class_name());
        let count = used.entry(class.clone()).and_modify(|n| *n += 1).or_insert(0);
        let group = if *count == 0 { class } else { format!("{class}_{count}") };
        let part = Part {
            within: String::new(),
            name: layer.name().to_owned(),
            weights: model.weights_of(k).collect(),
        };
        part.add_groups(model, &layer.config(), &mut |part| {
            let Part { within, name, weights } = part;
            groups.push(VariableGroup { layer: k, group: group.clone(), within, name, weights });
        });
    }
    groups
}

/// The group of each layer of `model` among `groups`, those of a file: the layers of a class stand in the order of
/// their numbers, whichever these are (`lstm`, `lstm_1`, …; TensorFlow 2.12 and 2.13 count by two). A layer without
/// weights may have none.
///
/// # Errors
/// Says of which class there are more or fewer layers in the file than in the model.
pub fn layer_groups(model: &Sequential, groups: &[String]) -> Result<Vec<String>, String> {
    let mut found = vec![String::new(); model.layers().len()];
    let classes: Vec<String> = model.layers().iter().map(|layer| snake_case(layer.class_name())).collect();
    for class in &classes {
        let all: Vec<usize> = (0..classes.len()).filter(|k| classes[*k] == *class).collect();
        let with_weights: Vec<usize> =
            all.iter().copied().filter(|k| !model.weights_of(*k).is_empty()).collect();
        let mut theirs: Vec<(u32, &String)> =
            groups.iter().filter_map(|group| Some((number(group, class)?, group))).collect();
        theirs.sort();
        let ours = match theirs.len() {
            n if n == all.len() => all,
            n if n == with_weights.len() => with_weights,
            n => {
                let all = all.len();
                return Err(format!(
                    "it holds {n} layers of the class `{class}`, the model has {all}; the file is of another model"
                ));
            }
        };
        for (k, (_, group)) in ours.into_iter().zip(theirs) {
            found[k].clone_from(group);
        }
    }
    Ok(found)
}

/// The number of a group that is called `<class>` or `<class>_<number>`.
fn number(group: &str, class: &str) -> Option<u32> {
    match group.strip_prefix(class)? {
        "" => Some(0),
        rest => rest.strip_prefix('_')?.parse().ok(),
    }
}

/// A layer, or a layer inside of one, with its weights.
struct Part {
    within: String,
    name: String,
    weights: Vec<usize>,
}

impl Part {
    fn add_groups(self, model: &Sequential, config: &Value, add: &mut impl FnMut(Self)) {
        let class = config.get("class_name").and_then(Value::as_str).unwrap_or_default();
        let inner = config.pointer("/config/layer").unwrap_or(&Value::Null);
        let own = || Self { within: self.within.clone(), name: self.name.clone(), weights: Vec::new() };
        match class {
            "Bidirectional" => {
                add(own());
                for direction in ["forward", "backward"] {
                    let holds =
                        |k: &usize| model.parameters.specs()[*k].name.contains(&format!("/{direction}/"));
                    let part = Self {
                        within: format!("{}/{direction}_layer", self.within),
                        name: format!("{direction}_{}", inner_name(inner)),
                        weights: self.weights.iter().copied().filter(holds).collect(),
                    };
                    part.add_groups(model, inner, add);
                }
            }
            // A wrapper of our own is written as Keras would write one.
            "TimeDistributed" | "ResidualWrapper" => {
                add(own());
                let within = format!("{}/layer", self.within);
                Self { within, name: inner_name(inner).to_owned(), weights: self.weights }
                    .add_groups(model, inner, add);
            }
            "SimpleRNN" | "LSTM" | "GRU" => {
                add(own());
                let name = format!("{}_cell", snake_case(class));
                add(Self { within: format!("{}/cell", self.within), name, weights: self.weights });
            }
            _ => add(self),
        }
    }
}

fn inner_name(config: &Value) -> &str {
    config.pointer("/config/name").and_then(Value::as_str).unwrap_or("layer")
}
