//! What is said of the flow through a layer against what changes in its output when one timestep of its input does.

use serde_json::{Value, json};
use unrolled::experiment::{Experiment, Flow};
use unrolled::model::{Mode, Sequential};
use unrolled::rng::{RngExt, Stream, Uniform};

const TIMESTEPS: usize = 9;
const FEATURES: usize = 3;

/// The flow that the survey gives of one layer behind an input.
fn flow(shape: &Value, layer: &Value) -> (Flow, bool) {
    let mut document = Experiment::preset("adding").unwrap().to_json();
    let input = json!({ "class_name": "InputLayer", "config": { "batch_shape": shape } });
    document["model"]["config"]["layers"] = json!([input, layer]);
    let survey = Experiment::from_value(&document).unwrap().survey();
    assert_eq!(survey.flows[0], None, "an input layer is no layer to draw");
    (survey.flows[1].clone().unwrap(), survey.sequence)
}

/// For each timestep of the output, the timesteps of the input from which it is computed: those whose change
/// changes it.
fn read_by(layer: &Value) -> Vec<Vec<usize>> {
    let input =
        json!({ "class_name": "InputLayer", "config": { "batch_shape": [null, TIMESTEPS, FEATURES] } });
    let json = json!({ "class_name": "Sequential", "config": { "name": "m", "layers": [input, layer] } });
    let mut model = Sequential::from_json(&json.to_string(), 1).unwrap();
    let mut stream = Stream::new(3, "flow", 0);
    let x: Vec<f32> = (0..TIMESTEPS * FEATURES).map(|_| stream.sample(Uniform::new(0.1, 0.9))).collect();
    let mut forward = |changed: Option<usize>| {
        let input = model.input_mut();
        input.set_sequence(TIMESTEPS, 1, FEATURES);
        input.data.copy_from_slice(&x);
        // Larger and smaller, so that the largest of a window changes for sure.
        if let Some(t) = changed {
            input.data[t * FEATURES..(t + 1) * FEATURES].fill(5.0);
        }
        model.forward(Mode::INFERENCE).unwrap();
        let output = model.output();
        (output.data.clone(), output.data.len() / output.timesteps.max(1))
    };
    let (before, width) = forward(None);
    let mut read = vec![Vec::new(); before.len() / width];
    for t in 0..TIMESTEPS {
        let (after, _) = forward(Some(t));
        for (j, read) in read.iter_mut().enumerate() {
            let at = j * width..(j + 1) * width;
            if before[at.clone()] != after[at] {
                read.push(t);
            }
        }
    }
    read
}

/// The same by what the flow says.
fn said(flow: &Flow, outputs: usize) -> Vec<Vec<usize>> {
    let all = |range: std::ops::Range<usize>| range.collect::<Vec<_>>();
    let one = |j: usize| match flow {
        Flow::Each => vec![j],
        Flow::Whole | Flow::Repeat => all(0..TIMESTEPS),
        Flow::Windows { size, stride, dilation, before } => (0..*size)
            .filter_map(|k| (j * stride + k * dilation).checked_sub(*before))
            .filter(|t| *t < TIMESTEPS)
            .collect(),
        Flow::Recurrent { returns_sequences: false, .. } => all(0..TIMESTEPS),
        Flow::Recurrent { backwards, .. } if backwards.len() > 1 => all(0..TIMESTEPS),
        // The outputs of a layer that goes backwards stay in the order in which they are computed.
        Flow::Recurrent { backwards, .. } if backwards[0] => all(TIMESTEPS - 1 - j..TIMESTEPS),
        Flow::Recurrent { .. } => all(0..j + 1),
    };
    (0..outputs).map(one).collect()
}

fn layer(class: &str, config: Value) -> Value {
    let mut config = config;
    config["name"] = json!("layer");
    json!({ "class_name": class, "config": config })
}

#[test]
fn an_output_is_computed_from_the_timesteps_that_its_flow_says() {
    let gru = |more: Value| {
        let mut config = json!({ "units": 4, "return_sequences": true });
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        layer("GRU", config)
    };
    let both = |sequences: bool| {
        let inside = json!({ "class_name": "LSTM", "config": { "units": 2, "return_sequences": sequences } });
        layer("Bidirectional", json!({ "layer": inside }))
    };
    let conv = |padding: &str, stride: usize, dilation: usize| {
        let config = json!({
            "filters": 2, "kernel_size": 3, "padding": padding, "strides": stride, "dilation_rate": dilation
        });
        layer("Conv1D", config)
    };
    let residual = json!({ "class_name": "GRU", "config": { "units": FEATURES, "return_sequences": true } });
    let layers = [
        layer("Dense", json!({ "units": 4 })),
        layer("LayerNormalization", json!({})),
        gru(json!({})),
        gru(json!({ "go_backwards": true })),
        gru(json!({ "return_sequences": false })),
        both(true),
        both(false),
        layer("ResidualWrapper", json!({ "layer": residual })),
        conv("valid", 1, 1),
        conv("same", 1, 1),
        conv("same", 2, 1),
        conv("causal", 1, 2),
        layer("AveragePooling1D", json!({ "pool_size": 2 })),
        layer("AveragePooling1D", json!({ "pool_size": 4, "strides": 3, "padding": "same" })),
        layer("GlobalAveragePooling1D", json!({})),
        layer("Flatten", json!({})),
    ];
    for layer in layers {
        let (flow, sequence) = flow(&json!([null, TIMESTEPS, FEATURES]), &layer);
        assert!(sequence);
        let read = read_by(&layer);
        assert_eq!(read, said(&flow, read.len()), "{layer}: {flow:?}");
    }
}

#[test]
fn states_directions_and_their_merge_are_named() {
    let inside = json!({ "class_name": "LSTM", "config": { "units": 2 } });
    let both = layer("Bidirectional", json!({ "layer": inside, "merge_mode": "sum" }));
    let (found, _) = flow(&json!([null, TIMESTEPS, FEATURES]), &both);
    let Flow::Recurrent { states, backwards, merge_mode, returns_sequences, residual, stateful } = found
    else {
        panic!("{found:?}")
    };
    assert_eq!((states, backwards), (2, vec![false, true]));
    assert_eq!(merge_mode.as_deref(), Some("sum"));
    assert!(!returns_sequences && !residual && !stateful);
    let repeat = flow(&json!([null, 4]), &layer("RepeatVector", json!({ "n": 3 })));
    assert_eq!(repeat, (Flow::Repeat, false));
    let (found, _) =
        flow(&json!([null, TIMESTEPS]), &layer("Embedding", json!({ "input_dim": 9, "output_dim": 2 })));
    assert_eq!(found, Flow::Each);
}
