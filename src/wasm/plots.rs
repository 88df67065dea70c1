//! Charts on the page's canvases.

use js_sys::Float32Array;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

use super::canvas::{Canvas, UNITS};
use super::convert::{Reply, thrown, to_js};
use crate::plot::{self, Content, Kind, PlotArea, RGBColor, Style};
use crate::train::Evaluation;
use crate::{Error, Result};

/// Size of the labels where the page does not say.
const FONT_SIZE_PX: f64 = 11.0;

/// `{ losses, accuracies, validation, baseline?, steps_per_epoch }`.
#[derive(Deserialize)]
struct History {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    losses: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    accuracies: Float32Array,
    validation: Vec<Validated>,
    baseline: Option<f64>,
    steps_per_epoch: f64,
}

#[derive(Deserialize)]
struct Validated {
    step: f64,
    epoch: f64,
    loss: f64,
    accuracy: f64,
}

/// `{ kind, width, height, pixel_ratio, …_color, hovered_step?, font_family?, font_size? }`; lengths in pixels of the page.
#[derive(Deserialize)]
struct Look {
    kind: String,
    width: f64,
    height: f64,
    pixel_ratio: f64,
    text_color: String,
    line_color: String,
    training_color: String,
    validation_color: String,
    baseline_color: String,
    background_color: String,
    hovered_step: Option<f64>,
    font_family: Option<String>,
    font_size: Option<f64>,
}

#[derive(Serialize)]
struct AreaReply {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
    first_step: f64,
    last_step: f64,
    minimum: f64,
    maximum: f64,
}

/// Draws loss or accuracy over the steps of a run; returns where the curves are and which steps and values their edges
/// stand for.
#[wasm_bindgen]
pub fn draw_history(canvas: &HtmlCanvasElement, history: JsValue, style: JsValue) -> Reply {
    let area = draw(canvas, history, style).map_err(thrown)?;
    to_js(&AreaReply {
        left: area.left,
        top: area.top,
        width: area.width,
        height: area.height,
        first_step: area.first_step,
        last_step: area.last_step,
        minimum: area.minimum,
        maximum: area.maximum,
    })
}

fn draw(element: &HtmlCanvasElement, history: JsValue, look: JsValue) -> Result<PlotArea> {
    let history: History = read("the history", history)?;
    let look: Look = read("the style", look)?;
    for (name, value) in [("width", look.width), ("height", look.height), ("pixel_ratio", look.pixel_ratio)] {
        if !(value.is_finite() && value > 0.0) {
            return Err(Error::config(format!("style.{name}"), "a number above 0", value));
        }
    }
    let canvas = Canvas::new(element, (look.width, look.height), look.pixel_ratio)
        .ok_or_else(|| Error::format("the canvas", "the browser gives it no 2d context"))?;
    let style = style_of(&canvas, element, &look)?;
    let training = match style.kind {
        Kind::Loss => history.losses.to_vec(),
        Kind::Accuracy => history.accuracies.to_vec(),
    };
    let validation: Vec<Evaluation> = history.validation.iter().map(evaluation).collect();
    let content = Content {
        training: &training,
        validation: &validation,
        baseline: history.baseline,
        steps_per_epoch: history.steps_per_epoch as u64,
        hovered_step: look.hovered_step,
    };
    plot::draw_history(canvas, &content, &style)
}

fn evaluation(v: &Validated) -> Evaluation {
    Evaluation {
        step: v.step as u64,
        epoch: v.epoch as u64,
        loss: v.loss as f32,
        accuracy: v.accuracy as f32,
    }
}

fn style_of(canvas: &Canvas, element: &HtmlCanvasElement, look: &Look) -> Result<Style> {
    let color = |name: &str, css: &str| {
        let found = canvas.color(css).map(|(r, g, b)| RGBColor(r, g, b));
        found.ok_or_else(|| Error::config(format!("style.{name}"), "a colour of CSS", css))
    };
    Ok(Style {
        kind: match look.kind.as_str() {
            "loss" => Kind::Loss,
            "accuracy" => Kind::Accuracy,
            other => return Err(Error::config("style.kind", "loss or accuracy", other)),
        },
        width: look.width,
        height: look.height,
        units: UNITS,
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

/// The font that the page's style gives the canvas.
fn font_of(element: &HtmlCanvasElement) -> String {
    let style = web_sys::window().and_then(|window| window.get_computed_style(element).ok().flatten());
    let family = style.and_then(|style| style.get_property_value("font-family").ok());
    family.filter(|family| !family.is_empty()).unwrap_or_else(|| "sans-serif".to_owned())
}

fn read<T: DeserializeOwned>(what: &str, value: JsValue) -> Result<T> {
    serde_wasm_bindgen::from_value(value).map_err(|e| Error::format(what, format!("it cannot be read ({e})")))
}
