//! `evaluate`, `predict` and `generate`: what a trained model can do.

use unrolled::formats::keras;
use unrolled::generate::Sampler;
use unrolled::model::{Mode, Sequential};
use unrolled::train::examples::BlockLabels;
use unrolled::train::{Evaluator, Examples, Inputs, Labels};
use unrolled::{Error, Result};

use crate::arguments::{Evaluate, Generate, Predict};
use crate::experiments::{Experiment, Reading, material};
use crate::{files, print};

fn read(path: &std::path::Path) -> Result<Sequential> {
    keras::read_model(&files::read(path)?, &files::name(path))
}

/// Prints loss and accuracy on the test part.
pub fn evaluate(options: &Evaluate) -> Result<()> {
    let experiment = Experiment::named(&options.material.experiment)?;
    let mut model = read(&options.model)?;
    let dataset = experiment.dataset(&options.material.data)?;
    let test = material::examples(experiment, &dataset.test, usize::MAX)?;
    let test = std::sync::Arc::new(test);
    let mut evaluator = Evaluator::new(&model, experiment.loss()?, test, experiment.batch_size)?;
    let score = evaluator.evaluate(&mut model)?;
    let (loss, accuracy) = (score.mean_loss(), score.accuracy());
    let samples = evaluator.examples().count();
    print::line(&format!("loss {loss:.4}, accuracy {accuracy:.4} on {samples} samples"))
}

/// Prints the probability of each class, the likeliest first.
pub fn predict(options: &Predict) -> Result<()> {
    let experiment = Experiment::named(&options.material.experiment)?;
    let mut model = read(&options.model)?;
    let dataset = experiment.dataset(&options.material.data)?;
    if dataset.class_names.is_empty() {
        return Err(Error::value(
            "the experiment",
            "one with classes; a language model has `generate`",
            experiment.name,
        ));
    }
    let ids = material::encode(experiment, &dataset, &options.text)?;
    pass(&mut model, material::inputs(experiment.reading, &[&ids])?)?;
    let probabilities = match model.output().data[..] {
        [p] => vec![1.0 - p, p],
        ref all => all.to_vec(),
    };
    let classes = dataset.class_names.len();
    if probabilities.len() != classes {
        let expected = format!("{classes}, one for each class of `{}`", dataset.name);
        return Err(Error::value("the number of outputs of the model", expected, probabilities.len()));
    }
    let mut named: Vec<_> = dataset.class_names.iter().zip(probabilities).collect();
    named.sort_by(|a, b| b.1.total_cmp(&a.1));
    print::text(&named.iter().map(|(name, p)| format!("{p:.4} {name}\n")).collect::<String>())
}

/// Prints the text and what the model adds to it.
pub fn generate(options: &Generate) -> Result<()> {
    let experiment = Experiment::named(&options.material.experiment)?;
    if !matches!(experiment.reading, Reading::Windows { .. }) {
        return Err(Error::value("the experiment", "a language model, such as moby-dick", experiment.name));
    }
    let mut model = read(&options.model)?;
    let dataset = experiment.dataset(&options.material.data)?;
    let (outputs, words) = (model.output_shape().features().unwrap_or(0), dataset.vocabulary.num_words());
    if outputs != words {
        let expected = format!("{words}, one for each entry of the vocabulary of `{}`", dataset.name);
        return Err(Error::value("the number of outputs of the model", expected, outputs));
    }
    let mut ids = material::encode(experiment, &dataset, &options.text)?;
    let mut sampler = Sampler::new(options.temperature, options.seed)?;
    let mut added = Vec::new();
    model.reset_states();
    for _ in 0..options.length {
        pass(&mut model, material::inputs(experiment.reading, &[&ids])?)?;
        let output = model.output();
        let last = &output.data[output.data.len() - output.features..];
        let id = sampler.next_of_logits(last)?;
        let id = u16::try_from(id).map_err(|_| Error::value("the next id", "below 65536", id))?;
        added.push(id);
        // The state knows everything before.
        ids = vec![id];
    }
    print::line(&format!("{}{}", options.text, dataset.vocabulary.decode(&added)))
}

/// One sample through the model.
fn pass(model: &mut Sequential, inputs: Inputs) -> Result<()> {
    // The label is not used.
    let examples = Examples::new(inputs, Labels::of_samples(vec![0]))?;
    examples.fill(&[0], model.input_mut(), &mut BlockLabels::default());
    model.forward(Mode::INFERENCE)
}
