//! The text: tokens, the tree that is read from them, its printing, and what is wrong with it.

mod brackets;
mod cleaned;
pub(super) mod diagnostics;
pub(super) mod functions;
pub(super) mod parse;
pub(super) mod printing;
pub(super) mod tokens;
pub(super) mod tree;

pub(super) use cleaned::cleaned;
pub use diagnostics::{Diagnostic, Span};
#[cfg(feature = "analysis")]
pub(crate) use functions::is_reserved;
pub use functions::{Dialect, Function};
pub use tree::{
    Binary, Definition, Expression, ExpressionKind, Options, Parameter, Statement, Subscript, Target,
};
