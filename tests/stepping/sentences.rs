//! Every sentence beside a number is true: of its unit, word, number and direction.

use crate::material::all;
use crate::templates::{says, says_percent, slots};
use std::collections::BTreeMap;
use unrolled::listing::{Pass, ValueAddress};
use unrolled::session::stepping::{Part, Position, PositionKind, Stepping};

/// A number of a session, and what is said of it.
struct Said<'a> {
    session: &'a Stepping,
    part: Part,
    address: ValueAddress,
    value: f32,
    text: String,
}

impl Said<'_> {
    fn word(&self, timestep: usize) -> String {
        let input = self.session.input();
        let label = &input.labels[timestep];
        if input.words { format!("“{label}”") } else { format!("timestep {label}") }
    }

    fn here(&self) -> String {
        self.word(self.address.timestep)
    }

    fn last(&self) -> bool {
        self.address.timestep + 1 == self.session.input().labels.len()
    }

    /// The number that a label means: `h_before[3]`, `g[2]`, `tanh(c[1])`.
    fn of_label(&self, label: &str) -> Option<f32> {
        if let Some(argument) = label.strip_prefix("tanh(").and_then(|rest| rest.strip_suffix(')')) {
            #[allow(clippy::disallowed_methods)] // An independent reference.
            return self.of_label(argument).map(f32::tanh);
        }
        let (name, index) = label.strip_suffix(']')?.split_once('[')?;
        let recording = self.session.recording(self.part);
        let shown = self.session.explain(self.part, &self.address)?;
        if shown.label == label {
            return Some(self.value);
        }
        let listing = recording.listing();
        let (name, line) = match name.strip_suffix("_before").filter(|name| listing.states().contains(name)) {
            Some(state) => (state, listing.definition().span.line),
            None => (name, listing.definition().return_span.line),
        };
        let found = recording.named(Pass::Forward, self.address.timestep, line, name)?;
        found.iter().nth(index.parse().ok()?).copied()
    }

    /// The name of the template that the sentence follows, if it is true.
    fn template(&self) -> Option<&'static str> {
        let index = self.address.index.to_string();
        let (v, t) = (self.value, self.address.timestep);
        let is = |truth: bool| truth.then_some(());
        let label =
            |text: &str, value: f32| self.of_label(text).is_some_and(|known| (known - value).abs() < 1e-6);
        let what = |text: &str| text.starts_with("its ") || self.of_label(text).is_some();
        for template in TEMPLATES {
            let Some(found) = slots(template, &self.text) else { continue };
            let true_so = match (template, found.as_slice()) {
                (&"Unit {} keeps {} of its old state and takes {} of {}.", [u, p, q, w])
                | (&"Unit {} takes {} of its candidate and keeps {} of {}.", [u, p, q, w]) => {
                    *u == index && says_percent(p, v) && says_percent(q, 1.0 - v) && what(w)
                }
                (&"Unit {} keeps {} of {}.", [u, p, w]) => {
                    *u == index && says_percent(p, v) && v >= 0.5 && what(w)
                }
                (&"Unit {} forgets {} of {}.", [u, p, w]) => {
                    *u == index && says_percent(p, 1.0 - v) && v < 0.5 && what(w)
                }
                (&"Unit {} lets in {} of {}.", [u, p, w]) => *u == index && says_percent(p, v) && what(w),
                (&"Unit {} shows {} of its memory, as {}.", [u, p, w])
                | (&"Unit {} shows {} of {}.", [u, p, w]) => {
                    *u == index
                        && says_percent(p, v)
                        && self.of_label(w).is_some()
                        && w.contains(&format!("[{u}]"))
                }
                (&"{} lets {} of {} through.", [l, p, _]) => label(l, v) && says_percent(p, v),
                (&"The candidate of unit {} is {}; {} decides how much of it is let in.", [u, n, _]) => {
                    *u == index && says(n, v)
                }
                (&"The memory of unit {} was {} before {} and is {} now.", [u, a, w, n]) => {
                    let before = self.of_label(&format!("{}_before[{u}]", self.address.name));
                    *u == index && before.is_some_and(|b| says(a, b)) && *w == self.here() && says(n, v)
                }
                (&"{} = {} passes to the next {}; the output layer sees the same number.", [l, n, s]) => {
                    let state =
                        self.session.recording(Part::Cell).listing().states()[self.session.read_state()];
                    label(l, v) && says(n, v) && self.is_step(s) && !self.last() && l.starts_with(state)
                }
                (&"{} = {} passes to the next {}.", [l, n, s]) => {
                    label(l, v) && says(n, v) && self.is_step(s) && !self.last()
                }
                (&"{} = {} after the last {}; the output layer reads it.", [l, n, s])
                | (&"{} = {} after the last {}; nothing reads it any more.", [l, n, s]) => {
                    label(l, v) && says(n, v) && self.is_step(s) && self.last()
                }
                (
                    &"{} = {} leaves the cell at {}; no later {} reads it. The output layer reads it.",
                    [l, n, w, s],
                )
                | (&"{} = {} leaves the cell at {}; no later {} reads it.", [l, n, w, s]) => {
                    label(l, v) && says(n, v) && *w == self.here() && self.is_step(s)
                }
                (&"{} = {}: tanh keeps it between −1 and 1.", [l, n]) => {
                    label(l, v) && says(n, v) && v.abs() <= 1.0
                }
                (&"{} = {}: relu turns negative numbers into 0.", [l, n]) => {
                    label(l, v) && says(n, v) && v >= 0.0
                }
                (&"{} is {}, and no line reads it.", [l, n]) => label(l, v) && says(n, v),
                (&"{} is {}, between 0 and 1.", [l, n]) => {
                    label(l, v) && says(n, v) && (0.0..=1.0).contains(&v)
                }
                (&"{} is {}: another name for {}.", [l, n, other]) => {
                    label(l, v) && says(n, v) && label(other, v)
                }
                (&"{} is split in {}; {} is {}.", [_, _, l, n]) => label(l, v) && says(n, v),
                (&"{} the {} is split in {}.", [_, _, parts]) | (&"{} is split in {}.", [_, parts]) => {
                    self.is_count_of_parts(parts.split(':').next().unwrap_or(""))
                }
                (&"Raise {} by {} and the loss {} by about {}.", [l, step, direction, n])
                | (
                    &"{} belongs to {}. Raise it by {} and the loss {} by about {}.",
                    [l, _, step, direction, n],
                ) => {
                    let step: f32 = step.replace('−', "-").parse().ok()?;
                    let change = n.replace('−', "-").parse::<f32>().ok()?;
                    let _ = l;
                    (change - step * v.abs()).abs() <= 0.06 * change
                        && *direction == ["falls", "rises"][usize::from(v > 0.0)]
                }
                (&"{} belongs to {}. A small change of it does not change the loss.", _)
                | (&"A small change of {} does not change the loss.", _) => v == 0.0,
                (
                    &"{} belongs to {}. A small change of it hardly changes the loss: its gradient is {}.",
                    [_, _, n],
                )
                | (&"A small change of {} hardly changes the loss: its gradient is {}.", [_, n]) => {
                    says(n, v) && v.abs() < 1e-5
                }
                (&"What {} contributes to each entry of {}; to {} it is {}.", [w, d, l, n]) => {
                    *w == self.here() && *d == self.address.name && says(n, v) && l.starts_with("d_")
                }
                (&"{} is {} so far: a later line completes this gradient.", [_, n])
                | (&"{} is {}: a gradient on its way back.", [_, n]) => says(n, v),
                (&"{} is {} at {}.", [l, n, w]) => label(l, v) && says(n, v) && *w == self.here(),
                _ => continue,
            };
            is(true_so)?;
            let _ = t;
            return Some(template);
        }
        None
    }

    fn is_step(&self, said: &str) -> bool {
        said == if self.session.input().words { "word" } else { "timestep" }
    }

    fn is_count_of_parts(&self, said: &str) -> bool {
        let graph = self.session.recording(Part::Cell).listing().graph();
        let line = graph.assigned.iter().find(|a| a.line == self.address.line).map(|a| a.statement);
        let count = graph.assigned.iter().filter(|a| Some(a.statement) == line).count();
        let words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight"];
        words.get(count) == Some(&said)
    }
}

