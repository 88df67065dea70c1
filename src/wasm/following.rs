//! Units of a language model that follow something in its text.

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::convert::{Reply, thrown, to_js};
use super::engine::now;
use super::experiment::experiment_from;
use super::files::dataset;
use crate::analysis::follow::{Pattern, READY};
use crate::experiment::Experiment;
use crate::session::analysis::{self, Followers, FollowingProgress, Passage};
use crate::session::writing::Shipped;

/// A pattern that one can look for.
#[derive(Serialize, Tsify)]
pub struct ReadyPattern {
    /// Its name for [`Following::followers`].
    pub name: &'static str,
    /// What a reader sees.
    pub about: &'static str,
}

/// The ready patterns.
#[wasm_bindgen]
pub fn ready_patterns() -> Reply<Vec<Ts<ReadyPattern>>> {
    READY.iter().map(|(name, about, _)| to_js(&ReadyPattern { name, about })).collect()
}

/// A language model and the states in which it reads a text. Every method throws `Failure`.
#[wasm_bindgen]
pub struct Following(analysis::Following);

#[wasm_bindgen]
impl Following {
    /// The language model of an experiment with the weights of a checkpoint, or its first ones, before it has read.
    #[wasm_bindgen(constructor)]
    pub fn new(
        experiment: Ts<Experiment>,
        pack: Option<Vec<u8>>,
        weights: Option<Vec<u8>>,
    ) -> Reply<Following> {
        let experiment = experiment_from(&experiment).map_err(thrown)?;
        let made = dataset(pack)
            .and_then(|set| analysis::Following::new(&experiment, set.as_ref(), weights.as_deref()));
        made.map(Self).map_err(thrown)
    }

    /// The language model of a file, as `TextWriter.shipped` takes it; `pack` is the data set that it was trained with.
    pub fn of_file(file: &[u8], pack: Option<Vec<u8>>) -> Reply<Following> {
        let made = dataset(pack).and_then(|set| {
            let Shipped { experiment, .. } = Shipped::read(file)?;
            analysis::Following::new(&experiment, set.as_ref(), Some(file))
        });
        made.map(Self).map_err(thrown)
    }

    /// Reads for about `budget_ms` milliseconds; a later call goes on.
    pub fn read_for(&mut self, budget_ms: f64) -> Reply<Ts<FollowingProgress>> {
        to_js(&self.0.read_for(budget_ms, now).map_err(thrown)?)
    }

    /// The units that follow a pattern: the name of a ready one, or else a regular expression.
    pub fn followers(&self, ready: Option<String>, expression: &str) -> Reply<Ts<Followers>> {
        to_js(&self.0.followers(&pattern_of(ready, expression)).map_err(thrown)?)
    }

    /// Passages where a unit is largest, or where it is smallest.
    pub fn passages(
        &self,
        place: usize,
        ready: Option<String>,
        expression: &str,
        largest: bool,
    ) -> Reply<Vec<Ts<Passage>>> {
        let found = self.0.passages(place, &pattern_of(ready, expression), largest);
        found.map_err(thrown)?.iter().map(to_js).collect()
    }
}

fn pattern_of(ready: Option<String>, expression: &str) -> Pattern {
    let known = ready.and_then(|name| READY.iter().find(|(known, ..)| *known == name));
    known.map_or_else(|| Pattern::Expression(expression.to_owned()), |(.., pattern)| pattern.clone())
}
