//! The picture of a cell, laid out from its listing: gates as boxes, element-wise operations as circles, states from
//! left to right, the input from below.
//!
//! What is linear in the input and the states (products with weights, sums of them, cuts) is drawn as one line at the
//! bottom, from which every gate rises, as the field draws LSTM and GRU. A state that is updated element by element
//! runs straight along the top, with the operations on it.

mod draw;
mod layout;
mod picture;
mod simplify;
mod wires;

pub use picture::{Carries, Diagram, DiagramElement, DiagramLabel, Figure, Wire};
