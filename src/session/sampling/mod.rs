//! A language model whose every choice can be looked at, and taken otherwise.

mod tree;

use serde::Serialize;

use crate::data::{Dataset, Unit, Vocabulary};
use crate::experiment::Experiment;
use crate::generate::Numbers;
use crate::generate::choice::{Choice, Rule};
use crate::model::Sequential;
use crate::session::reader::{Memory, Reader, first_drawn};
use crate::train::checkpoint;
use crate::{Error, Result};

pub use tree::Branch;
use tree::Tree;

/// More tokens are not written at once.
pub const LONGEST: usize = 2000;

/// A trained language model and the texts that were written with it.
pub struct Laboratory {
    model: Sequential,
    reader: Reader,
    experiment: Experiment,
    vocabulary: Vocabulary,
    numbers: Numbers,
    tree: Tree,
}

/// How a text begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Beginning {
    /// What the model reads of it.
    pub text: String,
    /// Characters or words that it does not know, and that are left out.
    pub left_out: usize,
    /// Whether the model writes characters; otherwise words.
    pub characters: bool,
    /// How many different tokens can come next.
    pub tokens: usize,
    /// Whether the model gives logits; otherwise the logarithms of its probabilities stand for them.
    pub gives_logits: bool,
}

/// One token that was written, and the choice that it was written by.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Drawn {
    /// Its place in the tree.
    pub node: usize,
    /// The place before, where the choice was made.
    pub parent: usize,
    /// Which of the tokens that could come next it is.
    pub token: usize,
    /// The token as text.
    pub text: String,
    /// The random number of its place.
    pub number: f32,
    /// Which token the rule takes with this number.
    pub by_rule: usize,
    /// The probability that the rule gives it.
    pub probability: f32,
    /// −log₂ of that in bits; `null` in JavaScript where the rule does not keep the token.
    pub surprise_bits: Option<f64>,
    /// The entropy of the choice in bits.
    pub entropy_bits: f64,
    /// 2 to the power of the entropy.
    pub perplexity: f64,
}

impl Laboratory {
    /// The language model of `experiment` with the weights in the bytes of a checkpoint, or with its first ones.
    ///
    /// # Errors
    /// If the experiment is no language model, the data set is missing, or the weights are of another model.
    pub fn new(experiment: Experiment, dataset: Option<&Dataset>, weights: Option<&[u8]>) -> Result<Self> {
        let dataset = dataset.filter(|_| experiment.data.reading.is_language_model()).ok_or_else(|| {
            let found = format!("`{}`", experiment.title);
            Error::value("the experiment", "a language model, such as moby-dick, with its text", found)
        })?;
        let vocabulary = experiment.vocabulary_view(dataset)?.vocabulary.clone();
        Self::of_vocabulary(experiment, vocabulary, weights)
    }

    /// The same for a model whose ids stand for what `vocabulary` says.
    ///
    /// # Errors
    /// If the model does not read such ids, or the weights are of another one.
    pub fn of_vocabulary(
        experiment: Experiment,
        vocabulary: Vocabulary,
        weights: Option<&[u8]>,
    ) -> Result<Self> {
        let model = model_with(&experiment, weights)?;
        let reader = Reader::of(&experiment, &model, &vocabulary)?;
        Ok(Self { model, reader, experiment, vocabulary, numbers: Numbers::new(0), tree: Tree::default() })
    }

    /// Begins a new tree with `text`; `seed` names the random numbers.
    ///
    /// # Errors
    /// If there is nothing in the text that the model can read.
    pub fn begin(&mut self, text: &str, seed: u64) -> Result<Beginning> {
        let ids = self.vocabulary.encode(text);
        self.reader.forget(&mut self.model);
        self.reader.read_all(&mut self.model, &ids)?;
        let (memory, logits) = self.known();
        let characters = self.vocabulary.unit() == Unit::Character;
        let all = if characters { text.chars().count() } else { crate::data::tokenizer::words(text).len() };
        self.numbers = Numbers::new(seed);
        let tokens = logits.len();
        self.tree = Tree::new(memory, logits);
        Ok(Beginning {
            text: self.vocabulary.decode(&ids),
            left_out: all - ids.len(),
            characters,
            tokens,
            gives_logits: self.experiment.compile.from_logits,
        })
    }

    /// What the model knows now, and the logits of what can come next.
    fn known(&mut self) -> (Memory, Vec<f32>) {
        let (_, logits) = self.reader.logits(&self.model);
        (self.reader.memory(&mut self.model), logits)
    }

