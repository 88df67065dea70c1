//! A model in training, taken apart for stepping through its recurrent cell.

use ndarray::{Array, Array1, Array2, ArrayD, Axis, Dimension, Ix1, Ix2};

use super::stepping::ReadBefore;
use super::text::place_text;
use crate::data::Dataset;
use crate::data::vocabulary::START;
use crate::experiment::Words;
use crate::listing::cells::KERAS_WEIGHTS;
use crate::model::Sequential;
use crate::trace::trace_ids;
use crate::{Error, Result};

/// One recurrent layer between an embedding and a last layer, and a text before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// Keras' name of the cell: `LSTM`; `Listing` for one that is a text.
    pub class_name: String,
    /// How many units it has.
    pub units: usize,
    /// The words that are read.
    pub words: Vec<String>,
    /// Whether each is in the vocabulary.
    pub known: Vec<bool>,
    /// Their vectors, `[words, features]`.
    pub x: Array2<f32>,
    /// The cell's weights by the names of its listing, `W`, `U`, `b`, in the shapes of the layer.
    pub weights: Vec<(String, ArrayD<f32>)>,
    /// The states that the cell has before the first word, after padding and start: `h`, `c`, `[units]`.
    pub initial: Vec<(String, Array1<f32>)>,
    /// What was read before the first word.
    pub before: ReadBefore,
    /// Kernel `[units, classes]` and bias `[classes]` of the last layer.
    pub output: (Array2<f32>, Array1<f32>),
    /// The names of the classes.
    pub classes: Vec<String>,
}

/// The class of layers whose cell is a text.
const LISTING: &str = crate::listing::cell::CLASS.name;

/// Takes `model` apart.
///
/// # Errors
/// The model is not an embedding, one recurrent layer and a last layer, or there is no word in `text`.
pub fn parts(model: &mut Sequential, dataset: &Dataset, reading: &Words, text: &str) -> Result<Parts> {
    let names: Vec<String> = model.layers().iter().map(|layer| layer.name().to_owned()).collect();
    let [embedding, cell, last] = names.as_slice() else {
        let expected =
            "an embedding, one recurrent layer and a last layer, so that it can be stepped through";
        return Err(Error::config("layers", expected, names.join(", ")));
    };
    let placed = place_text(dataset, reading, text)?;
    let trace = trace_ids(model, &placed.ids)?;
    let layer = trace.layers.first().ok_or_else(|| missing(model, cell))?;
    let before = placed.kept.start.checked_sub(1);
    let state = |name: &str| {
        let symbol = layer.symbol(name)?;
        Some((name.to_owned(), symbol.values.row(before?).to_owned()))
    };
    let initial = states_of(model).iter().filter_map(|name| state(name)).collect();
    let (class_name, units) = (layer.class_name.clone(), layer.units);
    let table = weight(model, embedding, "embeddings")?;
    let rows: Vec<usize> = placed.kept.clone().map(|at| placed.ids[at] as usize).collect();
    let x = of_rank::<Ix2>(embedding, table)?.select(Axis(0), &rows);
    let kept = placed.tokens.iter().filter(|token| token.kept);
    Ok(Parts {
        units,
        words: kept.clone().map(|token| token.text.clone()).collect(),
        known: kept.map(|token| token.known).collect(),
        x,
        weights: cell_weights(model, cell, &class_name)?,
        class_name,
        initial,
        before: read_before(model, &placed.ids[..placed.kept.start]),
        classes: dataset.class_names.clone(),
        output: (
            of_rank::<Ix2>(last, weight(model, last, "kernel")?)?,
            of_rank::<Ix1>(last, weight(model, last, "bias")?)?,
        ),
    })
}

/// What `ids`, which stand before the first word, are; a mask hides empty places from the cell.
fn read_before(model: &Sequential, ids: &[u32]) -> ReadBefore {
    let masked = model.layers().iter().any(|layer| layer.config()["config"]["mask_zero"] == true);
    let padding = if masked { 0 } else { ids.iter().filter(|id| **id == 0).count() };
    ReadBefore { padding, start: ids.contains(&u32::from(START)) }
}

/// The names of the states of the one recurrent layer.
pub(super) fn states_of(model: &Sequential) -> Vec<String> {
    let mut recurrents = model.layers().iter().flat_map(|layer| layer.recurrents());
    recurrents.next().map(|(_, layer)| layer.cell().state_names()).unwrap_or_default()
}

/// The weights of `cell` by the names of its listing: a layer that is a listing has them already.
pub(super) fn cell_weights(
    model: &Sequential,
    cell: &str,
    class_name: &str,
) -> Result<Vec<(String, ArrayD<f32>)>> {
    if class_name != LISTING {
        let known = KERAS_WEIGHTS.iter();
        return known.map(|(keras, name)| Ok(((*name).to_owned(), weight(model, cell, keras)?))).collect();
    }
    let prefix = format!("{cell}/");
    let own = model.parameters.specs().iter().filter_map(|spec| spec.name.strip_prefix(&prefix));
    own.map(|name| Ok((name.to_owned(), weight(model, cell, name)?))).collect()
}

/// The weight `name` of `layer` in its shape.
pub(super) fn weight(model: &Sequential, layer: &str, name: &str) -> Result<ArrayD<f32>> {
    let path = format!("{layer}/{name}");
    let spec = model.parameters.specs().iter().find(|spec| spec.name == path);
    let (spec, values) = spec.zip(model.parameters.by_name(&path)).ok_or_else(|| missing(model, &path))?;
    ArrayD::from_shape_vec(spec.shape.as_slice(), values.to_vec())
        .map_err(|_| Error::shape(path, &spec.shape, &[values.len()]))
}

/// `weight` with as many axes as the layers have that can be stepped through.
pub(super) fn of_rank<D: Dimension>(layer: &str, weight: ArrayD<f32>) -> Result<Array<f32, D>> {
    let found = weight.ndim();
    weight.into_dimensionality().map_err(|_| {
        let expected = format!("{} axes, so that it can be stepped through", D::NDIM.unwrap_or_default());
        Error::config(layer, format!("a layer whose weights have {expected}"), found)
    })
}

fn missing(model: &Sequential, what: &str) -> Error {
    let names: Vec<&str> = model.parameters.specs().iter().map(|spec| spec.name.as_str()).collect();
    Error::value(format!("`{what}`"), format!("one of {}", names.join(", ")), "nothing")
}
