//! A classifier that knows which words a text has and nothing of their order: multinomial logistic regression on
//! tf-idf.
//!
//! The features and the function are those of scikit-learn's defaults: idf = ln((1 + n)/(1 + df)) + 1, each text's
//! vector of norm 1, and the mean cross-entropy plus |W|²/(2n), without the biases, as `LogisticRegression(C=1)`.

use ndarray::Array2;

use super::Reached;
use super::lbfgs::{Evaluated, Minimum};
use crate::math::elementary::{exp, ln, sigmoid};
use crate::math::reduce::argmax;

/// Steps of the minimization at most.
const MOST_STEPS: usize = 60;
/// It ends when a step lowers the function by less than this share.
const TOLERANCE: f64 = 1e-4;

/// Texts as rows of a sparse matrix.
#[derive(Debug, Clone, Default)]
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
    classes: usize,
    minimum: Option<Minimum>,
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
        let counted = [Bags::of(train, first_word), Bags::of(validation, first_word)];
        let inverse = counted[0].inverse_frequencies(words);
        let [train, validation] = counted.map(|bags| bags.weighted(&inverse));
        Self { train, validation, words, classes, minimum: None, steps: 0 }
    }

    /// Takes the next step of the minimization; returns what is reached when it was the last one.
    pub fn advance(&mut self) -> Option<Reached> {
        let (train, outputs) = (&self.train, self.outputs());
        let words = self.words;
        let of = &mut |w: &[f32]| train.objective(w, words, outputs);
        let goes_on = match &mut self.minimum {
            None => {
                self.minimum = Some(Minimum::new(vec![0.0; (words + 1) * outputs], of));
                true
            }
            Some(minimum) => minimum.step(of, TOLERANCE),
        };
        self.steps += 1;
        (!goes_on || self.steps > MOST_STEPS).then(|| self.reached())
    }

    /// Two classes need one output, as the network with a sigmoid has it.
    fn outputs(&self) -> usize {
        if self.classes == 2 { 1 } else { self.classes }
    }

    fn reached(&self) -> Reached {
        let outputs = self.outputs();
        let w = self.minimum.as_ref().map_or(&[][..], |minimum| &minimum.x);
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
    /// How often each word occurs in each text.
    fn of((ids, labels): (&Array2<u32>, &[u32]), first_word: u32) -> Self {
        let mut bags = Self { starts: vec![0], entries: Vec::new(), labels: labels.to_vec() };
        let mut words = Vec::new();
        for text in ids.rows() {
            words.clear();
            words.extend(text.iter().copied().filter(|id| *id >= first_word));
            words.sort_unstable();
            for same in words.chunk_by(|a, b| a == b) {
                bags.entries.push((same[0], same.len() as f32));
            }
            bags.starts.push(bags.entries.len());
        }
        bags
    }

    fn inverse_frequencies(&self, words: usize) -> Vec<f32> {
        let mut texts = vec![0u32; words];
        self.entries.iter().for_each(|(word, _)| texts[*word as usize] += 1);
        let all = self.labels.len() as f32;
        texts.into_iter().map(|count| ln((1.0 + all) / (1.0 + count as f32)) + 1.0).collect()
    }

    /// Counts times inverse frequencies, of norm 1 for each text.
    fn weighted(mut self, inverse: &[f32]) -> Self {
        for text in 0..self.labels.len() {
            let entries = &mut self.entries[self.starts[text]..self.starts[text + 1]];
            entries.iter_mut().for_each(|(word, count)| *count *= inverse[*word as usize]);
            let norm = entries.iter().map(|(_, v)| v * v).sum::<f32>().sqrt();
            if norm > 0.0 {
                entries.iter_mut().for_each(|(_, v)| *v /= norm);
            }
        }
        self
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

    /// Mean cross-entropy and penalty at `w`, and their gradient.
    fn objective(&self, w: &[f32], words: usize, outputs: usize) -> Evaluated {
        let count = self.labels.len().max(1) as f32;
        let (mut loss, mut gradient) = (0.0, vec![0.0; w.len()]);
        let mut p = vec![0.0; outputs];
        for (text, label) in self.labels.iter().map(|label| *label as usize).enumerate() {
            self.probabilities(w, words, text, &mut p);
            loss -= f64::from(ln(probability_of(&p, label).max(f32::MIN_POSITIVE)));
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
        let mut squares = 0.0;
        for (g, w) in gradient.iter_mut().zip(&w[..words * outputs]) {
            *g += w / count;
            squares += f64::from(*w) * f64::from(*w);
        }
        (loss / f64::from(count) + squares / (2.0 * f64::from(count)), gradient)
    }
}
