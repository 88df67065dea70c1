//! `forward`: the output of a model, and every gate and state on the way.

use unrolled::Result;
use unrolled::model::{Mode, Sequential};
use unrolled::tensors::Tensors;

use crate::arguments::Forward;
use crate::{files, inputs, outputs};

/// Runs the model and writes its output.
pub fn run(options: &Forward) -> Result<()> {
    let mut model = files::read_model_with_weights(&options.files.model, &options.files.weights)?;
    let tensors = files::read_tensors(&options.files.inputs)?;
    let samples = inputs::samples(model.input_shape(), &tensors, &files::name(&options.files.inputs))?;
    inputs::check_batch(&model, samples.count)?;
    samples.fill(&mut model)?;
    inputs::set_initial_states(&mut model, &tensors, samples.count)?;
    for _ in 0..options.repeat {
        model.forward(Mode::INFERENCE)?;
    }
    let mut out = Tensors::new();
    insert_outputs(&mut out, &model)?;
    if options.trace {
        for (path, recurrent) in inputs::recurrent_parts(&model) {
            outputs::insert_trace(&mut out, &path, recurrent)?;
        }
    }
    files::write_tensors(&options.files.out, &out)
}

/// Adds `output`, and `state/…` where Keras would return the states of the last layer beside it.
pub fn insert_outputs(out: &mut Tensors, model: &Sequential) -> Result<()> {
    outputs::insert_output(out, model)?;
    let Some(last) = model.layers().last() else { return Ok(()) };
    for (path, recurrent) in last.recurrents() {
        if recurrent.returns_state() {
            // `state` for the layer itself, `state/forward` for a direction of it.
            let prefix = path.replacen(last.name(), "state", 1);
            outputs::insert_final_states(out, &prefix, recurrent)?;
        }
    }
    Ok(())
}
