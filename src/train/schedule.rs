//! Learning rate schedules in Keras' configuration form, computed in f64 without libm.

use serde_json::{Value, json};

use super::power::{cosine_of_half_turns, real_power};
use crate::error::LARGEST;
use crate::layers::config::{Section, of_class};
use crate::object;
use crate::{Error, Result};

/// The learning rate as a function of the number of updates already done.
#[derive(Debug, Clone, PartialEq)]
pub enum Schedule {
    /// The same at every update.
    Constant(f64),
    /// `values[k]` up to and including update `boundaries[k]`, counted from 0, the last value afterwards.
    PiecewiseConstantDecay {
        /// Strictly increasing numbers of updates.
        boundaries: Vec<f64>,
        /// One more than boundaries.
        values: Vec<f64>,
    },
    /// initial · rate^(updates / decay_steps); with `staircase` the exponent is rounded down.
    ExponentialDecay {
        /// The rate of the first update.
        initial: f64,
        /// Updates after which the rate is multiplied by `decay_rate`.
        decay_steps: f64,
        /// The factor.
        decay_rate: f64,
        /// Whether the exponent is rounded down.
        staircase: bool,
    },
    /// initial / (1 + rate·updates / decay_steps), what Keras 2 called `decay`.
    InverseTimeDecay {
        /// The rate of the first update.
        initial: f64,
        /// Updates of one unit of decay.
        decay_steps: f64,
        /// How much the denominator grows in `decay_steps`.
        decay_rate: f64,
        /// Whether the units of decay are rounded down.
        staircase: bool,
    },
    /// Half a cosine from the initial rate to `alpha` times it, after an optional linear warm-up.
    CosineDecay {
        /// The rate of the first update.
        initial: f64,
        /// Length of the half cosine in updates.
        decay_steps: f64,
        /// The last rate as a share of the highest.
        alpha: f64,
        /// The rate after the warm-up and the updates that it takes.
        warmup: Option<(f64, f64)>,
    },
}

impl Schedule {
    /// Reads a number, or a schedule as Keras 3 writes it.
    ///
    /// # Errors
    /// Names the option that cannot be used.
    pub fn from_keras(value: &Value, field: &str) -> Result<Self> {
        if let Some(rate) = value.as_f64() {
            return Self::constant(rate, field);
        }
        let section = Section::of(value, field);
        let options = section.object("config")?;
        let class = section.text_or("class_name", "")?;
        let decay = |default_rate: Option<f64>| -> Result<(f64, f64, f64, bool)> {
            Ok((
                at_least_zero(&options, "initial_learning_rate", None)?,
                positive(&options, "decay_steps")?,
                at_least_zero(&options, "decay_rate", default_rate)?,
                options.flag_or("staircase", false)?,
            ))
        };
        match class {
            "PiecewiseConstantDecay" => Self::piecewise(&options),
            "ExponentialDecay" => {
                let (initial, decay_steps, decay_rate, staircase) = decay(None)?;
                Ok(Self::ExponentialDecay { initial, decay_steps, decay_rate, staircase })
            }
            "InverseTimeDecay" => {
                let (initial, decay_steps, decay_rate, staircase) = decay(None)?;
                Ok(Self::InverseTimeDecay { initial, decay_steps, decay_rate, staircase })
            }
            "CosineDecay" => Self::cosine(&options),
            _ => Err(Error::config(
                section.field("class_name"),
                "a number, or one of PiecewiseConstantDecay, ExponentialDecay, InverseTimeDecay, CosineDecay",
                if class.is_empty() { value.to_string() } else { class.to_owned() },
            )),
        }
    }

    /// The same rate at every update.
    ///
    /// # Errors
    /// If it is negative or not finite.
    pub fn constant(rate: f64, field: &str) -> Result<Self> {
        if !((rate as f32).is_finite() && rate >= 0.0) {
            return Err(Error::config(field, "a number of at least 0", rate));
        }
        Ok(Self::Constant(rate))
    }

    fn piecewise(options: &Section) -> Result<Self> {
        let numbers = |key: &str| -> Result<Vec<f64>> {
            let wrong = |found: &Value| Error::config(options.field(key), "a list of numbers", found);
            let value = options.raw(key).unwrap_or(&Value::Null);
            let list = value.as_array().ok_or_else(|| wrong(value))?;
            list.iter().map(|v| v.as_f64().filter(|v| *v >= 0.0).ok_or_else(|| wrong(v))).collect()
        };
        let (boundaries, values) = (numbers("boundaries")?, numbers("values")?);
        if values.len() != boundaries.len() + 1 {
            let expected = format!("{} numbers, one more than boundaries", boundaries.len() + 1);
            return Err(Error::config(options.field("values"), expected, values.len()));
        }
        if boundaries.windows(2).any(|pair| pair[0] >= pair[1]) {
            let found = format!("{boundaries:?}");
            return Err(Error::config(options.field("boundaries"), "strictly increasing", found));
        }
        Ok(Self::PiecewiseConstantDecay { boundaries, values })
    }

