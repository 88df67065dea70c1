//! A run as bytes. Resuming from a checkpoint is bit-identical to an uninterrupted run.
//!
//! One safetensors file. Weights stand under `weights/<name>`, the optimizer's state under `optimizer/…`, the
//! history of the run under `history/…`, the states of stateful layers under `states/<layer>/<state>`;
//! everything else is one JSON text in the `__metadata__`. A seal over all of it tells a file whose bits have
//! flipped. Shuffling and dropout have no state: their numbers follow from the seed and the update.
//!
//! Keys in the file keep the spelling of version 1, so that checkpoints that were written before still
//! restore.

use serde::{Deserialize, Serialize};

use super::early_stopping::{Observed, Stopper};
use super::history::{Evaluation, History};
use super::optimizer::OptimizerState;
use super::run::Run;
use crate::layers::Parameters;
use crate::layers::recurrent::{Carried, Recurrent};
use crate::tensors::safetensors::{File, Reader, Writer, text};
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
    run: Settings,
    /// Updates made.
    step: u64,
    /// The bits of a constant learning rate: a decimal number could be read back differently.
    learning_rate_bits: Option<u64>,
    seconds: f64,
    evaluating: bool,
    early_stopping: Option<Observed>,
}

/// What must be equal for a run to be resumed.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Settings {
    /// Keras' JSON of the model, as text, for the same reason.
    model: String,
    /// Keras' JSON of the optimizer without a constant learning rate.
    optimizer: String,
    loss: String,
    samples: usize,
    batch_size: usize,
    seed: u64,
    shuffle: bool,
    /// Nothing where all classes count 1, as in checkpoints from before there were class weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    class_weight: Option<String>,
}

impl Settings {
    fn of(run: &Run) -> Self {
        let options = &run.options;
        let weights = &options.class_weight;
        Self {
            model: run.model().to_json().to_string(),
            optimizer: run.optimizer().lasting_options().to_string(),
            loss: format!("{:?}", run.trainer.loss),
            samples: run.batches.examples().count(),
            batch_size: options.batch_size,
            seed: options.seed,
            shuffle: options.shuffle,
            class_weight: (!weights.is_empty()).then(|| format!("{weights:?}")),
        }
    }
}

/// `run` as bytes; `seconds` is the time that it has taken so far.
///
/// # Errors
/// None is known; the container's own errors are passed on.
pub fn save(run: &Run, seconds: f64) -> Result<Vec<u8>> {
    Ok(file(run, seconds)?.to_bytes())
}

/// What [`save`] gives, to be taken in pieces: weights and history are as large as the file and are not copied.
///
/// # Errors
/// As [`save`].
pub fn file(run: &Run, seconds: f64) -> Result<File<'_>> {
    let state = run.optimizer().state();
    let header = Header {
        format: FORMAT.into(),
        version: VERSION,
        run: Settings::of(run),
        step: state.update_count,
        learning_rate_bits: state.constant_rate.map(f64::to_bits),
        seconds,
        evaluating: run.is_evaluating(),
        early_stopping: run.stopper().map(Stopper::observed),
    };
    let mut arrays = Writer::default();
    let parameters = &run.model().parameters;
    add_weights(&mut arrays, parameters);
    for (k, slot) in state.slots.iter().enumerate() {
        arrays.add(format!("optimizer/slot/{k}"), &[slot.len()], slot.iter().copied());
    }
    for (spec, rows) in parameters.specs().iter().zip(&state.visited).filter(|(_, rows)| !rows.is_empty()) {
        arrays.add(format!("optimizer/visited/{}", spec.name), &[rows.len()], rows.iter().copied());
    }
    add_states(&mut arrays, run);
    if let Some(best) = run.stopper().and_then(Stopper::best_weights) {
        arrays.add_floats(BEST_WEIGHTS.into(), &[best.len()], best);
    }
    add_history(&mut arrays, &run.history);
    let json = serde_json::to_string(&header).map_err(|e| Error::format(WHAT, e.to_string()))?;
    arrays.seal(&json);
    arrays.file(WHAT, Some((KEY, json)))
}

