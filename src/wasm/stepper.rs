//! Stepping on the page itself: small enough to answer between two frames.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Float32Array, Int32Array};
use serde::{Deserialize, Serialize};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::convert::{Reply, from_js, numbers, thrown, thrown_mistakes, to_js};
use crate::listing::diagram::Diagram;
use crate::listing::{CheckedListing, Diagnostic, Explanation, Listing, Pass, Recording, Role, ValueAddress};
use crate::session::stepping::{
    self, Check, Choice, Description, Edit, Failure, Outline, Part, Position, Stepping,
};

/// Where the numbers of a name stand: in which listing, in which of its two passes, when, after which line.
#[derive(Deserialize, Tsify)]
pub struct ArrayAddress {
    part: Part,
    pass: Pass,
    /// The timestep from 0; all timesteps where it is missing.
    #[serde(default)]
    timestep: Option<usize>,
    /// The line of the text; the value is the one after it.
    line: usize,
    name: String,
}

/// Where one number stands.
#[derive(Deserialize, Tsify)]
pub struct Address {
    part: Part,
    pass: Pass,
    /// The timestep from 0.
    timestep: usize,
    /// The line of the text; the value is the one after it.
    line: usize,
    name: String,
    /// The position in the array, row after row.
    index: usize,
}

impl Address {
    fn read(address: &Ts<Self>) -> Reply<(Part, ValueAddress)> {
        let Self { part, pass, timestep, line, name, index } =
            from_js("the address", address).map_err(thrown)?;
        Ok((part, ValueAddress { pass, timestep, line, name, index }))
    }
}

/// What stands at an address, row after row and timestep after timestep.
fn values(recording: &Recording, address: &ArrayAddress) -> Option<Float32Array> {
    let ArrayAddress { pass, timestep, line, name, .. } = address;
    Some(match timestep {
        Some(timestep) => numbers(&recording.named(*pass, *timestep, *line, name)?),
        None => numbers(&recording.values(*pass, recording.node(*pass, *line, name)?)),
    })
}

thread_local! {
    static LAST: RefCell<Option<Rc<CheckedListing>>> = const { RefCell::new(None) };
}

/// The listing with this text. The last one is kept, so that an edit is read once, whatever is asked about it.
fn checked(source: &str) -> Result<Rc<CheckedListing>, Vec<Diagnostic>> {
    LAST.with_borrow_mut(|last| match last {
        Some(listing) if listing.listing().source() == source => Ok(listing.clone()),
        _ => Ok(last.insert(Rc::new(CheckedListing::new(source)?)).clone()),
    })
}

fn refused(failure: Failure) -> JsValue {
    match failure {
        Failure::Engine(error) => thrown(error),
        Failure::Listing(diagnostics) => thrown_mistakes(diagnostics),
    }
}

/// The names that a listing assigns, each with the text that makes it, and its states and weights.
#[wasm_bindgen]
pub fn listing_outline(source: &str) -> Reply<Ts<Outline>> {
    to_js(&stepping::outline(checked(source).map_err(thrown_mistakes)?.listing()))
}

/// What is wrong with a listing, or its parameters and whether its adjoint passes a numeric check.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct Checked {
    /// Every mistake; empty if the listing is accepted.
    diagnostics: Vec<Diagnostic>,
    /// Every parameter of an accepted listing.
    parameters: Vec<Parameter>,
    /// How many of the returned values are no states, which no output layer reads.
    outputs: usize,
    /// The name of the first of them.
    output: String,
    /// The numeric check of the adjoint, if it could be made.
    gradient: Option<Check>,
    /// What of the text is read otherwise than it is written, as a sentence; empty if nothing is.
    cleaned: String,
    /// The number of units that it needs, where that is another than was asked for.
    units: Option<usize>,
}

/// A parameter of a listing.
#[derive(Serialize, Tsify)]
pub struct Parameter {
    name: String,
    role: Role,
    /// Sizes that are still open are words: `(features, 2*units)`.
    shape: String,
}

/// Checks a listing for inputs of `features` numbers and `units` units.
#[wasm_bindgen]
pub fn check_listing(source: &str, features: usize, units: usize) -> Reply<Ts<Checked>> {
    let mut needed = None;
    let found = checked(source).and_then(|listing| {
        needed = listing.listing().fixed_units().filter(|needed| *needed != units);
        Choice::fits(&listing.sized(features, units)?)?;
        Ok(listing)
    });
    let parameter = |(name, role, shape)| Parameter { name, role, shape };
    to_js(&match found {
        Err(diagnostics) => {
            let (parameters, output, cleaned) = (vec![], String::new(), String::new());
            Checked { diagnostics, parameters, outputs: 0, output, gradient: None, cleaned, units: needed }
        }
        Ok(listing) => Checked {
            diagnostics: vec![],
            parameters: listing.parameters().iter().cloned().map(parameter).collect(),
            outputs: listing.listing().definition().outputs.0,
            output: first_output(listing.listing()),
            gradient: stepping::check(&listing, units).ok(),
            cleaned: listing.cleaned(),
            units: None,
        },
    })
}

/// The name of the first returned value that is no state: its own, or the one that it was given.
fn first_output(listing: &Listing) -> String {
    let (_, span) = listing.definition().outputs;
    let given = listing.definition().body.iter().find(|line| line.span == span);
    given.and_then(|line| line.targets.first()).map_or_else(
        || {
            let line = listing.source().lines().nth(span.line.saturating_sub(1)).unwrap_or_default();
            line.chars().skip(span.column.saturating_sub(1)).take(span.length).collect()
        },
        |target| target.name.clone(),
    )
}

