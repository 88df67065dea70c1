//! A unit that is held at a number while the model writes.

use serde::{Deserialize, Serialize};

use crate::layers::recurrent::Carried;
use crate::model::{Mode, Sequential};
use crate::session::reader::{Context, Reader};
use crate::{Error, Result};

/// One unit whose output h is the same number after every id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Clamp {
    /// The name of its layer.
    pub layer: String,
    /// Which unit, from 0.
    pub unit: usize,
    /// The number.
    pub value: f32,
}

/// A clamp with the places of its layer: among all layers, and among those that carry states.
pub(super) struct PlacedClamp {
    pub clamp: Clamp,
    layer: usize,
    recurrent: usize,
}

impl PlacedClamp {
    /// The place of its layer among all layers.
    pub fn place(&self) -> usize {
        self.layer
    }

    /// Finds the layer of `clamp` in `model`.
    ///
    /// # Errors
    /// If there is no such recurrent layer or unit, the number is not finite, or the model carries no states.
    pub fn of(clamp: Clamp, model: &Sequential, reader: &Reader) -> Result<Self> {
        if reader.context() != Context::Carried {
            let expected = "one that carries its states from id to id, so that a unit can be held";
            return Err(Error::value("the model", expected, "one that reads its last ids anew for each"));
        }
        if !clamp.value.is_finite() {
            return Err(Error::value("the number of the unit", "finite", clamp.value));
        }
        let mut recurrent = 0;
        for (k, layer) in model.layers().iter().enumerate() {
            let parts = layer.recurrents();
            let itself = parts.len() == 1 && layer.name() == clamp.layer;
            if let Some((_, part)) = parts.first().filter(|_| itself) {
                let units = part.state_width(0);
                if clamp.unit >= units {
                    return Err(Error::value("the unit", format!("below {units}"), clamp.unit));
                }
                return Ok(Self { clamp, layer: k, recurrent });
            }
            recurrent += parts.len();
        }
        Err(Error::value("the layer", "a recurrent one of the model", clamp.layer))
    }
}

/// After a pass over one id that began with the states `before`: holds the units of `clamps`, which stand in the order
/// of their layers, and runs what comes after each of them again.
///
/// # Errors
/// If a pass does not succeed.
pub(super) fn hold(model: &mut Sequential, clamps: &[PlacedClamp], before: &[Option<Carried>]) -> Result<()> {
    for of_layer in clamps.chunk_by(|a, b| a.layer == b.layer) {
        let (layer, recurrent) = (of_layer[0].layer, of_layer[0].recurrent);
        let mut states = model.take_states();
        for clamp in of_layer {
            let (unit, value) = (clamp.clamp.unit, clamp.clamp.value);
            if let Some(h) = model.input_of_mut(layer + 1).data.get_mut(unit) {
                *h = value;
            }
            let carried = states.get_mut(recurrent).and_then(Option::as_mut);
            if let Some(h) = carried.and_then(|carried| carried.states[0].get_mut(unit)) {
                *h = value;
            }
        }
        // The layers after this one read the id once, not twice.
        for (k, state) in states.iter_mut().enumerate().skip(recurrent + 1) {
            *state = before.get(k).cloned().flatten();
        }
        model.restore_states(states);
        model.forward_from(layer + 1, Mode::INFERENCE)?;
    }
    Ok(())
}
