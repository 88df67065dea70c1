//! A table of texts with labels as a data set.

use std::collections::HashSet;

use super::csv::{self, Record};
use super::{ColumnInfo, Own, OwnChoice, OwnInfo, OwnKind};
use crate::data::{Dataset, OWN, Provenance, Split, Task, Unit, Vocabulary, WordCounts};
use crate::ordering::sort_by;
use crate::{Error, Result};

/// A column with more different values than this holds no classes.
pub const MOST_CLASSES: usize = 1000;
/// What programs write where a value is missing.
const MISSING: [&str; 8] = ["", "nan", "na", "n/a", "null", "none", "#n/a", "<na>"];
/// Names that people give to columns of labels.
const LABEL_NAMES: [&str; 9] =
    ["label", "labels", "class", "category", "target", "sentiment", "topic", "y", "polarity"];
/// A label has at most as many words as this on average.
const LABEL_WORDS: f64 = 3.0;

/// A table with the columns that were chosen or found.
pub struct Table<'a> {
    file: &'a str,
    names: Vec<String>,
    records: Vec<Record>,
    separator: char,
    has_header: bool,
}

impl<'a> Table<'a> {
    /// Reads `text`.
    ///
    /// # Errors
    /// As [`csv::read`], or if there are no two columns and no record.
    pub fn read(text: &str, file: &'a str, choice: &OwnChoice) -> Result<Self> {
        let (mut records, separator) = csv::read(text, file)?;
        let first = records.first().map(|record| record.fields.clone()).unwrap_or_default();
        if first.len() < 2 {
            let problem = "it has one column; a table needs one of texts and one of labels, with a comma, a \
                           semicolon or a tab between them. A long text is read from a file that ends in .txt";
            return Err(Error::format(file, problem));
        }
        let has_header = choice.header.unwrap_or_else(|| is_header(&records));
        let names = match has_header {
            true => records.remove(0).fields,
            false => (1..=first.len()).map(|k| format!("column {k}")).collect(),
        };
        if records.len() < 2 {
            let found = format!("{} {}", records.len(), if records.len() == 1 { "row" } else { "rows" });
            return Err(Error::format(
                file,
                format!("it has {found} of data; some to train on and some to validate with are needed"),
            ));
        }
        Ok(Self { file, names, records, separator, has_header })
    }

    /// The data set of the chosen columns, or of those that look like texts and labels.
    ///
    /// # Errors
    /// If a column is not there, or the labels are no classes.
    pub fn own(&self, choice: &OwnChoice) -> Result<Own> {
        let columns: Vec<ColumnInfo> = (0..self.names.len()).map(|k| self.column(k)).collect();
        let label = match &choice.label {
            Some(name) => self.place(name)?,
            None => label_column(&columns, self.records.len()).ok_or_else(|| self.no_label(&columns))?,
        };
        let text = match &choice.text {
            Some(name) => self.place(name)?,
            None => text_column(&columns, label).ok_or_else(|| {
                let problem =
                    "no column besides the labels holds texts; numbers are read from .npz or .safetensors";
                Error::format(self.file, problem)
            })?,
        };
        let (kept, left_out) = self.complete(text, label)?;
        let dataset = self.dataset(&kept, text, label)?;
        let info = OwnInfo {
            kind: OwnKind::Table,
            file: self.file.to_owned(),
            columns,
            text: Some(self.names[text].clone()),
            label: Some(self.names[label].clone()),
            header: self.has_header,
            separator: Some(csv::named(self.separator).to_owned()),
            samples: kept.len(),
            has_test: false,
            class_names: dataset.class_names.clone(),
            notes: self.notes(left_out),
        };
        Ok(Own { dataset, info })
    }

    fn place(&self, name: &str) -> Result<usize> {
        self.names.iter().position(|known| known == name).ok_or_else(|| {
            Error::value(
                format!("the column in {}", self.file),
                format!("one of {}", self.names.join(", ")),
                name,
            )
        })
    }

    fn column(&self, k: usize) -> ColumnInfo {
        let values = || self.records.iter().map(|record| record.fields[k].as_str());
        let present = values().filter(|value| !is_missing(value)).count();
        let words: usize = values().map(|value| value.split_whitespace().count()).sum();
        let distinct: HashSet<&str> = values().filter(|value| !is_missing(value)).collect();
        ColumnInfo {
            name: self.names[k].clone(),
            example: values().find(|value| !is_missing(value)).unwrap_or_default().chars().take(80).collect(),
            distinct: distinct.len(),
            missing: self.records.len() - present,
            mean_words: words as f64 / self.records.len().max(1) as f64,
            is_numeric: present > 0
                && values().filter(|value| !is_missing(value)).all(|value| value.parse::<f64>().is_ok()),
        }
    }

    fn no_label(&self, columns: &[ColumnInfo]) -> Error {
        let named = |column: &ColumnInfo| match column.distinct {
            0 => format!("`{}` is empty", column.name),
            1 => format!("`{}` has one value", column.name),
            n => format!("`{}` has {n} different values", column.name),
        };
        let found: Vec<String> = columns.iter().map(named).collect();
        let problem = format!(
            "no column can hold the labels: they are from 2 to {MOST_CLASSES} classes, each with several rows. {}",
            found.join(", ")
        );
        Error::format(self.file, problem)
    }

