//! One data set and one model in training on it, and the reader's own texts through that model.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::current::Current;
use super::insight::NormNames;
use super::parts::{self, Parts};
use super::report::{Report, SetUp};
use super::text::{self, TextTrace};
use crate::data::Dataset;
#[cfg(feature = "formats")]
use crate::experiment::keras_code::script;
use crate::experiment::{Experiment, Material};
use crate::model::Sequential;
#[cfg(feature = "formats")]
use crate::tensors::npz;
use crate::tensors::safetensors::File;
use crate::train::{Advance, EarlyStopping, Epoch, Exchange, FitOptions, Optimizer, Run, Watch, checkpoint};
use crate::{Error, Result};

/// A data set and the model that is trained on it.
#[derive(Default)]
pub struct Training {
    dataset: Option<Arc<Dataset>>,
    current: Option<Current>,
}

impl Training {
    /// Nothing is loaded and nothing is set up.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the packed data set in `bytes`; a run on the data set before goes on until [`Self::set_up`].
    ///
    /// # Errors
    /// If the bytes are not a whole data set; everything is unchanged then.
    pub fn load_dataset(&mut self, bytes: &[u8]) -> Result<&Dataset> {
        Ok(self.dataset.insert(Arc::new(Dataset::from_bytes(bytes)?)))
    }

    /// Takes a data set; a run on the one before goes on until [`Self::set_up`].
    pub fn use_dataset(&mut self, dataset: Dataset) {
        self.dataset = Some(Arc::new(dataset));
    }

    /// Builds the model of `experiment` and its training on the data set, or on data that are generated.
    ///
    /// # Errors
    /// Names the part of the experiment that cannot be used; everything is unchanged then.
    pub fn set_up(&mut self, experiment: Experiment) -> Result<SetUp> {
        let material = Material::new(&experiment, self.dataset.as_deref())?;
        let run = new_run(&experiment, &material)?;
        let train = material.train.count();
        let batch_size = experiment.fit.batch_size.min(train);
        let outputs = run.model().output_shape().features().unwrap_or(1);
        let set_up = SetUp {
            summary: run.model().summary(),
            steps_per_epoch: run.updates_per_epoch(),
            batch_size,
            last_batch_size: train - (train.div_ceil(batch_size.max(1)).saturating_sub(1)) * batch_size,
            guessing_loss: experiment.loss()?.of_guessing(outputs),
            train,
            validation: material.validation.as_ref().map_or(0, |examples| examples.count()),
            baseline: material.baseline.clone(),
            backend: run.model().backend.name(),
            norms: NormNames::of(run.model()),
        };
        let dataset = self.dataset.clone();
        self.current = Some(Current::new(experiment, dataset, material, run));
        Ok(set_up)
    }

    /// Trains for `epochs` more epochs, or until early stopping ends the run; `each` hears of every piece of work.
    /// Returns what the last epoch came to.
    ///
    /// # Errors
    /// If a number is no longer finite.
    pub fn fit(&mut self, epochs: u64, each: &mut dyn FnMut(&Run, Advance)) -> Result<Option<Epoch>> {
        let run = &mut self.current_mut()?.run;
        run.fit(epochs, each)?;
        Ok(run.completed_epoch())
    }

    /// Whether early stopping has ended the run.
    ///
    /// # Errors
    /// If nothing is set up.
    pub fn has_stopped(&self) -> Result<bool> {
        Ok(self.current.as_ref().ok_or_else(no_model)?.run.has_stopped())
    }

    /// The model as it is now.
    ///
    /// # Errors
    /// If nothing is set up.
    pub fn model(&self) -> Result<&Sequential> {
        Ok(self.current.as_ref().ok_or_else(no_model)?.run.model())
    }

    /// Trains until `budget_ms` milliseconds have passed by `clock`, or `most_steps` optimizer steps have been made
    /// and the evaluation that follows them is over. At least one piece of work is done if one is due.
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

