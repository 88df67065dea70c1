//! What a model is shown arrives as training reads it, and the weights are those of the run.

use serde_json::json;
use unrolled::data::{Dataset, Provenance, Split, Task, Unit, Vocabulary};
use unrolled::experiment::{Experiment, Subset};
use unrolled::session::Training;
use unrolled::session::analysis::{Analysis, Shown};
use unrolled::train::checkpoint;

pub(super) fn reviews() -> Dataset {
    let texts: Vec<Vec<u16>> =
        (0..24_u16).map(|k| vec![1, 4 + k % 20, 5 + k % 7, 4 + (3 * k) % 20]).collect();
    let split = || {
        let labels = (0..texts.len()).map(|k| u16::from(k % 3 == 0)).collect();
        Split::new(texts.iter().map(Vec::as_slice), labels).unwrap()
    };
    Dataset {
        name: "reviews".into(),
        title: "Reviews".into(),
        task: Task::Binary,
        class_names: vec!["negative".into(), "positive".into()],
        vocabulary: Vocabulary::new(Unit::Word, (0..20).map(|k| format!("w{k}")).collect()).unwrap(),
        train: split(),
        test: split(),
        provenance: Provenance::default(),
        notes: String::new(),
    }
}

pub(super) fn words() -> Experiment {
    reader(1, "sigmoid", "binary_crossentropy", false)
}

fn reader(outputs: usize, activation: &str, loss: &str, from_logits: bool) -> Experiment {
    let document = json!({
        "data": { "set": "own", "reading": { "as": "words", "num_words": 24, "maxlen": 8 } },
        "model": { "class_name": "Sequential", "config": { "name": "m", "layers": [
            { "class_name": "Embedding", "config": { "input_dim": 24, "output_dim": 4 } },
            { "class_name": "LSTM", "config": { "units": 5 } },
            { "class_name": "Dense", "config": { "units": outputs, "activation": activation } } ] } },
        "compile": { "loss": loss, "from_logits": from_logits },
        "fit": { "batch_size": 6, "seed": 3 },
    });
    Experiment::from_value(&document).unwrap()
}

pub(super) fn adding(timesteps: usize) -> Experiment {
    let document = json!({
        "data": { "set": "task", "task": "adding", "options": { "timesteps": timesteps }, "limit": 40 },
        "model": { "class_name": "Sequential", "config": { "name": "m", "layers": [
            { "class_name": "InputLayer", "config": { "batch_shape": [null, timesteps, 2] } },
            { "class_name": "GRU", "config": { "units": 5 } },
            { "class_name": "Dense", "config": { "units": 1 } } ] } },
        "compile": { "loss": "mean_squared_error" },
    });
    Experiment::from_value(&document).unwrap()
}

#[test]
fn logits_are_shown_as_the_probabilities_that_the_loss_makes_of_them() {
    let text = "w3 w14 w5";
    let shown = Shown::Text { text: text.into() };
    for (outputs, activation, loss) in
        [(1, "sigmoid", "binary_crossentropy"), (2, "softmax", "sparse_categorical_crossentropy")]
    {
        let of = |activation, from_logits| reader(outputs, activation, loss, from_logits);
        let wanted = Analysis::new(of(activation, false), Some(reviews())).unwrap().trace(&shown).unwrap();
        let found = Analysis::new(of("linear", true), Some(reviews())).unwrap().trace(&shown).unwrap();
        assert_eq!(found.trace, wanted.trace, "probabilities, and gradients of log-odds");
        let mut training = Training::new();
        training.use_dataset(reviews());
        training.set_up(of("linear", true)).unwrap();
        assert_eq!(training.trace(text).unwrap().trace.predictions, wanted.trace.predictions);
    }
}

#[test]
fn a_text_is_traced_as_in_the_run_whose_weights_were_sent() {
    let mut training = Training::new();
    training.use_dataset(reviews());
    training.set_up(words()).unwrap();
    training.train_for(1e9, Some(7), || 0.0).unwrap();
    let wanted = training.trace("w3 w4 nothing w5").unwrap();
    let weights = checkpoint::save_weights(&training.model().unwrap().parameters).unwrap();

    let shown = Shown::Text { text: "w3 w4 nothing w5".into() };
    let mut analysis = Analysis::new(words(), Some(reviews())).unwrap();
    assert_ne!(analysis.trace(&shown).unwrap().trace, wanted.trace, "before the weights were sent");
    for bytes in [weights, training.checkpoint().unwrap()] {
        analysis.take_weights(&bytes).unwrap();
        let found = analysis.trace(&shown).unwrap();
        assert_eq!((found.tokens, found.trace), (wanted.tokens.clone(), wanted.trace.clone()));
        assert_eq!((found.classes, found.note), (wanted.classes.clone(), wanted.note.clone()));
    }
    assert!(analysis.take_weights(b"no weights").is_err());
    assert_eq!(
        analysis.trace(&shown).unwrap().trace,
        wanted.trace,
        "weights that were refused change nothing"
    );
}

#[test]
fn a_sample_of_words_is_traced_without_its_padding_and_start() {
    let mut analysis = Analysis::new(words(), Some(reviews())).unwrap();
    let sample = analysis.trace(&Shown::Sample { subset: Subset::Train, index: 2 }).unwrap();
    let names: Vec<_> = sample.tokens.iter().map(|token| token.text.as_str()).collect();
    assert_eq!(names, ["w2", "w3", "w6"]);
    let text = analysis.trace(&Shown::Text { text: "w2 w3 w6".into() }).unwrap();
    assert_eq!(sample.trace, text.trace);
    assert_eq!(sample.classes, text.classes);
}

#[test]
fn a_sample_of_numbers_has_a_name_for_each_timestep() {
    let mut analysis = Analysis::new(adding(7), None).unwrap();
    let sample = analysis.trace(&Shown::Sample { subset: Subset::Validation, index: 0 }).unwrap();
    assert_eq!(sample.tokens.len(), 7);
    assert_eq!(sample.trace.layers[0].symbol("h").unwrap().values.dim(), (7, 5));
    let marked = sample.tokens.iter().filter(|token| token.text.ends_with(", 1.00")).count();
    assert_eq!(marked, 2, "the numbers that are to be added: {:?}", sample.tokens);
    assert!(sample.classes.is_empty(), "the answer is a number: {:?}", sample.classes);
    let text = analysis.trace(&Shown::Text { text: "seven".into() });
    assert!(text.unwrap_err().to_string().contains("does not read texts"));
    assert!(analysis.trace(&Shown::Sample { subset: Subset::Train, index: 4_000 }).is_err());
}
