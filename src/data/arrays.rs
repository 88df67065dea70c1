//! Samples that are arrays, as files of numpy and safetensors hold them.

use crate::tensors::Tensor;
use crate::{Error, Result};

/// Inputs and labels of the same number of samples; the first axis of both counts them.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrays {
    /// `[samples, timesteps]` or `[samples, timesteps, features]`.
    pub x: Tensor,
    /// `[samples]`, `[samples, timesteps]`, `[samples, features]` or `[samples, timesteps, features]`.
    pub y: Tensor,
}

impl Arrays {
    /// How many samples there are.
    pub fn count(&self) -> usize {
        self.x.shape().first().copied().unwrap_or(0)
    }

    /// Checks that the arrays belong together and that the labels are below `classes`, or numbers where there are no
    /// classes; `what` names the part in errors.
    ///
    /// # Errors
    /// Other numbers of samples or axes, a number that is not finite, a label outside of the classes.
    pub fn check(&self, what: &str, classes: Option<usize>) -> Result<()> {
        let (x, y) = (self.x.shape(), self.y.shape());
        if !(2..=3).contains(&x.len()) || x.contains(&0) {
            let expected = "[samples, timesteps, features] or [samples, timesteps], none of them 0";
            return Err(Error::value(
                format!("the shape of `x` of the {what} data"),
                expected,
                format!("{x:?}"),
            ));
        }
        if !(1..=3).contains(&y.len()) || y.contains(&0) || y[0] != x[0] {
            let expected = format!("{} samples, as in `x`, in one to three axes", x[0]);
            return Err(Error::value(
                format!("the shape of `y` of the {what} data"),
                expected,
                format!("{y:?}"),
            ));
        }
        for (name, array) in [("x", &self.x), ("y", &self.y)] {
            match array {
                Tensor::F32(_) => array.floats(name).map(|_| ())?,
                _ if name == "x" && array.shape().len() == 3 => {}
                _ => array.ids(name).map(|_| ())?,
            }
        }
        match (&self.y, classes) {
            (Tensor::F32(_), None) => Ok(()),
            (Tensor::F32(_), Some(_)) => {
                Err(Error::value("the type of `y`", "whole numbers, for classes", "f32"))
            }
            (y, None) => Err(Error::value("the type of `y`", "f32, for numbers", y.type_name())),
            (y, Some(classes)) => match y.ids("y")?.iter().find(|id| **id as usize >= classes) {
                Some(id) => Err(Error::value("every label of `y`", format!("below {classes}"), id)),
                None => Ok(()),
            },
        }
    }
}
