//! The recurrent kernels of a model: how much a product with them can stretch a state.

use ndarray::{Array2, ArrayView2, s};
use serde::Serialize;

use super::Analysis;
use crate::analysis::singular::singular_values;
use crate::eigenvalues::eigenvalues;
use crate::layers::Recurrent;
use crate::model::Sequential;

/// What multiplies the state h in one gate or candidate of a recurrent layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct KernelBlock {
    /// The layer's path.
    pub layer: String,
    /// What the product enters: `i`, `f`, `g`, `o`; `z`, `r`, `g`; `h`.
    pub gate: String,
    /// The largest absolute value of an eigenvalue; NaN where a weight is not finite.
    pub radius: f64,
    /// The singular values, the largest first.
    pub singular: Vec<f64>,
}

impl Analysis {
    /// The blocks of the recurrent kernels, from input to output. Layers that are listings have none: what their
    /// matrices multiply is for their text to say.
    pub fn kernels(&self) -> Vec<KernelBlock> {
        let layers = self.model.layers().iter().flat_map(|layer| layer.recurrents());
        layers.flat_map(|(path, layer)| blocks_of(&self.model, &path, layer)).collect()
    }
}

fn blocks_of(model: &Sequential, path: &str, layer: &Recurrent) -> Vec<KernelBlock> {
    let gates: &[&str] = match layer.cell().class_name() {
        "LSTM" => &["i", "f", "g", "o"],
        "GRU" => &["z", "r", "g"],
        "SimpleRNN" => &["h"],
        _ => &[],
    };
    let units = layer.state_width(0);
    let Some(kernel) = model.parameters.by_name(&format!("{path}/recurrent_kernel")) else {
        return Vec::new();
    };
    let Ok(kernel) = ArrayView2::from_shape((units, kernel.len() / units), kernel) else { return Vec::new() };
    let block = |(k, gate): (usize, &&str)| {
        let block: Array2<f64> = kernel.slice(s![.., k * units..(k + 1) * units]).mapv(f64::from);
        let radius = eigenvalues(block.view()).map_or(f64::NAN, |values| values[0].abs());
        let singular = singular_values(block.view());
        KernelBlock { layer: path.to_owned(), gate: (*gate).to_owned(), radius, singular }
    };
    gates.iter().enumerate().map(block).collect()
}
