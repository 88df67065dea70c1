//! The executor: a listing and its adjoint as one plan that runs over batches of sequences, for training and for
//! stepping.

mod chosen;
mod elementwise;
mod executor;
mod general;
pub(super) mod initializers;
mod instruction;
mod layer;
mod layout;
mod machine;
mod memory;
mod plan;
pub(super) mod recording;
mod sequence;
mod sized;

pub use initializers::initializers;
pub use instruction::{Form, Instruction};
pub use layer::{CLASS, ListingCell};
pub use plan::{Plan, Stage, Value};
pub use recording::{Pass, Recording};
pub use sequence::Sequence;
pub use sized::SizedListing;
