//! Arrays as numpy prints them: `array2string` with its ways of choosing digits and breaking lines.

use super::super::array::{Array, Kind};
use super::{number, options};

/// The array in brackets; lines after the first begin with `indent` spaces.
pub(super) fn shown(array: &Array, separator: &str, indent: usize, width: usize) -> String {
    if array.count() == 0 {
        return "[]".to_owned();
    }
    let edge = (array.count() > options().threshold).then_some(options().edge);
    let seen = seen(array, edge);
    let words = Words::new(array.kind(), &seen);
    let writer = Writer { words, separator, edge };
    writer.part(array, &" ".repeat(indent), width)
}

/// The numbers that are shown.
fn seen(array: &Array, edge: Option<usize>) -> Vec<f64> {
    let Some(edge) = edge else { return array.numbers() };
    if array.shape().is_empty() {
        return array.numbers();
    }
    places(array.shape()[0], Some(edge)).flat_map(|place| seen(&array.at(0, place), Some(edge))).collect()
}

/// Which places of an axis are shown.
fn places(size: usize, edge: Option<usize>) -> impl Iterator<Item = usize> {
    let cut = edge.filter(|edge| 2 * edge < size);
    (0..size).filter(move |k| cut.is_none_or(|edge| *k < edge || *k >= size - edge))
}

struct Writer<'a> {
    words: Words,
    separator: &'a str,
    edge: Option<usize>,
}

impl Writer<'_> {
    fn part(&self, array: &Array, indent: &str, width: usize) -> String {
        let Some(size) = array.rows() else { return self.words.word(array.only().unwrap_or(0.0)) };
        let cut = self.edge.filter(|edge| 2 * edge < size);
        let inner = format!("{indent} ");
        let mut text = String::new();
        if array.shape().len() == 1 {
            let room = width - self.separator.trim_end().len().max(1);
            let mut line = indent.to_owned();
            let shown: Vec<usize> = places(size, self.edge).collect();
            for (k, place) in shown.iter().enumerate() {
                if k > 0 {
                    line.push_str(self.separator);
                }
                if cut == Some(k) {
                    extend(&mut text, &mut line, "...", room, indent);
                    line.push_str(self.separator);
                }
                let word = self.part(&array.at(0, *place), &inner, width - 1);
                extend(&mut text, &mut line, &word, room, indent);
            }
            text.push_str(&line);
        } else {
            let ends = self.separator.trim_end().to_owned() + &"\n".repeat(array.shape().len() - 1);
            for (k, place) in places(size, self.edge).enumerate() {
                if k > 0 {
                    text.push_str(&ends);
                }
                if cut == Some(k) {
                    text.push_str(indent);
                    text.push_str("...");
                    text.push_str(&ends);
                }
                text.push_str(indent);
                text.push_str(&self.part(&array.at(0, place), &inner, width - 1));
            }
        }
        format!("[{}]", &text[indent.len()..])
    }
}

/// Adds a word to the line, or begins another one.
fn extend(text: &mut String, line: &mut String, word: &str, room: usize, indent: &str) {
    if line.chars().count() + word.chars().count() > room && line.len() > indent.len() {
        text.push_str(line.trim_end());
        text.push('\n');
        *line = indent.to_owned();
    }
    line.push_str(word);
}

/// How all numbers of an array are written, so that their points stand below each other.
enum Words {
    Truth,
    Whole(usize),
    /// Digits behind the point at most; places before and behind it; whether the numbers are of float32.
    Positional(usize, usize, usize, bool),
    /// Digits behind the point; places before the point; digits of the exponent; whether they are of float32.
    Scientific(usize, usize, usize, bool),
}

impl Words {
    fn new(kind: Kind, seen: &[f64]) -> Self {
        match kind {
            Kind::Bool => Self::Truth,
            Kind::Int | Kind::Short | Kind::Byte => {
                Self::Whole(seen.iter().map(|v| format!("{v}").len()).max().unwrap_or(0))
            }
            kind => Self::of_floats(seen, kind == Kind::Single),
        }
    }

