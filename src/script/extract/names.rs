//! Entries of arrays, lists and dictionaries as names.

mod entries;

use std::collections::{HashMap, HashSet};

use super::super::language::*;
use super::super::run::{Interpreter, Recorded, targets_of};
use super::super::value::Value;
use super::Refusal;
use super::flat::Line;
use super::turns::Turns;

/// A name and what it is in the script.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) name: String,
    pub(super) from: Expression,
}

/// An assignment between names.
pub(super) struct NamedLine {
    pub(super) targets: Vec<String>,
    pub(super) value: Expression,
    pub(super) uses: Vec<String>,
    pub(super) comment: Option<String>,
    pub(super) adds: bool,
    /// It depends on which timestep it is.
    pub(super) is_raw: bool,
    /// The part of its target that it changes, as it is written behind the name: `[:n]`.
    pub(super) part: String,
}

/// A state that the script keeps in a list, a dictionary or an array: its name before and after a timestep.
pub(super) struct Kept {
    pub(super) before: String,
    pub(super) after: String,
    pub(super) from: Expression,
}

/// The lines of a turn between names.
pub(super) struct Named {
    pub(super) lines: Vec<NamedLine>,
    pub(super) inputs: Vec<Source>,
    pub(super) weights: Vec<Source>,
    pub(super) kept: Vec<Kept>,
}

pub(super) fn named(
    recorded: &Recorded,
    turns: &Turns,
    lines: Vec<Line>,
    run: &mut Interpreter,
) -> Result<Named, Refusal> {
    let mut apart = HashSet::new();
    loop {
        let mut naming = Naming::new(recorded, turns, &lines, run, &apart);
        naming.lines(&lines)?;
        // A value before this timestep that is read after the new one exists needs a name of its own.
        if naming.late.is_subset(&apart) {
            return Ok(naming.finish());
        }
        apart.extend(naming.late);
    }
}

/// An entry: the name of what holds it, the fixed indices, and how far from the present timestep it is.
#[derive(Debug)]
struct Place {
    key: String,
    base: String,
    offset: Option<i64>,
}

#[derive(Default)]
struct Entry {
    /// The offset at which a turn writes it.
    written: i64,
    is_appended: bool,
    /// The name that its lines give it.
    wanted: String,
    before: Option<(String, Expression)>,
    after: Option<String>,
}

impl Entry {
    /// Whether its value before or after this timestep has this name.
    fn is_called(&self, name: &str) -> bool {
        self.after.as_deref() == Some(name) || self.before.as_ref().is_some_and(|(own, _)| own == name)
    }
}

/// Whether an index is the same in every turn.
fn is_apart(index: &Expression, turns: &Turns) -> bool {
    let mut names = Vec::new();
    names_in(index, &mut names);
    !names.iter().any(|name| turns.indices.contains(name) || turns.members.contains(name))
}

struct Naming<'a> {
    turns: &'a Turns,
    run: &'a mut Interpreter,
    apart: &'a HashSet<String>,
    late: HashSet<String>,
    /// Names that a turn assigns.
    own: HashSet<String>,
    /// How many lines of a turn assign a name.
    times: HashMap<String, usize>,
    taken: HashSet<String>,
    entries: HashMap<String, Entry>,
    holders: HashSet<String>,
    /// Names that stand for an input.
    data: HashMap<String, String>,
    out: Named,
}

impl<'a> Naming<'a> {
    fn new(
        recorded: &Recorded,
        turns: &'a Turns,
        lines: &[Line],
        run: &'a mut Interpreter,
        apart: &'a HashSet<String>,
    ) -> Self {
        let mut own = Vec::new();
        lines.iter().filter(|line| !line.appends).for_each(|line| targets_of(&line.target, &mut own));
        if turns.with_parts {
            let of_outside = |line: &&Line| !line.appends;
            let bases = lines.iter().filter(of_outside).filter_map(|line| match &line.target.kind {
                ExpressionKind::Subscript(of, index) => as_name(of).filter(|_| is_apart(index, turns)),
                _ => None,
            });
            let is_array = |name: &&str| match recorded.before.get(*name) {
                Some(Value::Array(array)) => !array.shape().is_empty(),
                _ => false,
            };
            own.extend(bases.filter(is_array).map(str::to_owned));
        }
        let mut times = HashMap::new();
        for line in lines.iter().filter(|line| !line.appends) {
            let mut names = Vec::new();
            targets_of(&line.target, &mut names);
            names.into_iter().for_each(|name| *times.entry(name).or_insert(0) += 1);
        }
        let mut taken: HashSet<String> =
            recorded.names.iter().chain(recorded.before.keys()).cloned().collect();
        taken.extend(own.iter().cloned());
        let mut naming = Self {
            turns,
            run,
            apart,
            late: HashSet::new(),
            times,
            own: own.into_iter().collect(),
            taken,
            entries: HashMap::new(),
            holders: HashSet::new(),
            data: HashMap::new(),
            out: Named { lines: vec![], inputs: vec![], weights: vec![], kept: vec![] },
        };
        for member in &turns.members {
            let from = Expression { kind: ExpressionKind::Name(member.clone()), span: turns.target.span };
            naming.out.inputs.push(Source { name: member.clone(), from });
        }
        naming.find_holders(lines);
        naming
    }

