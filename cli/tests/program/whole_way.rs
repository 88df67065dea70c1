//! `convert`, `train`, `evaluate`, `predict` and `generate`, on data sets made here.

use crate::support::{Run, lstm_model};
use serde_json::json;
use unrolled::data::{Dataset, Provenance, Split, Task, Unit, Vocabulary};
use unrolled::formats::keras;
use unrolled::model::{Sequential, weights};
use unrolled::tensors::{Container, Tensors};

#[test]
fn weights_survive_every_format() {
    let run = Run::new("convert");
    let json = lstm_model();
    let model = run.text("model.json", &json);
    let first = run.weights(&json, "first.safetensors");
    let want = run.tensors("first.safetensors");
    let mut from = first;
    for name in ["a.npz", "b.weights.h5", "c.keras", "d.safetensors", "e.keras", "f.weights.h5", "g.npz"] {
        let to = run.path(name);
        run.succeeds(&["convert", &from, &to, "--model", &model]);
        // Each of these files serves as WEIGHTS too.
        let inputs = &run.lstm_files()[2];
        run.succeeds(&["forward", &model, &to, inputs, &run.path("out.safetensors")]);
        from = to;
    }
    assert_eq!(run.tensors("g.npz"), want);
    run.succeeds(&["convert", &run.path("c.keras"), &run.path("alone.safetensors")]);
    assert_eq!(run.tensors("alone.safetensors"), want);
    run.succeeds(&["convert", &run.path("c.keras"), &run.path("again.json")]);
    run.succeeds(&["summary", &run.path("again.json")]);
    run.succeeds(&["summary", &run.path("c.keras")]);
    run.fails(&["convert", &run.path("b.weights.h5"), &run.path("x.npz")], &["b.weights.h5", "--model"]);
    run.fails(&["convert", &run.path("g.npz"), &run.path("x.keras")], &["g.npz", "--model"]);
    run.fails(&["convert", &run.path("g.npz"), &run.path("x.txt")], &["x.txt", ".keras"]);
    run.fails(&["convert", &run.text("broken.keras", "PK\u{3}\u{4}"), &run.path("x.npz")], &["broken.keras"]);
}

#[test]
fn a_model_file_holds_what_its_parts_hold() {
    let run = Run::new("model-file");
    let files = run.lstm_files();
    let whole = run.path("whole.keras");
    run.succeeds(&["convert", &files[1], &whole, "--model", &files[0]]);
    run.succeeds(&["forward", &files[0], &files[1], &files[2], &files[3]]);
    let want = run.tensors("out.safetensors");
    run.succeeds(&["forward", &whole, &whole, &files[2], &files[3]]);
    assert_eq!(run.tensors("out.safetensors"), want);
    let model = keras::read_model(&std::fs::read(&whole).unwrap(), "whole").unwrap().0;
    let bytes = weights::to_tensors(&model.parameters).to_bytes(Container::Safetensors).unwrap();
    assert_eq!(Tensors::from_bytes(&bytes, "x").unwrap(), run.tensors("weights.safetensors"));
    assert!(Sequential::from_json(&model.to_json().to_string(), 0).is_ok());
}

fn dataset(name: &str, task: Task, classes: &[&str], vocabulary: Vocabulary, parts: [Split; 2]) -> Dataset {
    let [train, test] = parts;
    Dataset {
        name: name.into(),
        title: name.into(),
        task,
        class_names: classes.iter().map(|class| (*class).to_owned()).collect(),
        vocabulary,
        train,
        test,
        provenance: Provenance::default(),
        notes: String::new(),
    }
}

/// Reviews of two words, the second of which says everything.
fn reviews() -> Dataset {
    let words = ["film", "story", "actors", "end", "good", "bad"].map(str::to_owned).to_vec();
    let vocabulary = Vocabulary::new(Unit::Word, words).unwrap();
    let part = |count: u16| {
        let sequences: Vec<[u16; 3]> = (0..count).map(|k| [1, 4 + k % 4, 8 + k / 4 % 2]).collect();
        let labels = (0..count).map(|k| 1 - k / 4 % 2).collect();
        Split::new(sequences.iter().map(|s| &s[..]), labels).unwrap()
    };
    dataset("imdb", Task::Binary, &["negative", "positive"], vocabulary, [part(32), part(16)])
}

