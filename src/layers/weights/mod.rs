//! Weights, their gradients, and how both are laid out: one arena each, sized when the model is built.

mod table;

use std::sync::Arc;

use ndarray::{ArrayD, ArrayViewD, IxDyn};
pub use table::TableGradient;

use super::initializer::Initializer;
use crate::rng::fnv1a;
use crate::{Axes, Error, Result};

/// Names one weight of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightId(usize);

/// First numbers of a weight that no initializer gives.
pub trait FirstNumbers: std::fmt::Debug + Send + Sync {
    /// Fills the weight `name`, row after row; what is random in it follows from `seed` and the name.
    fn fill(&self, values: &mut [f32], seed: u64, name: &str);
}

/// What is known of a weight besides its numbers.
#[derive(Debug, Clone)]
pub struct WeightSpec {
    /// `<layer name>/<weight>`, as `lstm/recurrent_kernel`.
    pub name: String,
    /// Keras' shape, row-major.
    pub shape: Vec<usize>,
    /// The same with the names of the axes, for error messages.
    axes: Axes,
    /// How its first numbers are drawn.
    pub initializer: Initializer,
    /// What fills it in the place of the initializer.
    first: Option<Arc<dyn FirstNumbers>>,
    /// Whether the optimizer changes it.
    pub trainable: bool,
    offset: usize,
    gradient: GradientStorage,
}

#[derive(Debug, Clone, Copy)]
enum GradientStorage {
    Dense { offset: usize },
    Rows { index: usize },
}

impl WeightSpec {
    /// How many numbers the weight has.
    pub fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// Its shape with the names of the axes.
    pub fn axes(&self) -> &Axes {
        &self.axes
    }

    /// Where the weight begins in [`Parameters::values`].
    pub fn offset(&self) -> usize {
        self.offset
    }
}

/// Collects the weights of a model while its layers are built.
#[derive(Debug, Default)]
pub struct Builder {
    specs: Vec<WeightSpec>,
    prefix: String,
    trainable: bool,
    values: usize,
    dense: usize,
    rows: usize,
}

/// Weights beyond this count do not fit a browser tab.
const MOST_PARAMETERS: usize = 200_000_000;

impl Builder {
    /// From here on weights belong to the layer `name`.
    pub fn begin_layer(&mut self, name: &str, trainable: bool) {
        (self.prefix, self.trainable) = (name.to_owned(), trainable);
    }

    /// Runs `build` with `part` added to the names of its weights: `bidirectional/forward/kernel`.
    pub fn within<T>(&mut self, part: &str, build: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let outer = self.prefix.clone();
        self.prefix = format!("{outer}/{part}");
        let result = build(self);
        self.prefix = outer;
        result
    }

    /// Runs `build`; its weights are trained only if `trainable` and the layers around it are.
    pub fn trainable_if<T>(
        &mut self,
        trainable: bool,
        build: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let outer = self.trainable;
        self.trainable = outer && trainable;
        let result = build(self);
        self.trainable = outer;
        result
    }

    /// The name of the layer that is being built, for error messages.
    pub fn layer(&self) -> &str {
        &self.prefix
    }

    /// How many weights have been declared so far.
    pub fn count(&self) -> usize {
        self.specs.len()
    }

    /// Adds a weight with a dense gradient; its axes have names, as `[("features", 32), ("4·units", 128)]`.
    pub fn weight(
        &mut self,
        name: &str,
        axes: impl Into<Axes>,
        initializer: Initializer,
    ) -> Result<WeightId> {
        let storage = GradientStorage::Dense { offset: self.dense };
        let id = self.add(name, axes.into(), initializer, storage)?;
        self.dense += self.specs[id.0].count();
        Ok(id)
    }

    /// Adds a table `[rows, width]` of which a batch uses few rows: its gradient is kept row by row.
    pub fn table(
        &mut self,
        name: &str,
        axes: [(&str, usize); 2],
        initializer: Initializer,
    ) -> Result<WeightId> {
        let storage = GradientStorage::Rows { index: self.rows };
        let id = self.add(name, axes.into(), initializer, storage)?;
        self.rows += 1;
        Ok(id)
    }

    /// Lets a weight begin with other numbers than its initializer gives.
    pub fn begin_with(&mut self, id: WeightId, first: Arc<dyn FirstNumbers>) {
        self.specs[id.0].first = Some(first);
    }

