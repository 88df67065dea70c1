//! The model from one layer on, in which the recurrent layers of that layer are texts that read further numbers of x.

use ndarray::Array2;
use serde_json::{Value, json};

use crate::layers::Signal;
use crate::listing::cells::KERAS_WEIGHTS;
use crate::model::Sequential;
use crate::trace::{Trace, trace};
use crate::{Error, Result};

/// The layer with its texts, and all behind it.
pub(super) struct Operated {
    model: Sequential,
    /// Where a residual connection adds the layer's own input to its output, the layers behind.
    behind: Option<Sequential>,
}

impl Operated {
    /// The layers of `model` from `index` on; `sources` are the texts of its recurrent layers by their paths, for
    /// inputs of `features` numbers.
    pub(super) fn of(
        model: &Sequential,
        index: usize,
        sources: &[(String, String)],
        features: usize,
    ) -> Result<Self> {
        let layer = &model.layers()[index];
        let config = layer.config();
        let json = model.to_json();
        let all = json.pointer("/config/layers").and_then(Value::as_array).cloned().unwrap_or_default();
        let is_own = |own: &Value| own.pointer("/config/name").and_then(Value::as_str) == Some(layer.name());
        let rest: Vec<Value> = all.into_iter().skip_while(|own| !is_own(own)).skip(1).collect();
        let adds_input = layer.class_name() == "ResidualWrapper";
        let own = if adds_input { config["config"]["layer"].clone() } else { config };
        let own = as_text(own, layer.name(), sources)?;
        if !adds_input {
            let model = built([vec![own], rest].concat(), features, model)?;
            return Ok(Self { model, behind: None });
        }
        let units = model.output_of(index).features;
        let behind = Some(built(rest, units, model)?);
        Ok(Self { model: built(vec![own], features, model)?, behind })
    }

    /// What it computes for `x`, `[timesteps, features]`, and further numbers beside it, `[timesteps, columns]`.
    pub(super) fn trace(&mut self, x: &Array2<f32>, more: &Array2<f32>, mask: &[bool]) -> Result<Trace> {
        put(self.model.input_mut(), &[x, more], mask);
        let mut traced = trace(&mut self.model)?;
        let Some(behind) = &mut self.behind else { return Ok(traced) };
        let added = self.model.output();
        let sum = Array2::from_shape_fn(x.dim(), |(t, k)| x[[t, k]] + added.data[t * added.features + k]);
        put(behind.input_mut(), &[&sum], mask);
        let rest = trace(behind)?;
        traced.layers.extend(rest.layers);
        Ok(Trace { layers: traced.layers, ..rest })
    }
}

/// Puts arrays beside each other into a model's input.
fn put(input: &mut Signal, arrays: &[&Array2<f32>], mask: &[bool]) {
    let timesteps = arrays[0].nrows();
    let features = arrays.iter().map(|array| array.ncols()).sum();
    input.set_sequence(timesteps, 1, features);
    let rows = (0..timesteps).flat_map(|t| arrays.iter().flat_map(move |array| array.row(t).to_vec()));
    input.data.iter_mut().zip(rows).for_each(|(to, from)| *to = from);
    input.mask.extend_from_slice(mask);
}

/// A layer's document with the texts in place of the recurrent layers in it.
fn as_text(layer: Value, path: &str, sources: &[(String, String)]) -> Result<Value> {
    if layer["class_name"] == "Bidirectional" {
        let mut layer = layer;
        layer["config"]["name"] = json!(path);
        for (key, part) in [("layer", "forward"), ("backward_layer", "backward")] {
            let inner = layer["config"][key].take();
            layer["config"][key] = as_text(inner, &format!("{path}/{part}"), sources)?;
        }
        return Ok(layer);
    }
    let Some((_, source)) = sources.iter().find(|(own, _)| own == path) else {
        let expected = "a recurrent layer by itself, in a Bidirectional or in a ResidualWrapper";
        return Err(Error::value(
            format!("`{path}`"),
            expected,
            layer["class_name"].as_str().unwrap_or("another"),
        ));
    };
    let config = &layer["config"];
    // In a Bidirectional the name is that of the part, which the wrapper's path does not hold.
    let name = if path.contains('/') { config["name"].clone() } else { json!(path) };
    let mut own = json!({ "name": name, "source": source, "units": config["units"] });
    for option in ["return_sequences", "go_backwards"] {
        own[option] = config[option].clone();
    }
    Ok(json!({ "class_name": "Listing", "config": own }))
}

/// A model of these layers for inputs of `features` numbers, with the weights of `from`.
fn built(layers: Vec<Value>, features: usize, from: &Sequential) -> Result<Sequential> {
    let input = json!({ "class_name": "InputLayer", "config": { "batch_shape": [null, null, features] } });
    let layers = [vec![input], layers].concat();
    let document = json!({ "class_name": "Sequential", "config": { "name": "changed", "layers": layers } });
    let mut model = Sequential::with_zero_weights(&document.to_string())?;
    for spec in model.parameters.specs().to_vec() {
        let keras = spec.name.rsplit_once('/').and_then(|(layer, weight)| {
            let (keras, _) = KERAS_WEIGHTS.iter().find(|(_, own)| *own == weight)?;
            Some(format!("{layer}/{keras}"))
        });
        let values = keras.and_then(|keras| from.parameters.by_name(&keras));
        // A layer without a bias has zeros there.
        if let Some(values) = values.or_else(|| from.parameters.by_name(&spec.name)) {
            model.parameters.set(&spec.name, &spec.shape, values)?;
        }
    }
    Ok(model)
}
