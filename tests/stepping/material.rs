//! Sessions of every cell of the project, of cells of a reader's own, and of every kind of input and output.

use unrolled::listing::cells;
use unrolled::session::stepping::{Called, Choice, Excerpt, InputChoice, ReadBefore, Stepping, WeightChoice};

pub const UNITS: usize = 4;

pub fn choice(source: &str) -> Choice {
    Choice {
        shapes: vec![],
        source: source.to_string(),
        units: UNITS,
        sizes: vec![],
        seed: 5,
        input: InputChoice::Sentence { text: "not a bad one".into(), features: 6 },
        weights: WeightChoice::Random,
        target: 1.0,
        classes: vec![],
    }
}

pub fn session(choice: Choice) -> Stepping {
    let source = choice.source.clone();
    Stepping::new(choice).unwrap_or_else(|e| panic!("{e:?}: {source}"))
}

/// A state called `c` that is no memory, a gate `g`, several states, no weight matrix, names without a meaning.
pub const OWN: [(&str, &str); 5] = [
    ("c is no memory", "def step(x, c, W, U):\n    c = np.tanh(x @ W + c @ U)\n    return c\n"),
    (
        "g is a gate",
        "def step(x, h, W, U, V):\n\
         \x20   g = hard_sigmoid(x @ W + h @ U)\n\
         \x20   q = x @ V\n\
         \x20   h = g * h + (1 - g) * q\n\
         \x20   return h\n",
    ),
    (
        "two states and an output",
        "def step(x, a, b, y, W, P):\n\
         \x20   f = sigmoid(x @ W)\n\
         \x20   a = f * a + 0.5\n\
         \x20   b = relu(a @ P) - b\n\
         \x20   y = a * b\n\
         \x20   return a, b, y\n",
    ),
    ("no matrices", "def step(x, h, w):\n    h = np.tanh(w * h + np.sum(x))\n    return h\n"),
    (
        "names used twice",
        "def step(x, h, W):\n\
         \x20   z = x @ W\n\
         \x20   z = z + h\n\
         \x20   z = sigmoid(z)\n\
         \x20   h = z * np.tanh(h)\n\
         \x20   return h\n",
    ),
];

/// Whether the tests can work out what the sentences on a cell say: `phrases.rs` reads no products of matrices with
/// vectors and not every function, and weights that stand in two products are told of together.
fn is_read(cell: &cells::CellSource) -> bool {
    let unread = ["np.outer(", "np.cos(", "np.maximum(", "np.minimum(", "softplus("];
    !unread.iter().any(|call| cell.source.contains(call)) && !cell.name.ends_with("_grid_lstm")
}

/// Every session by a name.
pub fn all() -> Vec<(String, Stepping)> {
    let own = OWN.iter().map(|(name, source)| (name.to_string(), choice(source)));
    let library = cells::all()
        .iter()
        .filter(|cell| is_read(cell))
        .map(|cell| (cell.name.to_string(), choice(cell.source)));
    let lstm = cells::named("lstm").unwrap().source;
    let numbers = InputChoice::Numbers { text: "0.1 0.5 0.9 0.4".into() };
    let uniform = InputChoice::Uniform { timesteps: 3, features: 6 };
    let padded = InputChoice::Embedded {
        words: vec!["a".into(), "film".into()],
        x: (0..12).map(|k| 0.1 * k as f32 - 0.5).collect(),
        known: vec![true, false],
        before: ReadBefore { padding: 91, start: true },
        called: Called::Word,
        excerpt: Excerpt::Whole,
    };
    let trained = |classes: usize| WeightChoice::Trained {
        weights: trained_weights(lstm),
        output: Some((numbers_of(UNITS * classes), numbers_of(classes))),
        initial: vec![("h".into(), vec![0.1, -0.2, 0.3, 0.0]), ("c".into(), vec![0.5, -0.6, 0.7, 0.2])],
    };
    let others = [
        ("numbers", Choice { input: numbers, target: 0.3, ..choice(lstm) }),
        ("uniform", Choice { input: uniform, weights: WeightChoice::Uniform, ..choice(lstm) }),
        ("the answer is negative", Choice { target: 0.0, ..choice(lstm) }),
        ("padded", Choice { input: padded.clone(), weights: trained(1), ..choice(lstm) }),
        (
            "three classes",
            Choice {
                input: padded,
                weights: trained(3),
                classes: vec!["earn".into(), "grain".into(), "ship".into()],
                ..choice(lstm)
            },
        ),
    ];
    let others = others.into_iter().map(|(name, choice)| (name.to_string(), choice));
    library.chain(own).chain(others).map(|(name, choice)| (name, session(choice))).collect()
}

pub fn numbers_of(count: usize) -> Vec<f32> {
    (0..count).map(|k| 0.37 * ((k * 7 % 11) as f32 - 5.0) / 5.0).collect()
}

pub fn trained_weights(lstm: &str) -> Vec<(String, Vec<f32>)> {
    let random = session(choice(lstm));
    let sequence = random.recording(unrolled::session::stepping::Part::Cell).sequence().clone();
    ["W", "U", "b"]
        .iter()
        .zip(sequence.weights)
        .map(|(name, w)| (name.to_string(), w.into_iter().collect()))
        .collect()
}
