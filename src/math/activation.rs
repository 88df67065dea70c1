//! Activation functions, element by element, and their derivatives.

use super::lanes::{Arith, Lanes, with_lanes};
use super::{Backend, elementary};

/// Keras' activations. Each derivative can be computed from the output alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// x.
    Linear,
    /// tanh x.
    Tanh,
    /// max(x, 0).
    Relu,
    /// 1 / (1 + e⁻ˣ).
    Sigmoid,
    /// Keras 2: clip(0.2·x + 0.5, 0, 1).
    HardSigmoid2,
    /// Keras 3: clip(x/6 + 0.5, 0, 1).
    HardSigmoid3,
    /// eˣ over the sum of all eˣ of the vector.
    Softmax,
}

/// What is computed lane by lane of pre-activations and of outputs.
pub(crate) trait Function: Copy {
    /// f(x).
    fn of<A: Arith>(self, x: A) -> A;
    /// f′(x) written in terms of y = f(x).
    fn derivative_of<A: Arith>(self, y: A) -> A;
}

/// As part of the loop that calls it: for functions that the compiler knows there.
impl Function for Activation {
    #[inline(always)]
    fn of<A: Arith>(self, x: A) -> A {
        self.of(x)
    }

    #[inline(always)]
    fn derivative_of<A: Arith>(self, y: A) -> A {
        self.derivative_of(y)
    }
}

/// An activation that is chosen while the loop runs, as a call: with all of them in the place of each gate the loops of
/// LSTM and GRU were half as long again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chosen(pub Activation);

impl Function for Chosen {
    #[inline(never)]
    fn of<A: Arith>(self, x: A) -> A {
        self.0.of(x)
    }

    #[inline(never)]
    fn derivative_of<A: Arith>(self, y: A) -> A {
        self.0.derivative_of(y)
    }
}

impl Activation {
    /// f(x), lane by lane. Softmax needs the whole vector and is computed by [`Self::apply`].
    #[inline(always)]
    pub fn of<A: Arith>(self, x: A) -> A {
        match self {
            Self::Linear | Self::Softmax => x,
            Self::Tanh => elementary::tanh_of(x),
            Self::Relu => x.at_least(A::splat(0.0)),
            Self::Sigmoid => elementary::sigmoid_of(x),
            Self::HardSigmoid2 | Self::HardSigmoid3 => {
                let line = A::splat(self.slope()).mul(x).add(A::splat(0.5));
                line.at_least(A::splat(0.0)).at_most(A::splat(1.0))
            }
        }
    }

    /// f′(x) written in terms of y = f(x), lane by lane.
    #[inline(always)]
    pub fn derivative_of<A: Arith>(self, y: A) -> A {
        let (zero, one) = (A::splat(0.0), A::splat(1.0));
        match self {
            Self::Linear | Self::Softmax => one,
            Self::Tanh => one.sub(y.mul(y)),
            Self::Relu => zero.less_than(y, one, zero),
            Self::Sigmoid => y.mul(one.sub(y)),
            Self::HardSigmoid2 | Self::HardSigmoid3 => {
                zero.less_than(y, y.less_than(one, A::splat(self.slope()), zero), zero)
            }
        }
    }

    fn slope(self) -> f32 {
        if self == Self::HardSigmoid2 { 0.2 } else { 1.0 / 6.0 }
    }

    /// Applies the activation in place to rows of `width` numbers.
    pub fn apply(self, backend: Backend, x: &mut [f32], width: usize) {
        match self {
            Self::Linear => {}
            Self::Softmax => elementary::softmax_rows(backend, x, width),
            _ => with_lanes!(backend, L => apply_lanes::<L>(self, x)),
        }
    }

    /// Turns `dy` into the gradient of the input in place: dx = dy·f′, for softmax dx = y·(dy − Σ dy·y).
    pub fn back(self, backend: Backend, y: &[f32], dy: &mut [f32], width: usize) {
        match self {
            Self::Linear => {}
            Self::Softmax => {
                for (y, dy) in y.chunks_exact(width).zip(dy.chunks_exact_mut(width)) {
                    let along = y.iter().zip(dy.iter()).fold(0.0, |sum, (y, d)| sum + y * d);
                    dy.iter_mut().zip(y).for_each(|(d, y)| *d = y * (*d - along));
                }
            }
            _ => with_lanes!(backend, L => back_lanes::<L>(self, y, dy)),
        }
    }

    /// The names that [`Self::named`] knows.
    pub const NAMES: &[&str] =
        &["linear", "tanh", "relu", "sigmoid", "hard_sigmoid", "hard_sigmoid_keras2", "softmax"];

    /// The activation that Keras calls `name`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "linear" => Some(Self::Linear),
            "tanh" => Some(Self::Tanh),
            "relu" => Some(Self::Relu),
            "sigmoid" => Some(Self::Sigmoid),
            "hard_sigmoid" => Some(Self::HardSigmoid3),
            "hard_sigmoid_keras2" => Some(Self::HardSigmoid2),
            "softmax" => Some(Self::Softmax),
            _ => None,
        }
    }

    /// Keras' name; Keras 2's form of the hard sigmoid is called `hard_sigmoid_keras2`, which Keras does not know.
    pub fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Tanh => "tanh",
            Self::Relu => "relu",
            Self::Sigmoid => "sigmoid",
            Self::HardSigmoid3 => "hard_sigmoid",
            Self::HardSigmoid2 => "hard_sigmoid_keras2",
            Self::Softmax => "softmax",
        }
    }
}

fn apply_lanes<L: Lanes>(activation: Activation, x: &mut [f32]) {
    let (fours, rest) = x.as_chunks_mut::<4>();
    for four in fours {
        activation.of(L::load(four)).store(four);
    }
    if !rest.is_empty() {
        activation.of(L::load_part(rest)).store_part(rest);
    }
}

fn back_lanes<L: Lanes>(activation: Activation, y: &[f32], dy: &mut [f32]) {
    let (y_fours, y_rest) = y.as_chunks::<4>();
    let (d_fours, d_rest) = dy.as_chunks_mut::<4>();
    for (y, d) in y_fours.iter().zip(d_fours) {
        L::load(d).mul(activation.derivative_of(L::load(y))).store(d);
    }
    if !d_rest.is_empty() {
        L::load_part(d_rest).mul(activation.derivative_of(L::load_part(y_rest))).store_part(d_rest);
    }
}
