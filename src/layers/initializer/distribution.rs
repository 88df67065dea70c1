//! Numbers of a given variance, and by which number of connections a variance is divided.

use rand::distr::Distribution;

use crate::rng::{Rng, StandardNormal, TruncatedNormal, Uniform};

/// By which number of connections a variance is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fan {
    /// Inputs of a unit.
    In,
    /// Outputs.
    Out,
    /// Their mean.
    Average,
}

/// How numbers of a given variance are drawn: the `distribution` of Keras' `VarianceScaling`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalingDistribution {
    /// Uniform in ±√(3·variance).
    Uniform,
    /// Normal, cut at two deviations and widened to make up for the cut.
    TruncatedNormal,
    /// Normal.
    UntruncatedNormal,
}

impl Fan {
    /// Connections as Keras counts them: for a convolution kernel `[width, in, out]` both times the width.
    pub(super) fn of(self, shape: &[usize]) -> f32 {
        let (field, fan_in, fan_out) = match shape {
            [] => (1, 1, 1),
            [n] => (1, *n, *n),
            [field @ .., fan_in, fan_out] => (field.iter().product::<usize>(), *fan_in, *fan_out),
        };
        match self {
            Self::In => (field * fan_in) as f32,
            Self::Out => (field * fan_out) as f32,
            Self::Average => (field * (fan_in + fan_out)) as f32 / 2.0,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::In => "fan_in",
            Self::Out => "fan_out",
            Self::Average => "fan_avg",
        }
    }
}

impl ScalingDistribution {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::TruncatedNormal => "truncated_normal",
            Self::UntruncatedNormal => "untruncated_normal",
        }
    }
}

/// Numbers of variance `variance` as `distribution` says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scaled {
    pub distribution: ScalingDistribution,
    pub variance: f32,
}

impl Distribution<f32> for Scaled {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f32 {
        let Self { distribution, variance } = *self;
        match distribution {
            ScalingDistribution::Uniform => {
                let limit = (3.0 * variance).sqrt();
                Uniform::new(-limit, limit).sample(rng)
            }
            ScalingDistribution::TruncatedNormal => {
                variance.sqrt() / TruncatedNormal::DEVIATION * TruncatedNormal.sample(rng)
            }
            ScalingDistribution::UntruncatedNormal => variance.sqrt() * StandardNormal.sample(rng),
        }
    }
}