fn add_weights<'a>(arrays: &mut Writer<'a>, parameters: &'a Parameters) {
    for spec in parameters.specs() {
        let values = &parameters.values()[spec.offset()..][..spec.count()];
        arrays.add_floats(format!("weights/{}", spec.name), &spec.shape, values);
    }
}

/// Weights as [`weights_of`] reads them.
///
/// # Errors
/// None is known; the container's own errors are passed on.
pub fn save_weights(parameters: &Parameters) -> Result<Vec<u8>> {
    let mut arrays = Writer::default();
    add_weights(&mut arrays, parameters);
    arrays.to_bytes("the weights", None)
}

/// Brings `run` to where the run in `bytes` was; returns the seconds that it had taken.
///
/// # Errors
/// If the bytes are not a whole checkpoint, or of another model or run; `run` is unchanged then.
pub fn restore(run: &mut Run, bytes: &[u8]) -> Result<f64> {
    let tensors = Reader::open(bytes, WHAT, REMEDY)?;
    let header = read_header(bytes, &tensors)?;
    check_same_run(run, &header)?;
    let mut parameters = run.model().parameters.clone();
    read_weights(&mut parameters, &tensors)?;
    let optimizer = read_optimizer(run, &tensors, &header)?;
    let history = read_history(&tensors, header.step, run.updates_per_epoch())?;
    let states = read_states(run, &tensors)?;
    let best_weights = match tensors.holds(BEST_WEIGHTS) {
        true => Some(floats(&tensors, BEST_WEIGHTS)?.1),
        false => None,
    };
    if best_weights.as_ref().is_some_and(|best| best.len() != parameters.values().len()) {
        return Err(Error::format(WHAT, format!("`{BEST_WEIGHTS}` has not one number for each parameter")));
    }
    run.optimizer_mut().set_state(optimizer, &parameters)?;
    run.model_mut().parameters = parameters;
    run.history = history;
    if let Some(evaluator) = &mut run.validation {
        // An evaluation changes nothing, so that one which was under way can begin again.
        if header.evaluating { evaluator.begin() } else { evaluator.cancel() }
    }
    if let (Some(stopper), Some(observed)) = (&mut run.stopper, header.early_stopping) {
        stopper.resume(observed, best_weights);
    }
    run.model_mut().restore_states(states);
    Ok(header.seconds)
}

/// Gives `parameters` the weights of a checkpoint, or of any safetensors file that has them under the same names.
///
/// # Errors
/// If the bytes are no such file, or a weight is missing, of another shape or not finite.
pub fn weights_of(bytes: &[u8], parameters: &mut Parameters) -> Result<()> {
    read_weights(parameters, &Reader::open(bytes, WHAT, REMEDY)?)
}

fn read_weights(parameters: &mut Parameters, tensors: &Reader) -> Result<()> {
    for spec in parameters.specs().to_vec() {
        let (shape, values) = floats(tensors, &format!("weights/{}", spec.name))?;
        parameters.set(&spec.name, &shape, &values)?;
    }
    Ok(())
}

fn read_optimizer(run: &Run, tensors: &Reader, header: &Header) -> Result<OptimizerState> {
    let slots = 0..run.optimizer().state().slots.len();
    let slots = slots.map(|k| Ok(floats(tensors, &format!("optimizer/slot/{k}"))?.1));
    let visited = run.model().parameters.specs().iter().map(|spec| {
        let name = format!("optimizer/visited/{}", spec.name);
        if tensors.holds(&name) { whole_numbers(tensors, &name) } else { Ok(Vec::new()) }
    });
    Ok(OptimizerState {
        constant_rate: header.learning_rate_bits.map(f64::from_bits),
        update_count: header.step,
        slots: slots.collect::<Result<_>>()?,
        visited: visited.collect::<Result<_>>()?,
    })
}

