//! Random sequences for cells, all sizes different.

use crate::idioms::IDIOMS;
use crate::idioms_numpy::NUMPY;
use ndarray::ArrayD;
use unrolled::listing::{Listing, Recording, Sequence, Shapes, SizedListing, cells};

/// A small generator of its own, so that the tests do not lean on the engine's.
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number between -1 and 1.
    pub fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    }

    pub fn array(&mut self, shape: &[usize], scale: f32) -> ArrayD<f32> {
        ArrayD::from_shape_simple_fn(shape, || self.next() * scale)
    }
}

pub const TIMESTEPS: usize = 5;

/// A listing with shapes and random numbers for everything it reads.
pub struct Material {
    pub name: String,
    pub listing: Listing,
    pub shapes: Shapes,
    pub sequence: Sequence,
}

pub fn material(name: &str, source: &str, shapes: impl Fn(&Listing) -> Shapes, seed: u64) -> Material {
    let listing = Listing::parse(source).unwrap_or_else(|e| panic!("{name}: {}", e[0].render(source)));
    let shapes = shapes(&listing);
    let mut numbers = Numbers::new(seed);
    let timed = |shape: &[usize]| [&[TIMESTEPS], shape].concat();
    let x = numbers.array(&timed(&shapes.parameters[0].shape), 1.0);
    let initial = shapes.states().map(|s| {
        let drawn = numbers.array(&s.shape, 0.5);
        Some(if is_divided_by(name, &s.name) { drawn + 1.0 } else { drawn })
    });
    let initial = initial.collect();
    let weights = shapes.weights().map(|w| numbers.array(&w.shape, 0.7)).collect();
    let upstream = shapes.states().map(|s| Some(numbers.array(&timed(&s.shape), 1.0))).collect();
    Material { name: name.into(), listing, shapes, sequence: Sequence { x, initial, weights, upstream } }
}

/// Whether a state is a sum of weights, which is positive, and other states are divided by it.
fn is_divided_by(cell: &str, state: &str) -> bool {
    [("slstm", "n"), ("rwkv4", "b"), ("linear_attention", "z")].contains(&(cell, state))
}

impl Material {
    pub fn record(&self) -> Recording {
        let sized = SizedListing::new(&self.listing, &self.shapes).unwrap();
        Recording::new(&sized, self.sequence.clone()).unwrap()
    }
}

/// Sizes of a cell of the project that has more than two: rows and columns of a matrix, as many values as keys.
pub fn sizes_of(cell: &str) -> &'static [(&'static str, &'static [usize])] {
    match cell {
        "lstm_projection" => &[("h", &[4]), ("c", &[7])],
        "elman" => &[("h", &[4]), ("y", &[3])],
        "lmu" => &[("h", &[4]), ("m", &[5]), ("e_x", &[6, 1])],
        "gla" => &[("o", &[4]), ("S", &[4, 3]), ("W_1", &[6, 2])],
        "mlstm" => &[("h", &[4]), ("C", &[4, 3])],
        "mamba" => &[("y", &[4]), ("H", &[3, 4]), ("W_1", &[4, 2])],
        "mamba2" => &[("y", &[4]), ("H", &[4, 3])],
        "s4d" => &[("y", &[4]), ("re", &[4, 3])],
        "s5" | "lru" => &[("y", &[4]), ("re", &[5])],
        "deltanet" | "gated_deltanet" | "hgrn2" | "kda" | "linear_attention" | "retnet" | "rwkv6"
        | "rwkv7" => &[("o", &[4]), ("S", &[4, 3])],
        _ => &[],
    }
}

/// Every cell of the project, features and units different (even ones, for the groups), states of own size where
/// the cell allows it; and listings that use the rest of the language.
pub fn all() -> Vec<Material> {
    let mut all: Vec<Material> = cells::all()
        .iter()
        .enumerate()
        .map(|(seed, cell)| {
            let shapes = |listing: &Listing| match sizes_of(cell.name) {
                // The mistake of tutorial 003 lets U multiply the input, so that U has its shape.
                [] => listing.shapes(6, 4).unwrap(),
                given => listing.shapes_given(&[&[("x", [6].as_slice())], given].concat()).unwrap(),
            };
            material(cell.name, cell.source, shapes, seed as u64 + 1)
        })
        .collect();
    for (seed, (name, source)) in OTHERS.iter().chain(&IDIOMS).chain(&NUMPY).enumerate() {
        let shapes = |listing: &Listing| match *name {
            // A column that is spread over a matrix could be anything.
            "two_rows" => listing.shapes_given(&[("x", &[6]), ("h", &[4]), ("g", &[2, 3])]),
            "joined_columns" => listing.shapes_given(&[("x", &[6]), ("h", &[4]), ("A", &[4, 1])]),
            _ => listing.shapes(6, 4),
        };
        let shapes =
            |listing: &Listing| shapes(listing).unwrap_or_else(|e| panic!("{name}: {}", e[0].render(source)));
        all.push(material(name, source, shapes, seed as u64 + 50));
    }
    all
}

