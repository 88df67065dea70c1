//! Which timesteps of its input an output of a layer is computed from: what a drawing of the unrolled model shows.

use serde::Serialize;
use serde_json::Value;

use crate::layers::window::{Padding, Windows};
use crate::layers::{Layer, Shape};
use crate::model::Sequential;

/// How values flow through a layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub enum Flow {
    /// An output is computed from the input at the same timestep, or one vector from one vector.
    Each,
    /// Through time: from the input and the states of the timestep before.
    Recurrent {
        /// The states that pass from one timestep to the next.
        states: usize,
        /// For each direction, whether it reads from the last timestep to the first: two for Bidirectional.
        backwards: Vec<bool>,
        /// How Bidirectional makes one output of two; nothing for one direction.
        merge_mode: Option<String>,
        /// Whether every timestep gives an output, or only the one that is computed last.
        returns_sequences: bool,
        /// Whether the input is added to the output.
        residual: bool,
        /// Whether the next batch begins with the final states of this one.
        stateful: bool,
    },
    /// Output `j` is computed from the inputs at timesteps `j · stride − before + k · dilation`, k from 0 to below
    /// `size`; what lies outside of the sequence is padding.
    Windows {
        /// Timesteps in a window.
        size: usize,
        /// Timesteps from one window to the next.
        stride: usize,
        /// Timesteps from one place of a window to the next.
        dilation: usize,
        /// Timesteps of padding before the first one.
        before: usize,
    },
    /// One vector is computed from all timesteps.
    Whole,
    /// One vector is repeated at every timestep of the output.
    Repeat,
}

/// The flow of each layer of a model that has been built, from input to output.
pub(super) fn flows(model: &Sequential) -> Vec<Flow> {
    let mut input = model.input_shape();
    let shapes = model.output_shapes();
    let mut flows = Vec::new();
    for (layer, output) in model.layers().iter().zip(shapes) {
        flows.push(flow(layer.as_ref(), input, *output));
        input = *output;
    }
    flows
}

fn flow(layer: &dyn Layer, input: Shape, output: Shape) -> Flow {
    let written = layer.config();
    let config = &written["config"];
    let directions = layer.recurrents();
    if let Some((_, first)) = directions.first() {
        let merged = if directions.len() > 1 { config["merge_mode"].as_str() } else { None };
        return Flow::Recurrent {
            states: first.state_count(),
            backwards: directions.iter().map(|(_, direction)| direction.goes_backwards()).collect(),
            merge_mode: merged.map(str::to_owned),
            returns_sequences: first.returns_sequences(),
            residual: layer.class_name() == "ResidualWrapper",
            stateful: first.is_stateful(),
        };
    }
    if let Some(windows) = windows(config) {
        // Of a sequence of open length only the first windows are drawn.
        let before = windows.before(input.timesteps().unwrap_or(usize::MAX / 2));
        let Windows { size, stride, dilation, .. } = windows;
        return Flow::Windows { size, stride, dilation, before };
    }
    match (input, output) {
        (Shape::Flat { .. }, Shape::Sequence { .. }) => Flow::Repeat,
        (Shape::Ids { .. } | Shape::Sequence { .. }, Shape::Flat { .. }) => Flow::Whole,
        _ => Flow::Each,
    }
}

/// The windows of a layer that has some, from its configuration.
fn windows(config: &Value) -> Option<Windows> {
    let size = config.get("kernel_size").or(config.get("pool_size"))?;
    let number = |value: &Value| {
        let value = value.get(0).unwrap_or(value);
        value.as_u64().map_or(1, |n| n as usize)
    };
    let padding = match config["padding"].as_str() {
        Some("same") => Padding::Same,
        Some("causal") => Padding::Causal,
        _ => Padding::Valid,
    };
    let (stride, dilation) = (number(&config["strides"]), number(&config["dilation_rate"]));
    Some(Windows { size: number(size), stride, dilation, padding })
}
