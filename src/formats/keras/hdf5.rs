//! The little of HDF5 that Keras' files use, on the crate `hdf5-pure`.

use half::{bf16, f16};
use hdf5_pure::{
    AttrValue, DType, Dataset, Datatype, DatatypeByteOrder, File, FileBuilder, FinishedGroup, Group,
    GroupBuilder,
};

use crate::layers::weights::WeightSpec;
use crate::tensors::Scalar;
use crate::{Error, Result};

/// An HDF5 file that is read.
pub struct Hdf5<'a> {
    file: File,
    what: &'a str,
}

impl<'a> Hdf5<'a> {
    /// Opens a file; `what` names it in errors.
    pub fn open(bytes: &[u8], what: &'a str) -> Result<Self> {
        let file = File::from_bytes(bytes.to_vec()).map_err(|e| {
            Error::format(what, format!("this is not a whole HDF5 file ({e}); save or download it again"))
        })?;
        let (found, whole) = (bytes.len() as u64, file.superblock().eof_address);
        if found < whole {
            let problem =
                format!("this file is not whole, it has {found} of {whole} bytes; save or download it again");
            return Err(Error::format(what, problem));
        }
        Ok(Self { file, what })
    }

    /// What the file is called in errors.
    pub fn what(&self) -> &'a str {
        self.what
    }

    /// Whether there is a group `path`.
    pub fn has_group(&self, path: &str) -> bool {
        self.file.group(path).is_ok()
    }

    /// The names of the groups in the group `path`; none if there is no such group.
    pub fn groups(&self, path: &str) -> Vec<String> {
        self.group(path).and_then(|group| group.groups().ok()).unwrap_or_default()
    }

    /// A text attribute of the group `path`; the root is the empty path.
    pub fn text(&self, path: &str, attribute: &str) -> Option<String> {
        let attributes = self.group(path)?.attrs().ok()?;
        attributes.get(attribute)?.as_str().map(str::to_owned)
    }

    /// An attribute of the group `path` that is a list of texts. Keras cuts lists that are too long for one attribute
    /// into several, `name0`, `name1` and so on.
    pub fn texts(&self, path: &str, attribute: &str) -> Option<Vec<String>> {
        let attributes = self.group(path)?.attrs().ok()?;
        if let Some(whole) = attributes.get(attribute) {
            // An empty list of texts is stored as an empty array of numbers.
            return Some(whole.as_strings().map(<[_]>::to_vec).unwrap_or_default());
        }
        let parts =
            (0..attributes.len()).map_while(|k| attributes.get(&format!("{attribute}{k}"))?.as_strings());
        let texts: Vec<String> = parts.flatten().cloned().collect();
        (!texts.is_empty()).then_some(texts)
    }

    /// The array at `path` as the weight `spec`, if it has its shape, and how precisely it is stored.
    ///
    /// # Errors
    /// If there is none, or it has another shape or holds no floats; the shape is looked at before any number is read.
    pub fn floats(&self, path: &str, spec: &WeightSpec) -> Result<(Vec<f32>, Precision)> {
        let name = &spec.name;
        let missing = |e| {
            let problem =
                format!("the weight `{name}` is not at `{path}` ({e}); the file is of another model");
            Error::format(self.what, problem)
        };
        let data = self.file.dataset(path).map_err(missing)?;
        let found: Vec<usize> = data
            .shape()
            .map_err(missing)?
            .into_iter()
            .map(|n| usize::try_from(n).unwrap_or(usize::MAX))
            .collect();
        if found != spec.shape {
            return Err(Error::shape(name, spec.axes().clone(), &found));
        }
        let precision = precision(&data).map_err(|found| {
            let problem =
                format!("the weight `{name}` is stored as {found}, not as floats; save the model as float32");
            Error::format(self.what, problem)
        })?;
        let values = match precision {
            Precision::Whole => data.read_f32(),
            Precision::Float16 => data.read_raw().map(|bytes| widened(&bytes, f16::to_f32)),
            Precision::Bfloat16 => data.read_raw().map(|bytes| widened(&bytes, bf16::to_f32)),
        };
        let values = values.map_err(|e| {
            Error::format(self.what, format!("the weight `{name}` at `{path}` cannot be read ({e})"))
        })?;
        if values.len() != spec.count() {
            let problem =
                format!("the weight `{name}` at `{path}` is not whole; save or download the file again");
            return Err(Error::format(self.what, problem));
        }
        match values.iter().find(|value| !value.is_finite()) {
            Some(value) => Err(Error::value(format!("every number of `{name}`"), "finite", value)),
            None => Ok((values, precision)),
        }
    }

    fn group(&self, path: &str) -> Option<Group> {
        if path.is_empty() { Some(self.file.root()) } else { self.file.group(path).ok() }
    }
}

