//! A trained language model in one file: its experiment, its vocabulary and its weights.
//!
//! A safetensors file. Weights stand under `weights/<name>`, as in a checkpoint; experiment and vocabulary are one JSON
//! text in the `__metadata__`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::data::{Unit, Vocabulary};
use crate::experiment::Experiment;
use crate::layers::Parameters;
use crate::tensors::safetensors::{Writer, text};
use crate::{Error, Result};

const KEY: &str = "language_model";
const FORMAT: &str = "unrolled language model";
const VERSION: u32 = 1;
const WHAT: &str = "the language model";
const REMEDY: &str = "load or make it again";

#[derive(Serialize, Deserialize)]
struct Header {
    format: String,
    version: u32,
    experiment: Value,
    unit: Unit,
    vocabulary: Vec<String>,
}

/// What such a file says besides its weights.
#[derive(Debug, Clone)]
pub struct Shipped {
    /// The experiment that the model was trained in.
    pub experiment: Experiment,
    /// What its ids stand for.
    pub vocabulary: Vocabulary,
}

impl Shipped {
    /// Reads what `bytes` say.
    ///
    /// # Errors
    /// If they are no file with a language model.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let json = text(bytes, KEY, WHAT, REMEDY)?
            .ok_or_else(|| Error::format(WHAT, format!("this file does not hold one; {REMEDY}")))?;
        let header: Header = serde_json::from_str(&json)
            .map_err(|e| Error::format(WHAT, format!("its description cannot be read ({e}); {REMEDY}")))?;
        if header.format != FORMAT || header.version != VERSION {
            let found = format!("it is {:?} version {}", header.format, header.version);
            return Err(Error::format(WHAT, format!("{found}, this program reads version {VERSION}")));
        }
        let experiment = Experiment::from_value(&header.experiment)?;
        Ok(Self { experiment, vocabulary: Vocabulary::new(header.unit, header.vocabulary)? })
    }
}

/// The file of a model of `experiment` with these weights.
///
/// # Errors
/// None is known; the container's own errors are passed on.
pub fn shipped_file(
    experiment: &Experiment,
    vocabulary: &Vocabulary,
    parameters: &Parameters,
) -> Result<Vec<u8>> {
    let header = Header {
        format: FORMAT.to_owned(),
        version: VERSION,
        experiment: experiment.to_json(),
        unit: vocabulary.unit(),
        vocabulary: vocabulary.words().to_vec(),
    };
    let mut arrays = Writer::default();
    for spec in parameters.specs() {
        let values = &parameters.values()[spec.offset()..][..spec.count()];
        arrays.add(format!("weights/{}", spec.name), &spec.shape, values.iter().copied());
    }
    let json = serde_json::to_string(&header).map_err(|e| Error::format(WHAT, e.to_string()))?;
    arrays.to_bytes(WHAT, Some((KEY, json)))
}