    fn cosine(options: &Section) -> Result<Self> {
        let warmup = match options.raw("warmup_target") {
            None => None,
            Some(_) => Some((
                at_least_zero(options, "warmup_target", None)?,
                at_least_zero(options, "warmup_steps", Some(0.0))?,
            )),
        };
        Ok(Self::CosineDecay {
            initial: at_least_zero(options, "initial_learning_rate", None)?,
            decay_steps: positive(options, "decay_steps")?,
            alpha: at_least_zero(options, "alpha", Some(0.0))?,
            warmup,
        })
    }

    /// The learning rate of the update after `done` updates.
    pub fn at(&self, done: u64) -> f64 {
        let done = done as f64;
        let units = |steps: f64, staircase: bool| {
            let units = done / steps;
            if staircase { units.floor() } else { units }
        };
        match self {
            Self::Constant(rate) => *rate,
            Self::PiecewiseConstantDecay { boundaries, values } => {
                values[boundaries.iter().take_while(|boundary| done > **boundary).count()]
            }
            Self::ExponentialDecay { initial, decay_steps, decay_rate, staircase } => {
                initial * real_power(*decay_rate, units(*decay_steps, *staircase))
            }
            Self::InverseTimeDecay { initial, decay_steps, decay_rate, staircase } => {
                initial / (1.0 + decay_rate * units(*decay_steps, *staircase))
            }
            Self::CosineDecay { initial, decay_steps, alpha, warmup } => {
                let (from, after) = match warmup {
                    Some((target, steps)) if done < *steps => {
                        return (target - initial) * (done / steps) + initial;
                    }
                    Some((target, steps)) => (target, done - steps),
                    None => (initial, done),
                };
                let share = after.min(*decay_steps) / decay_steps;
                from * ((1.0 - alpha) * (0.5 * (1.0 + cosine_of_half_turns(share))) + alpha)
            }
        }
    }

    /// A number, or the form in which Keras 3 writes the schedule.
    pub fn to_keras(&self) -> Value {
        let decaying = |initial: &f64, decay_steps: &f64, decay_rate: &f64, staircase: &bool, name: &str| {
            object!({ "initial_learning_rate": initial, "decay_steps": whole(*decay_steps),
                "decay_rate": decay_rate, "staircase": staircase, "name": name })
        };
        let (class, config) = match self {
            Self::Constant(rate) => return json!(rate),
            Self::PiecewiseConstantDecay { boundaries, values } => {
                let boundaries: Vec<Value> = boundaries.iter().map(|b| whole(*b)).collect();
                let config =
                    object!({ "boundaries": boundaries, "values": values, "name": "PiecewiseConstant" });
                ("PiecewiseConstantDecay", config)
            }
            Self::ExponentialDecay { initial, decay_steps, decay_rate, staircase } => {
                let class = "ExponentialDecay";
                (class, decaying(initial, decay_steps, decay_rate, staircase, class))
            }
            Self::InverseTimeDecay { initial, decay_steps, decay_rate, staircase } => {
                let class = "InverseTimeDecay";
                (class, decaying(initial, decay_steps, decay_rate, staircase, class))
            }
            Self::CosineDecay { initial, decay_steps, alpha, warmup } => {
                let config = object!({
                    "initial_learning_rate": initial, "decay_steps": whole(*decay_steps), "alpha": alpha,
                    "name": "CosineDecay", "warmup_target": warmup.map(|(target, _)| target),
                    "warmup_steps": whole(warmup.map_or(0.0, |(_, steps)| steps)),
                });
                ("CosineDecay", config)
            }
        };
        of_class("keras.optimizers.schedules", class, config)
    }
}

/// A number of updates, without a fraction where it has none.
fn whole(steps: f64) -> Value {
    if steps.fract() == 0.0 && steps < 9e15 { json!(steps as u64) } else { json!(steps) }
}

fn at_least_zero(options: &Section, key: &str, default: Option<f64>) -> Result<f64> {
    let expected = "a number of at least 0";
    match (options.raw(key), default) {
        (None, None) => Err(Error::config(options.field(key), expected, "nothing")),
        (None, Some(default)) => Ok(default),
        (Some(value), _) => value
            .as_f64()
            .filter(|v| *v >= 0.0)
            .ok_or_else(|| Error::config(options.field(key), expected, value))
            .and_then(|v| {
                let fits = (v as f32).is_finite();
                if fits { Ok(v) } else { Err(Error::config(options.field(key), LARGEST, value)) }
            }),
    }
}

fn positive(options: &Section, key: &str) -> Result<f64> {
    match at_least_zero(options, key, None)? {
        0.0 => Err(Error::config(options.field(key), "a number above 0", 0)),
        steps => Ok(steps),
    }
}
