//! Reading what all optimizers have in common from Keras' configuration.

use super::SparseUpdates;
use crate::layers::config::Section;
use crate::train::Schedule;
use crate::{Error, Result};

/// Options that every optimizer has; `lr`, `decay` and the last line are Keras 2's.
pub const COMMON: &[&str] = &[
    "name",
    "learning_rate",
    "weight_decay",
    "use_ema",
    "ema_momentum",
    "ema_overwrite_frequency",
    "loss_scale_factor",
    "gradient_accumulation_steps",
    "sparse_embedding_updates",
    "lr",
    "decay",
    "is_legacy_optimizer",
    "jit_compile",
];

/// ε, the same default in every optimizer.
pub fn epsilon(options: &Section) -> Result<f32> {
    let epsilon = options.number_or("epsilon", 1e-7)?;
    if epsilon < 0.0 {
        return Err(Error::config(options.field("epsilon"), "a number of at least 0", epsilon));
    }
    Ok(epsilon as f32)
}

/// The learning rate; Keras 2 calls it `lr` and has a `decay`, Keras 3's `InverseTimeDecay` of one step.
pub fn schedule(options: &Section, default_rate: f64) -> Result<Schedule> {
    let field = options.field("learning_rate");
    let schedule = match options.raw("learning_rate").or(options.raw("lr")) {
        Some(value) => Schedule::from_keras(value, &field)?,
        None => Schedule::Constant(default_rate),
    };
    let decay_rate = options.number_or("decay", 0.0)?;
    match schedule {
        Schedule::Constant(initial) if decay_rate > 0.0 => {
            Ok(Schedule::InverseTimeDecay { initial, decay_steps: 1.0, decay_rate, staircase: false })
        }
        _ if decay_rate == 0.0 => Ok(schedule),
        _ => Err(Error::config(options.field("decay"), "0, or above 0 with a constant rate", decay_rate)),
    }
}

/// `weight_decay`, 0.004 by default in AdamW and none elsewhere.
pub fn weight_decay(options: &Section, class: &str) -> Result<Option<f64>> {
    let default = if class == "AdamW" { Some(0.004) } else { None };
    if options.raw("weight_decay").is_none() {
        return Ok(default);
    }
    let decay = options.number_or("weight_decay", 0.0)?;
    if decay < 0.0 {
        return Err(Error::config(options.field("weight_decay"), "a number of at least 0", decay));
    }
    Ok(Some(decay))
}

pub fn sparse_updates(options: &Section) -> Result<SparseUpdates> {
    match options.text_or("sparse_embedding_updates", "dense")? {
        "dense" => Ok(SparseUpdates::Dense),
        "touched_rows" => Ok(SparseUpdates::TouchedRows),
        other => {
            let field = options.field("sparse_embedding_updates");
            Err(Error::config(field, "dense or touched_rows", other))
        }
    }
}

/// Options of Keras that would change the result and that this engine does not have.
pub fn check_unsupported(options: &Section) -> Result<()> {
    if options.flag_or("use_ema", false)? {
        return Err(Error::config(options.field("use_ema"), "false", "true"));
    }
    for key in ["loss_scale_factor", "gradient_accumulation_steps"] {
        if let Some(value) = options.raw(key) {
            return Err(Error::config(options.field(key), "null", value));
        }
    }
    Ok(())
}
