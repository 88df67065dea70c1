//! The novel, as characters. The words are made from the text, which the ids give back exactly.

use anyhow::{Context, Result, ensure};
use unrolled::data::{Dataset, Split, Task, Vocabulary, WordCounts};

use super::sources::Source;

/// The first 90 % is trained on, as in the published baselines.
const TRAIN_PERCENT: usize = 90;

/// The text as ids of its 83 characters.
///
/// # Errors
/// The text differs from the pinned one.
pub fn cut(file: &[u8], source: &Source) -> Result<Dataset> {
    let text = std::str::from_utf8(file).context("Moby Dick is not text")?;
    let vocabulary = Vocabulary::of_characters(text)?;
    let ids = vocabulary.encode(text);
    let mut counts = WordCounts::default();
    counts.add(text);
    let found = (ids.len(), vocabulary.num_words(), counts.total(), counts.len());
    ensure!(
        found == (1_190_317, 83, 212_612, 19_044),
        "Moby Dick must have 1,190,317 characters, 83 of them different, and 212,612 words, 19,044 of them different, \
         found {found:?}"
    );
    ensure!(vocabulary.decode(&ids) == text, "the characters of Moby Dick do not give its text back");
    let (train, test) = ids.split_at(ids.len() * TRAIN_PERCENT / 100);
    Ok(Dataset {
        name: "moby-dick".to_owned(),
        title: "Moby Dick".to_owned(),
        task: Task::LanguageModel,
        class_names: Vec::new(),
        train: Split::new([train], Vec::new())?,
        test: Split::new([test], Vec::new())?,
        provenance: source.provenance(
            "The whole text as ids of its distinct characters in the order of their code points; the first 90 % for \
             training, the rest for testing.",
        ),
        notes: "Herman Melville's novel of 1851, from Chapter 1 to the end of Chapter 135. Always guessing by the \
                frequency of the characters costs 4.5 bits a character; counting runs of four, 2.3."
            .to_owned(),
        vocabulary,
    })
}
