//! Keras' table of a model.

use serde::Serialize;

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LayerSummary {
    /// The layer's name.
    pub name: String,
    /// Keras' class name.
    pub class_name: String,
    /// Output shape, batch first; `None` is an open axis.
    pub output_shape: Vec<Option<usize>>,
    /// Parameters of the layer.
    pub params: usize,
}

/// What `model.summary()` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The layers from input to output.
    pub layers: Vec<LayerSummary>,
    /// All parameters.
    pub total: usize,
    /// Parameters that training changes.
    pub trainable: usize,
}
