//! What a recurrent layer is by definition, one sample at a time, in f64.

use serde_json::{Value, json};
use unrolled::rng::{RngExt, Stream, Unit};

/// Sizes that are all different; seven units leave a tail of three behind four lanes.
pub const BATCH: usize = 3;
pub const TIMESTEPS: usize = 4;
pub const FEATURES: usize = 5;
pub const UNITS: usize = 7;
pub const SEED: u64 = 11;
pub const STEP: u64 = 3;

#[derive(Clone, Copy, PartialEq)]
pub enum CellKind {
    SimpleRnn,
    Lstm,
    GruAfter,
    GruBefore,
}

/// A layer, as its configuration says and as the reference computes it.
#[derive(Clone)]
pub struct Setup {
    pub cell: CellKind,
    pub features: usize,
    pub activation: &'static str,
    pub recurrent_activation: &'static str,
    pub use_bias: bool,
    pub sequences: bool,
    pub backwards: bool,
    pub zero_output: bool,
    pub initial: bool,
    /// `[TIMESTEPS][BATCH]`.
    pub mask: Option<Vec<bool>>,
    pub dropout: f64,
    pub recurrent_dropout: f64,
}

impl Setup {
    pub fn of(cell: CellKind) -> Self {
        Self {
            cell,
            features: FEATURES,
            activation: "tanh",
            recurrent_activation: "sigmoid",
            use_bias: true,
            sequences: true,
            backwards: false,
            zero_output: false,
            initial: false,
            mask: None,
            dropout: 0.0,
            recurrent_dropout: 0.0,
        }
    }

    pub fn gates(&self) -> usize {
        match self.cell {
            CellKind::SimpleRnn => 1,
            CellKind::Lstm => 4,
            CellKind::GruAfter | CellKind::GruBefore => 3,
        }
    }

    pub fn states(&self) -> usize {
        if self.cell == CellKind::Lstm { 2 } else { 1 }
    }

    pub fn class(&self) -> &'static str {
        match self.cell {
            CellKind::SimpleRnn => "SimpleRNN",
            CellKind::Lstm => "LSTM",
            CellKind::GruAfter | CellKind::GruBefore => "GRU",
        }
    }

    pub fn json(&self) -> String {
        model_json(json!([self.layer()]))
    }

    pub fn layer(&self) -> Value {
        let mut config = json!({
            "name": "layer", "units": UNITS, "activation": self.activation, "use_bias": self.use_bias,
            "return_sequences": self.sequences, "go_backwards": self.backwards,
            "zero_output_for_mask": self.zero_output,
            "dropout": self.dropout, "recurrent_dropout": self.recurrent_dropout,
            "batch_input_shape": [null, null, self.features],
        });
        if self.cell != CellKind::SimpleRnn {
            config["recurrent_activation"] = json!(self.recurrent_activation);
        }
        if self.class() == "GRU" {
            config["reset_after"] = json!(self.cell == CellKind::GruAfter);
        }
        json!({ "class_name": self.class(), "config": config })
    }

    /// The masks of the input or the state for every gate, `[gates][BATCH · width]`, as the streams give them.
    pub fn dropout_masks(&self, purpose: &str, width: usize, rate: f64) -> Vec<Vec<f64>> {
        let count = if self.recurrent_dropout > 0.0 { self.gates() } else { 1 };
        let draw = |gate: usize| {
            let mut stream = Stream::new(SEED, &format!("layer/{purpose}/{gate}"), STEP);
            let keep = |u: f32| if f64::from(u) < rate { 0.0 } else { 1.0 / (1.0 - rate) };
            (0..BATCH * width).map(|_| keep(stream.sample(Unit))).collect()
        };
        (0..self.gates()).map(|gate| draw(if count == 1 { 0 } else { gate })).collect()
    }
}

pub fn model_json(layers: Value) -> String {
    json!({ "class_name": "Sequential", "config": { "name": "m", "layers": layers } }).to_string()
}

pub fn activate(name: &str, z: &mut [f64]) {
    if name == "softmax" {
        let sum: f64 = z.iter().map(|v| v.exp()).sum();
        z.iter_mut().for_each(|v| *v = v.exp() / sum);
        return;
    }
    let of = |v: f64| match name {
        "linear" => v,
        "tanh" => v.tanh(),
        "relu" => v.max(0.0),
        "sigmoid" => 1.0 / (1.0 + (-v).exp()),
        "hard_sigmoid" => (v / 6.0 + 0.5).clamp(0.0, 1.0),
        "hard_sigmoid_keras2" => (0.2 * v + 0.5).clamp(0.0, 1.0),
        _ => panic!("{name}"),
    };
    z.iter_mut().for_each(|v| *v = of(*v));
}

/// One vector times the columns of gate `gate` of a matrix with `gates` gates.
pub fn times(x: &[f64], w: &[f64], (gate, gates): (usize, usize)) -> Vec<f64> {
    let column = |j: usize| (0..x.len()).map(|k| x[k] * w[(k * gates + gate) * UNITS + j]).sum();
    (0..UNITS).map(column).collect()
}