/// Everything of the language that no cell uses.
const OTHERS: [(&str, &str); 9] = [
    (
        "hints",
        "# size: d_state = 3
# shape: H = (units, d_state)
# init: A = np.log(np.arange(1, d_state + 1))
# fixed: A
def step(x, H, A, B, W):
    u = x @ W
    H = np.exp(-np.exp(A)) * H + np.outer(u, B)
    return H
",
    ),
    (
        "functions",
        "def step(x, h, W, U, a, s):
    z = x @ W + hard_sigmoid(h @ U)
    p = softmax(z)
    q = np.log(np.exp(z) + 1) / (2 + z ** 2)
    r = np.maximum(a, z) - np.minimum(h, 0.1) * np.clip(z, -0.5, 0.5)
    m = np.sum(p * q)
    h = np.tanh(p * s + q - r * m)
    return h
",
    ),
    (
        "pieces",
        "def step(x, h, W, V):
    y = np.concatenate([x, h, np.ones(1)])
    first = y[:3]
    last = y[-2:]
    k = y[4]
    both = np.stack([h, -h])
    t = np.sum(both @ V, axis=0) + np.sum(both * 0.5, axis=1)[0]
    h = np.tanh(y @ W * k + t + np.sum(first) * last[0])
    return h
",
    ),
    (
        "rewriting",
        "def step(x, h, W, U):
    a = x @ W
    a = a + h
    a = a * a
    b = h
    h = np.tanh(a @ U)
    h = h * a - b
    return h / 4
",
    ),
    (
        "powers",
        "def step(x, h, W, U, b):
    e = (h * h + 1) ** 0.5
    z = (x @ W) ** 3 * 0.1 - h @ U
    v = (2 + np.tanh(z)) ** np.tanh(b)
    h = np.tanh(v ** -1 - e)
    return h
",
    ),
    (
        "two_rows",
        "def step(x, h, W, B, g):
    rows = np.stack([x @ W, h]) * g[:, 0:1] + B
    q = relu(rows) + B[0]
    h = np.tanh(np.sum(q, axis=0) - B[1])
    return h
",
    ),
    (
        "joined_columns",
        "def step(x, h, W, A, B):
    C = np.concatenate([A, B], axis=1)
    s = np.stack([h, h * h], axis=1)
    n = np.sum(s, axis=0, keepdims=True)
    h = np.tanh(x @ W + h @ C + np.sum(s * n, axis=1))
    return h
",
    ),
    (
        "attention_like",
        "def step(x, h, W, K):
    rows = np.stack([x @ W, h, h * 0.5])
    p = softmax(rows @ (h * K))
    h = np.tanh(p @ rows)
    return h
",
    ),
    (
        "states_swap",
        "def step(x, h, c, W):
    m = np.tanh(x @ W + h * c)
    return c * m, h + m
",
    ),
];

/// The two texts have the same shapes, states and gradients.
pub fn means(what: &str, source: &str, plain: &str) {
    let shapes = |source: &str| {
        let listing = Listing::parse(source);
        listing.unwrap_or_else(|e| panic!("{what}: {}", e[0].render(source))).symbolic_shapes()
    };
    assert_eq!(shapes(source), shapes(plain), "{what}");
    let record = |source| material(source, source, |listing| listing.shapes(6, 4).unwrap(), 7).record();
    let (given, wanted) = (record(source), record(plain));
    for state in 0..wanted.shapes().states().count() {
        assert_eq!(given.state(state), wanted.state(state), "{what}");
    }
    assert_eq!(given.input_gradient(), wanted.input_gradient(), "{what}");
}
