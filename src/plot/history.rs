//! Loss or accuracy over the updates of a run.

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::curve::{pieces, smooth};
use super::logarithm::{self, Logarithms};
use super::names::{Polyline, Rectangle, place};
use super::scale::{Tick, last_update, update_ticks, value_range, value_ticks};
use super::{Content, Drawn, PlotArea, Quantity, Style};

/// Room around the curves, in pixels: above, right of, below and left of them.
const MARGINS: [f64; 4] = [10.0, 14.0, 24.0, 36.0];
/// The averaged curve runs over at least so many updates.
const SHORTEST_WINDOW: f64 = 8.0;
/// Of all updates, the share that the averaged curve runs over.
const WINDOW_SHARE: f64 = 1.0 / 40.0;
/// Width and height of a letter in sizes of the font, the width on average.
const LETTER: [f64; 2] = [0.54, 1.2];
/// How much of its colour the curve of single batches has.
const FAINT: f64 = 0.35;

type Curves<DB> = DrawingArea<DB, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Draws the chart and says where the curves are. Whatever is not finite is left out.
///
/// # Errors
/// If the backend cannot draw.
pub fn draw_history<DB: DrawingBackend>(backend: DB, content: &Content, style: &Style) -> Drawn<PlotArea> {
    if content.logarithmic && style.quantity == Quantity::Loss {
        let logarithms = Logarithms::of(content);
        return draw(backend, &logarithms.content(content), style, logarithm::ticks);
    }
    draw(backend, content, style, value_ticks)
}

/// Draws `content`, whose values are those of the axis.
fn draw<DB: DrawingBackend>(
    backend: DB,
    content: &Content,
    style: &Style,
    ticks: fn((f64, f64), f64) -> Vec<Tick>,
) -> Drawn<PlotArea> {
    let window = (content.training.len() as f64 * WINDOW_SHARE).max(SHORTEST_WINDOW);
    let smoothed = if content.smoothed { smooth(content.training, window) } else { Vec::new() };
    let curve = if content.smoothed { &smoothed } else { content.training };
    let range = match (content.logarithmic, style.quantity) {
        (true, Quantity::Loss) => logarithm::range(content, curve),
        _ => value_range(style.quantity, content, curve),
    };
    let last = last_update(content);
    let chart = Chart::new(backend, style, last, range)?;
    chart.axes(ticks(range, chart.area.height), content.steps_per_epoch)?;
    let baselines = chart.baselines(content)?;
    chart.earlier(content.earlier)?;
    chart.hover(content)?;
    let columns = chart.area.width.max(1.0) as usize;
    if content.smoothed {
        chart.curve(pieces(content.training, columns), style.training.mix(FAINT), 1.0)?;
    }
    chart.curve(
        pieces(curve, columns),
        style.training.mix(1.0),
        if content.smoothed { 1.75 } else { 1.25 },
    )?;
    chart.validation(content)?;
    chart.names(content, curve, baselines)?;
    chart.root.present()?;
    Ok(chart.area)
}

/// A chart while it is drawn.
pub(super) struct Chart<'a, DB: DrawingBackend> {
    pub(super) root: DrawingArea<DB, Shift>,
    curves: Curves<DB>,
    style: &'a Style,
    pub(super) area: PlotArea,
}

impl<'a, DB: DrawingBackend> Chart<'a, DB> {
    /// An empty chart over the updates up to `last` for values from `low` to `high`.
    pub(super) fn new(backend: DB, style: &'a Style, last: f64, (low, high): (f64, f64)) -> Drawn<Self> {
        let root = backend.into_drawing_area();
        root.fill(&style.background)?;
        let [above, right, below, left] = MARGINS.map(|margin| (margin * style.units).round() as i32);
        let [width, height] = [style.width, style.height].map(|size| (size * style.units).round() as i32);
        // Upwards on the page is downwards in pixels.
        let pixels = (left..(width - right).max(left + 1), (height - below).max(above + 1)..above);
        let curves = root.apply_coord_spec(Cartesian2d::<RangedCoordf64, RangedCoordf64>::new(
            0.0..last,
            low..high,
            pixels.clone(),
        ));
        let area = PlotArea {
            left: f64::from(left) / style.units,
            top: f64::from(above) / style.units,
            width: f64::from(pixels.0.end - left) / style.units,
            height: f64::from(pixels.1.start - above) / style.units,
            first_update: 0.0,
            last_update: last,
            minimum: low,
            maximum: high,
        };
        let root = root.strip_coord_spec();
        Ok(Self { root, curves, style, area })
    }

    fn stroke(&self, color: RGBAColor, width_px: f64) -> ShapeStyle {
        let stroke_width = (width_px * self.style.units).round().max(1.0) as u32;
        ShapeStyle { color, filled: false, stroke_width }
    }

