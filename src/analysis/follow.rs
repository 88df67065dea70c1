//! Which units of a network follow something that can be seen in the text.

use ndarray::ArrayView2;
use regex_lite::Regex;

use crate::{Error, Result};

/// Something that is true or false, or a number, after each token of a text has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// Between quotation marks; an empty line ends what was left open.
    Quotes,
    /// Between brackets, round, square or curly.
    Brackets,
    /// How many characters of the line have been read.
    LinePosition,
    /// The last character ended a line.
    Newline,
    /// The last character is a capital letter.
    Capital,
    /// The last character is a space.
    Space,
    /// The last token lies in a match of a regular expression.
    Expression(String),
}

/// The ready patterns: a name for programs, and what a reader sees.
pub const READY: [(&str, &str, Pattern); 6] = [
    ("quotes", "inside quotation marks", Pattern::Quotes),
    ("line", "position in the line", Pattern::LinePosition),
    ("brackets", "inside brackets", Pattern::Brackets),
    ("newline", "just after a newline", Pattern::Newline),
    ("capital", "a capital letter", Pattern::Capital),
    ("space", "a space", Pattern::Space),
];

impl Pattern {
    /// The pattern after each of `tokens`, which make up a text one after the other.
    ///
    /// # Errors
    /// If the regular expression cannot be read.
    pub fn along(&self, tokens: &[String]) -> Result<Vec<f32>> {
        if let Self::Expression(expression) = self {
            return matches(expression, tokens);
        }
        let mut reader = Reader::default();
        let of = |token: &String| {
            token.chars().for_each(|character| reader.read(character));
            reader.value(self)
        };
        Ok(tokens.iter().map(of).collect())
    }
}

/// What is known of the characters so far.
#[derive(Default)]
struct Reader {
    last: char,
    in_line: usize,
    brackets: usize,
    quoted: bool,
}

impl Reader {
    fn read(&mut self, character: char) {
        match character {
            '“' | '«' | '„' => self.quoted = true,
            '”' | '»' => self.quoted = false,
            '"' => self.quoted = !self.quoted,
            '(' | '[' | '{' => self.brackets += 1,
            ')' | ']' | '}' => self.brackets = self.brackets.saturating_sub(1),
            '\n' if self.last == '\n' => (self.quoted, self.brackets) = (false, 0),
            _ => {}
        }
        self.in_line = if character == '\n' { 0 } else { self.in_line + 1 };
        self.last = character;
    }

    fn value(&self, pattern: &Pattern) -> f32 {
        let is_true = match pattern {
            Pattern::Quotes => self.quoted,
            Pattern::Brackets => self.brackets > 0,
            Pattern::LinePosition => return self.in_line as f32,
            Pattern::Newline => self.last == '\n',
            Pattern::Capital => self.last.is_uppercase(),
            Pattern::Space => self.last == ' ',
            Pattern::Expression(_) => false,
        };
        f32::from(u8::from(is_true))
    }
}

fn matches(expression: &str, tokens: &[String]) -> Result<Vec<f32>> {
    if expression.is_empty() {
        return Err(Error::format(
            "the regular expression",
            "it is empty; type what to look for, such as [aeiou]",
        ));
    }
    let regex = Regex::new(expression)
        .map_err(|wrong| Error::format("the regular expression", format!("it cannot be read ({wrong})")))?;
    let text = tokens.concat();
    let mut found = regex.find_iter(&text).filter(|found| !found.is_empty()).peekable();
    let mut end = 0;
    let of = |token: &String| {
        let start = end;
        end += token.len();
        while found.next_if(|found| found.end() <= start).is_some() {}
        f32::from(u8::from(found.peek().is_some_and(|found| found.start() < end && start < found.end())))
    };
    Ok(tokens.iter().map(of).collect())
}

/// Pearson's correlation of each column of `states`, `[tokens, columns]`, with a pattern, `[tokens]`; nothing where
/// one of the two does not change.
pub fn correlations(states: ArrayView2<f32>, pattern: &[f32]) -> Vec<Option<f64>> {
    Moments::of(states).correlations(states, pattern, 0)
}

/// The largest size of a correlation with the pattern moved along the text, in a circle, by each of `moves` equal
/// parts of it: what the best of so many columns reaches by chance.
pub fn by_chance(states: ArrayView2<f32>, pattern: &[f32], moves: usize) -> f64 {
    let moments = Moments::of(states);
    let largest = |by: usize| {
        let found = moments.correlations(states, pattern, by);
        found.into_iter().flatten().fold(0.0, |most: f64, r| most.max(r.abs()))
    };
    (1..=moves).map(|part| largest(part * pattern.len() / (moves + 1))).fold(0.0, f64::max)
}

/// Means and sums of squared distances from them, of each column.
struct Moments {
    means: Vec<f64>,
    squares: Vec<f64>,
}

impl Moments {
    fn of(states: ArrayView2<f32>) -> Self {
        let (count, columns) = states.dim();
        let mut means = vec![0.0; columns];
        for row in states.rows() {
            means.iter_mut().zip(row).for_each(|(mean, x)| *mean += f64::from(*x));
        }
        means.iter_mut().for_each(|mean| *mean /= count.max(1) as f64);
        let mut squares = vec![0.0; columns];
        for row in states.rows() {
            let distances = row.iter().zip(&means).map(|(x, mean)| f64::from(*x) - mean);
            squares.iter_mut().zip(distances).for_each(|(sum, distance)| *sum += distance * distance);
        }
        Self { means, squares }
    }

    /// With the pattern that stands `by` tokens further on.
    fn correlations(&self, states: ArrayView2<f32>, pattern: &[f32], by: usize) -> Vec<Option<f64>> {
        let count = pattern.len();
        let mean = pattern.iter().fold(0.0, |sum, x| sum + f64::from(*x)) / count.max(1) as f64;
        let (mut products, mut square) = (vec![0.0; self.means.len()], 0.0);
        for (k, row) in states.rows().into_iter().enumerate().take(count) {
            let distance = f64::from(pattern[(k + by) % count]) - mean;
            square += distance * distance;
            products.iter_mut().zip(row).for_each(|(sum, x)| *sum += distance * f64::from(*x));
        }
        // Rounding leaves a trace of single precision in what does not change.
        let least = |mean: f64| {
            let trace = mean * f64::from(f32::EPSILON);
            count as f64 * trace * trace
        };
        let of = |((product, mean), own): ((&f64, &f64), &f64)| {
            (square > 0.0 && *own > least(*mean)).then(|| product / (square * own).sqrt())
        };
        products.iter().zip(&self.means).zip(&self.squares).map(of).collect()
    }
}

/// The places of the largest numbers, the largest first, at most `count` and each `apart` from all others.
pub fn peaks(values: &[f32], count: usize, apart: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|a, b| values[*b].total_cmp(&values[*a]).then(a.cmp(b)));
    let mut found: Vec<usize> = Vec::new();
    for place in order {
        if found.len() == count {
            break;
        }
        if found.iter().all(|other| other.abs_diff(place) >= apart) {
            found.push(place);
        }
    }
    found
}