/// A text of 83 different characters that repeats itself.
fn novel() -> Dataset {
    let text = ('!'..='s').collect::<String>().repeat(40);
    let vocabulary = Vocabulary::of_characters(&text).unwrap();
    let ids = vocabulary.encode(&text);
    let part = |ids: &[u16]| Split::new([ids], Vec::new()).unwrap();
    dataset("moby-dick", Task::LanguageModel, &[], vocabulary, [part(&ids), part(&ids[..2500])])
}

#[test]
fn a_model_of_word_pairs_goes_on_word_by_word() {
    let run = Run::new("pairs");
    let text = "the white whale swam and the black ship followed ".repeat(60);
    let vocabulary = Vocabulary::of_characters(&text).unwrap();
    let ids = vocabulary.encode(&text);
    let part = || Split::new([ids.as_slice()], Vec::new()).unwrap();
    let novel = dataset("moby-dick", Task::LanguageModel, &[], vocabulary, [part(), part()]);
    run.bytes("moby-dick.safetensors", &novel.to_bytes().unwrap());
    let (folder, model) = (run.path(""), run.path("pairs.keras"));
    // The tutorial's reading with fewer words and units.
    let document = json!({
        "data": { "set": "moby-dick", "reading": { "as": "word_pairs", "num_words": 20 } },
        "model": { "class_name": "Sequential", "config": { "name": "pairs", "layers": [
            { "class_name": "InputLayer", "config": { "batch_shape": [null, 1] } },
            { "class_name": "Embedding", "config": { "input_dim": 21, "output_dim": 8 } },
            { "class_name": "LSTM", "config": { "units": 16 } },
            { "class_name": "Dense", "config": { "units": 21, "activation": "softmax" } } ] } },
        "compile": { "loss": "sparse_categorical_crossentropy",
            "optimizer": { "class_name": "Adam", "config": { "learning_rate": 0.05 } } },
        "fit": { "batch_size": 16, "epochs": 5 },
    });
    let experiment = run.text("pairs.json", &document.to_string());
    let data = ["--experiment", &experiment, "--data", &folder];
    run.succeeds(&[&["train", "--out", &model], &data[..]].concat());
    let asked = ["generate", &model, "--text", "the white", "--length", "4", "--temperature", "0"];
    // After five epochs it knows which word follows which, where only one does.
    assert_eq!(run.succeeds(&[&asked[..], &data[..]].concat()).trim_end(), "the white whale swam and the");
    let asked = ["generate", &model, "--text", "leviathan", "--length", "4"];
    run.fails(&[&asked[..], &data[..]].concat(), &["nothing in it that the model can read"]);
}

/// The test loss that the last line of `train` and the line of `evaluate` give.
fn test_loss(text: &str) -> String {
    let last = text.trim_end().rsplit("loss ").next().unwrap();
    last.split(',').next().unwrap().to_owned()
}

#[test]
fn a_model_is_trained_evaluated_and_asked() {
    let run = Run::new("train");
    run.bytes("imdb.safetensors", &reviews().to_bytes().unwrap());
    let (folder, model) = (run.path(""), run.path("imdb.keras"));
    let data = ["--experiment", "imdb-lstm-32", "--data", &folder];
    let train = ["train", "--out", &model, "--epochs", "2"];
    let trained = run.succeeds(&[&train[..], &data[..]].concat());
    assert_eq!(trained.lines().count(), 2, "{trained}");
    let judged = run.succeeds(&[&["evaluate", &model], &data[..]].concat());
    assert!(judged.contains(" on 16 samples"), "{judged}");
    assert_eq!(test_loss(&judged), test_loss(&trained), "the file holds the trained model");
    let text = run.succeeds(&[&["predict", &model, "--text", "Story good!"], &data[..]].concat());
    let line =
        |line: &str| line.split_once(' ').map(|(p, name)| (p.parse::<f32>().unwrap(), name.to_owned()));
    let classes: Vec<(f32, String)> = text.lines().filter_map(line).collect();
    assert_eq!(classes.len(), 2, "{text}");
    // Probabilities are printed with four digits.
    assert!((classes[0].0 + classes[1].0 - 1.0).abs() < 2e-4 && classes[0].0 >= classes[1].0, "{text}");
    run.fails(&[&["predict", &model, "--text", "!?"], &data[..]].concat(), &["text"]);
    run.fails(
        &[&["generate", &model, "--text", "a"], &data[..]].concat(),
        &["language model", "Film reviews"],
    );
}

