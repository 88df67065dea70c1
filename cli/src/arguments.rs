//! What can be written on the command line.

mod encoder_decoder;
mod experiment;
mod script;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use encoder_decoder::{AttentionKind, Cell, EncoderDecoder, Task};
pub use experiment::ExperimentCommand;
pub use script::ScriptCommand;

use crate::seed::parse_seed;

/// Recurrent networks that one can read, run, differentiate and train.
#[derive(Parser)]
#[command(name = "unrolled", version, arg_required_else_help = true, after_help = EXAMPLES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
MODEL is Keras' JSON configuration of a Sequential (model.to_json()), or a .keras file.
WEIGHTS, INPUTS and OUT are safetensors files; npz works too, and WEIGHTS may be a .keras or .weights.h5 file.
Weights are named <layer name>/<weight>, as lstm/recurrent_kernel.

Examples:
  unrolled summary model.json
  unrolled forward model.json weights.safetensors inputs.safetensors out.safetensors --trace
  unrolled fit model.json weights.safetensors inputs.safetensors out.safetensors \\
      --loss binary_crossentropy --optimizer '{\"class_name\":\"Adam\",\"config\":{\"learning_rate\":0.001}}' \\
      --batch-size 32 --epochs 2

Exit codes: 0 done, 1 the result is not a finite number, 2 the input cannot be used.";

/// The commands.
#[derive(Subcommand)]
pub enum Command {
    /// Print Keras' table of a model: layers, output shapes, parameters.
    #[command(after_help = "Example:\n  unrolled summary model.json --json")]
    Summary(Summary),
    /// Compute the output of a model.
    #[command(after_help = FORWARD)]
    Forward(Forward),
    /// Compute the gradient of a loss, or of the output, with respect to every weight and input.
    #[command(after_help = BACKWARD)]
    Backward(Backward),
    /// Train a model and write every loss and the final weights.
    #[command(after_help = FIT)]
    Fit(Fit),
    /// Check, run and differentiate a cell that is written as a step function in numpy.
    #[command(subcommand, arg_required_else_help = true)]
    Listing(ListingCommand),
    /// Run a whole numpy script with a loop over time.
    #[command(subcommand, arg_required_else_help = true)]
    Script(ScriptCommand),
    /// Write a model or weights in another format.
    #[command(after_help = CONVERT)]
    Convert(Convert),
    /// List the experiments, print the document of one, or turn it into Keras code and back.
    #[command(subcommand, arg_required_else_help = true)]
    Experiment(ExperimentCommand),
    /// Train the model of an experiment on its data, as the page does.
    #[command(after_help = TRAIN)]
    Train(Train),
    /// Loss and accuracy of a trained model on the test part of its experiment's data.
    #[command(after_help = "Example:\n  unrolled evaluate imdb.keras --experiment imdb-lstm --report")]
    Evaluate(Evaluate),
    /// What a trained model says about a text.
    #[command(
        after_help = "Example:\n  unrolled predict imdb.keras --experiment imdb-lstm --text 'a wonderful film'"
    )]
    Predict(Predict),
    /// Let a trained language model go on with a text.
    #[command(
        after_help = "Example:\n  unrolled generate moby.keras --experiment moby-dick --text 'the whale ' --length 200"
    )]
    Generate(Generate),
    /// Train an encoder and a decoder on reversing, adding or dates, with or without attention.
    #[command(after_help = "Example:\n  unrolled encoder-decoder dates --attention additive --updates 1000")]
    EncoderDecoder(EncoderDecoder),
}

const CONVERT: &str = "\
The kind of OUT follows from the end of its name: .keras, .weights.h5, .json (the configuration alone), .safetensors
or .npz. Weights without a model need --model, unless they go from safetensors to npz or back.

Examples:
  unrolled convert model.keras weights.safetensors
  unrolled convert weights.safetensors model.keras --model model.json
  unrolled convert inputs.npz inputs.safetensors";

const TRAIN: &str = "\
The data sets are those that `cargo xtask data` packs into www/data.

Examples:
  unrolled train --experiment imdb-lstm --out imdb.keras
  unrolled train --experiment moby-dick --epochs 1 --out moby.keras
  unrolled train --experiment my-experiment.json --seed random";

const FORWARD: &str = "\
INPUTS: `x`, ids as i32 or i64 [B,T], or floats [B,T,F] or [B,F]; optionally `mask` u8 [B,T] with 0 or 1, and
`initial_state/<layer name>/h`, `/c` [B,units].
OUT: `output`; `state/h`, `state/c` of a last layer with return_state; with --trace `<layer name>/<symbol>` [B,T,units].

