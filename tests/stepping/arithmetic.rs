//! What is printed of an explanation can be worked out: operands give results within the last printed digit.

use std::collections::HashMap;

use crate::material::all;
use unrolled::listing::{Explanation, LARGEST, Pass, ValueAddress};
use unrolled::session::stepping::{Part, Stepping};

/// A printed number, and one of its last digit.
fn read(text: &str) -> (f64, f64) {
    let plain = text.replace('−', "-");
    let value = plain.parse().unwrap_or_else(|_| panic!("{text:?} is no number"));
    let (mantissa, power) = plain.split_once('e').unwrap_or((&plain, "0"));
    let digits = mantissa.split_once('.').map_or(0, |(_, digits)| digits.len() as i32);
    (value, 10f64.powi(power.parse::<i32>().unwrap() - digits))
}

/// A calculator for formulas with numbers filled in.
struct Calculator<'a> {
    rest: &'a str,
}

impl<'a> Calculator<'a> {
    fn value(text: &'a str) -> Option<f64> {
        let mut calculator = Self { rest: text.trim() };
        let value = calculator.sum()?;
        calculator.rest.is_empty().then_some(value)
    }

    fn takes(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        let found = self.rest.strip_prefix(token);
        found.inspect(|rest| self.rest = rest).is_some()
    }

    fn sum(&mut self) -> Option<f64> {
        let mut value = self.product()?;
        loop {
            if self.takes("+") {
                value += self.product()?;
            } else if self.takes("-") {
                value -= self.product()?;
            } else if self.takes(">=") {
                value = f64::from(u8::from(value >= self.product()?));
            } else if self.takes(">") {
                value = f64::from(u8::from(value > self.product()?));
            } else if self.takes("<") {
                value = f64::from(u8::from(value < self.product()?));
            } else {
                return Some(value);
            }
        }
    }

    fn product(&mut self) -> Option<f64> {
        let mut value = self.signed()?;
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.starts_with('*') && !self.rest.starts_with("**") && self.takes("*") {
                value *= self.signed()?;
            } else if self.takes("/") {
                value /= self.signed()?;
            } else {
                return Some(value);
            }
        }
    }

    fn signed(&mut self) -> Option<f64> {
        if self.takes("-") {
            return Some(-self.signed()?);
        }
        let base = self.atom()?;
        if self.takes("**") { Some(base.powf(self.signed()?)) } else { Some(base) }
    }

    fn atom(&mut self) -> Option<f64> {
        if self.takes("(") {
            let value = self.sum()?;
            return self.takes(")").then_some(value);
        }
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_');
        let mut end = end.unwrap_or(self.rest.len());
        if self.rest[..end].starts_with(|c: char| c.is_ascii_digit()) && self.rest[..end].ends_with('e') {
            let more = self.rest[end + 1..].find(|c: char| !c.is_ascii_digit());
            end = more.map_or(self.rest.len(), |more| end + 1 + more);
        }
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return word.parse().ok();
        }
        if !self.takes("(") {
            return None;
        }
        let mut arguments = vec![self.sum()?];
        while self.takes(",") {
            arguments.push(self.sum()?);
        }
        let value = apply(word, &arguments)?;
        self.takes(")").then_some(value)
    }
}

#[allow(clippy::disallowed_methods)] // An independent reference.
fn apply(function: &str, arguments: &[f64]) -> Option<f64> {
    let x = *arguments.first()?;
    Some(match function {
        "sigmoid" => 1.0 / (1.0 + (-x).exp()),
        "np.tanh" => x.tanh(),
        "np.exp" => x.exp(),
        "np.log" => x.ln(),
        "hard_sigmoid" => (0.2 * x + 0.5).clamp(0.0, 1.0),
        "relu" => x.max(0.0),
        "np.maximum" => x.max(arguments[1]),
        "np.minimum" => x.min(arguments[1]),
        "np.clip" => x.clamp(arguments[1], arguments[2]),
        _ => return None,
    })
}

fn check(explained: &Explanation, what: &str) {
    let close = |printed: f64, (value, unit): (f64, f64), of: &str| {
        // Both are rounded, by at most half of a last digit each.
        assert!(
            (printed - value).abs() <= 1.001 * unit,
            "{what}: {of} {printed} is not {value}: {explained:#?}"
        );
    };
    if let Some(value) = Calculator::value(&explained.filled) {
        close(value, read(&explained.shown), "the formula gives");
    } else {
        panic!("{what}: {:?} cannot be worked out", explained.filled);
    }
    let Some(first) = explained.terms.first() else { return };
    let printed = |text: &str| read(text).0;
    let mut named: f64 = explained.terms.iter().take(LARGEST).map(|term| printed(&term.shown)).sum();
    if !explained.rest.is_empty() {
        named += printed(&explained.rest);
    }
    close(named, read(&explained.sum_shown), "the named parts add up to");
    let all: f64 = explained.terms.iter().map(|term| printed(&term.shown)).sum();
    close(all, read(&explained.sum_shown), "all parts add up to");
    let last = explained.terms.last().unwrap_or(first);
    close(printed(&last.so_far), read(&explained.sum_shown), "the last sum is");
    for term in &explained.terms {
        if let [a, b] = term.factors.as_slice() {
            let size = (printed(&a.shown) * printed(&b.shown)).abs();
            let (value, unit) = read(&term.shown);
            close(size, (value.abs(), unit), &format!("{} gives", term.label));
        }
    }
}

/// Numbers that were followed already, with their bits: many explanations have the same operands.
type Followed = HashMap<String, u32>;

