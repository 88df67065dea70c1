//! The laboratory of a language model: choices with all their numbers, and texts as a tree.

use serde::{Deserialize, Serialize};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::convert::{Reply, from_js, thrown, to_js};
use super::experiment::experiment_from;
use super::files::dataset;
use crate::Result;
use crate::experiment::Experiment;
use crate::generate::choice::{Choice, Rule};
use crate::generate::rows::Row;
use crate::session::sampling::{self, Beginning, Branch, Drawn};
use crate::session::writing::Shipped;

/// How a token is chosen.
#[derive(Deserialize, Tsify)]
pub struct SamplingRule {
    /// What the logits are divided by.
    pub temperature: f32,
    /// Whether the likeliest is taken.
    #[serde(default)]
    #[tsify(optional)]
    pub greedy: bool,
    /// So many of the likeliest are kept.
    #[tsify(optional)]
    pub top_k: Option<usize>,
    /// The fewest of the likeliest are kept whose probabilities reach this sum.
    #[tsify(optional)]
    pub top_p: Option<f32>,
}

/// A choice as a table.
#[derive(Serialize, Tsify)]
pub struct ChoiceTable {
    /// The random number.
    pub number: f32,
    /// The token that is chosen.
    pub chosen: usize,
    /// That as text.
    pub text: String,
    /// Entropy of what is drawn from, in bits.
    pub entropy_bits: f64,
    /// 2 to the power of it.
    pub perplexity: f64,
    /// The same of the model's own probabilities, at temperature 1 with every token kept.
    pub model_entropy_bits: f64,
    /// 2 to the power of it.
    pub model_perplexity: f64,
    /// The sum of the exponentials as they are.
    pub naive_sum: f32,
    /// The largest scaled logit.
    pub largest: f32,
    /// The sum of the exponentials after it was taken off.
    pub sum: f64,
    /// How many tokens are kept.
    pub kept: usize,
    /// The rows, in the order in which probabilities are added up.
    pub rows: Vec<ChoiceRow>,
}

/// One token, or several beside each other: then sums stand where sums make sense.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct ChoiceRow {
    /// The first token.
    pub token: usize,
    /// How many there are.
    pub count: usize,
    /// The token as text; of several the first.
    pub text: String,
    /// What the model gave; nothing for several.
    pub logit: Option<f32>,
    /// Divided by the temperature.
    pub scaled: Option<f32>,
    /// Minus the largest of these.
    pub shifted: Option<f32>,
    /// The exponential of the scaled logit as it is.
    pub naive: f32,
    /// That divided by the sum.
    pub naive_probability: f32,
    /// The exponential after the largest was taken off.
    pub weight: f32,
    /// How many of the tokens are kept.
    pub kept: usize,
    /// The probability.
    pub probability: f32,
    /// Where its part begins between 0 and 1.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
}

/// A trained language model and the texts that were written with it. Every method throws `Failure`.
#[wasm_bindgen]
pub struct Laboratory(sampling::Laboratory);

#[wasm_bindgen]
impl Laboratory {
    /// The language model of an experiment with the weights of a checkpoint, or its first ones; `pack` is its data
    /// set as the engine loads it.
    #[wasm_bindgen(constructor)]
    pub fn new(
        experiment: Ts<Experiment>,
        pack: Option<Vec<u8>>,
        weights: Option<Vec<u8>>,
    ) -> Reply<Laboratory> {
        let experiment = experiment_from(&experiment).map_err(thrown)?;
        let made = dataset(pack)
            .and_then(|set| sampling::Laboratory::new(experiment, set.as_ref(), weights.as_deref()));
        made.map(Self).map_err(thrown)
    }

    /// The language model of a file, as `TextWriter.shipped` takes it.
    pub fn of_file(file: &[u8]) -> Reply<Laboratory> {
        let made = Shipped::read(file).and_then(|Shipped { experiment, vocabulary }| {
            sampling::Laboratory::of_vocabulary(experiment, vocabulary, Some(file))
        });
        made.map(Self).map_err(thrown)
    }

