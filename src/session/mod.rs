//! What a front does: train an experiment, ask a trained model, step through a cell.
//!
//! The page and the command line do the same things; what they share stands here and knows neither.

#[cfg(feature = "analysis")]
pub mod analysis;
mod current;
mod data;
#[cfg(feature = "analysis")]
pub mod encoder_decoder;
#[cfg(feature = "formats")]
pub mod files;
pub mod insight;
mod parts;
mod reader;
mod report;
pub mod sampling;
pub mod stepping;
mod text;
mod trained;
mod training;
pub mod writing;

pub use parts::Parts;
pub use report::{Report, SetUp};
pub use text::{TextTrace, Token};
pub use trained::Trained;
pub use training::Training;
