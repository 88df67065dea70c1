//! Training: losses, optimizers, and the loop that is the same bit for bit wherever it runs.

pub mod checkpoint;
pub mod early_stopping;
mod evaluation;
pub mod examples;
mod exchange;
mod fit;
pub mod history;
pub mod loss;
pub mod metrics;
pub mod optimizer;
mod sample_weight;
pub mod schedule;
mod streams;
pub mod trainer;

pub use early_stopping::EarlyStopping;
pub use examples::{Examples, Inputs, Labels};
pub use exchange::Exchange;
pub use history::{Evaluation, History, Score};
pub use loss::Loss;
pub use metrics::Report;
pub use optimizer::Optimizer;
pub use schedule::Schedule;
pub use trainer::{Advance, FitOptions, Trainer};
