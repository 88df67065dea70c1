//! Every recurrent cell under the options of the loop against a reference in f64 that shares no code with the engine:
//! its outputs, and by central differences the gradient of every weight, input and initial state.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop with what it found
#![cfg(not(target_arch = "wasm32"))]

use serde_json::{Value, json};
use unrolled::model::{Mode, Sequential};
use unrolled::rng::Stream;

/// Sizes that are all different; seven units leave a tail of three behind four lanes.
const BATCH: usize = 3;
const TIMESTEPS: usize = 4;
const FEATURES: usize = 5;
const UNITS: usize = 7;
const SEED: u64 = 11;
const STEP: u64 = 3;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    SimpleRnn,
    Lstm,
    GruAfter,
    GruBefore,
}

/// A layer, as its configuration says and as the reference computes it.
#[derive(Clone)]
struct Setup {
    kind: Kind,
    features: usize,
    activation: &'static str,
    recurrent_activation: &'static str,
    use_bias: bool,
    sequences: bool,
    backwards: bool,
    zero_output: bool,
    initial: bool,
    /// `[TIMESTEPS][BATCH]`.
    mask: Option<Vec<bool>>,
    dropout: f64,
    recurrent_dropout: f64,
}

impl Setup {
    fn of(kind: Kind) -> Self {
        Self {
            kind,
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

    fn gates(&self) -> usize {
        match self.kind {
            Kind::SimpleRnn => 1,
            Kind::Lstm => 4,
            Kind::GruAfter | Kind::GruBefore => 3,
        }
    }

    fn states(&self) -> usize {
        if self.kind == Kind::Lstm { 2 } else { 1 }
    }

    fn class(&self) -> &'static str {
        match self.kind {
            Kind::SimpleRnn => "SimpleRNN",
            Kind::Lstm => "LSTM",
            Kind::GruAfter | Kind::GruBefore => "GRU",
        }
    }

    fn json(&self) -> String {
        model_json(json!([self.layer()]))
    }

    fn layer(&self) -> Value {
        let mut config = json!({
            "name": "layer", "units": UNITS, "activation": self.activation, "use_bias": self.use_bias,
            "return_sequences": self.sequences, "go_backwards": self.backwards,
            "zero_output_for_mask": self.zero_output,
            "dropout": self.dropout, "recurrent_dropout": self.recurrent_dropout,
            "batch_input_shape": [null, null, self.features],
        });
        if self.kind != Kind::SimpleRnn {
            config["recurrent_activation"] = json!(self.recurrent_activation);
        }
        if self.class() == "GRU" {
            config["reset_after"] = json!(self.kind == Kind::GruAfter);
        }
        json!({ "class_name": self.class(), "config": config })
    }

    /// The masks of the input or the state for every gate, `[gates][BATCH · width]`, as the streams give them.
    fn dropout_masks(&self, purpose: &str, width: usize, rate: f64) -> Vec<Vec<f64>> {
        let count = if self.recurrent_dropout > 0.0 { self.gates() } else { 1 };
        let draw = |gate: usize| {
            let mut stream = Stream::new(SEED, &format!("layer/{purpose}/{gate}"), STEP);
            let keep = |u: f32| if f64::from(u) < rate { 0.0 } else { 1.0 / (1.0 - rate) };
            (0..BATCH * width).map(|_| keep(stream.uniform())).collect()
        };
        (0..self.gates()).map(|gate| draw(if count == 1 { 0 } else { gate })).collect()
    }
}

fn model_json(layers: Value) -> String {
    json!({ "class_name": "Sequential", "config": { "name": "m", "layers": layers } }).to_string()
}

fn activate(name: &str, z: &mut [f64]) {
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
fn times(x: &[f64], w: &[f64], (gate, gates): (usize, usize)) -> Vec<f64> {
    let column = |j: usize| (0..x.len()).map(|k| x[k] * w[(k * gates + gate) * UNITS + j]).sum();
    (0..UNITS).map(column).collect()
}

fn plus(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

fn product(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a * b).collect()
}

/// The weights of a layer in one array, and where each begins.
struct Weights<'a> {
    kernel: &'a [f64],
    recurrent: &'a [f64],
    bias: &'a [f64],
}

/// One step of one sample: `x[gate]` and `h[gate]` are what each gate sees; returns the new states.
fn step(setup: &Setup, w: &Weights, x: &[Vec<f64>], h: &[Vec<f64>], states: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let gates = setup.gates();
    let bias = |part: usize, gate: usize| {
        let start = (part * gates + gate) * UNITS;
        w.bias.get(start..start + UNITS).map_or(vec![0.0; UNITS], <[f64]>::to_vec)
    };
    let from_x = |gate: usize| plus(&times(&x[gate], w.kernel, (gate, gates)), &bias(0, gate));
    let from_h = |gate: usize| times(&h[gate], w.recurrent, (gate, gates));
    let gate = |gate: usize, function: &str| {
        let mut z = plus(&from_x(gate), &from_h(gate));
        if setup.kind == Kind::GruAfter {
            z = plus(&z, &bias(1, gate));
        }
        activate(function, &mut z);
        z
    };
    let (activation, recurrent) = (setup.activation, setup.recurrent_activation);
    if setup.kind == Kind::SimpleRnn {
        return vec![gate(0, activation)];
    }
    if setup.kind == Kind::Lstm {
        let (i, f, g, o) = (gate(0, recurrent), gate(1, recurrent), gate(2, activation), gate(3, recurrent));
        let c = plus(&product(&f, &states[1]), &product(&i, &g));
        let mut squashed = c.clone();
        activate(activation, &mut squashed);
        return vec![product(&o, &squashed), c];
    }
    let (z, r) = (gate(0, recurrent), gate(1, recurrent));
    let inner = match setup.kind {
        Kind::GruAfter => product(&r, &plus(&from_h(2), &bias(1, 2))),
        _ => times(&product(&r, &h[2]), w.recurrent, (2, gates)),
    };
    let mut g = plus(&from_x(2), &inner);
    activate(activation, &mut g);
    vec![(0..UNITS).map(|k| z[k] * states[0][k] + (1.0 - z[k]) * g[k]).collect()]
}

/// Weights, x `[TIMESTEPS, BATCH, FEATURES]` and initial states `[states, BATCH, UNITS]` in one array.
struct Layout {
    kernel: usize,
    recurrent: usize,
    weights: usize,
    x: usize,
}

impl Layout {
    fn of(setup: &Setup) -> Self {
        let columns = setup.gates() * UNITS;
        let recurrent = setup.features * columns;
        let biases = if setup.kind == Kind::GruAfter { 2 } else { 1 };
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
fn reference(setup: &Setup, all: &[f64], masks: &[Vec<Vec<f64>>; 2]) -> Vec<f64> {
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

fn numbers(purpose: &str, count: usize) -> Vec<f32> {
    let mut stream = Stream::new(SEED, purpose, 0);
    (0..count).map(|_| stream.uniform_in(-0.9, 0.9)).collect()
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|v| f64::from(*v)).collect()
}

/// Compares outputs and every gradient of a layer with the reference.
fn check(setup: &Setup) {
    let mut model = Sequential::from_json(&setup.json(), 1).unwrap();
    let mut initial = numbers("initial", setup.states() * BATCH * UNITS);
    if setup.initial {
        let states = initial.chunks_exact(BATCH * UNITS).map(<[f32]>::to_vec).collect();
        model.layers_mut()[0].recurrents_mut()[0].1.set_initial_state(BATCH, states).unwrap();
    } else {
        initial.fill(0.0);
    }
    let masks = [
        setup.dropout_masks("dropout", setup.features, setup.dropout),
        setup.dropout_masks("recurrent_dropout", UNITS, setup.recurrent_dropout),
    ];
    let x = numbers("x", TIMESTEPS * BATCH * setup.features);
    compare(&mut model, (&x, &initial), setup.mask.as_deref(), |all| reference(setup, all, &masks));
}

/// Compares outputs and gradients of a model with `reference`, a function of the weights, of x and of the initial states
/// in one array.
fn compare(
    model: &mut Sequential,
    (x, initial): (&[f32], &[f32]),
    mask: Option<&[bool]>,
    reference: impl Fn(&[f64]) -> Vec<f64>,
) {
    let label = model.to_json().to_string();
    let weights = numbers("weights", model.parameters.values().len());
    model.parameters.values_mut().copy_from_slice(&weights);
    let input = model.input_mut();
    input.set_sequence(TIMESTEPS, BATCH, x.len() / (TIMESTEPS * BATCH));
    input.data.copy_from_slice(x);
    input.mask = mask.unwrap_or_default().to_vec();
    let mode = Mode { training: true, seed: SEED, step: STEP, first_row: 0 };
    model.forward(mode).unwrap();
    let mut all = wide(&[&weights, x, initial].concat());
    let want = reference(&all);
    assert_eq!(model.output().data.len(), want.len());
    for (k, (got, want)) in model.output().data.iter().zip(&want).enumerate() {
        let error = (f64::from(*got) - want).abs();
        assert!(error < 3e-6 * want.abs().max(1.0), "output {k} is {got} instead of {want}: {label}");
    }
    let upstream = numbers("upstream", want.len());
    model.output_gradient_mut().copy_from_slice(&upstream);
    let mut gradients = model.new_gradients();
    let dx = model.backward(mode, true, &mut gradients).unwrap().to_vec();
    let mut got: Vec<f32> = gradients.to_dense().into_iter().flat_map(|(_, _, values)| values).collect();
    got.extend(dx);
    if initial.iter().any(|v| *v != 0.0) {
        got.extend(model.layers()[0].recurrents()[0].1.initial_state_gradients().iter().flatten());
    }
    let upstream = wide(&upstream);
    let objective = |all: &[f64]| -> f64 { reference(all).iter().zip(&upstream).map(|(y, d)| y * d).sum() };
    let step = 1e-5;
    let mut slope = |k: usize| {
        let kept = all[k];
        all[k] = kept + step;
        let above = objective(&all);
        all[k] = kept - step;
        let below = objective(&all);
        all[k] = kept;
        (above - below) / (2.0 * step)
    };
    // A step of 1e-5 leaves an error of about 1e-10 in f64. The engine adds up to 60 products, each rounded to 6e-8 of
    // the largest: where they cancel, two millionths of the largest gradient are what f32 can tell from nothing.
    let want: Vec<f64> = (0..got.len()).map(&mut slope).collect();
    let largest = want.iter().fold(1.0f64, |largest, v| largest.max(v.abs()));
    for (k, (got, want)) in got.iter().zip(&want).enumerate() {
        let error = (f64::from(*got) - want).abs();
        assert!(error <= 1e-4 * want.abs() + 2e-6 * largest, "{k}: {got} instead of {want}: {label}");
    }
}

const KINDS: [Kind; 4] = [Kind::SimpleRnn, Kind::Lstm, Kind::GruAfter, Kind::GruBefore];

/// Padding before, after, in between, and a sample without any step.
fn mask() -> Option<Vec<bool>> {
    let rows = ["#.#", "#..", "..#", "#.."]; // time downwards, samples across
    Some(rows.iter().flat_map(|row| row.chars().map(|c| c == '#')).collect())
}

#[test]
fn gradients_are_central_differences_for_every_activation() {
    for activation in ["tanh", "relu", "linear", "sigmoid", "hard_sigmoid", "hard_sigmoid_keras2", "softmax"]
    {
        check(&Setup { activation, ..Setup::of(Kind::SimpleRnn) });
    }
    for kind in [Kind::Lstm, Kind::GruAfter, Kind::GruBefore] {
        for recurrent_activation in ["sigmoid", "hard_sigmoid", "hard_sigmoid_keras2", "tanh"] {
            check(&Setup { recurrent_activation, ..Setup::of(kind) });
        }
        for activation in ["relu", "linear", "sigmoid"] {
            check(&Setup { activation, ..Setup::of(kind) });
        }
    }
}

#[test]
fn gradients_are_central_differences_under_the_options_of_the_loop() {
    for kind in KINDS {
        check(&Setup { sequences: false, ..Setup::of(kind) });
        check(&Setup { use_bias: false, ..Setup::of(kind) });
        check(&Setup { backwards: true, ..Setup::of(kind) });
        check(&Setup { initial: true, ..Setup::of(kind) });
        check(&Setup { initial: true, sequences: false, backwards: true, ..Setup::of(kind) });
    }
}

#[test]
fn gradients_are_central_differences_under_masks() {
    for kind in KINDS {
        let masked = Setup { mask: mask(), ..Setup::of(kind) };
        check(&masked);
        check(&Setup { sequences: false, ..masked.clone() });
        check(&Setup { zero_output: true, ..masked.clone() });
        check(&Setup { zero_output: true, sequences: false, initial: true, ..masked.clone() });
        check(&Setup { initial: true, backwards: true, ..masked });
    }
}

#[test]
fn gradients_are_central_differences_under_dropout() {
    for kind in KINDS {
        check(&Setup { dropout: 0.4, ..Setup::of(kind) });
        check(&Setup { recurrent_dropout: 0.4, ..Setup::of(kind) });
        let both = Setup { dropout: 0.3, recurrent_dropout: 0.5, ..Setup::of(kind) };
        check(&both);
        check(&Setup { mask: mask(), initial: true, backwards: true, ..both });
    }
}

/// The reference of one layer without dropout and initial states, of its weights and its input.
fn plain(setup: &Setup, weights: &[f64], x: &[f64]) -> Vec<f64> {
    let ones = |width: usize| vec![vec![1.0; BATCH * width]; setup.gates()];
    let initial = vec![0.0; setup.states() * BATCH * UNITS];
    reference(setup, &[weights, x, &initial].concat(), &[ones(setup.features), ones(UNITS)])
}

/// Turns `[steps][BATCH · UNITS]` around in time.
fn turned(y: &[f64]) -> Vec<f64> {
    y.rchunks_exact(BATCH * UNITS).flatten().copied().collect()
}

fn wrapped(class: &str, inner: Value, more: Value) -> Value {
    let mut config = json!({ "name": "outer", "layer": inner, "batch_input_shape": [null, null, FEATURES] });
    config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "class_name": class, "config": config })
}

#[test]
fn gradients_of_bidirectional_layers_are_central_differences() {
    for (kind, sequences, mask) in [
        (Kind::Lstm, true, None),
        (Kind::GruAfter, true, mask()),
        (Kind::GruBefore, false, mask()),
        (Kind::SimpleRnn, false, None),
    ] {
        for merge in ["concat", "sum", "mul", "ave"] {
            // Masked steps have output zero in sequences, and only there.
            let forward = Setup { sequences, mask: mask.clone(), zero_output: sequences, ..Setup::of(kind) };
            let backward = Setup { backwards: true, ..forward.clone() };
            let layer = wrapped("Bidirectional", forward.layer(), json!({ "merge_mode": merge }));
            let mut model = Sequential::from_json(&model_json(json!([layer])), 1).unwrap();
            let count = Layout::of(&forward).weights;
            let x = numbers("x", TIMESTEPS * BATCH * FEATURES);
            compare(&mut model, (&x, &[]), mask.as_deref(), |all| {
                let one = plain(&forward, &all[..count], &all[2 * count..]);
                let two = turned(&plain(&backward, &all[count..2 * count], &all[2 * count..]));
                match merge {
                    "sum" => plus(&one, &two),
                    "mul" => product(&one, &two),
                    "ave" => plus(&one, &two).iter().map(|v| 0.5 * v).collect(),
                    _ => {
                        let rows = one.chunks_exact(UNITS).zip(two.chunks_exact(UNITS));
                        rows.flat_map(|(one, two)| [one, two].concat()).collect()
                    }
                }
            });
        }
    }
}

#[test]
fn gradients_through_the_other_wrappers_are_central_differences() {
    let x = numbers("x", TIMESTEPS * BATCH * UNITS);
    let square = Setup { features: UNITS, mask: mask(), ..Setup::of(Kind::Lstm) };
    let shape = json!({ "batch_input_shape": [null, null, UNITS] });
    let residual = wrapped("ResidualWrapper", square.layer(), shape);
    let mut model = Sequential::from_json(&model_json(json!([residual])), 1).unwrap();
    let count = Layout::of(&square).weights;
    compare(&mut model, (&x, &[]), square.mask.as_deref(), |all| {
        plus(&all[count..], &plain(&square, &all[..count], &all[count..]))
    });

    let x = numbers("x", TIMESTEPS * BATCH * FEATURES);
    let dense = json!({ "class_name": "Dense", "config": { "units": UNITS, "activation": "tanh" } });
    let timed = wrapped("TimeDistributed", dense, json!({}));
    let mut model = Sequential::from_json(&model_json(json!([timed])), 1).unwrap();
    compare(&mut model, (&x, &[]), None, |all| {
        let (kernel, rest) = all.split_at(FEATURES * UNITS);
        let (bias, x) = rest.split_at(UNITS);
        let row = |x| plus(&times(x, kernel, (0, 1)), bias).into_iter().map(f64::tanh).collect::<Vec<_>>();
        x.chunks_exact(FEATURES).flat_map(row).collect()
    });

    let encoder = Setup { sequences: false, ..Setup::of(Kind::GruAfter) };
    let repeat = json!({ "class_name": "RepeatVector", "config": { "name": "repeat", "n": 3 } });
    let mut model = Sequential::from_json(&model_json(json!([encoder.layer(), repeat])), 1).unwrap();
    let count = Layout::of(&encoder).weights;
    compare(&mut model, (&x, &[]), None, |all| plain(&encoder, &all[..count], &all[count..]).repeat(3));

    let masked = Setup { mask: mask(), ..Setup::of(Kind::SimpleRnn) };
    let masking = json!({ "class_name": "Masking", "config": { "name": "masking", "mask_value": 0.25,
        "batch_input_shape": [null, null, FEATURES] } });
    let mut model = Sequential::from_json(&model_json(json!([masking, masked.layer()])), 1).unwrap();
    let mut padded = x;
    for (row, counts) in padded.chunks_exact_mut(FEATURES).zip(masked.mask.iter().flatten()) {
        if !counts {
            row.fill(0.25);
        }
    }
    let count = Layout::of(&masked).weights;
    compare(&mut model, (&padded, &[]), None, |all| plain(&masked, &all[..count], &all[count..]));
}
