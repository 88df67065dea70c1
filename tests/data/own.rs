//! A reader's own files: what becomes of each kind, and what is said of those that cannot be used.

use std::fmt::Write as _;

use serde_json::json;
use unrolled::data::own::{MOST_BYTES, Own, OwnChoice, OwnKind, read};
use unrolled::data::{Dataset, Task};
use unrolled::experiment::{Experiment, Reading};
use unrolled::session::Training;
use unrolled::tensors::{Container, Tensors};

fn own(file: &str, content: impl AsRef<[u8]>) -> Own {
    read(file, content.as_ref(), &OwnChoice::default()).unwrap()
}

fn refusal(file: &str, content: impl AsRef<[u8]>) -> String {
    read(file, content.as_ref(), &OwnChoice::default()).unwrap_err().to_string()
}

/// `count` reviews, every other one good.
fn reviews(count: usize, header: &str, separator: char) -> String {
    let mut text = header.to_owned();
    for k in 0..count {
        let word = if k % 2 == 0 { "awful" } else { "lovely" };
        let label = if k % 2 == 0 { "bad" } else { "good" };
        writeln!(text, "an {word} film number {k}{separator}{label}").unwrap();
    }
    text
}

#[test]
fn a_table_becomes_texts_with_classes() {
    let Own { dataset, info } = own("films.csv", reviews(200, "review,label\n", ','));
    assert_eq!((info.kind, info.samples, info.header), (OwnKind::Table, 200, true));
    assert_eq!((info.text.as_deref(), info.label.as_deref()), (Some("review"), Some("label")));
    assert_eq!((dataset.name.as_str(), dataset.task), ("own", Task::Binary));
    assert_eq!(dataset.class_names, ["bad", "good"]);
    assert_eq!(dataset.train.class_counts(2), [100, 100]);
    assert_eq!(dataset.vocabulary.decode(dataset.train.sequence(1)), "an lovely film number 1");
    // As bytes, which is how a browser keeps it.
    assert_eq!(Dataset::from_bytes(&dataset.to_bytes().unwrap()).unwrap(), dataset);
}

#[test]
fn separators_byte_order_marks_and_windows_line_ends_make_no_difference() {
    let plain = own("x.csv", reviews(20, "review,label\n", ',')).dataset;
    let semicolons = reviews(20, "review;label\n", ';').replace('\n', "\r\n");
    assert_eq!(own("x.csv", format!("\u{feff}{semicolons}")).dataset, plain);
    assert_eq!(own("x.csv", reviews(20, "review\tlabel\n", '\t')).dataset, plain);
}

#[test]
fn columns_can_be_chosen() {
    let text =
        "id,stars,review,genre\n1,5,a very fine film,war\n2,1,a bad film,war\n3,5,good,love\n4,1,no,love\n";
    let found = own("x.csv", text).info;
    assert_eq!((found.text.as_deref(), found.label.as_deref()), (Some("review"), Some("genre")));
    let choice = OwnChoice { label: Some("stars".into()), ..OwnChoice::default() };
    let stars = read("x.csv", text.as_bytes(), &choice).unwrap().dataset;
    assert_eq!(stars.class_names, ["1", "5"]);
    let choice = OwnChoice { label: Some("rating".into()), ..OwnChoice::default() };
    let message = read("x.csv", text.as_bytes(), &choice).unwrap_err().to_string();
    assert_eq!(message, "the column in x.csv must be one of id, stars, review, genre, found rating");
}

#[test]
fn a_table_without_a_header_has_numbered_columns() {
    let info = own("x.csv", reviews(20, "", ',')).info;
    assert_eq!(
        (info.samples, info.text.as_deref(), info.label.as_deref()),
        (20, Some("column 1"), Some("column 2"))
    );
    assert!(info.notes[0].starts_with("The first line looks like data"));
}

#[test]
fn rows_without_a_label_are_left_out_and_counted() {
    let text = reviews(20, "review,label\n", ',') + "what is this,\nand this,NaN\n";
    let info = own("x.csv", text).info;
    assert_eq!(info.samples, 20);
    assert_eq!(info.notes, ["2 rows without a text or a label left out, the first in line 22."]);
}

