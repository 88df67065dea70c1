//! Rules about the course of losses and gradients.

use serde_json::json;

use super::{Case, Evidence, Finding, Rule, figure, mean, percent, short};

/// Fewer updates say nothing about a course.
const UPDATES: usize = 30;

/// So many evaluations in a row must lie above the best one.
const SINCE: usize = 3;

/// Wrong answers of this probability on average stand at the limit of the loss, −ln(1e-7) ≈ 16.1 each.
const CERTAIN: f64 = 0.99;

pub(super) fn constant_prediction(case: &Case) -> Option<Finding> {
    let answers = case.statistics.answers.as_ref()?;
    let trained = case.updates() >= UPDATES;
    if !trained || case.statistics.samples < 20 || answers.share < 0.98 || answers.labels > 0.9 {
        return None;
    }
    let loss = case.first_and_last_loss().map_or(0.0, |(_, last)| last);
    let sure = answers.sure_when_wrong.unwrap_or(0.0);
    let mut evidence = vec![
        figure(format!("predicted “{}”", answers.name), percent(answers.share)),
        figure(format!("that are “{}”", answers.name), percent(answers.labels)),
        figure("mean loss of the last updates", short(loss)),
    ];
    let clipped = sure > CERTAIN && case.guessing.is_some_and(|guessing| loss > 2.0 * guessing);
    let why = if clipped {
        evidence.push(figure("mean probability of wrong answers", short(sure)));
        "Its wrong answers have probability 1, so that the loss stands at its limit, where no gradient leads back."
    } else {
        "It answers without looking at the input."
    };
    let sentence = format!(
        "The network gives the same answer, “{}”, to {} of {} validation samples. {why}",
        answers.name,
        percent(answers.share),
        case.statistics.samples
    );
    let remedy = case.with_rate(if clipped || too_large(case) { 0.1 } else { 3.0 });
    Some(finding(Rule::ConstantPrediction, "One answer for everything", sentence, evidence, remedy))
}

pub(super) fn exploding_gradient(case: &Case) -> Option<Finding> {
    let norms = &case.history.gradient_norms;
    if norms.len() < UPDATES || clips(case) {
        return None;
    }
    let mut sorted = norms.clone();
    sorted.sort_by(f32::total_cmp);
    let median = f64::from(sorted[sorted.len() / 2]);
    let (at, largest) = norms.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
    let ratio = f64::from(*largest) / median.max(1e-12);
    // The first updates are often large; what counts is a jump in the middle of a run, or a level that is absurd.
    if !(ratio > 50.0 && at >= norms.len() / 20 && *largest > 5.0 || median > 1000.0) {
        return None;
    }
    let sentence = format!(
        "At update {} the gradient was {} times as long as usual, and nothing clips it: one such update can throw the \
         weights far away from where they were.",
        at + 1,
        short(ratio)
    );
    let evidence = vec![
        figure("median norm of the gradient", short(median)),
        figure(format!("norm at update {}", at + 1), short(f64::from(*largest))),
        figure("clipping", "none"),
    ];
    let remedy = case.with_optimizer("Try clipping at norm 1", "clipnorm", json!(1.0));
    Some(finding(Rule::ExplodingGradient, "Exploding gradient", sentence, evidence, remedy))
}

fn clips(case: &Case) -> bool {
    let optimizer = case.optimizer();
    ["clipnorm", "clipvalue", "global_clipnorm"].iter().any(|key| optimizer["config"][*key].is_number())
}

/// Whether the loss is far above that of guessing or where it began, or jumps about as much as it is large.
fn too_large(case: &Case) -> bool {
    let Some((first, last)) = case.first_and_last_loss() else { return false };
    let losses = &case.history.losses[case.updates() / 2..];
    let half = mean(losses);
    let spread = losses.iter().map(|loss| square(f64::from(*loss) - half)).sum::<f64>() / losses.len() as f64;
    let floor = case.guessing.unwrap_or(first);
    let above_guessing = case.guessing.is_some_and(|guessing| last > 2.0 * guessing);
    above_guessing || last > 1.5 * first.max(floor) || (spread.sqrt() > 0.5 * half && half > 1.2 * floor)
}

pub(super) fn learning_rate_too_large(case: &Case) -> Option<Finding> {
    if case.updates() < UPDATES || !too_large(case) {
        return None;
    }
    let (first, last) = case.first_and_last_loss()?;
    let rate = case.learning_rate()?;
    let course = match case.guessing {
        Some(guessing) if last > 2.0 * guessing => "is far above that of guessing",
        _ if last > 1.5 * first => "has risen since training began",
        _ => "varies by as much as its own size",
    };
    let sentence = format!(
        "The training loss {course}: an update goes so far along the gradient that the loss there is larger than where \
         it began. The learning rate is too large for this network."
    );
    let mut evidence = vec![
        figure("mean loss of the first tenth", short(first)),
        figure("mean loss of the last tenth", short(last)),
        figure("learning rate", format!("{rate}")),
    ];
    evidence.extend(case.guessing.map(|loss| figure("loss of guessing", short(loss))));
    let remedy = case.with_rate(0.1);
    Some(finding(Rule::LearningRateTooLarge, "The learning rate is too large", sentence, evidence, remedy))
}

