//! Numpy as people write it: each text means what its plain form means, and the texts that Python can call as they
//! stand are run by numpy too (`golden.rs`), with all else that holds for every listing.

use crate::material::means;
use unrolled::listing::{CheckedListing, Listing, Role};

/// Listings that are also run by real Python, with their gradients checked.
pub const IDIOMS: [(&str, &str); 6] = [
    (
        "several_at_once",
        "def step(x, h, c, W, U, b):
    z = x @ W + h @ U + b
    i, f, o, g = np.split(z, 4)
    i, f, o = sigmoid(i), sigmoid(f), sigmoid(o)
    g, i = i, np.tanh(g)
    c_old = c
    c *= f
    c += i * g - 0.1 * c_old
    a = d = np.tanh(c); e = o - 0.5
    h = +d * (e + 0.5) + 0 * a
    return (h, c)
",
    ),
    (
        "layer_norm",
        "def step(x, h, c, W, U, g1, b1):
    z = x.dot(W) + np.dot(h, U)
    mu = np.mean(z)
    z = (z - mu) / (np.std(z) + 1e-5) * g1 + b1
    i, f, o, g = np.split(z, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c) / (1 + np.var(c)) + 0.1 * c.mean()
    return h, c
",
    ),
    (
        "transposed_weights",
        "def step(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    \"\"\"As torch
    keeps its weights.\"\"\"
    a = x @ weight_ih.T + bias_ih + np.matmul(h, weight_hh.T) + bias_hh
    h = np.tanh(a) + 0.1 * np.hstack((h, x)).sum()
    return [h]
",
    ),
    (
        "helpers",
        "def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def swap(a, b, scale=0.5):
    c = a * scale
    return b + c, c

bend = lambda v: np.tanh(v) * 2

def step(x, h, W, U, b):
    first, second = swap(x @ W + h @ U + b, h)
    h = bend(first) * sigmoid(second)
    return h
",
    ),
    (
        "smooth_functions",
        "def step(x, h, W, U, b):
    z = x @ W + h @ U + b
    p = softplus(z) - log_sigmoid(z) + silu(h)
    q = np.sqrt(np.abs(z) + np.square(h) + 0.5)
    h = np.multiply(np.tanh(p), np.add(q, np.ones_like(q)))
    h /= np.mean(q * q)
    return h
",
    ),
    (
        "comments_and_tabs",
        "def step(x, h, W, U, b):  # one step
\t# the sum
\ta = x @ W + h @ U; d = a + b  # and the bias
\th = np.tanh(d)
\treturn h,
",
    ),
];

/// Texts that Python cannot call as they stand, and what each means.
pub const MEANINGS: [(&str, &str, &str); 16] = [
    (
        "arguments by position and by name",
        "def step(x, h, c, W, U, b):
    z = np.concatenate((x, h), 0)[:len(x)] @ W + np.dot(a=h, b=U) + np.array(b, dtype=np.float32)
    i, f, o, g = np.split(z, 4, -1)
    i = np.clip(i, a_min=-0.9, a_max=0.9)
    rows = np.stack(arrays=[i, f], axis=0).transpose()
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g) * (h > 0).astype(np.float32) + rows.sum(1).max()
    h = sigmoid(o) * np.tanh(c) + np.array([0.1, 0.2, 0.3, 0.4]) * np.transpose(np.asarray(c))
    return h, c
",
        "def step(x, h, c, W, U, b):
    z = np.concatenate([x, h])[:len(x)] @ W + h @ U + b
    i, f, o, g = np.split(z, 4)
    i = np.clip(i, -0.9, 0.9)
    rows = np.stack([i, f]).T
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g) * (1.0 * (h > 0)) + np.max(np.sum(rows, axis=1))
    h = sigmoid(o) * np.tanh(c) + np.stack([0.1, 0.2, 0.3, 0.4]) * c
    return h, c
