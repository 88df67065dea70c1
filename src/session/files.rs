//! Files at a front: a model or weights that were brought become an experiment with first weights, and a run becomes
//! files that other programs read.

mod compile;

use super::{Trained, Training};
use crate::data::Dataset;
use crate::experiment::keras_code::script::{self, Form};
use crate::experiment::{Compile, Experiment, NamedFile, OWN, Reading};
use crate::formats::{foreign, keras};
use crate::generate::Sampler;
use crate::layers::Shape;
use crate::model::{Sequential, weights};
use crate::tensors::{Container, Tensors, archive};
use crate::train::checkpoint;
use crate::{Error, Result};

/// A file that was opened on top of an experiment.
pub struct Opened {
    /// The experiment with the model of the file, or with its own where the file holds weights alone.
    pub experiment: Experiment,
    /// Its first weights, as [`Training::start_from`] takes them; none where the file describes a model without any.
    pub weights: Option<Vec<u8>>,
    /// What was taken otherwise than it stands in the file, in sentences.
    pub remarks: Vec<String>,
}

/// In what format a network is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkFormat {
    /// Keras' file of a whole model.
    Keras,
    /// Keras' file of weights.
    WeightsH5,
    /// Weights under their names, for the package `safetensors`.
    Safetensors,
    /// The same for numpy.
    Npz,
}

impl NetworkFormat {
    /// The format of a file whose name ends with `ending`, which has no dot in front.
    ///
    /// # Errors
    /// If nothing is written with that ending.
    pub fn of_ending(ending: &str) -> Result<Self> {
        match ending {
            "keras" => Ok(Self::Keras),
            "weights.h5" => Ok(Self::WeightsH5),
            "safetensors" => Ok(Self::Safetensors),
            "npz" => Ok(Self::Npz),
            other => Err(Error::value("the ending", "keras, weights.h5, safetensors or npz", other)),
        }
    }
}

/// Opens the file `bytes` called `name`: a model with its weights, weights for the model of `present`, or the JSON of
/// a model. Data and training stay those of `present`; `dataset` is its packed or own set, with which the model is
/// tried.
///
/// # Errors
/// If the file is none of these, is broken, or its model does not suit the data.
pub fn open(name: &str, bytes: &[u8], present: &Experiment, dataset: Option<Dataset>) -> Result<Opened> {
    if let Some(problem) = foreign::explain(bytes) {
        return Err(Error::format(name, problem));
    }
    let (model, remarks, has_weights) = read(name, bytes, present)?;
    let is_present = |model: &Sequential| {
        let same = Sequential::with_zero_weights(&present.model.to_string());
        same.is_ok_and(|same| same.to_json()["config"] == model.to_json()["config"])
    };
    let mut opened = Opened { experiment: present.clone(), weights: None, remarks };
    if !is_present(&model) {
        opened.experiment = Experiment {
            title: name.to_owned(),
            about: String::new(),
            tutorial: None,
            model: model.to_json(),
            ..present.clone()
        };
    }
    opened.experiment.weights = None;
    opened.experiment.printed = None;
    opened.experiment.measured.clear();
    if has_weights {
        let hash = format!("{:016x}", model.parameters.hash());
        opened.experiment.weights = Some(NamedFile { name: name.to_owned(), hash });
        opened.weights = Some(checkpoint::save_weights(&model.parameters)?);
    }
    let plain = (opened.experiment.clone(), opened.remarks.clone());
    let has_loss = is_whole(bytes, name)? && {
        let compiled = keras::compile_config(bytes, name);
        compile::take_over(&mut opened, &model, compiled.as_ref())
    };
    suit(&mut opened, &model, dataset.as_ref(), has_loss);
    let mut tried = try_out(&opened, dataset.as_ref());
    if has_loss && (tried.is_err() || compares_numbers_with_classes(&opened.experiment, &model)) {
        let Compile { loss, optimizer, .. } = opened.experiment.compile;
        (opened.experiment, opened.remarks) = plain;
        opened.experiment.compile.optimizer = optimizer;
        opened.remarks.push(format!("The loss of the file, {loss}, does not suit these data."));
        suit(&mut opened, &model, dataset.as_ref(), false);
        tried = try_out(&opened, dataset.as_ref());
    }
    tried.map_err(|error| {
        let problem = format!(
            "the model was read, but it does not suit the present data ({error}); choose data that it was made for, \
             then open the file again"
        );
        Error::format(name, problem)
    })?;
    Ok(opened)
}

/// Whether a file of Keras holds a model with its weights.
fn is_whole(bytes: &[u8], name: &str) -> Result<bool> {
    match keras::is_hdf5(bytes) {
        true => keras::holds_config(bytes, name),
        false => Ok(Container::of(bytes) == Container::Npz && keras::is_keras_archive(bytes, name)?),
    }
}