    /// [`Self::train_for`], with the workers at the other ends of `exchange`, which hold the same run at the same
    /// step and
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
        self.current_mut()?.watch_norms();
        let mut stopwatch = self.current_mut()?.stopwatch;
        let mut before = start;
        let mut report = self.train_while(max_updates, exchange, &mut |_, advance| {
            let now = clock();
            stopwatch.lap(advance, (now - std::mem::replace(&mut before, now)) / 1000.0);
            now - start < budget_ms
        })?;
        let current = self.current_mut()?;
        current.stopwatch = stopwatch;
        report.norms = current.take_norms();
        current.finish(&mut report, clock() - start);
        Ok(report)
    }

    /// Trains while `more` says so of the report so far. An error after the first piece of work comes with the next
    /// call.
    fn train_while(
        &mut self,
        max_updates: Option<u64>,
        exchange: Option<&mut dyn Exchange>,
        more: &mut dyn FnMut(&Report, Advance) -> bool,
    ) -> Result<Report> {
        let run = &mut self.current_mut()?.run;
        let mut report = Report { first_step: run.update_count() + 1, ..Report::default() };
        let mut worked = false;
        let done = run.train(max_updates, exchange, &mut |_, advance| {
            worked = true;
            report.take(advance);
            if more(&report, advance) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        match done {
            Err(error) if !worked => return Err(error),
            done => report.finished = done.unwrap_or(false),
        }
        Ok(report)
    }

    /// Finishes an evaluation that is under way, then makes exactly one optimizer step. An evaluation that follows it
    /// is left to [`Self::train_for`] with no steps.
    ///
    /// # Errors
    /// If a number is no longer finite.
    pub fn step_once(&mut self, clock: impl Fn() -> f64) -> Result<Report> {
        let start = clock();
        let mut report = self.step_watched(Watch::Norms)?;
        let current = self.current_mut()?;
        report.norms = current.take_norms();
        current.finish(&mut report, clock() - start);
        Ok(report)
    }

    /// Finishes an evaluation that is under way, then makes one step of which `watch` is written down.
    pub(super) fn step_watched(&mut self, watch: Watch) -> Result<Report> {
        self.current_mut()?.run.watch(watch);
        let mut report = self.train_while(None, None, &mut |report, _| report.losses.is_empty())?;
        report.finished = !self.current_mut()?.run.is_evaluating();
        Ok(report)
    }

    /// Changes the learning rate from the next step on.
    ///
    /// # Errors
    /// If it is negative or not finite.
    pub fn set_learning_rate(&mut self, rate: f64) -> Result<()> {
        self.current_mut()?.run.optimizer_mut().set_learning_rate(rate)
    }

    /// Starts the run at step 0 with the weights in `bytes`, as [`checkpoint::save_weights`] gives them.
    ///
    /// # Errors
    /// If they are not the weights of this model; the run is unchanged then.
    pub fn start_from(&mut self, bytes: &[u8]) -> Result<()> {
        let mut first = self.model()?.parameters.clone();
        checkpoint::weights_of(bytes, &mut first)?;
        self.current_mut()?.first = Some(first);
        self.reset()
    }

    /// Back to step 0 with the same first weights.
    ///
    /// # Errors
    /// If nothing is set up.
    pub fn reset(&mut self) -> Result<()> {
        let current = self.current_mut()?;
        current.run = new_run(&current.experiment, &current.material)?;
        if let Some(first) = &current.first {
            current.run.model_mut().parameters.clone_from(first);
        }
        (current.seconds, current.next_norms) = (0.0, 0.0);
        Ok(())
    }

    /// What the model makes of the reader's own text.
    ///
    /// # Errors
    /// If there is no word in it, or nothing is set up.
    pub fn trace(&mut self, text: &str) -> Result<TextTrace> {
        let current = self.current_mut()?;
        let (dataset, words) = current.texts()?;
        let activation = current.experiment.loss()?.activation_of_logits();
        let mut traced = text::trace_text(current.run.model_mut(), &dataset, &words, text)?;
        if let Some(activation) = activation {
            traced.trace.activate(activation);
        }
        Ok(traced)
    }

    /// The model taken apart for stepping through its cell with the reader's own text.
    ///
    /// # Errors
    /// If it is not made of an embedding, one recurrent layer and a last layer, or there is no word in the text.
    pub fn parts(&mut self, text: &str) -> Result<Parts> {
        let current = self.current_mut()?;
        let (dataset, words) = current.texts()?;
        parts::parts(current.run.model_mut(), &dataset, &words, text)
    }

    /// What a Keras script needs of this run, as an npz file: see [`script::run_file`].
    ///
    /// # Errors
    /// If nothing is set up.
    #[cfg(feature = "formats")]
    pub fn keras_run_file(&self) -> Result<Vec<u8>> {
        let current = self.current.as_ref().ok_or_else(no_model)?;
        let losses = &current.run.history().losses;
        let first = &losses[..losses.len().min(script::FIRST_LOSSES)];
        let mut model = current.experiment.build_model()?;
        if let Some(parameters) = &current.first {
            model.parameters.clone_from(parameters);
        }
        let data = (&current.material, current.dataset.as_deref());
        npz::write_compressed(&script::run_file(&current.experiment, data, &model, first)?)
    }

    /// The run as bytes, from which it goes on as if it had never stopped.
    ///
    /// # Errors
    /// If nothing is set up.
    pub fn checkpoint(&self) -> Result<Vec<u8>> {
        Ok(self.checkpoint_file()?.to_bytes())
    }

    /// [`Self::checkpoint`], to be taken in pieces.
    ///
    /// # Errors
    /// As [`Self::checkpoint`].
    pub fn checkpoint_file(&self) -> Result<File<'_>> {
        let current = self.current.as_ref().ok_or_else(no_model)?;
        checkpoint::file(&current.run, current.seconds)
    }

    /// Goes on with the run in `bytes`, which was made with the same configuration; returns its step.
    ///
    /// # Errors
    /// If the bytes are no checkpoint of this run; it is unchanged then.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<u64> {
        let current = self.current_mut()?;
        current.seconds = checkpoint::restore(&mut current.run, bytes)?;
        current.next_norms = 0.0;
        Ok(current.run.update_count())
    }

    /// A hash of all weights: two runs agree bit for bit exactly when (almost surely) this does.
    ///
    /// # Errors
    /// If nothing is set up.
    pub fn weights_hash(&self) -> Result<u64> {
        Ok(self.current.as_ref().ok_or_else(no_model)?.run.model().parameters.hash())
    }

    /// The experiment that is set up, its data set if it has one, and its samples.
    pub(super) fn data(&self) -> Result<(&Experiment, Option<&Dataset>, &Material)> {
        let current = self.current.as_ref().ok_or_else(no_model)?;
        Ok((&current.experiment, current.dataset.as_deref(), &current.material))
    }

    pub(super) fn current_mut(&mut self) -> Result<&mut Current> {
        self.current.as_mut().ok_or_else(no_model)
    }
}

/// The run at its start.
/// A run of `experiment` that has not begun.
pub(super) fn new_run(experiment: &Experiment, material: &Material) -> Result<Run> {
    let model = experiment.build_model()?;
    let optimizer = Optimizer::from_keras(&experiment.compile.optimizer, &model.parameters)?;
    let fit = &experiment.fit;
    let count = material.train.count();
    // As in Keras, a batch is as large as the set where that is smaller.
    let batch_size = fit.batch_size.min(count);
    // Entered one by one: collecting would compile a sort of its own.
    let mut class_weight = BTreeMap::new();
    fit.class_weight.iter().for_each(|(class, weight)| {
        class_weight.insert(*class, *weight as f32);
    });
    let options = FitOptions {
        batch_size,
        seed: fit.seed,
        shuffle: fit.shuffle,
        validate_every: fit.validate_every.updates(count.div_ceil(batch_size) as u64),
        class_weight,
        early_stopping: fit.early_stopping.as_ref().map(EarlyStopping::from_keras).transpose()?,
    };
    let parts = (experiment.loss()?, optimizer);
    Run::new(model, parts, material.train.clone(), material.validation.clone(), options)
}

fn no_model() -> Error {
    Error::format("the engine", "no model is set up yet; set one up first")
}
