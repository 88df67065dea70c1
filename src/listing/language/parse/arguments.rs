//! What a call is given, by place or by name, and calls that are other operations.

use std::ops::RangeInclusive;

use super::expression::{Deep, Parsed, build};
use super::reader::Reader;
use crate::listing::language::diagnostics::{Diagnostic, Span};
use crate::listing::language::tree::{Binary, Expression, ExpressionKind};

impl Reader<'_> {
    /// `np.add(a, b)` as `a + b`; the bracket follows.
    pub(super) fn written_out(&mut self, operation: Binary, span: Span) -> Parsed<Deep> {
        let (arguments, depth, end) = self.arguments(span, 2..=2, None, &[])?;
        let mut two = arguments.into_iter();
        let (Some(left), Some(right)) = (two.next(), two.next()) else {
            return Err(self.expected("two arguments"));
        };
        let kind = ExpressionKind::Binary(operation, Box::new(left), Box::new(right));
        build(kind, span.to(end), depth + 1)
    }

    /// The call of a function that is put together of others, if this is its name and the bracket follows.
    pub(super) fn helper(&mut self, name: &str, span: Span, first: Option<&Deep>) -> Parsed<Option<Deep>> {
        let known = self.helpers.iter().rev().find(|helper| helper.name == name);
        let Some(helper) = known.filter(|_| self.next_sign() == Some("(")) else { return Ok(None) };
        let parameters = helper.parameters.iter().map(|p| p.name.as_str());
        let names: Vec<&str> = parameters.chain(helper.constants.iter().map(|c| c.name.as_str())).collect();
        let wanted = helper.parameters.len()..=names.len();
        let (arguments, depth, end) = self.arguments(span, wanted, first, &names)?;
        build(ExpressionKind::Helper(name.to_string(), arguments), span.to(end), depth + 1).map(Some)
    }

    /// So many arguments in brackets, how deep they are, and where they end. With `names`, they may be given by name.
    fn arguments(
        &mut self,
        span: Span,
        wanted: RangeInclusive<usize>,
        first: Option<&Deep>,
        names: &[&str],
    ) -> Parsed<(Vec<Expression>, usize, Span)> {
        self.at += 1;
        let (mut arguments, mut depth) = (Vec::new(), 0);
        if let Some((first, deep)) = first {
            arguments.push(Some(first.clone()));
            depth = *deep;
        }
        while self.next_sign() != Some(")") {
            let mut place = arguments.len();
            if let Some(at) =
                names.iter().position(|name| self.at_option() && self.tokens[self.at].text == **name)
            {
                (place, self.at) = (at, self.at + 2);
            }
            let (argument, deep) = self.value()?;
            arguments.resize(arguments.len().max(place + 1), None);
            arguments[place] = Some(argument);
            depth = depth.max(deep);
            if !self.take(",") {
                break;
            }
        }
        let end = self.expect(")", "to close the call")?;
        let given: Vec<Expression> = arguments.iter().flatten().cloned().collect();
        if !wanted.contains(&given.len()) || given.len() != arguments.len() {
            let message =
                format!("this function takes {}, found {}", count(*wanted.end(), "argument"), given.len());
            return Err(Diagnostic::new(span, message));
        }
        Ok((given, depth, end))
    }

    /// `sum([a, b])` as `a + b`, and `np.linalg.multi_dot([A, B])` as `A @ B`; the bracket follows.
    pub(super) fn joined_by(&mut self, operation: Binary, span: Span) -> Parsed<Deep> {
        self.at += 1;
        let (members, depth, _) = self.list_of_values()?;
        let end = self.expect(")", "to close the call")?;
        let depth = depth + members.len();
        let all = members.into_iter().reduce(|all, value| {
            let span = all.span;
            Expression { kind: ExpressionKind::Binary(operation, Box::new(all), Box::new(value)), span }
        });
        let all = all.ok_or_else(|| Diagnostic::new(span, "this list is empty; sum([a, b]) is a + b"))?;
        build(all.kind, span.to(end), depth)
    }

    /// Whether the bracket that opens here holds two values; what stands in it is not read, since that may be a call
    /// of the same kind, and so on.
    pub(super) fn has_two_arguments(&self) -> bool {
        let mut open = 0usize;
        for at in self.at..self.tokens.len() {
            match self.sign_at(at) {
                Some("(" | "[" | "{") => open += 1,
                Some(")" | "]" | "}") if open <= 1 => return false,
                Some(")" | "]" | "}") => open -= 1,
                Some(",") if open == 1 => {
                    let behind = Reader { at: at + 1, ..*self };
                    return !behind.at_option() && behind.next_sign() != Some(")");
                }
                _ => {}
            }
        }
        false
    }

    /// `a_min=` and other names of arguments that stand in their order.
    pub(super) fn pass_name_of_argument(&mut self) {
        const NAMES: [&str; 16] = [
            "a",
            "b",
            "x",
            "x1",
            "x2",
            "a_min",
            "a_max",
            "min",
            "max",
            "ary",
            "indices_or_sections",
            "shape",
            "arrays",
            "fill_value",
            "tup",
            "N",
        ];
        if self.at_option() && self.peek().is_some_and(|t| NAMES.contains(&t.text.as_str())) {
            self.at += 2;
        }
    }
}

/// `1 argument`, `2 arguments`.
pub(super) fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
