//! Film reviews: the training half of Keras' `imdb`, cut into training and test data.

use std::collections::HashSet;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use unrolled::data::{Dataset, Split, Task, Vocabulary, WordCounts};

use super::shuffle::shuffle;
use super::sources::Source;

const TRAIN: usize = 20_000;
const SMALL: (usize, usize) = (4_000, 1_000);

/// One review.
#[derive(Deserialize)]
pub struct Review {
    text: String,
    label: u16,
    source: String,
}

/// Training and test reviews, and the words of the training part by frequency.
pub struct Reviews {
    train: Vec<Review>,
    test: Vec<Review>,
    counts: WordCounts,
}

/// The reviews of IMDb out of the package's CSV file, in its order.
///
/// # Errors
/// The file is not the one that was pinned: other columns, or other reviews at known places.
pub fn read(csv: &[u8]) -> Result<Vec<Review>> {
    let reviews: Vec<Review> = csv::Reader::from_reader(csv)
        .deserialize()
        .collect::<std::result::Result<_, _>>()
        .context("the film reviews are not the expected CSV file")?;
    let reviews: Vec<Review> = reviews.into_iter().filter(|review| review.source == "imdb").collect();
    ensure!(reviews.len() == 25_000, "there must be 25,000 reviews of IMDb, found {}", reviews.len());
    tutorial::check(&reviews)?;
    Ok(reviews)
}

/// Drops copies, shuffles, and cuts 20,000 reviews off for training.
///
/// # Errors
/// The numbers of reviews, labels or words differ from the published ones.
pub fn split(reviews: Vec<Review>) -> Result<Reviews> {
    let mut seen = HashSet::new();
    let mut train: Vec<Review> =
        reviews.into_iter().filter(|review| seen.insert(review.text.clone())).collect();
    ensure!(train.len() == 24_904, "there must be 24,904 different reviews, found {}", train.len());
    shuffle(&mut train);
    let test = train.split_off(TRAIN);
    let positive = |part: &[Review]| part.iter().filter(|review| review.label == 1).count();
    let found = (positive(&train), positive(&test));
    ensure!(found == (10_015, 2_457), "10,015 and 2,457 reviews must be positive, found {found:?}");
    let mut counts = WordCounts::default();
    train.iter().for_each(|review| counts.add(&review.text));
    ensure!(counts.len() == 80_211, "the training reviews must have 80,211 words, found {}", counts.len());
    Ok(Reviews { train, test, counts })
}

/// What the page loads first: few reviews, frequent words, the last 200 words of each review.
///
/// # Errors
/// The set contradicts itself.
pub fn small(reviews: &Reviews, source: &Source) -> Result<Dataset> {
    let cut = Cut {
        name: "imdb-small",
        title: "IMDB reviews, 5,000 of them",
        train: SMALL.0,
        test: SMALL.1,
        num_words: 5_000,
        keep_last: 200,
    };
    cut.make(reviews, source)
}

/// All reviews, with as many words as the tutorials use.
///
/// # Errors
/// The set contradicts itself.
pub fn full(reviews: &Reviews, source: &Source) -> Result<Dataset> {
    let cut = Cut {
        name: "imdb",
        title: "IMDB reviews",
        train: TRAIN,
        test: reviews.test.len(),
        num_words: 20_000,
        keep_last: 500,
    };
    cut.make(reviews, source)
}

struct Cut {
    name: &'static str,
    title: &'static str,
    train: usize,
    test: usize,
    num_words: usize,
    keep_last: usize,
}

impl Cut {
    fn make(&self, reviews: &Reviews, source: &Source) -> Result<Dataset> {
        let vocabulary = Vocabulary::of_most_frequent(&reviews.counts.ranked(), self.num_words)?;
        let encode = |part: &[Review]| {
            let ids: Vec<Vec<u16>> = part.iter().map(|review| self.encode(review, &vocabulary)).collect();
            Split::new(ids.iter().map(Vec::as_slice), part.iter().map(|review| review.label).collect())
        };
        Ok(Dataset {
            name: self.name.to_owned(),
            title: self.title.to_owned(),
            task: Task::Binary,
            class_names: vec!["negative".to_owned(), "positive".to_owned()],
            train: encode(&reviews.train[..self.train])?,
            test: encode(&reviews.test[..self.test])?,
            provenance: source.provenance(&self.how()),
            notes: format!(
                "Half of the reviews are positive. A review keeps its last {} words. Reviews of the same film can \
                 stand in both parts, so accuracies may be slightly above those on the official test half, which is \
                 not in the package. The word br is a line break.",
                self.keep_last
            ),
            vocabulary,
        })
    }

    fn encode(&self, review: &Review, vocabulary: &Vocabulary) -> Vec<u16> {
        let ids = vocabulary.encode(&review.text);
        ids[ids.len().saturating_sub(self.keep_last)..].to_vec()
    }

    fn how(&self) -> String {
        format!(
            "Rows with the source imdb, copies dropped (24,904 left), shuffled (Fisher-Yates, SplitMix64, seed 113), \
             the first 20,000 for training and the rest for testing; of these the first {} and {}. Words by \
             frequency in all 20,000 training reviews, ids below {}, the last {} ids of each review.",
            self.train, self.test, self.num_words, self.keep_last
        )
    }
}

/// The review that a well-known Keras tutorial prints, to see that these are the same reviews with the same encoding.
mod tutorial {
    use super::*;

    /// The row of the review.
    const ROW: usize = 13_075;

    /// The last 80 ids of the review as printed there, with 20,000 words.
    const PRINTED: [u16; 80] = [
        15, 256, 4, 2, 7, 3766, 5, 723, 36, 71, 43, 530, 476, 26, 400, 317, 46, 7, 4, 12118, 1029, 13, 104,
        88, 4, 381, 15, 297, 98, 32, 2071, 56, 26, 141, 6, 194, 7486, 18, 4, 226, 22, 21, 134, 476, 26, 480,
        5, 144, 30, 5535, 18, 51, 36, 28, 224, 92, 25, 104, 4, 226, 65, 16, 38, 1334, 88, 12, 16, 283, 5, 16,
        4472, 113, 103, 32, 15, 16, 5345, 19, 178, 32,
    ];

    /// Keras ranked its words on a slightly different text, so the ids of rare words differ by up to this share.
    const RANK_SHIFT: f64 = 0.016;

    /// How many of the 80 ids are the very same.
    const EQUAL: usize = 71;

    /// Checks that the review is there and that its ids are the printed ones, up to the known shift of rare words.
    pub fn check(reviews: &[Review]) -> Result<()> {
        let mut counts = WordCounts::default();
        reviews.iter().for_each(|review| counts.add(&review.text));
        let vocabulary = Vocabulary::of_most_frequent(&counts.ranked(), 20_000)?;
        let ids = vocabulary.encode(&reviews[ROW].text);
        let last = &ids[ids.len().saturating_sub(PRINTED.len())..];
        let near = |(&found, &printed): (&u16, &u16)| {
            f64::from(found.abs_diff(printed)) <= RANK_SHIFT * f64::from(printed)
        };
        let equal = last.iter().zip(&PRINTED).filter(|(found, printed)| found == printed).count();
        ensure!(
            last.len() == PRINTED.len() && equal == EQUAL && last.iter().zip(&PRINTED).all(near),
            "review {ROW} must have the ids that Keras gives it, found {last:?}"
        );
        Ok(())
    }
}