/// The model that a file is or belongs to, with its weights; remarks; and whether there are weights in the file.
fn read(name: &str, bytes: &[u8], present: &Experiment) -> Result<(Sequential, Vec<String>, bool)> {
    if is_whole(bytes, name)? {
        let (model, remarks) = keras::read_model(bytes, name)?;
        return Ok((model, remarks, true));
    }
    if bytes.starts_with(b"{") {
        let text = String::from_utf8(bytes.to_vec()).map_err(|_| {
            Error::format(name, "this is not text; use Keras' model.to_json() or a .keras file")
        })?;
        let model = Sequential::with_zero_weights(&text).map_err(|error| match error {
            Error::Format { problem, .. } => Error::format(name, problem),
            other => other,
        })?;
        return Ok((model, Vec::new(), false));
    }
    let mut model = Sequential::with_zero_weights(&present.model.to_string())?;
    let remarks = load_weights(&mut model, bytes, name)?;
    Ok((model, remarks, true))
}

/// Whether the arrays of a safetensors or npz file are weights, of the experiment's model or of another one: some have
/// the name of one of its weights, or all are named as weights are, `<layer>/<weight>`, and none as an array of data.
pub fn holds_weights(bytes: &[u8], experiment: &Experiment) -> bool {
    let model = Sequential::with_zero_weights(&experiment.model.to_string());
    let (Ok(model), Ok(tensors)) = (model, Tensors::from_bytes(bytes, "the file")) else { return false };
    let specs = model.parameters.specs();
    let is_ours = |name: &str| specs.iter().any(|spec| spec.name == name);
    tensors.names().any(is_ours)
        || (tensors.names().next().is_some() && tensors.names().all(|name| name.contains('/')))
}

/// Gives a model the weights of a file of any kind, `name` in sentences; returns remarks on it.
///
/// # Errors
/// If the file holds no weights, or not those of this model; then no weight has changed.
pub fn load_weights(model: &mut Sequential, bytes: &[u8], name: &str) -> Result<Vec<String>> {
    if keras::is_hdf5(bytes) {
        return keras::read_weights(model, bytes, name);
    }
    if Container::of(bytes) == Container::Npz && keras::is_keras_archive(bytes, name)? {
        return keras::read_weights_of_archive(model, bytes, name);
    }
    let tensors = Tensors::from_bytes(bytes, name)?;
    weights::assign(&mut model.parameters, &tensors, name)?;
    let mut remarks: Vec<String> = tensors
        .widened()
        .first()
        .map(|first| {
            format!("{name} holds `{first}` in half precision; everything is computed in float32 here.")
        })
        .into_iter()
        .collect();
    let unused = weights::unused(&model.parameters, &tensors);
    let first = unused.iter().find(|unused| !unused.starts_with("history/"));
    remarks.extend(
        first.map(|first| {
            format!("{name} holds `{first}`, which is no weight of this model; it is not used.")
        }),
    );
    Ok(remarks)
}

/// Lets the data be read as the model needs them, and gives it a loss for its outputs where the file has none.
fn suit(opened: &mut Opened, model: &Sequential, dataset: Option<&Dataset>, has_loss: bool) {
    let (experiment, remarks) = (&mut opened.experiment, &mut opened.remarks);
    let before = experiment.clone();
    let timesteps = model.input_shape().timesteps();
    match &mut experiment.data.reading {
        Reading::Words(words) => {
            let first = model.layers().first().map(|layer| layer.config());
            let rows =
                first.and_then(|first| first.pointer("/config/input_dim")?.as_u64()).unwrap_or(0) as usize;
            let most = dataset.map_or(words.num_words, |dataset| dataset.vocabulary.num_words());
            if rows > 0 && matches!(model.input_shape(), Shape::Ids { .. }) {
                words.num_words = rows.min(most);
            }
            words.maxlen = timesteps.unwrap_or(words.maxlen);
            if before.data.reading != experiment.data.reading
                && let Reading::Words(words) = &experiment.data.reading
            {
                let (num_words, maxlen) = (words.num_words, words.maxlen);
                remarks.push(format!(
                    "Texts are read as this model needs them: num_words {num_words}, maxlen {maxlen}."
                ));
            }
        }
        Reading::Characters { timesteps: length, .. } => *length = timesteps.unwrap_or(*length),
        _ => {}
    }
    if let Some(batch) = model.batch_size() {
        experiment.fit.batch_size = batch;
    }
    let outputs = model.output_shape().features().unwrap_or(1);
    if has_loss && experiment.compile.loss == "categorical_crossentropy" && experiment.data.task.is_none() {
        // The labels are class ids, with which it gives the same number.
        experiment.compile.loss = "sparse_categorical_crossentropy".to_owned();
    }
    if !has_loss && experiment.compile.loss.ends_with("crossentropy") {
        let last = model.layers().last().map(|layer| layer.config()).unwrap_or_default();
        let activation = last.pointer("/config/activation").and_then(serde_json::Value::as_str);
        let loss = if outputs == 1 { "binary_crossentropy" } else { "sparse_categorical_crossentropy" };
        experiment.compile.loss = loss.to_owned();
        experiment.compile.from_logits = activation == Some("linear");
    }
    if experiment.compile != before.compile {
        let logits = if experiment.compile.from_logits { ", from logits" } else { "" };
        remarks.push(format!(
            "The loss is {}{logits}, which suits the {outputs} outputs of this model.",
            experiment.compile.loss
        ));
    }
}

