//! A reader's own file as a data set: a table of texts with labels, a long text, arrays, or Keras' lists of ids.
//!
//! From bytes to a [`Dataset`] with the name `own`. A file that cannot be used says why, with the line where it has
//! lines.

mod arrays;
mod csv;
mod long_text;
mod pickle;
mod table;

use serde::{Deserialize, Serialize};

use super::Dataset;
use crate::tensors::{Tensors, archive, npy, safetensors};
use crate::{Error, Result};

/// Larger files do not fit a browser tab together with a model.
pub const MOST_BYTES: usize = 50_000_000;

/// What a reader may choose of a table; what is left out is found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct OwnChoice {
    /// The column of texts.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub text: Option<String>,
    /// The column of labels.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub label: Option<String>,
    /// Whether the first line names the columns.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub header: Option<bool>,
}

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum OwnKind {
    /// Texts with labels.
    Table,
    /// One long text.
    Text,
    /// Arrays of numbers.
    Arrays,
    /// Lists of ids with labels, as Keras ships them.
    KerasLists,
}

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct OwnInfo {
    /// What kind of file it is.
    pub kind: OwnKind,
    /// Its name.
    pub file: String,
    /// The columns of a table.
    pub columns: Vec<ColumnInfo>,
    /// The column of texts that is used.
    pub text: Option<String>,
    /// The column of labels that is used.
    pub label: Option<String>,
    /// Whether the first line names the columns.
    pub header: bool,
    /// What stands between two columns: `a comma`.
    pub separator: Option<String>,
    /// How many samples there are to train on; of a long text, how many characters.
    pub samples: usize,
    /// Whether the file has a part of its own to judge with.
    pub has_test: bool,
    /// The names of the classes; empty where there are none.
    pub class_names: Vec<String>,
    /// What a reader should know, in sentences.
    pub notes: Vec<String>,
}

impl OwnInfo {
    fn of(kind: OwnKind, file: &str) -> Self {
        Self {
            kind,
            file: file.to_owned(),
            columns: Vec::new(),
            text: None,
            label: None,
            header: false,
            separator: None,
            samples: 0,
            has_test: false,
            class_names: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ColumnInfo {
    /// Its name, or `column 2` where there is no header.
    pub name: String,
    /// The beginning of its first value.
    pub example: String,
    /// How many different values it has.
    pub distinct: usize,
    /// How many rows have no value in it.
    pub missing: usize,
    /// How many words a value has on average.
    pub mean_words: f64,
    /// Whether all values are numbers.
    pub is_numeric: bool,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Own {
    /// The data set.
    pub dataset: Dataset,
    /// What was found.
    pub info: OwnInfo,
}

/// Reads a file; its name says what a text is: a table (`.csv`, `.tsv`) or a long text.
///
/// # Errors
/// If it is empty, too large, of another kind, or its content cannot be learned from; the sentence names the file and
/// the line.
pub fn read(file: &str, bytes: &[u8], choice: &OwnChoice) -> Result<Own> {
    if bytes.is_empty() {
        return Err(Error::format(file, "it is empty"));
    }
    if bytes.len() > MOST_BYTES {
        let megabytes = bytes.len() / 1_000_000;
        return Err(Error::format(
            file,
            format!("it has {megabytes} MB, at most {} fit a browser tab", MOST_BYTES / 1_000_000),
        ));
    }
    if bytes.starts_with(b"PK") {
        return of_zip(file, bytes);
    }
    if bytes.get(8) == Some(&b'{') && bytes[..8].ends_with(&[0, 0, 0]) {
        return arrays::own(&safetensors::read(bytes, file)?, file);
    }
    let text = text_of(file, bytes)?;
    if text.trim().is_empty() {
        return Err(Error::format(file, "it holds nothing but blanks"));
    }
    match file.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).as_deref() {
        Some("csv" | "tsv") => table::Table::read(text, file, choice)?.own(choice),
        Some("txt" | "md" | "text") => long_text::own(text, file),
        _ if looks_like_a_table(text, file) => table::Table::read(text, file, choice)?.own(choice),
        _ => long_text::own(text, file),
    }
}

/// Whether the text is cut by a separator into the same number of columns everywhere.
fn looks_like_a_table(text: &str, file: &str) -> bool {
    csv::read(text, file).is_ok_and(|(records, _)| records.len() > 2 && records[0].fields.len() > 1)
}

/// What other files begin with.
const OTHERS: [(&[u8], &str); 7] = [
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"\x89HDF", "an HDF5 file; save its arrays with numpy's savez"),
    (b"\x93NUMPY", "a single array; save inputs and labels as `x` and `y` with numpy's savez"),
    (b"\xff\xfe", "a text in UTF-16; save it as UTF-8"),
];

/// The text in `bytes` without a byte-order mark.
fn text_of<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str> {
    if let Some((_, name)) = OTHERS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Err(Error::format(file, format!("this is {name}; {READABLE}")));
    }
    let line = |end: usize| bytes[..end].iter().filter(|byte| **byte == b'\n').count() + 1;
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        let problem = format!("it is no text: line {} holds a zero byte; {READABLE}", line(at));
        return Err(Error::format(file, problem));
    }
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let problem =
            format!("line {} is not UTF-8; save the file with that encoding", line(e.valid_up_to()));
        Error::format(file, problem)
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

const READABLE: &str = "tables (.csv), plain texts (.txt), and arrays (.npz, .safetensors) are read";

fn of_zip(file: &str, bytes: &[u8]) -> Result<Own> {
    let (mut tensors, mut lists) = (Tensors::new(), Vec::new());
    let mut others = Vec::new();
    for (entry, content) in archive::unpack(bytes, file)? {
        let Some(name) = entry.strip_suffix(".npy") else {
            others.push(entry);
            continue;
        };
        match npy::objects(&content) {
            Some(pickled) => lists.push((name.to_owned(), pickle::lists(pickled, name, file)?)),
            None => tensors.insert(name, npy::read(&content, name, file)?.0),
        }
    }
    match others.first() {
        _ if !lists.is_empty() => arrays::of_lists(&lists, &tensors, file),
        Some(other) if tensors.is_empty() => {
            let what = if other.contains("xl/") || other.contains("[Content_Types]") {
                "a document of an office program; save its table as CSV"
            } else {
                "a zip archive without arrays of numpy; unpack it first"
            };
            Err(Error::format(file, format!("this is {what}")))
        }
        _ => arrays::own(&tensors, file),
    }
}
