//! Keras' `EarlyStopping`: training ends when a number has not improved for some epochs.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::layers::Parameters;
use crate::layers::config::{Section, shortest};
use crate::{Error, Result};

/// Which number is watched at the end of an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Monitor {
    /// Mean loss of the epoch's batches.
    Loss,
    /// Mean accuracy of the epoch's batches.
    Accuracy,
    /// Loss on the validation set.
    ValidationLoss,
    /// Accuracy on the validation set.
    ValidationAccuracy,
}

impl Monitor {
    /// Keras' name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::Accuracy => "accuracy",
            Self::ValidationLoss => "val_loss",
            Self::ValidationAccuracy => "val_accuracy",
        }
    }

    /// Whether it needs a validation set.
    pub fn needs_validation(self) -> bool {
        matches!(self, Self::ValidationLoss | Self::ValidationAccuracy)
    }
}

/// Which values of the watched number are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Higher accuracies and lower losses: Keras' `auto`.
    Auto,
    /// Lower ones: `min`.
    Lower,
    /// Higher ones: `max`.
    Higher,
}

/// Keras' options of `EarlyStopping`, with Keras' names and defaults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub struct EarlyStopping {
    /// The watched number, by default `val_loss`.
    pub monitor: Monitor,
    /// Which values are better: Keras' `mode`.
    pub direction: Direction,
    /// A change of at most this much is no improvement.
    pub min_delta: f32,
    /// Epochs without an improvement after which training ends.
    pub patience: u64,
    /// A value that must be reached for an epoch to count as an improvement.
    pub baseline: Option<f32>,
    /// Whether the run ends with the weights of its best epoch instead of its last one.
    pub restore_best_weights: bool,
    /// Epochs, counted from 0, before this one are not watched.
    pub start_from_epoch: u64,
}

const OPTIONS: &[&str] = &[
    "monitor",
    "min_delta",
    "patience",
    "verbose",
    "mode",
    "baseline",
    "restore_best_weights",
    "start_from_epoch",
];

impl EarlyStopping {
    /// Reads Keras' arguments, `{"monitor": "val_loss", "patience": 3}`; defaults are Keras'. `verbose` means
    /// nothing here.
    ///
    /// # Errors
    /// Names the option that cannot be used.
    pub fn from_keras(config: &Value) -> Result<Self> {
        let options = Section::of(config, "early_stopping");
        options.only(&[OPTIONS])?;
        let monitor = match options.text_or("monitor", "val_loss")? {
            "loss" => Monitor::Loss,
            "accuracy" | "acc" => Monitor::Accuracy,
            "val_loss" => Monitor::ValidationLoss,
            "val_accuracy" | "val_acc" => Monitor::ValidationAccuracy,
            other => {
                let expected = "one of loss, accuracy, val_loss, val_accuracy";
                return Err(Error::config(options.field("monitor"), expected, other));
            }
        };
        let direction = match options.text_or("mode", "auto")? {
            "auto" => Direction::Auto,
            "min" => Direction::Lower,
            "max" => Direction::Higher,
            other => return Err(Error::config(options.field("mode"), "auto, min or max", other)),
        };
        let baseline = options.raw("baseline").map(|_| options.number_or("baseline", 0.0)).transpose()?;
        Ok(Self {
            monitor,
            direction,
            min_delta: options.number_or("min_delta", 0.0)?.abs() as f32,
            patience: epochs(&options, "patience")?,
            baseline: baseline.map(|b| b as f32),
            restore_best_weights: options.flag_or("restore_best_weights", false)?,
            start_from_epoch: epochs(&options, "start_from_epoch")?,
        })
    }

    /// All options as Keras names them.
    pub fn to_keras(&self) -> Value {
        let mode = match self.direction {
            Direction::Auto => "auto",
            Direction::Lower => "min",
            Direction::Higher => "max",
        };
        json!({
            "monitor": self.monitor.name(), "min_delta": shortest(self.min_delta), "patience": self.patience,
            "mode": mode, "baseline": self.baseline.map(shortest),
            "restore_best_weights": self.restore_best_weights, "start_from_epoch": self.start_from_epoch,
        })
    }

    fn higher_is_better(&self) -> bool {
        match self.direction {
            Direction::Auto => matches!(self.monitor, Monitor::Accuracy | Monitor::ValidationAccuracy),
            Direction::Lower => false,
            Direction::Higher => true,
        }
    }

    fn is_improvement(&self, value: f32, reference: f32) -> bool {
        match self.higher_is_better() {
            true => value - self.min_delta > reference,
            false => value + self.min_delta < reference,
        }
    }
}

impl TryFrom<Value> for EarlyStopping {
    type Error = Error;

    fn try_from(value: Value) -> Result<Self> {
        Self::from_keras(&value)
    }
}

impl From<EarlyStopping> for Value {
    fn from(stopping: EarlyStopping) -> Self {
        stopping.to_keras()
    }
}

fn epochs(options: &Section, key: &str) -> Result<u64> {
    match options.raw(key) {
        None => Ok(0),
        Some(value) => value
            .as_u64()
            .ok_or_else(|| Error::config(options.field(key), "a whole number of at least 0", value)),
    }
}

/// Early stopping at work in a run.
#[derive(Debug, Clone)]
pub struct Stopper {
    options: EarlyStopping,
    observed: Observed,
    best_weights: Option<Vec<f32>>,
}

/// What early stopping has observed, besides the best weights. A checkpoint holds it under these names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// The bits of the best value.
    best: Option<u32>,
    best_epoch: u64,
    wait: u64,
    stopped: bool,
}

