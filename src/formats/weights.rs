//! A model's weights to and from named tensors: `<layer name>/<weight>`.

use super::tensor::Tensors;
use crate::layers::Parameters;
use crate::{Error, Result};

/// Gives every weight the numbers of the tensor with its name. `file` names where the tensors came from.
///
/// Tensors that are no weight of the model are left alone: [`unused`] lists them.
///
/// # Errors
/// If a weight is missing, has another shape or is not finite; then no weight has changed.
pub fn assign(parameters: &mut Parameters, tensors: &Tensors, file: &str) -> Result<()> {
    let mut found = Vec::with_capacity(parameters.specs().len());
    for spec in parameters.specs() {
        let tensor = tensors.need(&spec.name, file)?;
        if tensor.shape() != spec.shape {
            return Err(Error::shape(&spec.name, &spec.shape, tensor.shape()));
        }
        found.push((spec.name.clone(), spec.shape.clone(), tensor.floats(&spec.name)?));
    }
    for (name, shape, values) in found {
        parameters.set(&name, &shape, values)?;
    }
    Ok(())
}

/// The names of tensors that are no weight of the model.
pub fn unused<'a>(parameters: &Parameters, tensors: &'a Tensors) -> Vec<&'a str> {
    tensors.names().filter(|name| parameters.specs().iter().all(|spec| spec.name != *name)).collect()
}

/// All weights under their names.
///
/// # Errors
/// None for weights that a model has built.
pub fn to_tensors(parameters: &Parameters) -> Result<Tensors> {
    let mut tensors = Tensors::new();
    for spec in parameters.specs() {
        let values = parameters.values()[spec.offset()..][..spec.count()].to_vec();
        tensors.insert_floats(spec.name.as_str(), &spec.shape, values)?;
    }
    Ok(tensors)
}