    fn lines(&mut self, lines: &[Line]) -> Result<(), Refusal> {
        lines.iter().try_for_each(|line| self.line(line))
    }

    fn line(&mut self, line: &Line) -> Result<(), Refusal> {
        let value = self.rewritten(&line.value)?;
        let mut uses = Vec::new();
        names_in(&value, &mut uses);
        let is_raw = uses.iter().any(|name| self.turns.indices.contains(name));
        if self.take_as_data(line, &value, &uses, is_raw)? {
            return Ok(());
        }
        if self.changes_a_part(line, &value, &uses)? {
            return Ok(());
        }
        let targets = match &line.target.kind {
            ExpressionKind::Tuple(all) if !line.appends => all.clone(),
            _ => vec![line.target.clone()],
        };
        let mut names = Vec::new();
        for target in &targets {
            let is_name = as_name(target).filter(|_| !line.appends);
            match is_name {
                Some(name) => {
                    self.data.remove(name);
                    names.push(name.to_owned());
                }
                None => names.push(self.write(
                    target,
                    line.appends,
                    as_name(&value).filter(|_| targets.len() == 1),
                )),
            }
        }
        // An entry that takes the value of a name is that name from here on.
        if targets.len() == 1
            && as_name(&value) == Some(names[0].as_str())
            && as_name(&targets[0]).is_none_or(|_| line.appends)
        {
            return Ok(());
        }
        let comment = line.comment.clone();
        let (adds, part) = (line.adds, String::new());
        self.out.lines.push(NamedLine { targets: names, value, uses, comment, adds, is_raw, part });
        Ok(())
    }

    /// `a[:n] = value`, where a turn has made `a` itself: a line that changes a part of it.
    fn changes_a_part(&mut self, line: &Line, value: &Expression, uses: &[String]) -> Result<bool, Refusal> {
        let ExpressionKind::Subscript(of, index) = &line.target.kind else { return Ok(false) };
        let Some(base) = as_name(of).filter(|base| self.own.contains(*base) && !self.holders.contains(*base))
        else {
            return Ok(false);
        };
        if line.appends || self.data.contains_key(base) {
            return Ok(false);
        }
        let index = self.rewritten(index)?;
        let mut uses = uses.to_vec();
        names_in(&index, &mut uses);
        if !uses.iter().any(|name| name == base) {
            uses.push(base.to_owned());
        }
        let is_raw = uses.iter().any(|name| self.turns.indices.contains(name));
        self.out.lines.push(NamedLine {
            targets: vec![base.to_owned()],
            value: value.clone(),
            uses,
            comment: line.comment.clone(),
            adds: false,
            is_raw,
            part: format!("[{}]", written(&index)),
        });
        Ok(true)
    }

    /// The name that an entry gets, now that it is written.
    fn write(&mut self, target: &Expression, appends: bool, value: Option<&str>) -> String {
        let key = match (appends, as_name(target)) {
            (true, Some(name)) => Some(name.to_owned()),
            _ => self.place(target).map(|place| place.key),
        };
        let own_value = value.filter(|name| self.own.contains(*name)).map(str::to_owned);
        let Some(entry) = key.and_then(|key| self.entries.get_mut(&key)) else {
            return own_value.unwrap_or_else(|| "unknown_part".to_owned());
        };
        let name = own_value.unwrap_or_else(|| entry.wanted.clone());
        entry.after = Some(name.clone());
        name
    }

