//! Keras 3's `.weights.h5`.

use super::hdf5::{Hdf5, Tree};
use super::places::places;
use crate::Result;
use crate::model::Sequential;

/// The first Keras 3 and TensorFlow 2.13 have another name for the list of layers.
const OLD_LAYERS: &str = "_layer_checkpoint_dependencies";

/// Reads all weights of `model`.
pub fn read(model: &mut Sequential, file: &Hdf5) -> Result<()> {
    let old = file.has_group(OLD_LAYERS);
    let mut found = Vec::new();
    for place in places(model) {
        let path = if old { place.path.replacen("layers", OLD_LAYERS, 1) } else { place.path };
        for (k, weight) in place.weights.into_iter().enumerate() {
            let spec = &model.parameters.specs()[weight];
            let values = file.floats(&format!("{path}/vars/{k}"), &spec.name, &spec.shape)?;
            found.push((spec.name.clone(), spec.shape.clone(), values));
        }
    }
    for (name, shape, values) in found {
        model.parameters.set(&name, &shape, &values)?;
    }
    Ok(())
}

/// The bytes of the file.
pub fn write(model: &Sequential) -> Result<Vec<u8>> {
    let mut tree = Tree::default();
    tree.group("vars").set_name(model.name());
    for place in places(model) {
        let group = tree.group(&format!("{}/vars", place.path));
        group.set_name(&place.name);
        for (k, weight) in place.weights.into_iter().enumerate() {
            let spec = &model.parameters.specs()[weight];
            let values = &model.parameters.values()[spec.offset()..][..spec.count()];
            group.add_floats(k.to_string(), &spec.shape, values);
        }
    }
    tree.to_bytes()
}
