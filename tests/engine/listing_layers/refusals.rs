//! Listings that are no layers: what is said about them.

use proptest::prelude::*;
use serde_json::{Value, json};
use unrolled::listing::cells;
use unrolled::model::Sequential;

use super::{Case, layer, pass};

/// What `Sequential::from_json` says about a listing layer over 3 features.
fn refusal(config: Value) -> String {
    let mut layer = layer("Listing", config);
    layer["config"]["batch_input_shape"] = json!([null, null, 3]);
    let json = json!({ "class_name": "Sequential", "config": { "name": "m", "layers": [layer] } });
    Sequential::from_json(&json.to_string(), 3).err().expect("a refusal").to_string()
}

#[test]
fn bad_listings_are_refused_with_line_and_column() {
    let text = |source: &str| refusal(json!({ "name": "cell", "units": 4, "source": source }));
    let message = text("def step(x, h, W, U):\n    h = np.tann(x @ W + h @ U)\n    return h\n");
    assert!(message.contains("line 2, column 9"), "{message}");
    let message = text("def step(x, h, W, U):\n    h = x @ W +\n    return h\n");
    assert!(message.contains("line 2, column"), "{message}");
    // The state must have as many numbers as are returned for it.
    let message = text("def step(x, h, W):\n    h = np.concatenate([x @ W, h])\n    return h\n");
    assert!(message.contains("line ") && message.contains("column "), "{message}");
    // Three features cannot be added to four units.
    let message = text("def step(x, h):\n    h = np.tanh(x + h)\n    return h\n");
    let sizes = message.contains("`x` has 3 numbers but `h` has 4") && message.contains("choose 3 units");
    assert!(message.contains("`cell`") && sizes, "{message}");
    let odd = refusal(json!({ "name": "cell", "units": 5, "cell": "group_lstm" }));
    assert!(
        odd.contains("line ") && odd.contains(", column ") && odd.contains("not made of whole numbers"),
        "{odd}"
    );
}

#[test]
fn options_that_a_listing_cannot_have_are_refused() {
    for (config, words) in [
        (json!({ "units": 4 }), "config.source"),
        (json!({ "units": 4, "cell": "lstn" }), "one of simple_rnn, lstm"),
        (json!({ "units": 4, "cell": "lstm", "source": "def" }), "config.cell"),
        (json!({ "cell": "lstm" }), "config.units"),
        (json!({ "units": 4, "cell": "lstm", "activation": "relu" }), "config.activation"),
        (json!({ "units": 4, "cell": "lstm", "recurrent_dropout": 0.2 }), "config.recurrent_dropout"),
        (json!({ "units": 4, "cell": "lstm", "initializers": { "V": "ones" } }), "W, U, b"),
        (json!({ "units": 4, "cell": "lstm", "initializers": { "b": "onez" } }), "initializers.b"),
        (json!({ "units": 4, "cell": "lstm", "initializers": 3 }), "config.initializers"),
        (json!({ "units": 4, "cell": "lstm", "sauce": "x" }), "sauce"),
        (json!({ "units": 1 << 23, "cell": "lstm" }), "column 35"),
    ] {
        let message = refusal(config.clone());
        assert!(message.contains(words), "{config}: {message}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_damaged_text_makes_a_layer_panic(
        cell in 0..cells::all().len(), at in any::<prop::sample::Index>(), to in any::<char>(), units in 1..6usize,
    ) {
        let mut text: Vec<char> = cells::all()[cell].source.chars().collect();
        let at = at.index(text.len());
        text[at] = to;
        let text: String = text.into_iter().collect();
        let layers = vec![json!({ "class_name": "Listing", "config":
            { "units": units, "source": text, "batch_input_shape": [null, null, 3] } })];
        let json = json!({ "class_name": "Sequential", "config": { "name": "m", "layers": layers } });
        if let Ok(mut model) = Sequential::from_json(&json.to_string(), 1) {
            let case = Case { units, features: 3, batch: 2, timesteps: 3, masked: true, seed: 2 };
            prop_assert!(!pass(&mut model, &case).is_empty());
        }
    }
}
