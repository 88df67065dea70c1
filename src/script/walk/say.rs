//! A position as a sentence.

use super::super::array::shown_shape;
use super::super::positions::{Event, Gives, Kept};
use super::Walk;

/// Longer texts of values are cut.
const LONGEST: usize = 60;

impl Walk {
    /// What happened at a position, in a sentence; lines are counted behind the first `above`.
    pub fn sentence(&self, at: usize, above: usize) -> String {
        let Some(position) = self.positions().get(at) else { return String::new() };
        let line = position.line.saturating_sub(above);
        let printed = self.printed(at).last().filter(|(k, _)| *k == at).map(|(_, text)| text.trim_end());
        let given = self.given(at);
        match &position.event {
            Event::Statement => match (given.is_empty(), printed) {
                (true, None) => format!("Line {line} has run."),
                (true, Some(text)) => format!("Line {line} shows {}.", cut(text)),
                (false, None) => format!("Line {line} gives {given}."),
                (false, Some(text)) => format!("Line {line} gives {given}, and prints {}.", cut(text)),
            },
            Event::Turn => {
                let (of, turn) = position.turn.unwrap_or_default();
                let count = self.record.runs.get(of).and_then(|run| run.turns);
                let all = count.map_or(String::new(), |count| format!(" of {count}"));
                let given = if given.is_empty() { String::new() } else { format!(": it gives {given}") };
                format!("The loop of line {line}, turn {}{all}{given}.", turn + 1)
            }
            Event::End(turns) => {
                let turns = if *turns == 1 { "1 turn".to_owned() } else { format!("{turns} turns") };
                format!("The loop of line {line} ends after {turns}.")
            }
            Event::Test(true) => format!("The condition of line {line} holds."),
            Event::Test(false) => format!("The condition of line {line} does not hold."),
            Event::Call(name) if given.is_empty() => format!("Line {line} calls {name}."),
            Event::Call(name) => format!("Line {line} calls {name} and gives {given}."),
            Event::Return => format!("Line {line} returns {given}."),
        }
    }

    /// "h an array of shape (4,) and y the number 0.5"
    fn given(&self, at: usize) -> String {
        let Some(position) = self.positions().get(at) else { return String::new() };
        let is_return = position.event == Event::Return;
        let one = |Gives { name, kept, .. }: &Gives| match is_return {
            true => self.described(kept),
            false => format!("{name} {}", self.described(kept)),
        };
        let all: Vec<String> = position.gives.iter().map(one).collect();
        match all.split_last() {
            None => String::new(),
            Some((last, [])) => last.clone(),
            Some((last, before)) => format!("{} and {last}", before.join(", ")),
        }
    }

    /// What a value is, in a few words.
    pub fn described(&self, kept: &Kept) -> String {
        match kept {
            Kept::Array(array) => match self.numbers(*array) {
                Some(all) => an_array(&all.shape),
                None => String::new(),
            },
            Kept::Large(shape) => an_array(shape),
            Kept::List { what, count: 0, .. } => format!("an empty {what}"),
            Kept::List { what, count, .. } => {
                let entries = if *count == 1 { "1 entry".to_owned() } else { format!("{count} entries") };
                let last = self.entries(kept).last().map(|entry| self.described(&entry.value));
                let last = last.map_or(String::new(), |last| format!(", the last {last}"));
                format!("a {what} with {entries}{last}")
            }
            Kept::Other(text) => cut(text),
        }
    }
}

fn an_array(shape: &[usize]) -> String {
    format!("an array of shape {}", shown_shape(shape))
}

/// The first line of a text, cut where it is long.
fn cut(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let is_whole = line.len() == text.len() && line.chars().count() <= LONGEST;
    if is_whole { line.to_owned() } else { format!("{} …", line.chars().take(LONGEST).collect::<String>()) }
}
