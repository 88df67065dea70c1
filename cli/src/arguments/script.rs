//! The commands on numpy scripts.

use std::path::PathBuf;

use clap::Subcommand;

/// The commands on scripts.
#[derive(Subcommand)]
pub enum ScriptCommand {
    /// Print sizes, timesteps, states and weights of a script, or its errors; of pseudo-code what it leaves open.
    #[command(after_help = "Example:\n  unrolled script check rnn.py")]
    Check {
        /// The script: numpy with one loop over time.
        file: PathBuf,
    },
    /// Print pseudo-code with something in place of every name that it leaves open, so that it runs.
    #[command(
        after_help = "Example:\n  unrolled script fill pseudo.py > rnn.py\n  unrolled script run rnn.py out.safetensors"
    )]
    Fill {
        /// The pseudo-code.
        file: PathBuf,
    },
    /// Print the step inside the loop as a listing, which `listing` reads.
    #[command(
        after_help = "Example:\n  unrolled script extract rnn.py > step.py\n  unrolled listing check step.py"
    )]
    Extract {
        /// The script.
        file: PathBuf,
    },
    /// Run a script and write its arrays; what it prints goes to standard output.
    #[command(after_help = RUN)]
    Run {
        /// The script.
        file: PathBuf,
        /// The safetensors file to write.
        out: PathBuf,
        /// Seed of draws that the script does not seed itself, as np.random.seed would set it.
        #[arg(long, value_name = "N", default_value_t = 0)]
        seed: u32,
    },
}

const RUN: &str = "\
OUT: every name that the loop over time assigns as [T,…], and every other array as it is at the end, in the types that
numpy has: F64, F32, I64, and U8 for booleans. Lists of equal arrays are written as one array.

Example:
  unrolled script run rnn.py out.safetensors";
