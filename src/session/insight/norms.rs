//! Norms of gradients and changes of the weights while a model is trained.

use serde::Serialize;

use crate::model::Sequential;
use crate::train::Watched;
use crate::train::watch::{WeightNorms, together};

/// Two norms of one update.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Norm {
    /// Norm of the gradient of the batch's mean loss, before clipping.
    pub gradient: f64,
    /// Norm of the change divided by the norm of the weights before it.
    pub ratio: f64,
}

/// The norms of one update.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Norms {
    /// The update, counted from 1.
    pub step: u64,
    /// For each layer that is trained, in the order of [`NormNames::layers`].
    pub layers: Vec<Norm>,
    /// For each weight that is trained, in the order of [`NormNames::weights`].
    pub weights: Vec<Norm>,
}

/// What the entries of [`Norms`] belong to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct NormNames {
    /// The layers that are trained, from input to output.
    pub layers: Vec<String>,
    /// The weights that are trained: `lstm/kernel`.
    pub weights: Vec<String>,
}

impl NormNames {
    pub(in crate::session) fn of(model: &Sequential) -> Self {
        let specs = model.parameters.specs();
        let layers = trained_layers(model).map(|k| model.layers()[k].name().to_owned()).collect();
        let weights = specs.iter().filter(|spec| spec.trainable).map(|spec| spec.name.clone()).collect();
        Self { layers, weights }
    }
}

impl Norms {
    pub(in crate::session) fn of(model: &Sequential, watched: &Watched) -> Self {
        let specs = model.parameters.specs();
        let norm = |norms: WeightNorms| Norm { gradient: norms.gradient, ratio: norms.ratio() };
        let layer = |k: usize| {
            let range = model.weights_of(k).filter(|index| specs[*index].trainable);
            norm(together(&range.map(|index| watched.weights[index]).collect::<Vec<_>>()))
        };
        let weights = specs.iter().zip(&watched.weights).filter(|(spec, _)| spec.trainable);
        Self {
            step: watched.update,
            layers: trained_layers(model).map(layer).collect(),
            weights: weights.map(|(_, norms)| norm(*norms)).collect(),
        }
    }
}

/// Indices of the layers that have a weight that is trained.
fn trained_layers(model: &Sequential) -> impl Iterator<Item = usize> {
    let specs = model.parameters.specs();
    let trained = |k: &usize| model.weights_of(*k).any(|index| specs[index].trainable);
    (0..model.layers().len()).filter(trained)
}
