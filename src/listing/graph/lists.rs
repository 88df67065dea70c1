//! Several values under one name or out of one value: parts of a split, rows of a matrix; and parts that are assigned.

use super::bound::Bound;
use super::list::{Items, List};
use super::lower::Lowering;
use crate::listing::graph::{Cut, NodeId, Op};
use crate::listing::language::diagnostics::Span;
use crate::listing::language::functions::Function;
use crate::listing::language::parse::whole;
use crate::listing::language::tree::{Expression, ExpressionKind, Options, Statement};

/// So many parts an array is split into.
const MOST_PARTS: i64 = 256;

impl Lowering<'_> {
    /// The list that an expression is, if it is one: `np.split(a, 4)`, or the name of one.
    pub(super) fn list(&mut self, expression: &Expression) -> Option<Option<List>> {
        match &expression.kind {
            ExpressionKind::Name(name) => self.lists.get(name).cloned().map(Some),
            ExpressionKind::Call(Function::Split, arguments, options) => {
                Some(self.split(arguments, *options, expression.span))
            }
            _ => None,
        }
    }

    fn split(&mut self, arguments: &[Expression], options: Options, span: Span) -> Option<List> {
        let source = self.expression(&arguments[0]);
        if let ExpressionKind::List(members) = &arguments[1].kind {
            let ends: Option<Vec<Bound>> = members.iter().map(|member| self.bound(member)).collect();
            let (source, ends) = (source?, ends?);
            let axis = self.axis(source, options.axis.unwrap_or(0));
            return Some(List { source, axis, items: Items::Between(ends) });
        }
        let Some(count @ 1..=MOST_PARTS) = whole(&arguments[1]) else {
            let message = "the second argument of np.split is the number of equal parts, np.split(a, 4), or the list \
                           of positions to cut at, np.split(a, [H, 2 * H])";
            self.mistake(arguments[1].span, message);
            return None;
        };
        let source = source?;
        let axis = self.axis(source, options.axis.unwrap_or(0));
        let count = count as usize;
        let parts =
            (0..count).map(|index| self.node(Op::Part { index, count, axis }, vec![source], span)).collect();
        Some(List { source, axis, items: Items::Parts(parts) })
    }

    /// A member of a list.
    pub(super) fn member(&mut self, list: &List, index: i64, span: Span) -> Option<NodeId> {
        let count = list.len() as i64;
        let at = if index < 0 { index + count } else { index };
        if !(0..count).contains(&at) {
            let message = format!("this list has {count} parts, from 0 to {}", count - 1);
            return self.mistake(span, message);
        }
        let at = at as usize;
        match &list.items {
            Items::Parts(parts) => Some(parts[at]),
            Items::Between(ends) => {
                let start = at.checked_sub(1).map(|before| ends[before].clone());
                let mut cuts = vec![Cut::Range(None, None); list.axis];
                cuts.push(Cut::Range(start, ends.get(at).cloned()));
                Some(self.node(Op::Slice(cuts), vec![list.source], span))
            }
        }
    }

    /// Gives several names, or one, the parts of a split.
    pub(super) fn assign_list(&mut self, index: usize, statement: &Statement, list: Option<List>) {
        let targets = &statement.targets;
        if let (Some(list), [target]) = (&list, targets.as_slice()) {
            // The name stands for the parts one after the other.
            self.assign(index, &target.name, Some(list.source), target.span);
            self.lists.insert(target.name.clone(), list.clone());
            return;
        }
        if let Some(list) = list.as_ref().filter(|list| list.len() != targets.len()) {
            let (count, names) = (list.len(), targets.len());
            let message = format!(
                "np.split makes {count} parts, but {names} names stand left of =; write {count} names"
            );
            self.mistake(targets[0].span, message);
        }
        let list = list.filter(|list| list.len() == targets.len());
        for (position, target) in targets.iter().enumerate() {
            let node =
                list.as_ref().and_then(|list| self.member(list, position as i64, statement.value.span));
            self.assign(index, &target.name, node, target.span);
        }
    }

    /// `i, f = [sigmoid(z) for z in list]`
    pub(super) fn assign_each(
        &mut self,
        index: usize,
        statement: &Statement,
        (value, name, over): (&Expression, &str, &Expression),
    ) {
        let count = statement.targets.len();
        let members: Vec<Option<NodeId>> = match (&over.kind, self.list(over)) {
            (ExpressionKind::List(values), _) => values.iter().map(|value| self.expression(value)).collect(),
            (_, Some(Some(list))) => {
                (0..list.len()).map(|k| self.member(&list, k as i64, over.span)).collect()
            }
            (_, Some(None)) => vec![None; count],
            // The rows of a matrix.
            _ if let Some(rows) = self.expression(over)
                && self.first_size(rows) == Some(count as i64) =>
            {
                let row = |k| self.node(Op::Slice(vec![Cut::Index(k as i64)]), vec![rows], over.span);
                (0..count).map(row).map(Some).collect()
            }
            _ => {
                let message = "a list of values is np.split(a, 4) or (a, b): [sigmoid(z) for z in (a, b)]";
                self.mistake(over.span, message);
                vec![None; count]
            }
        };
        if members.len() != count {
            let message =
                format!("{count} names stand left of =, but this list has {} values", members.len());
            self.mistake(over.span, message);
        }
        let outside = self.values.get(name).copied();
        let length = self.sizes.remove(name);
        let mut made = Vec::new();
        for member in members.into_iter().take(count) {
            made.push(member.and_then(|member| {
                self.values.insert(name.to_string(), member);
                self.sizes.remove(name);
                if let Op::Number(number) = self.graph.nodes[member].op {
                    self.count(name, number);
                }
                self.expression(value)
            }));
        }
        match outside {
            Some(outside) => self.values.insert(name.to_string(), outside),
            None => self.values.remove(name),
        };
        self.sizes.remove(name);
        self.sizes.extend(length.map(|length| (name.to_string(), length)));
        for (k, target) in statement.targets.iter().enumerate() {
            self.assign(index, &target.name, made.get(k).copied().flatten(), target.span);
        }
    }

    /// `i, f, g, o = z`: the rows of a matrix that has as many.
    pub(super) fn rows(&mut self, index: usize, statement: &Statement) {
        let (count, span) = (statement.targets.len(), statement.value.span);
        let value = self.expression(&statement.value);
        let known = value.map(|value| self.first_size(value));
        if known == Some(Some(count as i64)) {
            for (k, target) in statement.targets.iter().enumerate() {
                let row = value.map(|v| self.node(Op::Slice(vec![Cut::Index(k as i64)]), vec![v], span));
                self.assign(index, &target.name, row, target.span);
            }
            return;
        }
        if known.is_some() {
            let message = format!(
                "{count} names need {count} parts; several names at once take their values from np.split(a, {count})"
            );
            self.mistake(span, message);
        }
        for target in &statement.targets {
            self.assign(index, &target.name, None, target.span);
        }
    }

    /// `a[:H] = value` changes the array: every name that it has means the new one afterwards.
    pub(super) fn put(&mut self, index: usize, statement: &Statement, grows: bool) {
        let target = &statement.targets[0];
        let value = self.expression(&statement.value);
        let base = self.lookup(&target.name, target.span);
        let cuts = target.part.as_ref().and_then(|parts| {
            let new_axis = parts.contains(&crate::listing::language::tree::Subscript::NewAxis);
            if new_axis {
                self.mistake(statement.span, "a part has no new axes: a[:3] = b")
            } else {
                Some(0)
            }?;
            self.cuts(parts)
        });
        let (Some(value), Some(base), Some(cuts)) = (value, base, cuts) else {
            return self.assign(index, &target.name, None, target.span);
        };
        let op = if grows { Op::Grow(cuts) } else { Op::Put(cuts) };
        let node = self.node(op, vec![base, value], statement.span);
        self.change(index, statement, base, node, !grows);
    }

    /// Every name of `before` means `after` from now on.
    pub(super) fn change(
        &mut self,
        index: usize,
        statement: &Statement,
        before: NodeId,
        after: NodeId,
        checked: bool,
    ) {
        let target = &statement.targets[0];
        if let Some(other) = checked.then(|| self.shared_with(before, after)).flatten() {
            let name = &target.name;
            let advice = match target.part {
                Some(_) => format!("write {other} = {other} * 1 above, which is an array of its own"),
                None => format!("write the line as {name} = {name} …"),
            };
            let message = format!(
                "`{name}` changes in place here, and `{other}` shares its numbers and would change too; {advice}"
            );
            self.mistake(statement.span, message);
            return;
        }
        self.graph.grown.push((before, after));
        let names: Vec<String> =
            self.values.iter().filter(|(_, node)| **node == before).map(|(name, _)| name.clone()).collect();
        self.assign(index, &target.name, Some(after), target.span);
        for name in names {
            self.values.insert(name, after);
        }
    }

    /// A name whose value is a view of `before`, or of which that is one.
    fn shared_with(&self, before: NodeId, after: NodeId) -> Option<String> {
        let base = |mut node: NodeId| {
            while let Op::Part { .. } | Op::Slice(_) | Op::Transpose | Op::Reshape(_) =
                self.graph.nodes[node].op
            {
                node = self.graph.nodes[node].inputs[0];
            }
            node
        };
        let shares = |node: NodeId| node != before && node != after && base(node) == base(before);
        self.values.iter().filter(|(_, node)| shares(**node)).map(|(name, _)| name).min().cloned()
    }
}
