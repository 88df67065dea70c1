//! The packed file of a data set: one safetensors file.
//!
//! Tensors: `train/ids`, `train/offsets`, `train/labels` and the same for `test`. Ids and labels are U8 where every
//! value fits and U16 otherwise, offsets U32; a language model has no labels. All else stands as one JSON text under
//! `dataset` in the `__metadata__`, so that the bytes of a pack depend on its content alone.

use std::collections::HashMap;

use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::{Deserialize, Serialize};

use super::dataset::{Dataset, Provenance, Split, Task};
use super::vocabulary::{Unit, Vocabulary};
use crate::{Error, Result};

const KEY: &str = "dataset";
const FORMAT: &str = "unrolled dataset";
const VERSION: u32 = 1;
const WHAT: &str = "the data file";

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
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|e| unreadable(&e))?;
        let json = metadata.metadata().as_ref().and_then(|entries| entries.get(KEY)).ok_or_else(|| {
            Error::format(
                WHAT,
                "this safetensors file is not a data set; choose one that Unrolled has packed",
            )
        })?;
        let header = read_header(json)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(|e| unreadable(&e))?;
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
        let mut tensors = Vec::new();
        for (part, split) in [("train", &self.train), ("test", &self.test)] {
            let offsets = split.offsets().iter().flat_map(|offset| offset.to_le_bytes()).collect();
            tensors.push((format!("{part}/ids"), smallest(split.ids())));
            tensors.push((format!("{part}/offsets"), (Dtype::U32, offsets)));
            if self.task != Task::LanguageModel {
                tensors.push((format!("{part}/labels"), smallest(split.labels())));
            }
        }
        let views = tensors
            .iter()
            .map(|(name, (dtype, data))| {
                let len = data.len() * 8 / dtype.bitsize();
                TensorView::new(*dtype, vec![len], data).map(|view| (name.as_str(), view))
            })
            .collect::<std::result::Result<Vec<_>, _>>();
        views
            .and_then(|views| safetensors::serialize(views, Some(HashMap::from([(KEY.to_owned(), json)]))))
            .map_err(|e| Error::format(WHAT, format!("it cannot be written ({e})")))
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

fn read_split(tensors: &SafeTensors, part: &str, task: Task) -> Result<Split> {
    let ids = read_u16(tensors, &format!("{part}/ids"))?;
    let name = format!("{part}/offsets");
    let view = tensors.tensor(&name).map_err(|_| missing(&name))?;
    if view.dtype() != Dtype::U32 {
        return Err(wrong_type(&name, "U32", view.dtype()));
    }
    let offsets = view.data().chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    let labels = match task {
        Task::LanguageModel => Vec::new(),
        Task::Binary | Task::Classes => read_u16(tensors, &format!("{part}/labels"))?,
    };
    Split::from_parts(ids, offsets, labels)
}

fn read_u16(tensors: &SafeTensors, name: &str) -> Result<Vec<u16>> {
    let view = tensors.tensor(name).map_err(|_| missing(name))?;
    match view.dtype() {
        Dtype::U8 => Ok(view.data().iter().map(|&byte| u16::from(byte)).collect()),
        Dtype::U16 => Ok(view.data().chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect()),
        other => Err(wrong_type(name, "U8 or U16", other)),
    }
}

fn smallest(values: &[u16]) -> (Dtype, Vec<u8>) {
    let bytes: std::result::Result<Vec<u8>, _> = values.iter().map(|&value| u8::try_from(value)).collect();
    match bytes {
        Ok(bytes) => (Dtype::U8, bytes),
        Err(_) => (Dtype::U16, values.iter().flat_map(|value| value.to_le_bytes()).collect()),
    }
}

fn unreadable(e: &safetensors::SafeTensorError) -> Error {
    Error::format(WHAT, format!("it is truncated or not a safetensors file ({e}); load or make it again"))
}

fn missing(name: &str) -> Error {
    Error::format(WHAT, format!("the tensor `{name}` is missing; load or make it again"))
}

fn wrong_type(name: &str, expected: &str, found: Dtype) -> Error {
    Error::format(WHAT, format!("the tensor `{name}` must hold {expected}, found {found:?}"))
}
