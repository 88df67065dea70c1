//! Stepping on the page itself: small enough to answer between two frames.

use js_sys::{Float32Array, Int32Array, JSON};
use ndarray::ArrayViewD;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::convert::{Reply, thrown, to_js};
use crate::listing::{CheckedListing, Diagnostic, Listing, Pass, Recording, ValueAddress, cells};
use crate::session::stepping::{self, Choice, Failure, Part, Position, Stepping};
use crate::{Error, Result};

/// One session of stepping. Every method throws `{ code, message, diagnostics? }`.
#[wasm_bindgen]
pub struct Stepper {
    session: Stepping,
}

/// What is thrown for a listing that cannot be used.
#[derive(Serialize)]
struct Refused {
    code: &'static str,
    message: String,
    diagnostics: Vec<Diagnostic>,
}

fn refused(failure: Failure) -> JsValue {
    let diagnostics = match failure {
        Failure::Engine(error) => return thrown(error),
        Failure::Listing(diagnostics) => diagnostics,
    };
    let message = diagnostics.first().map(ToString::to_string).unwrap_or_default();
    to_js(&Refused { code: "listing", message, diagnostics }).unwrap_or(JsValue::NULL)
}

/// The numbers by which the page names the two listings and the two directions.
fn part(number: u8) -> Part {
    if number == 0 { Part::Cell } else { Part::Output }
}

/// The numbers that `name` has in a recording after `line` at a timestep.
fn named(
    recording: &Recording,
    phase: u8,
    timestep: usize,
    (line, name): (usize, &str),
) -> Option<Float32Array> {
    let values = recording.named(self::phase(phase), timestep, line, name)?;
    Some(numbers(values.view()))
}

/// Row after row.
fn numbers(array: ArrayViewD<f32>) -> Float32Array {
    Float32Array::from(array.as_standard_layout().as_slice().unwrap_or_default())
}

fn phase(number: u8) -> Pass {
    if number == 0 { Pass::Forward } else { Pass::Backward }
}

/// The listings that come with the project: `{ name, title, source }` each.
#[wasm_bindgen]
pub fn cell_listings() -> Reply {
    to_js(&cells::all())
}

/// The names that a listing assigns, each with the text that makes it, and its states and weights.
#[wasm_bindgen]
pub fn listing_outline(source: &str) -> Reply {
    let listing = Listing::parse(source).map_err(|mistakes| refused(Failure::Listing(mistakes)))?;
    to_js(&stepping::outline(&listing))
}

#[derive(Serialize)]
struct Checked {
    diagnostics: Vec<Diagnostic>,
    /// Name, role and shape of every parameter, with sizes that are still open as letters.
    parameters: Vec<(String, crate::listing::Role, String)>,
    gradient: Option<stepping::Check>,
}

/// What is wrong with a listing, or its parameters and whether its adjoint passes a numeric check.
#[wasm_bindgen]
pub fn check_listing(source: &str, features: usize, units: usize) -> Reply {
    let found = CheckedListing::new(source).and_then(|listing| {
        listing.sized(features, units)?;
        Ok(listing)
    });
    let checked = match found {
        Err(diagnostics) => Checked { diagnostics, parameters: vec![], gradient: None },
        Ok(listing) => Checked {
            diagnostics: vec![],
            parameters: listing.parameters().to_vec(),
            gradient: stepping::check(&listing, units).ok(),
        },
    };
    to_js(&checked)
}

#[derive(Serialize)]
struct Outcome {
    loss: f32,
    said: Vec<f32>,
    saturation: f32,
    edits: Vec<EditReply>,
}

#[derive(Serialize)]
struct EditReply {
    part: Part,
    name: String,
    timestep: usize,
    index: usize,
    old: f32,
    new: f32,
}

#[wasm_bindgen]
impl Stepper {
    /// Makes inputs and weights, and runs everything forwards and backwards.
    #[wasm_bindgen(constructor)]
    pub fn new(choice: JsValue) -> std::result::Result<Stepper, JsValue> {
        let text = JSON::stringify(&choice).ok().and_then(|text| text.as_string());
        let text =
            text.ok_or_else(|| thrown(Error::format("the choice for stepping", "it is not a plain object")))?;
        let choice = Choice::from_json(&text).map_err(thrown)?;
        Stepping::new(choice).map(|session| Self { session }).map_err(refused)
    }

