//! Tables in text: RFC 4180 with commas, semicolons or tabs.

use crate::{Error, Result};

/// What can stand between two fields.
const SEPARATORS: [char; 3] = [',', ';', '\t'];
/// Records that are looked at to find the separator.
const LOOKED_AT: usize = 20;

/// A line of a table, which may have line breaks inside of quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The line that it begins in, counted from 1.
    pub line: usize,
    /// Its fields without their quotes.
    pub fields: Vec<String>,
}

/// The records of `text`, all with as many fields as the first one, and the separator between fields: the one that
/// cuts the first records into the same number of fields, and into the most.
///
/// # Errors
/// A record with another number of fields, or a quote that does not end; both with the line.
pub fn read(text: &str, file: &str) -> Result<(Vec<Record>, char)> {
    let separator = separator(text);
    let mut reader = Reader { rest: text, line: 1, separator };
    let mut records: Vec<Record> = Vec::new();
    while let Some(record) = reader.record().map_err(|line| {
        let problem = format!("the quote that begins a field in line {line} does not end; close it with \"");
        Error::format(file, problem)
    })? {
        let count = records.first().map_or(record.fields.len(), |first| first.fields.len());
        if record.fields.len() != count {
            let found = record.fields.len();
            let problem = format!(
                "line {} has {found} fields, line {} has {count}; put a field that holds {} in quotes",
                record.line,
                records.first().map_or(1, |first| first.line),
                named(separator)
            );
            return Err(Error::format(file, problem));
        }
        records.push(record);
    }
    Ok((records, separator))
}

/// What a separator is called.
pub fn named(separator: char) -> &'static str {
    match separator {
        ';' => "a semicolon",
        '\t' => "a tab",
        _ => "a comma",
    }
}

/// The separator that cuts the first records alike.
fn separator(text: &str) -> char {
    let fields = |separator: char| -> usize {
        let mut reader = Reader { rest: text, line: 1, separator };
        let counts: Vec<usize> = std::iter::from_fn(|| reader.record().ok().flatten())
            .map(|record| record.fields.len())
            .take(LOOKED_AT)
            .collect();
        let first = counts.first().copied().unwrap_or(0);
        // Nearly all: a record that is wrong is to be named, and not to make the separator another one.
        let alike = counts.iter().filter(|count| **count == first).count();
        if first > 1 && 4 * alike >= 3 * counts.len() { first } else { 0 }
    };
    let best = SEPARATORS.into_iter().rev().max_by_key(|separator| fields(*separator));
    best.unwrap_or(',')
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    separator: char,
}

impl Reader<'_> {
    /// The next record that is no empty line; the line of a quote that does not end is the error.
    fn record(&mut self) -> std::result::Result<Option<Record>, usize> {
        while let Some(rest) = self.rest.strip_prefix("\r\n").or(self.rest.strip_prefix(['\n', '\r'])) {
            self.rest = rest;
            self.line += 1;
        }
        if self.rest.is_empty() {
            return Ok(None);
        }
        let mut record = Record { line: self.line, fields: Vec::new() };
        loop {
            let field = if self.rest.starts_with('"') { self.quoted()? } else { self.plain() };
            record.fields.push(field);
            match self.rest.strip_prefix(self.separator) {
                Some(rest) => self.rest = rest,
                None => return Ok(Some(record)),
            }
        }
    }

    /// A field up to the separator or the end of the line.
    fn plain(&mut self) -> String {
        let end = self.rest.find([self.separator, '\n', '\r']).unwrap_or(self.rest.len());
        let (field, rest) = self.rest.split_at(end);
        self.rest = rest;
        field.trim().to_owned()
    }

    /// A field in quotes, in which two quotes are one; what follows the last quote belongs to it.
    fn quoted(&mut self) -> std::result::Result<String, usize> {
        let start = self.line;
        let mut field = String::new();
        self.rest = &self.rest[1..];
        loop {
            let end = self.rest.find('"').ok_or(start)?;
            let part = &self.rest[..end];
            self.line += part.matches('\n').count();
            field.push_str(part);
            self.rest = &self.rest[end + 1..];
            match self.rest.strip_prefix('"') {
                Some(rest) => self.rest = rest,
                None => break,
            }
            field.push('"');
        }
        let behind = self.plain();
        field.push_str(&behind);
        Ok(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<Vec<String>> {
        read(text, "x.csv").unwrap().0.into_iter().map(|record| record.fields).collect()
    }

    #[test]
    fn quotes_hold_separators_line_breaks_and_quotes() {
        let text = "text,label\r\n\"not bad, \"\"really\"\"\r\ngood\",1\r\nbad,0\r\n";
        let (records, separator) = read(text, "x.csv").unwrap();
        assert_eq!(separator, ',');
        assert_eq!(records[1].fields, ["not bad, \"really\"\r\ngood", "1"]);
        assert_eq!(records.iter().map(|record| record.line).collect::<Vec<_>>(), [1, 2, 4]);
    }

    #[test]
    fn the_separator_is_the_one_that_cuts_all_records_alike() {
        assert_eq!(fields("a;b\nx, y;1\nz;0\n"), [["a", "b"], ["x, y", "1"], ["z", "0"]]);
        assert_eq!(fields("a\tb\nx, y; z\t1"), [["a", "b"], ["x, y; z", "1"]]);
        assert_eq!(fields("a,b\n\n\n1,2\n"), [["a", "b"], ["1", "2"]]);
        assert_eq!(fields("only one column\nof text"), [["only one column"], ["of text"]]);
    }

    #[test]
    fn a_record_that_is_wrong_is_named_with_its_line() {
        let ragged =
            read("a,b\n1,2\n\"x\ny\",2\n1,2,3\n1,2\n1,2\n1,2\n1,2\n", "x.csv").unwrap_err().to_string();
        assert!(ragged.starts_with("x.csv: line 5 has 3 fields, line 1 has 2"), "{ragged}");
        let open = read("a,b\n1,2\n\"x,2\n", "x.csv").unwrap_err().to_string();
        assert!(open.contains("line 3"), "{open}");
    }
}
