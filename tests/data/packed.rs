//! Packed files: what goes in comes out, and what is wrong is said.

use std::collections::HashMap;

use safetensors::tensor::{Dtype, TensorView};
use unrolled::data::{Dataset, Provenance, Split, Task, Unit, Vocabulary};

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}

pub fn reviews() -> Dataset {
    let train: [&[u16]; 3] = [&[1, 4, 5], &[1, 2, 6, 6], &[1]];
    let test: [&[u16]; 1] = [&[1, 300, 4]];
    let list: Vec<String> = (0..300).map(|k| format!("word{k}")).collect();
    Dataset {
        name: "tiny".to_owned(),
        title: "A tiny set".to_owned(),
        task: Task::Binary,
        class_names: words(&["negative", "positive"]),
        vocabulary: Vocabulary::new(Unit::Word, list).unwrap(),
        train: Split::new(train, vec![0, 1, 1]).unwrap(),
        test: Split::new(test, vec![0]).unwrap(),
        provenance: Provenance { package: "none".to_owned(), ..Provenance::default() },
        notes: String::new(),
    }
}

fn novel() -> Dataset {
    let text = "Call me Ishmael. — “Some years ago”";
    let vocabulary = Vocabulary::of_characters(text).unwrap();
    let ids = vocabulary.encode(text);
    let (train, test) = ids.split_at(20);
    Dataset {
        task: Task::LanguageModel,
        class_names: Vec::new(),
        train: Split::new([train], Vec::new()).unwrap(),
        test: Split::new([test], Vec::new()).unwrap(),
        vocabulary,
        ..reviews()
    }
}

/// A pack with one of its tensors or its description replaced.
fn altered(tensor: &str, dtype: Dtype, data: &[u8]) -> Vec<u8> {
    let bytes = reviews().to_bytes().unwrap();
    let held = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let (_, metadata) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    let shape = vec![data.len() * 8 / dtype.bitsize()];
    let replaced = TensorView::new(dtype, shape, data).unwrap();
    let views: Vec<_> = held
        .tensors()
        .into_iter()
        .map(|(name, view)| if name == tensor { (name, replaced.clone()) } else { (name, view) })
        .collect();
    safetensors::serialize(views, metadata.metadata().clone()).unwrap()
}

fn described(change: impl Fn(&str) -> String) -> Vec<u8> {
    let bytes = reviews().to_bytes().unwrap();
    let held = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let (_, metadata) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    let json = change(&metadata.metadata().as_ref().unwrap()["dataset"]);
    safetensors::serialize(held.tensors(), Some(HashMap::from([("dataset".to_owned(), json)]))).unwrap()
}

fn complaint(bytes: &[u8]) -> String {
    Dataset::from_bytes(bytes).unwrap_err().to_string()
}

