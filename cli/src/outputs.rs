//! From what a model computed, time first, to tensors in a file, samples first.

use std::ops::Range;

use unrolled::Result;
use unrolled::layers::{Recurrent, Signal, SignalKind};
use unrolled::model::Sequential;
use unrolled::tensors::Tensors;

/// The axes of a signal, samples first.
pub fn axes(signal: &Signal) -> Vec<usize> {
    match signal.kind {
        SignalKind::Flat => vec![signal.batch, signal.features],
        SignalKind::Sequence => vec![signal.batch, signal.timesteps, signal.features],
        SignalKind::Ids => vec![signal.batch, signal.timesteps],
    }
}

/// `[timesteps, batch, width]` to `[batch, timesteps, width]`, or the other way round with the sizes exchanged.
pub fn exchange_axes(values: &[f32], timesteps: usize, batch: usize, width: usize) -> Vec<f32> {
    let mut exchanged = Vec::with_capacity(values.len());
    for b in 0..batch {
        for t in 0..timesteps {
            exchanged.extend_from_slice(&values[(t * batch + b) * width..][..width]);
        }
    }
    exchanged
}

/// Adds numbers that have the shape of `signal`.
pub fn insert(tensors: &mut Tensors, name: &str, signal: &Signal, values: &[f32]) -> Result<()> {
    let values = exchange_axes(values, signal.timesteps, signal.batch, signal.features);
    tensors.insert_floats(name, &axes(signal), values)
}

/// Adds every gate and state of a recurrent layer as `<path>/<symbol>`, `[batch, timesteps, width]`, in the order in
/// which the timesteps were computed.
pub fn insert_trace(tensors: &mut Tensors, path: &str, recurrent: &Recurrent) -> Result<()> {
    let Some(tape) = recurrent.tape() else { return Ok(()) };
    for symbol in recurrent.cell().symbols() {
        let values = tape.values(&symbol).permuted_axes([1, 0, 2]);
        let values: Vec<f32> = values.iter().copied().collect();
        let name = format!("{path}/{}", symbol.name);
        tensors.insert_floats(name, &[tape.batch(), tape.timesteps(), symbol.width], values)?;
    }
    Ok(())
}

/// Adds the states after the last step as `<prefix>/<name>`, `[batch, width]`.
pub fn insert_final_states(tensors: &mut Tensors, prefix: &str, recurrent: &Recurrent) -> Result<()> {
    for (k, name) in recurrent.cell().state_names().iter().enumerate() {
        let (state, width) = (recurrent.final_state(k), recurrent.state_width(k));
        let shape = [state.len() / width, width];
        tensors.insert_floats(format!("{prefix}/{name}"), &shape, state.to_vec())?;
    }
    Ok(())
}

/// Adds the output of a model: `output`, or `output/<part>` for each part where Keras gives a list.
pub fn insert_output(tensors: &mut Tensors, model: &Sequential) -> Result<()> {
    let output = model.output();
    let parts = parts(model);
    if parts.is_empty() {
        return insert(tensors, "output", output, &output.data);
    }
    for (name, columns) in parts {
        let cut = |row: &[f32]| row[columns.clone()].to_vec();
        let part = Signal { features: columns.len(), ..output.clone() };
        let values: Vec<f32> = output.data.chunks_exact(output.features).flat_map(cut).collect();
        insert(tensors, &format!("output/{name}"), &part, &values)?;
    }
    Ok(())
}

/// The parts of the last layer's output with their columns; none for a single output.
pub fn parts(model: &Sequential) -> Vec<(&'static str, Range<usize>)> {
    let parts = model.layers().last().map(|layer| layer.output_parts()).unwrap_or_default();
    let starts = parts.iter().scan(0, |end, (_, width)| Some(std::mem::replace(end, *end + width)));
    parts.iter().zip(starts).map(|((name, width), start)| (*name, start..start + width)).collect()
}
