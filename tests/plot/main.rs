//! Charts, drawn as SVG by the code that draws them on the page's canvas.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop with what it found
#![cfg(not(target_arch = "wasm32"))]

use plotters_svg::SVGBackend;
use unrolled::plot::{Content, PlotArea, Quantity, RGBColor, Style, draw_history};
use unrolled::rng::{RngExt, Stream, Uniform};
use unrolled::train::Evaluation;

fn style(quantity: Quantity) -> Style {
    Style {
        quantity,
        width: 420.0,
        height: 180.0,
        units: 1.0,
        font_family: "sans-serif".into(),
        font_size: 11.0,
        text: RGBColor(86, 92, 104),
        line: RGBColor(227, 223, 214),
        training: RGBColor(138, 143, 153),
        validation: RGBColor(26, 95, 208),
        baseline: RGBColor(86, 92, 105),
        background: RGBColor(255, 255, 255),
    }
}

fn draw(content: &Content, style: &Style) -> (String, PlotArea) {
    let mut svg = String::new();
    let size = ((style.width * style.units) as u32, (style.height * style.units) as u32);
    let area = draw_history(SVGBackend::with_string(&mut svg, size), content, style).unwrap();
    (svg, area)
}

fn content<'a>(training: &'a [f32], validation: &'a [Evaluation]) -> Content<'a> {
    Content {
        training,
        validation,
        earlier: &[],
        baselines: &[],
        baseline: Some(0.5),
        steps_per_epoch: 125,
        guessing_loss: None,
        hovered_update: None,
        smoothed: true,
        logarithmic: false,
    }
}

/// A run that learns, noisy as batches are.
fn run(steps: usize) -> (Vec<f32>, Vec<Evaluation>) {
    let mut stream = Stream::new(1, "chart", 0);
    let curve = |k: usize| 0.25 + 0.44 / (1.0 + k as f32 / 120.0);
    let losses = (0..steps).map(|k| curve(k) + stream.sample(Uniform::new(-0.1, 0.1))).collect();
    let evaluation = |epoch: usize| {
        let loss = curve(125 * epoch) + 0.02 * epoch as f32;
        Evaluation { step: 125 * epoch as u64, epoch: epoch as u64, loss, accuracy: 1.0 - loss / 1.4 }
    };
    (losses, (1..=steps / 125).map(evaluation).collect())
}

/// The points of every curve with this colour, in the order of drawing.
fn curves(svg: &str, color: &str) -> Vec<Vec<(f64, f64)>> {
    let lines = svg.split("<polyline").skip(1).filter(|line| line.split('>').next().unwrap().contains(color));
    let points = |line: &str| {
        let list = line.split("points=\"").nth(1).unwrap().split('"').next().unwrap();
        let point = |text: &str| {
            let (x, y) = text.split_once(',').unwrap();
            (x.parse().unwrap(), y.parse().unwrap())
        };
        list.split_whitespace().map(point).collect()
    };
    lines.map(points).collect()
}

#[test]
fn curves_stay_inside_of_the_area_that_is_reported() {
    let (losses, validation) = run(600);
    for quantity in [Quantity::Loss, Quantity::Accuracy] {
        let (svg, area) = draw(&content(&losses, &validation), &style(quantity));
        for color in ["#8A8F99", "#1A5FD0", "#565C69"] {
            for (x, y) in curves(&svg, color).into_iter().flatten() {
                assert!(
                    (area.left - 1.0..=area.left + area.width + 1.0).contains(&x),
                    "{quantity:?} {color} x {x}"
                );
                assert!(
                    (area.top - 1.0..=area.top + area.height + 1.0).contains(&y),
                    "{quantity:?} {color} y {y}"
                );
            }
        }
    }
}

