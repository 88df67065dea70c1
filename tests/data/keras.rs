//! Golden values from Keras' own `Tokenizer`, `imdb.load_data` and `pad_sequences` (tests/golden/keras_text.py).

use serde::Deserialize;
use unrolled::data::{Padding, Side, Vocabulary, WordCounts, pad_sequences, words};

#[derive(Deserialize)]
struct Golden {
    keras: String,
    texts: Vec<String>,
    words: Vec<Vec<String>>,
    ranked: Vec<(String, u64)>,
    num_words: usize,
    imdb: Vec<Vec<u16>>,
    sequences: Vec<Vec<u16>>,
    padded: Vec<Padded>,
}

#[derive(Deserialize)]
struct Padded {
    maxlen: Option<usize>,
    padding: Side,
    truncating: Side,
    value: u16,
    padded: Vec<Vec<u16>>,
}

fn golden() -> Golden {
    let golden: Golden = serde_json::from_str(include_str!("../golden/keras_text.json")).unwrap();
    assert_eq!(golden.keras, "3.15.1");
    golden
}

fn counted(texts: &[String]) -> WordCounts {
    let mut counts = WordCounts::default();
    texts.iter().for_each(|text| counts.add(text));
    counts
}

#[test]
fn texts_split_into_the_words_that_keras_finds() {
    let golden = golden();
    for (text, expected) in golden.texts.iter().zip(&golden.words) {
        assert_eq!(&words(text), expected, "{text:?}");
    }
}

#[test]
fn words_rank_by_frequency_and_then_by_first_occurrence_as_in_keras() {
    let golden = golden();
    let counts = counted(&golden.texts);
    let expected: Vec<_> = golden.ranked.iter().map(|(word, count)| (word.as_str(), *count)).collect();
    assert_eq!(counts.ranked(), expected);
    assert_eq!(counts.total(), golden.words.iter().map(|words| words.len() as u64).sum::<u64>());
}

#[test]
fn texts_encode_as_imdb_load_data_gives_them_out() {
    let golden = golden();
    let counts = counted(&golden.texts);
    let vocabulary = Vocabulary::of_most_frequent(&counts.ranked(), golden.num_words).unwrap();
    assert_eq!(vocabulary.num_words(), golden.num_words);
    for (text, expected) in golden.texts.iter().zip(&golden.imdb) {
        assert_eq!(&vocabulary.encode(text), expected, "{text:?}");
    }
}

#[test]
fn cutting_a_vocabulary_gives_what_a_smaller_one_would_have_given() {
    let golden = golden();
    let counts = counted(&golden.texts);
    let all = Vocabulary::of_most_frequent(&counts.ranked(), 1_000).unwrap();
    let few = Vocabulary::of_most_frequent(&counts.ranked(), golden.num_words).unwrap();
    assert!(all.num_words() > few.num_words());
    assert_eq!(all.cut(golden.num_words).unwrap(), few);
    assert!(all.cut(4).is_err());
}

#[test]
fn sequences_pad_and_truncate_as_in_keras() {
    let golden = golden();
    let sequences: Vec<&[u16]> = golden.sequences.iter().map(Vec::as_slice).collect();
    assert_eq!(golden.padded.len(), 40);
    for case in &golden.padded {
        let how = Padding { padding: case.padding, truncating: case.truncating, value: case.value };
        let padded = pad_sequences(&sequences, case.maxlen, how).unwrap();
        assert_eq!(padded, case.padded.concat(), "maxlen {:?}, {how:?}", case.maxlen);
    }
}

#[test]
fn a_maxlen_of_zero_is_refused() {
    let error = pad_sequences(&[&[1, 2]], Some(0), Padding::default()).unwrap_err();
    assert_eq!(error.to_string(), "`maxlen` must be at least 1, found 0");
}
