//! What comments of a listing say of its sizes, shapes and first numbers; Python passes over them.
//!
//! - `# size: d_state = 16` names a size that is neither `features` nor `units`, and says what it is where a reader
//!   chooses nothing else;
//! - `# shape: A = (units, d_state)` gives a state or weight a shape that does not follow from its use;
//! - `# init: A = -np.log(np.arange(1, d_state + 1))` gives its first numbers, as a formula or as the name of one of
//!   Keras' initializers;
//! - `# fixed: A, B` names weights that are not trained.
//!
//! Each stands on a line of its own. A comment of another form is a comment.

mod formula;
mod sized;

pub(in crate::listing) use formula::first_states;
pub use formula::{Formula, formulas};
pub use sized::resized;

use crate::layers::initializer::Initializer;
use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::functions::is_reserved;
use crate::listing::language::tree::Definition;
use serde_json::Value;

/// The largest size that a line may name.
const LARGEST_SIZE: usize = 4096;
/// So many sizes may have names.
const MOST_SIZES: usize = 16;
/// The largest factor of a size in a shape.
const LARGEST_FACTOR: usize = 4096;

/// What the comments of a listing say.
#[derive(Debug, Clone, Default)]
pub(in crate::listing) struct Hints {
    /// Names of sizes, and what they are.
    pub(in crate::listing) sizes: Vec<(String, usize)>,
    /// The shapes of parameters, by their place among them.
    pub(in crate::listing) shapes: Vec<(usize, Vec<Length>)>,
    /// Where each of these shapes is written.
    pub(in crate::listing) shape_spans: Vec<Span>,
    /// First numbers, by the place of the parameter: the formula and where it begins.
    pub(in crate::listing) first: Vec<(usize, String, Span)>,
    /// Weights that begin as an initializer of Keras says.
    pub(in crate::listing) initializers: Vec<(String, Initializer)>,
    /// Weights that are not trained, by their place among the parameters.
    pub(in crate::listing) fixed: Vec<usize>,
}

/// A size as a shape writes it, `4*units + 1`: factors of named sizes, and a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::listing) struct Length {
    pub(in crate::listing) terms: Vec<(usize, String)>,
    pub(in crate::listing) constant: usize,
}

/// One line.
struct Hint<'a> {
    key: &'a str,
    /// The name before `=`; of a list of fixed weights all of it.
    name: &'a str,
    value: &'a str,
    /// Where the name stands, and the value.
    at: [Span; 2],
}

/// Sizes that every listing has.
pub(in crate::listing) const GIVEN: [&str; 2] = ["features", "units"];

impl Hints {
    /// Reads the comments of `source`, whose first `states` parameters behind the input are states.
    ///
    /// # Errors
    /// Every comment of this form that says what cannot be, with its line and column and what would work.
    pub(in crate::listing) fn read(
        source: &str,
        definition: &Definition,
        states: usize,
    ) -> Result<Self, Vec<Diagnostic>> {
        let all: Vec<Hint> = source.lines().enumerate().filter_map(|(k, line)| hint(k + 1, line)).collect();
        let mut reading = Reading { hints: Self::default(), definition, states };
        let mut mistakes = Vec::new();
        for key in ["size", "shape", "init", "fixed"] {
            for hint in all.iter().filter(|hint| hint.key == key) {
                let read = match key {
                    "size" => reading.size(hint),
                    "shape" => reading.shape(hint),
                    "init" => reading.first(hint),
                    _ => reading.fixed(hint),
                };
                mistakes.extend(read.err());
            }
        }
        let hints = reading.hints;
        let is_used = |name: &String| {
            let in_shape = hints
                .shapes
                .iter()
                .flat_map(|(_, shape)| shape)
                .any(|l| l.terms.iter().any(|t| t.1 == *name));
            in_shape || hints.first.iter().any(|(_, formula, _)| words(formula).any(|word| word == name))
        };
        for hint in all.iter().filter(|hint| hint.key == "size") {
            if mistakes.is_empty() && hints.sizes.iter().any(|(name, _)| name == hint.name && !is_used(name))
            {
                let message = format!(
                    "nothing has the size `{0}`; say which state or weight has it, as in # shape: NAME = (units, \
                     {0}), or remove this line",
                    hint.name
                );
                mistakes.push(Diagnostic::new(hint.at[0], message));
            }
        }
        if mistakes.is_empty() { Ok(hints) } else { Err(mistakes) }
    }