    /// The texts, their lines and the shapes of everything.
    pub fn describe(&self) -> Reply {
        to_js(&stepping::describe(&self.session))
    }

    /// The picture of the cell, laid out from its listing.
    pub fn diagram(&self) -> Reply {
        to_js(&self.session.diagram())
    }

    /// Every stop in order, six numbers each: moment, part, direction, timestep, line, weight or -1.
    pub fn walk(&self) -> Int32Array {
        let flat: Vec<i32> = self.session.walk().iter().flat_map(Position::flat).collect();
        Int32Array::from(flat.as_slice())
    }

    /// Loss, output, saturation and what was changed by hand.
    pub fn outcome(&self) -> Reply {
        let edits = self.session.edits().iter().map(|edit| EditReply {
            part: edit.part,
            name: edit.name.clone(),
            timestep: edit.timestep,
            index: edit.index,
            old: edit.old,
            new: edit.new,
        });
        to_js(&Outcome {
            loss: self.session.readout().loss(),
            said: self.session.readout().said(),
            saturation: self.session.saturation(),
            edits: edits.collect(),
        })
    }

    /// The numbers that `name` has after line `line` at a timestep, row after row; `undefined` if there are none.
    pub fn value(
        &self,
        part: u8,
        phase: u8,
        timestep: usize,
        line: usize,
        name: &str,
    ) -> Option<Float32Array> {
        named(self.session.recording(self::part(part)), phase, timestep, (line, name))
    }

    /// The same before the first change by hand.
    pub fn value_before(
        &self,
        part: u8,
        phase: u8,
        timestep: usize,
        line: usize,
        name: &str,
    ) -> Option<Float32Array> {
        named(self.session.before(self::part(part))?, phase, timestep, (line, name))
    }

    /// `value` at all timesteps, `[timesteps, width]`, now or before the first change by hand.
    pub fn field(&self, part: u8, phase: u8, line: usize, name: &str, before: bool) -> Option<Float32Array> {
        let part = self::part(part);
        let recording = if before { self.session.before(part)? } else { self.session.recording(part) };
        let phase = self::phase(phase);
        let node = recording.node(phase, line, name)?;
        Some(numbers(recording.values(phase, node).view()))
    }

    /// The gradient of weight `weight` of the cell, added up over time.
    pub fn weight_gradient(&self, weight: usize) -> Float32Array {
        numbers(self.session.recording(Part::Cell).weight_gradient(weight))
    }

    /// What every timestep adds to one number of a weight's gradient.
    pub fn over_time(&self, name: &str, index: usize) -> Option<Float32Array> {
        let parts = self.session.recording(Part::Cell).over_time(name, index)?;
        Some(Float32Array::from(parts.as_slice()))
    }

    /// Everything about one number; `null` if there is no such number.
    pub fn explain(
        &self,
        part: u8,
        phase: u8,
        timestep: usize,
        line: usize,
        name: &str,
        index: usize,
    ) -> Reply {
        let place = ValueAddress { pass: self::phase(phase), timestep, line, name: name.to_string(), index };
        to_js(&self.session.explain(self::part(part), &place))
    }

    /// One number as a few lines of Python with numpy.
    pub fn number_as_numpy(
        &self,
        part: u8,
        phase: u8,
        timestep: usize,
        line: usize,
        name: &str,
        index: usize,
    ) -> Option<String> {
        let place = ValueAddress { pass: self::phase(phase), timestep, line, name: name.to_string(), index };
        self.session.number_as_numpy(self::part(part), &place)
    }

    /// The whole session as a Python program with numpy: forwards, or also backwards.
    pub fn as_numpy(&self, phase: u8) -> String {
        self.session.as_numpy(self::phase(phase))
    }

    /// Changes one number of an input, an initial state or a weight, and everything after it.
    pub fn edit(
        &mut self,
        part: u8,
        name: &str,
        timestep: usize,
        index: usize,
        value: f32,
    ) -> std::result::Result<(), JsValue> {
        answer(self.session.edit(self::part(part), name, timestep, index, value))
    }

    /// Takes the last change back; `false` if there is none.
    pub fn undo(&mut self) -> std::result::Result<bool, JsValue> {
        answer(self.session.undo())
    }
}

fn answer<T>(result: Result<T>) -> std::result::Result<T, JsValue> {
    result.map_err(thrown)
}
