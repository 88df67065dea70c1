//! Keras' `EarlyStopping`: training ends when a number has not improved for some epochs.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::layers::Parameters;
use crate::layers::config::Section;
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
    /// Whether it needs a validation set.
    pub fn needs_validation(self) -> bool {
        matches!(self, Self::ValidationLoss | Self::ValidationAccuracy)
    }
}

/// Keras' options, and what has been seen so far.
#[derive(Debug, Clone)]
pub struct EarlyStopping {
    monitor: Monitor,
    higher_is_better: bool,
    min_delta: f32,
    patience: u64,
    baseline: Option<f32>,
    restore_best_weights: bool,
    start_from_epoch: u64,
    best: Option<f32>,
    best_epoch: u64,
    best_weights: Option<Vec<f32>>,
    wait: u64,
    stopped: bool,
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
    /// Reads Keras' arguments, `{"monitor": "val_loss", "patience": 3}`; defaults are Keras'.
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
        let higher_is_better = match options.text_or("mode", "auto")? {
            "auto" => matches!(monitor, Monitor::Accuracy | Monitor::ValidationAccuracy),
            "min" => false,
            "max" => true,
            other => return Err(Error::config(options.field("mode"), "auto, min or max", other)),
        };
        let baseline = options.raw("baseline").map(|_| options.number_or("baseline", 0.0)).transpose()?;
        Ok(Self {
            monitor,
            higher_is_better,
            min_delta: options.number_or("min_delta", 0.0)?.abs() as f32,
            patience: epochs(&options, "patience")?,
            baseline: baseline.map(|b| b as f32),
            restore_best_weights: options.flag_or("restore_best_weights", false)?,
            start_from_epoch: epochs(&options, "start_from_epoch")?,
            best: None,
            best_epoch: 0,
            best_weights: None,
            wait: 0,
            stopped: false,
        })
    }

    /// Which number is watched.
    pub fn monitor(&self) -> Monitor {
        self.monitor
    }

    /// The best value so far and the epoch, from 0, after which it was seen.
    pub fn best(&self) -> Option<(f32, u64)> {
        self.best.map(|best| (best, self.best_epoch))
    }

    /// Whether training should end.
    pub fn has_stopped(&self) -> bool {
        self.stopped
    }

    /// Takes note of the watched number after epoch `epoch`, counted from 0.
    pub fn observe(&mut self, epoch: u64, value: f32, parameters: &Parameters) {
        if epoch < self.start_from_epoch {
            return;
        }
        if self.best_weights.is_none() {
            self.keep(epoch, parameters);
        }
        self.wait += 1;
        if self.best.is_none_or(|best| self.is_improvement(value, best)) {
            self.best = Some(value);
            self.keep(epoch, parameters);
            if self.baseline.is_none_or(|baseline| self.is_improvement(value, baseline)) {
                self.wait = 0;
            }
        } else if self.wait >= self.patience && epoch > 0 {
            self.stopped = true;
        }
    }

    /// Puts the best weights back, if they were to be kept; Keras does so whenever a run ends.
    pub fn restore(&self, parameters: &mut Parameters) {
        if let Some(best) = &self.best_weights {
            parameters.values_mut().copy_from_slice(best);
        }
    }

    fn keep(&mut self, epoch: u64, parameters: &Parameters) {
        self.best_epoch = epoch;
        if self.restore_best_weights {
            self.best_weights = Some(parameters.values().to_vec());
        }
    }

    fn is_improvement(&self, value: f32, reference: f32) -> bool {
        match self.higher_is_better {
            true => value - self.min_delta > reference,
            false => value + self.min_delta < reference,
        }
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

/// What has been seen so far, besides the best weights: a run that goes on later needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// The bits of the best number.
    best: Option<u32>,
    best_epoch: u64,
    wait: u64,
    stopped: bool,
}

impl EarlyStopping {
    /// What has been seen so far.
    pub fn watched(&self) -> Watched {
        let best = self.best.map(f32::to_bits);
        Watched { best, best_epoch: self.best_epoch, wait: self.wait, stopped: self.stopped }
    }

    /// The weights of the best epoch, if they are to be put back.
    pub fn best_weights(&self) -> Option<&[f32]> {
        self.best_weights.as_deref()
    }

    /// Goes on from what another one with the same options had seen.
    pub fn set_watched(&mut self, watched: Watched, best_weights: Option<Vec<f32>>) {
        let Watched { best, best_epoch, wait, stopped } = watched;
        (self.best, self.best_epoch) = (best.map(f32::from_bits), best_epoch);
        (self.wait, self.stopped, self.best_weights) = (wait, stopped, best_weights);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Sequential;

    /// After which epoch a run with these values stops, and which weights it then has: those of epoch k are all k.
    fn run(config: Value, values: &[f32]) -> (Option<usize>, f32) {
        let json = r#"{"class_name":"Sequential","config":{"layers":[{"class_name":"Dense",
            "config":{"units":1,"batch_input_shape":[null,2]}}]}}"#;
        let mut parameters = Sequential::from_json(json, 1).unwrap().parameters;
        let mut stopping = EarlyStopping::from_keras(&config).unwrap();
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
    fn options_that_do_not_exist_are_named() {
        for config in [json!({ "monitor": "f1" }), json!({ "patience": -1 }), json!({ "pateince": 2 })] {
            assert_eq!(EarlyStopping::from_keras(&config).unwrap_err().code(), "config");
        }
    }
}
