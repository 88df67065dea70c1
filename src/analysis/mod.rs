//! Mathematics for what is asked about a trained model: it knows matrices, no sessions.

pub mod follow;
pub mod order;
pub mod principal;
pub mod singular;
pub mod unrolling;
