//! Workers that make every step together, as the engine sees them: `Lockstep` of `www/engine/lockstep.js`.

use js_sys::Uint32Array;
use wasm_bindgen::prelude::*;

use crate::train::Exchange;
use crate::{Error, Result};

#[wasm_bindgen]
extern "C" {
    /// A worker's place in a group that shares memory.
    pub type Lockstep;

    #[wasm_bindgen(method)]
    fn begin(this: &Lockstep);

    #[wasm_bindgen(method)]
    fn owns(this: &Lockstep, index: usize) -> bool;

    #[wasm_bindgen(method)]
    fn publish(this: &Lockstep, index: usize, words: &[u32]) -> bool;

    #[wasm_bindgen(method)]
    fn barrier(this: &Lockstep) -> bool;

    #[wasm_bindgen(method)]
    fn fetch(this: &Lockstep, index: usize) -> Uint32Array;
}

/// A [`Lockstep`] through which blocks are exchanged.
pub struct Seat(pub Lockstep);

impl Exchange for Seat {
    fn begin(&mut self) {
        self.0.begin();
    }

    fn owns(&self, index: usize) -> bool {
        self.0.owns(index)
    }

    fn publish(&mut self, index: usize, words: &[u32]) -> Result<()> {
        if self.0.publish(index, words) {
            return Ok(());
        }
        Err(Error::format(
            "the block of a batch",
            "it does not fit the memory that the workers share; start again",
        ))
    }

    fn barrier(&mut self) -> bool {
        self.0.barrier()
    }

    fn fetch(&mut self, index: usize, words: &mut Vec<u32>) {
        let view = self.0.fetch(index);
        words.resize(view.length() as usize, 0);
        view.copy_to(words);
    }
}
