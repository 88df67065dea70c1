//! Why joined arrays have the shape that they have.

use super::super::array::shown_shape;

/// Arrays of one shape that `np.concatenate` joined along axis 0.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::script) struct Join {
    /// What was joined, as it is written.
    pub(in crate::script) list: String,
    /// The name of the result, if it has one.
    pub(in crate::script) name: Option<String>,
    /// How many arrays.
    pub(in crate::script) count: usize,
    /// The sizes of each; one axis at least.
    pub(in crate::script) each: Vec<usize>,
    /// The sizes of the result.
    pub(in crate::script) result: Vec<usize>,
}

/// What a reader asks about a line, and the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// A question of one line.
    pub asked: String,
    /// A few sentences.
    pub answer: String,
}

/// Longer texts are not repeated in a sentence.
const LONGEST: usize = 40;

impl Join {
    /// The sizes that `np.stack` would have given.
    fn stacked(&self) -> Vec<usize> {
        [&[self.count], self.each.as_slice()].concat()
    }

    /// Why the result has not one axis more.
    pub(in crate::script) fn question(&self) -> Question {
        let (each, result, stacked) =
            (shown_shape(&self.each), shown_shape(&self.result), shown_shape(&self.stacked()));
        let is_short = self.list.chars().count() <= LONGEST;
        let list = if is_short { self.list.as_str() } else { "the list" };
        let (is_vector, count) = (self.each.len() == 1, self.count);
        let many = |one: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") };
        let of_each = self.each[0];
        let holds =
            format!("{list} holds {} of shape {each}.", many(if is_vector { "vector" } else { "array" }));
        let joins = match is_vector {
            true => format!(
                "np.concatenate joins arrays along an axis that they have. A vector has only axis 0, so they are put \
                 end to end: {count} · {of_each} = {} numbers in one vector, shape {result}.",
                self.result[0]
            ),
            false => format!(
                "np.concatenate joins arrays along an axis that they have, here axis 0: {count} · {of_each} = {} on \
                 that axis, the others as they are, shape {result}.",
                self.result[0]
            ),
        };
        let stacks = format!(
            "np.stack({}) would put them side by side along a new axis 0 instead: shape {stacked}.",
            if is_short { list } else { "…" }
        );
        let sizes: Vec<String> = self.stacked().iter().map(ToString::to_string).collect();
        let reshaped = self.name.as_ref().map_or(String::new(), |name| {
            format!(
                " The numbers and their order are the same: {name}.reshape({}) has that shape too.",
                sizes.join(", ")
            )
        });
        Question {
            asked: format!("Why {result} and not {stacked}?"),
            answer: format!("{holds} {joins} {stacks}{reshaped}"),
        }
    }
}
