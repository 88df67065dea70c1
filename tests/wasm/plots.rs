//! Charts on a real canvas.

use js_sys::{JSON, Object, Reflect};
use tsify::Ts;
use unrolled::wasm::plots;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

fn draw_history(canvas: &HtmlCanvasElement, history: JsValue, style: JsValue) -> Result<JsValue, JsValue> {
    plots::draw_history(canvas, Ts::new_unchecked(history), Ts::new_unchecked(style)).map(JsValue::from)
}

fn canvas() -> HtmlCanvasElement {
    let document = web_sys::window().unwrap().document().unwrap();
    let canvas: HtmlCanvasElement = document.create_element("canvas").unwrap().dyn_into().unwrap();
    document.body().unwrap().append_child(&canvas).unwrap();
    canvas
}

fn history(losses: &[f32]) -> JsValue {
    let history = JSON::parse(
        r#"{ "validation": [{ "step": 125, "epoch": 1, "loss": 0.5, "accuracy": 0.75 }], "baseline": 0.5,
             "steps_per_epoch": 125 }"#,
    )
    .unwrap();
    let accuracies: Vec<f32> = losses.iter().map(|loss| 1.0 - loss).collect();
    Reflect::set(&history, &"losses".into(), &js_sys::Float32Array::from(losses)).unwrap();
    Reflect::set(&history, &"accuracies".into(), &js_sys::Float32Array::from(accuracies.as_slice())).unwrap();
    history
}

fn style(quantity: &str, pixel_ratio: f64) -> JsValue {
    JSON::parse(&format!(
        r##"{{ "quantity": "{quantity}", "width": 300, "height": 150, "pixel_ratio": {pixel_ratio},
             "text_color": "#565c68", "line_color": "rgb(227, 223, 214)", "training_color": "gray",
             "validation_color": " #1a5fd0", "baseline_color": "#565c68", "background_color": "#fff" }}"##
    ))
    .unwrap()
}

/// How many pixels of the canvas have this colour.
fn pixels(canvas: &HtmlCanvasElement, color: [u8; 3]) -> usize {
    let context: CanvasRenderingContext2d = canvas.get_context("2d").unwrap().unwrap().dyn_into().unwrap();
    let image = context.get_image_data(0.0, 0.0, canvas.width().into(), canvas.height().into()).unwrap();
    image.data().chunks_exact(4).filter(|pixel| pixel[..3] == color).count()
}

#[wasm_bindgen_test]
fn a_chart_is_as_fine_as_the_screen() {
    let losses: Vec<f32> = (0..200).map(|k| 0.7 - 0.001 * k as f32).collect();
    for (ratio, width, height) in [(1.0, 300, 150), (1.5, 450, 225), (2.0, 600, 300)] {
        let canvas = canvas();
        let area = draw_history(&canvas, history(&losses), style("loss", ratio)).unwrap();
        assert_eq!((canvas.width(), canvas.height()), (width, height));
        let side = |name: &str| Reflect::get(&area, &name.into()).unwrap().as_f64().unwrap();
        assert_eq!((side("first_update"), side("last_update")), (0.0, 250.0));
        assert!(side("left") + side("width") < 300.0, "the area is in pixels of the page");
        assert!(pixels(&canvas, [0x1a, 0x5f, 0xd0]) > 10, "the evaluation is marked at ratio {ratio}");
        assert!(pixels(&canvas, [227, 223, 214]) > 200, "level lines are sharp at ratio {ratio}");
    }
}

#[wasm_bindgen_test]
fn any_history_can_be_drawn() {
    let long: Vec<f32> = (0..100_000).map(|k| 1.0 / (1.0 + k as f32)).collect();
    for losses in [&[][..], &[0.7], &[f32::NAN, f32::INFINITY, 0.5], &long] {
        for quantity in ["loss", "accuracy"] {
            draw_history(&canvas(), history(losses), style(quantity, 1.0)).unwrap();
        }
    }
}

#[wasm_bindgen_test]
fn what_cannot_be_drawn_is_refused_with_a_sentence() {
    let refused = |history: JsValue, style: JsValue| {
        let thrown = draw_history(&canvas(), history, style).unwrap_err();
        Reflect::get(&thrown, &"message".into()).unwrap().as_string().unwrap()
    };
    assert!(refused(Object::new().into(), style("loss", 1.0)).contains("the history"));
    assert!(refused(history(&[]), JsValue::NULL).contains("the style"));
    assert!(refused(history(&[]), style("weather", 1.0)).contains("weather"));
    assert!(refused(history(&[]), style("loss", 0.0)).contains("pixel_ratio"));
}
