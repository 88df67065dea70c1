//! `fit`: trains a model; every loss and the final weights are written.

use std::sync::Arc;

use serde_json::Value;
use unrolled::model::{Mode, weights};
use unrolled::train::{Advance, FitOptions, Loss, Optimizer, Run};
use unrolled::{Error, Result};

use crate::arguments::Fit;
use crate::{files, inputs, outputs, progress};

/// Trains and writes history and weights.
pub fn run(options: &Fit) -> Result<()> {
    let loss = Loss::from_keras(&options.loss, options.from_logits)?;
    let optimizer: Value = serde_json::from_str(&options.optimizer).map_err(|e| {
        Error::format(
            "--optimizer",
            format!("this is not JSON ({e}); write {{\"class_name\":\"Adam\",\"config\":{{}}}}"),
        )
    })?;
    let mut model = files::read_model_with_weights(&options.files.model, &options.files.weights)?;
    let tensors = files::read_tensors(&options.files.inputs)?;
    let file = files::name(&options.files.inputs);
    let samples = inputs::samples(model.input_shape(), &tensors, &file)?;
    inputs::check_batch(&model, options.batch_size)?;
    // One sample through the model tells the shape that its labels need, however long it is.
    samples.fill_first(1, &mut model)?;
    model.forward(Mode::INFERENCE)?;
    model.reset_states();
    let mut axes = outputs::axes(model.output());
    axes[0] = samples.count;
    let labels = inputs::labels(loss, &axes, &tensors, &file)?;
    let examples = samples.with_labels(labels)?;

    let optimizer = Optimizer::from_keras(&optimizer, &model.parameters)?;
    let fit = FitOptions {
        batch_size: options.batch_size,
        seed: options.seed,
        shuffle: !options.no_shuffle,
        ..FitOptions::default()
    };
    let mut run = Run::new(model, (loss, optimizer), Arc::new(examples), None, fit)?;
    let epochs = u64::from(options.epochs);
    let bar = progress::bar(run.updates_per_epoch() * epochs, "training");
    run.fit(epochs, &mut |_, advance| {
        if let Advance::Updated(update) = advance {
            bar.set_message(format!("loss {:.4}", update.loss));
            bar.inc(1);
        }
    })?;
    bar.finish_and_clear();

    let mut out = weights::to_tensors(&run.model().parameters);
    let losses = run.history().losses.clone();
    out.insert_floats("history/loss", &[losses.len()], losses)?;
    files::write_tensors(&options.files.out, &out)
}
