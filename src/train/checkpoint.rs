//! A run as bytes: going on from them is bit for bit what never having stopped would have been.
//!
//! One safetensors file. Weights stand under `weights/<name>`, what the optimizer remembers under `optimizer/…`, the
//! course of the run under `history/…`, the states of stateful layers under `states/<layer>/<state>`; everything else
//! is one JSON text in the `__metadata__`. Shuffling and dropout need no memory: their numbers follow from the seed and
//! the step.

use serde::{Deserialize, Serialize};

use super::early_stopping::{EarlyStopping, Watched};
use super::history::{Evaluation, History, Score};
use super::optimizer::OptimizerState;
use super::trainer::Trainer;
use crate::layers::recurrent::{Carried, Recurrent};
use crate::tensors::safetensors::{Reader, Writer, text};
use crate::{Error, Result};

const KEY: &str = "checkpoint";
const FORMAT: &str = "unrolled checkpoint";
const VERSION: u32 = 1;
const WHAT: &str = "the checkpoint";
const REMEDY: &str = "start the run anew";
const BEST_WEIGHTS: &str = "early_stopping/best_weights";

/// What a checkpoint says besides its arrays.
#[derive(Serialize, Deserialize)]
struct Header {
    format: String,
    version: u32,
    run: Run,
    step: u64,
    /// The bits of a constant learning rate: a decimal number could be read back differently.
    learning_rate_bits: Option<u64>,
    seconds: f64,
    evaluating: bool,
    early_stopping: Option<Watched>,
}

/// What must be equal for a run to go on as it would have.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Run {
    /// Keras' JSON of the model, as text, for the same reason.
    model: String,
    /// Keras' JSON of the optimizer without a constant learning rate.
    optimizer: String,
    loss: String,
    samples: usize,
    batch_size: usize,
    seed: u64,
    shuffle: bool,
}

impl Run {
    fn of(trainer: &Trainer) -> Self {
        let options = &trainer.options;
        Self {
            model: trainer.model.to_json().to_string(),
            optimizer: trainer.optimizer.lasting_options().to_string(),
            loss: format!("{:?}", trainer.loss),
            samples: trainer.train.count(),
            batch_size: options.batch_size,
            seed: options.seed,
            shuffle: options.shuffle,
        }
    }
}

/// The run of `trainer` as bytes; `seconds` is the time that it has taken so far.
///
/// # Errors
/// None is known; the container's own errors are passed on.
pub fn save(trainer: &Trainer, seconds: f64) -> Result<Vec<u8>> {
    let state = trainer.optimizer.state();
    let header = Header {
        format: FORMAT.into(),
        version: VERSION,
        run: Run::of(trainer),
        step: state.step,
        learning_rate_bits: state.constant_rate.map(f64::to_bits),
        seconds,
        evaluating: trainer.evaluating.is_some(),
        early_stopping: trainer.early_stopping.as_ref().map(EarlyStopping::watched),
    };
    let mut arrays = Writer::default();
    let parameters = &trainer.model.parameters;
    for spec in parameters.specs() {
        let values = &parameters.values()[spec.offset()..][..spec.count()];
        arrays.add(format!("weights/{}", spec.name), &spec.shape, values.iter().copied());
    }
    for (k, slot) in state.slots.iter().enumerate() {
        arrays.add(format!("optimizer/slot/{k}"), &[slot.len()], slot.iter().copied());
    }
    for (spec, rows) in parameters.specs().iter().zip(&state.visited).filter(|(_, rows)| !rows.is_empty()) {
        arrays.add(format!("optimizer/visited/{}", spec.name), &[rows.len()], rows.iter().copied());
    }
    for (path, recurrent) in trainer.model.layers().iter().flat_map(|layer| layer.recurrents()) {
        // States that a caller gave are not the run's.
        let kept =
            recurrent.carried().filter(|carried| !carried.given).map(|carried| carried.states.as_slice());
        for (k, state) in kept.unwrap_or_default().iter().enumerate() {
            let width = recurrent.state_width(k);
            let shape = [state.len() / width, width];
            arrays.add(format!("states/{path}/{k}"), &shape, state.iter().copied());
        }
    }
    if let Some(best) = trainer.early_stopping.as_ref().and_then(EarlyStopping::best_weights) {
        arrays.add(BEST_WEIGHTS, &[best.len()], best.iter().copied());
    }
    add_history(&mut arrays, &trainer.history);
    let json = serde_json::to_string(&header).map_err(|e| Error::format(WHAT, e.to_string()))?;
    arrays.to_bytes(WHAT, Some((KEY, json)))
}