    /// The records that have a text and a label, and the lines of the others.
    fn complete(&self, text: usize, label: usize) -> Result<(Vec<&Record>, Vec<usize>)> {
        if text == label {
            return Err(Error::value(
                "the column of texts",
                "another one than that of the labels",
                &self.names[text],
            ));
        }
        let is_whole =
            |record: &&Record| !is_missing(&record.fields[label]) && !record.fields[text].trim().is_empty();
        let kept: Vec<&Record> = self.records.iter().filter(is_whole).collect();
        let left_out =
            self.records.iter().filter(|record| !is_whole(record)).map(|record| record.line).collect();
        if kept.len() < 2 {
            let problem = format!(
                "{} of {} rows have both a text in `{}` and a label in `{}`; choose other columns",
                kept.len(),
                self.records.len(),
                self.names[text],
                self.names[label]
            );
            return Err(Error::format(self.file, problem));
        }
        Ok((kept, left_out))
    }

    fn notes(&self, left_out: Vec<usize>) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.has_header {
            notes.push(
                "The first line looks like data, so that the columns are called by their numbers.".to_owned(),
            );
        }
        if let Some(first) = left_out.first() {
            let rows = if left_out.len() == 1 { "1 row" } else { &format!("{} rows", left_out.len()) };
            notes.push(format!("{rows} without a text or a label left out, the first in line {first}."));
        }
        notes
    }

    fn dataset(&self, kept: &[&Record], text: usize, label: usize) -> Result<Dataset> {
        let class_names = class_names(kept.iter().map(|record| record.fields[label].as_str()));
        if !(2..=MOST_CLASSES).contains(&class_names.len()) {
            let what = format!("the labels in `{}` of {}", self.names[label], self.file);
            let expected = format!("from 2 to {MOST_CLASSES} classes");
            return Err(Error::value(what, expected, format!("{} different values", class_names.len())));
        }
        let mut counts = WordCounts::default();
        kept.iter().for_each(|record| counts.add(&record.fields[text]));
        let vocabulary = Vocabulary::of_most_frequent(&counts.ranked(), usize::from(u16::MAX))?;
        let sequences: Vec<Vec<u16>> =
            kept.iter().map(|record| vocabulary.encode(&record.fields[text])).collect();
        // A map of the few classes would compile a sort of its own.
        let place = |name: &str| class_names.iter().position(|known| known == name).unwrap_or_default();
        let labels = kept.iter().map(|record| place(&record.fields[label]) as u16).collect();
        Ok(Dataset {
            task: if class_names.len() == 2 { Task::Binary } else { Task::Classes },
            class_names,
            vocabulary,
            train: Split::new(sequences.iter().map(Vec::as_slice), labels)?,
            ..empty(self.file)?
        })
    }
}

/// A data set that holds nothing yet, named after a reader's file.
pub(super) fn empty(file: &str) -> Result<Dataset> {
    Ok(Dataset {
        name: OWN.to_owned(),
        title: file.to_owned(),
        task: Task::Classes,
        class_names: Vec::new(),
        vocabulary: Vocabulary::new(Unit::Number, Vec::new())?,
        train: Split::new(std::iter::empty::<&[u16]>(), Vec::new())?,
        test: Split::new(std::iter::empty::<&[u16]>(), Vec::new())?,
        provenance: Provenance::default(),
        notes: String::new(),
    })
}

fn is_missing(value: &str) -> bool {
    let value = value.trim();
    value.len() <= 5 && MISSING.iter().any(|missing| value.eq_ignore_ascii_case(missing))
}

/// Whether the first record names the columns: no field is a number or empty, none stands twice, and none is a value
/// that its column has again.
fn is_header(records: &[Record]) -> bool {
    let Some((first, rest)) = records.split_first() else { return false };
    let is_name = |(k, field): (usize, &String)| {
        !field.is_empty()
            && field.parse::<f64>().is_err()
            && field.chars().count() <= 60
            && !first.fields[..k].contains(field)
            && !rest.iter().any(|record| record.fields[k] == *field)
    };
    first.fields.iter().enumerate().all(is_name)
}

/// The column of labels: one with a usual name, which must hold classes then; else the one with the fewest different
/// values of few words, of equal ones the last.
fn label_column(columns: &[ColumnInfo], rows: usize) -> Option<usize> {
    let is_named = |column: &ColumnInfo| LABEL_NAMES.contains(&column.name.to_lowercase().as_str());
    let holds_classes = |column: &ColumnInfo| (2..=MOST_CLASSES).contains(&column.distinct);
    if let Some(named) = columns.iter().position(is_named) {
        return holds_classes(&columns[named]).then_some(named);
    }
    let can_be = |k: &usize| {
        let column = &columns[*k];
        holds_classes(column) && column.mean_words <= LABEL_WORDS && column.distinct <= (rows / 2).max(2)
    };
    (0..columns.len()).filter(can_be).min_by_key(|k| (columns[*k].distinct, std::cmp::Reverse(*k)))
}

/// The column with the longest texts besides the labels.
fn text_column(columns: &[ColumnInfo], label: usize) -> Option<usize> {
    let can_be = |k: &usize| *k != label && !columns[*k].is_numeric && columns[*k].distinct > 0;
    (0..columns.len()).filter(can_be).max_by(|a, b| columns[*a].mean_words.total_cmp(&columns[*b].mean_words))
}

/// The different labels: numbers by their size, others by the alphabet.
fn class_names<'a>(labels: impl Iterator<Item = &'a str>) -> Vec<String> {
    let distinct: HashSet<&str> = labels.collect();
    let mut names: Vec<&str> = distinct.into_iter().collect();
    names.sort_unstable();
    if names.iter().all(|name| name.parse::<f64>().is_ok()) {
        let value = |name: &str| name.parse::<f64>().unwrap_or(f64::NAN);
        sort_by(&mut names, |a, b| value(a).total_cmp(&value(b)));
    }
    names.into_iter().map(str::to_owned).collect()
}