Examples:
  unrolled forward model.json weights.safetensors inputs.safetensors out.safetensors
  unrolled forward model.json weights.npz inputs.npz out.npz --trace --repeat 2";

const BACKWARD: &str = "\
INPUTS: as for forward, and `y` (class ids for sparse_categorical_crossentropy, else f32 of the output's shape) with
--loss, or `upstream` (f32 of the output's shape) without.
OUT: `output`, `loss`, `grad/x` where x is float, `grad/<weight>`, `grad/initial_state/<layer name>/h`, `/c`.

Examples:
  unrolled backward model.json weights.safetensors inputs.safetensors out.safetensors --loss mean_squared_error
  unrolled backward model.json weights.safetensors inputs.safetensors out.safetensors   # with `upstream`";

const FIT: &str = "\
INPUTS: `x`, `y` and optionally `mask`, as for backward.
OUT: `history/loss` (one value a step, before its update) and every final weight under its name.

Example:
  unrolled fit model.json weights.safetensors inputs.safetensors out.safetensors \\
      --loss sparse_categorical_crossentropy --from-logits \\
      --optimizer '{\"class_name\":\"SGD\",\"config\":{\"learning_rate\":0.1,\"momentum\":0.9}}' \\
      --batch-size 16 --epochs 3 --no-shuffle";

/// Options of `summary`.
#[derive(Args)]
pub struct Summary {
    /// Keras' JSON configuration of a Sequential.
    pub model: PathBuf,
    /// Print JSON: layers, total, trainable.
    #[arg(long)]
    pub json: bool,
}

/// The files of a pass.
#[derive(Args)]
pub struct Files {
    /// Keras' JSON configuration of a Sequential.
    pub model: PathBuf,
    /// The file with every weight.
    pub weights: PathBuf,
    /// The file with the inputs.
    pub inputs: PathBuf,
    /// The file to write.
    pub out: PathBuf,
}

/// Options of `forward`.
#[derive(Args)]
pub struct Forward {
    /// Model, weights, inputs, output.
    #[command(flatten)]
    pub files: Files,
    /// Write every gate and state too.
    #[arg(long)]
    pub trace: bool,
    /// Call the model this many times on the same x and write the last call; stateful layers keep their state.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub repeat: u32,
}

/// Options of `backward`.
#[derive(Args)]
pub struct Backward {
    /// Model, weights, inputs, output.
    #[command(flatten)]
    pub files: Files,
    /// Keras' name of the loss; without it INPUTS must hold `upstream`.
    #[arg(long, value_name = "NAME")]
    pub loss: Option<String>,
    /// The output is logits, not probabilities.
    #[arg(long, requires = "loss")]
    pub from_logits: bool,
}

/// Options of `fit`.
#[derive(Args)]
pub struct Fit {
    /// Model, weights, inputs, output.
    #[command(flatten)]
    pub files: Files,
    /// Keras' name of the loss.
    #[arg(long, value_name = "NAME")]
    pub loss: String,
    /// The output is logits, not probabilities.
    #[arg(long)]
    pub from_logits: bool,
    /// Keras' configuration of the optimizer.
    #[arg(long, value_name = "JSON")]
    pub optimizer: String,
    /// Samples in a batch.
    #[arg(long, value_name = "N")]
    pub batch_size: usize,
    /// How often every sample is trained on.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub epochs: u32,
    /// Keep the order of the samples.
    #[arg(long)]
    pub no_shuffle: bool,
    /// Seed of the shuffling and of dropout; `random` draws one and prints it.
    #[arg(long, value_name = "N|random", default_value = "0", value_parser = parse_seed)]
    pub seed: u64,
}

/// The commands on listings.
#[derive(Subcommand)]
pub enum ListingCommand {
    /// Print the inferred shapes and the weights that a listing needs, or its errors.
    #[command(after_help = "Example:\n  unrolled listing check cells/lstm.py")]
    Check {
        /// The listing: one function `def step(x, <states…>, <weights…>)`.
        file: PathBuf,
    },
    /// Run a listing over a sequence.
    #[command(after_help = LISTING_RUN)]
    Run(ListingFiles),
    /// Print the adjoint listing, which can be run in Python too.
    #[command(after_help = "Example:\n  unrolled listing differentiate cells/lstm.py > adjoint.py")]
    Differentiate {
        /// The listing.
        file: PathBuf,
    },
    /// Run a listing and its adjoint over a sequence.
    #[command(after_help = LISTING_BACKWARD)]
    Backward(ListingFiles),
}

const LISTING_RUN: &str = "\
INPUTS: `x` [T,features], every weight and any initial state by its name in the listing (states missing are zero).
OUT: every name assigned in the listing as [T,…], and `final/<state>`.

Example:
  unrolled listing run cells/lstm.py inputs.safetensors out.safetensors";

const LISTING_BACKWARD: &str = "\
INPUTS: as for run, and `upstream/<state>` [T,units], the gradient of each step's state (missing ones are zero).
OUT: `grad/x`, `grad/<weight>`, `grad/initial/<state>`.

Example:
  unrolled listing backward cells/lstm.py inputs.safetensors out.safetensors";

/// The files of a run of a listing.
#[derive(Args)]
pub struct ListingFiles {
    /// The listing.
    pub file: PathBuf,
    /// The file with the inputs.
    pub inputs: PathBuf,
    /// The file to write.
    pub out: PathBuf,
}

/// Options of `convert`.
#[derive(Args)]
pub struct Convert {
    /// The file to read.
    #[arg(value_name = "IN")]
    pub from: PathBuf,
    /// The file to write.
    #[arg(value_name = "OUT")]
    pub to: PathBuf,
    /// The model that weights belong to.
    #[arg(long)]
    pub model: Option<PathBuf>,
}

/// Where the data of an experiment are.
#[derive(Args)]
pub struct Material {
    /// The experiment: a name of `unrolled experiment list`, or the path of a document.
    #[arg(long, value_name = "NAME_OR_FILE")]
    pub experiment: String,
    /// The folder with the packed data sets.
    #[arg(long, value_name = "FOLDER", default_value = "www/data")]
    pub data: PathBuf,
}

/// Options of `train`.
#[derive(Args)]
pub struct Train {
    /// Print the experiments, as `experiment list` does.
    #[arg(long)]
    pub list: bool,
    /// The experiment: a name of `unrolled experiment list`, or the path of a document.
    #[arg(long, value_name = "NAME_OR_FILE", required_unless_present = "list")]
    pub experiment: Option<String>,
    /// The folder with the packed data sets, or a file of one's own: .csv, .txt, .npz or .safetensors.
    #[arg(long, value_name = "FOLDER_OR_FILE", default_value = "www/data")]
    pub data: PathBuf,
    /// The file for the trained model: .keras, or for a language model .safetensors with its vocabulary.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// First weights in place of those from the seed: .keras, .h5, .weights.h5, .safetensors or .npz.
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,
    /// How often every sample is trained on, instead of the experiment's number.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub epochs: Option<u32>,
    /// Train on the first samples only, of a long text on the first characters or words.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
    /// Seed of first weights, shuffling and dropout, instead of the experiment's; `random` draws one and prints it.
    #[arg(long, value_name = "N|random", value_parser = parse_seed)]
    pub seed: Option<u64>,
}

/// Options of `evaluate`.
#[derive(Args)]
pub struct Evaluate {
    /// The trained model, .keras.
    pub model: PathBuf,
    /// The data.
    #[command(flatten)]
    pub material: Material,
    /// Print precision, recall and the most frequent mistake of every class too.
    #[arg(long)]
    pub report: bool,
}

/// Options of `predict`.
#[derive(Args)]
pub struct Predict {
    /// The trained model, .keras.
    pub model: PathBuf,
    /// The data, whose vocabulary is used.
    #[command(flatten)]
    pub material: Material,
    /// The text.
    #[arg(long)]
    pub text: String,
}

/// Options of `generate`.
#[derive(Args)]
pub struct Generate {
    /// The trained model, .keras.
    pub model: PathBuf,
    /// The data, whose vocabulary is used.
    #[command(flatten)]
    pub material: Material,
    /// The beginning.
    #[arg(long)]
    pub text: String,
    /// How many characters or words to add.
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub length: u32,
    /// Below 1 likely continuations become likelier, above 1 all become alike; 0 takes the likeliest.
    #[arg(long, default_value_t = 0.7, allow_negative_numbers = true)]
    pub temperature: f32,
    /// Seed of the draws; `random` draws one and prints it.
    #[arg(long, value_name = "N|random", default_value = "0", value_parser = parse_seed)]
    pub seed: u64,
}
