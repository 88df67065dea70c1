//! The pointwise part of one timestep of LSTM and GRU: what is computed between the products, for all samples.

mod gru;
mod lstm;
mod rows;
mod whole_rows;

use crate::Backend;
use crate::activation::{Activation, Chosen};

/// The pointwise operations of one timestep. Arrays hold one row a sample: `[batch, units]`, gates side by side.
pub struct Pointwise<'a> {
    /// On which lanes it runs.
    pub backend: Backend,
    /// The activations of the cell.
    pub functions: Functions,
    /// Units of the cell.
    pub units: usize,
    /// Memory for the gradients of the gates of one sample; what it holds does not matter.
    pub workspace: &'a mut Vec<f32>,
}

/// `activation` squashes candidates and the memory, `recurrent_activation` opens gates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Functions<F = Activation> {
    /// Of candidates and the memory.
    pub activation: F,
    /// Of gates.
    pub recurrent_activation: F,
}

/// Keras' defaults, for which the loops are compiled without a choice inside.
const STANDARD: Functions =
    Functions { activation: Activation::Tanh, recurrent_activation: Activation::Sigmoid };

impl Functions {
    /// Whether one of them needs all units of a gate at once, as softmax does.
    fn need_whole_rows(self) -> bool {
        [self.activation, self.recurrent_activation].contains(&Activation::Softmax)
    }

    /// The same, computed by a call for each four numbers.
    fn chosen(self) -> Functions<Chosen> {
        Functions {
            activation: Chosen(self.activation),
            recurrent_activation: Chosen(self.recurrent_activation),
        }
    }
}

/// Runs `$lanes` with `$functions` and `$L` known to the compiler where the functions are Keras' own, and `$whole` if
/// they cannot be computed lane by lane.
macro_rules! with_functions {
    ($backend:expr, $own:expr, |$L:ident, $functions:ident| $lanes:expr, whole: $whole:expr) => {
        if $own == $crate::recurrent::STANDARD {
            let $functions = $crate::recurrent::STANDARD;
            $crate::lanes::with_lanes!($backend, $L => $lanes)
        } else if $own.need_whole_rows() {
            $whole
        } else {
            let $functions = $own.chosen();
            $crate::lanes::with_lanes!($backend, $L => $lanes)
        }
    };
}
use with_functions;
