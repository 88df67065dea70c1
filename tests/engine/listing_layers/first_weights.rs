//! Stepping and training start from the same numbers.

use serde_json::json;
use unrolled::listing::cells;
use unrolled::session::stepping::{Choice, InputChoice, Stepping, WeightChoice};

use super::{layer, model};

/// The layer that training makes of a cell: Keras' own where there is one.
fn trained(cell: &cells::CellSource, units: usize) -> serde_json::Value {
    match cell.keras {
        Some(class) => layer(class, json!({ "name": class.to_lowercase(), "units": units })),
        None => layer("Listing", json!({ "name": cell.name, "units": units, "cell": cell.name })),
    }
}

#[test]
fn every_cell_begins_stepping_with_the_weights_of_step_0_of_its_training() {
    let (features, units, seed) = (6, 4, 11);
    for cell in cells::all() {
        let mut model = model(features, vec![trained(cell, units)]);
        model.parameters.initialize(seed);
        let choice = Choice {
            shapes: vec![],
            source: cell.source.to_owned(),
            units,
            sizes: vec![],
            seed,
            input: InputChoice::Sentence { text: "one two".into(), features },
            weights: WeightChoice::Random,
            target: 1.0,
            classes: vec![],
        };
        let stepping = Stepping::new(choice).expect("it can be stepped through");
        let recording = stepping.recording(unrolled::session::stepping::Part::Cell);
        let weights = recording.shapes().weights().zip(&recording.sequence().weights);
        let mut compared = 0;
        for (weight, numbers) in weights {
            let path = cells::weight_path(cell.source, &weight.name);
            let trained =
                model.parameters.by_name(&path).unwrap_or_else(|| panic!("{}: no {path}", cell.name));
            assert!(numbers.iter().eq(trained), "{}: {path}", cell.name);
            compared += 1;
        }
        assert_eq!(compared, model.parameters.specs().len(), "{}", cell.name);
    }
}

#[test]
fn what_a_text_says_of_its_first_weights_stands_in_the_models_configuration() {
    let said = model(3, vec![layer("Listing", json!({ "name": "irnn", "units": 4, "cell": "irnn" }))]);
    // As kept runs have it from before the text said so.
    let initializers = json!({ "U": { "class_name": "Identity", "config": { "gain": 1 } } });
    let config = json!({ "name": "irnn", "units": 4, "cell": "irnn", "initializers": initializers });
    let given = model(3, vec![layer("Listing", config)]);
    assert_eq!(said.to_json(), given.to_json());
    assert_eq!(said.parameters.hash(), given.parameters.hash());
}