/// Brings `trainer` to where the run in `bytes` was; returns the seconds that the run had taken.
///
/// # Errors
/// If the bytes are not a whole checkpoint, or of another model or run; the trainer is unchanged then.
pub fn restore(trainer: &mut Trainer, bytes: &[u8]) -> Result<f64> {
    let header = read_header(bytes)?;
    check_same_run(trainer, &header)?;
    let tensors = Reader::open(bytes, WHAT, REMEDY)?;
    let mut parameters = trainer.model.parameters.clone();
    for spec in trainer.model.parameters.specs() {
        let (shape, values) = floats(&tensors, &format!("weights/{}", spec.name))?;
        parameters.set(&spec.name, &shape, &values)?;
    }
    let slots = trainer.optimizer.state().slots.len();
    let slots = (0..slots).map(|k| Ok(floats(&tensors, &format!("optimizer/slot/{k}"))?.1));
    let visited = parameters.specs().iter().map(|spec| {
        let name = format!("optimizer/visited/{}", spec.name);
        if tensors.holds(&name) { whole_numbers(&tensors, &name) } else { Ok(Vec::new()) }
    });
    let state = OptimizerState {
        constant_rate: header.learning_rate_bits.map(f64::from_bits),
        step: header.step,
        slots: slots.collect::<Result<_>>()?,
        visited: visited.collect::<Result<_>>()?,
    };
    let history = read_history(&tensors, header.step, trainer.steps_per_epoch())?;
    let states = read_states(trainer, &tensors)?;
    let best_weights = match tensors.holds(BEST_WEIGHTS) {
        true => Some(floats(&tensors, BEST_WEIGHTS)?.1),
        false => None,
    };
    if best_weights.as_ref().is_some_and(|best| best.len() != parameters.values().len()) {
        return Err(Error::format(WHAT, format!("`{BEST_WEIGHTS}` has not one number for each parameter")));
    }
    trainer.optimizer.set_state(state, &parameters)?;
    trainer.model.parameters = parameters;
    trainer.history = history;
    // An evaluation changes nothing, so that one which was under way can begin again.
    trainer.evaluating = header.evaluating.then(|| (0, Score::default()));
    if let (Some(stopping), Some(watched)) = (&mut trainer.early_stopping, header.early_stopping) {
        stopping.set_watched(watched, best_weights);
    }
    trainer.model.restore_states(states);
    Ok(header.seconds)
}

fn read_header(bytes: &[u8]) -> Result<Header> {
    let json = text(bytes, KEY, WHAT, REMEDY)?
        .ok_or_else(|| Error::format(WHAT, "these bytes are no checkpoint; start the run anew"))?;
    let header: Header = serde_json::from_str(&json).map_err(|e| {
        Error::format(WHAT, format!("its description cannot be read ({e}); start the run anew"))
    })?;
    if header.format != FORMAT || header.version != VERSION {
        let found = format!("it is {:?} version {}", header.format, header.version);
        return Err(Error::format(WHAT, format!("{found}, this program reads {FORMAT:?} version {VERSION}")));
    }
    Ok(header)
}