    /// The shape that a line gives a parameter.
    pub(in crate::listing) fn shape_of(&self, position: usize) -> Option<(&[Length], Span)> {
        let at = self.shapes.iter().position(|(parameter, _)| *parameter == position)?;
        Some((&self.shapes[at].1, self.shape_spans[at]))
    }
}

/// The words of a formula.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

fn is_name(text: &str) -> bool {
    let first = text.chars().next();
    first.is_some_and(|c| c.is_alphabetic() || c == '_') && words(text).next() == Some(text)
}

/// What a line of a text says, if it is one of these comments.
fn hint(line: usize, text: &str) -> Option<Hint<'_>> {
    let (key, rest) = text.trim_start().strip_prefix('#')?.split_once(':')?;
    let key = key.trim();
    let span = |part: &str| {
        let column = text[..part.as_ptr() as usize - text.as_ptr() as usize].chars().count() + 1;
        Span { line, column, length: part.chars().count().max(1) }
    };
    let (name, value) = match key {
        "size" | "shape" | "init" => rest.split_once('=')?,
        "fixed" => (rest, ""),
        _ => return None,
    };
    let (name, value) = (name.trim(), value.trim());
    let fits = match key {
        "fixed" => name.split(',').all(|name| is_name(name.trim())),
        _ => is_name(name) && !value.starts_with('='),
    };
    fits.then(|| Hint {
        key,
        name,
        value,
        at: [span(name), if value.is_empty() { span(name) } else { span(value) }],
    })
}

struct Reading<'a> {
    hints: Hints,
    definition: &'a Definition,
    states: usize,
}

