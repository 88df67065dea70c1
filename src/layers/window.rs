//! Windows that slide over time: what convolution and pooling have in common.

use serde_json::Value;

use super::Shape;
use super::config::Section;
use crate::object;
use crate::{Error, Result};

/// What happens at the ends of a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Padding {
    /// Only windows that lie inside.
    Valid,
    /// As many windows as strides fit; what is missing is split between both ends, the odd one behind.
    Same,
    /// Windows that end at their timestep and never see a later one.
    Causal,
}

impl Padding {
    /// Reads `padding`; `causal` only where `allow_causal`.
    pub fn from_config(config: &Section, allow_causal: bool) -> Result<Self> {
        match config.text_or("padding", "valid")?.to_lowercase().as_str() {
            "valid" => Ok(Self::Valid),
            "same" => Ok(Self::Same),
            "causal" if allow_causal => Ok(Self::Causal),
            other => {
                let expected = if allow_causal { "valid, same or causal" } else { "valid or same" };
                Err(Error::config(config.field("padding"), expected, other))
            }
        }
    }

    /// Keras' name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Same => "same",
            Self::Causal => "causal",
        }
    }
}

/// Windows of `size` timesteps, `dilation` apart, that begin every `stride` timesteps.
#[derive(Debug, Clone, Copy)]
pub struct Windows {
    /// Timesteps in a window.
    pub size: usize,
    /// Distance between the beginnings of two windows.
    pub stride: usize,
    /// Distance between two timesteps of a window.
    pub dilation: usize,
    /// What happens at the ends.
    pub padding: Padding,
}

impl Windows {
    /// From the first to the last timestep of a window, both counted.
    fn span(&self) -> usize {
        (self.size - 1).saturating_mul(self.dilation).saturating_add(1)
    }

    /// How many windows a sequence of `timesteps` has.
    pub fn count(&self, timesteps: usize) -> usize {
        match self.padding {
            Padding::Same | Padding::Causal => timesteps.div_ceil(self.stride),
            Padding::Valid => match timesteps.checked_sub(self.span()) {
                Some(rest) => rest / self.stride + 1,
                None => 0,
            },
        }
    }

    /// Timesteps of padding before the first one.
    pub fn before(&self, timesteps: usize) -> usize {
        match self.padding {
            Padding::Valid => 0,
            Padding::Causal => self.span() - 1,
            Padding::Same => {
                let last = (self.count(timesteps).max(1) - 1) * self.stride;
                last.saturating_add(self.span()).saturating_sub(timesteps) / 2
            }
        }
    }

    /// The timestep at position `k` of window `window`, unless that is padding.
    pub fn timestep(&self, window: usize, k: usize, timesteps: usize) -> Option<usize> {
        let padded = (window * self.stride).saturating_add(k.saturating_mul(self.dilation));
        padded.checked_sub(self.before(timesteps)).filter(|t| *t < timesteps)
    }

    /// The timesteps of window `window` that lie in the sequence, for windows without dilation.
    pub fn range(&self, window: usize, timesteps: usize) -> std::ops::Range<usize> {
        let before = self.before(timesteps);
        let start = window * self.stride;
        start.saturating_sub(before)..(start + self.size - before.min(start + self.size)).min(timesteps)
    }

    /// The shape that the windows make of a sequence, now with `features` numbers at each step.
    ///
    /// # Errors
    /// If the input is no sequence or no window fits into it.
    pub fn output_shape(&self, input: Shape, features: usize, layer: &str) -> Result<Shape> {
        input.sequence_features(layer)?;
        let timesteps = input.timesteps();
        if let Some(timesteps) = timesteps {
            self.check(timesteps, layer)?;
        }
        Ok(Shape::Sequence { timesteps: timesteps.map(|t| self.count(t)), features })
    }

    /// Checks that at least one window fits.
    ///
    /// # Errors
    /// If the sequence is too short.
    pub fn check(&self, timesteps: usize, layer: &str) -> Result<()> {
        if self.count(timesteps) == 0 {
            let expected = match self.padding {
                Padding::Valid => format!("at least {} timesteps long, or `padding` same", self.span()),
                _ => "at least 1 timestep long".to_owned(),
            };
            return Err(Error::value(format!("the input of `{layer}`"), expected, timesteps));
        }
        Ok(())
    }

    /// Stride and padding as Keras writes them.
    pub fn to_keras(self) -> Value {
        object!({ "strides": [self.stride], "padding": self.padding.name(), "data_format": "channels_last" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_padding_gives_a_window_for_every_stride_and_centres_it() {
        let windows = Windows { size: 4, stride: 1, dilation: 1, padding: Padding::Same };
        assert_eq!(windows.count(7), 7);
        assert_eq!(windows.range(0, 7), 0..3); // one timestep before, two behind
        assert_eq!(windows.range(6, 7), 5..7);
        let strided = Windows { size: 3, stride: 2, dilation: 1, padding: Padding::Same };
        assert_eq!((0..3).map(|w| strided.range(w, 6)).collect::<Vec<_>>(), [0..3, 2..5, 4..6]);
    }

    #[test]
    fn causal_windows_end_at_their_timestep() {
        let windows = Windows { size: 3, stride: 1, dilation: 2, padding: Padding::Causal };
        for t in 0..6 {
            assert_eq!(windows.timestep(t, 2, 6), Some(t));
            assert_eq!(windows.timestep(t, 1, 6), t.checked_sub(2));
        }
    }

    #[test]
    fn valid_windows_lie_inside_and_may_not_fit_at_all() {
        let windows = Windows { size: 3, stride: 2, dilation: 1, padding: Padding::Valid };
        assert_eq!(windows.count(7), 3);
        assert_eq!(windows.range(2, 7), 4..7);
        assert_eq!(windows.count(2), 0);
        assert!(windows.check(2, "conv1d").is_err());
    }
}
