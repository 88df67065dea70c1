//! An encoder and a decoder: a recurrent network reads a source, and a second one, which starts from what the first has
//! computed, writes the answer.
//!
//! The encoder's last states are the first states of the decoder, under the same names. A decoder with attention has
//! two states more, which it returns unchanged: `E`, `[positions, units]`, the encoder's state after each character,
//! and `pad`, `[positions]`, which is 0 and [`PADDED`] where the source has ended, so that the softmax over the
//! scores gives such a position the weight 0. Gradients go back through all of them but `pad`.
//!
//! While it is trained the decoder reads the right answer, one character late (teacher forcing: Williams & Zipser
//! 1989); otherwise it reads what it has written itself ([`EncoderDecoder::write`]).

mod design;
mod writing;

use ndarray::Array2;
use serde_json::{Value, json};

pub use design::{Attention, CellKind, Design, MOST_POSITIONS};
pub use writing::Written;

use crate::layers::config::Section;
use crate::layers::dense::Dense;
use crate::layers::embedding::Embedding;
use crate::layers::{
    Builder, Gradients, InputOutput, Layer, Parameters, PassContext, Recurrent, Shape, Signal,
};
use crate::listing;
use crate::math::Backend;
use crate::math::reduce::add_assign;
use crate::{Error, Result};

/// The id of an empty place of a source.
pub const PADDING: u32 = 0;
/// The id that the decoder reads first and writes last.
pub const MARK: u32 = 0;
/// What is added to the score of an empty place.
pub const PADDED: f32 = -1e9;

/// The states of a decoder that hold what the encoder computed.
const ENCODED: &str = "E";
const PAD: &str = "pad";

/// An encoder, a decoder, their weights, and the buffers of a pass.
pub struct EncoderDecoder {
    /// All weights.
    pub parameters: Parameters,
    design: Design,
    gradient_layout: Gradients,
    layers: Layers,
    signals: Signals,
    gradients: Flowing,
}

struct Layers {
    source: Embedding,
    encoder: Recurrent,
    target: Embedding,
    decoder: Recurrent,
    output: Dense,
}

/// What flows forward.
#[derive(Default)]
struct Signals {
    /// Ids, `[positions, batch]`.
    source: Signal,
    source_vectors: Signal,
    /// `[positions, batch, units]`
    encoded: Signal,
    /// Ids, `[steps, batch]`.
    target: Signal,
    target_vectors: Signal,
    /// `[steps, batch, units]`
    decoded: Signal,
    /// `[steps, batch, target_ids]`
    logits: Signal,
}

/// What flows back, in the shapes of the [`Signals`].
#[derive(Default)]
struct Flowing {
    source_vectors: Vec<f32>,
    encoded: Vec<f32>,
    target_vectors: Vec<f32>,
    decoded: Vec<f32>,
    logits: Vec<f32>,
}

impl EncoderDecoder {
    /// Builds what `design` says and draws its first weights from `seed`.
    ///
    /// # Errors
    /// Names the size that cannot be.
    pub fn new(design: Design, seed: u64) -> Result<Self> {
        design.check()?;
        let mut layers = Layers::new(&design)?;
        let mut builder = Builder::default();
        layers.build(&mut builder)?;
        let (mut parameters, gradient_layout) = builder.finish();
        parameters.initialize(seed);
        let (signals, gradients) = (Signals::default(), Flowing::default());
        Ok(Self { parameters, design, gradient_layout, layers, signals, gradients })
    }

    /// What it was built from.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// The layer that reads the source.
    pub fn encoder(&self) -> &Recurrent {
        &self.layers.encoder
    }

    /// The layer that writes the answer.
    pub fn decoder(&self) -> &Recurrent {
        &self.layers.decoder
    }

    /// Zero gradients with the layout of the weights.
    pub fn new_gradients(&self) -> Gradients {
        self.gradient_layout.clone()
    }

    /// The sources of the next pass, to be written: ids `[positions, batch]`, [`PADDING`] behind each.
    pub fn source_mut(&mut self) -> &mut Signal {
        &mut self.signals.source
    }

