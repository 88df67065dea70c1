//! What gates and states do over many samples: saturation, dead units, what padding does to them.

use serde::Serialize;

use super::super::text::Placed;
use super::sketch::{Histogram, Sketch};
use super::{Analysis, Shown};
use crate::Result;
use crate::experiment::{Reading, Subset};
use crate::math::elementary::{exp, ln};
use crate::math::reduce::argmax;
use crate::trace::{LayerTrace, Trace, trace};
use crate::train::Labels;

const LN_10: f32 = std::f32::consts::LN_10;

/// Samples that are looked at.
pub const SAMPLES: usize = 64;
/// A gate nearer than this to 0 or 1 is saturated: the slope of the sigmoid is below a fifth of its largest there.
const GATE: f32 = 0.05;
/// A state or candidate further than this from 0 is saturated: the slope of tanh is below a tenth there.
const STATE: f32 = 0.95;
/// A unit whose output varies less than this, as a standard deviation, says nothing about its input.
const DEAD: f64 = 1e-3;

/// What a model computes over some samples.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Statistics {
    /// The subset that the samples are taken from, evenly.
    pub subset: Subset,
    /// How many are looked at.
    pub samples: usize,
    /// The recurrent layers from input to output.
    pub layers: Vec<LayerStatistics>,
    /// What is answered; nothing where answers are numbers or there is one at each timestep.
    pub answers: Option<Answers>,
    /// The padding of texts; nothing where there is none.
    pub padding: Option<PaddingFigures>,
}

/// One recurrent layer over all timesteps that are no padding.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct LayerStatistics {
    /// The layer's name, or for a part of a layer its path.
    pub name: String,
    /// Keras' class name.
    pub class_name: String,
    /// Width of the output.
    pub units: usize,
    /// Gates and states in the order of the equations.
    pub symbols: Vec<SymbolStatistics>,
    /// Units whose output is the same whatever is read.
    pub dead: Vec<usize>,
    /// ‖∂ log-odds/∂h‖ after the timestep that is computed first divided by that after the last one: the geometric mean
    /// over the samples; nothing where no sample has two timesteps.
    pub gradient_left: Option<f64>,
    /// Timesteps between the first and the last one, on average.
    pub distance: f64,
    /// The powers of ten of ‖∂ log-odds/∂h‖ at all timesteps.
    pub gradients: Histogram,
}

/// One gate or state.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SymbolStatistics {
    /// The symbol of the equations.
    pub name: String,
    /// The mean of its values.
    pub mean: f64,
    /// The smallest value.
    pub smallest: f32,
    /// The largest one.
    pub largest: f32,
    /// Whether all values lie between 0 and 1, as those of gates do.
    pub is_share: bool,
    /// The share of the values that are saturated at the lower end: below 0.05 for gates, below −0.95 else.
    pub saturated_low: f64,
    /// The same at the upper end: above 0.95.
    pub saturated_high: f64,
    /// How the values are distributed.
    pub histogram: Histogram,
}

/// What a model answers over the samples.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Answers {
    /// The class that is predicted most often.
    pub class: usize,
    /// What it is called.
    pub name: String,
    /// The share of the samples for which it is predicted.
    pub share: f64,
    /// The share of the samples that have this class.
    pub labels: f64,
    /// The mean probability of predictions that are wrong; nothing where none is.
    pub sure_when_wrong: Option<f64>,
    /// How many are wrong.
    pub wrong: usize,
}

/// What fills texts up.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PaddingFigures {
    /// Length of every sequence.
    pub timesteps: usize,
    /// Timesteps that are padding, on average.
    pub mean: f64,
    /// Whether it stands behind the words.
    pub behind: bool,
    /// Whether the model masks it.
    pub masked: bool,
    /// How far the state of the last recurrent layer moves over the padding, relative to its length: behind the words,
    /// from the last word to the end; before them, from zero to the first word. 0 where it is masked.
    pub drift: f64,
}

/// [`Statistics`] while they are gathered.
pub(super) struct Gathering {
    subset: Subset,
    indices: Vec<usize>,
    next: usize,
    layers: Vec<LayerSketch>,
    answers: Vec<(usize, usize, f32)>,
    padding: Vec<(usize, usize, f64)>,
    behind: bool,
    masked: bool,
}

struct LayerSketch {
    name: String,
    class_name: String,
    symbols: Vec<(String, Sketch, Sketch)>,
    /// Sum and sum of squares of each unit's output.
    sums: Vec<[f64; 2]>,
    count: usize,
    gradients: Sketch,
    left: Vec<f32>,
    distance: usize,
}