    /// Begins a new tree with a text; `seed` names the random numbers.
    pub fn begin(&mut self, text: &str, seed: u32) -> Reply<Ts<Beginning>> {
        to_js(&self.0.begin(text, u64::from(seed)).map_err(thrown)?)
    }

    /// The choice of what comes after a node, with rows for the `most` likeliest tokens and those `always` listed;
    /// `number` takes the place of the node's own random number.
    pub fn choice(
        &mut self,
        node: usize,
        rule: Ts<SamplingRule>,
        number: Option<f32>,
        most: usize,
        always: &[u32],
    ) -> Reply<Ts<ChoiceTable>> {
        to_js(&self.table((node, &rule, number), most, always).map_err(thrown)?)
    }

    /// Writes tokens after a node.
    pub fn write(&mut self, node: usize, count: usize, rule: Ts<SamplingRule>) -> Reply<Vec<Ts<Drawn>>> {
        let written = rule_of(&rule).and_then(|rule| self.0.write(node, count, &rule));
        written.map_err(thrown)?.iter().map(to_js).collect()
    }

    /// Takes a token after a node, whatever the random number says.
    pub fn take(&mut self, node: usize, token: usize, rule: Ts<SamplingRule>) -> Reply<Ts<Drawn>> {
        let taken = rule_of(&rule).and_then(|rule| self.0.take(node, token, &rule));
        to_js(&taken.map_err(thrown)?)
    }

    /// The tokens from the beginning to a node, each with its choice.
    pub fn path(&mut self, node: usize, rule: Ts<SamplingRule>) -> Reply<Vec<Ts<Drawn>>> {
        let path = rule_of(&rule).and_then(|rule| self.0.path(node, &rule));
        path.map_err(thrown)?.iter().map(to_js).collect()
    }

    /// The branches of the tree, each before those that go on from it.
    pub fn branches(&self) -> Reply<Vec<Ts<Branch>>> {
        self.0.branches().iter().map(to_js).collect()
    }
}

fn rule_of(rule: &Ts<SamplingRule>) -> Result<Rule> {
    let SamplingRule { temperature, greedy, top_k, top_p } = from_js("the rule", rule)?;
    Ok(Rule { temperature, greedy, top_k, top_p })
}

impl Laboratory {
    fn table(
        &mut self,
        (node, rule, number): (usize, &Ts<SamplingRule>, Option<f32>),
        most: usize,
        always: &[u32],
    ) -> Result<ChoiceTable> {
        let choice = self.0.choice(node, &rule_of(rule)?, number)?;
        let model = Choice::new(&choice.logits, &Rule::default(), choice.number)?;
        let always: Vec<usize> = always.iter().map(|token| *token as usize).collect();
        let rows = choice.rows(most, &always);
        Ok(ChoiceTable {
            number: choice.number,
            chosen: choice.chosen,
            text: self.0.token(choice.chosen),
            entropy_bits: choice.entropy_bits,
            perplexity: choice.perplexity(),
            model_entropy_bits: model.entropy_bits,
            model_perplexity: model.perplexity(),
            naive_sum: choice.naive_sum,
            largest: choice.scaled.iter().fold(f32::NEG_INFINITY, |most, z| most.max(*z)),
            sum: choice.sum,
            kept: choice.kept.iter().filter(|kept| **kept).count(),
            rows: rows.into_iter().map(|row| self.row(row)).collect(),
        })
    }

    fn row(&self, row: Row) -> ChoiceRow {
        ChoiceRow {
            token: row.first,
            count: row.count,
            text: self.0.token(row.first),
            logit: row.one.map(|one| one.logit),
            scaled: row.one.map(|one| one.scaled),
            shifted: row.one.map(|one| one.shifted),
            naive: row.naive,
            naive_probability: row.naive_probability,
            weight: row.weight,
            kept: row.kept,
            probability: row.probability,
            from: row.from,
            to: row.to,
        }
    }
}