    fn path(&self, points: Vec<(f64, f64)>, color: RGBAColor, width_px: f64) -> Drawn<()> {
        let inside = |(x, y): (f64, f64)| (x, y.clamp(self.area.minimum, self.area.maximum));
        let points: Vec<_> = points.into_iter().map(inside).collect();
        Ok(self.curves.draw(&PathElement::new(points, self.stroke(color, width_px)))?)
    }

    /// Hairlines at the values, ticks at the updates, and their labels.
    pub(super) fn axes(&self, values: Vec<Tick>, steps_per_epoch: u64) -> Drawn<()> {
        let (last, low, units) = (self.area.last_update, self.area.minimum, self.style.units);
        let line = self.style.line.mix(1.0);
        for (value, label) in values {
            self.path(vec![(0.0, value), (last, value)], line, 1.0)?;
            let (x, y) = self.curves.map_coordinate(&(0.0, value));
            self.label(label, (x - (7.0 * units) as i32, y), Pos::new(HPos::Right, VPos::Center))?;
        }
        self.path(vec![(0.0, low), (last, low)], line, 1.0)?;
        for (update, label) in update_ticks(last, steps_per_epoch, self.area.width) {
            let (x, y) = self.curves.map_coordinate(&(update, low));
            let end = (x, y + (4.0 * units) as i32);
            self.root.draw(&PathElement::new(vec![(x, y), end], self.stroke(line, 1.0)))?;
            // A label at the right edge ends there instead of being cut off.
            let side = if update > 0.97 * last { HPos::Right } else { HPos::Center };
            self.label(label, (x, y + (7.0 * units) as i32), Pos::new(side, VPos::Top))?;
        }
        Ok(())
    }

    fn label(&self, text: String, at: (i32, i32), anchor: Pos) -> Drawn<()> {
        let style =
            TextStyle::from((self.style.font_family.as_str(), self.style.font_size * self.style.units))
                .color(&self.style.text)
                .pos(anchor);
        Ok(self.root.draw(&Text::new(text, at, style))?)
    }

    /// A dashed level line at a value; nothing where it is not finite.
    pub(super) fn dashed(&self, value: f64) -> Drawn<()> {
        if !value.is_finite() {
            return Ok(());
        }
        let dash = self.area.last_update * DASH_PX / self.area.width;
        let mut from = 0.0;
        while from < self.area.last_update {
            let to = (from + dash).min(self.area.last_update);
            self.path(vec![(from, value), (to, value)], self.style.baseline.mix(1.0), 1.0)?;
            from += 2.0 * dash;
        }
        Ok(())
    }

    /// The dashed lines of what simple means reach; their names and values.
    fn baselines(&self, content: &Content) -> Drawn<Vec<(String, f64)>> {
        let guessing = match self.style.quantity {
            Quantity::Loss => ("guessing", content.guessing_loss),
            Quantity::Accuracy => ("always the most frequent answer", content.baseline),
        };
        let guessing = guessing.1.map(|value| (guessing.0.to_owned(), value));
        let mut lines: Vec<(String, f64)> = content.baselines.iter().cloned().chain(guessing).collect();
        lines.retain(|(_, value)| value.is_finite());
        crate::ordering::sort_by(&mut lines, |one, other| other.1.total_cmp(&one.1));
        for (_, value) in &lines {
            self.dashed(*value)?;
        }
        Ok(lines)
    }

    /// The names of the dashed lines, beside them where no curve runs through.
    fn names(&self, content: &Content, curve: &[f32], lines: Vec<(String, f64)>) -> Drawn<()> {
        let columns = self.area.width.max(1.0) as usize;
        let of = |points: &[(f64, f64)]| points.iter().map(|point| self.pixel(*point)).collect::<Polyline>();
        let evaluations = |run: &[crate::train::Evaluation]| {
            let points = run.iter().map(|e| self.of(e)).filter(|point| point.1.is_finite());
            of(&points.collect::<Vec<_>>())
        };
        let mut drawn: Vec<Polyline> = pieces(curve, columns).iter().map(|piece| of(piece)).collect();
        drawn.push(evaluations(content.validation));
        drawn.extend(content.earlier.iter().map(|run| evaluations(run)));
        drawn.extend(lines.iter().map(|(_, value)| of(&[(0.0, *value), (self.area.last_update, *value)])));
        let [left, top] = self.pixel((0.0, self.area.maximum));
        let [right, bottom] = self.pixel((self.area.last_update, self.area.minimum));
        let height = LETTER[1] * self.style.font_size * self.style.units;
        // Half of a name may stand in the margin above the curves.
        let area = [left, top - 0.5 * height, right, bottom];
        let mut placed: Vec<Rectangle> = Vec::new();
        for (name, value) in lines {
            let width = LETTER[0] * self.style.font_size * self.style.units * name.chars().count() as f64;
            let [_, level] = self.pixel((0.0, value));
            let gap = 1.5 * self.style.units;
            let (room, free) = place([width, height], level, gap, area, &drawn, &placed);
            placed.push(room);
            if !free {
                self.clear(room)?;
            }
            let at = [room[2], (room[1] + room[3]) / 2.0].map(|c| c.round() as i32);
            self.label(name, (at[0], at[1]), Pos::new(HPos::Right, VPos::Center))?;
        }
        Ok(())
    }

