//! The packed file of a data set: one safetensors file.
//!
//! Tensors: `train/ids`, `train/offsets`, `train/labels` and the same for `test`. Ids and labels are U8 where every
//! value fits and U16 otherwise, offsets U32; a language model has no labels. Samples that are arrays stand as
//! `train/x` and `train/y` in place of these. All else stands as one JSON text under
//! `dataset` in the `__metadata__`, so that the bytes of a pack depend on its content alone.

use safetensors::Dtype;
use serde::{Deserialize, Serialize};

use super::Arrays;
use super::dataset::{Dataset, Provenance, Split, Task};
use super::vocabulary::{Unit, Vocabulary};
use crate::tensors::safetensors::{Reader, Writer, text};
use crate::{Error, Result};

const KEY: &str = "dataset";
const FORMAT: &str = "unrolled dataset";
const VERSION: u32 = 1;
const WHAT: &str = "the data file";
const REMEDY: &str = "load or make it again";

#[derive(Serialize, Deserialize)]
struct Header {
    format: String,
    version: u32,
    name: String,
    title: String,
    task: Task,
    unit: Unit,
    class_names: Vec<String>,
    vocabulary: Vec<String>,
    provenance: Provenance,
    notes: String,
}

impl Dataset {
    /// Reads a packed file.
    ///
    /// # Errors
    /// Any bytes that are not a whole, consistent pack: truncated or of another kind ([`Error::Format`]), or with
    /// values that contradict each other ([`Error::Value`]). No bytes make it panic.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let json = text(bytes, KEY, WHAT, REMEDY)?.ok_or_else(|| {
            Error::format(
                WHAT,
                "this safetensors file is not a data set; choose one that Unrolled has packed",
            )
        })?;
        let header = read_header(&json)?;
        let tensors = Reader::open(bytes, WHAT, REMEDY)?;
        let dataset = Self {
            name: header.name,
            title: header.title,
            task: header.task,
            class_names: header.class_names,
            vocabulary: Vocabulary::new(header.unit, header.vocabulary)?,
            train: read_split(&tensors, "train", header.task)?,
            test: read_split(&tensors, "test", header.task)?,
            provenance: header.provenance,
            notes: header.notes,
        };
        dataset.check()?;
        Ok(dataset)
    }

    /// The packed file of this data set; the same data set always gives the same bytes.
    ///
    /// # Errors
    /// As [`Dataset::check`].
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        self.check()?;
        let json = serde_json::to_string(&self.header()).map_err(|e| Error::format(WHAT, e.to_string()))?;
        let mut arrays = Writer::default();
        for (part, split) in [("train", &self.train), ("test", &self.test)] {
            if let Some(Arrays { x, y }) = split.arrays() {
                arrays.add_tensor(format!("{part}/x"), x);
                arrays.add_tensor(format!("{part}/y"), y);
                continue;
            }
            add_smallest(&mut arrays, format!("{part}/ids"), split.ids());
            let offsets = split.offsets();
            arrays.add(format!("{part}/offsets"), &[offsets.len()], offsets.iter().copied());
            if !matches!(self.task, Task::LanguageModel | Task::Values) {
                add_smallest(&mut arrays, format!("{part}/labels"), split.labels());
            }
        }
        arrays.to_bytes(WHAT, Some((KEY, json)))
    }

    /// Sixteen hexadecimal digits that differ for different data sets (FNV-1a of the packed file).
    ///
    /// # Errors
    /// As [`Dataset::check`].
    pub fn hash(&self) -> Result<String> {
        let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        let hash = self.to_bytes()?.iter().fold(0xcbf2_9ce4_8422_2325, step);
        Ok(format!("{hash:016x}"))
    }

    fn header(&self) -> Header {
        Header {
            format: FORMAT.to_owned(),
            version: VERSION,
            name: self.name.clone(),
            title: self.title.clone(),
            task: self.task,
            unit: self.vocabulary.unit(),
            class_names: self.class_names.clone(),
            vocabulary: self.vocabulary.words().to_vec(),
            provenance: self.provenance.clone(),
            notes: self.notes.clone(),
        }
    }
}

fn read_header(json: &str) -> Result<Header> {
    #[derive(Deserialize)]
    struct Kind {
        format: String,
        version: u32,
    }
    let broken = |e: serde_json::Error| {
        Error::format(WHAT, format!("its description cannot be read ({e}); load or make it again"))
    };
    let kind: Kind = serde_json::from_str(json).map_err(broken)?;
    if kind.format != FORMAT || kind.version != VERSION {
        let found = format!("it is {:?} version {}", kind.format, kind.version);
        return Err(Error::format(WHAT, format!("{found}, this program reads {FORMAT:?} version {VERSION}")));
    }
    serde_json::from_str(json).map_err(broken)
}

fn read_split(tensors: &Reader, part: &str, task: Task) -> Result<Split> {
    let [x, y] = ["x", "y"].map(|name| format!("{part}/{name}"));
    if tensors.holds(&x) {
        return Ok(Split::of_arrays(Arrays { x: tensors.tensor(&x)?, y: tensors.tensor(&y)? }));
    }
    let ids = read_u16(tensors, &format!("{part}/ids"))?;
    let (_, offsets) = tensors.array::<u32>(&format!("{part}/offsets"))?;
    let labels = match task {
        Task::LanguageModel | Task::Values => Vec::new(),
        Task::Binary | Task::Classes => read_u16(tensors, &format!("{part}/labels"))?,
    };
    Split::from_parts(ids, offsets, labels)
}

fn read_u16(tensors: &Reader, name: &str) -> Result<Vec<u16>> {
    match tensors.dtype(name)? {
        Dtype::U8 => Ok(tensors.array::<u8>(name)?.1.into_iter().map(u16::from).collect()),
        Dtype::U16 => Ok(tensors.array(name)?.1),
        other => Err(Error::format(WHAT, format!("`{name}` must hold U8 or U16, found {other:?}; {REMEDY}"))),
    }
}

/// Adds `values` as bytes where all of them fit.
fn add_smallest(arrays: &mut Writer, name: String, values: &[u16]) {
    let bytes: std::result::Result<Vec<u8>, _> = values.iter().map(|&value| u8::try_from(value)).collect();
    match bytes {
        Ok(bytes) => arrays.add(name, &[values.len()], bytes),
        Err(_) => arrays.add(name, &[values.len()], values.iter().copied()),
    }
}