pub fn plus(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

pub fn product(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a * b).collect()
}

/// The weights of a layer in one array, and where each begins.
pub struct Weights<'a> {
    pub kernel: &'a [f64],
    pub recurrent: &'a [f64],
    pub bias: &'a [f64],
}

/// One step of one sample: `x[gate]` and `h[gate]` are what each gate sees; returns the new states.
pub fn step(
    setup: &Setup,
    w: &Weights,
    x: &[Vec<f64>],
    h: &[Vec<f64>],
    states: &[Vec<f64>],
) -> Vec<Vec<f64>> {
    let gates = setup.gates();
    let bias = |part: usize, gate: usize| {
        let start = (part * gates + gate) * UNITS;
        w.bias.get(start..start + UNITS).map_or(vec![0.0; UNITS], <[f64]>::to_vec)
    };
    let from_x = |gate: usize| plus(&times(&x[gate], w.kernel, (gate, gates)), &bias(0, gate));
    let from_h = |gate: usize| times(&h[gate], w.recurrent, (gate, gates));
    let gate = |gate: usize, function: &str| {
        let mut z = plus(&from_x(gate), &from_h(gate));
        if setup.cell == CellKind::GruAfter {
            z = plus(&z, &bias(1, gate));
        }
        activate(function, &mut z);
        z
    };
    let (activation, recurrent) = (setup.activation, setup.recurrent_activation);
    if setup.cell == CellKind::SimpleRnn {
        return vec![gate(0, activation)];
    }
    if setup.cell == CellKind::Lstm {
        let (i, f, g, o) = (gate(0, recurrent), gate(1, recurrent), gate(2, activation), gate(3, recurrent));
        let c = plus(&product(&f, &states[1]), &product(&i, &g));
        let mut squashed = c.clone();
        activate(activation, &mut squashed);
        return vec![product(&o, &squashed), c];
    }
    let (z, r) = (gate(0, recurrent), gate(1, recurrent));
    let inner = match setup.cell {
        CellKind::GruAfter => product(&r, &plus(&from_h(2), &bias(1, 2))),
        _ => times(&product(&r, &h[2]), w.recurrent, (2, gates)),
    };
    let mut g = plus(&from_x(2), &inner);
    activate(activation, &mut g);
    vec![(0..UNITS).map(|k| z[k] * states[0][k] + (1.0 - z[k]) * g[k]).collect()]
}

/// Weights, x `[TIMESTEPS, BATCH, FEATURES]` and initial states `[states, BATCH, UNITS]` in one array.
pub struct Layout {
    pub kernel: usize,
    pub recurrent: usize,
    pub weights: usize,
    pub x: usize,
}

impl Layout {
    pub fn of(setup: &Setup) -> Self {
        let columns = setup.gates() * UNITS;
        let recurrent = setup.features * columns;
        let biases = if setup.cell == CellKind::GruAfter { 2 } else { 1 };
        let bias = if setup.use_bias { biases * columns } else { 0 };
        let weights = recurrent + UNITS * columns + bias;
        Self {
            kernel: recurrent,
            recurrent: recurrent + UNITS * columns,
            weights,
            x: weights + TIMESTEPS * BATCH * setup.features,
        }
    }
}

/// The outputs by definition, `[TIMESTEPS or 1, BATCH, UNITS]`.
pub fn reference(setup: &Setup, all: &[f64], masks: &[Vec<Vec<f64>>; 2]) -> Vec<f64> {
    let layout = Layout::of(setup);
    let w = Weights {
        kernel: &all[..layout.kernel],
        recurrent: &all[layout.kernel..layout.recurrent],
        bias: &all[layout.recurrent..layout.weights],
    };
    let (x, initial) = (&all[layout.weights..layout.x], &all[layout.x..]);
    let mut outputs = vec![0.0; TIMESTEPS * BATCH * UNITS];
    for b in 0..BATCH {
        let of_sample = |k: usize| initial[(k * BATCH + b) * UNITS..][..UNITS].to_vec();
        let mut states: Vec<Vec<f64>> = (0..setup.states()).map(of_sample).collect();
        for s in 0..TIMESTEPS {
            let t = if setup.backwards { TIMESTEPS - 1 - s } else { s };
            let masked = setup.mask.as_ref().is_some_and(|mask| !mask[t * BATCH + b]);
            if !masked {
                let x = &x[(t * BATCH + b) * setup.features..][..setup.features];
                let x: Vec<_> = masks[0].iter().map(|m| product(x, &m[b * setup.features..])).collect();
                let h: Vec<_> = masks[1].iter().map(|m| product(&states[0], &m[b * UNITS..])).collect();
                states = step(setup, &w, &x, &h, &states);
            }
            let output = &mut outputs[(s * BATCH + b) * UNITS..][..UNITS];
            if !(masked && setup.zero_output) {
                output.copy_from_slice(&states[0]);
            }
        }
    }
    if setup.sequences { outputs } else { outputs.split_off((TIMESTEPS - 1) * BATCH * UNITS) }
}