fn read_header(bytes: &[u8], tensors: &Reader) -> Result<Header> {
    let json = text(bytes, KEY, WHAT, REMEDY)?
        .ok_or_else(|| Error::format(WHAT, "these bytes are no checkpoint; start the run anew"))?;
    tensors.check_seal(&json)?;
    let header: Header = serde_json::from_str(&json).map_err(|e| {
        Error::format(WHAT, format!("its description cannot be read ({e}); start the run anew"))
    })?;
    if header.format != FORMAT || header.version != VERSION {
        let found = format!("it is {:?} version {}", header.format, header.version);
        return Err(Error::format(WHAT, format!("{found}, this program reads {FORMAT:?} version {VERSION}")));
    }
    Ok(header)
}

fn check_same_run(run: &Run, header: &Header) -> Result<()> {
    let (theirs, ours) = (&header.run, Settings::of(run));
    if theirs.model != ours.model {
        return Err(Error::format(WHAT, "it belongs to another model; choose the settings it was made with"));
    }
    if theirs.optimizer != ours.optimizer {
        let problem =
            format!("it was made with the optimizer {}, this run has {}", theirs.optimizer, ours.optimizer);
        return Err(Error::format(WHAT, problem));
    }
    if *theirs != ours {
        let says = |settings: &Settings| {
            let Settings { loss, samples, batch_size, seed, shuffle, class_weight, .. } = settings;
            let weights = class_weight.as_ref().map(|weights| format!(", class weights {weights}"));
            let weights = weights.unwrap_or_default();
            format!(
                "{loss}, {samples} samples, batches of {batch_size}, seed {seed}, shuffled: {shuffle}{weights}"
            )
        };
        let problem = format!("it belongs to another run ({}); this one has {}", says(theirs), says(&ours));
        return Err(Error::format(WHAT, problem));
    }
    Ok(())
}

fn read_history(tensors: &Reader, updates: u64, per_epoch: u64) -> Result<History> {
    let column = |name: &str| Ok::<_, Error>(floats(tensors, &format!("history/{name}"))?.1);
    let columns = [column("loss")?, column("accuracy")?, column("gradient_norm")?];
    if let Some(other) = columns.iter().find(|column| column.len() as u64 != updates) {
        let problem = format!("its history has {} updates, its optimizer {updates}", other.len());
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
        Evaluation { step, epoch: step / per_epoch, loss, accuracy }
    };
    let validation = steps.into_iter().zip(loss).zip(accuracy).map(evaluation).collect();
    Ok(History { losses, accuracies, gradient_norms, validation })
}

/// The kept states of each recurrent layer, if it has any.
fn read_states(run: &Run, tensors: &Reader) -> Result<Vec<Option<Carried>>> {
    let recurrents = run.model().layers().iter().flat_map(|layer| layer.recurrents());
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

/// The states that stateful layers carry to the next batch; states that a caller gave are not the run's.
fn add_states<'a>(arrays: &mut Writer<'a>, run: &'a Run) {
    for (path, recurrent) in run.model().layers().iter().flat_map(|layer| layer.recurrents()) {
        let kept = recurrent.carried().filter(|carried| !carried.given);
        let states = kept.map(|carried| carried.states.as_slice()).unwrap_or_default();
        for (k, state) in states.iter().enumerate() {
            let width = recurrent.state_width(k);
            let shape = [state.len() / width, width];
            arrays.add(format!("states/{path}/{k}"), &shape, state.iter().copied());
        }
    }
}

fn add_history<'a>(arrays: &mut Writer<'a>, history: &'a History) {
    let columns = [
        ("loss", &history.losses),
        ("accuracy", &history.accuracies),
        ("gradient_norm", &history.gradient_norms),
    ];
    for (name, values) in columns {
        arrays.add_floats(format!("history/{name}"), &[values.len()], values);
    }
    let evaluations = &history.validation;
    let shape = [evaluations.len()];
    arrays.add("history/validation/loss", &shape, evaluations.iter().map(|e| e.loss));
    arrays.add("history/validation/accuracy", &shape, evaluations.iter().map(|e| e.accuracy));
    arrays.add("history/validation/step", &shape, evaluations.iter().map(|e| e.step as u32));
}
