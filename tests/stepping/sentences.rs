//! Every sentence beside a number is true: of its unit, word, number and direction.

use crate::material::all;
use crate::said::Said;
use crate::templates::{says, says_percent, slots};
use std::collections::BTreeMap;
use unrolled::listing::{Pass, ValueAddress};
use unrolled::session::stepping::{Part, Position, PositionKind, Stepping};

impl Said<'_> {
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
                (
                    &"{} is {}: unit {} keeps {} of {}, which is 0, and takes {} of {}.",
                    [l, c, u, p, _, q, w],
                ) => {
                    let before = self.of_label(&format!("h_before[{u}]"));
                    label(l, v)
                        && self.computed(c)
                        && *u == index
                        && before.is_none_or(|b| b == 0.0)
                        && says_percent(p, v)
                        && says_percent(q, 1.0 - v)
                        && what(w)
                }
                (&"{} is {}: unit {} keeps {} of its old state and takes {} of {}.", [l, c, u, p, q, w])
                | (&"{} is {}: unit {} takes {} of its candidate and keeps {} of {}.", [l, c, u, p, q, w]) => {
                    let zero = w.strip_suffix(", which is 0").unwrap_or(w);
                    let w = zero;
                    label(l, v)
                        && self.computed(c)
                        && *u == index
                        && says_percent(p, v)
                        && says_percent(q, 1.0 - v)
                        && what(w)
                }
                (&"{} is {}: {}, but there is nothing to keep yet, as {} is 0.", [l, c, p, w]) => {
                    label(l, v) && self.computed(c) && says_percent(p, v) && self.is_zero(w) && t == 0
                }
                (&"{} is {}: unit {} keeps {} of {}.", [l, c, u, p, w]) => {
                    label(l, v)
                        && self.computed(c)
                        && *u == index
                        && says_percent(p, v)
                        && v >= 0.5
                        && what(w)
                }
                (&"{} is {}: unit {} forgets {} of {}.", [l, c, u, p, w]) => {
                    label(l, v)
                        && self.computed(c)
                        && *u == index
                        && says_percent(p, 1.0 - v)
                        && v < 0.5
                        && what(w)
                }
                (&"{} is {}: unit {} lets in {} of {}.", [l, c, u, p, w]) => {
                    label(l, v) && self.computed(c) && *u == index && says_percent(p, v) && what(w)
                }
                (&"{} is {}: unit {} shows {} of {}.", [l, c, u, p, w]) => {
                    label(l, v)
                        && self.computed(c)
                        && *u == index
                        && says_percent(p, v)
                        && self.of_label(w).is_some()
                        && w.contains(&format!("[{u}]"))
                }
                (&"{} is {}: it lets {} of {}, which is 0, through.", [l, c, p, w]) => {
                    label(l, v) && self.computed(c) && says_percent(p, v) && self.is_zero(w)
                }
                (&"{} is {}: it lets {} of {} through.", [l, c, p, _]) => {
                    label(l, v) && self.computed(c) && says_percent(p, v)
                }
                (
                    &"The candidate of unit {} is {}: {}; {} decides how much of it is let in.",
                    [u, c, n, _],
                ) => *u == index && self.computed(c) && says(n, v),
                (&"{} is {}: the memory of unit {} was {} before {} and is {} now.", [l, c, u, a, w, n]) => {
                    let before = self.of_label(&format!("{}_before[{u}]", self.address.name));
                    label(l, v)
                        && self.computed(c)
                        && *u == index
                        && before.is_some_and(|b| says(a, b))
                        && *w == self.here()
                        && says(n, v)
                }
                (
                    &"{} is {}: {} passes to the next {}; the output layer sees the same number.",
                    [l, c, n, s],
                ) => {
                    let state =
                        self.session.recording(Part::Cell).listing().states()[self.session.read_state()];
                    label(l, v)
                        && self.computed(c)
                        && says(n, v)
                        && self.is_step(s)
                        && !self.last()
                        && l.starts_with(state)
                }
                (&"{} is {}: {} passes to the next {}.", [l, c, n, s]) => {
                    label(l, v) && self.computed(c) && says(n, v) && self.is_step(s) && !self.last()
                }
                (&"{} is {}: {} after the last {}; the output layer reads it.", [l, c, n, s])
                | (&"{} is {}: {} after the last {}; nothing reads it any more.", [l, c, n, s]) => {
                    label(l, v) && self.computed(c) && says(n, v) && self.is_step(s) && self.last()
                }
                (
                    &"{} is {}: {}. It leaves the cell at {}; no later {} reads it. The output layer reads it.",
                    [l, c, n, w, s],
                )
                | (&"{} is {}: {}. It leaves the cell at {}; no later {} reads it.", [l, c, n, w, s]) => {
                    label(l, v) && self.computed(c) && says(n, v) && *w == self.here() && self.is_step(s)
                }
                (&"{} is {}: {}, between −1 and 1.", [l, c, n]) => {
                    label(l, v) && self.computed(c) && says(n, v) && v.abs() <= 1.0
                }
                (&"{} is {}: {}; relu turns negative numbers into 0.", [l, c, n]) => {
                    label(l, v) && self.computed(c) && says(n, v) && v >= 0.0
                }
                (&"{} is {}: {}, and no line reads it.", [l, c, n]) => {
                    label(l, v) && self.computed(c) && says(n, v)
                }
                (&"{} is {}: {}, between 0 and 1.", [l, c, n]) => {
                    label(l, v) && self.computed(c) && says(n, v) && (0.0..=1.0).contains(&v)
                }
                (&"{} is {}: part {} of {}, for the {}.", [l, n, k, all, what]) => {
                    label(l, v) && says(n, v) && self.is_part(k, all) && self.goes_into(what)
                }
                (&"{} is {}: part {} of {}, changed in line {}.", [l, n, k, all, line]) => {
                    label(l, v) && says(n, v) && self.is_part(k, all) && self.is_changed_in(line)
                }
                (&"{} is {}: part {} of {}, for {}.", [l, n, k, all, names])
                | (&"{} is {}: part {} of {}, read for {}.", [l, n, k, all, names]) => {
                    label(l, v) && says(n, v) && self.is_part(k, all) && self.is_read_for(names)
                }
                (&"{} is {}: part {} of {}; its {} is multiplied by {}.", [l, n, k, all, f, other]) => {
                    label(l, v) && says(n, v) && self.is_part(k, all) && self.multiplies(f, other)
                }
                (&"{} is {}: part {} of {}; it is multiplied by {}.", [l, n, k, all, other]) => {
                    label(l, v) && says(n, v) && self.is_part(k, all) && self.multiplies("", other)
                }
                (&"{} is {}: another name for {}.", [l, n, other]) => {
                    label(l, v) && says(n, v) && label(other, v)
                }
                (&"{} is split in {}; {} is {}.", [whole, parts, l, n]) => {
                    label(l, v) && says(n, v) && self.are_parts(parts) && self.reads(&[whole])
                }
                (&"{} are multiplied by their weights and added; the sum is split in {}.", [read, parts]) => {
                    let names: Vec<&str> = read.split([',', ' ']).filter(|word| !word.is_empty()).collect();
                    let names: Vec<&str> = names.into_iter().filter(|name| *name != "and").collect();
                    self.are_parts(parts) && (*read == "Input and state" || self.reads(&names))
                }
                (&"{} the {} is split in {}.", [_, _, parts]) | (&"{} is split in {}.", [_, parts]) => {
                    self.are_parts(parts)
                }
                (
                    &"{}, sent to {}, is {}. Raise {} by {} and the loss {} by about {}.",
                    [l, to, c, raised, step, direction, n],
                ) => {
                    let step: f32 = step.replace('−', "-").parse().ok()?;
                    let change = n.replace('−', "-").parse::<f32>().ok()?;
                    *l == self.own_label()
                        && self.is_word_before(to)
                        && raised.contains("_before")
                        && (says(c, v) || self.computed(c))
                        && (change - step * v.abs()).abs() <= 0.06 * change
                        && *direction == ["falls", "rises"][usize::from(v > 0.0)]
                }
                (
                    &"{}, sent to {}, is {}. A small change of {} does not change the loss.",
                    [l, to, c, raised],
                ) => {
                    *l == self.own_label()
                        && self.is_word_before(to)
                        && raised.contains("_before")
                        && (says(c, v) || self.computed(c))
                        && v == 0.0
                }
                (
                    &"{}, sent to {}, is {}. A small change of {} hardly changes the loss: its gradient is {}.",
                    [l, to, c, raised, n],
                ) => {
                    *l == self.own_label()
                        && self.is_word_before(to)
                        && raised.contains("_before")
                        && (says(c, v) || self.computed(c))
                        && says(n, v)
                        && v.abs() < 1e-5
                }
                (&"{} is {}. Raise {} by {} and the loss {} by about {}.", [l, c, _, step, direction, n]) => {
                    let step: f32 = step.replace('−', "-").parse().ok()?;
                    let change = n.replace('−', "-").parse::<f32>().ok()?;
                    let alias = says(c, v);
                    *l == self.own_label()
                        && (alias || self.computed(c))
                        && (change - step * v.abs()).abs() <= 0.06 * change
                        && *direction == ["falls", "rises"][usize::from(v > 0.0)]
                }
                (&"{} is {}. A small change of {} does not change the loss.", [l, c, _]) => {
                    *l == self.own_label() && (says(c, v) || self.computed(c)) && v == 0.0
                }
                (
                    &"{} is {}. A small change of {} hardly changes the loss: its gradient is {}.",
                    [l, c, _, n],
                ) => {
                    *l == self.own_label() && (says(c, v) || self.computed(c)) && says(n, v) && v.abs() < 1e-5
                }
                (&"What {} contributes to {}: {} gets {} = {}.", [w, d, l, c, n]) => {
                    *w == self.here()
                        && d.ends_with(&self.address.name)
                        && self.computed(c)
                        && says(n, v)
                        && l.starts_with("d_")
                }
                (&"What {} contributes to {}: {} gets {}.", [w, d, l, n]) => {
                    *w == self.here() && d.ends_with(&self.address.name) && says(n, v) && l.starts_with("d_")
                }
                (&"{} is {}: {} so far; a later line completes this gradient.", [l, c, n])
                | (&"{} is {}: {}, a gradient on its way back.", [l, c, n]) => {
                    *l == self.own_label() && self.computed(c) && says(n, v)
                }
                (&"{} is {} so far; a later line completes this gradient.", [_, n])
                | (&"{} is {}, a gradient on its way back.", [_, n]) => says(n, v),
                (&"{} is {}: {} at {}.", [l, c, n, w]) => {
                    label(l, v) && self.computed(c) && says(n, v) && *w == self.here()
                }
                _ => continue,
            };
            is(true_so)?;
            let _ = t;
            return Some(template);
        }
        None
    }
}

