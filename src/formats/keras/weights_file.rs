//! The `.weights.h5` files of Keras 2.12 and later.

use super::hdf5::{Hdf5, Tree};
use super::variable_groups::{layer_groups, variable_groups};
use crate::model::Sequential;
use crate::{Error, Result};

/// The groups that hold the layers: TensorFlow 2.12 and 2.13 have another name for theirs.
const LAYERS: [&str; 2] = ["layers", "_layer_checkpoint_dependencies"];

/// Whether the file is of this kind.
pub fn is_weights_file(file: &Hdf5) -> bool {
    LAYERS.iter().any(|group| file.has_group(group))
}

/// Where the weights of `model` stand, in its order.
///
/// # Errors
/// If the file has not as many layers of some class as the model.
pub fn paths(model: &Sequential, file: &Hdf5) -> Result<Vec<String>> {
    let root = LAYERS.iter().find(|group| file.has_group(group)).unwrap_or(&LAYERS[0]);
    let groups =
        layer_groups(model, &file.groups(root)).map_err(|problem| Error::format(file.what(), problem))?;
    let mut paths = vec![String::new(); model.parameters.specs().len()];
    for variables in variable_groups(model) {
        let group = &groups[variables.layer];
        for (k, weight) in variables.weights.into_iter().enumerate() {
            paths[weight] = format!("{root}/{group}{}/vars/{k}", variables.within);
        }
    }
    Ok(paths)
}

/// The bytes of the file for `values`, all weights of `model` one after the other.
pub fn write(model: &Sequential, values: &[f32]) -> Result<Vec<u8>> {
    let mut tree = Tree::default();
    tree.group("vars").set_name(model.name());
    for variables in variable_groups(model) {
        let group = tree.group(&format!("layers/{}{}/vars", variables.group, variables.within));
        group.set_name(&variables.name);
        for (k, weight) in variables.weights.into_iter().enumerate() {
            let spec = &model.parameters.specs()[weight];
            let values = &values[spec.offset()..][..spec.count()];
            group.add_floats(k.to_string(), &spec.shape, values);
        }
    }
    tree.to_bytes()
}
