//! What can be built and chosen: every layer, optimizer and schedule with its options, read from their own code.
//!
//! Names and defaults are what the layers and optimizers write of themselves, so that there is no second list of them.

use serde::Serialize;
use serde_json::{Value, json};

use crate::layers::activation::Activation;
use crate::layers::initializer::Initializer;
use crate::layers::{self, Builder, SUPPORTED};
use crate::listing::{self, cells};
use crate::train::{EarlyStopping, Loss, Optimizer, Schedule};
use crate::{Error, Result};

/// Options that every layer has, or that change no number here.
const HIDDEN: &[&str] = &[
    "name",
    "trainable",
    "dtype",
    "seed",
    "noise_shape",
    "data_format",
    "groups",
    "unroll",
    "return_state",
    "zero_output_for_mask",
    "backward_layer",
    "keepdims",
    "axis",
    "source",
    "use_ema",
    "ema_momentum",
    "ema_overwrite_frequency",
    "loss_scale_factor",
    "gradient_accumulation_steps",
    "is_legacy_optimizer",
    "jit_compile",
];

/// What a learning rate may be instead of a number.
const SCHEDULES: &[&str] = &["ExponentialDecay", "InverseTimeDecay", "CosineDecay", "PiecewiseConstantDecay"];

/// What kind of value an option has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum OptionKind {
    /// True or false.
    Flag,
    /// A whole number of at least one.
    Size,
    /// A number from 0 to below 1.
    Share,
    /// A number.
    Number,
    /// A list of numbers.
    Numbers,
    /// One of a list of names.
    Choice,
    /// A text.
    Text,
    /// The layer inside a wrapper.
    Layer,
}

/// One option of a layer or an optimizer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct OptionFacts {
    /// Keras' name.
    pub name: String,
    /// What kind of value it has.
    pub kind: OptionKind,
    /// The value where it is left out; of an option that must be given, what a new layer begins with.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "any"))]
    pub default: Value,
    /// The names to choose from.
    pub choices: Vec<String>,
}

/// One class of layers, optimizers or schedules.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct ClassFacts {
    /// Keras' name of the class.
    pub class_name: String,
    /// Keras' default name of one such layer.
    pub name: String,
    /// The options that must be given, as a new one begins with them.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Record<string, any>"))]
    pub required: Value,
    /// Its options in the order in which it writes them.
    pub options: Vec<OptionFacts>,
    /// The classes that may stand inside a wrapper.
    pub inside: Vec<String>,
}

/// Everything that can be built and chosen.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Catalogue {
    /// The layers of a model.
    pub layers: Vec<ClassFacts>,
    /// The optimizers.
    pub optimizers: Vec<ClassFacts>,
    /// What a learning rate may be instead of a number.
    pub schedules: Vec<ClassFacts>,
    /// Keras' `EarlyStopping`.
    pub early_stopping: ClassFacts,
    /// Keras' names of the losses.
    pub losses: Vec<String>,
}

/// The catalogue of this engine.
///
/// # Errors
/// If a class cannot be made from the options that are required of it.
pub fn catalogue() -> Result<Catalogue> {
    let classes = SUPPORTED.iter().copied().chain([listing::cell::CLASS.name]);
    let layers = classes.map(layer_facts).collect::<Result<_>>()?;
    let optimizers = ["Adam", "SGD", "RMSprop", "AdamW", "Adagrad"];
    Ok(Catalogue {
        layers,
        optimizers: optimizers.into_iter().map(optimizer_facts).collect::<Result<_>>()?,
        schedules: SCHEDULES.iter().map(|class| schedule_facts(class)).collect::<Result<_>>()?,
        early_stopping: early_stopping_facts()?,
        losses: Loss::NAMES.iter().map(|name| (*name).to_owned()).collect(),
    })
}

/// The options that a layer of `class` cannot do without, as a new layer has them.
fn required(class: &str) -> Value {
    match class {
        "Embedding" => json!({ "input_dim": 5000, "output_dim": 32 }),
        "Dense" | "SimpleRNN" | "LSTM" | "GRU" => json!({ "units": 32 }),
        "Listing" => json!({ "cell": "lstm", "units": 32 }),
        "Activation" => json!({ "activation": "relu" }),
        "Dropout" | "SpatialDropout1D" => json!({ "rate": 0.2 }),
        "Conv1D" => json!({ "filters": 32, "kernel_size": 3 }),
        "RepeatVector" => json!({ "n": 8 }),
        "Bidirectional" | "ResidualWrapper" => json!({ "layer": inner("LSTM") }),
        "TimeDistributed" => json!({ "layer": inner("Dense") }),
        _ => json!({}),
    }
}

fn inner(class: &str) -> Value {
    json!({ "class_name": class, "config": required(class) })
}