impl Analysis {
    /// What is known of many samples, gathered for about `budget_ms` milliseconds by `clock` and at least one sample;
    /// nothing until all are looked at. The next call goes on, also behind other questions; new weights begin anew.
    ///
    /// # Errors
    /// If the model cannot read the samples.
    pub fn statistics_for(&mut self, budget_ms: f64, clock: impl Fn() -> f64) -> Result<Option<Statistics>> {
        let start = clock();
        let mut gathering = match self.gathering.take() {
            Some(gathering) => gathering,
            None => self.begin_gathering()?,
        };
        while gathering.next < gathering.indices.len() {
            self.gather(&mut gathering)?;
            if clock() - start >= budget_ms {
                break;
            }
        }
        let statistics = (gathering.next == gathering.indices.len()).then(|| self.gathered(&gathering));
        self.gathering = Some(gathering);
        Ok(statistics)
    }

    /// The same without a break.
    ///
    /// # Errors
    /// As [`Self::statistics_for`].
    pub fn statistics(&mut self) -> Result<Statistics> {
        loop {
            if let Some(statistics) = self.statistics_for(f64::INFINITY, || 0.0)? {
                return Ok(statistics);
            }
        }
    }

    fn begin_gathering(&mut self) -> Result<Gathering> {
        let material = self.material()?;
        let subset = if material.validation.is_some() { Subset::Validation } else { Subset::Train };
        let count = material.subset(subset)?.count();
        let wanted = count.min(SAMPLES);
        let behind = match &self.experiment.data.reading {
            Reading::Words(words) => words.padding == crate::data::Side::Post,
            reading => matches!(reading, Reading::Numbers { .. }),
        };
        Ok(Gathering {
            subset,
            indices: (0..wanted).map(|k| k * count / wanted).collect(),
            next: 0,
            layers: Vec::new(),
            answers: Vec::new(),
            padding: Vec::new(),
            behind,
            masked: self.masks_padding(),
        })
    }

    /// Looks at one more sample.
    fn gather(&mut self, gathering: &mut Gathering) -> Result<()> {
        let index = gathering.indices[gathering.next];
        gathering.next += 1;
        let shown = Shown::Sample { subset: gathering.subset, index };
        let Placed { kept, padding, .. } = self.place(&shown)?;
        let whole = trace(&mut self.model)?;
        let timesteps = whole.timesteps();
        if let Some(last) = whole.layers.last().filter(|layer| layer.timesteps() == timesteps) {
            let drift = if gathering.masked { 0.0 } else { drift(last, &kept, gathering.behind) };
            gathering.padding.push((padding, timesteps, drift));
        }
        let mut read = whole;
        read.cut(kept);
        self.take_answer(gathering, &read, index)?;
        for (k, layer) in read.layers.iter().enumerate() {
            if gathering.layers.len() == k {
                gathering.layers.push(LayerSketch::of(layer));
            }
            gathering.layers[k].take(layer);
        }
        Ok(())
    }

    fn take_answer(&mut self, gathering: &mut Gathering, read: &Trace, index: usize) -> Result<()> {
        let Labels::Classes(labels) = self.material()?.subset(gathering.subset)?.labels() else {
            return Ok(());
        };
        if labels.ncols() != 1 {
            return Ok(());
        }
        let label = labels[[index, 0]] as usize;
        let output = read.output.as_slice().unwrap_or_default();
        let (predicted, probability) = match output {
            [p] => (usize::from(*p > 0.5), p.max(1.0 - p)),
            _ => (argmax(output), output.get(argmax(output)).copied().unwrap_or(0.0)),
        };
        gathering.answers.push((label, predicted, probability));
        Ok(())
    }

    fn gathered(&self, gathering: &Gathering) -> Statistics {
        Statistics {
            subset: gathering.subset,
            samples: gathering.indices.len(),
            layers: gathering.layers.iter().map(LayerSketch::statistics).collect(),
            answers: self.answers(&gathering.answers),
            padding: padding(gathering),
        }
    }

    fn answers(&self, answers: &[(usize, usize, f32)]) -> Option<Answers> {
        let most = answers.iter().map(|(_, predicted, _)| *predicted).max()? + 1;
        let mut counts = vec![0_usize; most];
        answers.iter().for_each(|(_, predicted, _)| counts[*predicted] += 1);
        let class = (0..most).rev().max_by_key(|class| counts[*class])?;
        let share = |count: usize| count as f64 / answers.len() as f64;
        let wrong: Vec<f64> = answers
            .iter()
            .filter(|(label, predicted, _)| label != predicted)
            .map(|(_, _, probability)| f64::from(*probability))
            .collect();
        Some(Answers {
            class,
            name: self.class_name(class),
            share: share(counts[class]),
            labels: share(answers.iter().filter(|(label, _, _)| *label == class).count()),
            sure_when_wrong: (!wrong.is_empty()).then(|| wrong.iter().sum::<f64>() / wrong.len() as f64),
            wrong: wrong.len(),
        })
    }
}

impl LayerSketch {
    fn of(layer: &LayerTrace) -> Self {
        let sketches =
            |name: &String| (name.clone(), Sketch::new([GATE, 1.0 - GATE]), Sketch::new([-STATE, STATE]));
        Self {
            name: layer.name.clone(),
            class_name: layer.class_name.clone(),
            symbols: layer.symbols.iter().map(|symbol| sketches(&symbol.name)).collect(),
            sums: vec![[0.0; 2]; layer.units],
            count: 0,
            gradients: Sketch::new([0.0, 0.0]),
            left: Vec::new(),
            distance: 0,
        }
    }