    fn add(
        &mut self,
        name: &str,
        axes: Axes,
        initializer: Initializer,
        gradient: GradientStorage,
    ) -> Result<WeightId> {
        let name = format!("{}/{name}", self.prefix);
        let count = axes.sizes.iter().try_fold(1usize, |n, axis| n.checked_mul(*axis));
        let total = count.and_then(|n| n.checked_add(self.values)).filter(|n| *n <= MOST_PARAMETERS);
        let Some(total) = total else {
            let expected = format!("at most {MOST_PARAMETERS} parameters in the whole model");
            return Err(Error::config(name, expected, axes));
        };
        self.specs.push(WeightSpec {
            name,
            shape: axes.sizes.clone(),
            axes,
            initializer,
            first: None,
            trainable: self.trainable,
            offset: self.values,
            gradient,
        });
        self.values = total;
        Ok(WeightId(self.specs.len() - 1))
    }

    /// All weights, zero, with a gradient of the same layout.
    pub fn finish(self) -> (Parameters, Gradients) {
        let specs: Arc<[WeightSpec]> = self.specs.into();
        let parameters = Parameters { values: vec![0.0; self.values], specs: specs.clone(), version: 1 };
        let tables = specs.iter().filter(|s| matches!(s.gradient, GradientStorage::Rows { .. }));
        let tables = tables.map(|s| TableGradient::new(s.shape[0], s.shape[1])).collect();
        (parameters, Gradients { dense: vec![0.0; self.dense], tables, specs })
    }
}

/// All weights of a model in one array.
#[derive(Debug, Clone)]
pub struct Parameters {
    values: Vec<f32>,
    specs: Arc<[WeightSpec]>,
    version: u64,
}

impl Parameters {
    /// Draws every weight anew from `seed`.
    pub fn initialize(&mut self, seed: u64) {
        for spec in self.specs.iter() {
            let values = &mut self.values[spec.offset..][..spec.count()];
            match &spec.first {
                Some(first) => first.fill(values, seed, &spec.name),
                None => spec.initializer.fill(values, &spec.shape, seed, &spec.name),
            }
        }
        self.version += 1;
    }

    /// The numbers of one weight.
    pub fn get(&self, id: WeightId) -> &[f32] {
        let spec = &self.specs[id.0];
        &self.values[spec.offset..][..spec.count()]
    }

    /// All numbers, in the order of [`Self::specs`].
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// All numbers, to be changed; the version grows, so that packed copies are packed again.
    pub fn values_mut(&mut self) -> &mut [f32] {
        self.version += 1;
        &mut self.values
    }

    /// Names and shapes of all weights.
    pub fn specs(&self) -> &[WeightSpec] {
        &self.specs
    }

    /// The numbers of the weight called `name`.
    pub fn by_name(&self, name: &str) -> Option<&[f32]> {
        let spec = self.specs.iter().find(|spec| spec.name == name)?;
        Some(&self.values[spec.offset..][..spec.count()])
    }

    /// The weight called `name` in its own shape.
    pub fn view(&self, name: &str) -> Option<ArrayViewD<'_, f32>> {
        let spec = self.specs.iter().find(|spec| spec.name == name)?;
        ArrayViewD::from_shape(IxDyn(&spec.shape), &self.values[spec.offset..][..spec.count()]).ok()
    }

    /// Replaces the weight called `name`; `shape` must be its shape.
    pub fn set(&mut self, name: &str, shape: &[usize], values: &[f32]) -> Result<()> {
        let Some(spec) = self.specs.iter().find(|spec| spec.name == name) else {
            let known: Vec<_> = self.specs.iter().map(|spec| spec.name.as_str()).collect();
            return Err(Error::value("the weight's name", format!("one of {}", known.join(", ")), name));
        };
        if spec.shape != shape || spec.count() != values.len() {
            return Err(Error::shape(name, spec.axes.clone(), shape));
        }
        if let Some(bad) = values.iter().find(|v| !v.is_finite()) {
            return Err(Error::value(format!("every number of `{name}`"), "finite", bad));
        }
        self.values[spec.offset..][..values.len()].copy_from_slice(values);
        self.version += 1;
        Ok(())
    }

    /// Grows with every change, so that packed copies know when they are stale.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// FNV-1a over the bits of all weights: two models agree bit for bit exactly when (almost surely) this does.
    pub fn hash(&self) -> u64 {
        let bytes: Vec<u8> = self.values.iter().flat_map(|v| v.to_bits().to_le_bytes()).collect();
        fnv1a(&bytes)
    }
}

/// The gradient of all weights, laid out once.
#[derive(Debug, Clone)]
pub struct Gradients {
    dense: Vec<f32>,
    tables: Vec<TableGradient>,
    specs: Arc<[WeightSpec]>,
}

