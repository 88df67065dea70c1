//! What the Step view says and explains is true of the numbers that it shows.

mod arithmetic;
mod material;
mod recognised;
mod sentences;
mod templates;