/// Longer ones first: a shorter one may fit as well.
const TEMPLATES: &[&str] = &[
    "Unit {} keeps {} of its old state and takes {} of {}.",
    "Unit {} takes {} of its candidate and keeps {} of {}.",
    "Unit {} keeps {} of {}.",
    "Unit {} forgets {} of {}.",
    "Unit {} lets in {} of {}.",
    "Unit {} shows {} of its memory, as {}.",
    "Unit {} shows {} of {}.",
    "{} lets {} of {} through.",
    "The candidate of unit {} is {}; {} decides how much of it is let in.",
    "The memory of unit {} was {} before {} and is {} now.",
    "{} = {} passes to the next {}; the output layer sees the same number.",
    "{} = {} passes to the next {}.",
    "{} = {} after the last {}; the output layer reads it.",
    "{} = {} after the last {}; nothing reads it any more.",
    "{} = {} leaves the cell at {}; no later {} reads it. The output layer reads it.",
    "{} = {} leaves the cell at {}; no later {} reads it.",
    "{} = {}: tanh keeps it between −1 and 1.",
    "{} = {}: relu turns negative numbers into 0.",
    "{} is {}, and no line reads it.",
    "{} is {}, between 0 and 1.",
    "{} is {}: another name for {}.",
    "{} is split in {}; {} is {}.",
    "{} the {} is split in {}.",
    "{} is split in {}.",
    "{} belongs to {}. Raise it by {} and the loss {} by about {}.",
    "{} belongs to {}. A small change of it does not change the loss.",
    "{} belongs to {}. A small change of it hardly changes the loss: its gradient is {}.",
    "Raise {} by {} and the loss {} by about {}.",
    "A small change of {} does not change the loss.",
    "A small change of {} hardly changes the loss: its gradient is {}.",
    "What {} contributes to each entry of {}; to {} it is {}.",
    "{} is {} so far: a later line completes this gradient.",
    "{} is {}: a gradient on its way back.",
    "{} is {} at {}.",
];