fn check_same_run(trainer: &Trainer, header: &Header) -> Result<()> {
    let (theirs, ours) = (&header.run, Run::of(trainer));
    if theirs.model != ours.model {
        return Err(Error::format(WHAT, "it belongs to another model; choose the settings it was made with"));
    }
    if theirs.optimizer != ours.optimizer {
        let problem =
            format!("it was made with the optimizer {}, this run has {}", theirs.optimizer, ours.optimizer);
        return Err(Error::format(WHAT, problem));
    }
    if *theirs != ours {
        let says = |run: &Run| {
            let Run { loss, samples, batch_size, seed, shuffle, .. } = run;
            format!("{loss}, {samples} samples, batches of {batch_size}, seed {seed}, shuffled: {shuffle}")
        };
        let problem = format!("it belongs to another run ({}); this one has {}", says(theirs), says(&ours));
        return Err(Error::format(WHAT, problem));
    }
    Ok(())
}

fn read_history(tensors: &Reader, step: u64, steps_per_epoch: u64) -> Result<History> {
    let column = |name: &str| Ok::<_, Error>(floats(tensors, &format!("history/{name}"))?.1);
    let columns = [column("loss")?, column("accuracy")?, column("gradient_norm")?];
    if let Some(other) = columns.iter().find(|column| column.len() as u64 != step) {
        let problem = format!("its history has {} steps, its optimizer {step}", other.len());
        return Err(Error::format(WHAT, problem));
    }
    let [losses, accuracies, gradient_norms] = columns;
    let steps = whole_numbers(tensors, "history/validation/step")?;
    let (loss, accuracy) = (column("validation/loss")?, column("validation/accuracy")?);
    if loss.len() != steps.len() || accuracy.len() != steps.len() {
        return Err(Error::format(WHAT, "its evaluations have columns of different lengths"));
    }
    let evaluation = |((step, loss), accuracy): ((u32, f32), f32)| {
        let step = u64::from(step);
        Evaluation { step, epoch: step / steps_per_epoch, loss, accuracy }
    };
    let validation = steps.into_iter().zip(loss).zip(accuracy).map(evaluation).collect();
    Ok(History { losses, accuracies, gradient_norms, validation })
}

/// The kept states of each recurrent layer, if it has any.
fn read_states(trainer: &Trainer, tensors: &Reader) -> Result<Vec<Option<Carried>>> {
    let recurrents = trainer.model.layers().iter().flat_map(|layer| layer.recurrents());
    let states_of = |(path, recurrent): (String, &Recurrent)| {
        if !tensors.holds(&format!("states/{path}/0")) {
            return Ok(None);
        }
        let mut states: Vec<Vec<f32>> = Vec::new();
        let mut batch = None;
        for k in 0..recurrent.state_count() {
            let name = format!("states/{path}/{k}");
            let (shape, values) = floats(tensors, &name)?;
            let batch = *batch.get_or_insert(shape.first().copied().unwrap_or(0));
            let expected = [batch, recurrent.state_width(k)];
            if shape != expected {
                return Err(Error::shape(name, &expected, &shape));
            }
            states.push(values);
        }
        Ok(Some(Carried { states, given: false }))
    };
    recurrents.map(states_of).collect()
}

/// Shape and numbers of an array; all must be finite.
fn floats(tensors: &Reader, name: &str) -> Result<(Vec<usize>, Vec<f32>)> {
    let (shape, values) = tensors.array::<f32>(name)?;
    match values.iter().find(|v| !v.is_finite()) {
        Some(bad) => Err(Error::value(format!("every number of `{name}`"), "finite", bad)),
        None => Ok((shape, values)),
    }
}

fn whole_numbers(tensors: &Reader, name: &str) -> Result<Vec<u32>> {
    Ok(tensors.array(name)?.1)
}

fn add_history(arrays: &mut Writer, history: &History) {
    let column = |of: fn(&Evaluation) -> f32| history.validation.iter().map(of).collect::<Vec<_>>();
    let columns = [
        ("loss", history.losses.clone()),
        ("accuracy", history.accuracies.clone()),
        ("gradient_norm", history.gradient_norms.clone()),
        ("validation/loss", column(|e| e.loss)),
        ("validation/accuracy", column(|e| e.accuracy)),
    ];
    for (name, values) in columns {
        arrays.add(format!("history/{name}"), &[values.len()], values);
    }
    let steps: Vec<u32> = history.validation.iter().map(|e| e.step as u32).collect();
    arrays.add("history/validation/step", &[steps.len()], steps);
}
