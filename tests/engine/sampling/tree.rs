//! Texts of one model as a tree: what is written anew and what is found again.

use serde_json::{Value, json};
use unrolled::data::{Dataset, Provenance, Split, Task, Vocabulary};
use unrolled::experiment::Experiment;
use unrolled::generate::Sampler;
use unrolled::generate::choice::{Choice, Rule};
use unrolled::model::{Mode, Sequential};
use unrolled::session::Trained;
use unrolled::session::sampling::{Drawn, Laboratory};
use unrolled::train::checkpoint;

const TEXT: &str = "call me ishmael. some years ago, never mind how long";

fn dataset() -> Dataset {
    let vocabulary = Vocabulary::of_characters(TEXT).unwrap();
    let ids = vocabulary.encode(TEXT);
    Dataset {
        name: "text".into(),
        title: "A text".into(),
        task: Task::LanguageModel,
        class_names: Vec::new(),
        train: Split::new([ids.as_slice()], Vec::new()).unwrap(),
        test: Split::default(),
        vocabulary,
        provenance: Provenance::default(),
        notes: String::new(),
    }
}

fn experiment(reading: Value, stateful: bool, inputs: usize) -> Experiment {
    let document = json!({
        "data": { "set": "own", "reading": reading },
        "model": { "class_name": "Sequential", "config": { "name": "m", "layers": [
            { "class_name": "InputLayer", "config": { "batch_shape": [null, null] } },
            { "class_name": "Embedding", "config": { "input_dim": inputs, "output_dim": 6 } },
            { "class_name": "GRU", "config": { "units": 9, "return_sequences": true, "stateful": stateful } },
            { "class_name": "Dense", "config": { "units": inputs, "activation": "linear",
                "kernel_initializer": { "class_name": "RandomNormal", "config": { "stddev": 1.5 } } } } ] } },
        "compile": { "loss": "sparse_categorical_crossentropy", "from_logits": true, "optimizer": "adam" },
        "fit": { "batch_size": 1, "seed": 3 },
    });
    Experiment::from_value(&document).unwrap()
}

fn characters(stateful: bool) -> Experiment {
    let inputs = dataset().vocabulary.num_words();
    experiment(json!({ "as": "characters", "timesteps": 8, "stateful": stateful }), stateful, inputs)
}

fn laboratory(experiment: &Experiment) -> Laboratory {
    let model = experiment.build_model().unwrap();
    let weights = checkpoint::save_weights(&model.parameters).unwrap();
    Laboratory::new(experiment.clone(), Some(&dataset()), Some(&weights)).unwrap()
}

fn text_of(written: &[Drawn]) -> String {
    written.iter().map(|written| written.text.as_str()).collect()
}

#[test]
fn the_laboratory_writes_what_the_sampler_writes() {
    for stateful in [false, true] {
        let experiment = characters(stateful);
        let mut laboratory = laboratory(&experiment);
        laboratory.begin("some years", 5).unwrap();
        let written = laboratory.write(0, 40, &Rule::of_temperature(0.8)).unwrap();
        let model = experiment.build_model().unwrap();
        let mut trained = Trained::new(model, experiment, Some(&dataset())).unwrap();
        let text = trained.generate("some years", 40, Sampler::new(0.8, 5).unwrap()).unwrap();
        assert_eq!(text_of(&written), text);
    }
}

/// The logits after `ids` by one pass over all of them.
fn logits_after(model: &mut Sequential, ids: &[u16]) -> Vec<f32> {
    model.reset_states();
    let input = model.input_mut();
    input.set_ids(ids.len(), 1);
    input.ids.iter_mut().zip(ids).for_each(|(to, from)| *to = u32::from(*from));
    model.forward(Mode::INFERENCE).unwrap();
    let output = model.output();
    output.data[output.data.len() - output.features..].to_vec()
}

#[test]
fn states_at_a_branch_are_those_of_its_own_text() {
    let experiment = characters(true);
    let mut laboratory = laboratory(&experiment);
    let rule = Rule::default();
    laboratory.begin("ago", 1).unwrap();
    let written = laboratory.write(0, 12, &rule).unwrap();
    let at = written[4].node;
    let other = (written[5].token + 1) % dataset().vocabulary.num_words();
    let taken = laboratory.take(at, other, &rule).unwrap();
    laboratory.write(written[11].node, 3, &rule).unwrap();
    let behind = laboratory.write(taken.node, 4, &rule).unwrap();

    let text = format!("ago{}{}{}", text_of(&written[..5]), taken.text, text_of(&behind));
    let mut model = experiment.build_model().unwrap();
    let logits = logits_after(&mut model, &dataset().vocabulary.encode(&text));
    let found = laboratory.choice(behind[3].node, &rule, None).unwrap();
    // One pass over the text and one for each character are the same products, added up in another order of blocks.
    assert!(found.logits.iter().zip(&logits).all(|(a, b)| (a - b).abs() < 1e-5), "{:?}", found.logits);
    assert!(taken.surprise_bits.is_some() && taken.by_rule == written[5].token);

    let path = laboratory.path(behind[3].node, &rule).unwrap();
    assert_eq!(format!("ago{}", text_of(&path)), text);
    assert_eq!(path[..5], written[..5]);
    assert_eq!(path[6..], behind[..]);
}

