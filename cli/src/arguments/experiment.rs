//! The commands on experiments.

use std::path::PathBuf;

use clap::Subcommand;

/// The commands on experiments.
#[derive(Subcommand)]
pub enum ExperimentCommand {
    /// Print the names of the experiments that come with the project.
    List,
    /// Print the document of an experiment with all defaults filled in.
    #[command(after_help = "Example:\n  unrolled experiment show imdb-lstm > my-experiment.json")]
    Show {
        /// The name of an experiment, or the path of a document.
        #[arg(value_name = "NAME_OR_FILE")]
        experiment: String,
    },
    /// Read Keras code, or Keras' JSON of a model, and print the document of the experiment that it is.
    #[command(after_help = READ)]
    Read {
        /// The code: Sequential, compile and fit as people paste them, in the words of Keras 1, 2 or 3.
        file: PathBuf,
        /// The experiment whose data and seed are taken, and what else the code does not say.
        #[arg(long, value_name = "NAME_OR_FILE", default_value = "imdb-small")]
        start: String,
    },
    /// Write a Keras 3 script that repeats the run of an experiment, with the files that it needs.
    #[command(after_help = SCRIPT)]
    Script {
        /// The name of an experiment, or the path of a document.
        #[arg(value_name = "NAME_OR_FILE")]
        experiment: String,
        /// The folder to write into; it is made if it is missing.
        folder: PathBuf,
        /// Write a Jupyter notebook instead of a script.
        #[arg(long)]
        notebook: bool,
        /// Share every batch by all devices, with keras.distribution.
        #[arg(long)]
        devices: bool,
        /// First weights in place of those from the seed: .keras, .h5, .weights.h5, .safetensors or .npz.
        #[arg(long, value_name = "FILE")]
        weights: Option<PathBuf>,
        /// Folder of the packed data sets.
        #[arg(long, value_name = "FOLDER", default_value = "www/data")]
        data: PathBuf,
    },
    /// Print the Keras code of an experiment: its Sequential, compile and fit.
    #[command(after_help = "Example:\n  unrolled experiment code imdb-lstm > model.py")]
    Code {
        /// The name of an experiment, or the path of a document.
        #[arg(value_name = "NAME_OR_FILE")]
        experiment: String,
    },
}

const READ: &str = "\
What was taken otherwise than it stands there, and the lines that say nothing of the model, are listed on standard
error.

Example:
  unrolled experiment read model.py --start reuters > my-experiment.json";

const SCRIPT: &str = "\
Written are NAME.py or NAME.ipynb, and NAME-run.npz with the samples, their order, the first weights and the first
losses. The script needs no other file, and of Python keras, jax and numpy.

Examples:
  unrolled experiment script imdb-small keras
  python keras/imdb-small.py
  unrolled experiment script digits keras --devices
  XLA_FLAGS=--xla_force_host_platform_device_count=2 python keras/digits.py";