impl Stopper {
    /// Early stopping that has observed nothing yet.
    pub fn new(options: EarlyStopping) -> Self {
        Self { options, observed: Observed::default(), best_weights: None }
    }

    /// Which number is watched.
    pub fn monitor(&self) -> Monitor {
        self.options.monitor
    }

    /// The best value so far and the epoch, from 0, after which it was observed.
    pub fn best(&self) -> Option<(f32, u64)> {
        self.observed.best.map(|bits| (f32::from_bits(bits), self.observed.best_epoch))
    }

    /// Whether training should end.
    pub fn has_stopped(&self) -> bool {
        self.observed.stopped
    }

    /// Takes note of the watched number after epoch `epoch`, counted from 0.
    pub fn observe(&mut self, epoch: u64, value: f32, parameters: &Parameters) {
        if epoch < self.options.start_from_epoch {
            return;
        }
        if self.best_weights.is_none() {
            self.keep(epoch, parameters);
        }
        self.observed.wait += 1;
        if self.best().is_none_or(|(best, _)| self.options.is_improvement(value, best)) {
            self.observed.best = Some(value.to_bits());
            self.keep(epoch, parameters);
            let baseline = self.options.baseline;
            if baseline.is_none_or(|baseline| self.options.is_improvement(value, baseline)) {
                self.observed.wait = 0;
            }
        } else if self.observed.wait >= self.options.patience && epoch > 0 {
            self.observed.stopped = true;
        }
    }

    /// Puts the best weights back, if they were to be kept; Keras does so whenever a run ends.
    pub fn restore(&self, parameters: &mut Parameters) {
        if let Some(best) = &self.best_weights {
            parameters.values_mut().copy_from_slice(best);
        }
    }

    /// What has been observed so far.
    pub fn observed(&self) -> Observed {
        self.observed
    }

    /// The weights of the best epoch, if they are to be put back.
    pub fn best_weights(&self) -> Option<&[f32]> {
        self.best_weights.as_deref()
    }

    /// Goes on from what another one with the same options had observed.
    pub fn resume(&mut self, observed: Observed, best_weights: Option<Vec<f32>>) {
        (self.observed, self.best_weights) = (observed, best_weights);
    }

    fn keep(&mut self, epoch: u64, parameters: &Parameters) {
        self.observed.best_epoch = epoch;
        if self.options.restore_best_weights {
            self.best_weights = Some(parameters.values().to_vec());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Sequential;

    /// After which epoch a run with these values stops, and which weights it then has: those of epoch k are
    /// all k.
    fn run(config: Value, values: &[f32]) -> (Option<usize>, f32) {
        let json = r#"{"class_name":"Sequential","config":{"layers":[{"class_name":"Dense",
            "config":{"units":1,"batch_input_shape":[null,2]}}]}}"#;
        let mut parameters = Sequential::from_json(json, 1).unwrap().parameters;
        let mut stopping = Stopper::new(EarlyStopping::from_keras(&config).unwrap());
        let mut stopped = None;
        for (epoch, value) in values.iter().enumerate() {
            parameters.values_mut().fill(epoch as f32);
            stopping.observe(epoch as u64, *value, &parameters);
            if stopping.has_stopped() {
                stopped = Some(epoch);
                break;
            }
        }
        stopping.restore(&mut parameters);
        (stopped, parameters.values()[0])
    }

    /// Epochs and weights that Keras 3.15.1 has for the same values.
    #[test]
    fn a_run_stops_where_keras_stops_and_has_its_best_weights() {
        let losses = [1.0, 0.8, 0.79, 0.85, 0.7, 0.75, 0.76, 0.77];
        let best = |config: Value| run(config, &losses);
        assert_eq!(best(json!({})), (Some(3), 3.0));
        assert_eq!(best(json!({ "patience": 2, "restore_best_weights": true })), (Some(6), 4.0));
        assert_eq!(
            best(json!({ "patience": 2, "min_delta": 0.05, "restore_best_weights": true })),
            (Some(3), 1.0)
        );
        assert_eq!(best(json!({ "start_from_epoch": 4, "patience": 1 })), (Some(5), 5.0));
        assert_eq!(
            best(json!({ "baseline": 0.5, "patience": 3, "restore_best_weights": true })),
            (Some(3), 2.0)
        );
        assert_eq!(best(json!({ "monitor": "val_accuracy" })), (Some(1), 1.0));
        assert_eq!(best(json!({ "patience": 9, "restore_best_weights": true })), (None, 4.0));
    }

    #[test]
    fn options_are_written_as_keras_names_them_and_read_back() {
        let given = json!({ "monitor": "accuracy", "mode": "max", "min_delta": 0.1, "patience": 3, "baseline": 0.5,
            "restore_best_weights": true, "start_from_epoch": 2 });
        let stopping: EarlyStopping = serde_json::from_value(given.clone()).unwrap();
        assert_eq!(stopping.to_keras(), given);
        let all = serde_json::to_value(EarlyStopping::from_keras(&json!({})).unwrap()).unwrap();
        assert_eq!(all["monitor"], "val_loss");
        assert_eq!(serde_json::from_value::<EarlyStopping>(all).unwrap().patience, 0);
    }

    #[test]
    fn options_that_do_not_exist_are_named() {
        for config in [json!({ "monitor": "f1" }), json!({ "patience": -1 }), json!({ "pateince": 2 })] {
            assert_eq!(EarlyStopping::from_keras(&config).unwrap_err().code(), "config");
        }
    }
}
