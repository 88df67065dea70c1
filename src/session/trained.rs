//! What a trained model can be asked.

use std::sync::Arc;

use super::reader::Reader;
use super::text::place_text;
use crate::data::{Dataset, Unit};
use crate::experiment::{Experiment, Reading};
use crate::generate::Sampler;
use crate::layers::Shape;
use crate::math::Backend;
use crate::model::{Mode, Sequential};
use crate::train::examples::BlockLabels;

use crate::ordering::sort_by;
use crate::train::{Evaluator, Examples, Inputs, Labels, Report, Score};
use crate::{Error, Result};

/// A report counts a prediction as close if the label is among so many likeliest classes.
const TOP: usize = 3;

/// A trained model and the experiment by which its data are read.
pub struct Trained {
    model: Sequential,
    experiment: Experiment,
    dataset: Option<Dataset>,
}

impl Trained {
    /// Brings a model and an experiment together.
    ///
    /// # Errors
    /// If the model does not read what the experiment gives, or gives something else than the experiment's model.
    pub fn new(model: Sequential, experiment: Experiment, dataset: Option<&Dataset>) -> Result<Self> {
        let own = experiment.build_model()?;
        let kind = |shape: Shape| (matches!(shape, Shape::Ids { .. }), shape.features());
        let fits = kind(model.input_shape()) == kind(own.input_shape())
            && model.output_shape().features() == own.output_shape().features()
            && experiment.data.reading.check_model(&model).is_ok();
        if !fits {
            let shapes =
                |model: &Sequential| format!("{} in and {} out", model.input_shape(), model.output_shape());
            let problem = format!(
                "it was not made for `{}`: it has {}, that experiment {}; name the experiment that it was trained with",
                experiment.title,
                shapes(&model),
                shapes(&own)
            );
            return Err(Error::format("the model", problem));
        }
        let dataset = dataset.map(|dataset| experiment.vocabulary_view(dataset)).transpose()?;
        Ok(Self { model, experiment, dataset: dataset.map(std::borrow::Cow::into_owned) })
    }

    /// The names of the classes; none where answers have no names.
    pub fn classes(&self) -> &[String] {
        self.dataset.as_ref().map_or(&[], |dataset| &dataset.class_names)
    }

    /// Loss and hits on the test part, and how many samples it has.
    ///
    /// # Errors
    /// If there is no test part, or a sample does not suit the model.
    pub fn evaluate(&mut self) -> Result<(Score, usize)> {
        let mut evaluator = self.evaluator()?;
        let score = evaluator.evaluate(&mut self.model)?;
        Ok((score, evaluator.examples().count()))
    }

    /// Which classes the model takes for which on the test part.
    ///
    /// # Errors
    /// As [`Self::evaluate`], or if answers are numbers.
    pub fn report(&mut self) -> Result<Report> {
        let mut evaluator = self.evaluator()?;
        Report::of(&mut self.model, &mut evaluator, TOP)
    }

    fn evaluator(&self) -> Result<Evaluator> {
        let test = Arc::new(self.experiment.test_examples(self.dataset.as_ref())?);
        Evaluator::new(&self.model, self.experiment.loss()?, test, self.experiment.fit.batch_size)
    }

    /// The probability of each class for a text, the likeliest first.
    ///
    /// # Errors
    /// If the experiment does not tell classes of texts apart, or the text has nothing that the model can read.
    pub fn predict(&mut self, text: &str) -> Result<Vec<(String, f32)>> {
        let title = &self.experiment.title;
        let Some(dataset) = self.dataset.as_ref().filter(|dataset| !dataset.class_names.is_empty()) else {
            let expected = "one with classes; a language model has `generate`";
            return Err(Error::value("the experiment", expected, format!("`{title}`")));
        };
        let inputs = match &self.experiment.data.reading {
            Reading::Words(words) => {
                let ids = place_text(dataset, words, text)?.ids;
                let ids: Vec<u16> = ids.into_iter().map(|id| id as u16).collect();
                self.experiment.data.reading.inputs(&[&ids])?
            }
            Reading::Numbers { .. } => {
                let ids = dataset.vocabulary.encode(text);
                // The first id only says that a text starts.
                if ids.len() < 2 {
                    return Err(nothing_to_read());
                }
                self.experiment.data.reading.inputs(&[&ids])?
            }
            _ => return Err(Error::value("the experiment", "one with texts", format!("`{title}`"))),
        };
        let classes = dataset.class_names.clone();
        self.pass(inputs)?;
        let mut output = self.model.output().data.clone();
        if let Some(activation) = self.experiment.loss()?.activation_of_logits() {
            activation.apply(Backend::best(), &mut output, self.model.output().features);
        }
        let probabilities = match output[..] {
            [p] => vec![1.0 - p, p],
            ref all => all.to_vec(),
        };
        if probabilities.len() != classes.len() {
            let expected = format!("{}, one for each class of the data", classes.len());
            return Err(Error::value("the number of outputs of the model", expected, probabilities.len()));
        }
        let mut named: Vec<(String, f32)> = classes.into_iter().zip(probabilities).collect();
        sort_by(&mut named, |a, b| b.1.total_cmp(&a.1));
        Ok(named)
    }

    /// What a language model adds to a text: `length` characters or words, behind a space where one is needed.
    ///
    /// # Errors
    /// If the experiment is no language model, or the text has nothing that the model can read.
    pub fn generate(&mut self, text: &str, length: usize, mut sampler: Sampler) -> Result<String> {
        let Some(dataset) = self.dataset.clone().filter(|_| self.experiment.data.reading.is_language_model())
        else {
            let found = format!("`{}`", self.experiment.title);
            return Err(Error::value("the experiment", "a language model, such as moby-dick", found));
        };
        let ids = dataset.vocabulary.encode(text);
        let mut reader = Reader::of(&self.experiment, &self.model, &dataset.vocabulary)?;
        reader.forget(&mut self.model);
        reader.read_all(&mut self.model, &ids)?;
        let mut added = Vec::with_capacity(length);
        while added.len() < length {
            let (first, logits) = reader.logits(&self.model);
            // A vocabulary has at most 2¹⁶ ids.
            let id = first + sampler.next_of_logits(&logits)? as u16;
            reader.read(&mut self.model, id)?;
            added.push(id);
        }
        let added = dataset.vocabulary.decode(&added);
        let joins_words = dataset.vocabulary.unit() != Unit::Character;
        let gap = if joins_words && !text.ends_with(char::is_whitespace) { " " } else { "" };
        Ok(format!("{gap}{added}"))
    }

    /// One sample through the model.
    fn pass(&mut self, inputs: Inputs) -> Result<()> {
        // Nobody looks at the label.
        let examples = Examples::new(inputs, Labels::of_samples(vec![0]))?;
        examples.fill(&[0], self.model.input_mut(), &mut BlockLabels::default());
        self.model.forward(Mode::INFERENCE)
    }
}

fn nothing_to_read() -> Error {
    Error::format("the text", "there is nothing in it that the model can read")
}
