//! Data sets and how text becomes ids, as Keras does it: tokeniser, vocabulary, padding and the packed files.
//!
//! Everything here takes and gives bytes and slices; where the bytes come from is not this module's business.

mod arrays;
pub mod dataset;
#[cfg(feature = "formats")]
pub mod own;
pub mod packed;
pub mod pad;
pub mod pairs;
mod text;
pub mod tokenizer;
pub mod vocabulary;

pub use arrays::Arrays;
pub use dataset::{Dataset, Provenance, Split, Task};
pub use pad::{Padding, Side, pad_into, pad_sequences};
pub use tokenizer::{WordCounts, word_spans, words};
pub use vocabulary::{Unit, Vocabulary};

/// The name of the set that a reader brought and that stays on the reader's machine.
pub const OWN: &str = "own";

/// Names of the packed data sets, `NAME.safetensors`: what is packed, and what page and command line ask for.
pub const PACKS: [&str; 6] =
    ["digits", "imdb", "imdb-small", "moby-dick", "reuters-r52", "reuters-r52-all-words"];
