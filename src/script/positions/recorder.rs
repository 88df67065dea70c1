//! Keeps what every line gives while a script runs.

use std::collections::HashMap;

use super::super::array::Array;
use super::super::show;
use super::super::value::Value;
use super::{Entry, Event, Gives, Join, Kept, LoopRun, Numbers, Position, Record};

/// How many positions are kept of loops and calls; those outside are as many as the script has lines.
const MOST_POSITIONS: usize = 20_000;
/// How many numbers are kept: 32 MB.
const MOST_NUMBERS: usize = 1 << 22;
/// How many numbers are compared with those before, so that an array that stays is kept once: a quarter of what the
/// script may compute, within these.
const COMPARED: std::ops::RangeInclusive<u64> = 1 << 20..=1 << 26;
/// The largest array whose numbers are kept.
const LARGEST: usize = 1 << 16;
/// Longer texts of other values are cut.
const LONGEST_TEXT: usize = 80;
/// Of longer lists only the number of entries is kept.
const LONGEST_LIST: usize = 2000;
/// How deep lists in lists are kept.
const DEEPEST: usize = 2;

/// A name and its value now.
#[derive(Debug)]
pub(in crate::script) struct Named {
    pub(in crate::script) name: String,
    pub(in crate::script) value: Value,
    /// Whether it is a name of the open call, not one from outside of it.
    pub(in crate::script) is_here: bool,
}

/// The call that is open, and the loop in it.
#[derive(Debug)]
struct Frame {
    number: usize,
    turn: Option<(usize, usize)>,
}

/// Keeps positions while a script runs.
#[derive(Debug)]
pub(in crate::script) struct Recorder {
    record: Record,
    frames: Vec<Frame>,
    calls: usize,
    /// Calls that are not gone into, open now.
    muted: usize,
    numbers: usize,
    compared: usize,
    most_compared: usize,
    /// Where the numbers of a buffer were kept last.
    known: HashMap<usize, usize>,
    /// Which list a name had last, by frame and name.
    lists: HashMap<(usize, String), (usize, usize)>,
    /// Joins of the statement that runs.
    pending: Vec<Join>,
}

impl Recorder {
    /// For a script that may do so much work.
    pub(in crate::script) fn new(work: u64) -> Self {
        Self {
            record: Record::default(),
            frames: vec![Frame { number: 0, turn: None }],
            calls: 0,
            muted: 0,
            numbers: 0,
            compared: 0,
            most_compared: (work / 4).clamp(*COMPARED.start(), *COMPARED.end()) as usize,
            known: HashMap::new(),
            lists: HashMap::new(),
            pending: vec![],
        }
    }

    pub(in crate::script) fn into_record(self) -> Record {
        self.record
    }

    /// Whether nothing is kept of what runs now.
    pub(in crate::script) fn is_silent(&self) -> bool {
        let is_inside = self.frames.len() > 1 || self.frame().turn.is_some();
        self.muted > 0 || (is_inside && self.record.full.is_some())
    }

    fn frame(&self) -> &Frame {
        // The frame of the script itself stays.
        &self.frames[self.frames.len() - 1]
    }

