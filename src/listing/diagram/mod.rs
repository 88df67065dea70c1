//! The picture of a cell, laid out from its listing for the room that a page has.
//!
//! The value of the input comes from below, states run from left to right, results rise: sums with weights
//! (x·W + h·U + b) at the bottom, gates above them as boxes, element-wise operations as circles. A state that is
//! updated element by element runs straight along the top, with the operations on it, as the field draws LSTM and
//! GRU. `simplify` decides what is drawn, `layout` where, `place` turns that into pixels, `route` finds a way for each
//! wire around all boxes, and `room` looks for free places for numbers. `backwards` says when each part has its
//! gradient.
//!
//! Letters have one size. A picture is fitted to its room by the distances between its elements alone; if that is not
//! enough it becomes larger than the room.

mod backwards;
mod draw;
mod layout;
mod picture;
mod place;
mod room;
mod route;
mod simplify;
mod sizes;

pub use picture::{Area, Carries, Diagram, DiagramElement, DiagramLabel, DiagramValue, Edge, Figure, Wire};
pub use sizes::{LETTER, LETTERS};
