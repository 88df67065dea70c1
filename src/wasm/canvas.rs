//! The page's canvas for plotters: plotters-canvas in pixels of the screen, with straight lines on whole pixels.

use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Browsers refuse larger canvases.
const LARGEST_PX: f64 = 8192.0;

type CanvasError = <CanvasBackend as DrawingBackend>::ErrorType;
type Drawn = Result<(), DrawingErrorKind<CanvasError>>;

/// A canvas whose unit is one pixel of the screen.
pub struct Canvas {
    backend: CanvasBackend,
    context: CanvasRenderingContext2d,
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
        context.set_line_join("round");
        Some(Self { backend: CanvasBackend::with_canvas_object(element.clone())?, context })
    }

    /// Draws everything that follows by so much to the right and further down.
    fn shift(&self, by: f64) {
        // A transformation of finite numbers is never refused.
        let _ = self.context.set_transform(1.0, 0.0, 0.0, 1.0, by, by);
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
}

/// An upright or level line of `width` pixels as the rectangle that it fills: both edges are on whole pixels.
fn straight(from: BackendCoord, to: BackendCoord, width: u32) -> Option<(BackendCoord, BackendCoord)> {
    let (width, before) = (width as i32, width as i32 / 2);
    if from.1 == to.1 {
        let top = from.1 - before;
        Some(((from.0.min(to.0), top), (from.0.max(to.0), top + width)))
    } else if from.0 == to.0 {
        let left = from.0 - before;
        Some(((left, from.1.min(to.1)), (left + width, from.1.max(to.1))))
    } else {
        None
    }
}

impl DrawingBackend for Canvas {
    type ErrorType = CanvasError;

    fn get_size(&self) -> (u32, u32) {
        self.backend.get_size()
    }

    fn ensure_prepared(&mut self) -> Drawn {
        self.backend.ensure_prepared()
    }

    fn present(&mut self) -> Drawn {
        self.backend.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        self.backend.draw_pixel(point, color)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        match straight(from, to, style.stroke_width()) {
            Some((upper_left, bottom_right)) => self.backend.draw_rect(upper_left, bottom_right, style, true),
            None => self.backend.draw_line(from, to, style),
        }
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        self.backend.draw_rect(upper_left, bottom_right, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let points: Vec<BackendCoord> = path.into_iter().collect();
        match points.as_slice() {
            [from, to] => self.draw_line(*from, *to, style),
            _ => {
                // The middle of a line of odd width belongs into the middle of a pixel.
                let half = f64::from(style.stroke_width() % 2) / 2.0;
                self.shift(half);
                let drawn = self.backend.draw_path(points, style);
                self.shift(0.0);
                drawn
            }
        }
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        self.backend.draw_circle(center, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.backend.fill_polygon(path, style)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
        self.backend.draw_text(text, style, at)
    }
}
