//! What an experiment's model is like before it is trained: the shapes of its layers, or which layer cannot follow.

use serde::Serialize;
use serde_json::{Value, json};

use super::flow::{Flow, flows};
use super::{Experiment, Reading};
use crate::Result;
use crate::layers::Shape;
use crate::model::{LayerSummary, Sequential};

/// Keras' name of a layer that only declares a shape.
const INPUT_LAYER: &str = "InputLayer";

/// A model that was looked at without being trained.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Survey {
    /// A row for each layer of the document; nothing for input layers and for those behind the first trouble.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(LayerSummary | null)[]"))]
    pub rows: Vec<Option<LayerSummary>>,
    /// How values flow through each layer, as `rows`.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "(Flow | null)[]"))]
    pub flows: Vec<Option<Flow>>,
    /// What enters the first layer, batch first.
    pub input: Vec<Option<usize>>,
    /// Whether what enters is a sequence: one id or one vector at every timestep.
    pub sequence: bool,
    /// All parameters of the layers in `rows`.
    pub total: usize,
    /// The first thing that is wrong.
    pub trouble: Option<Trouble>,
}

/// Why a model cannot be trained.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Trouble {
    /// The index in the document's list of the layer at which it is found.
    pub layer: usize,
    /// What is wrong, in a sentence without its full stop.
    pub message: String,
    /// A change that ends it, where one is known.
    pub mend: Option<Mend>,
}

/// A change of the document that ends a trouble.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Mend {
    /// What it does.
    pub label: String,
    /// The place of the new value, as a JSON pointer.
    pub pointer: String,
    /// The new value.
    pub value: bool,
}

impl Experiment {
    /// Looks at the model: shapes and parameters of its layers, and the first thing that keeps it from being trained on
    /// data of this reading.
    pub fn survey(&self) -> Survey {
        let layers = self.layers();
        let whole = self.first_layers(&layers, layers.len());
        let (built, mut trouble) = match &whole {
            Ok(_) => (layers.len(), None),
            Err(_) => self.first_trouble(&layers),
        };
        let model = if whole.is_ok() { whole.ok() } else { self.first_layers(&layers, built).ok() };
        if let (None, Some(model)) = (&trouble, &model) {
            trouble = self.trouble_with_data(&layers, model);
        }
        let rows = of_layers(&layers, model.as_ref().map_or(vec![], |model| model.summary().layers));
        let flows = of_layers(&layers, model.as_ref().map_or(vec![], flows));
        let sequence = model.as_ref().is_some_and(|model| !matches!(model.input_shape(), Shape::Flat { .. }));
        let input = model
            .as_ref()
            .map_or(vec![], |model| [None].into_iter().chain(model.input_shape().axes()).collect());
        let total = rows.iter().flatten().map(|row| row.params).sum();
        Survey { rows, flows, input, sequence, total, trouble }
    }

    pub(super) fn layers(&self) -> Vec<Value> {
        self.model.pointer("/config/layers").and_then(Value::as_array).cloned().unwrap_or_default()
    }

    /// The model of the first `count` of `layers`.
    fn first_layers(&self, layers: &[Value], count: usize) -> Result<Sequential> {
        Sequential::with_zero_weights(&self.model_of(&layers[..count]).to_string())
    }

    /// The model with other layers, where it has a place for them.
    pub(super) fn model_of(&self, layers: &[Value]) -> Value {
        let mut model = self.model.clone();
        if let Some(Value::Object(config)) = model.get_mut("config") {
            config.insert("layers".to_owned(), json!(layers));
        }
        model
    }

    /// How many layers can be built, and why the next one cannot.
    fn first_trouble(&self, layers: &[Value]) -> (usize, Option<Trouble>) {
        let mut built = 0;
        for count in 1..=layers.len() {
            if layers[count - 1]["class_name"] == INPUT_LAYER && count < layers.len() {
                continue;
            }
            match self.first_layers(layers, count) {
                Ok(_) => built = count,
                Err(error) => {
                    let mend = self.mend_before(layers, count - 1);
                    return (built, Some(Trouble { layer: count - 1, message: error.to_string(), mend }));
                }
            }
        }
        (built, None)
    }

