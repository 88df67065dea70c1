//! What simple means reach on the same samples: a network that is not better has learned nothing of the order.

mod bag_of_words;
mod lbfgs;
mod next_id;
mod ngrams;
mod numbers;

pub use bag_of_words::BagOfWords;
pub use next_id::{BigramModel, UnigramModel};
pub use ngrams::Ngrams;
pub use numbers::{mean_label_error, repeat_error};

/// What a baseline reaches on a validation set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reached {
    /// Mean loss in nats, or mean squared error.
    pub loss: f64,
    /// Share of right predictions; nothing for numbers.
    pub accuracy: Option<f64>,
}
