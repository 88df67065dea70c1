//! `backward`: gradients of a loss, or of the output, with respect to every weight and input.

use unrolled::model::{Mode, Sequential};
use unrolled::tensors::Tensors;
use unrolled::train::Loss;
use unrolled::train::examples::BlockLabels;
use unrolled::{Error, Result};

use super::forward::insert_outputs;
use crate::arguments::Backward;
use crate::inputs::Samples;
use crate::{files, inputs, outputs};

/// Runs the model forwards and backwards and writes every gradient.
pub fn run(options: &Backward) -> Result<()> {
    let loss = options.loss.as_ref().map(|name| Loss::from_keras(name, options.from_logits)).transpose()?;
    let mut model = files::read_model_with_weights(&options.files.model, &options.files.weights)?;
    let tensors = files::read_tensors(&options.files.inputs)?;
    let file = files::name(&options.files.inputs);
    let samples = inputs::samples(model.input_shape(), &tensors, &file)?;
    let count = samples.count;
    inputs::set_initial_states(&mut model, &tensors, count)?;
    inputs::start_all_from_states(&mut model, &tensors, count)?;

    inputs::check_batch(&model, samples.count)?;
    samples.fill(&mut model)?;
    model.forward(Mode::INFERENCE)?;
    let mut out = Tensors::new();
    insert_outputs(&mut out, &model)?;
    match loss {
        Some(loss) => {
            let value = differentiate_loss(&mut model, loss, samples, (&tensors, &file))?;
            out.insert_floats("loss", &[], vec![value])?;
        }
        None => take_upstream(&mut model, &tensors, &file)?,
    }
    insert_gradients(&mut out, &mut model)?;
    files::write_tensors(&options.files.out, &out)
}

/// Writes the gradient of the mean loss into the output's gradient and returns the mean loss.
fn differentiate_loss(
    model: &mut Sequential,
    loss: Loss,
    samples: Samples,
    (tensors, file): (&Tensors, &str),
) -> Result<f32> {
    let labels = inputs::labels(loss, &outputs::axes(model.output()), tensors, file)?;
    loss.check(&labels, model.output_shape())?;
    let rows: Vec<u32> = (0..samples.count as u32).collect();
    let mut block = BlockLabels::default();
    samples.with_labels(labels)?.fill(&rows, model.input_mut(), &mut block);
    let (output, dy) = model.output_and_gradient();
    loss.check_block(output, &block)?;
    // The mean is over the predictions that are not masked.
    let count = (0..output.rows()).filter(|row| !output.is_masked(*row)).count();
    let scale = 1.0 / count.max(1) as f32;
    Ok(loss.evaluate(output, &block, scale, dy).mean_loss())
}

/// Writes `upstream`, or `upstream/<part>` for each part of the output, into the output's gradient.
fn take_upstream(model: &mut Sequential, tensors: &Tensors, file: &str) -> Result<()> {
    let parts = outputs::parts(model);
    let output = model.output();
    let (axes, [timesteps, batch, features]) =
        (outputs::axes(output), [output.timesteps, output.batch, output.features]);
    let parts = match parts.is_empty() {
        true => vec![("upstream".to_owned(), 0..features)],
        false => parts.into_iter().map(|(name, columns)| (format!("upstream/{name}"), columns)).collect(),
    };
    for (name, columns) in parts {
        let Some(upstream) = tensors.get(&name) else {
            let problem = format!("the tensor `{name}` is missing; give it, or name a loss with --loss");
            return Err(Error::format(file, problem));
        };
        let shape = [&axes[..axes.len() - 1], &[columns.len()]].concat();
        if upstream.shape() != shape {
            return Err(Error::shape(name, &shape, upstream.shape()));
        }
        let values = outputs::exchange_axes(
            &inputs::flat(upstream.floats(&name)?.clone()),
            batch,
            timesteps,
            columns.len(),
        );
        let rows = model.output_gradient_mut().chunks_exact_mut(features);
        for (row, values) in rows.zip(values.chunks_exact(columns.len())) {
            row[columns.clone()].copy_from_slice(values);
        }
    }
    Ok(())
}

fn insert_gradients(out: &mut Tensors, model: &mut Sequential) -> Result<()> {
    let mut gradients = model.new_gradients();
    if let Some(dx) = model.backward(Mode::INFERENCE, true, &mut gradients) {
        let dx = dx.to_vec();
        outputs::insert(out, "grad/x", model.input(), &dx)?;
    }
    for (name, gradient) in gradients.to_dense() {
        out.insert(format!("grad/{name}"), gradient);
    }
    for (path, recurrent) in inputs::recurrent_parts(model) {
        let names = recurrent.cell().state_names();
        for (k, (name, gradient)) in names.iter().zip(recurrent.initial_state_gradients()).enumerate() {
            let width = recurrent.state_width(k);
            let shape = [gradient.len() / width, width];
            out.insert_floats(format!("grad/initial_state/{path}/{name}"), &shape, gradient.clone())?;
        }
    }
    Ok(())
}
