//! A classifier that knows which words a text has and nothing of their order: multinomial logistic regression on
//! tf-idf.
//!
//! The features and the function are those of scikit-learn's defaults: idf = ln((1 + n)/(1 + df)) + 1, each text's
//! vector of norm 1, and the mean cross-entropy plus |W|²/(2n), without the biases, as `LogisticRegression(C=1)`.

use std::mem;
use std::ops::Range;

use ndarray::Array2;

use super::Reached;
use super::lbfgs::{Evaluated, Minimum, Told};
use crate::math::elementary::{exp, ln, sigmoid};
use crate::math::reduce::argmax;

/// Steps of the minimization at most.
const MOST_STEPS: usize = 60;
/// It ends when a step lowers the function by less than this share.
const TOLERANCE: f64 = 1e-4;

/// Texts that are read in one part, a few milliseconds for texts of a hundred words.
const TEXTS: usize = 500;

/// Texts as rows of a sparse matrix.
#[derive(Debug, Clone)]
struct Bags {
    /// Where each text begins in `entries`, and where the last one ends.
    starts: Vec<usize>,
    /// Word and weight.
    entries: Vec<(u32, f32)>,
    labels: Vec<u32>,
}

/// The classifier while it is trained.
pub struct BagOfWords {
    train: Bags,
    validation: Bags,
    words: usize,
    first_word: u32,
    classes: usize,
    stage: Stage,
}

enum Stage {
    /// The words of each text are counted; ids of the training set and the validation set.
    Counting([Array2<u32>; 2]),
    Minimizing(Minimizing),
}

struct Minimizing {
    minimum: Minimum,
    /// The function at the trial, as far as the first `texts` texts contribute to it.
    sum: Evaluated,
    texts: usize,
    steps: usize,
}

impl BagOfWords {
    /// A classifier of texts into `classes`; `train` and `validation` are the ids of the words, `[texts, timesteps]`,
    /// with their labels. Ids below `first_word`, as padding and start, are no words.
    pub fn new(
        train: (&Array2<u32>, &[u32]),
        validation: (&Array2<u32>, &[u32]),
        (classes, first_word): (usize, u32),
    ) -> Self {
        let words = train.0.iter().chain(validation.0).max().map_or(0, |id| *id as usize + 1);
        let [of_train, of_validation] = [train, validation].map(|(_, labels)| Bags::new(labels));
        let stage = Stage::Counting([train.0.clone(), validation.0.clone()]);
        Self { train: of_train, validation: of_validation, words, first_word, classes, stage }
    }

    /// Does the next part of the work, of some milliseconds; returns what is reached when it was the last one.
    pub fn advance(&mut self) -> Option<Reached> {
        let outputs = self.outputs();
        let now = match &mut self.stage {
            Stage::Counting([train, validation]) => {
                if !self.train.count(train, self.first_word)
                    && !self.validation.count(validation, self.first_word)
                {
                    let inverse = self.train.inverse_frequencies(self.words);
                    self.train.weigh(&inverse);
                    self.validation.weigh(&inverse);
                    self.stage = Stage::Minimizing(Minimizing::new((self.words + 1) * outputs));
                }
                return None;
            }
            Stage::Minimizing(now) => now,
        };
        (!now.advance(&self.train, self.words, outputs)).then(|| self.reached())
    }

    /// Two classes need one output, as the network with a sigmoid has it.
    fn outputs(&self) -> usize {
        if self.classes == 2 { 1 } else { self.classes }
    }

    fn reached(&self) -> Reached {
        let outputs = self.outputs();
        let w = match &self.stage {
            Stage::Minimizing(Minimizing { minimum, .. }) => &minimum.x[..],
            Stage::Counting(_) => &[],
        };
        let (mut loss, mut right) = (0.0, 0);
        let mut p = vec![0.0; outputs];
        for text in 0..self.validation.labels.len() {
            let label = self.validation.labels[text] as usize;
            self.validation.probabilities(w, self.words, text, &mut p);
            loss -= f64::from(ln(probability_of(&p, label).max(1e-7)));
            let predicted = if outputs == 1 { usize::from(p[0] > 0.5) } else { argmax(&p) };
            right += usize::from(predicted == label);
        }
        let count = self.validation.labels.len().max(1) as f64;
        Reached { loss: loss / count, accuracy: Some(right as f64 / count) }
    }
}

impl Minimizing {
    fn new(parameters: usize) -> Self {
        let none = vec![0.0; parameters];
        Self { minimum: Minimum::new(none.clone()), sum: (0.0, none), texts: 0, steps: 0 }
    }

