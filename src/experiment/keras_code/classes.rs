//! Keras' classes: the order of their arguments, and what earlier versions called them and their options.

/// What an object of a class is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Layer,
    Optimizer,
    Loss,
    /// A schedule, an initializer: an option of another object.
    Option,
    Callback,
}

/// A class with its first arguments in Keras 3's order; those behind them are always written by name.
#[derive(Debug)]
pub(super) struct Class {
    pub name: &'static str,
    pub role: Role,
    pub order: &'static [&'static str],
}

const fn class(role: Role, name: &'static str, order: &'static [&'static str]) -> Class {
    Class { name, role, order }
}

const DECAY: &[&str] = &["initial_learning_rate", "decay_steps", "decay_rate", "staircase"];
const POOL: &[&str] = &["pool_size", "strides", "padding"];
const NORMAL: &[&str] = &["mean", "stddev", "seed"];

/// Every class that is read. Signatures: <https://keras.io/api/>.
pub(super) const CLASSES: [Class; 49] = [
    class(Role::Layer, "InputLayer", &["shape", "batch_size", "dtype"]),
    class(
        Role::Layer,
        "Embedding",
        &["input_dim", "output_dim", "embeddings_initializer", "embeddings_regularizer"],
    ),
    class(
        Role::Layer,
        "Dense",
        &["units", "activation", "use_bias", "kernel_initializer", "bias_initializer"],
    ),
    class(Role::Layer, "Activation", &["activation"]),
    class(
        Role::Layer,
        "SimpleRNN",
        &[
            "units",
            "activation",
            "use_bias",
            "kernel_initializer",
            "recurrent_initializer",
            "bias_initializer",
        ],
    ),
    class(Role::Layer, "LSTM", GATED),
    class(Role::Layer, "GRU", GATED),
    class(Role::Layer, "Listing", &["units"]),
    class(Role::Layer, "Dropout", &["rate", "noise_shape", "seed"]),
    class(Role::Layer, "SpatialDropout1D", &["rate", "seed"]),
    class(
        Role::Layer,
        "Conv1D",
        &[
            "filters",
            "kernel_size",
            "strides",
            "padding",
            "data_format",
            "dilation_rate",
            "groups",
            "activation",
        ],
    ),
    class(Role::Layer, "MaxPooling1D", POOL),
    class(Role::Layer, "AveragePooling1D", POOL),
    class(Role::Layer, "GlobalMaxPooling1D", &["data_format", "keepdims"]),
    class(Role::Layer, "GlobalAveragePooling1D", &["data_format", "keepdims"]),
    class(Role::Layer, "Flatten", &["data_format"]),
    class(Role::Layer, "LayerNormalization", &["axis", "epsilon", "center", "scale"]),
    class(Role::Layer, "Bidirectional", &["layer", "merge_mode"]),
    class(Role::Layer, "TimeDistributed", &["layer"]),
    class(Role::Layer, "ResidualWrapper", &["layer"]),
    class(Role::Layer, "RepeatVector", &["n"]),
    class(Role::Layer, "Masking", &["mask_value"]),
    class(Role::Optimizer, "SGD", &["learning_rate", "momentum", "nesterov"]),
    class(Role::Optimizer, "RMSprop", &["learning_rate", "rho", "momentum", "epsilon", "centered"]),
    class(Role::Optimizer, "Adam", &["learning_rate", "beta_1", "beta_2", "epsilon", "amsgrad"]),
    class(Role::Optimizer, "AdamW", &["learning_rate", "weight_decay", "beta_1", "beta_2", "epsilon"]),
    class(Role::Optimizer, "Adagrad", &["learning_rate", "initial_accumulator_value", "epsilon"]),
    class(Role::Loss, "BinaryCrossentropy", &["from_logits"]),
    class(Role::Loss, "CategoricalCrossentropy", &["from_logits"]),
    class(Role::Loss, "SparseCategoricalCrossentropy", &["from_logits"]),
    class(Role::Loss, "MeanSquaredError", &[]),
    class(Role::Option, "PiecewiseConstantDecay", &["boundaries", "values"]),
    class(Role::Option, "ExponentialDecay", DECAY),
    class(Role::Option, "InverseTimeDecay", DECAY),
    class(Role::Option, "CosineDecay", &["initial_learning_rate", "decay_steps", "alpha"]),
    class(Role::Option, "Zeros", &[]),
    class(Role::Option, "Ones", &[]),
    class(Role::Option, "Constant", &["value"]),
    class(Role::Option, "GlorotUniform", &["seed"]),
    class(Role::Option, "GlorotNormal", &["seed"]),
    class(Role::Option, "HeUniform", &["seed"]),
    class(Role::Option, "HeNormal", &["seed"]),
    class(Role::Option, "RandomUniform", &["minval", "maxval", "seed"]),
    class(Role::Option, "RandomNormal", NORMAL),
    class(Role::Option, "TruncatedNormal", NORMAL),
    class(Role::Option, "Orthogonal", &["gain", "seed"]),
    class(Role::Option, "Identity", &["gain"]),
    class(Role::Option, "VarianceScaling", &["scale", "mode", "distribution", "seed"]),
    class(
        Role::Callback,
        "EarlyStopping",
        &["monitor", "min_delta", "patience", "verbose", "mode", "baseline", "restore_best_weights"],
    ),
];

const GATED: &[&str] = &[
    "units",
    "activation",
    "recurrent_activation",
    "use_bias",
    "kernel_initializer",
    "recurrent_initializer",
    "bias_initializer",
];

/// Other names of classes in Keras 1, 2 and 3.
const OTHER_NAMES: [(&str, &str); 13] = [
    ("Input", "InputLayer"),
    ("CuDNNLSTM", "LSTM"),
    ("CuDNNGRU", "GRU"),
    ("Convolution1D", "Conv1D"),
    ("MaxPool1D", "MaxPooling1D"),
    ("AvgPool1D", "AveragePooling1D"),
    ("GlobalMaxPool1D", "GlobalMaxPooling1D"),
    ("GlobalAvgPool1D", "GlobalAveragePooling1D"),
    ("orthogonal", "Orthogonal"),
    ("glorot_uniform", "GlorotUniform"),
    ("he_uniform", "HeUniform"),
    ("random_uniform", "RandomUniform"),
    ("identity", "Identity"),
];

/// The class that code calls `name`.
pub(super) fn find(name: &str) -> Option<&'static Class> {
    let name = OTHER_NAMES.iter().find(|(other, _)| *other == name).map_or(name, |(_, name)| name);
    CLASSES.iter().find(|class| class.name == name)
}

