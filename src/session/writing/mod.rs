//! A language model that writes, one id after the other, with what it computed on the way.

mod aside;
mod clamp;
mod compare;
mod line;
mod positions;
mod shipped;
mod stacked;
mod taken_apart;
mod told;
mod writer;

pub use clamp::Clamp;
pub use compare::{Compared, Followed, Likely};
pub use shipped::{Shipped, shipped_file};
pub use taken_apart::TakenApart;
pub use told::{PlacedSymbol, WriterFacts, Written, WrittenChoice, WrittenUnit};
pub use writer::Writer;
