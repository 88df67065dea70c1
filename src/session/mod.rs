//! A reader's session: one data set, one model in training on it, and the reader's own texts through that model.
//!
//! The page and the command line do the same things; what they share stands here and knows neither.

mod config;
mod material;
mod parts;
pub mod stepping;
mod text;

use std::ops::ControlFlow;
use std::sync::Arc;

pub use config::Config;
pub use material::Baseline;
pub use parts::Parts;
pub use text::{TextTrace, Token};

use crate::data::Dataset;
use crate::model::{Sequential, Summary};
use crate::train::{Advance, Evaluation, Examples, Exchange, FitOptions, Loss, Optimizer, Run, checkpoint};
use crate::{Error, Result};

/// A data set and what is done with it.
#[derive(Default)]
pub struct Session {
    dataset: Option<Arc<Dataset>>,
    current: Option<Current>,
}

/// A model in training.
struct Current {
    config: Config,
    dataset: Arc<Dataset>,
    train: Arc<Examples>,
    validation: Option<Arc<Examples>>,
    run: Run,
    seconds: f64,
}

/// What a model that was set up is like.
#[derive(Debug, Clone)]
pub struct SetUp {
    /// Keras' table of the model.
    pub summary: Summary,
    /// Optimizer steps of one epoch.
    pub steps_per_epoch: u64,
    /// Training samples.
    pub train: usize,
    /// Validation samples.
    pub validation: usize,
    /// What always answering the most frequent class achieves.
    pub baseline: Baseline,
    /// The kernels in use.
    pub backend: &'static str,
}

/// What one call of [`Session::train_for`] did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// Optimizer steps since the start of the run.
    pub step: u64,
    /// Whole epochs since the start of the run.
    pub epoch: u64,
    /// How far the present epoch is, from 0 to below 1.
    pub epoch_position: f64,
    /// The step, counted from 1, of the first entry of `losses`.
    pub first_step: u64,
    /// Loss of each step's batch before its update, `[steps]`.
    pub losses: Vec<f32>,
    /// Accuracy of each step's batch before its update, `[steps]`.
    pub accuracies: Vec<f32>,
    /// Evaluations that were finished.
    pub validation: Vec<Evaluation>,
    /// Time spent since the start of the run.
    pub seconds: f64,
    /// Whether all steps that were asked for are done and no evaluation is under way.
    pub finished: bool,
}

impl Session {
    /// A session without data.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the packed data set in `bytes`; a run on the data set before goes on until [`Self::set_up`].
    ///
    /// # Errors
    /// If the bytes are not a whole data set; the session is unchanged then.
    pub fn load_dataset(&mut self, bytes: &[u8]) -> Result<&Dataset> {
        Ok(self.dataset.insert(Arc::new(Dataset::from_bytes(bytes)?)))
    }

    /// Builds the model that `config` describes and its training on the data set.
    ///
    /// # Errors
    /// Names the part of the configuration that cannot be used; the session is unchanged then.
    pub fn set_up(&mut self, config: Config) -> Result<SetUp> {
        let dataset = self.dataset.clone().ok_or_else(no_data)?;
        let train = Arc::new(material::examples(&dataset, &dataset.train, &config, config.train_limit)?);
        let validation = match dataset.test.is_empty() {
            true => None,
            false => Some(Arc::new(material::examples(&dataset, &dataset.test, &config, None)?)),
        };
        let run = new_run(&config, &train, &validation)?;
        let set_up = SetUp {
            summary: run.model().summary(),
            steps_per_epoch: run.updates_per_epoch(),
            train: train.count(),
            validation: validation.as_ref().map_or(0, |examples| examples.count()),
            baseline: material::baseline(&dataset),
            backend: run.model().backend.name(),
        };
        self.current = Some(Current { config, dataset, train, validation, run, seconds: 0.0 });
        Ok(set_up)
    }

    /// Trains until `budget_ms` milliseconds have passed by `clock`, or `most_steps` optimizer steps have been made and the
    /// evaluation that follows them is over. At least one piece of work is done if one is due.
    ///
    /// # Errors
    /// If a number is no longer finite. Steps made before in the same call are reported first, the error comes with
    /// the next call.
    pub fn train_for(
        &mut self,
        budget_ms: f64,
        most_steps: Option<u64>,
        clock: impl Fn() -> f64,
    ) -> Result<Report> {
        self.train_by(budget_ms, most_steps, clock, None)
    }

    /// [`Self::train_for`], with the workers at the other ends of `exchange`, which hold the same run at the same step and
    /// [`follow`](Self::follow). Where one of them does not come, the run goes on alone.
    ///
    /// # Errors
    /// As [`Self::train_for`].
    pub fn train_together(
        &mut self,
        budget_ms: f64,
        most_steps: Option<u64>,
        clock: impl Fn() -> f64,
        exchange: &mut impl Exchange,
    ) -> Result<Report> {
        self.train_by(budget_ms, most_steps, clock, Some(exchange))
    }

    /// Makes one step that another worker leads; returns whether everybody came.
    ///
    /// # Errors
    /// If a number is no longer finite.
    pub fn follow(&mut self, exchange: &mut impl Exchange) -> Result<bool> {
        Ok(self.current_mut()?.run.update_together(exchange)?.is_some())
    }

    /// Into how many blocks a batch is cut that workers may share, and how many 32-bit words a block has at most.
    ///
    /// # Errors
    /// If nothing is set up.
    pub fn blocks(&self) -> Result<(usize, usize)> {
        let run = &self.current.as_ref().ok_or_else(no_model)?.run;
        Ok((run.shareable_blocks(), run.block_capacity()))
    }