#[test]
fn a_pointer_can_be_mapped_to_the_step_that_is_drawn_there() {
    let (losses, validation) = run(500);
    let (svg, area) = draw(&content(&losses, &validation), &style(Quantity::Loss));
    let line = &curves(&svg, "#1A5FD0")[0];
    for ((x, y), evaluation) in line.iter().zip(&validation) {
        let share = (x - area.left) / area.width;
        let step = area.first_update + share * (area.last_update - area.first_update);
        // Half a pixel of the SVG's whole numbers, in steps.
        assert!((step - evaluation.step as f64).abs() <= 0.5 * 500.0 / area.width + 1e-9);
        let value = area.maximum - (y - area.top) / area.height * (area.maximum - area.minimum);
        assert!(
            (value - f64::from(evaluation.loss)).abs() <= 1.0 * (area.maximum - area.minimum) / area.height
        );
    }
}

#[test]
fn larger_losses_are_drawn_higher() {
    let (svg, _) = draw(&content(&[2.0, 1.0], &[]), &style(Quantity::Loss));
    let smoothed = &curves(&svg, "#8A8F99")[1];
    assert!(smoothed[0].1 < smoothed[1].1, "y grows downwards: {smoothed:?}");
}

#[test]
fn a_chart_without_steps_has_axes_and_no_curve() {
    for quantity in [Quantity::Loss, Quantity::Accuracy] {
        let (svg, area) = draw(&content(&[], &[]), &style(quantity));
        assert!(curves(&svg, "#8A8F99").is_empty());
        assert!(!curves(&svg, "#E3DFD6").is_empty());
        assert!(area.last_update > 0.0 && area.maximum > area.minimum);
    }
}

#[test]
fn one_step_is_a_dot() {
    let (svg, _) = draw(&content(&[0.7], &[]), &style(Quantity::Loss));
    assert!(svg.contains("<circle") && curves(&svg, "#8A8F99").is_empty());
}

#[test]
fn numbers_that_are_not_finite_leave_a_gap() {
    let losses = [0.7, 0.6, f32::NAN, f32::INFINITY, 0.5, 0.4];
    let broken = Evaluation { step: 3, epoch: 0, loss: f32::NAN, accuracy: f32::NAN };
    let (svg, _) = draw(&content(&losses, &[broken]), &style(Quantity::Loss));
    assert_eq!(curves(&svg, "#8A8F99").len(), 4, "two pieces of the raw and two of the averaged curve");
    assert!(!svg.contains("NaN"));
}

#[test]
fn the_baseline_is_drawn_under_accuracies_only() {
    let (losses, _) = run(60);
    let dashes = |quantity| curves(&draw(&content(&losses, &[]), &style(quantity)).0, "#565C69").len();
    assert_eq!(dashes(Quantity::Loss), 0);
    assert!(dashes(Quantity::Accuracy) > 10);
}

#[test]
fn every_level_line_has_its_name() {
    let (losses, _) = run(60);
    let baselines = [("bag of words".to_owned(), 0.4)];
    let content = Content { guessing_loss: Some(0.69), baselines: &baselines, ..content(&losses, &[]) };
    for (quantity, name) in
        [(Quantity::Loss, "guessing"), (Quantity::Accuracy, "always the most frequent answer")]
    {
        let (svg, _) = draw(&content, &style(quantity));
        assert!(svg.contains(name) && svg.contains("bag of words"), "{name}: {svg}");
    }
}

#[test]
fn a_hundred_thousand_steps_make_no_more_points_than_pixels_allow() {
    let (losses, validation) = run(100_000);
    let (svg, area) = draw(&content(&losses, &validation), &style(Quantity::Loss));
    let points: usize = curves(&svg, "#8A8F99").iter().map(Vec::len).sum();
    assert!(points as f64 <= 2.0 * 2.0 * area.width + 4.0, "{points} points");
    assert!(!svg.contains("<circle"), "no marks where they would touch");
}

#[test]
fn epochs_are_named_on_the_axis() {
    let (losses, validation) = run(375);
    let (svg, _) = draw(&content(&losses, &validation), &style(Quantity::Loss));
    assert!(svg.contains("epoch 1") && svg.contains("\n3\n"), "{svg}");
}

