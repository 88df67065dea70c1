//! Where Keras 3 puts each weight in its HDF5 file.

use std::collections::HashMap;

use serde_json::Value;

use crate::layers::snake_case;
use crate::model::Sequential;

/// The group of variables of a layer or of a part of it, and the weights in it, in Keras' order.
pub struct Place {
    /// Path of the group that holds `vars`: `layers/lstm_1/cell`.
    pub path: String,
    /// The name that Keras notes there.
    pub name: String,
    /// Indices of the weights in the model's list; `vars/0`, `vars/1` and so on are theirs.
    pub weights: Vec<usize>,
}

/// The places of all layers of a model, those without weights too.
pub fn places(model: &Sequential) -> Vec<Place> {
    let mut used: HashMap<String, usize> = HashMap::new();
    let mut places = Vec::new();
    for (k, layer) in model.layers().iter().enumerate() {
        let class = snake_case(layer.class_name());
        let count = used.entry(class.clone()).and_modify(|n| *n += 1).or_insert(0);
        let path = if *count == 0 { format!("layers/{class}") } else { format!("layers/{class}_{count}") };
        let part = Part { path, name: layer.name().to_owned(), weights: model.weights_of(k).collect() };
        part.place(model, &layer.config(), &mut places);
    }
    places
}

/// A layer, or a layer inside of one, with its weights.
struct Part {
    path: String,
    name: String,
    weights: Vec<usize>,
}

impl Part {
    fn place(self, model: &Sequential, config: &Value, places: &mut Vec<Place>) {
        let class = config.get("class_name").and_then(Value::as_str).unwrap_or_default();
        let inner = config.pointer("/config/layer").unwrap_or(&Value::Null);
        let own = |weights| Place { path: self.path.clone(), name: self.name.clone(), weights };
        match class {
            "Bidirectional" => {
                places.push(own(Vec::new()));
                for direction in ["forward", "backward"] {
                    let holds =
                        |k: &usize| model.parameters.specs()[*k].name.contains(&format!("/{direction}/"));
                    let part = Self {
                        path: format!("{}/{direction}_layer", self.path),
                        name: format!("{direction}_{}", inner_name(inner)),
                        weights: self.weights.iter().copied().filter(holds).collect(),
                    };
                    part.place(model, inner, places);
                }
            }
            // A wrapper of our own is written as Keras would write one.
            "TimeDistributed" | "ResidualWrapper" => {
                places.push(own(Vec::new()));
                let path = format!("{}/layer", self.path);
                Self { path, name: inner_name(inner).to_owned(), weights: self.weights }
                    .place(model, inner, places);
            }
            "SimpleRNN" | "LSTM" | "GRU" => {
                places.push(own(Vec::new()));
                let name = format!("{}_cell", snake_case(class));
                places.push(Place { path: format!("{}/cell", self.path), name, weights: self.weights });
            }
            _ => places.push(Place { path: self.path, name: self.name, weights: self.weights }),
        }
    }
}

fn inner_name(config: &Value) -> &str {
    config.pointer("/config/name").and_then(Value::as_str).unwrap_or("layer")
}
