//! Compares a run with what its tutorial printed.

use serde::Serialize;

use super::super::current::Current;
use super::super::training::Training;
use crate::Result;
use crate::experiment::{Measured, Printed};
use crate::model::{LayerSummary, Summary, with_separators};
use crate::train::{Examples, Inputs};

/// How a number here compares with the printed one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum TickState {
    /// It is the same.
    Agrees,
    /// It is within the band that is expected on these data.
    Band,
    /// It is neither.
    Differs,
    /// The run is not far enough.
    NotYet,
}

/// One comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Tick {
    /// What is compared.
    pub what: String,
    /// What the tutorial printed.
    pub printed: String,
    /// What it is here; nothing if it is not known yet.
    pub here: Option<String>,
    /// How they compare.
    pub state: TickState,
    /// Whether they must be the same: shapes, counts and encodings.
    pub exact: bool,
    /// Why they may differ, and what else was measured.
    pub why: Option<String>,
}

/// So many equal ids of a sample show that it is the same text, numbered by other ranks of words.
const SAME_TEXT: f64 = 0.6;

impl Training {
    /// What the tutorial of the present experiment printed, beside what it is here; empty where it printed nothing.
    ///
    /// # Errors
    /// If nothing is set up.
    pub fn examine(&mut self) -> Result<Vec<Tick>> {
        let current = self.current_mut()?;
        let Some(printed) = current.experiment.printed.clone() else { return Ok(Vec::new()) };
        let summary = current.run.model().summary();
        let mut ticks = Vec::new();
        ticks.extend(sample_shape(&printed, &current.material.train));
        ticks.extend(first_ids(&printed, &current.material.train, current.material.validation.as_deref()));
        ticks.extend(table(&printed, &summary));
        ticks.extend(params(&printed, &summary));
        ticks.extend(current.results(&printed));
        Ok(ticks)
    }
}

fn exact(what: impl Into<String>, printed: String, here: String, why: Option<String>) -> Tick {
    let state = if printed == here { TickState::Agrees } else { TickState::Differs };
    Tick { what: what.into(), printed, here: Some(here), state, exact: true, why }
}

fn shape(axes: impl IntoIterator<Item = Option<usize>>) -> String {
    let axes: Vec<String> =
        axes.into_iter().map(|axis| axis.map_or("None".to_owned(), |n| n.to_string())).collect();
    format!("({})", axes.join(", "))
}

fn sample_shape(printed: &Printed, train: &Examples) -> Option<Tick> {
    let (count, sample) = printed.x.split_first()?;
    let here = &train.inputs().shape()[1..];
    let why = (*count != train.count()).then(|| {
        let here = with_separators(train.count());
        format!("The tutorial has {} training samples, this set {here}.", with_separators(*count))
    });
    let axes = |axes: &[usize]| shape(axes.iter().copied().map(Some));
    Some(exact("shape of a sample", axes(sample), axes(here), why))
}

/// The sample with the most ids of the printed one.
fn first_ids(printed: &Printed, train: &Examples, validation: Option<&Examples>) -> Option<Tick> {
    let wanted = &printed.ids;
    let first = wanted.first()?;
    let mut best = (0, 0, "training");
    for (examples, part) in [(Some(train), "training"), (validation, "validation")] {
        let Some(Inputs::Ids(ids)) = examples.map(Examples::inputs) else { continue };
        for (index, row) in ids.rows().into_iter().enumerate().filter(|(_, row)| row.len() == wanted.len()) {
            let equal = row.iter().zip(wanted).filter(|(here, there)| here == there).count();
            if equal > best.0 {
                best = (equal, index, part);
            }
        }
    }
    let (equal, index, part) = best;
    let all = wanted.len();
    let state = match equal {
        _ if equal == all => TickState::Agrees,
        _ if equal as f64 >= SAME_TEXT * all as f64 => TickState::Band,
        _ => TickState::Differs,
    };
    let why = (state == TickState::Band).then(|| {
        "The same text word for word: where ids differ, the ranks of rare words do, since the tutorial's were counted \
         on more texts."
            .to_owned()
    });
    let last = wanted.last().unwrap_or(first);
    Some(Tick {
        what: format!("{all} ids of the first sample"),
        printed: format!("{first} … {last}"),
        here: Some(format!("{part} sample {index}: {equal} of {all} are equal")),
        state,
        exact: false,
        why,
    })
}

