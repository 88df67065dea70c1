//! Charts as SVG files, drawn by the code that draws them on the page.

use plotters_svg::SVGBackend;
use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::convert::{Reply, from_js, thrown};
use super::plots::{FONT_SIZE_PX, PlotStyle, PlottedHistory, PlottedLines, history_on, lines_on};
use crate::plot::{RGBColor, Style};
use crate::{Error, Result};

/// Loss or accuracy over the updates of a run as an SVG file; colours are written as `#rrggbb`. Throws `Failure`.
#[wasm_bindgen]
pub fn history_svg(history: Ts<PlottedHistory>, style: Ts<PlotStyle>) -> Reply<String> {
    let history = from_js("the history", &history).map_err(thrown)?;
    let look = from_js("the style", &style).map_err(thrown)?;
    drawn(&look, |backend, style| history_on(backend, &history, (style, &look)).map(|_| ())).map_err(thrown)
}

/// Lines on a logarithmic axis as an SVG file; colours are written as `#rrggbb`. Throws `Failure`.
#[wasm_bindgen]
pub fn lines_svg(lines: Ts<PlottedLines>, style: Ts<PlotStyle>) -> Reply<String> {
    let lines = from_js("the lines", &lines).map_err(thrown)?;
    let look = from_js("the style", &style).map_err(thrown)?;
    let colors = lines.colors.iter().map(|css| color(css)).collect::<Result<Vec<_>>>().map_err(thrown)?;
    drawn(&look, |backend, style| lines_on(backend, &lines, &colors, (style, &look)).map(|_| ()))
        .map_err(thrown)
}

fn drawn(look: &PlotStyle, draw: impl Fn(SVGBackend, &Style) -> Result<()>) -> Result<String> {
    let style = Style {
        quantity: look.quantity,
        width: look.width,
        height: look.height,
        units: 1.0,
        font_family: look.font_family.clone().unwrap_or_else(|| "sans-serif".to_owned()),
        font_size: look.font_size.unwrap_or(FONT_SIZE_PX),
        text: color(&look.text_color)?,
        line: color(&look.line_color)?,
        training: color(&look.training_color)?,
        validation: color(&look.validation_color)?,
        baseline: color(&look.baseline_color)?,
        background: color(&look.background_color)?,
    };
    let mut svg = String::new();
    draw(SVGBackend::with_string(&mut svg, (look.width as u32, look.height as u32)), &style)?;
    Ok(svg)
}

/// The colour in `#rrggbb`.
fn color(css: &str) -> Result<RGBColor> {
    let wrong = || Error::config("style", "colours as #rrggbb", css);
    let digits = css.trim().strip_prefix('#').filter(|digits| digits.len() == 6).ok_or_else(wrong)?;
    let part = |k: usize| digits.get(k..k + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    match (part(0), part(2), part(4)) {
        (Some(red), Some(green), Some(blue)) => Ok(RGBColor(red, green, blue)),
        _ => Err(wrong()),
    }
}