    /// Adds up the next texts; after the last one, takes a step. Returns whether it goes on.
    fn advance(&mut self, train: &Bags, words: usize, outputs: usize) -> bool {
        let end = (self.texts + TEXTS).min(train.labels.len());
        let w = self.minimum.trial();
        train.add_objective(self.texts..end, w, (words, outputs), &mut self.sum);
        self.texts = end;
        if end < train.labels.len() {
            return true;
        }
        train.add_penalty(w, words * outputs, &mut self.sum);
        let none = (0.0, vec![0.0; w.len()]);
        self.texts = 0;
        let told = self.minimum.tell(mem::replace(&mut self.sum, none), TOLERANCE);
        self.steps += usize::from(told == Told::Accepted);
        told != Told::Ended && self.steps <= MOST_STEPS
    }
}

fn probability_of(p: &[f32], label: usize) -> f32 {
    match p {
        [yes] => {
            if label == 1 {
                *yes
            } else {
                1.0 - yes
            }
        }
        _ => p[label],
    }
}

impl Bags {
    /// Texts with these labels, of which none is counted.
    fn new(labels: &[u32]) -> Self {
        Self { starts: vec![0], entries: Vec::new(), labels: labels.to_vec() }
    }

    /// Counts how often each word occurs in the next texts; returns whether there were any.
    fn count(&mut self, ids: &Array2<u32>, first_word: u32) -> bool {
        let counted = self.starts.len() - 1;
        let mut words = Vec::new();
        for text in ids.rows().into_iter().skip(counted).take(TEXTS) {
            words.clear();
            words.extend(text.iter().copied().filter(|id| *id >= first_word));
            words.sort_unstable();
            for same in words.chunk_by(|a, b| a == b) {
                self.entries.push((same[0], same.len() as f32));
            }
            self.starts.push(self.entries.len());
        }
        self.starts.len() - 1 > counted
    }

    fn inverse_frequencies(&self, words: usize) -> Vec<f32> {
        let mut texts = vec![0u32; words];
        self.entries.iter().for_each(|(word, _)| texts[*word as usize] += 1);
        let all = self.labels.len() as f32;
        texts.into_iter().map(|count| ln((1.0 + all) / (1.0 + count as f32)) + 1.0).collect()
    }

    /// Counts times inverse frequencies, of norm 1 for each text.
    fn weigh(&mut self, inverse: &[f32]) {
        for text in 0..self.labels.len() {
            let entries = &mut self.entries[self.starts[text]..self.starts[text + 1]];
            entries.iter_mut().for_each(|(word, count)| *count *= inverse[*word as usize]);
            let norm = entries.iter().map(|(_, v)| v * v).sum::<f32>().sqrt();
            if norm > 0.0 {
                entries.iter_mut().for_each(|(_, v)| *v /= norm);
            }
        }
    }

    fn text(&self, text: usize) -> &[(u32, f32)] {
        &self.entries[self.starts[text]..self.starts[text + 1]]
    }

    /// The probability of each class for a text, or of yes. `w` holds the weights of each word, then the biases.
    fn probabilities(&self, w: &[f32], words: usize, text: usize, p: &mut [f32]) {
        let outputs = p.len();
        p.copy_from_slice(&w[words * outputs..]);
        for (word, value) in self.text(text) {
            let row = &w[*word as usize * outputs..][..outputs];
            p.iter_mut().zip(row).for_each(|(p, w)| *p += value * w);
        }
        if let [logit] = p {
            *logit = sigmoid(*logit);
            return;
        }
        let most = p.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        p.iter_mut().for_each(|v| *v = exp(*v - most));
        let sum: f32 = p.iter().sum();
        p.iter_mut().for_each(|v| *v /= sum);
    }

    /// Adds the share of some texts in the mean cross-entropy at `w` and in its gradient.
    fn add_objective(
        &self,
        texts: Range<usize>,
        w: &[f32],
        (words, outputs): (usize, usize),
        (loss, gradient): &mut Evaluated,
    ) {
        let count = self.labels.len().max(1) as f32;
        let mut p = vec![0.0; outputs];
        for text in texts {
            let label = self.labels[text] as usize;
            self.probabilities(w, words, text, &mut p);
            *loss -= f64::from(ln(probability_of(&p, label).max(f32::MIN_POSITIVE))) / f64::from(count);
            match &mut p[..] {
                [yes] => *yes -= label as f32,
                all => all[label] -= 1.0,
            }
            p.iter_mut().for_each(|d| *d /= count);
            for (word, value) in self.text(text) {
                let row = &mut gradient[*word as usize * outputs..][..outputs];
                row.iter_mut().zip(&p).for_each(|(g, d)| *g += value * d);
            }
            gradient[words * outputs..].iter_mut().zip(&p).for_each(|(g, d)| *g += d);
        }
    }

    /// Adds the penalty of the first `weights` of `w`, which are no biases.
    fn add_penalty(&self, w: &[f32], weights: usize, (loss, gradient): &mut Evaluated) {
        let count = self.labels.len().max(1) as f32;
        let mut squares = 0.0;
        for (g, w) in gradient.iter_mut().zip(&w[..weights]) {
            *g += w / count;
            squares += f64::from(*w) * f64::from(*w);
        }
        *loss += squares / (2.0 * f64::from(count));
    }
}