#[test]
fn every_kind_of_wrong_file_is_answered_with_a_sentence() {
    assert_eq!(refusal("x.csv", ""), "x.csv: it is empty");
    assert_eq!(refusal("x.csv", "  \n\n"), "x.csv: it holds nothing but blanks");
    assert!(refusal("x.csv", vec![b'a'; MOST_BYTES + 1]).starts_with("x.csv: it has 50 MB, at most 50"));
    let binary = refusal("x.csv", b"a,b\nc,\x00\x01\n");
    assert!(binary.starts_with("x.csv: it is no text: line 2 holds a zero byte"), "{binary}");
    assert!(refusal("x.csv", b"a,b\nc,\xff\n").contains("line 2 is not UTF-8"));
    assert!(refusal("x.pdf", "%PDF-1.7").contains("this is a PDF document"));
    assert!(refusal("x.csv", "good\nbad\n").contains("it has one column"));
    let ragged = refusal("x.csv", reviews(20, "review,label\n", ',') + "one, two, three\n");
    assert!(ragged.starts_with("x.csv: line 22 has 3 fields, line 1 has 2"), "{ragged}");
    let unlabelled = refusal("x.csv", "review,label\na film,\nno film,NaN\nsome film,\n");
    assert!(
        unlabelled.contains("no column can hold the labels") && unlabelled.contains("`label` is empty"),
        "{unlabelled}"
    );
    let same = refusal("x.csv", "review,label\na film,good\nno film,good\n");
    assert!(same.contains("`label` has one value"), "{same}");
    let many: String = (0..2000).map(|k| format!("a film that is number {k} of all,class {k}\n")).collect();
    let many = refusal("x.csv", format!("review,label\n{many}"));
    assert!(many.contains("`label` has 2000 different values"), "{many}");
    assert!(refusal("x.csv", "review,label\n").contains("it has 0 rows of data"));
    assert!(refusal("x.csv", "a,b\n1,0\n2,1\n3,1\n").contains("no column besides the labels holds texts"));
    assert!(refusal("x.txt", "call me ishmael").contains("it has 15 characters"));
    let truncated = Tensors::new().to_bytes(Container::Npz).unwrap();
    assert!(refusal("x.npz", &truncated[..truncated.len() / 2]).contains("not whole"));
}

#[test]
fn a_long_text_becomes_characters() {
    let text = "it was the best of times, it was the worst of times. ".repeat(40);
    let Own { dataset, info } = own("tale.txt", &text);
    assert_eq!((info.kind, dataset.task), (OwnKind::Text, Task::LanguageModel));
    assert_eq!(dataset.vocabulary.decode(dataset.train.ids()), text);
}

fn arrays(entries: &[(&str, Vec<usize>, Vec<f32>)], classes: Option<Vec<i32>>) -> Tensors {
    let mut tensors = Tensors::new();
    for (name, shape, values) in entries {
        tensors.insert_floats(*name, shape, values.clone()).unwrap();
    }
    if let Some(classes) = classes {
        tensors.insert("y", ndarray::Array1::from(classes));
    }
    tensors
}

#[test]
fn arrays_of_both_containers_are_read_alike() {
    let numbers: Vec<f32> = (0..60).map(|k| k as f32 / 7.0).collect();
    let tensors = arrays(&[("x", vec![10, 3, 2], numbers)], Some((0..10).map(|k| k % 3).collect()));
    let npz = own("a.npz", tensors.to_bytes(Container::Npz).unwrap());
    let safe = own("a.npz", tensors.to_bytes(Container::Safetensors).unwrap());
    assert_eq!(npz, safe);
    assert_eq!((npz.info.samples, npz.dataset.class_names.len()), (10, 3));
    assert_eq!(Dataset::from_bytes(&npz.dataset.to_bytes().unwrap()).unwrap(), npz.dataset);
}

#[test]
fn arrays_that_cannot_be_learned_from_are_named() {
    let said = |tensors: &Tensors| refusal("a.npz", tensors.to_bytes(Container::Npz).unwrap());
    let x = |values: Vec<f32>| ("x", vec![4, 3], values);
    let missing = said(&arrays(&[x(vec![0.0; 12])], None));
    assert!(missing.contains("`x` and `y`") && missing.ends_with("it holds x"), "{missing}");
    let mut numbers = vec![0.0; 12];
    numbers[7] = f32::NAN;
    let nan = said(&arrays(&[x(numbers)], Some(vec![0, 1, 0, 1])));
    assert_eq!(nan, "every number of `x` in a.npz must be finite, found NaN at x[2, 1]");
    let short = said(&arrays(&[x(vec![0.0; 12])], Some(vec![0, 1, 0])));
    assert!(short.contains("4 samples, as in `x`"), "{short}");
    let one = said(&arrays(&[x(vec![0.0; 12])], Some(vec![0; 4])));
    assert!(one.contains("from 2 to 1000 classes"), "{one}");
}

