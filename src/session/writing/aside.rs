//! What a model computes for other texts than the one that it writes.

use super::Clamp;
use super::Writer;
use super::writer::{nothing_to_read, stream};
use crate::Result;
use crate::generate::drawn;
use crate::rng::{RngExt, Unit};

impl Writer {
    /// Reads the whole of `text` in place of the present one and returns what was computed, `[ids, row]`.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn rows_of(&mut self, text: &str) -> Result<(Vec<String>, Vec<f32>)> {
        let (mut pieces, mut rows) = (Vec::new(), Vec::new());
        self.aside(|writer| {
            for id in writer.vocabulary.encode(text) {
                writer.pass(id)?;
                pieces.push(writer.piece(id));
                rows.extend(writer.row());
            }
            Ok(())
        })?;
        Ok((pieces, rows))
    }

    /// What the model would write after `text` with these units held: `count` ids, drawn from `seed` at the present
    /// temperature. The present text stays as it is.
    ///
    /// # Errors
    /// As [`Self::begin`] and [`Self::clamp`].
    pub fn continued(
        &mut self,
        text: &str,
        count: usize,
        seed: u64,
        clamps: Vec<Clamp>,
    ) -> Result<Vec<String>> {
        let ids = self.vocabulary.encode(text);
        if ids.is_empty() {
            return Err(nothing_to_read());
        }
        let held = self.placed(clamps)?;
        let before = std::mem::replace(&mut self.clamps, held);
        let mut stream = stream(seed);
        let done = self.aside(|writer| {
            ids.iter().try_for_each(|id| writer.pass(*id))?;
            let mut pieces = Vec::with_capacity(count);
            for _ in 0..count {
                let (first, logits) = writer.reader.logits(&writer.model);
                let random = stream.sample(Unit);
                let id = first + drawn(&logits, writer.temperature, random, &mut writer.room)?.0 as u16;
                pieces.push(writer.piece(id));
                writer.pass(id)?;
            }
            Ok(pieces)
        });
        self.clamps = before;
        done
    }

    /// Does `work` from the beginning of another text and puts everything back.
    pub(super) fn aside<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let (states, reader) = (self.model.take_states(), self.reader.clone());
        self.reader.forget(&mut self.model);
        let done = work(self);
        self.reader = reader;
        self.model.restore_states(states);
        done
    }
}
