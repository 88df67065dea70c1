//! Sizes, first numbers and fixed weights that the text of a layer's cell names.

use serde_json::json;
use unrolled::listing::cells;
use unrolled::math::Backend;
use unrolled::model::Mode;
use unrolled::session::stepping::{Choice, InputChoice, Part, Stepping, WeightChoice};
use unrolled::train::Optimizer;

use super::{Case, layer, model, pass};

const SOURCE: &str = "# size: n = 3
# shape: H = (units, n)
# shape: A = (n,)
# shape: C = (n,)
# init: A = np.log(np.arange(1, n + 1))
# init: D = 0.2 * random
# init: H = 0.5
# init: W = identity
# fixed: A, D
def step(x, y, H, A, C, D, W):
    u = x @ W
    H = np.exp(-np.exp(A)) * H + np.outer(u, np.ones_like(A))
    y = H @ C + D * u
    return y, H
";

fn config(sizes: serde_json::Value) -> serde_json::Value {
    json!({ "name": "own_cell", "units": 4, "source": SOURCE, "sizes": sizes })
}

#[test]
fn training_begins_as_stepping_does_and_does_not_change_what_is_fixed() {
    let mut model = model(2, vec![layer("Listing", config(json!({ "n": 2 })))]);
    model.parameters.initialize(7);
    assert_eq!((model.summary().total, model.summary().trainable), (16, 10));
    let choice = Choice {
        shapes: vec![],
        source: SOURCE.into(),
        units: 4,
        sizes: vec![("n".into(), 2)],
        seed: 7,
        input: InputChoice::Sentence { text: "one two".into(), features: 2 },
        weights: WeightChoice::Random,
        target: 1.0,
        classes: vec![],
    };
    let stepping = Stepping::new(choice).unwrap();
    let cell = stepping.recording(Part::Cell);
    for (weight, numbers) in cell.shapes().weights().zip(&cell.sequence().weights) {
        let path = cells::weight_path(SOURCE, &weight.name);
        assert!(numbers.iter().eq(model.parameters.by_name(&path).unwrap()), "{path}");
    }
    // Over the same input the outputs agree: the first state is that of the text.
    let x = model.input_mut();
    x.set_sequence(2, 1, 2);
    x.data.iter_mut().zip(&cell.sequence().x).for_each(|(to, from)| *to = *from);
    model.forward(Mode::INFERENCE).unwrap();
    let last: Vec<f32> = cell.state(0).iter().skip(8).copied().collect();
    for (ours, stepped) in model.output().data.iter().zip(last) {
        assert!((ours - stepped).abs() < 1e-6, "{ours} and {stepped}");
    }
    let before = model.parameters.clone();
    let case = Case { units: 4, features: 2, batch: 3, timesteps: 4, masked: false, seed: 5 };
    pass(&mut model, &case);
    let adam = json!({ "class_name": "SGD", "config": { "learning_rate": 0.5 } });
    let mut optimizer = Optimizer::from_keras(&adam, &model.parameters).unwrap();
    let mut gradients = model.new_gradients();
    model.backward(Mode::INFERENCE, true, &mut gradients).unwrap();
    optimizer.apply(Backend::best(), &mut model.parameters, &mut gradients);
    for (name, fixed) in [("A", true), ("D", true), ("C", false), ("W", false)] {
        let path = format!("own_cell/{name}");
        assert_eq!(before.by_name(&path) == model.parameters.by_name(&path), fixed, "{name}");
    }
}

#[test]
fn sizes_stand_in_the_models_configuration_and_unknown_ones_are_refused() {
    let made = |sizes| model(2, vec![layer("Listing", config(sizes))]);
    let first = made(json!({ "n": 5 }));
    assert_eq!(first.parameters.by_name("own_cell/A").unwrap().len(), 5);
    let json = first.to_json();
    let layers = json["config"]["layers"].as_array().unwrap();
    assert!(layers.iter().any(|layer| layer["config"]["sizes"] == json!({ "n": 5 })), "{json}");
    let again = unrolled::model::Sequential::from_json(&json.to_string(), 3).unwrap();
    assert_eq!(again.to_json(), json);
    for (sizes, words) in
        [(json!({ "m": 2 }), "names (n)"), (json!({ "n": 0 }), "whole number"), (json!(3), "whole")]
    {
        let mut layer = layer("Listing", config(sizes));
        layer["config"]["batch_input_shape"] = json!([null, null, 2]);
        let json = json!({ "class_name": "Sequential", "config": { "name": "m", "layers": [layer] } });
        let message = unrolled::model::Sequential::from_json(&json.to_string(), 3).err().unwrap().to_string();
        assert!(message.contains(words), "{message}");
    }
}
