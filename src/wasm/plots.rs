//! Charts on the page's canvases, and what a chart shows in words.

use js_sys::Float32Array;
use plotters_backend::DrawingBackend;
use serde::Deserialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

use super::canvas::Canvas;
use super::convert::{Reply, from_js, thrown, to_js};
use crate::plot::{self, Content, Decades, Line, Lines, PlotArea, Quantity, RGBColor, Style};
use crate::train::Evaluation;
use crate::train::course::{Course, Guessing, judge};
use crate::{Error, Result};

/// Size of the labels where the page does not say.
pub(super) const FONT_SIZE_PX: f64 = 11.0;

/// The course of a run.
#[derive(Deserialize, Tsify)]
#[tsify(missing_as_null)]
pub struct PlottedHistory {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array")]
    losses: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array")]
    accuracies: Float32Array,
    validation: Vec<Evaluation>,
    /// Evaluations of earlier runs, which are drawn behind this one.
    #[serde(default)]
    #[tsify(optional)]
    earlier: Vec<Vec<Evaluation>>,
    /// The accuracy of always answering the most frequent class.
    #[serde(default)]
    baseline: Option<f64>,
    /// The loss of giving every class the same probability.
    #[serde(default)]
    guessing_loss: Option<f64>,
    /// Other baselines, each with the name that the chart writes beside it.
    #[serde(default)]
    #[tsify(optional)]
    baselines: Vec<NamedBaseline>,
    steps_per_epoch: u64,
}

/// What a simple means reaches.
#[derive(Deserialize, Tsify)]
#[tsify(missing_as_null)]
pub struct NamedBaseline {
    name: String,
    loss: Option<f64>,
    accuracy: Option<f64>,
}

/// Positive numbers over the updates of a run.
#[derive(Deserialize, Tsify)]
#[tsify(missing_as_null)]
pub struct PlottedLines {
    /// The updates at which the lines have a value.
    updates: Vec<f64>,
    /// The values of each line at these updates.
    values: Vec<Vec<f32>>,
    /// The colour of each line.
    pub(super) colors: Vec<String>,
    /// A value with a dashed line.
    #[serde(default)]
    mark: Option<f32>,
    /// Updates of the run so far.
    length: f64,
    steps_per_epoch: u64,
}

/// What a chart looks like; lengths in pixels of the page, colours as CSS writes them.
#[derive(Deserialize, Tsify)]
#[tsify(missing_as_null)]
pub struct PlotStyle {
    pub(super) quantity: Quantity,
    pub(super) width: f64,
    pub(super) height: f64,
    /// Pixels of the screen in a pixel of the page.
    pub(super) pixel_ratio: f64,
    pub(super) text_color: String,
    pub(super) line_color: String,
    pub(super) training_color: String,
    pub(super) validation_color: String,
    pub(super) baseline_color: String,
    pub(super) background_color: String,
    /// The update that a reader points at.
    #[serde(default)]
    pub(super) hovered_update: Option<f64>,
    /// Whether an average is drawn over the training curve.
    #[serde(default)]
    smoothed: bool,
    /// Whether a loss stands on a logarithmic axis.
    #[serde(default)]
    logarithmic: bool,
    /// The canvas' own font where it is missing.
    #[serde(default)]
    pub(super) font_family: Option<String>,
    /// In pixels of the page; 11 where it is missing.
    #[serde(default)]
    pub(super) font_size: Option<f64>,
}

/// Draws loss or accuracy over the updates of a run; returns where the curves are and which updates and values their
/// edges stand for.
#[wasm_bindgen]
pub fn draw_history(
    canvas: &HtmlCanvasElement,
    history: Ts<PlottedHistory>,
    style: Ts<PlotStyle>,
) -> Reply<Ts<PlotArea>> {
    let history = from_js("the history", &history).map_err(thrown)?;
    let style = from_js("the style", &style).map_err(thrown)?;
    to_js(&draw(canvas, &history, &style).map_err(thrown)?)
}

/// Draws lines on a logarithmic axis; the values at the edges of what is returned are logarithms to the base of ten.
#[wasm_bindgen]
pub fn draw_lines(
    canvas: &HtmlCanvasElement,
    lines: Ts<PlottedLines>,
    style: Ts<PlotStyle>,
) -> Reply<Ts<PlotArea>> {
    let lines = from_js("the lines", &lines).map_err(thrown)?;
    let style = from_js("the style", &style).map_err(thrown)?;
    to_js(&draw_all(canvas, &lines, &style).map_err(thrown)?)
}

fn draw_all(element: &HtmlCanvasElement, plotted: &PlottedLines, look: &PlotStyle) -> Result<PlotArea> {
    let (canvas, style) = canvas_of(element, look)?;
    let colors =
        plotted.colors.iter().map(|css| color_of(&canvas, "colors", css)).collect::<Result<Vec<_>>>()?;
    lines_on(canvas, plotted, &colors, (&style, look))
}

/// Draws `plotted` on any backend, each line in its colour; `look` says what else is shown.
pub(super) fn lines_on<DB: DrawingBackend>(
    backend: DB,
    plotted: &PlottedLines,
    colors: &[RGBColor],
    (style, look): (&Style, &PlotStyle),
) -> Result<PlotArea> {
    let line = |(values, color): (&Vec<f32>, &RGBColor)| Line {
        color: *color,
        points: plotted.updates.iter().copied().zip(values.iter().copied()).collect(),
    };
    let lines: Vec<Line> = plotted.values.iter().zip(colors).map(line).collect();
    let content = Lines {
        lines: &lines,
        mark: plotted.mark,
        updates: plotted.length,
        steps_per_epoch: plotted.steps_per_epoch,
        hovered_update: look.hovered_update,
    };
    Ok(plot::draw_lines(backend, &content, style)?)
}

