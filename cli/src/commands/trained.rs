//! `evaluate`, `predict` and `generate`: what a trained model can do.

use std::path::Path;

use unrolled::Result;
use unrolled::generate::Sampler;
use unrolled::session::Trained;
use unrolled::train::Report;

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
        return print::text(&report(&trained.report()?, &classes));
    }
    let (score, count) = trained.evaluate()?;
    let (loss, accuracy) = (score.mean_loss(), score.accuracy());
    print::line(&format!("loss {loss:.4}, accuracy {accuracy:.4} on {count} samples"))
}

/// A table with a line for each class that occurs, the most frequent first.
fn report(report: &Report, names: &[String]) -> String {
    let confusion = &report.confusion;
    let name = |class: usize| names.get(class).cloned().unwrap_or_else(|| class.to_string());
    let mut classes: Vec<usize> =
        (0..confusion.classes()).filter(|class| confusion.support(*class) > 0).collect();
    classes.sort_by_key(|class| std::cmp::Reverse(confusion.support(*class)));
    let mut text = format!(
        "loss {:.4}, accuracy {:.4}, among the {} likeliest {:.4}, always the most frequent class {:.4}\n\n",
        report.score.mean_loss(),
        report.score.accuracy(),
        report.k,
        report.top_k,
        confusion.majority()
    );
    text.push_str(&format!(
        "{:<24}{:>10}{:>10}{:>10}{:>10}  most often taken for\n",
        "class", "samples", "precision", "recall", "f1"
    ));
    for class in classes {
        let (precision, recall, f1) =
            (confusion.precision(class), confusion.recall(class), confusion.f1(class));
        let row = &confusion.counts()[class * confusion.classes()..][..confusion.classes()];
        let mistake =
            (0..row.len()).filter(|other| *other != class && row[*other] > 0).max_by_key(|k| row[*k]);
        let mistake = mistake.map_or_else(String::new, |other| format!("{} ({})", name(other), row[other]));
        text.push_str(&format!(
            "{:<24}{:>10}{precision:>10.4}{recall:>10.4}{f1:>10.4}  {mistake}\n",
            name(class),
            confusion.support(class)
        ));
    }
    text
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