#[test]
fn the_same_text_is_found_again_and_branches_are_whole() {
    let mut laboratory = laboratory(&characters(true));
    laboratory.begin("me", 2).unwrap();
    let (cold, hot) = (Rule::of_temperature(0.1), Rule::of_temperature(10.0));
    let first = laboratory.write(0, 10, &cold).unwrap();
    assert_eq!(laboratory.write(0, 10, &cold).unwrap(), first);
    let second = laboratory.write(0, 10, &hot).unwrap();
    let same = first.iter().zip(&second).take_while(|(a, b)| a.node == b.node).count();
    assert!(same < 10, "temperatures 0.1 and 10 wrote the same");
    // The same random number stands at each place of both.
    assert!(first.iter().zip(&second).all(|(a, b)| a.number == b.number));
    let branches = laboratory.branches();
    let nodes: usize = branches.iter().map(|branch| branch.nodes.len()).sum();
    assert_eq!(nodes, 20 - same);
    for (written, node) in [(&first, first[9].node), (&second, second[9].node)] {
        let mut at = branches.iter().position(|branch| branch.nodes.last() == Some(&node));
        let mut text = String::new();
        while let Some(k) = at {
            text.insert_str(0, &branches[k].text);
            at = branches[k].parent;
        }
        assert_eq!(text, text_of(written));
    }
}

#[test]
fn a_word_pair_model_says_the_same_after_any_two_histories_with_one_last_word() {
    let dataset = dataset().text_by_words(11).unwrap();
    let document = json!({ "/model/config/layers/0/config/batch_shape": [null, 1] });
    let experiment = experiment(json!({ "as": "word_pairs", "num_words": 11 }), false, 11)
        .with_changes(document.as_object().unwrap())
        .unwrap();
    let mut laboratory = laboratory(&experiment);
    let mut after = |text: &str| {
        let begun = laboratory.begin(text, 0).unwrap();
        assert!(!begun.characters);
        laboratory.choice(0, &Rule::default(), None).unwrap()
    };
    let [one, two, three] = ["call me", "some years ago never me", "me call"].map(&mut after);
    assert_eq!(one, two);
    assert_ne!(one.logits, three.logits);
    assert_eq!(one.logits.len(), dataset.vocabulary.words().len());
}

#[test]
fn another_number_chooses_what_it_falls_on() {
    let mut laboratory = laboratory(&characters(false));
    laboratory.begin("mind", 0).unwrap();
    let of = |choice: Choice| (choice.number, choice.chosen);
    let last = dataset().vocabulary.num_words() - 1;
    assert_eq!(of(laboratory.choice(0, &Rule::default(), Some(0.0)).unwrap()), (0.0, 0));
    assert_eq!(of(laboratory.choice(0, &Rule::default(), Some(0.999_999_9)).unwrap()), (0.999_999_9, last));
}

#[test]
fn what_cannot_be_done_is_refused_with_what_can() {
    let experiment = characters(true);
    let mut laboratory = laboratory(&experiment);
    assert!(laboratory.write(0, 1, &Rule::default()).is_err(), "nothing has begun");
    assert!(laboratory.begin("", 0).unwrap_err().to_string().contains("nothing in it"));
    let begun = laboratory.begin("me ☃", 0).unwrap();
    assert_eq!(
        (begun.text.as_str(), begun.left_out, begun.tokens),
        ("me ", 1, dataset().vocabulary.num_words())
    );
    assert!(laboratory.write(7, 1, &Rule::default()).is_err());
    assert!(laboratory.write(0, 0, &Rule::default()).is_err());
    assert!(laboratory.take(0, 99, &Rule::default()).unwrap_err().to_string().contains("the token"));
    let weights = checkpoint::save_weights(&experiment.build_model().unwrap().parameters).unwrap();
    assert!(Laboratory::new(experiment, None, Some(&weights)).is_err());
}
