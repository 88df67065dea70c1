//! A model's weights to and from named tensors: `<layer name>/<weight>`.

use ndarray::ArrayViewD;

use crate::layers::Parameters;
use crate::tensors::Tensors;
use crate::{Error, Result};

/// Gives every weight the numbers of the tensor with its name. `file` names where the tensors came from.
///
/// Tensors that are no weight of the model are left alone: [`unused`] lists them.
///
/// # Errors
/// If a weight is missing, has another shape or is not finite; then no weight has changed.
pub fn assign(parameters: &mut Parameters, tensors: &Tensors, file: &str) -> Result<()> {
    let differences = differences(parameters, tensors);
    if differences.len() > 1 {
        let (first, others) = (&differences[0], differences.len() - 1);
        let all = parameters.specs().len();
        let problem = format!(
            "it belongs to another network: {first}; {others} more of the {all} weights of this model are missing or \
             have another shape"
        );
        return Err(Error::format(file, problem));
    }
    let mut found = Vec::with_capacity(parameters.specs().len());
    for spec in parameters.specs() {
        let tensor = tensors.need(&spec.name, file)?;
        if tensor.shape() != spec.shape {
            return Err(Error::shape(&spec.name, spec.axes().clone(), tensor.shape()));
        }
        found.push((spec.name.clone(), spec.shape.clone(), tensor.floats(&spec.name)?));
    }
    for (name, shape, values) in found {
        parameters.set(&name, &shape, &values.iter().copied().collect::<Vec<f32>>())?;
    }
    Ok(())
}

/// What keeps tensors from being the weights of the model, each in words.
fn differences(parameters: &Parameters, tensors: &Tensors) -> Vec<String> {
    let specs = parameters.specs().iter();
    specs
        .filter_map(|spec| match tensors.get(&spec.name) {
            None => Some(format!("it has no `{}`", spec.name)),
            Some(tensor) if tensor.shape() != spec.shape => {
                let (name, shape) = (&spec.name, &spec.shape);
                Some(format!("`{name}` is {:?} in it and {shape:?} here", tensor.shape()))
            }
            Some(_) => None,
        })
        .collect()
}

/// The names of tensors that are no weight of the model.
pub fn unused<'a>(parameters: &Parameters, tensors: &'a Tensors) -> Vec<&'a str> {
    tensors.names().filter(|name| parameters.specs().iter().all(|spec| spec.name != *name)).collect()
}

/// All weights under their names.
pub fn to_tensors(parameters: &Parameters) -> Tensors {
    let mut tensors = Tensors::new();
    for spec in parameters.specs() {
        let values = &parameters.values()[spec.offset()..][..spec.count()];
        let view = ArrayViewD::from_shape(&spec.shape[..], values)
            .unwrap_or_else(|e| unreachable!("a weight has as many numbers as its shape says: {e}"));
        tensors.insert(spec.name.as_str(), view.to_owned());
    }
    tensors
}
