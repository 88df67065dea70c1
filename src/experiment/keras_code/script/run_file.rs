//! What a script needs of the run beside the packed data: first weights, order of the samples, generated data.

use ndarray::{Array1, Array2, ArrayD, Axis, IxDyn};

use crate::data::{Dataset, PACKS, Split};
use crate::experiment::{Experiment, Material, Reading};
use crate::layers::Shape;
use crate::model::{Sequential, weights};
use crate::tensors::{Tensor, Tensors};
use crate::train::{Batches, Examples, FitOptions, Inputs, Labels, Loss};
use crate::{Error, Result};

/// How many losses a script compares.
pub const FIRST_LOSSES: usize = 20;

/// The order of so many samples is written at most, and that of one epoch at least.
const MOST_SAMPLES: usize = 1_000_000;

/// The file `<name>-run.npz` of [`super::script`]: `weights/<layer>/<weight>`, the first weights, those of `model`;
/// `order`, `[epochs, samples]` in i32, the samples in the order in which they are trained on; `losses`, the
/// `first_losses` of the run, each before its update; and the samples. Those of a packed set stand as they are packed,
/// `train/ids`, `train/offsets`, `train/labels` and the same for `test`, and the script reads them as the engine does;
/// all others as the arrays `train/x`, `train/y`, `test/x`, `test/y`.
///
/// # Errors
/// If the model cannot be trained on `material`, or a packed set is needed and there is no `dataset`.
pub fn run_file(
    experiment: &Experiment,
    (material, dataset): (&Material, Option<&Dataset>),
    model: &Sequential,
    first_losses: &[f32],
) -> Result<Tensors> {
    let mut file = Tensors::new();
    for (name, tensor) in weights::to_tensors(&model.parameters).iter() {
        file.insert(format!("weights/{name}"), tensor.clone());
    }
    let order = order(experiment, material)?;
    file.insert("order", order.mapv(|sample| sample as i32));
    file.insert(
        "losses",
        ArrayD::from_shape_vec(IxDyn(&[first_losses.len()]), first_losses.to_vec())
            .map_err(|e| Error::format("the losses", e.to_string()))?,
    );
    if is_packed(experiment) {
        let dataset = dataset.ok_or_else(|| Error::value("the data set", "loaded", "none"))?;
        insert_packed(&mut file, "train", &dataset.train);
        insert_packed(&mut file, "test", &dataset.test);
    } else {
        let loss = experiment.loss()?;
        let parts = [("train", Some(&material.train)), ("test", material.validation.as_ref())];
        for (part, examples) in parts {
            let Some(examples) = examples else { continue };
            file.insert(format!("{part}/x"), inputs(examples));
            file.insert(format!("{part}/y"), labels(examples, loss, model.output_shape()));
        }
    }
    Ok(file)
}

/// The sequences of a part one behind the other, where each of them begins, and their labels.
fn insert_packed(file: &mut Tensors, part: &str, split: &Split) {
    file.insert(format!("{part}/ids"), smallest(split.ids()));
    file.insert(
        format!("{part}/offsets"),
        split.offsets().iter().map(|offset| *offset as i32).collect::<Array1<_>>(),
    );
    file.insert(format!("{part}/labels"), smallest(split.labels()));
}

/// Bytes where every number fits into one.
fn smallest(numbers: &[u16]) -> Tensor {
    match numbers.iter().all(|number| *number <= u16::from(u8::MAX)) {
        true => numbers.iter().map(|number| *number as u8).collect::<Array1<_>>().into(),
        false => numbers.iter().map(|number| i32::from(*number)).collect::<Array1<_>>().into(),
    }
}

/// Whether a script reads the samples as the engine does, from what is packed.
pub(super) fn is_packed(experiment: &Experiment) -> bool {
    let reads = matches!(
        experiment.data.reading,
        Reading::Words(_) | Reading::Numbers { .. } | Reading::Rows | Reading::Characters { .. }
    );
    reads && PACKS.contains(&experiment.data.set.as_str())
}

fn order(experiment: &Experiment, material: &Material) -> Result<Array2<u32>> {
    let (fit, count) = (&experiment.fit, material.train.count());
    let options = FitOptions {
        batch_size: fit.batch_size.min(count),
        seed: fit.seed,
        shuffle: fit.shuffle,
        ..FitOptions::default()
    };
    let mut batches = Batches::new(material.train.clone(), &options)?;
    let epochs = (fit.epochs as usize).min(MOST_SAMPLES / count).max(1);
    let mut order = Vec::with_capacity(epochs * count);
    for update in 0..epochs as u64 * batches.per_epoch() {
        order.extend_from_slice(batches.of_update(update).rows);
    }
    Array2::from_shape_vec((epochs, count), order).map_err(|e| Error::format("the order", e.to_string()))
}

fn inputs(examples: &Examples) -> Tensor {
    match examples.inputs() {
        Inputs::Ids(ids) => ids.mapv(|id| id as i32).into_dyn().into(),
        Inputs::Sequences(values) => values.clone().into_dyn().into(),
        Inputs::Vectors(values) => values.clone().into_dyn().into(),
    }
}

/// The labels in the shape that Keras compares with an output of the shape `output`.
fn labels(examples: &Examples, loss: Loss, output: Shape) -> Tensor {
    let is_flat = !matches!(output, Shape::Sequence { .. });
    match examples.labels() {
        Labels::Classes(ids) if matches!(loss, Loss::SparseCategoricalCrossentropy { .. }) => {
            let ids = ids.mapv(|id| id as i32);
            if is_flat { ids.index_axis_move(Axis(1), 0).into_dyn().into() } else { ids.into_dyn().into() }
        }
        Labels::Classes(ids) => {
            let numbers = ids.mapv(|id| id as f32);
            if is_flat { numbers.into_dyn().into() } else { numbers.insert_axis(Axis(2)).into_dyn().into() }
        }
        Labels::Values(values) => {
            let values = values.clone();
            if is_flat {
                values.index_axis_move(Axis(1), 0).into_dyn().into()
            } else {
                values.into_dyn().into()
            }
        }
    }
}
