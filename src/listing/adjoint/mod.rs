//! Differentiation from source to source: the adjoint of a listing is again a listing.

mod build;
mod forward;
mod guards;
mod naming;
mod pieces;
mod reverse;
mod rules;
mod text;

pub(super) use reverse::differentiate;