/// Every kind of own data trains in the network that it begins with.
#[test]
fn own_data_train_at_once_in_the_network_that_they_begin_with() {
    let waves: Vec<f32> = (0..400).map(|k| (k % 7) as f32 / 7.0).collect();
    let text = "it was the best of times, it was the worst of times. ".repeat(40);
    let values = arrays(&[("x", vec![40, 10], waves.clone()), ("y", vec![40], vec![0.5; 40])], None);
    let each = arrays(&[("x", vec![40, 5, 2], waves.clone()), ("y", vec![40, 5, 1], vec![0.5; 200])], None);
    let classes = arrays(&[("x", vec![40, 5, 2], waves)], Some((0..40).map(|k| k % 4).collect()));
    let packed = |tensors: Tensors| tensors.to_bytes(Container::Npz).unwrap();
    let files: [(&str, Vec<u8>); 5] = [
        ("films.csv", reviews(200, "review,label\n", ',').into()),
        ("tale.txt", text.into()),
        ("values.npz", packed(values)),
        ("each.npz", packed(each)),
        ("classes.npz", packed(classes)),
    ];
    for (file, bytes) in files {
        let dataset = own(file, bytes).dataset;
        let changes = json!({ "/data/reading/maxlen": 12, "/fit/batch_size": 8,
            "/compile/optimizer/config/learning_rate": 0.02 });
        let start = Experiment::preset("imdb-small").unwrap();
        let experiment = start.with_changes(changes.as_object().unwrap()).unwrap().on(&dataset).unwrap();
        assert_eq!(Experiment::from_json(&experiment.to_json().to_string()).unwrap(), experiment, "{file}");
        let mut training = Training::new();
        training.use_dataset(dataset);
        let set_up = training.set_up(experiment.clone()).unwrap();
        assert!(set_up.validation > 0, "{file}");
        let report = training.train_for(1e9, Some(24), || 0.0).unwrap();
        let mean = |losses: &[f32]| losses.iter().sum::<f32>() / losses.len() as f32;
        let (first, last) = (mean(&report.losses[..4]), mean(&report.losses[20..]));
        assert!(last < first, "{file}: {:?}", report.losses);
        training.sample(unrolled::experiment::Subset::Validation, 0).unwrap();
    }
}

#[test]
fn a_share_of_own_samples_is_drawn_with_the_seed() {
    // Sorted by label, as files often are.
    let mut rows: Vec<String> = reviews(100, "", ',').lines().map(str::to_owned).collect();
    rows.sort_by_key(|row| row.ends_with("good"));
    let dataset = own("x.csv", format!("review,label\n{}", rows.join("\n"))).dataset;
    let experiment = Experiment::preset("imdb-small").unwrap().on(&dataset).unwrap();
    assert!(matches!(experiment.data.reading, Reading::Words(_)));
    let counts = |seed: u64| {
        let changes = json!({ "/fit/seed": seed });
        let mut training = Training::new();
        training.use_dataset(dataset.clone());
        training.set_up(experiment.with_changes(changes.as_object().unwrap()).unwrap()).unwrap();
        let first = training.sample(unrolled::experiment::Subset::Train, 0).unwrap().received.ids;
        (training.class_counts().unwrap(), first)
    };
    let (one, first) = counts(1);
    assert_eq!((one.train, one.validation), (80, 20));
    assert!(one.classes.iter().all(|class| class.validation > 3), "{one:?}");
    assert_eq!(counts(1), (one, first.clone()));
    assert_ne!(counts(2).1, first);
}

/// The files were written by numpy: `tests/data/keras_lists/make.py`.
#[test]
fn lists_of_ids_as_keras_ships_them_are_read_as_load_data_reads_them() {
    let Own { dataset, info } = own("imdb.npz", include_bytes!("keras_lists/imdb.npz"));
    assert_eq!((info.kind, info.samples, info.has_test), (OwnKind::KerasLists, 4, true));
    // The id 1 in front, and 3 added to each rank; ranks above 20,000 are the unknown word.
    assert_eq!(dataset.train.sequence(0), [1, 17, 25, 19, 46, 533]);
    assert_eq!(dataset.train.sequence(1), [1, 4, 2, 303, 2]);
    assert_eq!(dataset.train.sequence(2), [1]);
    assert_eq!((dataset.train.labels(), dataset.test.labels()), (&[1, 0, 0, 1][..], &[0, 1][..]));
    assert_eq!(dataset.test.sequence(1), [1, 5]);
    assert_eq!(dataset.vocabulary.display_word(17), "#14");

    let older = own("reuters.npz", include_bytes!("keras_lists/reuters.npz")).dataset;
    assert_eq!(older.train.ids(), dataset.train.ids());
    assert_eq!((older.train.labels(), older.class_names.len()), (&[3, 0, 45, 3][..], 46));
}

#[test]
fn a_pickle_that_holds_anything_else_is_refused_and_calls_nothing() {
    let call = refusal("call.npz", include_bytes!("keras_lists/call.npz"));
    assert!(call.contains("`x` of call.npz must be an array of lists of whole numbers"), "{call}");
    assert!(call.ends_with("found `builtins.print`"), "{call}");
    let floats = refusal("floats.npz", include_bytes!("keras_lists/floats.npz"));
    assert!(floats.contains("whole numbers"), "{floats}");
}