/// Whether several outputs are compared as numbers with labels that are class ids, as those of packed sets are.
fn compares_numbers_with_classes(experiment: &Experiment, model: &Sequential) -> bool {
    let has_classes = experiment.data.task.is_none() && experiment.data.set != OWN;
    let outputs = model.output_shape().features().unwrap_or(1);
    has_classes && outputs > 1 && experiment.compile.loss == "mean_squared_error"
}

/// Makes one update with what was opened, so that what cannot be trained is refused before anything else is left.
fn try_out(opened: &Opened, dataset: Option<&Dataset>) -> Result<()> {
    let mut training = Training::new();
    match dataset {
        Some(dataset) => training.use_dataset(dataset.clone()),
        None if opened.experiment.data.task.is_none() => return Ok(()),
        None => {}
    }
    training.set_up(opened.experiment.clone())?;
    if let Some(weights) = &opened.weights {
        training.start_from(weights)?;
    }
    training.step_once(|| 0.0).map(|_| ())
}

/// The network of `experiment` with the weights in the bytes of a checkpoint, as a file; beside it remarks on it.
///
/// # Errors
/// If the checkpoint is of another model, or the format cannot hold a layer.
pub fn network_file(
    experiment: &Experiment,
    run: &[u8],
    format: NetworkFormat,
) -> Result<(Vec<u8>, Vec<String>)> {
    let mut model = Sequential::with_zero_weights(&experiment.model.to_string())?;
    checkpoint::weights_of(run, &mut model.parameters)?;
    let tensors = |container| weights::to_tensors(&model.parameters).to_bytes(container);
    Ok(match format {
        NetworkFormat::Keras => keras::write_model(&model)?,
        NetworkFormat::WeightsH5 => keras::write_weights(&model)?,
        NetworkFormat::Safetensors => (tensors(Container::Safetensors)?, Vec::new()),
        NetworkFormat::Npz => (tensors(Container::Npz)?, Vec::new()),
    })
}

/// What the language model of `experiment` with the weights in the bytes of a checkpoint adds to `text`: `length`
/// characters or words.
///
/// # Errors
/// As [`Trained::generate`].
pub fn continue_text(
    experiment: &Experiment,
    run: &[u8],
    dataset: Option<&Dataset>,
    (text, length, sampler): (&str, usize, Sampler),
) -> Result<String> {
    let mut model = Sequential::with_zero_weights(&experiment.model.to_string())?;
    checkpoint::weights_of(run, &mut model.parameters)?;
    Trained::new(model, experiment.clone(), dataset)?.generate(text, length, sampler)
}

/// A zip archive with the folder `name`, in it the Keras 3 script of `experiment`, the same as a notebook and for
/// several devices, and the one file that they read. `first` are the first weights where they come from a file.
///
/// # Errors
/// If Keras has nothing equal to a part of the experiment, or it cannot be trained.
pub fn keras_archive(
    experiment: &Experiment,
    name: &str,
    dataset: Option<Dataset>,
    first: Option<&[u8]>,
) -> Result<Vec<u8>> {
    let forms = [
        (".py", Form::default()),
        (".ipynb", Form { notebook: true, devices: false }),
        ("-devices.py", Form { notebook: false, devices: true }),
    ];
    let mut files = Vec::new();
    for (ending, form) in forms {
        let text = script::script(experiment, name, form)?;
        files.push((format!("{name}/{name}{ending}"), text.into_bytes()));
    }
    let mut training = Training::new();
    if let Some(dataset) = dataset {
        training.use_dataset(dataset);
    }
    first_updates(&mut training, experiment.clone(), first)?;
    files.push((format!("{name}/{name}-run.npz"), training.keras_run_file()?));
    archive::pack(&files)
}

/// Sets `experiment` up and trains until the losses that a script compares are known.
///
/// # Errors
/// As [`Training::set_up`] and [`Training::step_once`].
pub fn first_updates(training: &mut Training, experiment: Experiment, first: Option<&[u8]>) -> Result<()> {
    let epochs = experiment.fit.epochs;
    let updates = training.set_up(experiment)?.steps_per_epoch * epochs;
    if let Some(first) = first {
        training.start_from(first)?;
    }
    for _ in 0..updates.min(script::FIRST_LOSSES as u64) {
        training.step_once(|| 0.0)?;
    }
    Ok(())
}