fn u32s(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

#[test]
fn a_pack_gives_back_what_was_packed_and_its_bytes_depend_on_nothing_else() {
    for dataset in [reviews(), novel()] {
        let bytes = dataset.to_bytes().unwrap();
        let read = Dataset::from_bytes(&bytes).unwrap();
        assert_eq!(read, dataset);
        assert_eq!(read.to_bytes().unwrap(), bytes);
    }
}

#[test]
fn characters_give_the_text_back() {
    let novel = novel();
    let ids = [novel.train.ids(), novel.test.ids()].concat();
    assert_eq!(novel.vocabulary.decode(&ids), "Call me Ishmael. — “Some years ago”");
    assert_eq!(novel.vocabulary.encode("Call\u{1F600} me"), novel.vocabulary.encode("Call me"));
}

#[test]
fn words_read_back_without_padding_and_start() {
    let vocabulary = reviews().vocabulary;
    assert_eq!(vocabulary.decode(&[0, 0, 1, 4, 2, 5]), "word0 <unknown> word1");
    let displayed: Vec<String> = (0..5).map(|id| vocabulary.display_word(id)).collect();
    assert_eq!(displayed, ["<pad>", "<start>", "<unknown>", "<unused>", "word0"]);
    assert_eq!((vocabulary.id("word0"), vocabulary.id("word"), vocabulary.word(3)), (Some(4), None, None));
}

#[test]
fn fewer_words_turn_the_rare_ones_into_unknown() {
    let cut = reviews().with_num_words(6).unwrap();
    assert_eq!((cut.train.sequence(0), cut.train.sequence(1)), (&[1, 4, 5][..], &[1, 2, 2, 2][..]));
    assert_eq!(cut.test.sequence(0), [1, 2, 4]);
    assert_eq!(cut.vocabulary.num_words(), 6);
    cut.check().unwrap();
    assert!(novel().with_num_words(6).is_err());
}

#[test]
fn a_truncated_file_is_told_at_every_length() {
    let bytes = reviews().to_bytes().unwrap();
    for end in 0..bytes.len() {
        let error = Dataset::from_bytes(&bytes[..end]).unwrap_err();
        assert_eq!(error.code(), "format", "{end} bytes: {error}");
        assert!(
            error.to_string().starts_with("the data file: it is truncated or not a safetensors file"),
            "{error}"
        );
    }
}

#[test]
fn another_kind_of_file_is_told() {
    assert!(complaint(b"<!doctype html><title>404</title>").contains("not a safetensors file"));
    let data = [0; 4];
    let view = TensorView::new(Dtype::F32, vec![1], &data).unwrap();
    let weights = safetensors::serialize([("lstm/kernel", view)], None).unwrap();
    assert!(complaint(&weights).contains("is not a data set"));
}

#[test]
fn a_description_of_another_version_or_without_a_field_is_told() {
    let newer = described(|json| json.replace("\"version\":1,", "\"version\":2,"));
    assert!(complaint(&newer).contains("version 2, this program reads"));
    assert!(
        complaint(&described(|json| json.replace("\"task\"", "\"tusk\""))).contains("missing field `task`")
    );
    assert!(complaint(&described(|_| "[".repeat(100_000))).contains("its description cannot be read"));
    let twice = described(|json| json.replace("\"word1\"", "\"word0\""));
    assert_eq!(
        complaint(&twice),
        "entry 1 of the vocabulary must be a new word, as entry 0 is the same, found \"word0\""
    );
}

#[test]
fn contradictions_inside_of_a_file_are_told() {
    let cases: [(&str, Dtype, Vec<u8>, &str); 9] = [
        ("train/ids", Dtype::U16, [1, 4, 5, 1, 2, 6, 304, 1u16].map(u16::to_le_bytes).concat(), "below 304"),
        ("train/ids", Dtype::U8, vec![1; 7], "ending at the number of ids, 7"),
        ("train/ids", Dtype::F32, vec![0; 32], "must hold U8 or U16, found F32"),
        ("train/offsets", Dtype::U32, u32s(&[0, 5, 3, 8]), "behind its start, found 3 after 5"),
        ("train/offsets", Dtype::U32, u32s(&[0, 3, 3, 8]), "behind its start, found 3 after 3"),
        ("train/offsets", Dtype::U32, u32s(&[0, 3, 7, u32::MAX]), "ending at the number of ids, 8"),
        ("train/offsets", Dtype::U8, vec![0, 3, 7, 8], "must hold U32, found U8"),
        ("train/labels", Dtype::U8, vec![0, 1, 2], "below 2, the number of classes, found 2"),
        ("test/labels", Dtype::U8, vec![0, 1], "1, one a sequence, found 2"),
    ];
    for (tensor, dtype, data, expected) in cases {
        let complaint = complaint(&altered(tensor, dtype, &data));
        assert!(complaint.contains(expected), "{tensor}: {complaint}");
    }
}

#[test]
fn sets_that_cannot_be_trained_on_are_told() {
    let none = Dataset { train: Split::default(), ..reviews() };
    assert_eq!(
        none.check().unwrap_err().to_string(),
        "the training data must be at least one sequence, found none"
    );
    let unlabelled = Dataset { train: Split::new([&[1_u16][..]], Vec::new()).unwrap(), ..reviews() };
    assert!(unlabelled.to_bytes().is_err());
    let classless = Dataset { class_names: Vec::new(), ..reviews() };
    assert!(classless.to_bytes().is_err());
    assert!(Split::new([&[][..]], vec![0]).is_err());
    let most = usize::from(u16::MAX) + 1;
    assert!(Vocabulary::new(Unit::Word, (0..most).map(|k| k.to_string()).collect()).is_err());
}
