//! The numpy-style language in which cells are written: the step function is the document.
//!
//! A [`Listing`] is one Python function of about ten lines. It runs unchanged in Python with numpy; here it is read
//! ([`Listing::parse`]), given shapes ([`Listing::shapes`]), differentiated into another listing
//! ([`Listing::differentiate`]) and run by one executor, over a sequence with every value kept ([`Recording`]) or as
//! the cell of a layer in training ([`cell::ListingCell`]). All of them start from one [`Graph`]; an edit makes one
//! [`CheckedListing`] and keeps it.
//!
//! This module promises:
//! - no panic and no endless work, whatever is typed: a text is accepted or answered with [`Diagnostic`]s that say
//!   what would work;
//! - every number is what numpy gives for the same text, up to the rounding of f32;
//! - what [`Listing::differentiate`] prints is what runs backwards: the printed text is read again and run.
//!
//! It leaves out loops, conditions and everything else that one timestep of a cell does not need.

mod adjoint;
pub mod cell;
pub mod cells;
mod checked;
pub mod diagram;
mod explain;
mod graph;
mod hints;
mod language;
mod parsed;
mod settled;
mod shapes;

pub use cell::initializers;
pub use cell::{Form, Instruction, Pass, Plan, Recording, Sequence, SizedListing, Stage, Value};
pub use checked::CheckedListing;
pub use explain::{Contribution, Explanation, LARGEST, Operand, Origin, ValueAddress, shown, significant};
pub use graph::{Assigned, Bound, Cut, Graph, Group, Node, NodeId, Op, Reduction};
pub use hints::{Formula, formulas, resized};
#[cfg(feature = "analysis")]
pub(crate) use language::is_reserved;
#[cfg(feature = "formats")]
pub(crate) use language::tokens::{Located, LogicalLine, Token, tokenize};
pub use language::{
    Binary, Definition, Diagnostic, Dialect, Expression, ExpressionKind, Function, Options, Parameter, Span,
    Statement, Subscript, Target,
};
pub use parsed::Listing;
pub use shapes::{ParameterShape, Role, Shapes};
