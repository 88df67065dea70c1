//! The memory of arrays and the work on them, counted: a script that asks for more than there is gets an answer, not a
//! crash.

use std::cell::{Cell, Ref, RefCell, RefMut};

use super::{Fault, Outcome};

/// How many numbers all arrays of a script may hold together: 256 MB.
pub const MOST_NUMBERS: usize = 1 << 25;

thread_local! {
    /// The numbers that all buffers of this thread hold.
    static HELD: Cell<usize> = const { Cell::new(0) };
    /// The work that is left: about one for each number that is computed.
    static LEFT: Cell<u64> = const { Cell::new(0) };
}

/// Begins to count for another script, which may do so much work.
pub(in crate::script) fn begin(work: u64) {
    HELD.set(0);
    LEFT.set(work);
}

/// Takes note of work; refuses it where none is left.
pub(in crate::script) fn spend(work: usize) -> Outcome<()> {
    match LEFT.get().checked_sub(work as u64) {
        Some(left) => {
            LEFT.set(left);
            Ok(())
        }
        None => Err(Fault::new("this script computes for too long; make its sizes or its loops smaller")),
    }
}

/// The numbers of an array and of its views.
#[derive(Debug)]
pub(in crate::script) struct Buffer {
    numbers: RefCell<Vec<f64>>,
    length: usize,
}

impl Buffer {
    pub(super) fn new(numbers: Vec<f64>) -> Outcome<Self> {
        let length = numbers.len();
        HELD.set(HELD.get() + length);
        Ok(Self { numbers: RefCell::new(numbers), length })
    }

    /// `length`, if so many numbers fit beside what is held and there is time to compute them.
    pub(in crate::script) fn room_for(length: usize) -> Outcome<usize> {
        spend(length)?;
        if length.saturating_add(HELD.get()) <= MOST_NUMBERS {
            return Ok(length);
        }
        Err(Fault::new(format!(
            "the arrays of this script would hold more than {} million numbers; make its sizes smaller",
            MOST_NUMBERS >> 20
        )))
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn borrow(&self) -> Ref<'_, Vec<f64>> {
        self.numbers.borrow()
    }

    pub(super) fn borrow_mut(&self) -> RefMut<'_, Vec<f64>> {
        self.numbers.borrow_mut()
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        HELD.set(HELD.get().saturating_sub(self.length));
    }
}
