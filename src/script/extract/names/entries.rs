//! Which entry `xs[t]` is, and the name that stands for it.

use super::super::super::language::*;
use super::super::super::value::Value;
use super::super::flat::Line;
use super::super::{Refusal, no_listing};
use super::{Entry, Naming, Place, Source};

impl Naming<'_> {
    /// What a turn writes entries of.
    pub(super) fn find_holders(&mut self, lines: &[Line]) {
        for line in lines {
            let targets = match &line.target.kind {
                ExpressionKind::Tuple(all) => all.clone(),
                _ => vec![line.target.clone()],
            };
            for target in targets {
                let place = match (&target.kind, line.appends) {
                    (ExpressionKind::Name(base), true) => {
                        Place { key: base.clone(), base: base.clone(), offset: Some(0) }
                    }
                    (ExpressionKind::Subscript(..), _) => match self.place(&target) {
                        Some(place) => place,
                        None => continue,
                    },
                    _ => continue,
                };
                // What a turn makes itself and then changes in part, `x = np.zeros(3)` and `x[0] = u`, is an array.
                let is_array = matches!(target.kind, ExpressionKind::Subscript(..)) && !line.appends;
                if is_array && place.offset.is_none() && self.own.contains(&place.base) {
                    continue;
                }
                self.holders.insert(place.base.clone());
                let wanted = match as_name(&line.value) {
                    Some(name) if self.own.contains(name) => name.to_owned(),
                    _ => String::new(),
                };
                let wanted = if wanted.is_empty() { self.free_name(&place.key) } else { wanted };
                let is_appended = line.appends;
                let written = place.offset.unwrap_or(0);
                self.entries.entry(place.key).or_insert(Entry {
                    written,
                    is_appended,
                    wanted,
                    ..Entry::default()
                });
            }
        }
    }

    /// A name for a member of what is called `key`: `hs` holds `h`, `X` holds `x`.
    pub(super) fn free_name(&mut self, key: &str) -> String {
        let plain: String = key.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
        let lower = plain.to_lowercase();
        let short = lower.strip_suffix('s').filter(|short| !short.is_empty()).unwrap_or(&lower).to_owned();
        let mut name = short.trim_matches('_').to_owned();
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            name = "part".to_owned();
        }
        if self.taken.contains(&name) {
            name.push_str("_t");
        }
        while self.taken.contains(&name) {
            name.push('_');
        }
        self.taken.insert(name.clone());
        name
    }

    /// Which entry `base[i][j]` is; none where an index is neither fixed nor a distance from the present turn.
    pub(super) fn place(&mut self, expression: &Expression) -> Option<Place> {
        let (mut indices, mut base) = (Vec::new(), expression);
        while let ExpressionKind::Subscript(of, index) = &base.kind {
            match &index.kind {
                ExpressionKind::Tuple(all) => indices.extend(all.iter().rev()),
                _ => indices.push(index),
            }
            base = of;
        }
        let base = as_name(base)?.to_owned();
        let (mut key, mut offset) = (base.clone(), None);
        for index in indices.into_iter().rev() {
            if matches!(&index.kind, ExpressionKind::Slice([None, None, None])) {
                continue;
            }
            match self.distance(index) {
                Some(distance) if offset.is_none() => offset = Some(distance),
                Some(_) => return None,
                None => match self.run.value_of(index).ok().filter(|_| !self.is_own(index)) {
                    Some(Value::Int(fixed)) => key = format!("{key}_{fixed}"),
                    Some(Value::Text(fixed)) => key = format!("{key}_{fixed}"),
                    _ => return None,
                },
            }
        }
        Some(Place { key, base, offset })
    }

    /// Whether an expression has names that a turn assigns, or counts turns.
    pub(super) fn is_own(&self, expression: &Expression) -> bool {
        let mut names = Vec::new();
        names_in(expression, &mut names);
        names.iter().any(|name| self.own.contains(name) || self.turns.indices.contains(name))
    }

    /// `t` is 0, `t - 1` is -1.
    pub(super) fn distance(&mut self, index: &Expression) -> Option<i64> {
        match &index.kind {
            ExpressionKind::Name(name) if self.turns.indices.contains(name) => Some(0),
            ExpressionKind::Binary(operator @ (Operator::Add | Operator::Subtract), a, b) => {
                let (at, by) = match (self.distance(a), operator) {
                    (Some(at), _) => (at, b),
                    (None, Operator::Add) => (self.distance(b)?, a),
                    _ => return None,
                };
                let by = self.run.value_of(by).ok().filter(|_| !self.is_own(by))?.integer().ok()?;
                Some(if *operator == Operator::Add { at + by } else { at - by })
            }
            _ => None,
        }
    }

    pub(super) fn entry(
        &mut self,
        part: &Expression,
        of: &Expression,
        index: &Expression,
    ) -> Result<Option<Expression>, Refusal> {
        let mut base = of;
        while let ExpressionKind::Subscript(inner, _) = &base.kind {
            base = inner;
        }
        if let Some(name) = as_name(base) {
            if let Some(own) =
                self.data.get(name).filter(|_| as_name(of).is_some() && self.distance_known(index))
            {
                return Ok(Some(name_at(own, part)));
            }
            if self.holders.contains(name) {
                return self.held(part);
            }
        }
        if self.is_own_but_index(of) || self.is_own_but_index(index) {
            return Ok(None);
        }
        // `delta[i][:, None]` is made of what a timestep reads.
        if self.is_own(of)
            && !self.is_own(index)
            && matches!(self.turns.at_first(self.run, of), Some(Value::Array(_)))
        {
            return Ok(None);
        }
        if self.is_own(part) {
            let first = self.turns.at_first(self.run, part);
            let is_input = match first {
                Some(Value::Array(array)) => {
                    let is_float = array.kind() > super::super::super::array::Kind::Int;
                    is_float
                        || array.shape().len() == 1
                        || (self.turns.with_numbers && array.shape().is_empty())
                }
                Some(Value::Float(_)) => true,
                _ => false,
            };
            return Ok(is_input.then(|| self.input(part)));
        }
        match self.run.value_of(part) {
            Ok(Value::Array(array))
                if !array.shape().is_empty() && as_name(of).is_none_or(|name| self.is_collection(name)) =>
            {
                Ok(Some(self.weight(part)))
            }
            _ => Ok(None),
        }
    }

    fn distance_known(&self, index: &Expression) -> bool {
        let mut names = Vec::new();
        names_in(index, &mut names);
        names.iter().any(|name| self.turns.indices.contains(name))
    }

    /// Whether an expression has names that a turn assigns, apart from those that choose what is read.
    fn is_own_but_index(&self, expression: &Expression) -> bool {
        let mut names = Vec::new();
        names_in(expression, &mut names);
        names.iter().any(|name| self.own.contains(name) || self.turns.members.contains(name))
    }

    /// Whether a name outside is a list or a dictionary.
    fn is_collection(&self, name: &str) -> bool {
        matches!(self.run.named(name), Some(Value::List(_) | Value::Dict(_) | Value::Tuple(_)))
    }

    /// An entry of what a turn writes entries of.
    fn held(&mut self, part: &Expression) -> Result<Option<Expression>, Refusal> {
        let Some(place) = self.place(part) else { return Ok(None) };
        // `hs[-1]` of a list is what was appended last.
        let last = place.key.strip_suffix("_-1").map(str::to_owned);
        let last = last.filter(|key| self.entries.get(key).is_some_and(|entry| entry.is_appended));
        let is_last = last.is_some();
        let key = last.unwrap_or(place.key.clone());
        let span = part.span;
        let base = self.entries.get(&place.base).filter(|base| base.is_appended);
        if base.is_some() && key != place.base && place.offset.is_none() {
            let message = format!(
                "a step reads of a list what was appended last, and `{}` is another entry; keep the values in an \
                 array, as in buf = np.vstack([buf[1:], h])",
                written(part)
            );
            return Err(no_listing(span, message));
        }
        let Some(entry) = self.entries.get_mut(&key) else { return Ok(None) };
        let distance = place.offset.map_or(0, |offset| offset - entry.written);
        if !(-1..=0).contains(&distance) {
            let message = format!(
                "a step reads the state of the timestep before it, and `{}` is {} away; carry it in a name of its own",
                written(part),
                distance.unsigned_abs()
            );
            return Err(no_listing(span, message));
        }
        let is_before = distance == -1 || (is_last && entry.after.is_none());
        if let (Some(after), false) = (&entry.after, is_before) {
            return Ok(Some(name_at(after, part)));
        }
        if entry.after.is_some() {
            self.late.insert(key.clone());
        }
        let name = match &entry.before {
            Some((name, _)) => name.clone(),
            None => {
                let mut name = entry.wanted.clone();
                if self.apart.contains(&key) {
                    name.push_str("_before");
                }
                entry.before = Some((name.clone(), part.clone()));
                name
            }
        };
        Ok(Some(name_at(&name, part)))
    }

    fn input(&mut self, part: &Expression) -> Expression {
        let text = written(part);
        let known =
            self.out.inputs.iter().find(|input| written(&input.from) == text).map(|input| input.name.clone());
        let name = known.unwrap_or_else(|| {
            let mut base = part;
            while let ExpressionKind::Subscript(of, _) = &base.kind {
                base = of;
            }
            let name = self.free_name(as_name(base).unwrap_or("x"));
            self.out.inputs.push(Source { name: name.clone(), from: part.clone() });
            name
        });
        name_at(&name, part)
    }

    fn weight(&mut self, part: &Expression) -> Expression {
        let text = written(part);
        let known =
            self.out.weights.iter().find(|weight| written(&weight.from) == text).map(|w| w.name.clone());
        let name = known.unwrap_or_else(|| {
            let key = match &part.kind {
                ExpressionKind::Subscript(_, index) => match &index.kind {
                    ExpressionKind::Text(key) => Some(key.clone()),
                    _ => None,
                },
                _ => None,
            };
            let is_name = |key: &String| {
                key.chars().all(|c| c.is_alphanumeric() || c == '_')
                    && key.starts_with(|c: char| c.is_alphabetic())
                    && !self.taken.contains(key)
            };
            let name = key.filter(is_name).unwrap_or_else(|| {
                let plain: String = text.chars().filter(|c| c.is_alphanumeric() || *c == '_').collect();
                let mut name = plain;
                while self.taken.contains(&name) {
                    name.push('_');
                }
                name
            });
            self.taken.insert(name.clone());
            self.out.weights.push(Source { name: name.clone(), from: part.clone() });
            name
        });
        name_at(&name, part)
    }

    /// `hs[t - 1] if t > 0 else zeros`: the state before this timestep, with its first value written beside it.
    pub(super) fn at_the_start(
        &mut self,
        whole: &Expression,
        [test, then, otherwise]: &[Expression; 3],
    ) -> Result<Option<Expression>, Refusal> {
        if !self.distance_known(test) {
            return Ok(None);
        }
        for (branch, other) in [(then, otherwise), (otherwise, then)] {
            let Some(place) = self.place(branch).filter(|place| self.holders.contains(&place.base)) else {
                continue;
            };
            if self.is_own(other) {
                continue;
            }
            let Some(name) = self.held(branch)? else { continue };
            let last = place.key.strip_suffix("_-1").unwrap_or(&place.key).to_owned();
            for key in [place.key, last] {
                if let Some((_, from)) = self.entries.get_mut(&key).and_then(|entry| entry.before.as_mut()) {
                    *from = whole.clone();
                }
            }
            return Ok(Some(name));
        }
        Ok(None)
    }
}
