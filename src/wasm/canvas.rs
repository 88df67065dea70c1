//! A canvas of the page as a backend of plotters, sharp at every pixel ratio.
//!
//! plotters counts in whole numbers; here they are [`UNITS`] to a pixel of the page, and the canvas is scaled so that
//! they come out in the right size on every screen. Upright and level lines are put on whole pixels of the screen.

use std::fmt::{self, Display};

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Units of plotters in a pixel of the page.
pub const UNITS: f64 = 8.0;
/// Browsers refuse larger canvases.
const LARGEST_PX: f64 = 8192.0;

/// Why a canvas could not be drawn on.
#[derive(Debug)]
pub struct CanvasError(String);

impl Display for CanvasError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CanvasError {}

type Drawn = Result<(), DrawingErrorKind<CanvasError>>;

fn failed(error: impl Into<JsValue>) -> DrawingErrorKind<CanvasError> {
    DrawingErrorKind::DrawingError(CanvasError(format!("{:?}", error.into())))
}

/// A canvas with its context.
pub struct Canvas {
    context: CanvasRenderingContext2d,
    width: f64,
    height: f64,
    /// Pixels of the screen in a unit.
    scale: f64,
}

impl Canvas {
    /// Sizes `element` for `width` times `height` pixels of the page on a screen with `pixel_ratio` pixels in each.
    pub fn new(element: &HtmlCanvasElement, (width, height): (f64, f64), pixel_ratio: f64) -> Option<Self> {
        let context = element.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
        let on_screen = |size: f64| (size * pixel_ratio).round().clamp(1.0, LARGEST_PX) as u32;
        let (columns, rows) = (on_screen(width), on_screen(height));
        if (element.width(), element.height()) != (columns, rows) {
            element.set_width(columns);
            element.set_height(rows);
        }
        element.style().set_property("height", &format!("{height}px")).ok()?;
        let scale = pixel_ratio / UNITS;
        context.set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0).ok()?;
        context.set_line_join("round");
        Some(Self { context, width, height, scale })
    }

    /// The colour that `css` names, as the browser understands it.
    pub fn color(&self, css: &str) -> Option<(u8, u8, u8)> {
        self.context.set_fill_style_str("#000000");
        self.context.set_fill_style_str(css.trim());
        let normal = self.context.fill_style().as_string()?;
        if let Some(digits) = normal.strip_prefix('#') {
            let part = |k: usize| u8::from_str_radix(digits.get(k..k + 2)?, 16).ok();
            return Some((part(0)?, part(2)?, part(4)?));
        }
        let list = normal.split(['(', ')']).nth(1)?;
        let mut parts = list.split(',').map(|part| part.trim().parse().ok());
        Some((parts.next()??, parts.next()??, parts.next()??))
    }

    /// Where the middle of a line of `width` units belongs so that its edges fall on pixels of the screen.
    fn snapped(&self, at: i32, width: u32) -> f64 {
        let on_screen = f64::from(at) * self.scale;
        let odd = (f64::from(width) * self.scale).round().max(1.0) % 2.0 == 1.0;
        let middle = if odd { on_screen.floor() + 0.5 } else { on_screen.round() };
        middle / self.scale
    }

    fn line_width(&self, width: u32, snapped: bool) -> f64 {
        let width = f64::from(width);
        if snapped { (width * self.scale).round().max(1.0) / self.scale } else { width }
    }

    /// Traces `points` as the present path and strokes or fills it.
    fn trace(&self, points: &[BackendCoord], style: &impl BackendStyle, fill: bool) {
        let width = style.stroke_width();
        let (upright, level) = match points {
            [a, b] => (a.0 == b.0, a.1 == b.1),
            _ => (false, false),
        };
        let place = |p: &BackendCoord| {
            let x = if upright { self.snapped(p.0, width) } else { f64::from(p.0) };
            let y = if level { self.snapped(p.1, width) } else { f64::from(p.1) };
            (x, y)
        };
        self.context.begin_path();
        for (k, (x, y)) in points.iter().map(place).enumerate() {
            if k == 0 { self.context.move_to(x, y) } else { self.context.line_to(x, y) }
        }
        if fill {
            self.context.set_fill_style_str(&css(style.color()));
            self.context.fill();
        } else {
            self.context.set_stroke_style_str(&css(style.color()));
            self.context.set_line_width(self.line_width(width, upright || level));
            self.context.stroke();
        }
    }
}

fn css(color: BackendColor) -> String {
    let (r, g, b) = color.rgb;
    format!("rgba({r},{g},{b},{})", color.alpha)
}

impl DrawingBackend for Canvas {
    type ErrorType = CanvasError;

    fn get_size(&self) -> (u32, u32) {
        ((self.width * UNITS) as u32, (self.height * UNITS) as u32)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        self.context.set_fill_style_str(&css(color));
        self.context.fill_rect(f64::from(point.0), f64::from(point.1), 1.0, 1.0);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.trace(&[from, to], style, false);
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let [(left, top), (right, bottom)] = [upper_left, bottom_right];
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        self.trace(&corners, style, fill);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.trace(&path.into_iter().collect::<Vec<_>>(), style, false);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.trace(&path.into_iter().collect::<Vec<_>>(), style, true);
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let context = &self.context;
        context.begin_path();
        let (x, y, turn) = (f64::from(center.0), f64::from(center.1), 2.0 * std::f64::consts::PI);
        context.arc(x, y, f64::from(radius), 0.0, turn).map_err(failed)?;
        if fill {
            context.set_fill_style_str(&css(style.color()));
            context.fill();
        } else {
            context.set_stroke_style_str(&css(style.color()));
            context.set_line_width(f64::from(style.stroke_width()));
            context.stroke();
        }
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
        let context = &self.context;
        context.set_font(&font(style));
        context.set_fill_style_str(&css(style.color()));
        context.set_text_align(match style.anchor().h_pos {
            HPos::Left => "left",
            HPos::Center => "center",
            HPos::Right => "right",
        });
        context.set_text_baseline(match style.anchor().v_pos {
            VPos::Top => "top",
            VPos::Center => "middle",
            VPos::Bottom => "bottom",
        });
        context.fill_text(text, f64::from(at.0), f64::from(at.1)).map_err(failed)
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<CanvasError>> {
        self.context.set_font(&font(style));
        let width = self.context.measure_text(text).map_err(failed)?.width();
        Ok((width.ceil() as u32, style.size().ceil() as u32))
    }
}

fn font(style: &impl BackendTextStyle) -> String {
    format!("{} {}px {}", style.style().as_str(), style.size(), style.family().as_str())
}
