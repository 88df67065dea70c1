//! Models: a [`Sequential`] from and to Keras' JSON, its summary, its forward and backward pass, its weights by name.

pub mod encoder_decoder;
mod formula;
mod keras_json;
mod sequential;
mod summary;
pub mod weights;

pub use sequential::{Mode, Sequential};
pub(crate) use summary::with_separators;
pub use summary::{LayerSummary, Summary};
