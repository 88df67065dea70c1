//! `evaluate`, `predict` and `generate`: what a trained model can do.

use std::path::Path;

use unrolled::Result;
use unrolled::generate::Sampler;
use unrolled::session::Trained;

use super::experiment;
use crate::arguments::{Evaluate, Generate, Material, Predict};
use crate::{files, print};

fn trained(path: &Path, material: &Material) -> Result<Trained> {
    let chosen = experiment::read(&material.experiment)?;
    let model = files::whole_model(&files::read_known(path)?, &files::name(path))?;
    let dataset = experiment::dataset(&chosen, &material.data)?;
    Trained::new(model, chosen, dataset.as_ref())
}

/// Prints loss and accuracy on the test part, and with `--report` a line for each class.
pub fn evaluate(options: &Evaluate) -> Result<()> {
    let mut trained = trained(&options.model, &options.material)?;
    if options.report {
        let classes = trained.classes().to_vec();
        return print::text(&trained.report()?.table(&classes).to_string());
    }
    let (score, count) = trained.evaluate()?;
    let (loss, accuracy) = (score.mean_loss(), score.accuracy());
    print::line(&format!("loss {loss:.4}, accuracy {accuracy:.4} on {count} samples"))
}

/// Prints the probability of each class, the likeliest first.
pub fn predict(options: &Predict) -> Result<()> {
    let named = trained(&options.model, &options.material)?.predict(&options.text)?;
    print::text(&named.iter().map(|(name, p)| format!("{p:.4} {name}\n")).collect::<String>())
}

/// Prints the text and what the model adds to it.
pub fn generate(options: &Generate) -> Result<()> {
    let mut trained = trained(&options.model, &options.material)?;
    let sampler = Sampler::new(options.temperature, options.seed)?;
    let added = trained.generate(&options.text, options.length as usize, sampler)?;
    print::line(&format!("{}{added}", options.text))
}