pub(super) fn learning_rate_too_small(case: &Case) -> Option<Finding> {
    let (moved, rate) = (case.moved?, case.learning_rate()?);
    let (first, last) = case.first_and_last_loss()?;
    let barely = last > 0.98 * first && last < 1.05 * first;
    let long_enough = case.updates_per_epoch.clamp(UPDATES, 100);
    if case.updates() < long_enough || !barely || moved > 0.05 {
        return None;
    }
    let sentence = format!(
        "After {} updates the weights have moved by {} of their length, and the loss has not fallen: with steps this \
         short it learns next to nothing.",
        case.updates(),
        percent(moved)
    );
    let evidence = vec![
        figure("mean loss of the first tenth", short(first)),
        figure("mean loss of the last tenth", short(last)),
        figure("‖w − w₀‖ / ‖w₀‖", percent(moved)),
        figure("learning rate", format!("{rate}")),
    ];
    let remedy = case.with_rate(10.0);
    Some(finding(Rule::LearningRateTooSmall, "The learning rate is too small", sentence, evidence, remedy))
}

pub(super) fn overfitting(case: &Case) -> Option<Finding> {
    let evaluations = &case.history.validation;
    let (last, rest) = evaluations.split_last()?;
    // One evaluation may be high by chance; all of the last ones are not.
    let lately =
        evaluations[evaluations.len().saturating_sub(SINCE)..].iter().map(|one| one.loss).reduce(f32::min)?;
    let best = rest.iter().min_by(|a, b| a.loss.total_cmp(&b.loss))?;
    let risen = f64::from(last.loss - best.loss);
    let window = |until: u64| {
        let end = (until as usize).min(case.updates());
        mean(&case.history.losses[end.saturating_sub(case.updates_per_epoch.min(50))..end])
    };
    let (then, now) = (window(best.step), window(last.step));
    let stays = f64::from(lately) > 1.05 * f64::from(best.loss);
    if evaluations.len() <= SINCE || !stays || risen < 0.02 || now > 0.95 * then {
        return None;
    }
    let mut evidence = vec![
        figure(format!("validation loss after update {}", best.step), short(f64::from(best.loss))),
        figure(format!("validation loss after update {}", last.step), short(f64::from(last.loss))),
        figure("training loss then", short(then)),
        figure("training loss now", short(now)),
    ];
    let mut sentence = format!(
        "Since update {} the validation loss has risen by {} while the training loss fell: the network learns the \
         training samples by heart.",
        best.step,
        short(risen)
    );
    if case.has_classes() && last.accuracy >= best.accuracy - 0.02 {
        evidence.push(figure("validation accuracy then", percent(f64::from(best.accuracy))));
        evidence.push(figure("validation accuracy now", percent(f64::from(last.accuracy))));
        sentence += " Its accuracy has hardly changed: its wrong answers have become more certain.";
    }
    let sure = case.statistics.answers.as_ref().and_then(|answers| answers.sure_when_wrong);
    evidence.extend(sure.map(|sure| figure("mean probability of wrong answers", short(sure))));
    let stopping = json!({ "monitor": "val_loss", "patience": 1, "restore_best_weights": true });
    let is_new = case.experiment.fit.early_stopping.is_none();
    let remedy = case.with("Try early stopping", &[("/fit/early_stopping", stopping)]).filter(|_| is_new);
    Some(finding(Rule::Overfitting, "Overfitting", sentence, evidence, remedy))
}

pub(super) fn bag_of_words_as_good(case: &Case) -> Option<Finding> {
    let bag = case.known.bag_of_words?;
    let accuracies = case.history.validation.iter().map(|evaluation| f64::from(evaluation.accuracy));
    let best = accuracies.reduce(f64::max)?;
    if case.updates() < case.updates_per_epoch || best > bag + 0.005 {
        return None;
    }
    let sentence = format!(
        "A logistic regression on the words of a text, blind to their order (tf-idf), is right in {} of the \
         validation samples; this network reaches {} at best. Either the answer does not depend on the order, or the \
         network has not learned to use it yet.",
        percent(bag),
        percent(best)
    );
    let evidence = vec![figure("bag of words", percent(bag)), figure("this network at best", percent(best))];
    let remedy = longer_texts(case);
    Some(finding(Rule::BagOfWordsAsGood, "A bag of words does as well or better", sentence, evidence, remedy))
}

/// The bag counts whole texts; the network may read only a part.
fn longer_texts(case: &Case) -> Option<super::Remedy> {
    let crate::experiment::Reading::Words(words) = &case.experiment.data.reading else { return None };
    let longer = (2 * words.maxlen).min(400);
    let layers = case.layers().iter().cloned().map(|mut layer| {
        if layer["config"]["input_length"].is_number() {
            layer["config"]["input_length"] = json!(longer);
        }
        for key in ["batch_shape", "batch_input_shape"] {
            if layer["config"][key][1].as_u64() == Some(words.maxlen as u64) {
                layer["config"][key][1] = json!(longer);
            }
        }
        layer
    });
    let layers = json!(layers.collect::<Vec<_>>());
    let changes = [("/data/reading/maxlen", json!(longer)), ("/model/config/layers", layers)];
    case.with(format!("Try with {longer} words"), &changes).filter(|_| longer > words.maxlen)
}

fn finding(
    rule: Rule,
    title: &str,
    sentence: String,
    evidence: Vec<Evidence>,
    remedy: Option<super::Remedy>,
) -> Finding {
    Finding { rule, title: title.to_owned(), sentence, evidence, remedy }
}

fn square(value: f64) -> f64 {
    value * value
}
