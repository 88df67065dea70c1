//! The decoder taken apart, for stepping through it while it answers.

use ndarray::{Array1, ArrayD, Axis, Ix1, Ix2};

use super::{FEATURES, Session, character, fill_sources};
use crate::listing::cells::KERAS_WEIGHTS;
use crate::model::encoder_decoder::MARK;
use crate::session::Parts;
use crate::session::parts::of_rank;
use crate::session::stepping::ReadBefore;
use crate::{Error, Result};

/// What the mark is called where it is read or written.
const MARK_CALLED: &str = "⏎";

/// A decoder that answers one source.
#[derive(Debug, Clone, PartialEq)]
pub struct DecoderParts {
    /// Its weights and the states that the encoder handed over, and as what is read the answer as far as it is asked
    /// for, the mark before it.
    pub parts: Parts,
    /// The text of its step; nothing where it is Keras' cell.
    pub listing: Option<&'static str>,
    /// How many positions its listing has.
    pub positions: usize,
    /// The class that it writes after the last step.
    pub written: usize,
}

impl Session {
    /// The decoder with what it reads until it has written `steps` characters of its answer to `source`.
    ///
    /// # Errors
    /// As [`Session::ask`].
    pub fn parts(&mut self, source: &str, steps: usize) -> Result<DecoderParts> {
        self.check(source)?;
        fill_sources(&mut self.model, self.settings.task, [source].into_iter());
        let written = self.model.write(self.settings.task.longest().1 + 1)?;
        let ids = written.into_iter().next().unwrap_or_default().ids;
        let states = self.model.handed_over().into_iter().map(|state| state.into_iter().collect());
        let steps = steps.clamp(1, ids.len());
        let read: Vec<usize> = [MARK].iter().chain(&ids).take(steps).map(|id| *id as usize).collect();
        let characters = self.settings.task.answer_characters();
        let called = |id: u32| character(characters, id).map_or_else(|| MARK_CALLED.to_owned(), String::from);
        let design = *self.model.design();
        let names = self.model.decoder().cell().state_names();
        let parts = Parts {
            class_name: self.model.decoder().cell().class_name().to_owned(),
            units: design.units,
            words: read.iter().map(|id| called(*id as u32)).collect(),
            known: vec![true; steps],
            x: of_rank::<Ix2>("target", self.weight("target/embeddings")?)?.select(Axis(0), &read),
            weights: self.decoder_weights(),
            initial: names.into_iter().zip(states.map(Array1::from_vec)).collect(),
            before: ReadBefore::default(),
            output: (
                of_rank::<Ix2>("output", self.weight("output/kernel")?)?,
                of_rank::<Ix1>("output", self.weight("output/bias")?)?,
            ),
            classes: (0..design.target_ids as u32).map(called).collect(),
        };
        debug_assert_eq!(parts.x.ncols(), FEATURES, "a character has a vector of one length");
        let listing = design.listing();
        Ok(DecoderParts { parts, listing, positions: design.positions, written: ids[steps - 1] as usize })
    }

    /// The weights of the decoder by the names of its listing.
    fn decoder_weights(&self) -> Vec<(String, ArrayD<f32>)> {
        let keras = self.model.design().listing().is_none();
        let specs = self.model.parameters.specs().iter();
        let own = specs.filter_map(|spec| Some((spec.name.strip_prefix("decoder/")?, spec.name.as_str())));
        let named = own.filter_map(|(own, path)| {
            let known = KERAS_WEIGHTS.iter().find(|(name, _)| keras && *name == own);
            let name = known.map_or(own, |(_, listing)| *listing);
            Some((name.to_owned(), self.model.parameters.view(path)?.to_owned()))
        });
        named.collect()
    }

    fn weight(&self, name: &str) -> Result<ArrayD<f32>> {
        let found = self.model.parameters.view(name).map(|values| values.to_owned());
        found.ok_or_else(|| Error::value(format!("`{name}`"), "a weight of the model", "nothing"))
    }
}