/// The experiment's cell and optimizer on a table of one's own, with an embedding and an output that fit it.
#[test]
fn an_experiment_is_trained_on_a_file_of_ones_own() {
    let run = Run::new("own");
    let rows =
        |k: usize| if k.is_multiple_of(2) { "a good film,positive\n" } else { "a bad film,negative\n" };
    let table = format!("text,label\n{}", (0..40).map(rows).collect::<String>());
    let (file, model) = (run.text("films.csv", &table), run.path("films.keras"));
    let train = ["train", "--experiment", "imdb-small", "--epochs", "1", "--out", &model, "--data"];
    let trained = run.succeeds(&[&train[..], &[&file]].concat());
    assert_eq!(trained.lines().count(), 1, "{trained}");
    assert!(trained.contains("epoch 1: loss ") && trained.contains("test loss "), "{trained}");
    let summary = run.succeeds(&["summary", &model]);
    assert!(summary.contains("Embedding") && summary.contains("LSTM"), "{summary}");
    let file = run.text("broken.csv", "text,label\ngood,yes\nbad, very bad,no\nbad,no\n");
    run.fails(&[&train[..], &[&file]].concat(), &["broken.csv", "line 3 has 3 fields", "in quotes"]);
    let file = run.text("empty.csv", "");
    run.fails(&[&train[..], &[&file]].concat(), &["empty.csv", "it is empty"]);
}

#[test]
fn a_language_model_goes_on_with_a_text() {
    let run = Run::new("generate");
    run.bytes("moby-dick.safetensors", &novel().to_bytes().unwrap());
    let (folder, model) = (run.path(""), run.path("moby.keras"));
    let data = ["--experiment", "moby-dick", "--data", &folder];
    let train = ["train", "--out", &model, "--epochs", "1", "--limit", "2100"];
    let trained = run.succeeds(&[&train[..], &data[..]].concat());
    assert_eq!(trained.lines().count(), 1, "{trained}");
    let generate = |more: &[&str]| {
        let asked = ["generate", &model, "--text", "abcdefgh abcd", "--length", "12"];
        run.succeeds(&[&asked[..], &data[..], more].concat())
    };
    let text = generate(&[]);
    assert!(text.starts_with("abcdefgh abcd"), "{text}");
    assert_eq!(text.trim_end_matches('\n').chars().count(), 25, "{text}");
    assert_eq!(generate(&[]), text, "the same seed draws the same text");
    assert_ne!(generate(&["--seed", "1", "--temperature", "3"]), text);
    assert_eq!(generate(&["--temperature", "0", "--seed", "1"]), generate(&["--temperature", "0"]));
    run.fails(&[&["generate", &model, "--text", "é"], &data[..]].concat(), &["text"]);
    run.fails(
        &[&["generate", &model, "--text", "a", "--temperature", "-1"], &data[..]].concat(),
        &["temperature"],
    );
    run.fails(&[&["predict", &model, "--text", "a"], &data[..]].concat(), &["generate", "Moby Dick"]);
}

#[test]
fn experiments_are_listed_and_unknown_ones_and_missing_data_are_named() {
    let run = Run::new("experiments");
    let text = run.succeeds(&["experiment", "list"]);
    for name in
        ["imdb-lstm", "reuters-simple-rnn", "moby-dick", "moby-dick-word-pairs", "digits", "imdb-small"]
    {
        assert!(text.lines().any(|line| line.starts_with(name)), "{text}");
    }
    assert_eq!(run.succeeds(&["train", "--list"]), text);
    let folder = run.path("");
    run.fails(&["train", "--experiment", "imdbs", "--data", &folder], &["imdb-lstm", "found imdbs"]);
    run.fails(
        &["train", "--experiment", "digits", "--data", &folder],
        &["digits.safetensors", "cargo xtask data"],
    );
    run.fails(&["train"], &["--experiment"]);
    run.text("digits.safetensors", "no data");
    run.fails(&["train", "--experiment", "digits", "--data", &folder], &["data file"]);
}