    /// What is drawn in a rectangle steps back behind a name.
    fn clear(&self, room: Rectangle) -> Drawn<()> {
        let [left, top, right, bottom] = room.map(|c| c.round() as i32);
        let color = self.style.background.mix(1.0 - FAINT / 2.0);
        let filled = plotters::element::Rectangle::new([(left, top), (right, bottom)], color.filled());
        Ok(self.root.draw(&filled)?)
    }

    fn pixel(&self, (x, y): (f64, f64)) -> [f64; 2] {
        let (x, y) = self.curves.map_coordinate(&(x, y.clamp(self.area.minimum, self.area.maximum)));
        [f64::from(x), f64::from(y)]
    }

    pub(super) fn curve(&self, pieces: Vec<Vec<(f64, f64)>>, color: RGBAColor, width_px: f64) -> Drawn<()> {
        for piece in pieces {
            match piece.as_slice() {
                [point] => self.dot(*point, color, width_px)?,
                _ => self.path(piece, color, width_px)?,
            }
        }
        Ok(())
    }

    fn dot(&self, (x, y): (f64, f64), color: RGBAColor, radius_px: f64) -> Drawn<()> {
        let radius = (radius_px * self.style.units).round() as i32;
        let y = y.clamp(self.area.minimum, self.area.maximum);
        Ok(self.curves.draw(&Circle::new((x, y), radius, color.filled()))?)
    }

    fn of(&self, evaluation: &crate::train::Evaluation) -> (f64, f64) {
        let value = match self.style.quantity {
            Quantity::Loss => evaluation.loss,
            Quantity::Accuracy => evaluation.accuracy,
        };
        (evaluation.step as f64, f64::from(value))
    }

    /// A thin line through the evaluations of each earlier run.
    fn earlier(&self, runs: &[Vec<crate::train::Evaluation>]) -> Drawn<()> {
        for run in runs {
            let points: Vec<_> = run.iter().map(|e| self.of(e)).collect();
            for piece in points.split(|point| !point.1.is_finite()).filter(|piece| piece.len() > 1) {
                self.path(piece.to_vec(), self.style.text.mix(FAINT), 1.0)?;
            }
        }
        Ok(())
    }

    /// A line through the evaluations, and a mark for each while there is room for marks.
    fn validation(&self, content: &Content) -> Drawn<()> {
        let color = self.style.validation.mix(1.0);
        let points: Vec<_> = content.validation.iter().map(|e| self.of(e)).collect();
        for piece in points.split(|point| !point.1.is_finite()).filter(|piece| piece.len() > 1) {
            self.path(piece.to_vec(), color, 2.0)?;
        }
        if points.len() as f64 * MARK_PX < self.area.width {
            for point in points.into_iter().filter(|point| point.1.is_finite()) {
                self.dot(point, self.style.background.mix(1.0), 4.5)?;
                self.dot(point, color, 3.0)?;
            }
        }
        Ok(())
    }

    /// A vertical line at an update inside of the chart; returns the update.
    pub(super) fn upright(&self, update: Option<f64>) -> Drawn<Option<f64>> {
        let inside = |update: &f64| (0.0..=self.area.last_update).contains(update);
        let Some(update) = update.filter(inside) else { return Ok(None) };
        let line = vec![(update, self.area.minimum), (update, self.area.maximum)];
        self.path(line, self.style.text.mix(0.5), 1.0)?;
        Ok(Some(update))
    }

    /// A vertical line where the reader points, and the batch's value on it.
    fn hover(&self, content: &Content) -> Drawn<()> {
        let Some(update) = self.upright(content.hovered_update)? else { return Ok(()) };
        match (update as usize).checked_sub(1).and_then(|k| content.training.get(k)) {
            Some(value) if value.is_finite() => {
                self.dot((update, f64::from(*value)), self.style.training.mix(1.0), 3.0)
            }
            _ => Ok(()),
        }
    }
}

/// Length of a dash and of the gap behind it.
const DASH_PX: f64 = 4.0;
/// Room that the mark of an evaluation takes.
const MARK_PX: f64 = 10.0;
