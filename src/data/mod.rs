//! Data sets and how text becomes ids, as Keras does it: tokeniser, vocabulary, padding and the packed files.
//!
//! Everything here takes and gives bytes and slices; where the bytes come from is not this module's business.

pub mod dataset;
pub mod packed;
pub mod pad;
pub mod tokenizer;
pub mod vocabulary;

pub use dataset::{Dataset, Provenance, Split, Task};
pub use pad::{Padding, Side, pad_into, pad_sequences};
pub use tokenizer::{WordCounts, word_spans, words};
pub use vocabulary::{Unit, Vocabulary};
