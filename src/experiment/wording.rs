//! What a reader is told of layers, optimizers and their options, of losses, metrics, the cut of the data and `fit`.
//!
//! The build writes these sentences into a module of the page; the compiled engine does without them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::catalogue::{Catalogue, ClassFacts, catalogue};
use crate::Result;
use crate::listing::cells;

/// Every sentence by what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wording {
    /// Of layers, optimizers and schedules, by their class.
    pub classes: BTreeMap<String, &'static str>,
    /// Of their options, by `Class/option`.
    pub options: BTreeMap<String, &'static str>,
    /// Of the names that an option may have as its value, by `family/name`: `activation/tanh`.
    pub choices: BTreeMap<String, String>,
    /// Of losses and metrics, by Keras' names.
    pub judging: BTreeMap<&'static str, &'static str>,
    /// Of how the data are cut and how they are trained on, by Keras' names.
    pub fit: BTreeMap<&'static str, &'static str>,
}

/// The sentences on everything that can be chosen.
///
/// # Errors
/// As [`catalogue()`].
pub fn wording() -> Result<Wording> {
    let Catalogue { layers, optimizers, schedules, early_stopping, .. } = catalogue()?;
    let all = layers.iter().chain(&optimizers).chain(&schedules).chain([&early_stopping]);
    let options = |facts: &ClassFacts| {
        let class = facts.class_name.clone();
        let one = move |name: &str| (format!("{class}/{name}"), of_option(&class, name));
        facts.options.iter().map(|option| one(&option.name)).collect::<Vec<_>>()
    };
    let cells = cells::all().iter().map(|cell| (format!("cell/{}", cell.name), format!("{}.", cell.title)));
    Ok(Wording {
        classes: all.clone().map(|facts| (facts.class_name.clone(), of_class(&facts.class_name))).collect(),
        options: all.flat_map(options).collect(),
        choices: CHOICES
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .chain(cells)
            .collect(),
        judging: JUDGING.iter().copied().collect(),
        fit: FIT.iter().copied().collect(),
    })
}

/// Losses and metrics.
const JUDGING: &[(&str, &str)] = &[
    (
        "binary_crossentropy",
        "−ln of the probability of the right one of two answers; 0 is certain and right.",
    ),
    (
        "sparse_categorical_crossentropy",
        "−ln of the probability of the right class, whose number is the label; softmax gives the probabilities.",
    ),
    (
        "categorical_crossentropy",
        "−ln of the probability of the right class, where the label is a vector with a 1 at that class.",
    ),
    ("mean_squared_error", "The mean square of the difference between output and wanted number."),
    (
        "accuracy",
        "The share of samples whose most probable class is the right one; training does not use it.",
    ),
    ("loss", "What training makes smaller: the mean over the samples of a batch."),
    ("from_logits", "The output is logits: sigmoid or softmax is part of the loss."),
    ("optimizer", "How the weights change from the gradient of the loss."),
    ("schedule", "Whether the learning rate stays constant or changes with the number of updates."),
];

/// The cut of the data, and training.
const FIT: &[(&str, &str)] = &[
    (
        "num_words",
        "Only the most frequent words keep their ids: ids from num_words on are read as the unknown word.",
    ),
    ("maxlen", "Every sequence is cut or filled up to this many timesteps."),
    ("below", "Texts of this many ids and more are dropped, as maxlen of Keras' load_data does."),
    ("timesteps", "How many ids of the text the network reads at once."),
    ("padding", "Where short sequences are filled with zeros: pre, before them; post, after them."),
    ("truncating", "Which end of a long sequence is cut off: pre, its beginning; post, its end."),
    ("mask_zero", "The id 0 is padding: recurrent layers keep their state at it."),
    (
        "validation_split",
        "Which samples the network is judged with while it learns: those of the test part, or a share of the \
         training samples, the last ones as Keras takes them.",
    ),
    (
        "validation_split_own",
        "Which samples the network is judged with while it learns: a share of your samples, drawn with the seed.",
    ),
    ("limit", "Only the first so many samples are trained on; of a long text its first ids."),
    ("batch_size", "Samples in a batch: one update of the weights for each batch."),
    ("epochs", "How often every sample is trained on before training pauses."),
    ("shuffle", "Every epoch has its own order of the samples."),
    ("seed", "First weights, order of the samples and dropout follow from it."),
    (
        "validate_every",
        "Beside the end of each epoch, validate after every so many updates (from 1), or share of an epoch (below 1).",
    ),
    (
        "class_weight",
        "How much the samples of a class count, as 0: 1, 1: 2.5; classes that are not named count once.",
    ),
];

