//! Charts of a run, drawn with plotters on whatever can be drawn on: the page's canvas, an SVG.
//!
//! Backends of plotters have whole numbers as coordinates. So that slow curves stay smooth, a backend may have several
//! of its units in a pixel: every length here is in pixels of the page and multiplied by [`Style::units`] last.

mod curve;
mod decades;
mod history;
mod lines;
mod logarithm;
mod names;
mod scale;

use plotters::drawing::DrawingAreaErrorKind;
pub use plotters::style::RGBColor;
use serde::{Deserialize, Serialize};

pub use decades::{Decades, EXPLODED, VANISHED, decades, height};
pub use history::draw_history;
pub use lines::{Line, Lines, draw_lines};

use crate::Error;
use crate::train::Evaluation;

/// What the vertical axis of a history shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Quantity {
    /// The mean loss, from 0 up.
    Loss,
    /// The share of right predictions, up to 1.
    Accuracy,
}

/// The course of a run.
#[derive(Debug, Clone, Copy)]
pub struct Content<'a> {
    /// Loss or accuracy of each update's batch before it, `[updates]`.
    pub training: &'a [f32],
    /// Evaluations on the validation set.
    pub validation: &'a [Evaluation],
    /// Evaluations of earlier runs, which are drawn behind this one.
    pub earlier: &'a [Vec<Evaluation>],
    /// The accuracy of always answering the most frequent class.
    pub baseline: Option<f64>,
    /// The loss of giving every class the same probability.
    pub guessing_loss: Option<f64>,
    /// Other baselines with their names, in what the chart shows.
    pub baselines: &'a [(String, f64)],
    /// Updates of one epoch.
    pub steps_per_epoch: u64,
    /// The update that a reader points at.
    pub hovered_update: Option<f64>,
    /// Whether an exponential moving average is drawn over the training curve, which is pale then.
    pub smoothed: bool,
    /// Whether a loss stands on a logarithmic axis; what is not above zero has no place there.
    pub logarithmic: bool,
}

/// Sizes and colours.
#[derive(Debug, Clone)]
pub struct Style {
    /// What the chart shows.
    pub quantity: Quantity,
    /// Width in pixels of the page.
    pub width: f64,
    /// Height in pixels of the page.
    pub height: f64,
    /// Units of the backend in a pixel.
    pub units: f64,
    /// The page's font.
    pub font_family: String,
    /// Size of the labels in pixels.
    pub font_size: f64,
    /// Labels.
    pub text: RGBColor,
    /// Axes and grid.
    pub line: RGBColor,
    /// The training curve.
    pub training: RGBColor,
    /// The validation curve.
    pub validation: RGBColor,
    /// The dashed line of guessing.
    pub baseline: RGBColor,
    /// Behind everything.
    pub background: RGBColor,
}

/// Where the curves are, in pixels of the page, and which updates and values the edges stand for: what maps a pointer
/// to an update.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PlotArea {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// Update at the left edge.
    pub first_update: f64,
    /// Update at the right edge.
    pub last_update: f64,
    /// Value at the lower edge.
    pub minimum: f64,
    /// Value at the upper edge.
    pub maximum: f64,
}

/// A chart that the canvas or the file could not take.
#[derive(Debug)]
pub struct NotDrawn(String);

/// What drawing gives.
pub type Drawn<T> = Result<T, NotDrawn>;

impl<E: std::error::Error + Send + Sync> From<DrawingAreaErrorKind<E>> for NotDrawn {
    fn from(error: DrawingAreaErrorKind<E>) -> Self {
        Self(error.to_string())
    }
}

impl From<NotDrawn> for Error {
    fn from(NotDrawn(reason): NotDrawn) -> Self {
        Self::format("the chart", format!("it could not be drawn ({reason})"))
    }
}