    /// The choice of what comes after `node`, with the random number of its place or with another one.
    ///
    /// # Errors
    /// If there is no such node; as [`Choice::new`].
    pub fn choice(&mut self, node: usize, rule: &Rule, number: Option<f32>) -> Result<Choice> {
        let node = self.tree.node(node)?;
        let number = number.unwrap_or_else(|| self.numbers.at(node.depth));
        Choice::new(&node.logits, rule, number)
    }

    /// What a token is called.
    pub fn token(&self, token: usize) -> String {
        self.vocabulary.display_word(self.id_of(token))
    }

    fn id_of(&self, token: usize) -> u16 {
        // A vocabulary has at most 2¹⁶ ids.
        (token + first_drawn(&self.vocabulary)) as u16
    }

    /// Writes `count` tokens after `node` by `rule`. Where they have been written before, the same nodes are returned.
    ///
    /// # Errors
    /// If there is no such node, too much is asked for, or the tree is full; as [`Choice::new`].
    pub fn write(&mut self, node: usize, count: usize, rule: &Rule) -> Result<Vec<Drawn>> {
        if !(1..=LONGEST).contains(&count) {
            return Err(Error::value("the number of tokens", format!("from 1 to {LONGEST}"), count));
        }
        let (mut at, mut written) = (node, Vec::with_capacity(count));
        for _ in 0..count {
            let choice = self.choice(at, rule, None)?;
            let node = self.step(at, choice.chosen)?;
            written.push(self.told(node, choice.chosen, &choice)?);
            at = node;
        }
        Ok(written)
    }

    /// Takes `token` after `node`, whatever the random number says.
    ///
    /// # Errors
    /// If there is no such node or token, or the tree is full; as [`Choice::new`].
    pub fn take(&mut self, node: usize, token: usize, rule: &Rule) -> Result<Drawn> {
        let choice = self.choice(node, rule, None)?;
        if token >= choice.logits.len() {
            let expected = format!("below {}, the number of tokens", choice.logits.len());
            return Err(Error::value("the token", expected, token));
        }
        let child = self.step(node, token)?;
        self.told(child, token, &choice)
    }

    /// The tokens from the beginning to `node`, each with its choice by `rule`.
    ///
    /// # Errors
    /// If there is no such node; as [`Choice::new`].
    pub fn path(&mut self, node: usize, rule: &Rule) -> Result<Vec<Drawn>> {
        let path = self.tree.path(node)?;
        let told = path.into_iter().map(|node| {
            let at = self.tree.node(node)?;
            let (parent, token) = (at.parent, usize::from(at.id) - first_drawn(&self.vocabulary));
            let choice = self.choice(parent, rule, None)?;
            self.told(node, token, &choice)
        });
        told.collect()
    }

    /// The branches of the tree, each before those that go on from it.
    pub fn branches(&self) -> Vec<Branch> {
        self.tree.branches(|ids| self.vocabulary.decode(ids))
    }

    fn step(&mut self, node: usize, token: usize) -> Result<usize> {
        let id = self.id_of(token);
        if let Some(child) = self.tree.child(node, id) {
            return Ok(child);
        }
        let memory = self.tree.node(node)?.memory.clone();
        self.reader.recall(&mut self.model, &memory);
        self.reader.read(&mut self.model, id)?;
        let (memory, logits) = self.known();
        self.tree.add(node, id, memory, logits)
    }

    fn told(&self, node: usize, token: usize, choice: &Choice) -> Result<Drawn> {
        let surprise_bits = choice.surprise_bits(token);
        Ok(Drawn {
            node,
            parent: self.tree.node(node)?.parent,
            token,
            text: self.token(token),
            number: choice.number,
            by_rule: choice.chosen,
            probability: choice.probabilities[token],
            surprise_bits: surprise_bits.is_finite().then_some(surprise_bits),
            entropy_bits: choice.entropy_bits,
            perplexity: choice.perplexity(),
        })
    }
}

/// The model of `experiment` with the weights in the bytes of a checkpoint, or with its first ones.
///
/// # Errors
/// If it cannot be built, or the weights are of another one.
pub fn model_with(experiment: &Experiment, weights: Option<&[u8]>) -> Result<Sequential> {
    let Some(weights) = weights else { return experiment.build_model() };
    let mut model = Sequential::with_zero_weights(&experiment.model.to_string())?;
    experiment.data.reading.check_model(&model)?;
    checkpoint::weights_of(weights, &mut model.parameters)?;
    Ok(model)
}
