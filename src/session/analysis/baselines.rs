//! What simple means reach on the data of an experiment, computed in slices.

use ndarray::Array2;
use serde::Serialize;

use super::Analysis;
use crate::Result;
use crate::data::vocabulary::UNKNOWN;
use crate::experiment::{Experiment, Material, Reading};
use crate::math::elementary::exp;
use crate::train::baseline::{
    BagOfWords, BigramModel, Ngrams, Reached, UnigramModel, mean_label_error, repeat_error,
};
use crate::train::{Examples, Inputs, Labels, Loss};

/// Ids in the longest grams that are counted.
const LENGTH: usize = 5;

/// A baseline and what it reaches on the validation set, or on the training set where there is none.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct BaselineLine {
    /// What a chart calls it.
    pub name: String,
    /// What it does.
    pub about: String,
    /// Its mean loss in nats, or mean squared error.
    pub loss: Option<f64>,
    /// Its accuracy.
    pub accuracy: Option<f64>,
    /// Its loss in bits for each character or word, for a language model.
    pub bits: Option<f64>,
    /// e to the power of its loss, for a language model: among so many equally likely ones it would be as uncertain.
    pub perplexity: Option<f64>,
}

/// The baselines of a run while they are computed.
#[derive(Default)]
pub(super) struct Baselines {
    lines: Vec<BaselineLine>,
    bag: Option<BagOfWords>,
    ngrams: Option<Ngrams>,
    begun: bool,
}

impl Analysis {
    /// Computes baselines of the data for about `budget_ms` milliseconds by `clock`, and at least a part of one; gives
    /// all of them when they are there.
    ///
    /// # Errors
    /// If the data cannot be read.
    pub fn baselines_for(
        &mut self,
        budget_ms: f64,
        clock: impl Fn() -> f64,
    ) -> Result<Option<Vec<BaselineLine>>> {
        let start = clock();
        self.material()?;
        let outputs = self.model.output_shape().features().unwrap_or(1);
        let Self { experiment, material: Some(material), baselines, .. } = self else {
            unreachable!("it has just been made")
        };
        let more = &mut || clock() - start < budget_ms;
        Ok(baselines.advance(experiment, material, outputs, more))
    }
}

impl Baselines {
    /// Goes on for as long as `more` says so, and at least a part; returns all lines when they are there.
    pub fn advance(
        &mut self,
        experiment: &Experiment,
        material: &Material,
        outputs: usize,
        more: &mut dyn FnMut() -> bool,
    ) -> Option<Vec<BaselineLine>> {
        if !self.begun {
            *self = Self::begin(experiment, material, outputs);
            if !more() {
                return None;
            }
        }
        while let Some(bag) = &mut self.bag {
            if let Some(reached) = bag.advance() {
                self.bag = None;
                let about = "logistic regression on tf-idf, blind to the order of the words";
                self.lines.push(line("bag of words", about, reached));
            }
            if !more() {
                break;
            }
        }
        while let Some(ngrams) = self.ngrams.as_mut().filter(|_| self.bag.is_none()) {
            if let Some(reached) = ngrams.advance() {
                self.ngrams = None;
                let about = "what followed the four before, smoothed by Kneser and Ney’s method";
                self.lines.push(with_bits(line("5-grams", about, reached)));
            }
            if !more() {
                break;
            }
        }
        (self.bag.is_none() && self.ngrams.is_none()).then(|| self.lines.clone())
    }
}

fn line(name: &str, about: &str, reached: Reached) -> BaselineLine {
    let (name, about) = (name.to_owned(), about.to_owned());
    BaselineLine {
        name,
        about,
        loss: Some(reached.loss),
        accuracy: reached.accuracy,
        bits: None,
        perplexity: None,
    }
}

/// The line of a language model.
fn with_bits(line: BaselineLine) -> BaselineLine {
    let bits = line.loss.map(|nats| nats * std::f64::consts::LOG2_E);
    let perplexity = line.loss.map(|nats| f64::from(exp(nats as f32)));
    BaselineLine { bits, perplexity, ..line }
}