/// Earlier names of options with the present ones.
type Renamed = &'static [(&'static str, &'static str)];

/// What Keras 1 called the options of some classes; those of all layers have no class beside them.
const KERAS_1: [(&[&str], Renamed); 6] = [
    (
        &[],
        &[
            ("output_dim", "units"),
            ("init", "kernel_initializer"),
            ("inner_init", "recurrent_initializer"),
            ("inner_activation", "recurrent_activation"),
            ("dropout_W", "dropout"),
            ("dropout_U", "recurrent_dropout"),
            ("bias", "use_bias"),
            ("border_mode", "padding"),
            ("W_regularizer", "kernel_regularizer"),
            ("U_regularizer", "recurrent_regularizer"),
            ("b_regularizer", "bias_regularizer"),
            ("W_constraint", "kernel_constraint"),
            ("b_constraint", "bias_constraint"),
        ],
    ),
    (&["Embedding"], &[("output_dim", "output_dim"), ("init", "embeddings_initializer")]),
    (
        &["Conv1D"],
        &[("nb_filter", "filters"), ("filter_length", "kernel_size"), ("subsample_length", "strides")],
    ),
    (&["MaxPooling1D", "AveragePooling1D"], &[("pool_length", "pool_size"), ("stride", "strides")]),
    (&["Dropout", "SpatialDropout1D"], &[("p", "rate")]),
    (&["SGD", "RMSprop", "Adam", "AdamW", "Adagrad"], &[("lr", "learning_rate")]),
];

/// The present name of an option that code calls `key`.
pub(super) fn option<'a>(class: &str, key: &'a str) -> &'a str {
    let of = |is_meant: &dyn Fn(&[&str]) -> bool| {
        let names = KERAS_1.iter().filter(|(classes, _)| is_meant(classes)).flat_map(|(_, names)| *names);
        names.into_iter().find(|(old, _)| *old == key).map(|(_, new)| *new)
    };
    of(&|classes| classes.contains(&class)).or_else(|| of(&|classes| classes.is_empty())).unwrap_or(key)
}

/// Options that change nothing of what this engine computes.
pub(super) const WITHOUT_EFFECT: [&str; 6] =
    ["consume_less", "unroll", "seed", "verbose", "forget_bias_init", "dtype"];
