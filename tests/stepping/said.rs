//! A sentence beside a number, and the numbers that it names.

use crate::phrases::{self, Phrase};
use unrolled::listing::{Pass, ValueAddress};
use unrolled::session::stepping::{Part, Stepping};

/// A number of a session, and what is said of it.
pub struct Said<'a> {
    pub session: &'a Stepping,
    pub part: Part,
    pub address: ValueAddress,
    pub value: f32,
    pub text: String,
}

impl Said<'_> {
    pub fn word(&self, timestep: usize) -> String {
        let input = self.session.input();
        let label = &input.labels[timestep];
        if input.words { format!("“{label}”") } else { format!("timestep {label}") }
    }

    pub fn here(&self) -> String {
        self.word(self.address.timestep)
    }

    pub fn last(&self) -> bool {
        self.address.timestep + 1 == self.session.input().labels.len()
    }

    /// The number that a label means: `h_before[3]`, `g[2]`, `tanh(c[1])`.
    pub fn of_label(&self, label: &str) -> Option<f32> {
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

    /// Whether what is said of a computation gives the number, or names what is read.
    pub fn computed(&self, phrase: &str) -> bool {
        let recording = self.session.recording(self.part);
        let (pass, t) = (self.address.pass, self.address.timestep);
        let value_of = |label: &str| {
            let (name, place) =
                label.strip_suffix(']').and_then(|l| l.split_once('[')).unwrap_or((label, ""));
            let place: Vec<usize> = place.split(", ").filter_map(|index| index.parse().ok()).collect();
            let head = recording.text(pass).definition().span.line;
            let before =
                name.strip_suffix("_before").filter(|name| recording.listing().states().contains(name));
            // A line reads what the lines before it made.
            let found = recording.named(pass, t, self.address.line - 1, name);
            let found = found.or_else(|| recording.named(pass, t, head, before?))?;
            found.get(place.as_slice()).map(|value| f64::from(*value))
        };
        match phrases::read(&phrase.replace("what it was", &self.own_label()), &value_of) {
            Some(Phrase::Value(value)) => {
                (value - f64::from(self.value)).abs() <= 2e-5 * value.abs().max(1.0)
            }
            Some(Phrase::Reads) => true,
            None => false,
        }
    }

    /// Whether the state `w`, or the one that the number's own is kept from, is 0 before the timestep.
    pub fn is_zero(&self, label: &str) -> bool {
        self.of_label(label) == Some(0.0)
    }

    pub fn own_label(&self) -> String {
        self.session.explain(self.part, &self.address).map_or(String::new(), |explained| explained.label)
    }
}
