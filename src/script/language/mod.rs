//! The text of a script as a tree: what of Python a script with a loop over time needs.
//!
//! Tokens are those of listings ([`crate::listing`]). The tree is another one: a script has lists, dictionaries, texts,
//! methods and loops, and its names have no shapes before it runs.

mod atom;
mod blocks;
mod cursor;
mod expression;
mod statement;
mod texts;
mod tree;
mod walk;
mod written;

pub(in crate::script) use statement::parse;
pub(in crate::script) use texts::in_one_line;
pub(in crate::script) use tree::*;
pub(in crate::script) use walk::{as_name, name_at, names_in, replaced};
pub(in crate::script) use written::written;
