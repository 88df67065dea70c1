//! What holds for every text, every sequence and all bytes.

use proptest::collection::vec;
use proptest::prelude::*;
use unrolled::data::{
    Dataset, Padding, Provenance, Side, Split, Task, Unit, Vocabulary, WordCounts, pad_sequences, word_spans,
    words,
};

use super::packed::reviews;

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Pre), Just(Side::Post)]
}

/// Data sets of any task, size and content.
fn dataset() -> impl Strategy<Value = Dataset> {
    let sizes = (
        5_u16..2_000,
        2_u16..400,
        prop_oneof![Just(Task::Binary), Just(Task::Classes), Just(Task::LanguageModel)],
    );
    sizes.prop_flat_map(|(num_words, classes, task)| {
        let classes = if task == Task::Binary { 2 } else { classes };
        let split = |least| {
            vec((vec(0..num_words, 1..20), 0..classes), least..12).prop_map(move |items| {
                let labels = items.iter().map(|(_, label)| *label).collect();
                let labels = if task == Task::LanguageModel { Vec::new() } else { labels };
                Split::new(items.iter().map(|(ids, _)| ids.as_slice()), labels).unwrap()
            })
        };
        (split(1), split(0), ".*", ".*").prop_map(move |(train, test, name, notes)| Dataset {
            title: name.to_uppercase(),
            name,
            task,
            class_names: match task {
                Task::LanguageModel => Vec::new(),
                _ => (0..classes).map(|class| format!("class {class}")).collect(),
            },
            vocabulary: Vocabulary::new(Unit::Word, (4..num_words).map(|id| format!("w\"{id}é")).collect())
                .unwrap(),
            train,
            test,
            provenance: Provenance { cut: notes.clone(), ..Provenance::default() },
            notes,
        })
    })
}

proptest! {
    #[test]
    fn known_words_survive_encoding_and_decoding(text in "\\PC*") {
        let mut counts = WordCounts::default();
        counts.add(&text);
        let vocabulary = Vocabulary::of_most_frequent(&counts.ranked(), 60_000).unwrap();
        let ids = vocabulary.encode(&text);
        prop_assert_eq!(ids.first(), Some(&1));
        prop_assert_eq!(vocabulary.decode(&ids), words(&text).join(" "));
    }

    #[test]
    fn characters_survive_encoding_and_decoding(text in any::<String>()) {
        let vocabulary = Vocabulary::of_characters(&text).unwrap();
        prop_assert_eq!(vocabulary.decode(&vocabulary.encode(&text)), text);
    }

    #[test]
    fn every_word_has_its_span_in_the_text(text in any::<String>()) {
        let (words, spans) = (words(&text), word_spans(&text));
        prop_assert_eq!(words.len(), spans.len());
        for (word, span) in words.iter().zip(spans) {
            // The lower case of a capital sigma depends on what stands around it.
            prop_assert_eq!(word.replace('ς', "σ"), text[span].to_lowercase().replace('ς', "σ"));
        }
    }

    #[test]
    fn padding_keeps_the_timesteps_that_it_should_and_adds_only_the_value(
        sequence in vec(1_u16.., 0..30), maxlen in 1_usize..30, padding in side(), truncating in side(), value: u16,
    ) {
        let how = Padding { padding, truncating, value };
        let row = pad_sequences(&[&sequence], Some(maxlen), how).unwrap();
        let kept = sequence.len().min(maxlen);
        let part = if truncating == Side::Pre { &sequence[sequence.len() - kept..] } else { &sequence[..kept] };
        let gap = vec![value; maxlen - kept];
        let expected = if padding == Side::Pre { [&gap, part].concat() } else { [part, &gap].concat() };
        prop_assert_eq!(row, expected);
    }

    #[test]
    fn padding_to_the_longest_loses_nothing(sequences in vec(vec(1_u16.., 0..12), 0..8), padding in side()) {
        let views: Vec<&[u16]> = sequences.iter().map(Vec::as_slice).collect();
        let padded = pad_sequences(&views, None, Padding { padding, ..Padding::default() }).unwrap();
        let left: Vec<u16> = padded.into_iter().filter(|id| *id != 0).collect();
        prop_assert_eq!(left, sequences.concat());
    }

    #[test]
    fn reading_gives_back_what_was_written(dataset in dataset()) {
        prop_assert_eq!(&Dataset::from_bytes(&dataset.to_bytes().unwrap()).unwrap(), &dataset);
    }

    #[test]
    fn no_bytes_make_reading_panic(bytes in vec(any::<u8>(), 0..400)) {
        prop_assert!(Dataset::from_bytes(&bytes).is_err());
    }

    #[test]
    fn no_header_makes_reading_panic(header in "\\PC{0,200}", rest in vec(any::<u8>(), 0..64)) {
        let bytes = [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &rest].concat();
        prop_assert!(Dataset::from_bytes(&bytes).is_err());
    }

    #[test]
    fn no_change_of_a_byte_makes_reading_panic_or_gives_a_set_that_contradicts_itself(
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = reviews().to_bytes().unwrap();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Ok(dataset) = Dataset::from_bytes(&bytes) {
            prop_assert!(dataset.check().is_ok());
            prop_assert_eq!(Dataset::from_bytes(&dataset.to_bytes().unwrap()).unwrap(), dataset);
        }
    }
}