    fn take(&mut self, layer: &LayerTrace) {
        for (symbol, (_, as_gate, as_state)) in layer.symbols.iter().zip(&mut self.symbols) {
            for value in &symbol.values {
                as_gate.add(*value);
                as_state.add(*value);
            }
        }
        if let Some(h) = layer.symbol("h") {
            for row in h.values.rows() {
                for (value, [sum, squares]) in row.iter().zip(&mut self.sums) {
                    *sum += f64::from(*value);
                    *squares += square(*value);
                }
                self.count += 1;
            }
        }
        let norms = &layer.gradient_norms;
        norms.iter().filter(|norm| **norm > 0.0).for_each(|norm| self.gradients.add(ln(*norm) / LN_10));
        let ends =
            if layer.goes_backwards { (norms.last(), norms.first()) } else { (norms.first(), norms.last()) };
        if let (Some(first), Some(last)) = ends
            && norms.len() > 1
            && *last > 0.0
        {
            // Below the smallest number that has all its digits nothing is left.
            self.left.push((first / last).max(f32::MIN_POSITIVE));
            self.distance += norms.len() - 1;
        }
    }

    fn statistics(&self) -> LayerStatistics {
        let count = self.count.max(1) as f64;
        let deviation =
            |[sum, squares]: &[f64; 2]| (squares / count - (sum / count) * (sum / count)).max(0.0).sqrt();
        let dead = |unit: &usize| self.count > 1 && deviation(&self.sums[*unit]) < DEAD;
        let samples = self.left.len().max(1) as f64;
        let left = self.left.iter().map(|left| f64::from(ln(*left))).sum::<f64>() / samples;
        let (low, high) = self.gradients.range();
        let decades = if self.gradients.count() == 0 { (-1.0, 0.0) } else { (low.floor(), high.ceil()) };
        LayerStatistics {
            name: self.name.clone(),
            class_name: self.class_name.clone(),
            units: self.sums.len(),
            symbols: self.symbols.iter().map(symbol_statistics).collect(),
            dead: (0..self.sums.len()).filter(dead).collect(),
            gradient_left: (!self.left.is_empty()).then(|| f64::from(exp(left as f32))),
            distance: self.distance as f64 / samples,
            gradients: self.gradients.histogram(decades.0, decades.1.max(decades.0 + 1.0)),
        }
    }
}

fn symbol_statistics((name, as_gate, as_state): &(String, Sketch, Sketch)) -> SymbolStatistics {
    let (smallest, largest) = as_gate.range();
    let is_share = smallest >= 0.0 && largest <= 1.0 && name != "h" && name != "c";
    let sketch = if is_share { as_gate } else { as_state };
    let [saturated_low, saturated_high] = sketch.beyond();
    let widest = smallest.abs().max(largest.abs()).max(1.0);
    let (low, high) = if is_share { (0.0, 1.0) } else { (-widest, widest) };
    SymbolStatistics {
        name: name.clone(),
        mean: sketch.mean(),
        smallest,
        largest,
        is_share,
        saturated_low,
        saturated_high,
        histogram: sketch.histogram(low, high),
    }
}

fn square(value: f32) -> f64 {
    f64::from(value) * f64::from(value)
}

/// How far the output moves over the padding, relative to its length at the words' end of it.
fn drift(layer: &LayerTrace, kept: &std::ops::Range<usize>, behind: bool) -> f64 {
    let Some(h) = layer.symbol("h") else { return 0.0 };
    let norm = |values: &mut dyn Iterator<Item = f32>| values.map(square).sum::<f64>().sqrt();
    let length = |t: usize| norm(&mut h.values.row(t).iter().copied());
    match (behind, kept.start.checked_sub(1), kept.end.checked_sub(1)) {
        (true, _, Some(word)) if kept.end < layer.timesteps() => {
            let last = h.values.row(layer.timesteps() - 1);
            let moved = norm(&mut last.iter().zip(h.values.row(word)).map(|(a, b)| a - b));
            moved / length(word).max(f64::from(f32::MIN_POSITIVE))
        }
        (false, Some(before), _) => length(before) / length(kept.start).max(f64::from(f32::MIN_POSITIVE)),
        _ => 0.0,
    }
}

fn padding(gathering: &Gathering) -> Option<PaddingFigures> {
    let found = &gathering.padding;
    let timesteps = found.first()?.1;
    let mean =
        |of: &dyn Fn(&(usize, usize, f64)) -> f64| found.iter().map(of).sum::<f64>() / found.len() as f64;
    let empty = mean(&|(empty, _, _)| *empty as f64);
    (empty > 0.0).then(|| PaddingFigures {
        timesteps,
        mean: empty,
        behind: gathering.behind,
        masked: gathering.masked,
        drift: mean(&|(_, _, drift)| *drift),
    })
}