#[test]
fn an_experiment_is_shown_with_its_defaults_and_what_is_shown_can_be_trained() {
    let run = Run::new("documents");
    run.bytes("imdb.safetensors", &reviews().to_bytes().unwrap());
    let shown = run.succeeds(&["experiment", "show", "imdb-lstm-32"]);
    for default in ["\"oov\": true", "\"validation\": \"test\"", "\"recurrent_activation\"", "\"rho\""] {
        assert!(shown.contains(default), "{default} is not in {shown}");
    }
    let folder = run.path("");
    let losses = |experiment: &str, more: &[&str]| {
        let train = ["train", "--experiment", experiment, "--data", &folder, "--epochs", "1"];
        let text = run.succeeds(&[&train[..], more].concat());
        text.lines().map(|line| line.rsplit_once(';').map_or(line, |(start, _)| start).to_owned()).collect()
    };
    let document = run.text("mine.json", &shown);
    let by_name: Vec<String> = losses("imdb-lstm-32", &[]);
    assert_eq!(losses(&document, &[]), by_name, "the document says everything");
    let drawn: Vec<String> = losses(&document, &["--seed", "random"]);
    assert_eq!(drawn.len(), 1);
    assert_ne!(drawn, by_name, "another seed is another run");
    let broken = run.text("broken.json", &shown.replace("\"maxlen\"", "\"max_len\""));
    run.fails(&["experiment", "show", &broken], &["broken.json", "data.reading.max_len", "maxlen"]);
    run.fails(&["experiment", "show", &run.path("missing.json")], &["missing.json"]);
    run.fails(&["train", "--experiment", &document, "--seed", "many"], &["seed"]);
}

#[test]
fn a_model_of_another_experiment_is_refused_for_what_it_is() {
    let run = Run::new("mismatch");
    run.bytes("imdb.safetensors", &reviews().to_bytes().unwrap());
    run.bytes("moby-dick.safetensors", &novel().to_bytes().unwrap());
    let (folder, model) = (run.path(""), run.path("imdb.keras"));
    let train =
        ["train", "--experiment", "imdb-lstm-32", "--data", &folder, "--epochs", "1", "--out", &model];
    run.succeeds(&train);
    for other in ["moby-dick", "reuters-lstm", "imdb-lstm"] {
        let evaluate = ["evaluate", &model, "--experiment", other, "--data", &folder];
        run.fails(
            &evaluate,
            if other == "reuters-lstm" { &["reuters"] } else { &["not made for", "trained with"] },
        );
    }
    let report =
        run.succeeds(&["evaluate", &model, "--experiment", "imdb-lstm-32", "--data", &folder, "--report"]);
    for part in ["precision", "recall", "positive", "negative", "most frequent class 0.5000"] {
        assert!(report.contains(part), "{part} is not in {report}");
    }
}

#[test]
fn generated_data_need_no_file() {
    let run = Run::new("task");
    let document = run.text(
        "parity.json",
        r#"{ "data": { "set": "task", "task": "parity", "options": { "timesteps": 6, "samples": 64,
          "test_samples": 32 } },
             "model": { "class_name": "Sequential", "config": { "layers": [
                 { "class_name": "SimpleRNN", "config": { "units": 4, "return_sequences": true,
                     "batch_input_shape": [null, 6, 1] } },
                 { "class_name": "Dense", "config": { "units": 1, "activation": "sigmoid" } } ] } },
             "compile": { "loss": "binary_crossentropy", "optimizer": "adam" } }"#,
    );
    let model = run.path("parity.keras");
    let trained = run.succeeds(&["train", "--experiment", &document, "--out", &model]);
    let judged = run.succeeds(&["evaluate", &model, "--experiment", &document]);
    assert_eq!(test_loss(&judged), test_loss(&trained));
    run.fails(&["predict", &model, "--experiment", &document, "--text", "a"], &["classes"]);
}
