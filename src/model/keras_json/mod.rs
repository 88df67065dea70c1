//! Where Keras 2 and Keras 3 put the layers and the input shape in the JSON of a Sequential.

mod functional;
mod left_out;
mod version;

use serde_json::{Value, json};

pub use left_out::{LeftOut, Weights};

use crate::layers::Shape;
use crate::layers::config::Section;
use crate::{Error, Result};

/// What the JSON of a Sequential says.
pub struct Description {
    /// The model's name.
    pub name: String,
    /// The configurations of its layers, without input layers, each with its path.
    pub layers: Vec<(Value, String)>,
    /// The shape of one input sample.
    pub input: Shape,
    /// How many samples a batch must have, where the configuration says so.
    pub batch: Option<usize>,
    /// The options that were taken out of the layers.
    pub left_out: Vec<LeftOut>,
}

/// The options that hold a layer: those of Bidirectional and TimeDistributed.
const LAYERS_INSIDE: [&str; 3] = ["layer", "forward_layer", "backward_layer"];

/// Reads the JSON of a Sequential, or of a Functional model whose layers stand in one line, as Keras 2 or 3 writes it.
pub fn read(text: &str, weights: Weights) -> Result<Description> {
    // Some editors put a byte order mark in front.
    let json: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|e| {
        Error::format("the model", format!("this is not JSON ({e}); use Keras' model.to_json()"))
    })?;
    let (list, path) = list_of_layers(&json)?;
    let config = json.get("config").unwrap_or(&Value::Null);
    let name = config.get("name").and_then(Value::as_str).unwrap_or("sequential").to_owned();
    let (mut layers, mut left_out) = (Vec::new(), Vec::new());
    let mut axes = None;
    let is_keras_2 = version::is_keras_2(&json, &list)?;
    for (k, mut layer) in list.into_iter().enumerate() {
        let path = format!("{path}[{k}]");
        if is_keras_2 {
            version::translate_keras_2(&mut layer);
        }
        axes = axes.or_else(|| declared_axes(&layer));
        if class_of(&layer) != "InputLayer" {
            left_out.extend(left_out::take_out(&mut layer, layers.len(), &path, weights));
            layers.push((layer, path));
        }
    }
    if layers.is_empty() {
        return Err(Error::config(path, "at least one layer", "an empty list"));
    }
    let axes = axes.or_else(|| config.get("build_input_shape").and_then(Value::as_array).cloned());
    let batch = axes.as_ref().and_then(|axes| axes.first()?.as_u64()).map(|batch| batch as usize);
    let input = input_shape(axes, &layers[0].0)?;
    Ok(Description { name, layers, input, batch, left_out })
}

/// The layers of a model, input layers too, and the path to the list.
fn list_of_layers(json: &Value) -> Result<(Vec<Value>, &'static str)> {
    let config = json.get("config").unwrap_or(&Value::Null);
    match json.get("class_name").and_then(Value::as_str) {
        Some("Sequential") => {}
        Some("Functional" | "Model") => return Ok((functional::layers_in_line(config)?, "layers")),
        _ if json.get("modelTopology").is_some() => {
            let problem = "this describes a TensorFlow.js model (its format is \"layers-model\"); \
                           convert it with `tensorflowjs_converter --input_format=tfjs_layers_model \
                           --output_format=keras model.json model.h5` and give model.h5";
            return Err(Error::format("the model", problem));
        }
        _ => {
            let found = json.get("class_name").cloned().unwrap_or(Value::Null);
            return Err(Error::config(
                "class_name",
                "Sequential, or Functional with all layers in one line",
                found,
            ));
        }
    }
    // Keras 2.0 to 2.2.2 write the list of layers itself as the configuration.
    if let Value::Array(list) = config {
        return Ok((list.clone(), "config"));
    }
    match config.get("layers").and_then(Value::as_array) {
        Some(list) => Ok((list.clone(), "layers")),
        None => Err(Error::config("config.layers", "a list of layers", config)),
    }
}

fn class_of(layer: &Value) -> &str {
    layer.get("class_name").and_then(Value::as_str).unwrap_or_default()
}

/// The axes of an input, batch first, that a layer's configuration declares.
fn declared_axes(layer: &Value) -> Option<Vec<Value>> {
    let config = layer.get("config")?;
    for key in ["batch_shape", "batch_input_shape"] {
        if let Some(axes) = config.get(key).and_then(Value::as_array) {
            return Some(axes.clone());
        }
    }
    if let Some(axes) = config.get("input_shape").and_then(Value::as_array) {
        return Some([Value::Null].into_iter().chain(axes.iter().cloned()).collect());
    }
    // Keras 2 keeps the shape with the layer inside of a Bidirectional.
    config.get("layer").filter(|_| class_of(layer) == "Bidirectional").and_then(declared_axes)
}

fn input_shape(axes: Option<Vec<Value>>, first: &Value) -> Result<Shape> {
    let takes_ids = class_of(first) == "Embedding";
    let Some(axes) = axes else {
        if takes_ids {
            let empty = Value::Null;
            let config = Section::of(first.get("config").unwrap_or(&empty), "layers[0].config");
            return Ok(Shape::Ids { timesteps: config.optional_size("input_length")? });
        }
        return Err(Error::config(
            "layers[0].config.batch_shape",
            "the input shape, as [null, 28, 28]",
            "nothing",
        ));
    };
    let found = Value::Array(axes.clone());
    let wrong = |expected: &str| Error::config("batch_shape", expected, &found);
    let mut sizes = Vec::new();
    for axis in &axes {
        match axis {
            Value::Null => sizes.push(None),
            _ => match axis.as_u64().filter(|n| (1..1 << 24).contains(n)) {
                Some(n) => sizes.push(Some(n as usize)),
                None => return Err(wrong("null or whole numbers of at least 1 on every axis")),
            },
        }
    }
    match (takes_ids, sizes.get(1..).unwrap_or_default()) {
        (true, []) => Ok(Shape::Ids { timesteps: None }),
        (true, [timesteps]) => Ok(Shape::Ids { timesteps: *timesteps }),
        (false, [timesteps, Some(features)]) => {
            Ok(Shape::Sequence { timesteps: *timesteps, features: *features })
        }
        (false, [Some(features)]) => Ok(Shape::Flat { features: *features }),
        (true, _) => Err(wrong("[null, timesteps] in front of an Embedding")),
        (false, _) => Err(wrong("[null, timesteps, features] or [null, features]")),
    }
}

/// Writes the JSON of a Sequential of `layers` as Keras 3 does; `batch` is how many samples a batch must have, if
/// that is fixed.
pub fn write(name: &str, (batch, input): (Option<usize>, Shape), layers: Vec<Value>) -> Value {
    let mut axes = vec![json!(batch)];
    axes.extend(input.axes().into_iter().map(|axis| json!(axis)));
    let dtype = if matches!(input, Shape::Ids { .. }) { "int32" } else { "float32" };
    let input_layer = json!({
        "module": "keras.layers",
        "class_name": "InputLayer",
        "config": { "batch_shape": axes, "dtype": dtype, "sparse": false, "name": "input_layer" },
        "registered_name": null,
    });
    let layers: Vec<Value> = [input_layer].into_iter().chain(layers).collect();
    json!({
        "module": "keras",
        "class_name": "Sequential",
        "config": { "name": name, "trainable": true, "dtype": "float32", "layers": layers, "build_input_shape": axes },
        "registered_name": null,
    })
}