/// The names that the line of a position makes.
fn made_at(session: &Stepping, position: &Position) -> Vec<(String, usize)> {
    let recording = session.recording(position.part);
    let graph = recording.text(position.pass).graph();
    let made = graph.assigned.iter().filter(|a| a.line == position.line);
    made.map(|a| (a.name.clone(), recording.shape(position.pass, a.node).iter().product())).collect()
}

#[test]
fn every_sentence_of_every_line_is_true_of_the_number_beside_it() {
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (name, session) in all() {
        for (at, position) in session.walk().iter().enumerate() {
            let general = position.kind == PositionKind::SumOverTime || position.part == Part::Output;
            for (made, count) in made_at(&session, position) {
                for index in (0..count).step_by(count / 6 + 1) {
                    let address = ValueAddress {
                        pass: position.pass,
                        timestep: position.timestep,
                        line: position.line,
                        name: made.clone(),
                        index,
                    };
                    let text = session.sentence(at, Some((position.part, &address)));
                    assert!(text.ends_with('.') && !text.contains("NaN"), "{name} {address:?}: {text}");
                    if general && position.pass == Pass::Forward || position.kind == PositionKind::SumOverTime
                    {
                        continue;
                    }
                    let value = session.explain(position.part, &address).expect("it is there").value;
                    if !value.is_finite() {
                        continue;
                    }
                    let said = Said { session: &session, part: position.part, address, value, text };
                    let template = said.template();
                    match template {
                        Some(template) => *used.entry(template).or_default() += 1,
                        None => wrong.push(format!("{name} {:?} = {value}: “{}”", said.address, said.text)),
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} are not true: {:#?}", wrong.len(), &wrong[..wrong.len().min(30)]);
    assert!(used.len() > 24, "few kinds of sentences were met: {used:#?}");
}
