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
pub mod examples;
mod exchange;
pub mod history;
pub mod judging;
pub mod loss;
pub mod metrics;
pub mod optimizer;
mod options;
mod power;
pub mod run;
mod sample_weight;
pub mod schedule;
mod sharing;
mod streams;
pub mod trainer;
pub mod watch;

pub use batches::{Batch, Batches};
pub use early_stopping::EarlyStopping;
pub use evaluator::Evaluator;
pub use examples::{Examples, Inputs, Labels};
pub use exchange::Exchange;
pub use history::{Epoch, Evaluation, History, Score};
pub use loss::Loss;
pub use metrics::Report;
pub use optimizer::Optimizer;
pub use options::FitOptions;
pub use run::{Advance, Run};
pub use schedule::Schedule;
pub use trainer::{Trainer, Update};
pub use watch::{Watch, Watched};