fn draw(element: &HtmlCanvasElement, history: &PlottedHistory, look: &PlotStyle) -> Result<PlotArea> {
    let (canvas, style) = canvas_of(element, look)?;
    history_on(canvas, history, (&style, look))
}

/// Draws `history` on any backend; `look` says what else is shown.
pub(super) fn history_on<DB: DrawingBackend>(
    backend: DB,
    history: &PlottedHistory,
    (style, look): (&Style, &PlotStyle),
) -> Result<PlotArea> {
    let training = match style.quantity {
        Quantity::Loss => history.losses.to_vec(),
        Quantity::Accuracy => history.accuracies.to_vec(),
    };
    let value = |baseline: &NamedBaseline| match style.quantity {
        Quantity::Loss => baseline.loss,
        Quantity::Accuracy => baseline.accuracy,
    };
    let named =
        history.baselines.iter().filter_map(|baseline| Some((baseline.name.clone(), value(baseline)?)));
    let baselines: Vec<(String, f64)> = named.collect();
    let content = Content {
        training: &training,
        baselines: &baselines,
        validation: &history.validation,
        earlier: &history.earlier,
        baseline: history.baseline,
        guessing_loss: history.guessing_loss,
        steps_per_epoch: history.steps_per_epoch,
        hovered_update: look.hovered_update,
        smoothed: look.smoothed,
        logarithmic: look.logarithmic,
    };
    Ok(plot::draw_history(backend, &content, style)?)
}

/// The canvas in its size, and the style of what is drawn on it.
fn canvas_of(element: &HtmlCanvasElement, look: &PlotStyle) -> Result<(Canvas, Style)> {
    for (name, value) in [("width", look.width), ("height", look.height), ("pixel_ratio", look.pixel_ratio)] {
        if !(value.is_finite() && value > 0.0) {
            return Err(Error::config(format!("style.{name}"), "a number above 0", value));
        }
    }
    let canvas = Canvas::new(element, (look.width, look.height), look.pixel_ratio)
        .ok_or_else(|| Error::format("the canvas", "the browser gives it no 2d context"))?;
    let style = style_of(&canvas, element, look)?;
    Ok((canvas, style))
}

/// One sentence about how a run has gone.
#[wasm_bindgen]
pub fn judge_run(history: Ts<PlottedHistory>) -> Reply<String> {
    let history = from_js("the history", &history).map_err(thrown)?;
    let guessing = Guessing { loss: history.guessing_loss, accuracy: history.baseline };
    let losses = history.losses.to_vec();
    Ok(judge(&losses, &history.validation, history.steps_per_epoch, guessing).to_string())
}

/// Whether a run has broken down: its loss is that of probabilities that are all 0 or 1.
#[wasm_bindgen]
pub fn run_broke_down(history: Ts<PlottedHistory>) -> Reply<bool> {
    let history = from_js("the history", &history).map_err(thrown)?;
    let course = judge(&[], &history.validation, history.steps_per_epoch, Guessing::default());
    Ok(matches!(course, Course::BrokenDown { .. }))
}

/// How the norms of a gradient at the timesteps of a sequence change on the way back; nothing where there is none at
/// the last.
#[wasm_bindgen]
pub fn gradient_decades(norms: &[f32]) -> Reply<Option<Ts<Decades>>> {
    plot::decades(norms).map(|found| to_js(&found)).transpose()
}

/// How high each norm stands on the axis of [`gradient_decades`], from 0 to 1; empty where there is none.
#[wasm_bindgen]
pub fn gradient_heights(norms: &[f32]) -> Vec<f32> {
    let heights = |axis| norms.iter().map(|norm| plot::height(&axis, *norm) as f32).collect();
    plot::decades(norms).map(heights).unwrap_or_default()
}

fn style_of(canvas: &Canvas, element: &HtmlCanvasElement, look: &PlotStyle) -> Result<Style> {
    let color = |name: &str, css: &str| color_of(canvas, name, css);
    Ok(Style {
        quantity: look.quantity,
        width: look.width,
        height: look.height,
        units: look.pixel_ratio,
        font_family: look.font_family.clone().unwrap_or_else(|| font_of(element)),
        font_size: look.font_size.unwrap_or(FONT_SIZE_PX),
        text: color("text_color", &look.text_color)?,
        line: color("line_color", &look.line_color)?,
        training: color("training_color", &look.training_color)?,
        validation: color("validation_color", &look.validation_color)?,
        baseline: color("baseline_color", &look.baseline_color)?,
        background: color("background_color", &look.background_color)?,
    })
}

fn color_of(canvas: &Canvas, name: &str, css: &str) -> Result<RGBColor> {
    let found = canvas.color(css).map(|(r, g, b)| RGBColor(r, g, b));
    found.ok_or_else(|| Error::config(format!("style.{name}"), "a colour of CSS", css))
}

/// The font that the page's style gives the canvas.
fn font_of(element: &HtmlCanvasElement) -> String {
    let style = web_sys::window().and_then(|window| window.get_computed_style(element).ok().flatten());
    let family = style.and_then(|style| style.get_property_value("font-family").ok());
    family.filter(|family| !family.is_empty()).unwrap_or_else(|| "sans-serif".to_owned())
}
