//! Newswires: R52, the documents of Reuters-21578 with exactly one of 52 topics, in the standard split.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use unrolled::data::{Dataset, Split, Task, Vocabulary, WordCounts};

use super::sources::Source;

/// Enough for the tutorials' models and for every word that occurs more than twice or so.
const FREQUENT: usize = 10_000;

/// Documents as pairs of topic and text.
pub struct Newswires {
    train: Vec<(String, String)>,
    test: Vec<(String, String)>,
    counts: WordCounts,
}

/// Both files, training first.
///
/// # Errors
/// The numbers of documents, topics or words differ from the published ones.
pub fn read(files: &[Vec<u8>]) -> Result<Newswires> {
    let [train, test] = files else { anyhow::bail!("Reuters needs a training and a test file") };
    let (train, test) = (parse(train)?, parse(test)?);
    ensure!(
        (train.len(), test.len()) == (6_532, 2_568),
        "there must be 6,532 and 2,568 newswires, found {} and {}",
        train.len(),
        test.len()
    );
    let earn = test.iter().filter(|(topic, _)| topic == "earn").count();
    ensure!(earn == 1_083, "1,083 test newswires (42.2 %) must be about earn, found {earn}");
    let mut counts = WordCounts::default();
    train.iter().for_each(|(_, text)| counts.add(text));
    ensure!(counts.len() == 22_274, "the training newswires must have 22,274 words, found {}", counts.len());
    Ok(Newswires { train, test, counts })
}

/// The set that the page offers.
///
/// # Errors
/// The set contradicts itself.
pub fn frequent_words(newswires: &Newswires, source: &Source) -> Result<Dataset> {
    make(newswires, source, "reuters-r52", "Reuters newswires", FREQUENT)
}

/// The same with an id for every word, for experiments on the ids themselves.
///
/// # Errors
/// The set contradicts itself.
pub fn all_words(newswires: &Newswires, source: &Source) -> Result<Dataset> {
    make(newswires, source, "reuters-r52-all-words", "Reuters newswires, all words", usize::from(u16::MAX))
}

fn make(
    newswires: &Newswires,
    source: &Source,
    name: &str,
    title: &str,
    num_words: usize,
) -> Result<Dataset> {
    let vocabulary = Vocabulary::of_most_frequent(&newswires.counts.ranked(), num_words)?;
    let class_names = topics(&newswires.train);
    ensure!(class_names.len() == 52, "there must be 52 topics, found {}", class_names.len());
    let encode = |part: &[(String, String)]| -> Result<Split> {
        let ids: Vec<Vec<u16>> = part.iter().map(|(_, text)| vocabulary.encode(text)).collect();
        let labels = part.iter().map(|(topic, _)| label(&class_names, topic)).collect::<Result<_>>()?;
        Ok(Split::new(ids.iter().map(Vec::as_slice), labels)?)
    };
    let cut = format!(
        "The standard split of R52 in the package's order, whole documents. Words by frequency in the training \
         documents, ids below {}; topics by frequency in the training documents.",
        vocabulary.num_words()
    );
    Ok(Dataset {
        name: name.to_owned(),
        title: title.to_owned(),
        task: Task::Classes,
        train: encode(&newswires.train)?,
        test: encode(&newswires.test)?,
        provenance: source.provenance(&cut),
        notes: "Very uneven: who always answers earn is right for 42.2 % of the test newswires. Numbers were removed \
                from the texts. The first 80 words say more about the topic than the last."
            .to_owned(),
        class_names,
        vocabulary,
    })
}

/// Orange's format: three header lines, then `topic`, a tab and `text` on each line that is not empty.
fn parse(file: &[u8]) -> Result<Vec<(String, String)>> {
    let text = std::str::from_utf8(file).context("the newswires are not text")?;
    let lines = text.lines().skip(3).filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let (topic, text) =
                line.split_once('\t').context("a newswire has no tab between topic and text")?;
            Ok((topic.to_owned(), text.to_owned()))
        })
        .collect()
}

/// The topics, the most frequent first, so that label 0 is the majority class.
fn topics(documents: &[(String, String)]) -> Vec<String> {
    let mut counts = BTreeMap::new();
    for (topic, _) in documents {
        *counts.entry(topic).or_insert(0_usize) += 1;
    }
    let mut topics: Vec<_> = counts.into_iter().collect();
    topics.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    topics.into_iter().map(|(topic, _)| topic.clone()).collect()
}

fn label(topics: &[String], topic: &str) -> Result<u16> {
    let place = topics.iter().position(|known| known == topic);
    let place =
        place.with_context(|| format!("the topic {topic} does not occur in the training newswires"))?;
    Ok(u16::try_from(place)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_and_empty_lines_are_no_newswires() {
        let file = b"Category\tText\nd\tstring\nclass\t\n\t\nearn\tshr cts vs\n\nacq\tbuys a stake\n";
        let documents = parse(file).unwrap();
        assert_eq!(
            documents,
            [("earn", "shr cts vs"), ("acq", "buys a stake")].map(|(a, b)| (a.into(), b.into()))
        );
    }

    #[test]
    fn the_most_frequent_topic_comes_first_and_equal_ones_by_name() {
        let documents = ["ship", "earn", "gold", "earn"].map(|topic| (topic.to_owned(), String::new()));
        assert_eq!(topics(&documents), ["earn", "gold", "ship"]);
    }
}