    fn frame_mut(&mut self) -> &mut Frame {
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    /// A function is called; one that is a single `return` is not gone into.
    pub(in crate::script) fn enter(&mut self, is_small: bool) {
        if is_small || self.muted > 0 {
            self.muted += 1;
            return;
        }
        self.calls += 1;
        let turn = self.frame().turn;
        self.frames.push(Frame { number: self.calls, turn });
    }

    pub(in crate::script) fn leave(&mut self) {
        if self.muted > 0 {
            self.muted -= 1;
        } else if self.frames.len() > 1 {
            self.frames.pop();
        }
    }

    /// A loop begins; gives what [`Self::end_loop`] takes back.
    pub(in crate::script) fn begin_loop(
        &mut self,
        line: usize,
        turns: Option<usize>,
    ) -> Option<(usize, usize)> {
        let within = self.frame().turn;
        if !self.is_silent() {
            self.record.runs.push(LoopRun { line, within, turns });
            let run = self.record.runs.len() - 1;
            self.frame_mut().turn = Some((run, 0));
        }
        within
    }

    /// The loop has so many turns behind it.
    pub(in crate::script) fn turn(&mut self, turn: usize) {
        if self.muted == 0
            && let Some((_, own)) = &mut self.frame_mut().turn
        {
            *own = turn;
        }
    }

    pub(in crate::script) fn end_loop(&mut self, within: Option<(usize, usize)>) {
        if self.muted == 0 {
            self.frame_mut().turn = within;
        }
    }

    /// Takes note of arrays that a statement joined.
    pub(in crate::script) fn joined(&mut self, join: Join) {
        if !self.is_silent() {
            self.pending.push(join);
        }
    }

    /// The names of all lists and dictionaries that were kept of the open call, and outside of all calls.
    pub(in crate::script) fn list_names(&self) -> Vec<String> {
        let here = self.frame().number;
        let known = self.lists.keys().filter(|(frame, _)| *frame == here || *frame == 0);
        let mut names: Vec<String> = known.map(|(_, name)| name.clone()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// A position. `values` are the names that it gives, `lists` others that it may have changed, `reads` those that
    /// its expressions read, `printed` is all that was printed up to its end.
    pub(in crate::script) fn note(
        &mut self,
        (event, line): (Event, usize),
        (values, lists): (Vec<Named>, Vec<Named>),
        reads: &[Named],
        printed: &str,
    ) {
        let pending = std::mem::take(&mut self.pending);
        if self.is_silent() {
            return;
        }
        let frame = self.frame().number;
        let mut gives = Vec::new();
        let place = |is_here: bool| if is_here { frame } else { 0 };
        for Named { name, value, is_here } in values {
            let kept = self.kept_name(place(is_here), &name, &value);
            gives.push(Gives { name, kept, frame: place(is_here) });
        }
        for Named { name, value, is_here } in lists {
            let before = self.lists.get(&(place(is_here), name.clone())).copied();
            let kept = self.kept_name(place(is_here), &name, &value);
            let is_changed = |(list, count): (usize, usize)| match &kept {
                Kept::List { list: now, count: of, .. } => (*now, *of) != (list, count),
                _ => true,
            };
            if before.is_some_and(is_changed) {
                gives.push(Gives { name, kept, frame: place(is_here) });
            }
        }
        let question = self.asked(pending, &gives, reads, printed);
        let turn = self.frame().turn;
        let is_inside = self.frames.len() > 1 || turn.is_some();
        let printed = printed.len();
        self.record.positions.push(Position {
            event,
            line,
            until: line,
            turn,
            frame,
            gives,
            printed,
            question,
        });
        let is_full = self.record.positions.len() >= MOST_POSITIONS
            || self.numbers > MOST_NUMBERS
            || self.compared > self.most_compared;
        if is_full && is_inside && self.record.full.is_none() {
            self.record.full = Some(self.outermost().unwrap_or(line));
        }
    }

    /// The line of the outermost loop that runs.
    fn outermost(&self) -> Option<usize> {
        let (mut run, _) = self.frame().turn?;
        while let Some((around, _)) = self.record.runs[run].within {
            run = around;
        }
        Some(self.record.runs[run].line)
    }

    /// The join that can be asked about at this position.
    fn asked(
        &mut self,
        pending: Vec<Join>,
        gives: &[Gives],
        reads: &[Named],
        printed: &str,
    ) -> Option<usize> {
        let before = self.record.positions.last().map_or(0, |last| last.printed);
        let shown = printed.get(before..).unwrap_or_default();
        for mut join in pending {
            let result = join.result.clone();
            let is_it = |kept: &Kept| match kept {
                Kept::Array(array) => self.record.arrays.get(*array).is_some_and(|all| all.shape == result),
                Kept::Large(shape) => *shape == result,
                _ => false,
            };
            join.name = gives.iter().find(|one| is_it(&one.kept)).map(|one| one.name.clone());
            let is_shown = shown.contains(&super::super::array::shown_shape(&join.result));
            if join.name.is_some() || is_shown {
                self.record.joins.push(join);
                return Some(self.record.joins.len() - 1);
            }
        }
        let is_of = |join: &Join| {
            let shape = super::super::array::shown_shape(&join.result);
            let is_value =
                |value: &Value| matches!(value, Value::Array(array) if array.shape() == join.result);
            shown.contains(&shape)
                && reads.iter().any(|one| Some(&one.name) == join.name.as_ref() && is_value(&one.value))
        };
        if shown.is_empty() { None } else { self.record.joins.iter().rposition(is_of) }
    }

    fn kept_name(&mut self, frame: usize, name: &str, value: &Value) -> Kept {
        let key = (frame, name.to_owned());
        let (what, entries) = match self.entries_of(value, 0) {
            Some(found) => found,
            None => return self.kept(value, 0),
        };
        let count = entries.len();
        // A list that has grown is the same list with more entries behind.
        if let Some((list, before)) = self.lists.get(&key).copied() {
            let own = &mut self.record.lists[list];
            if own.len() == before && before <= count && own[..] == entries[..before] {
                own.extend(entries.into_iter().skip(before));
                self.lists.insert(key, (list, count));
                return Kept::List { what, list, count };
            }
        }
        self.record.lists.push(entries);
        let list = self.record.lists.len() - 1;
        self.lists.insert(key, (list, count));
        Kept::List { what, list, count }
    }

    /// The entries of a list, a tuple or a dictionary that holds arrays or nothing.
    fn entries_of(&mut self, value: &Value, depth: usize) -> Option<(&'static str, Vec<Entry>)> {
        let plain = |all: &[Value]| {
            all.iter().enumerate().map(|(k, value)| (k.to_string(), value.clone())).collect::<Vec<_>>()
        };
        let (what, all) = match value {
            Value::List(all) => ("list", plain(&all.borrow())),
            Value::Tuple(all) => ("tuple", plain(all)),
            // A named tuple.
            Value::Object(object) if object.class.is_tuple => ("tuple", plain(&value.items().ok()?)),
            Value::Dict(all) => {
                let all = all.borrow();
                ("dictionary", all.iter().map(|(key, value)| (show::repr(key), value.clone())).collect())
            }
            _ => return None,
        };
        self.compared += 8 * all.len();
        if depth > DEEPEST || all.len() > LONGEST_LIST {
            return None;
        }
        let entry = |(key, value): (String, Value)| Entry { key, value: self.kept(&value, depth + 1) };
        Some((what, all.into_iter().map(entry).collect()))
    }

    fn kept(&mut self, value: &Value, depth: usize) -> Kept {
        if let Value::Array(array) = value
            && !array.shape().is_empty()
        {
            return self.kept_array(array);
        }
        if let Some((what, entries)) = self.entries_of(value, depth) {
            let count = entries.len();
            self.record.lists.push(entries);
            return Kept::List { what, list: self.record.lists.len() - 1, count };
        }
        let text: String = match value {
            Value::Array(_) => show::text(value),
            Value::Library(path) if !path.contains('.') => format!("the module {path}"),
            Value::Function(_) | Value::Method(..) | Value::Library(_) => "a function".to_owned(),
            Value::Generator(_) | Value::RandomState(_) => "a random number generator".to_owned(),
            Value::Object(object) => format!("an object of {}", object.class.name),
            Value::List(_) | Value::Tuple(_) | Value::Dict(_) | Value::Deque(_) => {
                format!("{} with {} entries", value.described(), value.length().unwrap_or(0))
            }
            other => show::repr(other),
        };
        let is_long = text.chars().count() > LONGEST_TEXT;
        Kept::Other(if is_long {
            text.chars().take(LONGEST_TEXT).chain(" …".chars()).collect()
        } else {
            text
        })
    }

    fn kept_array(&mut self, array: &Array) -> Kept {
        let count = array.count();
        if count > LARGEST {
            return Kept::Large(array.shape().to_vec());
        }
        self.compared += count;
        let now = Numbers { shape: array.shape().to_vec(), kind: array.kind(), numbers: array.numbers() };
        let place = array.place();
        if let Some(known) = self.known.get(&place)
            && same(&self.record.arrays[*known], &now)
        {
            return Kept::Array(*known);
        }
        self.numbers += count;
        self.record.arrays.push(now);
        let kept = self.record.arrays.len() - 1;
        self.known.insert(place, kept);
        Kept::Array(kept)
    }
}

/// Whether both are the same, bit for bit.
fn same(one: &Numbers, other: &Numbers) -> bool {
    one.shape == other.shape
        && one.kind == other.kind
        && one.numbers.iter().zip(&other.numbers).all(|(a, b)| a.to_bits() == b.to_bits())
}