/// The values of an option that are names, by the family of the option and the name.
const CHOICES: &[(&str, &str)] = &[
    ("activation/linear", "The number as it is."),
    ("activation/tanh", "Hyperbolic tangent: between −1 and 1, and 0 at 0."),
    ("activation/relu", "max(x, 0): negative numbers become 0."),
    ("activation/sigmoid", "1 / (1 + e⁻ˣ): between 0 and 1."),
    (
        "activation/hard_sigmoid",
        "clip(x / 6 + 0.5, 0, 1): sigmoid in three straight pieces, as Keras 3 has it.",
    ),
    (
        "activation/hard_sigmoid_keras2",
        "clip(0.2 x + 0.5, 0, 1): sigmoid in three straight pieces, as Keras 1 and 2 have it.",
    ),
    ("activation/softmax", "eˣ over the sum of all eˣ of the vector: probabilities that add up to 1."),
    ("initializer/glorot_uniform", "Uniform within ±√(6 / (fan_in + fan_out))."),
    ("initializer/glorot_normal", "Truncated normal with standard deviation √(2 / (fan_in + fan_out))."),
    ("initializer/he_uniform", "Uniform within ±√(6 / fan_in)."),
    ("initializer/he_normal", "Truncated normal with standard deviation √(2 / fan_in)."),
    ("initializer/lecun_uniform", "Uniform within ±√(3 / fan_in)."),
    ("initializer/lecun_normal", "Truncated normal with standard deviation √(1 / fan_in)."),
    ("initializer/random_uniform", "Uniform within ±0.05."),
    ("initializer/random_normal", "Normal with standard deviation 0.05."),
    ("initializer/truncated_normal", "Normal with standard deviation 0.05, drawn again beyond two of them."),
    (
        "initializer/orthogonal",
        "A random matrix with orthogonal rows or columns, which keeps the length of a vector.",
    ),
    ("initializer/identity", "1 on the diagonal and 0 elsewhere."),
    ("initializer/zeros", "All 0."),
    ("initializer/ones", "All 1."),
    ("padding/valid", "Only windows that lie inside of the sequence."),
    ("padding/same", "As many windows as timesteps, with zeros around the sequence."),
    ("padding/causal", "As many windows as timesteps; none looks at later timesteps."),
    ("merge_mode/concat", "One vector after the other."),
    ("merge_mode/sum", "Number by number, their sum."),
    ("merge_mode/mul", "Number by number, their product."),
    ("merge_mode/ave", "Number by number, their mean."),
    ("monitor/val_loss", "The loss on the validation samples."),
    ("monitor/val_accuracy", "The share of right answers on the validation samples."),
    ("monitor/loss", "The mean loss of the batches of an epoch."),
    ("monitor/accuracy", "The share of right answers in the batches of an epoch."),
    ("mode/auto", "Higher is better for an accuracy, lower for a loss."),
    ("mode/min", "Lower is better."),
    ("mode/max", "Higher is better."),
];

/// Under which family the values of an option are explained.
pub fn family(option: &str) -> &str {
    match option {
        _ if option.ends_with("_initializer") => "initializer",
        "recurrent_activation" => "activation",
        _ => option,
    }
}

/// The sentence of a table on `name`; empty where there is none.
fn found(table: &[(&'static str, &'static str)], name: &str) -> &'static str {
    table.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text)
}