    /// What the decoder reads in the next pass, to be written: ids `[steps, batch]`, [`MARK`] first.
    pub fn target_mut(&mut self) -> &mut Signal {
        &mut self.signals.target
    }

    /// What the decoder says comes next after each step of the last pass, `[steps, batch, target_ids]`. Its mask may
    /// be written: what is masked has no loss.
    pub fn logits_mut(&mut self) -> &mut Signal {
        &mut self.signals.logits
    }

    /// The logits and the room for their gradient, for a loss.
    pub fn logits_and_gradient(&mut self) -> (&Signal, &mut [f32]) {
        let gradient = &mut self.gradients.logits;
        gradient.resize(self.signals.logits.data.len(), 0.0);
        (&self.signals.logits, gradient)
    }

    /// Reads the sources and lets the decoder read the answers that it should have given.
    ///
    /// # Errors
    /// If a source is longer than there are positions or an id is not one of the design's.
    pub fn forward(&mut self) -> Result<()> {
        self.read()?;
        let states = self.handed_over();
        self.layers.decoder.set_initial_state(states)?;
        self.decode(true)
    }

    /// Runs the encoder over the sources.
    fn read(&mut self) -> Result<()> {
        let (Layers { source, encoder, .. }, signals) = (&mut self.layers, &mut self.signals);
        let positions = self.design.positions;
        if signals.source.timesteps != positions || signals.source.batch == 0 {
            let found = signals.source.shape();
            return Err(Error::Shape {
                what: "the source".into(),
                expected: format!("(None, {positions})"),
                found: found.to_string(),
            });
        }
        let pass = pass(&self.parameters, true);
        source.forward(&pass, &signals.source, &mut signals.source_vectors)?;
        encoder.forward(&pass, &signals.source_vectors, &mut signals.encoded)
    }

    /// Runs the decoder over what it is to read, from the states that it was given.
    fn decode(&mut self, training: bool) -> Result<()> {
        let (Layers { target, decoder, output, .. }, signals) = (&mut self.layers, &mut self.signals);
        let pass = pass(&self.parameters, training);
        target.forward(&pass, &signals.target, &mut signals.target_vectors)?;
        decoder.forward(&pass, &signals.target_vectors, &mut signals.decoded)?;
        output.forward(&pass, &signals.decoded, &mut signals.logits)
    }

    /// What the encoder hands over: the states from which the decoder starts, each `[batch, width]`, in the order of
    /// the decoder's cell.
    pub fn handed_over(&self) -> Vec<Array2<f32>> {
        let Signals { encoded, source, .. } = &self.signals;
        let (positions, batch, units) = (encoded.timesteps, encoded.batch, encoded.features);
        let last = self.layers.encoder.cell().state_names();
        let of = |name: &String| match name.as_str() {
            ENCODED => Array2::from_shape_fn((batch, positions * units), |(b, at)| {
                encoded.data[((at / units) * batch + b) * units + at % units]
            }),
            PAD => Array2::from_shape_fn((batch, positions), |(b, t)| {
                if source.ids[t * batch + b] == PADDING { PADDED } else { 0.0 }
            }),
            _ => match last.iter().position(|state| state == name) {
                Some(k) => {
                    let state = self.layers.encoder.final_state(k);
                    Array2::from_shape_fn((batch, units), |(b, u)| state[b * units + u])
                }
                None => Array2::zeros((batch, units)),
            },
        };
        self.layers.decoder.cell().state_names().iter().map(of).collect()
    }