impl Baselines {
    fn begin(experiment: &Experiment, material: &Material, outputs: usize) -> Self {
        let mut begun = Self { begun: true, ..Self::default() };
        let Material { train, validation, .. } = material;
        let judged = validation.as_ref().unwrap_or(train);
        let reading = &experiment.data.reading;
        match (train.labels(), judged.labels()) {
            (Labels::Classes(to), Labels::Classes(of)) if reading.is_language_model() => {
                begun.lines = next_ids((train, to), (judged, of), outputs);
                let texts = |of: &Examples| texts(of, streams(experiment));
                begun.ngrams = Some(Ngrams::new(LENGTH, outputs, texts(train), texts(judged)));
            }
            (Labels::Classes(to), Labels::Classes(of)) => {
                begun.of_classes(experiment, outputs, (train, to), (judged, of))
            }
            (Labels::Values(to), Labels::Values(of)) if experiment.loss() == Ok(Loss::MeanSquaredError) => {
                let about = "always the mean of the training labels";
                begun.lines.push(line("mean of the labels", about, mean_label_error(to, of)));
                if let Inputs::Sequences(x) = judged.inputs() {
                    let about = "the input of the same timestep, or the last one, as the prediction";
                    let repeated =
                        repeat_error(x, of).map(|reached| line("last value repeated", about, reached));
                    begun.lines.extend(repeated);
                }
            }
            _ => {}
        }
        begun
    }

    fn of_classes(
        &mut self,
        experiment: &Experiment,
        outputs: usize,
        (train, to): (&Examples, &Array2<u32>),
        (judged, of): (&Examples, &Array2<u32>),
    ) {
        let classes = if outputs == 1 { 2 } else { outputs };
        let padded = experiment.data.task.as_ref().is_some_and(|task| task.form().padded);
        if !padded {
            let frequencies = UnigramModel::new(to.iter().copied(), classes);
            let about = "every answer with the frequency of its class in the training set";
            self.lines.push(line("class frequencies", about, frequencies.judge(of.iter().copied())));
        }
        let (Reading::Words(_), Inputs::Ids(x), Inputs::Ids(judged_x)) =
            (&experiment.data.reading, train.inputs(), judged.inputs())
        else {
            return;
        };
        let column = |labels: &Array2<u32>| labels.iter().copied().collect::<Vec<_>>();
        if to.ncols() == 1 {
            let (to, of) = (column(to), column(of));
            self.bag = Some(BagOfWords::new((x, &to), (judged_x, &of), (classes, u32::from(UNKNOWN))));
        }
    }
}

/// Into how many streams the experiment cuts its text.
fn streams(experiment: &Experiment) -> usize {
    match experiment.data.reading {
        Reading::Characters { stateful: true, .. } | Reading::WordIds { stateful: true, .. } => {
            experiment.fit.batch_size.max(1)
        }
        _ => 1,
    }
}

/// The texts that windows were cut from: each row goes on with the row `streams` behind it.
fn texts(examples: &Examples, streams: usize) -> Vec<Vec<u32>> {
    let (Inputs::Ids(x), Labels::Classes(y)) = (examples.inputs(), examples.labels()) else {
        return Vec::new();
    };
    let mut texts: Vec<Vec<u32>> = Vec::new();
    for stream in 0..streams {
        let mut last = None;
        for (x, y) in x.rows().into_iter().zip(y.rows()).skip(stream).step_by(streams) {
            match texts.last_mut() {
                Some(text) if last.is_some() && last == x.first().copied() => text.extend(y),
                _ => texts.push(x.iter().take(1).chain(y).copied().collect()),
            }
            last = y.last().copied();
        }
    }
    texts
}

/// The baselines of a language model: each label is the id after the input.
fn next_ids(
    (train, to): (&Examples, &Array2<u32>),
    (judged, of): (&Examples, &Array2<u32>),
    outputs: usize,
) -> Vec<BaselineLine> {
    let (Inputs::Ids(x), Inputs::Ids(judged_x)) = (train.inputs(), judged.inputs()) else {
        return Vec::new();
    };
    let pairs =
        |x: &Array2<u32>, y: &Array2<u32>| x.iter().copied().zip(y.iter().copied()).collect::<Vec<_>>();
    let unigrams = UnigramModel::new(to.iter().copied(), outputs).judge(of.iter().copied());
    let bigrams = BigramModel::new(pairs(x, to).into_iter(), outputs).judge(pairs(judged_x, of).into_iter());
    let about = "the frequencies of the training text, whatever stands before";
    vec![
        with_bits(line("unigrams", about, unigrams)),
        with_bits(line(
            "bigrams",
            "what followed the one before in the training text, and how often",
            bigrams,
        )),
    ]
}