/// How precisely a file holds an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// float32 or float64.
    Whole,
    /// float16.
    Float16,
    /// bfloat16.
    Bfloat16,
}

/// The precision of an array of floats, or the name of its type.
fn precision(data: &Dataset) -> std::result::Result<Precision, String> {
    let dtype = data.dtype().map_err(|e| e.to_string())?;
    match &dtype {
        DType::F32 | DType::F64 => Ok(Precision::Whole),
        DType::Other(inner) => match **inner {
            Datatype::FloatingPoint { size: 2, byte_order: DatatypeByteOrder::LittleEndian, .. } => {
                Ok(Precision::Float16)
            }
            // h5py has no name for bfloat16 and stores its bytes; Keras notes the type beside them.
            Datatype::Opaque { size: 2, .. } => Ok(Precision::Bfloat16),
            _ => Err(dtype.to_string()),
        },
        _ => Err(dtype.to_string()),
    }
}

fn widened<T: Scalar>(bytes: &[u8], widen: impl Fn(T) -> f32) -> Vec<f32> {
    T::from_le(bytes).into_iter().map(widen).collect()
}

/// A tree of groups to be written.
#[derive(Default)]
pub struct Tree {
    name: Option<String>,
    arrays: Vec<(String, Vec<usize>, Vec<f32>)>,
    groups: Vec<(String, Tree)>,
}

impl Tree {
    /// The group at `path` below this one, made if it is not there.
    pub fn group(&mut self, path: &str) -> &mut Self {
        path.split('/').fold(self, |tree, part| {
            let index = tree.groups.iter().position(|(name, _)| name == part).unwrap_or_else(|| {
                tree.groups.push((part.to_owned(), Tree::default()));
                tree.groups.len() - 1
            });
            &mut tree.groups[index].1
        })
    }

    /// Sets the attribute `name`.
    pub fn set_name(&mut self, name: &str) {
        self.name = Some(name.to_owned());
    }

    /// Adds an array to this group.
    pub fn add_floats(&mut self, name: String, shape: &[usize], values: &[f32]) {
        self.arrays.push((name, shape.to_vec(), values.to_vec()));
    }

    /// The bytes of a file whose root is this tree.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut file = FileBuilder::new();
        for (name, tree) in &self.groups {
            let group = tree.build(file.create_group(name));
            file.add_group(group);
        }
        file.finish().map_err(|e| Error::format("the HDF5 file", format!("it cannot be written ({e})")))
    }

    fn build(&self, mut group: GroupBuilder) -> FinishedGroup {
        if let Some(name) = &self.name {
            group.set_attr("name", AttrValue::VarLenString(name.clone()));
        }
        for (name, shape, values) in &self.arrays {
            let shape: Vec<u64> = shape.iter().map(|n| *n as u64).collect();
            group.create_dataset(name).with_f32_data(values).with_shape(&shape);
        }
        for (name, tree) in &self.groups {
            let inner = tree.build(group.create_group(name));
            group.add_group(inner);
        }
        group.finish()
    }
}
