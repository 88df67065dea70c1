//! Two recurrent layers over the same sequence, one from each end (Schuster & Paliwal 1997), as Keras has it.

use serde_json::{Value, json};

use super::config::{LayerSection, Section};
use super::recurrent::{CellClass, Recurrent};
use super::{Builder, Gradients, InputOutput, Layer, PassContext, Shape, Signal, keras_layer};
use crate::math::reduce::add_assign;
use crate::object;
use crate::{Error, Result};

/// How the outputs of the two directions become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Merge {
    Concat,
    Sum,
    Mul,
    Ave,
    /// Keras' `null`: two outputs. They stand side by side here, as in `Concat`, and [`Layer::output_parts`] names
    /// them.
    Apart,
}

/// Keras' `Bidirectional` around SimpleRNN, LSTM or GRU.
///
/// The second layer's output is turned back in time before it is merged. Masked steps have output zero, as Keras has it
/// here and only here.
pub struct Bidirectional {
    name: String,
    /// The layers as Keras calls them, forward and backward; their weights and paths are `forward` and `backward`.
    inner_names: [String; 2],
    /// Whether the weights of each are trained.
    trainable: [bool; 2],
    layers: [Recurrent; 2],
    merge: Merge,
    outputs: [Signal; 2],
    doutputs: [Vec<f32>; 2],
    dx: Vec<f32>,
}

const PARTS: [&str; 2] = ["forward", "backward"];

impl Bidirectional {
    /// Reads the layer's configuration; `cells` may stand inside beside Keras' recurrent layers.
    pub fn from_config(name: String, config: &Section, cells: &[CellClass]) -> Result<Self> {
        config.only_layer_options(&["layer", "backward_layer", "merge_mode"], &[])?;
        let first = inner(config, "layer")?;
        let mut forward = Recurrent::within(&name, PARTS[0], (&first, cells), None)?;
        let (mut backward, second) = match config.raw("backward_layer") {
            Some(_) => {
                let second = inner(config, "backward_layer")?;
                (Recurrent::within(&name, PARTS[1], (&second, cells), None)?, Some(second))
            }
            None => (Recurrent::within(&name, PARTS[1], (&first, cells), Some(true))?, None),
        };
        check_pair(config, &forward, &backward)?;
        let zero = forward.returns_sequences();
        forward.set_zero_output_for_mask(zero);
        backward.set_zero_output_for_mask(zero);
        let called = first.name()?;
        let called_second = match &second {
            Some(second) => second.name()?,
            None => format!("backward_{}", called.strip_prefix("backward_").unwrap_or(&called)),
        };
        let trainable = [first.trainable()?, second.as_ref().unwrap_or(&first).trainable()?];
        let called = format!("forward_{}", called.strip_prefix("forward_").unwrap_or(&called));
        Ok(Self {
            name,
            inner_names: [called, called_second],
            trainable,
            layers: [forward, backward],
            merge: merge_mode(config)?,
            outputs: Default::default(),
            doutputs: Default::default(),
            dx: Vec::new(),
        })
    }

    /// The row of the merged output that row `row` of the second layer's output belongs to: time is turned around.
    fn turned(&self, row: usize) -> usize {
        let Signal { timesteps, batch, .. } = self.outputs[1];
        (timesteps - 1 - row / batch) * batch + row % batch
    }
}

/// The recurrent layer at `key`.
fn inner<'a>(config: &Section<'a>, key: &str) -> Result<LayerSection<'a>> {
    match config.raw(key) {
        Some(value) => LayerSection::of(value, &config.field(key)),
        None => Err(Error::config(config.field(key), "a recurrent layer", "nothing")),
    }
}

/// Keras' own conditions on the two layers.
fn check_pair(config: &Section, forward: &Recurrent, backward: &Recurrent) -> Result<()> {
    let field = |option: &str| format!("{}.config.{option}", config.field("backward_layer"));
    if forward.goes_backwards() == backward.goes_backwards() {
        let expected = format!("{}, the opposite of that of `layer`", !forward.goes_backwards());
        return Err(Error::config(field("go_backwards"), expected, backward.goes_backwards()));
    }
    let options = [
        ("return_sequences", forward.returns_sequences(), backward.returns_sequences()),
        ("return_state", forward.returns_state(), backward.returns_state()),
        ("stateful", forward.is_stateful(), backward.is_stateful()),
    ];
    for (option, want, found) in options {
        if want != found {
            return Err(Error::config(field(option), format!("{want}, as in `layer`"), found));
        }
    }
    Ok(())
}

fn merge_mode(config: &Section) -> Result<Merge> {
    if config.is_null("merge_mode") {
        return Ok(Merge::Apart);
    }
    match config.text_or("merge_mode", "concat")? {
        "concat" => Ok(Merge::Concat),
        "sum" => Ok(Merge::Sum),
        "mul" => Ok(Merge::Mul),
        "ave" => Ok(Merge::Ave),
        other => {
            Err(Error::config(config.field("merge_mode"), "one of concat, sum, mul, ave or null", other))
        }
    }
}