#[test]
fn tiny_charts_can_be_drawn() {
    let (losses, validation) = run(375);
    for (width, height) in [(1.0, 1.0), (60.0, 40.0)] {
        let style = Style { width, height, ..style(Quantity::Accuracy) };
        let (_, area) = draw(&content(&losses, &validation), &style);
        assert!(area.width > 0.0 && area.height > 0.0);
    }
}

#[test]
fn finer_units_give_the_same_chart() {
    let (losses, validation) = run(300);
    let content = content(&losses, &validation);
    let (_, coarse) = draw(&content, &style(Quantity::Loss));
    let (svg, fine) = draw(&content, &Style { units: 8.0, ..style(Quantity::Loss) });
    assert_eq!(coarse, fine);
    assert!(svg.contains("font-size=\"") && svg.contains("width=\"3360\""));
}

#[test]
fn earlier_runs_are_drawn_behind_and_the_axes_reach_over_them() {
    let (losses, validation) = run(250);
    let (_, longer) = run(600);
    let alone = draw(&content(&losses, &validation), &style(Quantity::Loss));
    let runs = [longer];
    let compared = Content { earlier: &runs, ..content(&losses, &validation) };
    let (svg, area) = draw(&compared, &style(Quantity::Loss));
    assert_eq!((alone.1.last_update, area.last_update), (250.0, 500.0));
    assert!(svg.matches("<polyline").count() > alone.0.matches("<polyline").count());
}

#[test]
fn the_hovered_update_is_marked() {
    let (losses, _) = run(60);
    let plain = draw(&content(&losses, &[]), &style(Quantity::Loss)).0;
    let hovered = Content { hovered_update: Some(30.0), ..content(&losses, &[]) };
    let marked = draw(&hovered, &style(Quantity::Loss)).0;
    let count = |svg: &str| curves(svg, "#565C68").len();
    assert_eq!((count(&plain), count(&marked)), (0, 1));
    let outside = Content { hovered_update: Some(1e9), ..content(&losses, &[]) };
    assert_eq!(count(&draw(&outside, &style(Quantity::Loss)).0), 0);
}

#[test]
fn without_smoothing_the_curve_of_single_batches_is_the_only_one() {
    let (losses, _) = run(60);
    let smoothed = content(&losses, &[]);
    let plain = Content { smoothed: false, ..smoothed };
    let count = |content: &Content| curves(&draw(content, &style(Quantity::Loss)).0, "#8A8F99").len();
    assert_eq!((count(&smoothed), count(&plain)), (2, 1));
    let (svg, area) = draw(&plain, &style(Quantity::Loss));
    let drawn = &curves(&svg, "#8A8F99")[0];
    for ((_, y), loss) in drawn.iter().zip(&losses) {
        let value = area.maximum - (y - area.top) / area.height * (area.maximum - area.minimum);
        assert!((value - f64::from(*loss)).abs() <= (area.maximum - area.minimum) / area.height);
    }
}

#[test]
fn on_a_logarithmic_axis_equal_factors_are_equal_heights() {
    let losses = [8.0, 4.0, 2.0, 1.0];
    let content = Content { smoothed: false, logarithmic: true, ..content(&losses, &[]) };
    let (svg, area) = draw(&content, &style(Quantity::Loss));
    let heights: Vec<f64> = curves(&svg, "#8A8F99")[0].iter().map(|point| point.1).collect();
    for pair in heights.windows(3) {
        assert!(((pair[1] - pair[0]) - (pair[2] - pair[1])).abs() <= 2.0, "{heights:?}");
    }
    assert!(area.minimum < 0.0 && area.maximum < 1.0, "the edges are logarithms");
    // An accuracy has no such axis.
    let accuracy = draw(&content, &style(Quantity::Accuracy)).1;
    assert!(accuracy.maximum == 1.0);
}
