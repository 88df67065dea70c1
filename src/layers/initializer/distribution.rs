//! Numbers of a given variance, and by which number of connections a variance is divided.

use crate::rng::Stream;

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

/// How numbers of a given variance are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distribution {
    /// Uniform in ±√(3·variance).
    Uniform,
    /// Normal, cut at two deviations and widened to make up for the cut.
    TruncatedNormal,
    /// Normal.
    UntruncatedNormal,
}

/// The deviation of a standard normal cut at ±2, by which Keras divides.
pub(super) const TRUNCATED_DEVIATION: f32 = 0.879_625_7;

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

impl Distribution {
    pub(super) fn draw(self, variance: f32, stream: &mut Stream) -> f32 {
        match self {
            Self::Uniform => {
                let limit = (3.0 * variance).sqrt();
                stream.uniform_in(-limit, limit)
            }
            Self::TruncatedNormal => variance.sqrt() / TRUNCATED_DEVIATION * truncated(stream),
            Self::UntruncatedNormal => variance.sqrt() * stream.normal(),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::TruncatedNormal => "truncated_normal",
            Self::UntruncatedNormal => "untruncated_normal",
        }
    }
}

/// A standard normal number with absolute value at most two.
pub(super) fn truncated(stream: &mut Stream) -> f32 {
    loop {
        let v = stream.normal();
        if v.abs() <= 2.0 {
            return v;
        }
    }
}
