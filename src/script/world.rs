//! What a script changes outside of its variables: what it prints, and numpy's one generator.

use std::cell::RefCell;
use std::rc::Rc;

use super::array::{Fault, Outcome, spend};
use super::random::RandomState;

/// The longest text that a script prints.
const MOST_PRINTED: usize = 1 << 20;

/// What the functions of numpy and Python act on.
pub(in crate::script) struct World {
    pub(in crate::script) printed: String,
    /// The generator of `np.random`.
    pub(in crate::script) legacy: Rc<RefCell<RandomState>>,
    /// The seed of draws that the script does not seed.
    pub(in crate::script) seed: u32,
    /// Whether there were such draws.
    pub(in crate::script) draws_unseeded: bool,
    /// Whether it draws pictures, which are left out.
    pub(in crate::script) draws_pictures: bool,
    /// The seconds of a clock.
    pub(in crate::script) clock: f64,
    /// Whether `np.random.seed` was called.
    pub(in crate::script) is_seeded: bool,
}

impl World {
    pub(in crate::script) fn new(seed: u32) -> Self {
        Self {
            printed: String::new(),
            legacy: Rc::new(RefCell::new(RandomState::new(seed))),
            seed,
            draws_unseeded: false,
            draws_pictures: false,
            clock: 0.0,
            is_seeded: false,
        }
    }

    pub(in crate::script) fn print(&mut self, text: &str) -> Outcome<()> {
        spend(text.len())?;
        self.printed.push_str(text);
        match self.printed.len() <= MOST_PRINTED {
            true => Ok(()),
            false => Err(Fault::new("this script prints more than a million characters; print less")),
        }
    }
}