    fn of_floats(seen: &[f64], is_single: bool) -> Self {
        let finite: Vec<f64> = seen.iter().copied().filter(|v| v.is_finite()).collect();
        let sizes = finite.iter().map(|v| v.abs()).filter(|v| *v != 0.0);
        let (most, least) = sizes.fold((0.0f64, f64::INFINITY), |(a, b), v| (a.max(v), b.min(v)));
        let is_wide = most >= 1e8 || (!options().suppress && (least < 1e-4 || most / least > 1000.0));
        let precision = options().precision;
        let special =
            seen.iter().filter(|v| !v.is_finite()).map(|v| number::float(*v).len()).max().unwrap_or(0);
        if most > 0.0 && is_wide {
            let words: Vec<String> = finite.iter().map(|v| scientific(*v, precision, is_single)).collect();
            let part = |word: &String| word.find(['e']).unwrap_or(0) - word.find('.').unwrap_or(0) - 1;
            let digits = words.iter().map(part).max().unwrap_or(0);
            let left = words.iter().map(|word| word.find('.').unwrap_or(0)).max().unwrap_or(0);
            let exponent =
                words.iter().map(|word| word.len() - word.find('e').unwrap_or(0) - 2).max().unwrap_or(2);
            let left = left.max(special.saturating_sub(digits + exponent + 3));
            return Self::Scientific(digits, left, exponent, is_single);
        }
        let words: Vec<String> = finite.iter().map(|v| rounded(*v, precision, is_single)).collect();
        let left = words.iter().map(|word| word.find('.').unwrap_or(0)).max().unwrap_or(0);
        let right = words.iter().map(|word| word.len() - word.find('.').unwrap_or(0) - 1).max().unwrap_or(0);
        let left = left.max(special.saturating_sub(right + 1));
        Self::Positional(precision, left, right, is_single)
    }

    fn word(&self, value: f64) -> String {
        match self {
            Self::Truth => if value != 0.0 { " True" } else { "False" }.to_owned(),
            Self::Whole(width) => format!("{value:>width$}"),
            Self::Positional(_, left, right, _) if !value.is_finite() => {
                format!("{:>width$}", number::float(value), width = left + right + 1)
            }
            Self::Positional(precision, left, right, is_single) => {
                let word = rounded(value, *precision, *is_single);
                let (whole, part) = word.split_once('.').unwrap_or((&word, ""));
                format!("{whole:>left$}.{part:<right$}")
            }
            Self::Scientific(digits, left, exponent, _) if !value.is_finite() => {
                format!("{:>width$}", number::float(value), width = left + digits + exponent + 3)
            }
            Self::Scientific(digits, left, exponent, is_single) => {
                let word = scientific(value, *digits, *is_single);
                let (mantissa, power) = word.split_once('e').unwrap_or((&word, "+00"));
                let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
                let (sign, power) = power.split_at(1);
                format!("{whole:>left$}.{part:0<digits$}e{sign}{power:0>exponent$}")
            }
        }
    }
}

/// The fewest digits that tell the number from all others of its type.
fn shortest(value: f64, is_single: bool) -> String {
    if is_single { format!("{:e}", value as f32) } else { format!("{value:e}") }
}

/// The fewest digits that tell the number from others, at most `precision` behind the point; `1.` for 1.
fn rounded(value: f64, precision: usize, is_single: bool) -> String {
    let shortest = shortest(value, is_single);
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let whole = number::positional(mantissa, exponent.parse().unwrap_or(0));
    let behind = whole.len() - whole.find('.').unwrap_or(0) - 1;
    let text = if behind > precision { format!("{value:.precision$}") } else { whole };
    match text.contains('.') {
        true => text.trim_end_matches('0').to_owned(),
        false => text + ".",
    }
}

/// As [`rounded`], with an exponent: `1.5e-07`.
fn scientific(value: f64, precision: usize, is_single: bool) -> String {
    let shortest = shortest(value, is_single);
    let digits = shortest.find('e').unwrap_or(0) - shortest.find('.').map_or(0, |at| at + 1);
    let text =
        if shortest.contains('.') && digits > precision { format!("{value:.precision$e}") } else { shortest };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mantissa = match mantissa.contains('.') {
        true => mantissa.trim_end_matches('0').to_owned(),
        false => format!("{mantissa}."),
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}