fn layer_facts(class: &str) -> Result<ClassFacts> {
    let make = |config: &Value| {
        let layer = json!({ "class_name": class, "config": config });
        layers::from_config(&layer, "layer", &[listing::cell::CLASS])
    };
    let required = required(class);
    let layer = make(&required)?;
    let written = layer.config();
    let config = written.get("config").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut options = Vec::new();
    for (name, value) in required.as_object().into_iter().flatten() {
        options.extend(option(class, name, value));
    }
    for (name, value) in &config {
        if required.get(name).is_none() {
            options.extend(option(class, name, value));
        }
    }
    let wraps = required.get("layer").is_some();
    let fits = |inside: &&&str| make(&json!({ "layer": inner(inside) })).is_ok();
    let inside = if wraps {
        SUPPORTED
            .iter()
            .chain([&listing::cell::CLASS.name])
            .filter(fits)
            .map(|name| (*name).to_owned())
            .collect()
    } else {
        vec![]
    };
    Ok(ClassFacts {
        class_name: class.to_owned(),
        name: layers::snake_case(class),
        required,
        options,
        inside,
    })
}

/// The facts of an option; nothing of what every layer has or what changes no number here.
fn option(class: &str, name: &str, value: &Value) -> Option<OptionFacts> {
    if HIDDEN.contains(&name) {
        return None;
    }
    let value = single(value);
    let choices = choices(class, name);
    let kind = match &value {
        _ if !choices.is_empty() => OptionKind::Choice,
        Value::Bool(_) => OptionKind::Flag,
        Value::Object(_) => OptionKind::Layer,
        Value::Array(_) => OptionKind::Numbers,
        Value::String(_) => OptionKind::Text,
        _ if ["dropout", "recurrent_dropout", "rate"].contains(&name) => OptionKind::Share,
        Value::Number(number) if number.is_u64() && class_counts(class, name) => OptionKind::Size,
        _ => OptionKind::Number,
    };
    // Pooling windows follow each other without a gap unless told otherwise.
    let value = if class.ends_with("Pooling1D") && name == "strides" { Value::Null } else { value };
    let default = if name.ends_with("_initializer") { json!(initializer_name(&value)) } else { value };
    Some(OptionFacts { name: name.to_owned(), kind, default, choices })
}

/// Keras writes sizes of one-dimensional layers as `[3]`.
fn single(value: &Value) -> Value {
    match value.as_array().map(Vec::as_slice) {
        Some([only]) => only.clone(),
        _ => value.clone(),
    }
}

fn class_counts(class: &str, name: &str) -> bool {
    class != "EarlyStopping" && name != "warmup_steps"
}

fn choices(class: &str, name: &str) -> Vec<String> {
    let names: Vec<&str> = match name {
        "activation" | "recurrent_activation" => Activation::NAMES.to_vec(),
        "padding" if class == "Conv1D" => vec!["valid", "same", "causal"],
        "padding" => vec!["valid", "same"],
        "merge_mode" => vec!["concat", "sum", "mul", "ave"],
        "monitor" => vec!["val_loss", "val_accuracy", "loss", "accuracy"],
        "mode" => vec!["auto", "min", "max"],
        "sparse_embedding_updates" => vec!["dense", "touched_rows"],
        "cell" => cells::names().collect(),
        _ if name.ends_with("_initializer") => Initializer::NAMES.to_vec(),
        _ => vec![],
    };
    names.into_iter().map(str::to_owned).collect()
}

/// The short name of an initializer: `{"class_name": "GlorotUniform"}` is `glorot_uniform`.
fn initializer_name(value: &Value) -> String {
    let class = value.get("class_name").and_then(Value::as_str).or(value.as_str()).unwrap_or_default();
    layers::snake_case(class)
}

fn optimizer_facts(class: &str) -> Result<ClassFacts> {
    let (parameters, _) = Builder::default().finish();
    let optimizer = Optimizer::from_keras(&json!(class), &parameters)?;
    let written = optimizer.to_keras();
    let config = written.get("config").and_then(Value::as_object).cloned().unwrap_or_default();
    let options = config.iter().filter_map(|(name, value)| option(class, name, value)).collect();
    Ok(ClassFacts {
        class_name: class.to_owned(),
        name: layers::snake_case(class),
        required: json!({}),
        options,
        inside: vec![],
    })
}

fn schedule_facts(class: &str) -> Result<ClassFacts> {
    let required = match class {
        "PiecewiseConstantDecay" => json!({ "boundaries": [200, 400], "values": [0.002, 0.001, 0.0005] }),
        "CosineDecay" => json!({ "initial_learning_rate": 0.002, "decay_steps": 500 }),
        _ => json!({ "initial_learning_rate": 0.002, "decay_steps": 200, "decay_rate": 0.5 }),
    };
    let given = json!({ "class_name": class, "config": required });
    let written = Schedule::from_keras(&given, "learning_rate")?.to_keras();
    let config = written.get("config").and_then(Value::as_object).cloned().unwrap_or_default();
    let options = config.iter().filter_map(|(name, value)| option(class, name, value)).collect();
    let name = layers::snake_case(class);
    Ok(ClassFacts { class_name: class.to_owned(), name, required, options, inside: vec![] })
}

fn early_stopping_facts() -> Result<ClassFacts> {
    let written = EarlyStopping::from_keras(&json!({ "patience": 3 }))?.to_keras();
    let class = "EarlyStopping";
    let config = written.as_object().ok_or_else(|| Error::config("early_stopping", "an object", &written))?;
    let options = config.iter().filter_map(|(name, value)| option(class, name, value)).collect();
    Ok(ClassFacts {
        class_name: class.to_owned(),
        name: "early_stopping".to_owned(),
        required: json!({ "patience": 3 }),
        options,
        inside: vec![],
    })
}