/// What came out, and what was changed by hand.
#[derive(Serialize, Tsify)]
pub struct Outcome {
    loss: f32,
    /// What the output says after the last timestep.
    said: Vec<f32>,
    /// What it says of the state before the first timestep.
    said_before: Vec<f32>,
    /// The share of the read state's numbers whose size is 1 to three digits.
    saturation: f32,
    edits: Vec<Edit>,
}

/// One sequence through a cell, stop by stop. Every method throws `Failure`.
#[wasm_bindgen]
pub struct Stepper {
    session: Stepping,
}

#[wasm_bindgen]
impl Stepper {
    /// Makes inputs and weights, and runs everything forwards and backwards.
    #[wasm_bindgen(constructor)]
    pub fn new(choice: Ts<Choice>) -> Reply<Stepper> {
        let choice: Choice = from_js("the choice for stepping", &choice).map_err(thrown)?;
        let listing = checked(&choice.text()).map_err(thrown_mistakes)?;
        Stepping::of(&listing, choice).map(|session| Self { session }).map_err(refused)
    }

    /// The texts, their lines and the shapes of everything.
    pub fn describe(&self) -> Reply<Ts<Description>> {
        to_js(&stepping::describe(&self.session))
    }

    /// The picture of the cell, laid out from its listing for a room of so many CSS pixels; the operations of the calls
    /// `unfolded` are drawn one by one.
    pub fn diagram(&self, width: f32, height: f32, unfolded: Option<Vec<usize>>) -> Reply<Ts<Diagram>> {
        to_js(&self.session.diagram([width, height], &unfolded.unwrap_or_default()))
    }

    /// Every stop in order, six numbers each: moment, part, direction, timestep, line, weight or -1.
    pub fn walk(&self) -> Int32Array {
        let flat: Vec<i32> = self.session.walk().iter().flat_map(Position::flat).collect();
        Int32Array::from(flat.as_slice())
    }

    /// Loss, output, saturation and what was changed by hand.
    pub fn outcome(&self) -> Reply<Ts<Outcome>> {
        to_js(&Outcome {
            loss: self.session.readout().loss(),
            said: self.session.readout().said(),
            said_before: self.session.said_before().map_err(thrown)?,
            saturation: self.session.saturation(),
            edits: self.session.edits().to_vec(),
        })
    }

    /// The numbers at an address, row after row, `[width]`, or `[timesteps, width]` where it names no timestep;
    /// `undefined` if there are none.
    pub fn values(&self, address: Ts<ArrayAddress>) -> Reply<Option<Float32Array>> {
        let address = from_js("the address", &address).map_err(thrown)?;
        Ok(values(self.session.recording(address.part), &address))
    }

    /// The same before the first change by hand.
    pub fn values_before(&self, address: Ts<ArrayAddress>) -> Reply<Option<Float32Array>> {
        let address = from_js("the address", &address).map_err(thrown)?;
        Ok(self.session.before(address.part).and_then(|recording| values(recording, &address)))
    }

    /// The gradient of weight `weight` of the cell, added up over time.
    pub fn weight_gradient(&self, weight: usize) -> Float32Array {
        numbers(&self.session.recording(Part::Cell).weight_gradient(weight))
    }

    /// The Euclidean norm of the gradient that arrives at each state after each timestep, `[states, timesteps]`.
    pub fn gradient_norms(&self) -> Float32Array {
        Float32Array::from(self.session.gradient_norms().concat().as_slice())
    }

    /// What every timestep adds to one number of a weight's gradient.
    pub fn over_time(&self, name: &str, index: usize) -> Option<Float32Array> {
        let parts = self.session.recording(Part::Cell).over_time(name, index)?;
        Some(Float32Array::from(parts.as_slice()))
    }

    /// Everything about one number; `undefined` if there is no such number.
    pub fn explain(&self, address: Ts<Address>) -> Reply<Option<Ts<Explanation>>> {
        let (part, place) = Address::read(&address)?;
        self.session.explain(part, &place).map(|explanation| to_js(&explanation)).transpose()
    }

    /// Everything about one number of the gradient of a cell's weight, added up over time; `undefined` if there is no
    /// such number.
    pub fn explain_total(&self, weight: &str, index: usize) -> Reply<Option<Ts<Explanation>>> {
        self.session.explain_total(weight, index).map(|explanation| to_js(&explanation)).transpose()
    }

    /// What happens at position `at` of the walk, said of the number that is looked at.
    pub fn sentence(&self, at: usize, looked_at: Ts<Address>) -> Reply<String> {
        let (part, place) = Address::read(&looked_at)?;
        Ok(self.session.sentence(at, Some((part, &place))))
    }

    /// One number as a few lines of Python with numpy.
    pub fn number_as_numpy(&self, address: Ts<Address>) -> Reply<Option<String>> {
        let (part, place) = Address::read(&address)?;
        Ok(self.session.number_as_numpy(part, &place))
    }

    /// The whole session as a Python program with numpy: forwards, or also backwards.
    pub fn as_numpy(&self, pass: Ts<Pass>) -> Reply<String> {
        Ok(self.session.as_numpy(from_js("the pass", &pass).map_err(thrown)?))
    }

    /// Changes one number of an input, an initial state or a weight, and everything after it.
    pub fn edit(&mut self, address: Ts<Address>, value: f32) -> Reply<()> {
        let (part, ValueAddress { timestep, name, index, .. }) = Address::read(&address)?;
        self.session.edit(part, &name, timestep, index, value).map_err(thrown)
    }

    /// Takes the last change back; `false` if there is none.
    pub fn undo(&mut self) -> Reply<bool> {
        self.session.undo().map_err(thrown)
    }
}