/// Every operand that can be followed leads to the number that it is.
fn follow(session: &Stepping, part: Part, explained: &Explanation, followed: &mut Followed, what: &str) {
    let factors = explained.terms.iter().flat_map(|term| &term.factors);
    for operand in explained.operands.iter().chain(factors) {
        let Some(address) = &operand.address else { continue };
        let found = *followed.entry(format!("{part:?} {address:?}")).or_insert_with(|| {
            let found = session.explain(part, address);
            found.unwrap_or_else(|| panic!("{what}: {operand:?} leads nowhere")).value.to_bits()
        });
        assert_eq!(found, operand.value.to_bits(), "{what}: {operand:?} leads to {}", f32::from_bits(found));
    }
}

#[test]
fn what_is_printed_of_every_explanation_adds_up_and_every_operand_can_be_followed() {
    for (name, session) in all() {
        let mut followed = Followed::new();
        for part in [Part::Cell, Part::Output] {
            let recording = session.recording(part);
            for pass in [Pass::Forward, Pass::Backward] {
                for assigned in recording.assigned(pass) {
                    for timestep in 0..recording.timesteps() {
                        let count = recording.shape(pass, assigned.node).iter().product::<usize>();
                        for index in (0..count).step_by(count / 7 + 1) {
                            let (line, name_of) = (assigned.line, assigned.name.clone());
                            let address = ValueAddress { pass, timestep, line, name: name_of, index };
                            let what = format!("{name} {part:?} {address:?}");
                            let explained = session.explain(part, &address).expect(&what);
                            if explained.value.is_finite() {
                                check(&explained, &what);
                                follow(&session, part, &explained, &mut followed, &what);
                            }
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn everything_that_is_given_can_be_asked() {
    for (name, session) in all() {
        for part in [Part::Cell, Part::Output] {
            let recording = session.recording(part);
            for pass in [Pass::Forward, Pass::Backward] {
                let line = recording.text(pass).definition().span.line;
                for given in &recording.text(pass).graph().parameters {
                    let address = ValueAddress { pass, timestep: 1, line, name: given.clone(), index: 0 };
                    let explained = session.explain(part, &address);
                    let explained = explained.unwrap_or_else(|| panic!("{name} {part:?} {address:?}"));
                    assert!(explained.origin.is_some(), "{name} {address:?}");
                }
            }
        }
    }
}

#[test]
fn a_gradient_of_a_weight_is_the_sum_of_what_every_timestep_contributes() {
    for (name, session) in all() {
        let recording = session.recording(Part::Cell);
        let mut followed = Followed::new();
        for (k, weight) in recording.listing().weights().iter().enumerate() {
            let gradient = recording.weight_gradient(k);
            for index in (0..gradient.len()).step_by(gradient.len() / 5 + 1) {
                let what = format!("{name} {weight}[{index}]");
                let explained = session.explain_total(weight, index).expect(&what);
                assert_eq!(explained.terms.len(), recording.timesteps());
                let labels: Vec<&String> = explained.terms.iter().map(|term| &term.label).collect();
                assert_eq!(labels, session.input().labels.iter().collect::<Vec<_>>());
                let all: f64 = explained.terms.iter().map(|term| read(&term.shown).0).sum();
                let (value, unit) = read(&explained.shown);
                assert!((all - value).abs() <= 1.001 * unit, "{what}: {all} is not {value}");
                follow(&session, Part::Cell, &explained, &mut followed, &what);
            }
        }
    }
}

#[test]
fn numbers_of_weights_are_called_after_the_part_that_they_make() {
    let named = |name: &str| all().into_iter().find(|(known, _)| known == name).unwrap().1;
    let label = |session: &Stepping, name: &str, index: usize| {
        let line = session.recording(Part::Cell).listing().definition().span.line;
        let address = ValueAddress { pass: Pass::Forward, timestep: 0, line, name: name.into(), index };
        session.explain(Part::Cell, &address).expect(name).label
    };
    let lstm = named("lstm");
    assert_eq!(label(&lstm, "b", 5), "b_f[1]");
    assert_eq!(label(&lstm, "W", 2 * 16 + 11), "W_c[2, 3]");
    assert_eq!(label(&lstm, "h", 2), "h_before[2]");
    let gru = named("gru");
    assert_eq!(label(&gru, "b", 12 + 4), "b_r[1, 0]");
    assert_eq!(label(&gru, "U", 12 + 11), "U_h[1, 3]");
    assert_eq!(label(&named("gru_reset_before"), "U", 12 + 5), "U_r[1, 1]");
    assert_eq!(label(&named("grid_lstm"), "W_t", 5), "W_t_f[0, 1]");
    assert_eq!(label(&named("simple_rnn"), "W", 5), "W[1, 1]");
}

#[test]
fn another_name_for_a_value_quotes_its_own_line() {
    let (_, lstm) = all().into_iter().find(|(name, _)| name == "lstm").unwrap();
    let adjoint = lstm.recording(Part::Cell).adjoint();
    let line = adjoint.source().lines().position(|line| line.trim() == "d_b = dz").unwrap() + 1;
    let address = ValueAddress { pass: Pass::Backward, timestep: 1, line, name: "d_b".into(), index: 5 };
    let explained = lstm.explain(Part::Cell, &address).unwrap();
    assert_eq!(explained.text, "d_b = dz");
    assert_eq!(explained.formula, "d_b_f[1] = dz[5]");
    assert_eq!(explained.operands[0].value, explained.value);
}
