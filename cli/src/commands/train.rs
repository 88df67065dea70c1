//! `train`: the model of an experiment on its data.

use std::path::Path;
use std::time::Instant;

use unrolled::experiment::OWN;
use unrolled::formats::keras;
use unrolled::session::Training;
use unrolled::train::{Advance, Epoch};
use unrolled::{Error, Result};

use super::experiment;
use crate::arguments::Train;
use crate::{files, print, progress};

/// Trains, says what came out, and writes the model.
pub fn run(options: &Train) -> Result<()> {
    if options.list {
        return experiment::list();
    }
    let mut chosen = experiment::read(options.experiment.as_deref().unwrap_or_default())?;
    let ending = |out: &Path| out.extension().and_then(|end| end.to_str()).map(str::to_owned);
    let writes_text = options.out.as_deref().is_some_and(|out| ending(out).as_deref() == Some("safetensors"));
    if let Some(out) =
        options.out.as_deref().filter(|out| !writes_text && ending(out).as_deref() != Some("keras"))
    {
        return Err(Error::value(
            "--out",
            "named .keras, or .safetensors for a language model",
            out.display(),
        ));
    }
    if writes_text && !chosen.data.reading.is_language_model() {
        return Err(Error::value("--out", "named .keras, as this is no language model", ".safetensors"));
    }
    // A file in place of the folder: the experiment's cell, optimizer and training on the reader's own data.
    if options.data.is_file() && chosen.data.set != OWN {
        chosen = chosen.on(&experiment::own(&options.data)?)?;
    }
    chosen.fit.seed = options.seed.unwrap_or(chosen.fit.seed);
    chosen.data.limit = options.limit.map(|limit| limit as usize).or(chosen.data.limit);
    let epochs = options.epochs.map_or(chosen.fit.epochs, u64::from);
    let mut training = Training::new();
    if let Some(dataset) = experiment::dataset(&chosen, &options.data)? {
        training.use_dataset(dataset);
    }
    let first = files::first_weights(&chosen, options.weights.as_deref())?;
    let updates = training.set_up(chosen)?.steps_per_epoch;
    if let Some(first) = first {
        training.start_from(&first)?;
    }
    for epoch in 1..=epochs {
        one_epoch(&mut training, epoch, updates)?;
        // A long run that is broken off still leaves its last epoch.
        if let Some(out) = &options.out {
            match writes_text {
                true => files::write(out, &training.language_model_file()?)?,
                false => files::write_with_remarks(out, keras::write_model(training.model()?)?)?,
            }
        }
        if training.has_stopped()? {
            break;
        }
    }
    Ok(())
}

/// Trains for one epoch, prints its means and what the validation set says.
fn one_epoch(training: &mut Training, epoch: u64, updates: u64) -> Result<()> {
    let started = Instant::now();
    let bar = progress::bar(updates, &format!("epoch {epoch}"));
    let mut losses = 0.0f64;
    let done = training.fit(1, &mut |_, advance| {
        if let Advance::Updated(update) = advance {
            bar.inc(1);
            losses += f64::from(update.loss);
            bar.set_message(format!("epoch {epoch}, loss {:.4}", losses / bar.position() as f64));
        }
    })?;
    bar.finish_and_clear();
    let Some(Epoch { loss, accuracy, validation, .. }) = done else { return Ok(()) };
    let test = validation.map_or_else(String::new, |test| {
        format!("; test loss {:.4}, accuracy {:.4}", test.loss, test.accuracy)
    });
    let seconds = started.elapsed().as_secs_f64();
    print::line(&format!("epoch {epoch}: loss {loss:.4}, accuracy {accuracy:.4}{test}; {seconds:.1} s"))
}