/// Every class that has a sentence.
pub fn explained_classes() -> impl Iterator<Item = &'static str> {
    CLASSES.iter().map(|(name, _)| *name)
}

/// Every name of an option that has a sentence of its own.
pub fn explained_options() -> impl Iterator<Item = &'static str> {
    OPTIONS.iter().map(|(name, _)| *name)
}

/// One sentence on a class.
fn of_class(class: &str) -> &'static str {
    found(CLASSES, class)
}

/// Layers, optimizers, schedules.
const CLASSES: &[(&str, &str)] = &[
    ("LSTM", "Long short-term memory: beside h a cell state c, with an input, a forget and an output gate."),
    (
        "LayerNormalization",
        "Each vector with mean 0 and variance 1, then scaled and shifted by trained numbers.",
    ),
    (
        "Masking",
        "Timesteps whose features all equal mask_value are skipped by the recurrent layers that follow.",
    ),
    ("Embedding", "A table with one vector for each id; training changes the vectors."),
    ("Dense", "activation(x · kernel + bias), at every timestep where the input is a sequence."),
    ("Activation", "A function of each number, or with softmax of each vector."),
    ("SimpleRNN", "h = activation(x · W + h · U + b) at every timestep."),
    ("GRU", "Gated recurrent unit: one state, with an update and a reset gate."),
    ("Listing", "A recurrent layer whose cell is one of the project's listings."),
    ("Dropout", "In training, a share of the numbers becomes zero and the others are scaled up."),
    ("SpatialDropout1D", "In training, whole features become zero at all timesteps."),
    ("Conv1D", "Filters that slide over the timesteps."),
    ("MaxPooling1D", "The largest value of each feature in windows of timesteps."),
    ("AveragePooling1D", "The mean of each feature in windows of timesteps."),
    ("GlobalMaxPooling1D", "The largest value of each feature over all timesteps."),
    ("GlobalAveragePooling1D", "The mean of each feature over all timesteps."),
    ("Flatten", "All timesteps one after the other in one vector."),
    ("Bidirectional", "Two copies of a recurrent layer, one from each end of the sequence."),
    ("TimeDistributed", "The layer inside at every timestep by itself."),
    ("RepeatVector", "One vector repeated at n timesteps, as the input of a decoder."),
    ("ResidualWrapper", "The layer inside, with its input added to its output."),
    ("SGD", "Gradient descent: weight − learning rate · gradient, with or without momentum."),
    ("Adam", "Steps by the running mean of the gradient over the root of that of its square."),
    ("AdamW", "Adam with weight decay that is not part of the gradient."),
    ("RMSprop", "Steps by the gradient over the root of the running mean of its square."),
    ("Adagrad", "Steps by the gradient over the root of the sum of all its squares."),
    ("ExponentialDecay", "Multiplied by decay_rate in every decay_steps updates."),
    ("InverseTimeDecay", "initial_learning_rate / (1 + decay_rate · updates / decay_steps)."),
    ("CosineDecay", "Half a cosine from initial_learning_rate down to alpha times it."),
    ("PiecewiseConstantDecay", "values[k] up to update boundaries[k], then the next value."),
    ("EarlyStopping", "Ends training once the watched number has not improved for patience epochs."),
];

/// One sentence on an option.
fn of_option(class: &str, name: &str) -> &'static str {
    match (class, name) {
        ("Dense", "units") => "Numbers in the output vector.",
        ("Dense" | "Conv1D" | "Activation", "activation") => "The function of the output.",
        ("MaxPooling1D" | "AveragePooling1D", "strides") => {
            "Timesteps from one window to the next; as long as a window where it is empty."
        }
        ("LSTM", "activation") => "The function of the candidate, and of c in h.",
        ("GRU", "activation") => "The function of the candidate.",
        _ => found(OPTIONS, name),
    }
}

