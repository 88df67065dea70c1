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
