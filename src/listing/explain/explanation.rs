//! What an explanation consists of.

use crate::listing::cell::recording::Pass;
use serde::Serialize;

/// A number of a recording: which listing, when, after which line, whose, and which of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ValueAddress {
    /// Which listing.
    pub pass: Pass,
    /// The timestep, from 0.
    pub timestep: usize,
    /// The line of the listing's text; the value is the one after it.
    pub line: usize,
    /// The name.
    pub name: String,
    /// The position in the array, row after row.
    pub index: usize,
}

/// Where an operand was made.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Origin {
    /// A number written in the listing.
    Written,
    /// Read from the sequence at this timestep.
    Input {
        /// Which timestep.
        timestep: usize,
    },
    /// The state before the first step.
    Initial,
    /// A weight.
    Weight,
    /// Made by a line, of this or another timestep.
    Line {
        /// Where exactly.
        address: ValueAddress,
    },
    /// A state as returned by the step before from an expression without a name.
    Returned {
        /// The timestep that returned it.
        timestep: usize,
    },
    /// The gradient that arrives at a state after this timestep.
    Arriving {
        /// The gradient of the loss itself with respect to the state after this step.
        from_loss: f32,
        /// What comes back from the next timestep, and where it was made there.
        from_next: Option<(f32, ValueAddress)>,
    },
    /// A part of a line without a name.
    Part,
    /// A sum of products without a name: its parts are among the terms of the explanation.
    Products,
}

/// A number that a formula uses.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Operand {
    /// As it is written: `z_f[5]`.
    pub label: String,
    /// The number.
    pub value: f32,
    /// The number as it is printed: with so many digits that what it is a part of can be worked out from it.
    pub shown: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Where it can be looked at: for a state that enters the timestep, where the timestep before made it.
    pub address: Option<ValueAddress>,
}

/// One part of a sum.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Contribution {
    /// As it is written: `x[7] * W[7, 5]`.
    pub label: String,
    /// How much it adds.
    pub value: f32,
    /// The same as it is printed.
    pub shown: String,
    /// The sum up to this part, as it is printed.
    pub so_far: String,
    /// The factors of a product, or the value itself.
    pub factors: Vec<Operand>,
}

/// So many parts of a sum are named; the others are added up.
pub const LARGEST: usize = 4;

/// Everything about one number.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Explanation {
    /// Which number it is.
    pub address: ValueAddress,
    /// What it is called: `W_f[3, 5]`, `h_before[2]`.
    pub label: String,
    /// Its position along each axis.
    pub position: Vec<usize>,
    /// The shape of the array that contains it.
    pub shape: Vec<usize>,
    /// The number.
    pub value: f32,
    /// The same as it is printed.
    pub shown: String,
    /// The lines of the text that make it.
    pub text: String,
    /// `f[5] = sigmoid(z_f[5])`
    pub formula: String,
    /// `sigmoid(-2.013)`
    pub filled: String,
    /// What the formula reads.
    pub operands: Vec<Operand>,
    /// Where weights are named by their parts, as `W_f`: which parts of the listing's arrays these are, as sentences;
    /// else empty.
    pub pieces: String,
    /// What the terms add up to: the number itself, or what a function is taken of, such as `z_f[5]`.
    pub sum_label: String,
    /// The sum of all terms.
    pub sum: f32,
    /// The same as it is printed.
    pub sum_shown: String,
    /// The parts of the sum, the largest first; those of a sum over time in the order of the timesteps.
    pub terms: Vec<Contribution>,
    /// All parts but the largest [`LARGEST`], added up, as it is printed; empty if there are no others.
    pub rest: String,
    /// Where the number comes from if no line of this timestep makes it: for parameters.
    pub origin: Option<Origin>,
}