    /// From the gradient of the logits ([`Self::logits_and_gradient`]) those of all weights, which are added to
    /// `gradients`.
    pub fn backward(&mut self, gradients: &mut Gradients) {
        let pass = pass(&self.parameters, true);
        let (layers, signals, back) = (&mut self.layers, &self.signals, &mut self.gradients);
        back.decoded.resize(signals.decoded.data.len(), 0.0);
        back.target_vectors.resize(signals.target_vectors.data.len(), 0.0);
        back.source_vectors.resize(signals.source_vectors.data.len(), 0.0);
        let io = InputOutput { x: &signals.decoded, y: &signals.logits };
        layers.output.backward(&pass, io, &mut back.logits, Some(&mut back.decoded), gradients);
        let io = InputOutput { x: &signals.target_vectors, y: &signals.decoded };
        let dx = Some(&mut back.target_vectors[..]);
        layers.decoder.backward(&pass, io, &mut back.decoded, dx, gradients);
        let io = InputOutput { x: &signals.target, y: &signals.target_vectors };
        layers.target.backward(&pass, io, &mut back.target_vectors, None, gradients);
        layers.hand_back(&signals.encoded, &mut back.encoded);
        let io = InputOutput { x: &signals.source_vectors, y: &signals.encoded };
        let dx = Some(&mut back.source_vectors[..]);
        layers.encoder.backward(&pass, io, &mut back.encoded, dx, gradients);
        let io = InputOutput { x: &signals.source, y: &signals.source_vectors };
        layers.source.backward(&pass, io, &mut back.source_vectors, None, gradients);
    }
}

impl Layers {
    fn new(design: &Design) -> Result<Self> {
        let source =
            json!({ "input_dim": design.source_ids, "output_dim": design.features, "mask_zero": true });
        let target = json!({ "input_dim": design.target_ids, "output_dim": design.features });
        let output = json!({ "units": design.target_ids });
        Ok(Self {
            source: Embedding::from_config("source".into(), &Section::of(&source, "source"))?,
            encoder: recurrent("encoder", &design.encoder())?,
            target: Embedding::from_config("target".into(), &Section::of(&target, "target"))?,
            decoder: recurrent("decoder", &design.decoder())?,
            output: Dense::from_config("output".into(), &Section::of(&output, "output"))?,
        })
    }

    fn build(&mut self, builder: &mut Builder) -> Result<()> {
        let stack: [&mut [&mut dyn Layer]; 2] = [
            &mut [&mut self.source, &mut self.encoder],
            &mut [&mut self.target, &mut self.decoder, &mut self.output],
        ];
        for layers in stack {
            let mut shape = Shape::Ids { timesteps: None };
            for layer in layers.iter_mut() {
                builder.begin_layer(layer.name(), true);
                shape = layer.build(shape, builder)?;
            }
        }
        Ok(())
    }

    /// Hands the gradients of the decoder's first states to the encoder: those of its last states, and in `back`,
    /// `[positions, batch, units]`, those of its states after each character.
    fn hand_back(&mut self, encoded: &Signal, back: &mut Vec<f32>) {
        let (batch, units) = (encoded.batch, encoded.features);
        back.clear();
        back.resize(encoded.data.len(), 0.0);
        let own = self.encoder.cell().state_names();
        let mut last = vec![vec![0.0; batch * units]; own.len()];
        let names = self.decoder.cell().state_names();
        for (name, gradient) in names.iter().zip(self.decoder.initial_state_gradients()) {
            if name == ENCODED {
                for (at, gradient) in gradient.chunks_exact(units).enumerate() {
                    let (b, t) = (at / encoded.timesteps, at % encoded.timesteps);
                    back[(t * batch + b) * units..][..units].copy_from_slice(gradient);
                }
            } else if let Some(k) = own.iter().position(|state| state == name) {
                add_assign(&mut last[k], gradient);
            }
        }
        self.encoder.set_final_state_gradients(last);
    }
}

/// The recurrent layer `name` that `config` describes.
fn recurrent(name: &str, config: &Value) -> Result<Recurrent> {
    let section = Section::of(config, name);
    let class = section.text_or("class_name", "")?;
    Recurrent::from_config(name.to_owned(), class, &section.object("config")?, &[listing::cell::CLASS])
}

fn pass(parameters: &Parameters, training: bool) -> PassContext<'_> {
    PassContext { parameters, backend: Backend::best(), training, seed: 0, update: 0, first_row: 0 }
}