/// What one weight's gradient is made of.
pub enum GradientOf<'a> {
    /// As many numbers as the weight has.
    Dense(&'a mut [f32]),
    /// The rows that were used.
    Table(&'a mut TableGradient),
}

impl Gradients {
    /// The dense gradient of `id`.
    ///
    /// # Panics
    /// If `id` is a table.
    pub fn get_mut(&mut self, id: WeightId) -> &mut [f32] {
        match self.of(id.0) {
            GradientOf::Dense(values) => values,
            GradientOf::Table(_) => unreachable!("a layer asks for the kind of gradient that it declared"),
        }
    }

    /// The row-wise gradient of `id`.
    ///
    /// # Panics
    /// If `id` is not a table.
    pub fn table_mut(&mut self, id: WeightId) -> &mut TableGradient {
        match self.of(id.0) {
            GradientOf::Table(table) => table,
            GradientOf::Dense(_) => unreachable!("a layer asks for the kind of gradient that it declared"),
        }
    }

    /// The gradient of the weight with this index in [`Parameters::specs`].
    pub fn of(&mut self, index: usize) -> GradientOf<'_> {
        let spec = &self.specs[index];
        match spec.gradient {
            GradientStorage::Dense { offset } => GradientOf::Dense(&mut self.dense[offset..][..spec.count()]),
            GradientStorage::Rows { index } => GradientOf::Table(&mut self.tables[index]),
        }
    }

    /// Sets everything to zero.
    pub fn clear(&mut self) {
        self.dense.fill(0.0);
        self.tables.iter_mut().for_each(TableGradient::clear);
    }

    /// `self += other`, element by element: how the blocks of a batch are summed.
    pub fn add(&mut self, other: &Self) {
        crate::math::reduce::add_assign(&mut self.dense, &other.dense);
        for (to, from) in self.tables.iter_mut().zip(&other.tables) {
            to.add(from);
        }
    }

    /// Appends everything as 32-bit words, for another worker's [`Self::add_encoded`].
    pub fn encode(&self, words: &mut Vec<u32>) {
        words.extend(self.dense.iter().map(|v| v.to_bits()));
        for table in &self.tables {
            words.push(table.touched.len() as u32);
            words.extend_from_slice(&table.touched);
            words.extend(table.values().iter().map(|v| v.to_bits()));
        }
    }

    /// How many words [`Self::encode`] appends at most for a batch in which each table is asked for `lookups` rows.
    pub fn encoded_length_at_most(&self, lookups: usize) -> usize {
        let table = |table: &TableGradient| 1 + lookups.min(table.slot.len()) * (1 + table.width);
        self.dense.len() + self.tables.iter().map(table).sum::<usize>()
    }

    /// `self += other`, where `words` are what [`Self::encode`] made of other in a model of the same layout.
    ///
    /// # Errors
    /// If the words are not of this layout.
    pub fn add_encoded(&mut self, words: &[u32]) -> Result<()> {
        let wrong =
            || Error::format("the gradient of another worker", "it belongs to another model; start again");
        let (dense, mut rest) = words.split_at_checked(self.dense.len()).ok_or_else(wrong)?;
        self.dense.iter_mut().zip(dense).for_each(|(to, from)| *to += f32::from_bits(*from));
        for table in &mut self.tables {
            let (count, after) = rest.split_first().ok_or_else(wrong)?;
            let (ids, after) = after.split_at_checked(*count as usize).ok_or_else(wrong)?;
            let (rows, after) = after.split_at_checked(ids.len() * table.width).ok_or_else(wrong)?;
            if ids.iter().any(|id| *id as usize >= table.slot.len()) {
                return Err(wrong());
            }
            for (id, row) in ids.iter().zip(rows.chunks_exact(table.width)) {
                let to = table.row_mut(*id);
                to.iter_mut().zip(row).for_each(|(to, from)| *to += f32::from_bits(*from));
            }
            rest = after;
        }
        if rest.is_empty() { Ok(()) } else { Err(wrong()) }
    }

    /// Every gradient as a full array in the shape of its weight, with the weight's name: for tests and the command
    /// line.
    pub fn to_dense(&mut self) -> Vec<(String, ArrayD<f32>)> {
        let specs = self.specs.clone();
        let full = |(k, spec): (usize, &WeightSpec)| {
            let values = match self.of(k) {
                GradientOf::Dense(values) => values.to_vec(),
                GradientOf::Table(table) => table.to_dense(),
            };
            let mut gradient = ArrayD::zeros(IxDyn(&spec.shape));
            gradient.iter_mut().zip(values).for_each(|(to, from)| *to = from);
            (spec.name.clone(), gradient)
        };
        specs.iter().enumerate().map(full).collect()
    }
}