impl Reading<'_> {
    fn size(&mut self, hint: &Hint) -> Result<(), Diagnostic> {
        let name = hint.name;
        let known = self.hints.sizes.iter().any(|(other, _)| other == name);
        let message = if GIVEN.contains(&name) {
            format!("`{name}` is chosen beside the listing; give this size another name")
        } else if known || self.hints.sizes.len() == MOST_SIZES {
            format!(
                "`{name}` is one size too many: each is named once, and {MOST_SIZES} at most; remove this line"
            )
        } else if is_reserved(name) || self.parameters().any(|parameter| parameter == name) {
            format!("`{name}` has a meaning already; give this size another name, such as n_{name}")
        } else {
            match hint.value.parse() {
                Ok(size @ 1..=LARGEST_SIZE) => {
                    self.hints.sizes.push((name.to_string(), size));
                    return Ok(());
                }
                _ => format!("a size is a whole number from 1 to {LARGEST_SIZE}: # size: {name} = 16"),
            }
        };
        let wrong_value = hint.value.parse().is_ok_and(|n: usize| (1..=LARGEST_SIZE).contains(&n));
        Err(Diagnostic::new(hint.at[usize::from(!wrong_value)], message))
    }

    fn parameters(&self) -> impl Iterator<Item = &String> {
        self.definition.parameters.iter().map(|parameter| &parameter.name)
    }

    /// The place of a state or weight among the parameters.
    fn place(&self, name: &str, span: Span) -> Result<usize, Diagnostic> {
        let found = self.parameters().position(|parameter| parameter == name);
        found.filter(|place| *place > 0).ok_or_else(|| {
            let all: Vec<&str> = self.parameters().skip(1).map(String::as_str).collect();
            let message =
                format!("`{name}` is no state or weight of this step; name one of {}", all.join(", "));
            Diagnostic::new(span, message)
        })
    }

    fn shape(&mut self, hint: &Hint) -> Result<(), Diagnostic> {
        let place = self.place(hint.name, hint.at[0])?;
        let wrong = |message: String| Diagnostic::new(hint.at[1], message);
        let inside = hint.value.strip_prefix('(').and_then(|value| value.strip_suffix(')'));
        let inside = inside.map(|inside| inside.trim().trim_end_matches(','));
        let parts = inside.map(|inside| inside.split(',').filter(|part| !part.trim().is_empty()));
        let shape = parts.and_then(|parts| parts.map(length).collect::<Option<Vec<Length>>>());
        let Some(shape) = shape.filter(|shape| shape.len() <= 2) else {
            return Err(wrong(
                "a shape is (), (units,) or (units, 4*features): at most two sizes, each a whole number or made of \
                 features, units and sizes that a line names, # size: n = 16"
                    .into(),
            ));
        };
        for (_, name) in shape.iter().flat_map(|length| &length.terms) {
            let known =
                GIVEN.contains(&name.as_str()) || self.hints.sizes.iter().any(|(known, _)| known == name);
            if !known {
                return Err(wrong(format!(
                    "`{name}` is no size; name it on a line of its own: # size: {name} = 16"
                )));
            }
        }
        if self.hints.shape_of(place).is_some() {
            return Err(wrong(format!("`{}` has a shape already; remove this line", hint.name)));
        }
        self.hints.shapes.push((place, shape));
        self.hints.shape_spans.push(hint.at[1]);
        Ok(())
    }

    fn first(&mut self, hint: &Hint) -> Result<(), Diagnostic> {
        let place = self.place(hint.name, hint.at[0])?;
        let (name, value) = (hint.name, hint.value);
        let is_state = place <= self.states;
        let is_size = GIVEN.contains(&value) || self.hints.sizes.iter().any(|(size, _)| size == value);
        let message = if self.hints.first.iter().any(|(other, ..)| *other == place) {
            format!("`{name}` has first numbers already; remove this line")
        } else if is_name(value) && !is_size && value != formula::RANDOM && !is_state {
            match Initializer::from_keras(&Value::String(value.to_owned()), name) {
                Ok(initializer) => {
                    self.hints.initializers.push((name.to_owned(), initializer));
                    return Ok(());
                }
                Err(_) => format!(
                    "`{value}` is no initializer; write one of {}, or a formula: # init: {name} = 0.1 * random",
                    Initializer::NAMES.join(", ")
                ),
            }
        } else if is_state && words(value).any(|word| word == formula::RANDOM) {
            format!("a state begins without random numbers: # init: {name} = 0")
        } else {
            self.hints.first.push((place, value.to_owned(), hint.at[1]));
            return formula::check(&self.hints, name, value, hint.at[1]);
        };
        Err(Diagnostic::new(hint.at[1], message))
    }

    fn fixed(&mut self, hint: &Hint) -> Result<(), Diagnostic> {
        for name in hint.name.split(',').map(str::trim) {
            let place = self.place(name, hint.at[0])?;
            if place <= self.states {
                let message =
                    format!("`{name}` is a state; only weights can be fixed, so take it out of this list");
                return Err(Diagnostic::new(hint.at[0], message));
            }
            self.hints.fixed.push(place);
        }
        Ok(())
    }
}

/// A size of a shape: `16`, `d_state`, `4*units`, `features + units`.
fn length(text: &str) -> Option<Length> {
    let mut length = Length { terms: Vec::new(), constant: 0 };
    for term in text.split('+') {
        let (mut factor, mut name) = (1usize, None);
        for part in term.split('*').map(str::trim) {
            match part.parse::<usize>() {
                Ok(number) => {
                    factor = factor.checked_mul(number).filter(|n| (1..=LARGEST_FACTOR).contains(n))?
                }
                Err(_) if is_name(part) && name.is_none() => name = Some(part.to_string()),
                Err(_) => return None,
            }
        }
        match name {
            Some(name) => length.terms.push((factor, name)),
            None => length.constant = (length.constant + factor).min(LARGEST_FACTOR),
        }
    }
    Some(length)
}
