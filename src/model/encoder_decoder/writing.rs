//! What a decoder writes when it reads what it has written itself.

use ndarray::{Array2, ArrayView1};

use super::{EncoderDecoder, MARK};
use crate::Result;
use crate::math::Backend;
use crate::math::elementary::softmax_rows;
use crate::math::reduce::argmax;

/// The name of the attention weights in the listings of decoders.
const WEIGHTS: &str = "a";

/// An answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Written {
    /// The ids, the mark at the end among them unless the answer was cut off.
    pub ids: Vec<u32>,
    /// The probability of each.
    pub probabilities: Vec<f32>,
    /// Where the decoder looked when it wrote each id, `[ids, positions]`; no columns without attention.
    pub attention: Vec<Vec<f32>>,
}

impl EncoderDecoder {
    /// Reads the sources ([`Self::source_mut`]) and writes an answer to each: always the likeliest id, until the mark
    /// or `longest` ids.
    ///
    /// # Errors
    /// As [`Self::forward`].
    pub fn write(&mut self, longest: usize) -> Result<Vec<Written>> {
        self.read()?;
        let mut states = self.handed_over();
        let batch = self.signals.source.batch;
        let mut written = vec![Written::default(); batch];
        let mut last = vec![MARK; batch];
        for _ in 0..longest {
            self.layers.decoder.set_initial_state(states)?;
            self.signals.target.set_ids(1, batch);
            self.signals.target.ids.copy_from_slice(&last);
            self.decode(false)?;
            self.choose(&mut written, &mut last);
            if written.iter().all(Written::is_complete) {
                break;
            }
            states = self.states_after();
        }
        Ok(written)
    }

    /// Adds the likeliest id to every answer that is not complete.
    fn choose(&mut self, written: &mut [Written], last: &mut [u32]) {
        let logits = &mut self.signals.logits;
        let width = logits.features;
        softmax_rows(Backend::best(), &mut logits.data, width);
        let recurrent = &self.layers.decoder;
        let symbol = recurrent.cell().symbols().into_iter().find(|symbol| symbol.name == WEIGHTS);
        let attention = symbol.zip(recurrent.tape()).map(|(symbol, tape)| tape.values(&symbol));
        for (b, written) in written.iter_mut().enumerate().filter(|(_, written)| !written.is_complete()) {
            let row = &logits.data[b * width..][..width];
            let id = argmax(row);
            last[b] = id as u32;
            written.ids.push(id as u32);
            written.probabilities.push(row[id]);
            let weights = attention.as_ref().map(|values| values.slice(ndarray::s![0, b, ..]));
            written.attention.push(weights.map(|row: ArrayView1<f32>| row.to_vec()).unwrap_or_default());
        }
    }

    /// The decoder's states after the last pass, each `[batch, width]`.
    fn states_after(&self) -> Vec<Array2<f32>> {
        let (decoder, batch) = (&self.layers.decoder, self.signals.source.batch);
        let state = |k: usize| {
            let (values, width) = (decoder.final_state(k), decoder.state_width(k));
            Array2::from_shape_fn((batch, width), |(b, u)| values[b * width + u])
        };
        (0..decoder.state_count()).map(state).collect()
    }
}

impl Written {
    /// Whether the last id is the mark.
    pub fn is_complete(&self) -> bool {
        self.ids.last() == Some(&MARK)
    }
}
