//! The executor: a listing and its adjoint as one plan that runs over batches of sequences, for training and for stepping.

mod elementwise;
pub(super) mod initializers;
pub(super) mod instruction;
pub(super) mod layer;
mod layout;
mod machine;
mod memory;
pub(super) mod plan;
mod products;
pub(super) mod recording;
pub(super) mod run;

pub use instruction::{Form, Instruction};
pub use layer::{CLASS, ListingCell};
pub use plan::{Plan, Stage, Value};
pub use recording::{Pass, Recording, Sequence};
pub use run::{Inputs, Tape};
