//! A run as bytes. Going on from them is bit-identical to never having stopped: every batch follows from the seed and
//! the number of its update.

use serde::{Deserialize, Serialize};

use super::{EncoderDecoderSettings, Reached, Session};
use crate::tensors::safetensors::{Reader, Writer, text};
use crate::train::optimizer::OptimizerState;
use crate::{Error, Result};

const KEY: &str = "encoder_decoder";
const FORMAT: &str = "unrolled encoder and decoder";
const VERSION: u32 = 1;
const WHAT: &str = "the kept run";
const REMEDY: &str = "start it anew";

/// What is kept beside the arrays.
#[derive(Serialize, Deserialize)]
struct Header {
    format: String,
    version: u32,
    settings: EncoderDecoderSettings,
    updates: u64,
    reached: Vec<Reached>,
}

impl Session {
    /// The run as bytes.
    ///
    /// # Errors
    /// None is known; the container's own errors are passed on.
    pub fn save(&self) -> Result<Vec<u8>> {
        let state = self.optimizer.state();
        let header = Header {
            format: FORMAT.into(),
            version: VERSION,
            settings: self.settings,
            updates: state.update_count,
            reached: self.reached.clone(),
        };
        let mut arrays = Writer::default();
        let parameters = &self.model.parameters;
        for (spec, rows) in parameters.specs().iter().zip(&state.visited) {
            let values = &parameters.values()[spec.offset()..][..spec.count()];
            arrays.add(format!("weights/{}", spec.name), &spec.shape, values.iter().copied());
            arrays.add(format!("optimizer/visited/{}", spec.name), &[rows.len()], rows.iter().copied());
        }
        for (k, slot) in state.slots.iter().enumerate() {
            arrays.add(format!("optimizer/slot/{k}"), &[slot.len()], slot.iter().copied());
        }
        arrays.add("losses", &[self.losses.len()], self.losses.iter().copied());
        let json = serde_json::to_string(&header).map_err(|e| Error::format(WHAT, e.to_string()))?;
        arrays.to_bytes(WHAT, Some((KEY, json)))
    }

    /// The run in `bytes`.
    ///
    /// # Errors
    /// If they are no whole run, or one that cannot be trained here.
    pub fn restore(bytes: &[u8]) -> Result<Self> {
        let json = text(bytes, KEY, WHAT, REMEDY)?;
        let json = json.ok_or_else(|| Error::format(WHAT, format!("these bytes are none; {REMEDY}")))?;
        let header: Header = serde_json::from_str(&json)
            .map_err(|e| Error::format(WHAT, format!("its description cannot be read ({e}); {REMEDY}")))?;
        if header.format != FORMAT || header.version != VERSION {
            let found = format!("it is {:?} version {}", header.format, header.version);
            return Err(Error::format(
                WHAT,
                format!("{found}, this program reads version {VERSION}; {REMEDY}"),
            ));
        }
        let mut session = Self::new(header.settings)?;
        let file = Reader::open(bytes, WHAT, REMEDY)?;
        let mut visited = Vec::new();
        for spec in session.model.parameters.specs().to_vec() {
            let (shape, values) = file.array::<f32>(&format!("weights/{}", spec.name))?;
            session.model.parameters.set(&spec.name, &shape, &values)?;
            visited.push(file.array::<u32>(&format!("optimizer/visited/{}", spec.name))?.1);
        }
        let count = session.optimizer.state().slots.len();
        let slots = (0..count).map(|k| finite(&file, &format!("optimizer/slot/{k}")));
        let state = OptimizerState {
            update_count: header.updates,
            slots: slots.collect::<Result<_>>()?,
            visited,
            ..session.optimizer.state()
        };
        session.optimizer.set_state(state, &session.model.parameters)?;
        session.losses = finite(&file, "losses")?;
        if session.losses.len() as u64 != header.updates {
            let problem = format!("it has {} losses of {} updates", session.losses.len(), header.updates);
            return Err(Error::format(WHAT, format!("{problem}; {REMEDY}")));
        }
        session.reached = header.reached;
        session.answer_held_out()?;
        Ok(session)
    }
}

/// The numbers of an array; all must be finite.
fn finite(file: &Reader, name: &str) -> Result<Vec<f32>> {
    let (_, values) = file.array::<f32>(name)?;
    match values.iter().find(|v| !v.is_finite()) {
        Some(bad) => Err(Error::value(format!("every number of `{name}`"), "finite", bad)),
        None => Ok(values),
    }
}
