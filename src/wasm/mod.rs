//! The boundary to JavaScript: the only place that knows it exists.
//!
//! [`engine::Engine`] lives in the page's worker, the plots are drawn by a second instance on the page itself. What the
//! Step view needs, [`stepper::Stepper`], is a module of its own: the features `training` and `stepping` say what a
//! module exports, and the linker leaves out what no export needs. Small nested things cross as plain objects, arrays
//! as typed arrays, errors as `{ code, message }`.

#[cfg(feature = "analysis")]
pub mod analysis;
#[cfg(feature = "bench")]
pub mod bench;
#[cfg(feature = "training")]
mod canvas;
mod cells;
pub mod convert;
#[cfg(feature = "training")]
pub mod data;
#[cfg(all(feature = "analysis", feature = "training"))]
pub mod encoder_decoder;
#[cfg(feature = "training")]
pub mod engine;
#[cfg(feature = "training")]
pub mod experiment;
#[cfg(feature = "formats")]
pub mod figures;
#[cfg(feature = "formats")]
pub mod files;
#[cfg(all(feature = "analysis", feature = "formats"))]
pub mod following;
#[cfg(feature = "training")]
pub mod insight;
#[cfg(feature = "formats")]
pub mod keras_code;
#[cfg(feature = "training")]
pub mod lockstep;
#[cfg(feature = "formats")]
pub mod own;
#[cfg(feature = "training")]
pub mod plots;
#[cfg(feature = "training")]
pub mod replies;
#[cfg(all(feature = "analysis", feature = "formats"))]
pub mod sampling;
#[cfg(feature = "formats")]
pub mod script;
pub mod seed;
#[cfg(feature = "stepping")]
pub mod stepper;
pub mod words;
#[cfg(all(feature = "analysis", feature = "training"))]
pub mod writing;

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(message: &str);
}

/// Runs when the module is instantiated: lets the console say what went wrong before a panic ends the instance.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| console_error(&format!("the engine has stopped: {info}"))));
}