    /// The change of a layer before layer `at` after which that one can follow: a recurrent layer that gives its
    /// last output only.
    fn mend_before(&self, layers: &[Value], at: usize) -> Option<Mend> {
        let before = at.checked_sub(1)?;
        let mend = returning_sequences(layers, before, true)?;
        let mut mended = layers.to_vec();
        set(&mut mended[before], &mend.pointer, &format!("/model/config/layers/{before}"), mend.value);
        self.first_layers(&mended, at + 1).ok().map(|_| mend)
    }

    /// What keeps a model that can be built from being trained on these data.
    fn trouble_with_data(&self, layers: &[Value], model: &Sequential) -> Option<Trouble> {
        let first = layers.iter().position(|layer| layer["class_name"] != INPUT_LAYER).unwrap_or(0);
        if let Err(error) = self.data.reading.check_model(model) {
            return Some(Trouble { layer: first, message: error.to_string(), mend: None });
        }
        let one_answer = matches!(
            self.data.reading,
            Reading::Words(_) | Reading::Numbers { .. } | Reading::Rows | Reading::WordPairs { .. }
        );
        if !one_answer || matches!(model.output_shape(), Shape::Flat { .. }) {
            return None;
        }
        let mend =
            (0..layers.len()).rev().find_map(|at| returning_sequences(layers, at, false)).filter(|mend| {
                let mut document = json!({ "model": { "config": { "layers": layers } } });
                if let Some(place) = document.pointer_mut(&mend.pointer) {
                    *place = json!(mend.value);
                }
                let mended = document["model"]["config"]["layers"].as_array().cloned().unwrap_or_default();
                let model = self.first_layers(&mended, mended.len());
                model.is_ok_and(|model| matches!(model.output_shape(), Shape::Flat { .. }))
            });
        let message = format!(
            "the model gives {}, an answer at every timestep; the data have one answer for each sample",
            model.output_shape()
        );
        Some(Trouble { layer: layers.len() - 1, message, mend })
    }
}

/// What is known of the built layers at the places of all `layers`; nothing at those that only declare a shape.
fn of_layers<T>(layers: &[Value], built: Vec<T>) -> Vec<Option<T>> {
    let mut built = built.into_iter();
    layers.iter().map(|layer| if layer["class_name"] == INPUT_LAYER { None } else { built.next() }).collect()
}

/// The change of `return_sequences` of layer `at` to `value`; nothing if it has it already, or is not recurrent.
pub(super) fn returning_sequences(layers: &[Value], at: usize, value: bool) -> Option<Mend> {
    let layer = &layers[at];
    let class = layer["class_name"].as_str()?;
    let (config, inside) = match class {
        "Bidirectional" | "ResidualWrapper" => (layer.pointer("/config/layer/config")?, "/layer/config"),
        "SimpleRNN" | "LSTM" | "GRU" | "Listing" => (layer.get("config")?, ""),
        _ => return None,
    };
    let present = config.get("return_sequences").and_then(Value::as_bool).unwrap_or(false);
    (present != value).then(|| Mend {
        label: format!("Set return_sequences of {class} to {}", if value { "True" } else { "False" }),
        pointer: format!("/model/config/layers/{at}/config{inside}/return_sequences"),
        value,
    })
}

/// Writes `value` at `pointer` of the document, where `layer` stands at `base`.
fn set(layer: &mut Value, pointer: &str, base: &str, value: bool) {
    let within = pointer.strip_prefix(base).unwrap_or(pointer);
    let Some((parent, key)) = within.rsplit_once('/') else { return };
    if let Some(Value::Object(config)) = layer.pointer_mut(parent) {
        config.insert(key.to_owned(), json!(value));
    }
}
