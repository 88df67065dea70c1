//! `train`: the model of an experiment on its data.

use std::sync::Arc;

use serde_json::json;
use unrolled::formats::keras;
use unrolled::train::{Examples, FitOptions, Optimizer, Trainer};
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
    let mut trainer = trainer(experiment, train, options.seed)?;

    for epoch in 1..=options.epochs.unwrap_or(experiment.epochs) {
        let started = std::time::Instant::now();
        let (loss, accuracy) = one_epoch(&mut trainer, epoch)?;
        trainer.model.reset_states();
        let score = trainer.evaluate(&test)?;
        trainer.model.reset_states();
        print::line(&format!(
            "epoch {epoch}: loss {loss:.4}, accuracy {accuracy:.4}; test loss {:.4}, accuracy {:.4}; {:.1} s",
            score.mean_loss(),
            score.accuracy(),
            started.elapsed().as_secs_f64()
        ))?;
        // A long run that is broken off still leaves its last epoch.
        if let Some(out) = &options.out {
            files::write(out, &keras::write_model(&trainer.model)?)?;
        }
    }
    Ok(())
}

/// A trainer of the experiment's model.
pub fn trainer(experiment: &Experiment, train: Examples, seed: u64) -> Result<Trainer> {
    let model = experiment.model(seed)?;
    let (class, rate) = experiment.optimizer;
    let optimizer = json!({ "class_name": class, "config": { "learning_rate": rate } });
    let optimizer = Optimizer::from_keras(&optimizer, &model.parameters)?;
    let fit = FitOptions {
        batch_size: experiment.batch_size.min(train.count()),
        seed,
        shuffle: !matches!(experiment.reading, Reading::Windows { .. }),
        validate_every: None,
    };
    Trainer::new(model, (experiment.loss()?, optimizer), Arc::new(train), None, fit)
}

/// Mean loss and accuracy of the batches of one epoch, each before its update.
fn one_epoch(trainer: &mut Trainer, epoch: u32) -> Result<(f32, f32)> {
    let steps = trainer.steps_per_epoch();
    let bar = progress::bar(steps, &format!("epoch {epoch}"));
    let (mut losses, mut accuracies) = (0.0f64, 0.0f64);
    for step in 1..=steps {
        let (loss, accuracy) = trainer.step()?;
        losses += f64::from(loss);
        accuracies += f64::from(accuracy);
        bar.set_message(format!("epoch {epoch}, loss {:.4}", losses / step as f64));
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(((losses / steps as f64) as f32, (accuracies / steps as f64) as f32))
}
