//! A listing as loop, scan and convolution.

use tsify::Ts;
use wasm_bindgen::prelude::*;

use crate::analysis::unrolling::{Unrollings, unrolled};
use crate::listing::Recording;
use crate::session::stepping::{Choice, Failure, Part, Stepping};
use crate::wasm::convert::{Reply, from_js, thrown, thrown_mistakes, to_js};

/// What a choice for stepping gives in each way; `undefined` if no state is read, or it would take too long.
#[wasm_bindgen]
pub fn unrollings(choice: Ts<Choice>) -> Reply<Option<Ts<Unrollings>>> {
    let choice: Choice = from_js("the choice for stepping", &choice).map_err(thrown)?;
    let session = Stepping::new(choice).map_err(|failure| match failure {
        Failure::Engine(error) => thrown(error),
        Failure::Listing(mistakes) => thrown_mistakes(mistakes),
    })?;
    let cell: &Recording = session.recording(Part::Cell);
    unrolled(cell).as_ref().map(to_js).transpose()
}
