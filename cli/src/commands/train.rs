//! `train`: the model of an experiment on its data.

use std::sync::Arc;

use serde_json::json;
use unrolled::formats::keras;
use unrolled::train::{Advance, Epoch, Examples, FitOptions, Optimizer, Run};
use unrolled::{Error, Result};

use crate::arguments::Train;
use crate::experiments::{ALL, Experiment, Reading, material};
use crate::{files, print, progress};

/// Trains, says what came out, and writes the model.
pub fn run(options: &Train) -> Result<()> {
    if options.list {
        let name = |experiment: &Experiment| format!("{:<28}{}\n", experiment.name, experiment.about);
        return print::text(&ALL.iter().map(name).collect::<String>());
    }
    let experiment = Experiment::named(options.experiment.as_deref().unwrap_or_default())?;
    if let Some(out) = options.out.as_ref().filter(|out| out.extension().is_none_or(|end| end != "keras")) {
        return Err(Error::value("--out", "named .keras", out.display()));
    }
    let dataset = experiment.dataset(&options.data)?;
    let limit = options.limit.map_or(usize::MAX, |limit| limit as usize);
    let train = material::examples(experiment, &dataset.train, limit)?;
    let test = material::examples(experiment, &dataset.test, limit)?;
    let mut run = new_run(experiment, train, test, options.seed)?;

    for epoch in 1..=options.epochs.unwrap_or(experiment.epochs) {
        let started = std::time::Instant::now();
        one_epoch(&mut run, epoch)?;
        if let Some(Epoch { loss, accuracy, validation: Some(test), .. }) = run.completed_epoch() {
            print::line(&format!(
                "epoch {epoch}: loss {loss:.4}, accuracy {accuracy:.4}; test loss {:.4}, accuracy {:.4}; {:.1} s",
                test.loss,
                test.accuracy,
                started.elapsed().as_secs_f64()
            ))?;
        }
        // A long run that is broken off still leaves its last epoch.
        if let Some(out) = &options.out {
            files::write(out, &keras::write_model(run.model())?)?;
        }
    }
    Ok(())
}

/// A training run of the experiment's model.
fn new_run(experiment: &Experiment, train: Examples, test: Examples, seed: u64) -> Result<Run> {
    let model = experiment.model(seed)?;
    let (class, rate) = experiment.optimizer;
    let optimizer = json!({ "class_name": class, "config": { "learning_rate": rate } });
    let optimizer = Optimizer::from_keras(&optimizer, &model.parameters)?;
    let fit = FitOptions {
        batch_size: experiment.batch_size.min(train.count()),
        seed,
        shuffle: !matches!(experiment.reading, Reading::Windows { .. }),
        ..FitOptions::default()
    };
    let parts = (experiment.loss()?, optimizer);
    Run::new(model, parts, Arc::new(train), Some(Arc::new(test)), fit)
}

/// Trains for one epoch and evaluates the model, with a progress bar.
fn one_epoch(run: &mut Run, epoch: u32) -> Result<()> {
    let bar = progress::bar(run.updates_per_epoch(), &format!("epoch {epoch}"));
    let mut losses = 0.0f64;
    run.fit(1, &mut |_, advance| {
        if let Advance::Updated(update) = advance {
            bar.inc(1);
            losses += f64::from(update.loss);
            bar.set_message(format!("epoch {epoch}, loss {:.4}", losses / bar.position() as f64));
        }
    })?;
    bar.finish_and_clear();
    Ok(())
}
