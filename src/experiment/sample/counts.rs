//! How many samples each class has.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Names, Subset};
use crate::data::Dataset;
use crate::experiment::{Baseline, Experiment, Material, arrays};
use crate::ordering::sort_by_key;

/// Further classes are only counted: a list of every word of a book says nothing.
const MOST_CLASSES: usize = 60;

/// How often each class is the answer in the two subsets of an experiment.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct ClassCounts {
    /// The most frequent classes of the training subset, the most frequent first.
    pub classes: Vec<ClassCount>,
    /// How many further classes there are.
    pub others: usize,
    /// All answers of the training subset that are classes; where each timestep has an answer, all of them.
    pub train: usize,
    /// All answers of the validation subset.
    pub validation: usize,
    /// What always giving the most frequent answer achieves; nothing where answers are numbers.
    pub baseline: Option<Baseline>,
}

/// How often one class is the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ClassCount {
    /// Its id.
    pub id: u32,
    /// What it is called.
    pub name: String,
    /// How often it is the answer in the training subset.
    pub train: usize,
    /// How often it is the answer in the validation subset.
    pub validation: usize,
}

impl Material {
    /// How often each class is the answer; nothing is counted where answers are numbers, nor what only fills
    /// sequences up. `experiment` and `dataset` are those that the material was made from.
    pub fn class_counts(&self, experiment: &Experiment, dataset: Option<&Dataset>) -> ClassCounts {
        let padded = experiment.data.task.as_ref().is_some_and(|task| task.form().padded);
        let mut counts: BTreeMap<u32, [usize; 2]> = BTreeMap::new();
        for subset in [Subset::Train, Subset::Validation] {
            let ids = self.subset(subset).ok().and_then(|examples| arrays::class_ids(examples.labels()));
            for id in ids.into_iter().flatten().filter(|id| !padded || *id != 0) {
                counts.entry(id).or_default()[subset as usize] += 1;
            }
        }
        let total = |subset: Subset| counts.values().map(|count| count[subset as usize]).sum();
        let (train, validation) = (total(Subset::Train), total(Subset::Validation));
        let names = Names { experiment, dataset, numbered: self.numbered.as_ref() };
        let mut sorted: Vec<(u32, [usize; 2])> = counts.into_iter().collect();
        sort_by_key(&mut sorted, |(id, [train, _])| (std::cmp::Reverse(*train), *id));
        let named = |(id, [train, validation]): &(u32, [usize; 2])| ClassCount {
            id: *id,
            name: names.class(*id),
            train: *train,
            validation: *validation,
        };
        ClassCounts {
            classes: sorted.iter().take(MOST_CLASSES).map(named).collect(),
            others: sorted.len().saturating_sub(MOST_CLASSES),
            train,
            validation,
            baseline: self.baseline.clone(),
        }
    }
}