/// Longer ones first: a shorter one may fit as well.
const TEMPLATES: &[&str] = &[
    "{} is {}: unit {} keeps {} of {}, which is 0, and takes {} of {}.",
    "{} is {}: unit {} keeps {} of its old state and takes {} of {}.",
    "{} is {}: unit {} takes {} of its candidate and keeps {} of {}.",
    "{} is {}: {}, but there is nothing to keep yet, as {} is 0.",
    "{} is {}: unit {} keeps {} of {}.",
    "{} is {}: unit {} forgets {} of {}.",
    "{} is {}: unit {} lets in {} of {}.",
    "{} is {}: unit {} shows {} of {}.",
    "{} is {}: it lets {} of {}, which is 0, through.",
    "{} is {}: it lets {} of {} through.",
    "The candidate of unit {} is {}: {}; {} decides how much of it is let in.",
    "{} is {}: the memory of unit {} was {} before {} and is {} now.",
    "{} is {}: {} passes to the next {}; the output layer sees the same number.",
    "{} is {}: {} passes to the next {}.",
    "{} is {}: {} after the last {}; the output layer reads it.",
    "{} is {}: {} after the last {}; nothing reads it any more.",
    "{} is {}: {}. It leaves the cell at {}; no later {} reads it. The output layer reads it.",
    "{} is {}: {}. It leaves the cell at {}; no later {} reads it.",
    "{} is {}: {}, between −1 and 1.",
    "{} is {}: {}; relu turns negative numbers into 0.",
    "{} is {}: {}, and no line reads it.",
    "{} is {}: {}, between 0 and 1.",
    "{} is {}: another name for {}.",
    "{} is {}: part {} of {}, for the {}.",
    "{} is {}: part {} of {}, read for {}.",
    "{} is {}: part {} of {}, changed in line {}.",
    "{} is {}: part {} of {}, for {}.",
    "{} is {}: part {} of {}; its {} is multiplied by {}.",
    "{} is {}: part {} of {}; it is multiplied by {}.",
    "{} is split in {}; {} is {}.",
    "{} are multiplied by their weights and added; the sum is split in {}.",
    "{} the {} is split in {}.",
    "{} is split in {}.",
    "{}, sent to {}, is {}. Raise {} by {} and the loss {} by about {}.",
    "{}, sent to {}, is {}. A small change of {} does not change the loss.",
    "{}, sent to {}, is {}. A small change of {} hardly changes the loss: its gradient is {}.",
    "{} is {}. Raise {} by {} and the loss {} by about {}.",
    "{} is {}. A small change of {} does not change the loss.",
    "{} is {}. A small change of {} hardly changes the loss: its gradient is {}.",
    "What {} contributes to {}: {} gets {} = {}.",
    "What {} contributes to {}: {} gets {}.",
    "{} is {}: {} so far; a later line completes this gradient.",
    "{} is {} so far; a later line completes this gradient.",
    "{} is {}: {}, a gradient on its way back.",
    "{} is {}, a gradient on its way back.",
    "{} is {}: {} at {}.",
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