    fn train_by(
        &mut self,
        budget_ms: f64,
        max_updates: Option<u64>,
        clock: impl Fn() -> f64,
        exchange: Option<&mut dyn Exchange>,
    ) -> Result<Report> {
        let start = clock();
        let mut report = self.train_while(max_updates, exchange, &mut |_| clock() - start < budget_ms)?;
        let current = self.current_mut()?;
        current.seconds += (clock() - start) / 1000.0;
        current.finish(&mut report);
        Ok(report)
    }

    /// Trains while `more` says so of the report so far. An error after the first piece of work comes with the next call.
    fn train_while(
        &mut self,
        max_updates: Option<u64>,
        exchange: Option<&mut dyn Exchange>,
        more: &mut dyn FnMut(&Report) -> bool,
    ) -> Result<Report> {
        let run = &mut self.current_mut()?.run;
        let mut report = Report { first_step: run.update_count() + 1, ..Report::default() };
        let mut worked = false;
        let done = run.train(max_updates, exchange, &mut |_, advance| {
            worked = true;
            report.take(advance);
            if more(&report) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        match done {
            Err(error) if !worked => return Err(error),
            done => report.finished = done.unwrap_or(false),
        }
        Ok(report)
    }

    /// Finishes an evaluation that is under way, then makes exactly one optimizer step. An evaluation that follows it is
    /// left to [`Self::train_for`] with no steps.
    ///
    /// # Errors
    /// If a number is no longer finite.
    pub fn step_once(&mut self, clock: impl Fn() -> f64) -> Result<Report> {
        let start = clock();
        let mut report = self.train_while(None, None, &mut |report| report.losses.is_empty())?;
        let current = self.current_mut()?;
        report.finished = !current.run.is_evaluating();
        current.seconds += (clock() - start) / 1000.0;
        current.finish(&mut report);
        Ok(report)
    }

    /// Changes the learning rate from the next step on.
    ///
    /// # Errors
    /// If it is negative or not finite.
    pub fn set_learning_rate(&mut self, rate: f64) -> Result<()> {
        self.current_mut()?.run.optimizer_mut().set_learning_rate(rate)
    }

    /// Back to step 0 with the same first weights.
    ///
    /// # Errors
    /// If nothing is set up.
    pub fn reset(&mut self) -> Result<()> {
        let current = self.current_mut()?;
        current.run = new_run(&current.config, &current.train, &current.validation)?;
        current.seconds = 0.0;
        Ok(())
    }

    /// What the model makes of the reader's own text.
    ///
    /// # Errors
    /// If there is no word in it, or nothing is set up.
    pub fn trace(&mut self, text: &str) -> Result<TextTrace> {
        let current = self.current_mut()?;
        text::trace_text(current.run.model_mut(), &current.dataset, &current.config, text)
    }

    /// The model taken apart for stepping through its cell with the reader's own text.
    ///
    /// # Errors
    /// If it is not made of an embedding, one recurrent layer and a last layer, or there is no word in the text.
    pub fn parts(&mut self, text: &str) -> Result<Parts> {
        let current = self.current_mut()?;
        parts::parts(current.run.model_mut(), &current.dataset, &current.config, text)
    }

    /// The run as bytes, from which it goes on as if it had never stopped.
    ///
    /// # Errors
    /// If nothing is set up.
    pub fn checkpoint(&self) -> Result<Vec<u8>> {
        let current = self.current.as_ref().ok_or_else(no_model)?;
        checkpoint::save(&current.run, current.seconds)
    }

    /// Goes on with the run in `bytes`, which was made with the same configuration; returns its step.
    ///
    /// # Errors
    /// If the bytes are no checkpoint of this run; it is unchanged then.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<u64> {
        let current = self.current_mut()?;
        current.seconds = checkpoint::restore(&mut current.run, bytes)?;
        Ok(current.run.update_count())
    }

    /// A hash of all weights: two runs agree bit for bit exactly when (almost surely) this does.
    ///
    /// # Errors
    /// If nothing is set up.
    pub fn weights_hash(&self) -> Result<u64> {
        Ok(self.current.as_ref().ok_or_else(no_model)?.run.model().parameters.hash())
    }

    fn current_mut(&mut self) -> Result<&mut Current> {
        self.current.as_mut().ok_or_else(no_model)
    }
}

impl Report {
    fn take(&mut self, done: Advance) {
        match done {
            Advance::Updated(update) => {
                self.losses.push(update.loss);
                self.accuracies.push(update.accuracy);
            }
            Advance::Validating => {}
            Advance::Validated(evaluation) => self.validation.push(evaluation),
        }
    }
}

impl Current {
    fn finish(&self, report: &mut Report) {
        let (step, epoch) = (self.run.update_count(), self.run.updates_per_epoch());
        report.step = step;
        report.epoch = step / epoch;
        report.epoch_position = (step % epoch) as f64 / epoch as f64;
        report.seconds = self.seconds;
    }
}

fn new_run(config: &Config, train: &Arc<Examples>, validation: &Option<Arc<Examples>>) -> Result<Run> {
    let model = Sequential::from_json(&config.model.to_string(), config.seed)?;
    material::check_input(&model, config)?;
    let loss = Loss::from_keras(&config.loss, config.from_logits)?;
    let optimizer = Optimizer::from_keras(&config.optimizer, &model.parameters)?;
    let options = FitOptions {
        batch_size: config.batch_size,
        seed: config.seed,
        shuffle: config.shuffle,
        validate_every: config.validate_every,
        ..FitOptions::default()
    };
    Run::new(model, (loss, optimizer), train.clone(), validation.clone(), options)
}

fn no_data() -> Error {
    Error::format("the engine", "it has no data set yet; load one first")
}

fn no_model() -> Error {
    Error::format("the engine", "no model is set up yet; set one up first")
}
