//! What is said of the parts of a split, held against the text of the listing.

use crate::said::Said;
use unrolled::session::stepping::Part;

impl Said<'_> {
    /// Whether the value is part `k` of the `all` that its line makes.
    pub fn is_part(&self, k: &str, all: &str) -> bool {
        let graph = self.session.recording(Part::Cell).listing().graph();
        let made: Vec<&str> =
            graph.assigned.iter().filter(|a| a.line == self.address.line).map(|a| a.name.as_str()).collect();
        let at = made.iter().position(|name| *name == self.address.name).map(|at| (at + 1).to_string());
        at.as_deref() == Some(k) && made.len().to_string() == all
    }

    pub fn is_step(&self, said: &str) -> bool {
        said == if self.session.input().words { "word" } else { "timestep" }
    }

    /// Whether `four: three gates and the candidate` or `two: x_1 and x_2` says how many the line makes, and which.
    pub fn are_parts(&self, said: &str) -> bool {
        let graph = self.session.recording(Part::Cell).listing().graph();
        let line = graph.assigned.iter().find(|a| a.line == self.address.line).map(|a| a.statement);
        let made = graph.assigned.iter().filter(|a| Some(a.statement) == line);
        let made: Vec<&str> = made.map(|a| a.name.as_str()).collect();
        let words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight"];
        let Some((count, which)) = said.split_once(": ") else { return false };
        let (last, first) = made.split_last().unwrap();
        let all = format!("{} and {last}", first.join(", "));
        let range = format!("{} to {last}", made[0]);
        let gates = words[1..].iter().position(|word| which.starts_with(&format!("{word} gate")));
        let gates = gates.map(|gates| gates + 1 + usize::from(which.ends_with("and the candidate")));
        words.get(made.len()) == Some(&count) && (which == all || which == range || gates == Some(made.len()))
    }

    /// The lines of the listing that come after the number's own, without comments.
    pub fn lines_after(&self) -> Vec<String> {
        let source = self.session.recording(Part::Cell).listing().source().to_string();
        let lines = source.lines().skip(self.address.line).map(|line| line.split('#').next().unwrap_or(""));
        lines.map(|line| line.replace("np.", "").trim().to_string()).collect()
    }

    /// Whether the number's own line reads all these names.
    pub fn reads(&self, names: &[&str]) -> bool {
        let recording = self.session.recording(Part::Cell);
        let line = recording.listing().source().lines().nth(self.address.line - 1).unwrap();
        let right = words_of(line.split_once('=').unwrap().1);
        names.iter().all(|name| right.contains(&name.trim_end_matches("_before").to_string()))
    }

    /// Whether a later line that makes the gate or candidate `forget gate f` reads the part: a gate is a sigmoid or 1
    /// minus one, a candidate none.
    pub fn goes_into(&self, what: &str) -> bool {
        let own = &self.address.name;
        let title =
            ["update", "forget", "input", "output", "reset"].iter().any(|kind| what.starts_with(kind));
        let gate = what.starts_with("gate") || title && what.contains("gate");
        let name = what.rsplit_once(' ').filter(|(_, name)| *name != "gate").map(|(_, name)| name);
        self.lines_after().iter().any(|line| {
            let Some((left, right)) = line.split_once(" = ") else { return false };
            let squashed = ["sigmoid", "hard_sigmoid"].iter().any(|f| inside(right, f).contains(own));
            name.is_none_or(|name| name == left)
                && words_of(right).contains(own)
                && (gate && squashed || what.starts_with("candidate") && !squashed)
        })
    }

    /// Whether later lines read the part for all these names.
    pub fn is_read_for(&self, names: &str) -> bool {
        let own = &self.address.name;
        let lines = self.lines_after();
        let reads = |name: &str| {
            lines.iter().any(|line| {
                let Some((left, right)) = line.split_once(" = ") else { return false };
                words_of(left).contains(&name.to_string()) && words_of(right).contains(own)
            })
        };
        let range: Vec<&str> = names.split(" to ").collect();
        let listed: Vec<&str> = names.split(", ").flat_map(|name| name.split(" and ")).collect();
        if range.len() == 2 {
            range.iter().all(|name| reads(name))
        } else {
            listed.iter().all(|name| reads(name))
        }
    }

    /// Whether that line assigns the part anew from what it was.
    pub fn is_changed_in(&self, line: &str) -> bool {
        let source = self.session.recording(Part::Cell).listing().source().to_string();
        let line =
            line.parse::<usize>().ok().and_then(|line| source.lines().nth(line - 1).map(str::to_string));
        let Some((left, right)) = line.as_deref().and_then(|line| line.split_once(" = ")) else {
            return false;
        };
        left.trim() == self.address.name && words_of(right).contains(&self.address.name)
    }

    /// Whether a later line has the product of `other` and the part, or of the function `f` of it.
    pub fn multiplies(&self, f: &str, other: &str) -> bool {
        let own = &self.address.name;
        let factor = if f.is_empty() { own.clone() } else { format!("{f}({own})") };
        let (name, place) = other.split_once('[').unwrap_or((other, ""));
        let state = name.trim_end_matches("_before");
        let other = if place.ends_with(")") { format!("{state})") } else { state.to_string() };
        let products = [format!("{factor} * {other}"), format!("{other} * {factor}")];
        self.lines_after().iter().any(|line| products.iter().any(|product| line.contains(product)))
    }

    /// Whether `“slow”` is the word before the number's own, or `the state before “not”` what stands before the first.
    pub fn is_word_before(&self, said: &str) -> bool {
        match self.address.timestep {
            0 => said == format!("the state before {}", self.word(0)),
            timestep => said == self.word(timestep - 1),
        }
    }
}

/// The names in a piece of text.
fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| !word.is_empty()).map(str::to_string).collect()
}

/// The names in the argument of a function, wherever it is called.
fn inside(text: &str, function: &str) -> Vec<String> {
    let opening = format!("{function}(");
    let calls = text.split(&opening).skip(1);
    calls
        .flat_map(|call| {
            let mut depth = 1;
            let argument = call.chars().take_while(|c| {
                depth += i32::from(*c == '(') - i32::from(*c == ')');
                depth > 0
            });
            words_of(&argument.collect::<String>())
        })
        .collect()
}
