//! Models: a [`Sequential`] from and to Keras' JSON, its summary, its forward and backward pass.

mod keras_json;
mod sequential;
mod summary;

pub use sequential::{Mode, Sequential};
pub use summary::{LayerSummary, Summary};
