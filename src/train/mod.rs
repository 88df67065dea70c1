//! Training: losses, optimizers, and the loop that is the same bit for bit wherever it runs.
//!
//! [`Batches`] say which samples come next, the [`Trainer`] makes one update of them, the [`Evaluator`]
//! judges the model on other samples, and a [`Run`] is the loop over all three.

pub mod baseline;
pub mod batches;
pub mod checkpoint;
pub mod course;
pub mod early_stopping;
pub mod evaluator;
mod exchange;
pub mod judging;
pub mod metrics;
mod options;
pub mod run;
mod sharing;
pub mod trainer;
pub mod watch;

pub use batches::{Batch, Batches};
pub use early_stopping::EarlyStopping;
pub use evaluator::Evaluator;
pub use exchange::Exchange;
pub use metrics::Report;
pub use options::FitOptions;
pub use run::{Advance, Run};
pub use trainer::{Trainer, Update};
pub use unrolled_core::train::examples::{self, Examples, Inputs, Labels};
pub use unrolled_core::train::history::{self, Epoch, Evaluation, History, Score};
pub use unrolled_core::train::loss::{self, Loss};
pub use unrolled_core::train::optimizer::{self, Optimizer};
pub use unrolled_core::train::schedule::{self, Schedule};
pub use watch::{Watch, Watched};
