//! Loops with a known number of rounds, written out round by round.

use super::constants::Constants;
use super::flow::{End, Flow, MOST_LINES};
use super::lines::word;
use super::loops::{self, in_round};
use crate::listing::language::tokens::LogicalLine;

/// A loop with a condition runs at most so often.
const MOST_ROUNDS: usize = 64;
/// What is said of a loop whose bounds are not known.
const UNBOUNDED: &str = "a listing describes one step: a loop needs fixed bounds here, as in `for i in range(3):`; \
                         the loop over time is outside of it";
/// What is said of a loop that makes too many lines.
const TOO_LONG: &str = "this loop makes more than 1000 lines; use a smaller bound";

impl Flow<'_> {
    /// `for i in range(3):`
    pub(super) fn each(
        &mut self,
        (head, body, other): (LogicalLine, &[LogicalLine], &[LogicalLine]),
        constants: &mut Constants,
        written: &mut Vec<LogicalLine>,
    ) -> End {
        let mut head = head;
        self.spelled(&mut head, constants, written);
        let count = |name: &str| constants.count(name);
        let rounds =
            loops::rounds(&head, (&count, &|name| loops::members_of_list(written, name)), &mut self.room);
        let Some(rounds) = rounds.filter(|_| !self.room.is_full()) else {
            self.unbounded(&head);
            return End::Next;
        };
        for round in rounds {
            let tokens: usize = body.iter().map(|line| line.tokens.len()).sum();
            if self.room.take(tokens).is_none() || written.len() > MOST_LINES {
                self.mistake(&head, TOO_LONG);
                return End::Next;
            }
            for (name, value) in &round {
                constants.names.remove(name);
                constants.names.extend(constants.value(value, 0).map(|value| (name.clone(), value)));
            }
            let own: Vec<LogicalLine> = body
                .iter()
                .map(|line| line.with(line.tokens.iter().flat_map(|token| in_round(token, &round)).collect()))
                .collect();
            match self.block(&own, constants, written) {
                End::Next | End::Continue => {}
                End::Break => return End::Next,
                End::Return => return End::Return,
            }
        }
        self.block(other, constants, written)
    }

    /// `while k < 3:`, where it is known when it ends.
    pub(super) fn as_long_as(
        &mut self,
        (head, body, other): (LogicalLine, &[LogicalLine], &[LogicalLine]),
        constants: &mut Constants,
        written: &mut Vec<LogicalLine>,
    ) -> End {
        let condition = &head.tokens[1..head.tokens.len().saturating_sub(1).max(1)];
        for _ in 0..MOST_ROUNDS {
            match constants.holds(condition) {
                Some(true) => {}
                Some(false) => return self.block(other, constants, written),
                None => {
                    self.mistake(&head, UNBOUNDED);
                    return End::Next;
                }
            }
            let tokens: usize = body.iter().map(|line| line.tokens.len()).sum();
            if self.room.take(tokens).is_none() || written.len() > MOST_LINES {
                break;
            }
            match self.block(body, constants, written) {
                End::Next | End::Continue => {}
                End::Break => return End::Next,
                End::Return => return End::Return,
            }
        }
        self.mistake(&head, TOO_LONG);
        End::Next
    }

    /// What is wrong with a loop whose rounds are not known.
    fn unbounded(&mut self, head: &LogicalLine) {
        let mut names =
            (1..head.tokens.len()).filter_map(|at| word(head, at)).skip_while(|name| *name != "in").skip(1);
        let list = names.find(|name| !matches!(*name, "range" | "zip" | "enumerate" | "reversed" | "len"));
        // The input and a state are no lists.
        let is_given = |name: &&str| self.names.iter().skip(2).any(|known| known == name);
        match list.filter(is_given).filter(|_| !self.room.is_full()) {
            Some(list) => {
                let message = format!(
                    "how many members `{list}` has is not known here; make each a parameter of its own and list \
                     them in the step: {list} = [{list}_1, {list}_2]"
                );
                self.mistake(head, &message);
            }
            None => self.mistake(head, if self.room.is_full() { TOO_LONG } else { UNBOUNDED }),
        }
    }
}