fn table<'a>(printed: &'a Printed, summary: &'a Summary) -> impl Iterator<Item = Tick> + 'a {
    let text = |axes: &[Option<usize>], params: usize| {
        format!("{} {}", shape(axes.iter().copied()), with_separators(params))
    };
    printed.table.iter().enumerate().map(move |(k, row)| {
        let here = summary.layers.get(k);
        let text_here = |layer: &LayerSummary| text(&layer.output_shape, layer.params);
        let what = here.map_or(row.name.clone(), |layer| format!("{} ({})", row.name, layer.class_name));
        exact(
            what,
            text(&row.output_shape, row.params),
            here.map_or("no such layer".to_owned(), text_here),
            None,
        )
    })
}

fn params(printed: &Printed, summary: &Summary) -> Option<Tick> {
    let wanted = printed.params?;
    let mut here: usize =
        summary.layers.iter().take(printed.layers.unwrap_or(usize::MAX)).map(|l| l.params).sum();
    let (mut what, mut why) = ("parameters".to_owned(), None);
    if let Some(layers) = printed.layers {
        what = format!("parameters of the first {layers} layers");
    }
    // Each output of the last layer with weights has as many parameters as the others.
    let last = summary.layers.iter().rev().find(|layer| layer.params > 0);
    if let (Some(classes), Some(last), Some(Some(outputs))) =
        (printed.classes, last, last.and_then(|last| last.output_shape.last()))
        && *outputs > 0
    {
        let all = here;
        here = here - last.params + last.params / outputs * classes;
        why = Some(format!(
            "The tutorial has {classes} classes, this set {outputs}. Each class has its own weights in the last layer, \
             so that there are {} parameters here; with {classes} classes there would be {}.",
            with_separators(all),
            with_separators(here)
        ));
        what = format!("parameters, counted with {classes} classes");
    }
    Some(exact(what, with_separators(wanted), with_separators(here), why))
}

/// A figure of what was measured.
type Of = fn(&Measured) -> Option<f64>;

impl Current {
    /// Loss and accuracy on the validation set as bands.
    fn results(&self, printed: &Printed) -> Vec<Tick> {
        let last = self.run.history().validation.last();
        let epochs = self.experiment.fit.epochs;
        let over = last.is_some_and(|last| last.epoch >= epochs);
        let tick = |what: &str, wanted: Option<f64>, here: Option<f32>, band: Option<[f64; 2]>, of: Of| {
            let wanted = wanted?;
            let here = here.map(f64::from);
            let within = here.zip(band).is_some_and(|(here, [low, high])| (low..=high).contains(&here));
            let state = match here {
                Some(_) if within => TickState::Band,
                Some(_) if over => TickState::Differs,
                _ => TickState::NotYet,
            };
            Some(Tick {
                what: what.to_owned(),
                printed: format!("{wanted:.4}"),
                here: here.map(|here| format!("{here:.4}")),
                state,
                exact: false,
                why: Some(self.why(printed, band, of)),
            })
        };
        let ticks = [
            tick(
                "validation accuracy",
                printed.accuracy,
                last.map(|last| last.accuracy),
                printed.bands.accuracy,
                |measured| measured.accuracy,
            ),
            tick(
                "validation loss",
                printed.loss,
                last.map(|last| last.loss),
                printed.bands.loss,
                |measured| measured.loss,
            ),
        ];
        ticks.into_iter().flatten().collect()
    }

    fn why(&self, printed: &Printed, band: Option<[f64; 2]>, of: Of) -> String {
        let mut sentences = Vec::new();
        if let Some([low, high]) = band {
            sentences.push(format!("From {low} to {high} is expected on these data."));
        }
        for measured in &self.experiment.measured {
            if let (Some(value), Some(epochs)) = (of(measured), measured.epochs) {
                let by = measured.by.as_deref().unwrap_or("This engine");
                sentences.push(format!("{by} reached {value} after {epochs} epochs."));
            }
        }
        sentences.extend(printed.note.clone());
        sentences.join(" ")
    }
}