/// Options, by Keras' names.
const OPTIONS: &[(&str, &str)] = &[
    (
        "recurrent_dropout",
        "In training, the share of the states that become zero on their way to the next timestep.",
    ),
    (
        "padding",
        "valid: only whole windows; same: as many timesteps as before; causal: no window looks ahead.",
    ),
    ("input_dim", "Rows of the table: one more than the largest id."),
    ("output_dim", "Numbers in the vector of an id."),
    ("mask_zero", "The id 0 is padding: the recurrent layers that follow skip it."),
    ("units", "Numbers in the state."),
    ("activation", "The function of the new state."),
    ("recurrent_activation", "The function of the gates."),
    ("use_bias", "Whether a bias is added."),
    ("kernel_initializer", "How the first weights of the input are drawn."),
    ("recurrent_initializer", "How the first weights of the state are drawn."),
    ("bias_initializer", "How the first biases are drawn."),
    ("embeddings_initializer", "How the first vectors are drawn."),
    ("unit_forget_bias", "The bias of the forget gate begins at 1."),
    ("return_sequences", "The output at every timestep; a recurrent layer that follows needs it."),
    ("go_backwards", "Reads from the last timestep to the first."),
    ("stateful", "The state goes on into the next batch."),
    ("dropout", "In training, the share of the inputs that become zero."),
    ("reset_after", "The reset gate acts after the product with U (Keras 3), not before it."),
    ("rate", "The share that becomes zero."),
    ("filters", "Numbers in the output vector, one for each filter."),
    ("kernel_size", "Timesteps that a filter sees at once."),
    ("strides", "Timesteps from one window to the next."),
    ("dilation_rate", "Timesteps from one place of a filter to the next."),
    ("pool_size", "Timesteps of a window."),
    ("n", "Timesteps of the output."),
    ("merge_mode", "How the outputs of both directions become one."),
    ("layer", "The layer inside."),
    ("center", "A trained number beta is added."),
    ("scale", "The result is multiplied by a trained number gamma."),
    ("rms_scaling", "Only divided by the root of the mean square, without a mean."),
    ("gamma_initializer", "How the first gamma is drawn."),
    ("beta_initializer", "How the first beta is drawn."),
    ("warmup_target", "The rate after a linear warm-up."),
    ("warmup_steps", "Updates of the warm-up."),
    ("mask_value", "The number that marks a timestep to be skipped."),
    ("epsilon", "A small number that keeps a division from exploding."),
    ("cell", "The listing."),
    ("learning_rate", "The size of a step, or a schedule of it."),
    ("momentum", "The share of the step before that is added to a step."),
    ("nesterov", "The gradient is used as if the momentum's step were already made."),
    ("beta_1", "How slowly the running mean of the gradient changes."),
    ("beta_2", "How slowly the running mean of its square changes."),
    ("amsgrad", "The largest running mean of the square so far is used."),
    ("rho", "How slowly the running mean of the square changes."),
    ("centered", "The running mean of the gradient is subtracted before it is squared."),
    ("initial_accumulator_value", "What the sum of squares begins with."),
    ("weight_decay", "The share of each weight that is taken away, times the learning rate."),
    ("clipnorm", "The largest norm of the gradient of one weight matrix; a larger one is scaled down."),
    ("global_clipnorm", "The largest norm of all gradients together; larger ones are scaled down."),
    ("clipvalue", "The largest size of each number of a gradient."),
    ("initial_learning_rate", "The learning rate of the first update."),
    ("decay_steps", "Updates of one unit of decay."),
    ("decay_rate", "How much it decays in decay_steps updates."),
    ("staircase", "The units of decay are rounded down, so that the rate changes in steps."),
    ("alpha", "The last rate as a share of the first."),
    ("boundaries", "Numbers of updates, in increasing order."),
    ("values", "Learning rates, one more than boundaries."),
    ("monitor", "The watched number."),
    ("min_delta", "A change of at most this much is no improvement."),
    ("patience", "Epochs without an improvement after which training ends."),
    ("mode", "Whether lower or higher values are better; auto knows."),
    ("baseline", "A value that must be reached for an epoch to count as an improvement."),
    ("restore_best_weights", "Training ends with the weights of the best epoch."),
    ("start_from_epoch", "Epochs before this one are not watched."),
];