impl Layer for Bidirectional {
    fn class_name(&self) -> &'static str {
        "Bidirectional"
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn config(&self) -> Value {
        let inner = |k: usize| {
            let mut config = self.layers[k].config();
            config["config"]["name"] = json!(self.inner_names[k]);
            config["config"]["trainable"] = json!(self.trainable[k]);
            config
        };
        let merge_mode = match self.merge {
            Merge::Concat => json!("concat"),
            Merge::Sum => json!("sum"),
            Merge::Mul => json!("mul"),
            Merge::Ave => json!("ave"),
            Merge::Apart => Value::Null,
        };
        keras_layer(
            self,
            object!({ "merge_mode": merge_mode, "layer": inner(0), "backward_layer": inner(1) }),
        )
    }

    fn build(&mut self, input: Shape, builder: &mut Builder) -> Result<Shape> {
        let mut widths = [0; 2];
        for (k, layer) in self.layers.iter_mut().enumerate() {
            let shape = builder.trainable_if(self.trainable[k], |builder| {
                builder.within(PARTS[k], |builder| layer.build(input, builder))
            })?;
            widths[k] = shape.features().unwrap_or_default();
        }
        let features = match self.merge {
            Merge::Concat | Merge::Apart => widths[0] + widths[1],
            _ if widths[0] == widths[1] => widths[0],
            _ => {
                let field = format!("{}.merge_mode", builder.layer());
                let found = format!("{} and {} units", widths[0], widths[1]);
                return Err(Error::config(field, "concat where the directions differ in units", found));
            }
        };
        Ok(match self.layers[0].returns_sequences() {
            true => Shape::Sequence { timesteps: input.timesteps(), features },
            false => Shape::Flat { features },
        })
    }

    fn forward(&mut self, pass: &PassContext, x: &Signal, y: &mut Signal) -> Result<()> {
        for (layer, output) in self.layers.iter_mut().zip(&mut self.outputs) {
            layer.forward(pass, x, output)?;
        }
        let [first, second] = &self.outputs;
        let (one, two) = (first.features, second.features);
        let apart = matches!(self.merge, Merge::Concat | Merge::Apart);
        y.set_like(first, if apart { one + two } else { one });
        for row in 0..y.rows() {
            let a = &first.data[row * one..][..one];
            let b = &second.data[self.turned(row) * two..][..two];
            let y = &mut y.data[row * if apart { one + two } else { one }..];
            match self.merge {
                Merge::Concat | Merge::Apart => {
                    y[..one].copy_from_slice(a);
                    y[one..one + two].copy_from_slice(b);
                }
                Merge::Sum => merge(y, a, b, |a, b| a + b),
                Merge::Ave => merge(y, a, b, |a, b| 0.5 * (a + b)),
                Merge::Mul => merge(y, a, b, |a, b| a * b),
            }
        }
        Ok(())
    }

    fn backward(
        &mut self,
        pass: &PassContext,
        io: InputOutput,
        dy: &mut [f32],
        mut dx: Option<&mut [f32]>,
        gradients: &mut Gradients,
    ) {
        for (d, output) in self.doutputs.iter_mut().zip(&self.outputs) {
            d.resize(output.data.len(), 0.0);
        }
        let widths = [self.outputs[0].features, self.outputs[1].features];
        for (row, dy) in dy.chunks_exact(io.y.features).enumerate() {
            let rows = [row, self.turned(row)];
            for k in 0..2 {
                let d = &mut self.doutputs[k][rows[k] * widths[k]..][..widths[k]];
                let other = 1 - k;
                let factor = &self.outputs[other].data[rows[other] * widths[other]..];
                match self.merge {
                    Merge::Concat | Merge::Apart => {
                        let start = k * widths[0];
                        d.copy_from_slice(&dy[start..start + widths[k]]);
                    }
                    Merge::Sum => d.copy_from_slice(dy),
                    Merge::Ave => merge(d, dy, dy, |a, _| 0.5 * a),
                    Merge::Mul => merge(d, dy, &factor[..widths[other]], |a, b| a * b),
                }
            }
        }
        let [first, second] = &mut self.layers;
        let [y_first, y_second] = &self.outputs;
        let [d_first, d_second] = &mut self.doutputs;
        let x = io.x;
        first.backward(pass, InputOutput { x, y: y_first }, d_first, dx.as_deref_mut(), gradients);
        self.dx.resize(x.data.len(), 0.0);
        let own = dx.is_some().then_some(&mut self.dx[..]);
        second.backward(pass, InputOutput { x, y: y_second }, d_second, own, gradients);
        if let Some(dx) = dx {
            add_assign(dx, &self.dx);
        }
    }

    fn recurrents(&self) -> Vec<(String, &Recurrent)> {
        self.layers.iter().map(|layer| (layer.name().to_owned(), layer)).collect()
    }

    fn recurrents_mut(&mut self) -> Vec<(String, &mut Recurrent)> {
        self.layers.iter_mut().map(|layer| (layer.name().to_owned(), layer)).collect()
    }

    fn output_parts(&self) -> Vec<(&'static str, usize)> {
        match self.merge {
            Merge::Apart => {
                PARTS.into_iter().zip(self.layers.iter().map(|l| l.cell().state_widths()[0])).collect()
            }
            _ => Vec::new(),
        }
    }

    fn reset_states(&mut self) {
        self.layers.iter_mut().for_each(Layer::reset_states);
    }
}

fn merge(y: &mut [f32], a: &[f32], b: &[f32], of: impl Fn(f32, f32) -> f32) {
    y.iter_mut().zip(a.iter().zip(b)).for_each(|(y, (a, b))| *y = of(*a, *b));
}
