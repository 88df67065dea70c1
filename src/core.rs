//! What every update of a model computes around the loops of `src/math/`. It is a package of its own since the
//! browser's build compiles every package for speed or for size; `unrolled` passes all of it on under the same paths.

pub mod layers;
pub use unrolled_math as math;
pub mod rng;

/// What every update computes besides the passes through the layers; the rest of `train` is in `unrolled`.
pub mod train {
    pub mod examples;
    pub mod history;
    pub mod loss;
    pub mod optimizer;
    mod sample_weight;
    mod streams;

    pub use examples::{Examples, Inputs, Labels};
    pub use history::{Epoch, Evaluation, History, Score};
    pub use loss::Loss;
    pub use optimizer::Optimizer;
    pub(crate) use unrolled_base::train::power;
    pub use unrolled_base::train::schedule::{self, Schedule};
}

pub use unrolled_base::{Axes, Error, Result, decimal, error, object, tensors};
