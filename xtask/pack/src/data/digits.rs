//! Handwritten digits: images of 28 rows of 28 pixels, read row by row.

use anyhow::{Context, Result, ensure};
use unrolled::data::{Dataset, Split, Task, Unit, Vocabulary};

use super::shuffle::shuffle;
use super::sources::Source;

const PIXELS: usize = 28 * 28;
const TRAIN: usize = 4_000;

/// 5,000 digits, shuffled, as sequences of 784 pixels.
///
/// # Errors
/// The file is not the known one.
pub fn cut(csv: &[u8], source: &Source) -> Result<Dataset> {
    let mut train = read(csv)?;
    ensure!(train.len() == 5_000, "there must be 5,000 digits, found {}", train.len());
    shuffle(&mut train);
    let test = train.split_off(TRAIN);
    let split = |part: &[Vec<u16>]| {
        let labels = part.iter().map(|row| row[PIXELS]).collect();
        Split::new(part.iter().map(|row| &row[..PIXELS]), labels)
    };
    Ok(Dataset {
        name: "digits".to_owned(),
        title: "Handwritten digits".to_owned(),
        task: Task::Classes,
        class_names: (0..10).map(|digit| digit.to_string()).collect(),
        vocabulary: Vocabulary::new(Unit::Pixel, Vec::new())?,
        train: split(&train)?,
        test: split(&test)?,
        provenance: source.provenance(
            "All 5,000 digits, shuffled (Fisher-Yates, SplitMix64, seed 113), the first 4,000 for training, the rest \
             for testing; 784 pixels from 0 to 255, row by row.",
        ),
        notes: "500 images of each digit. A network sees one row of 28 pixels a timestep.".to_owned(),
    })
}

/// Rows of 784 pixels and the label.
fn read(csv: &[u8]) -> Result<Vec<Vec<u16>>> {
    let text = std::str::from_utf8(csv).context("the digits are not text")?;
    text.lines()
        .map(|line| {
            let row = line.split(',').map(str::parse).collect::<std::result::Result<Vec<u16>, _>>();
            let row = row.context("the digits are not whole numbers")?;
            ensure!(row.len() == PIXELS + 1, "a digit must have 785 numbers, found {}", row.len());
            Ok(row)
        })
        .collect()
}