    /// A line that only chooses or prepares what the timestep reads.
    fn take_as_data(
        &mut self,
        line: &Line,
        value: &Expression,
        uses: &[String],
        is_raw: bool,
    ) -> Result<bool, Refusal> {
        let base = {
            let mut base = &line.target;
            while let ExpressionKind::Subscript(of, _) = &base.kind {
                base = of;
            }
            as_name(base).map(str::to_owned)
        };
        let Some(base) = base.filter(|_| !line.appends) else { return Ok(false) };
        let is_input = |name: &String| self.out.inputs.iter().any(|input| input.name == *name);
        let whole_input = as_name(value).filter(|name| is_input(&(*name).to_owned())).map(str::to_owned);
        let is_entry = matches!(line.target.kind, ExpressionKind::Subscript(..));
        let is_named = as_name(&line.target).is_some() && !line.adds;
        let in_own = self.own.contains(&base) && !self.holders.contains(&base);
        if let Some(input) = whole_input.filter(|_| is_named || !in_own) {
            // `x = xs[t]`: the name is the input's.
            if is_named {
                self.rename_input(&input, &base);
            }
            return Ok(is_named);
        }
        // `W = parameters["W"]`: the name is the weight's.
        let weight = as_name(value).and_then(|name| self.out.weights.iter().position(|w| w.name == *name));
        if let (Some(weight), true) = (weight, is_named) {
            let known = self.out.weights[weight].name.clone();
            let is_free = self.is_assigned_once(&base) && !self.is_used(&known);
            if is_free {
                self.out.weights[weight].name = base.clone();
            }
            self.data.insert(base.clone(), if is_free { base } else { known });
            return Ok(true);
        }
        if is_entry && self.data.contains_key(&base) {
            // `x[ids[t]] = 1`: a part of what was prepared.
            return Ok(true);
        }
        let mut uses = uses.to_vec();
        if let ExpressionKind::Subscript(_, index) = &line.target.kind {
            // A place that is chosen by what this timestep reads is part of the preparation.
            names_in(index, &mut uses);
        }
        let is_raw =
            is_raw || (self.own.contains(&base) && uses.iter().any(|name| self.turns.indices.contains(name)));
        let is_state = |name: &String| self.entries.values().any(|entry| entry.is_called(name));
        let depends = uses
            .iter()
            .any(|name| is_state(name) || (self.own.contains(name) && !self.data.contains_key(name)));
        let prepares = is_raw
            || (is_entry
                && !depends
                && uses.iter().all(|name| {
                    self.run.has_outside(name) || self.turns.members.contains(name) || is_input(name)
                }));
        if !prepares || depends {
            return Ok(false);
        }
        // `x = np.zeros(n)` above `x[ids[t]] = 1` begins what is prepared.
        let begins = |line: &NamedLine| line.targets == [base.clone()];
        let is_begun = is_entry && self.out.lines.iter().any(begins);
        let free = |line: &NamedLine| !line.uses.iter().any(|name| self.own.contains(name));
        if is_begun && !self.out.lines.iter().filter(|line| begins(line)).all(free) {
            return Ok(false);
        }
        if is_begun {
            self.out.lines.retain(|line| !begins(line));
        }
        let whole = !is_entry || is_begun;
        let name = if whole { base.clone() } else { self.free_name(&base) };
        let from = if whole { name_at(&base, &line.target) } else { line.target.clone() };
        self.out.inputs.push(Source { name: name.clone(), from });
        self.data.insert(base.clone(), name);
        self.holders.remove(&base);
        Ok(true)
    }

    fn is_used(&self, name: &str) -> bool {
        self.out.lines.iter().any(|line| line.uses.iter().any(|used| used == name))
    }

    fn is_assigned_once(&self, name: &str) -> bool {
        self.times.get(name) == Some(&1)
    }

    fn rename_input(&mut self, input: &str, name: &str) {
        let is_used = self.is_used(input) || !self.is_assigned_once(name);
        let is_member = self.turns.members.iter().any(|member| member == input);
        let is_other = self.data.values().any(|known| known == input);
        if !is_used && !is_member && !is_other {
            if let Some(source) = self.out.inputs.iter_mut().find(|source| source.name == input) {
                source.name = name.to_owned();
            }
            self.data.insert(name.to_owned(), name.to_owned());
        } else {
            self.data.insert(name.to_owned(), input.to_owned());
        }
    }

    /// An expression with names in place of entries.
    fn rewritten(&mut self, expression: &Expression) -> Result<Expression, Refusal> {
        let mut problem = None;
        let result = replaced(expression, &mut |part| match self.part(part) {
            Ok(other) => other,
            Err(refusal) => {
                problem.get_or_insert(refusal);
                None
            }
        });
        problem.map_or(Ok(result), Err)
    }

    fn part(&mut self, part: &Expression) -> Result<Option<Expression>, Refusal> {
        match &part.kind {
            ExpressionKind::Name(name) => Ok(self.data.get(name).map(|own| name_at(own, part))),
            ExpressionKind::Subscript(of, index) => self.entry(part, of, index),
            ExpressionKind::Conditional(parts) => self.at_the_start(part, parts),
            _ => Ok(None),
        }
    }

    fn finish(mut self) -> Named {
        let mut entries: Vec<(String, Entry)> = self.entries.drain().collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        for (_, entry) in entries {
            if let (Some((before, from)), Some(after)) = (entry.before, entry.after) {
                self.out.kept.push(Kept { before, after, from });
            }
        }
        self.out
    }
}
