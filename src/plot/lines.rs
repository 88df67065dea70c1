//! Positive numbers over the updates of a run, on a logarithmic axis: one line for each of several things.

use plotters::prelude::*;

use super::history::Chart;
use super::scale::{Tick, power_of_ten, right_edge};
use super::{Drawn, PlotArea, RGBColor, Style};

/// One line.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its colour.
    pub color: RGBColor,
    /// Update and value; what is not above zero and finite is left out.
    pub points: Vec<(f64, f32)>,
}

/// What is drawn.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    /// The lines.
    pub lines: &'a [Line],
    /// A value with a dashed line.
    pub mark: Option<f32>,
    /// Updates of the run so far, which the axis holds at least.
    pub updates: f64,
    /// Updates of one epoch.
    pub steps_per_epoch: u64,
    /// The update that a reader points at.
    pub hovered_update: Option<f64>,
}

/// Fewer decades than these are not worth an axis of their own.
const FEWEST_DECADES: f64 = 2.0;
/// More decades than this have no label of their own each.
const LABELLED: f64 = 5.0;
/// Pixels in which the points of a line are told apart.
const POINT_PX: f64 = 1.0;

/// Draws the lines and says where they are; the values at the edges are logarithms to the base of ten.
///
/// # Errors
/// If the backend cannot draw.
pub fn draw_lines<DB: DrawingBackend>(backend: DB, content: &Lines, style: &Style) -> Drawn<PlotArea> {
    let lines: Vec<Vec<(f64, f64)>> = content.lines.iter().map(logarithms).collect();
    let values = lines.iter().flatten().map(|(_, value)| *value);
    let mark = content.mark.and_then(log10);
    let (low, high) = decades(values.chain(mark));
    let chart =
        Chart::new(backend, style, right_edge(content.updates, content.steps_per_epoch), (low, high))?;
    chart.axes(ticks(low, high), content.steps_per_epoch)?;
    chart.dashed(mark.unwrap_or(f64::NAN))?;
    chart.upright(content.hovered_update)?;
    let apart = chart.area.last_update / chart.area.width.max(1.0) * POINT_PX;
    for (line, points) in content.lines.iter().zip(lines) {
        let mut kept: Vec<(f64, f64)> = Vec::new();
        for point in points {
            if kept.last().is_none_or(|last| point.0 - last.0 >= apart) {
                kept.push(point);
            }
        }
        if !kept.is_empty() {
            chart.curve(vec![kept], line.color.mix(1.0), 1.75)?;
        }
    }
    chart.root.present()?;
    Ok(chart.area)
}

#[allow(clippy::disallowed_methods)] // shown to readers: no number of a run follows from it
fn log10(value: f32) -> Option<f64> {
    (value > 0.0 && value.is_finite()).then(|| f64::from(value).log10())
}

fn logarithms(line: &Line) -> Vec<(f64, f64)> {
    line.points.iter().filter_map(|(update, value)| Some((*update, log10(*value)?))).collect()
}

/// Whole decades around the values.
fn decades(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    if low > high {
        return (-3.0, 0.0);
    }
    let (low, high) = (low.floor(), high.ceil());
    (low, high.max(low + FEWEST_DECADES))
}

fn ticks(low: f64, high: f64) -> Vec<Tick> {
    let every = ((high - low) / LABELLED).ceil().max(1.0) as i64;
    (low as i64..=high as i64).filter(|k| k % every == 0).map(|k| (k as f64, power_of_ten(k))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_whole_decades_with_their_names() {
        assert_eq!(decades([-2.4, -0.3].into_iter()), (-3.0, 0.0));
        assert_eq!(decades([0.5].into_iter()), (0.0, 2.0));
        let names: Vec<String> = ticks(-4.0, 1.0).into_iter().map(|tick| tick.1).collect();
        assert_eq!(names, ["10⁻⁴", "10⁻³", "10⁻²", "0.1", "1", "10"]);
        assert_eq!(ticks(-12.0, 0.0).len(), 5);
    }

    #[test]
    fn what_has_no_logarithm_is_left_out() {
        let color = RGBColor(0, 0, 0);
        let points = vec![(0.0, 0.1), (1.0, 0.0), (2.0, f32::INFINITY), (3.0, f32::NAN), (4.0, 10.0)];
        let found = logarithms(&Line { color, points });
        assert_eq!(found.iter().map(|point| point.0).collect::<Vec<_>>(), [0.0, 4.0]);
        assert!((found[1].1 - 1.0).abs() < 1e-6);
    }
}