",
    ),
    (
        "an output and the states in brackets",
        "def step(x, state, W, U, b):
    h, c = state
    c = c + np.tanh(x @ W + h @ U + b)
    h = np.tanh(c)
    y = h * 2
    return y, [h, c]
",
        "def step(x, h, c, W, U, b):
    c = c + np.tanh(x @ W + h @ U + b)
    h = np.tanh(c)
    return h, c
",
    ),
    (
        "sizes of a function beside the step",
        "def gate(a, k, n):
    return sigmoid(a[k * n:(k + 1) * n])

def step(x, h, W, U, units=4):
    n = h.shape[-1]
    a = x @ W + h @ U
    h = gate(a, 0, n) * np.tanh(a[n:2 * units]) + np.zeros(units)
    return h
",
        "def step(x, h, W, U):
    a = x @ W + h @ U
    h = sigmoid(a[:4]) * np.tanh(a[4:8])
    return h
",
    ),
    (
        "a dictionary of weights",
        "def cell(xt, a_prev, c_prev, parameters):
    Wf = parameters[\"Wf\"]
    bf = parameters['bf']
    concat = np.concatenate((a_prev, xt), axis=0)
    ft = sigmoid(np.dot(Wf, concat) + bf)
    c_next = ft * c_prev
    a_next = np.tanh(c_next)
    yt_pred = softmax(np.dot(parameters[\"Wy\"], a_next))
    cache = (a_next, c_next, a_prev, c_prev, xt, parameters)
    return a_next, c_next, yt_pred, cache
",
        "def step(xt, a_prev, c_prev, Wf, bf, Wy):
    concat = np.concatenate([a_prev, xt])
    ft = sigmoid(np.dot(Wf, concat) + bf)
    c_next = ft * c_prev
    a_next = np.tanh(c_next)
    yt_pred = softmax(np.dot(Wy, a_next))
    return a_next, c_next
",
    ),
    (
        "an output behind the state",
        "def step(x, h, Wxh, Whh, Why, bh, by):
    h = np.tanh(np.dot(Wxh, x) + np.dot(Whh, h) + bh)
    y = np.dot(Why, h) + by
    return y, h
",
        "def step(x, h, Wxh, Whh, Why, bh, by):
    h = np.tanh(np.dot(Wxh, x) + np.dot(Whh, h) + bh)
    y = np.dot(Why, h) + by
    return h
",
    ),
    (
        "a state before and after",
        "def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x.dot(Wx) + prev_h.dot(Wh) + b)
    cache = x, prev_h, Wx, Wh, next_h
    return next_h, cache
",
        "def step(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(np.dot(x, Wx) + np.dot(prev_h, Wh) + b)
    return next_h
",
    ),
    (
        "all states in one",
        "def step(x, state, W, U, b):
    h, c = state
    c = c + np.tanh(x @ W + h @ U + b)
    h = np.tanh(c)
    return (h, c)
",
        "def step(x, h, c, W, U, b):
    c = c + np.tanh(x @ W + h @ U + b)
    h = np.tanh(c)
    return h, c
",
    ),
    (
        "a star",
        "def step(x, *state, W, U, b):
    h, c = state
    c = c + np.tanh(x @ W + h @ U + b)
    h = np.tanh(c)
    return h, c
",
        "def step(x, h, c, W, U, b):
    c = c + np.tanh(x @ W + h @ U + b)
    h = np.tanh(c)
    return h, c
",
    ),
    (
        "hints and a number",
        "def step(x: np.ndarray, h: np.ndarray, W, U, b, alpha: float = 0.25) -> np.ndarray:
    z: np.ndarray = np.tanh(x @ W + h @ U + b)
    h = (1 - alpha) * h + alpha * z
    return h
",
        "def step(x, h, W, U, b):
    z = np.tanh(x @ W + h @ U + b)
    h = (1 - 0.25) * h + 0.25 * z
    return h
",
    ),
    (
        "one line",
        "def step(x, h, W, U, b): return np.tanh(x @ W + h @ U + b)",
        "def step(x, h, W, U, b):
    return np.tanh(x @ W + h @ U + b)
",
    ),
    (
        "prompts and what they print",
        ">>> import numpy as np
>>> def step(x, h, W, U, b):
...     h = np.tanh(x @ W + h @ U + b)
...     return h
...
>>> step(x, h, W, U, b)
array([0.1, 0.2])
",
        "def step(x, h, W, U, b):
    h = np.tanh(x @ W + h @ U + b)
    return h
",
    ),
    (
        "a fence and a program around it",
        "```python
import numpy
from numpy import tanh as squash

def step(x, h, W, U, b):
    h = squash(x @ W + h @ U + b)
    return h

h = numpy.zeros(3)
for x in numpy.ones((4, 3)):
    h = step(x, h, W, U, b)
print(h)
```
",
        "def step(x, h, W, U, b):
    h = np.tanh(x @ W + h @ U + b)
    return h
",
    ),
    (
        "characters of a web page",
        "def step(x, h, W, U, b):
\u{a0}\u{a0}\u{a0}\u{a0}ĥ = np.tanh(x @ W + h @ U + b)
\u{a0}\u{a0}\u{a0}\u{a0}h = 0.5 × ĥ − 0.25 · h
\u{a0}\u{a0}\u{a0}\u{a0}return h
",
        "def step(x, h, W, U, b):
    ĥ = np.tanh(x @ W + h @ U + b)
    h = 0.5 * ĥ - 0.25 * h
    return h
",
    ),
    (
        "a loop with fixed bounds",
        "def step(x, h, W, U, V):
    for w in (U, V):
        h = np.tanh(x @ W + h @ w)
    for i in range(1, 3):
        h = h * i
    return h
",
        "def step(x, h, W, U, V):
    h = np.tanh(x @ W + h @ U)
    h = np.tanh(x @ W + h @ V)
    h = h * 1
    h = h * 2
    return h
",
    ),
    (
        "lines that go on",
        "def step(x, h, W, U, b):
    a = (x @ W  # of the input
        + h @ U);
    a = a \\
        + b  # and the bias
    h = np.tanh(a)
    return h
",
        "def step(x, h, W, U, b):
    a = x @ W + h @ U
    a = a + b
    h = np.tanh(a)
    return h
",
    ),
    (
        "a method",
        "def step(self, x, h):
    h = tanh(self.W @ x + np.dot(self.U, h) + self.b)
    return h
",
        "def step(x, h, W, U, b):
    h = np.tanh(W @ x + np.dot(U, h) + b)
    return h
",
    ),
];

#[test]
fn a_text_means_what_its_plain_form_means() {
    for (what, source, plain) in MEANINGS {
        means(what, source, plain);
    }
}

#[test]
fn what_is_accepted_is_printed_so_that_it_reads_back() {
    for source in IDIOMS.iter().map(|(_, source)| source).chain(MEANINGS.iter().map(|(_, source, _)| source))
    {
        let printed = Listing::parse(source).unwrap().print();
        let again = Listing::parse(&printed).unwrap_or_else(|e| panic!("{}", e[0].render(&printed)));
        assert_eq!(again.print(), printed);
        assert_eq!(again.symbolic_shapes(), Listing::parse(source).unwrap().symbolic_shapes(), "{printed}");
    }
}

/// An output is left out only where it cannot be a state.
#[test]
fn states_with_other_names_stay_states() {
    let sources = [
        ("def step(x, h, c, W):\n    new = np.tanh(x @ W + c)\n    h = h + new\n    return h, new\n", 2),
        ("def step(x, a, b, W):\n    p = a + x @ W\n    q = b * p\n    return p, q\n", 2),
        ("def step(x, h, y, W, V):\n    h = np.tanh(x @ W + h)\n    y = V @ h + y\n    return h, y\n", 2),
    ];
    for (source, states) in sources {
        let shapes = Listing::parse(source).unwrap().symbolic_shapes().unwrap();
        assert_eq!(shapes.iter().filter(|(_, role, _)| *role == Role::State).count(), states, "{source}");
    }
}

#[test]
fn what_is_read_otherwise_than_it_is_written_is_said() {
    let said = |name: &str| {
        let (_, source, _) = MEANINGS.iter().find(|(what, ..)| *what == name).unwrap();
        CheckedListing::new(source).unwrap().cleaned()
    };
    let cases = [
        ("prompts and what they print", "the prompts and what Python printed are left out."),
        ("a fence and a program around it", "only what stands between the fences is read."),
        (
            "characters of a web page",
            "spaces of other widths are read as spaces; × is read as *, − as -, · as *.",
        ),
        ("one line", ""),
    ];
    for (name, sentence) in cases {
        let found = said(name);
        assert_eq!(
            found.strip_prefix("From the text as it was pasted: ").unwrap_or(&found),
            sentence,
            "{name}"
        );
    }
}
