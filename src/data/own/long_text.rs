//! A plain text as what a language model learns from.

use super::table::empty;
use super::{Own, OwnInfo, OwnKind};
use crate::data::{Dataset, Split, Task, Vocabulary};
use crate::{Error, Result};

/// Fewer characters teach nothing.
const FEWEST_CHARACTERS: usize = 1000;

/// The data set of `text`: its characters, of which words can be made.
///
/// # Errors
/// If it is too short.
pub fn own(text: &str, file: &str) -> Result<Own> {
    let text = text.replace("\r\n", "\n");
    let count = text.chars().count();
    if count < FEWEST_CHARACTERS {
        let problem =
            format!("it has {count} characters; a text to learn from has at least {FEWEST_CHARACTERS}");
        return Err(Error::format(file, problem));
    }
    let vocabulary = Vocabulary::of_characters(&text)?;
    let ids = vocabulary.encode(&text);
    let distinct = vocabulary.words().len();
    let dataset = Dataset {
        task: Task::LanguageModel,
        vocabulary,
        train: Split::new([ids.as_slice()], Vec::new())?,
        ..empty(file)?
    };
    let info = OwnInfo {
        notes: vec![format!("{count} characters, {distinct} of them different.")],
        samples: count,
        ..OwnInfo::of(OwnKind::Text, file)
    };
    Ok(Own { dataset, info })
}
