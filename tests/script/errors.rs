//! What a script cannot have is answered at its place, with what would work, and that does work.

use unrolled::script::Script;

/// The mistake in a script, or in taking its step.
fn refusal(text: &str) -> Option<unrolled::listing::Diagnostic> {
    let script = match Script::parse(text) {
        Ok(script) => script,
        Err(mistakes) => return mistakes.into_iter().next(),
    };
    match script.run(0) {
        Ok(run) => run.step().err().cloned(),
        Err(mistake) => Some(mistake),
    }
}

const HEAD: &str = "import numpy as np
np.random.seed(0)
xs = np.random.randn(5, 3)
W, U = np.random.randn(3, 4), np.random.randn(4, 4)
h = np.zeros(4)
";
const LOOP: &str = "for x in xs:\n    h = np.tanh(x @ W + h @ U)\n";

/// A line that does not work before the loop, what is said of it, and the line that works.
const BEFORE: [(&str, &str, &str); 26] = [
    ("import torch", "remove this line", ""),
    ("b = zeros(4)", "write np.zeros", "b = np.zeros(4)"),
    (
        "b = sigmoid(h)",
        "def sigmoid(z): return 1 / (1 + np.exp(-z))",
        "def sigmoid(z): return 1 / (1 + np.exp(-z))\nb = sigmoid(h)",
    ),
    (
        "b = relu(h)",
        "def relu(z): return np.maximum(z, 0)",
        "def relu(z): return np.maximum(z, 0)\nb = relu(h)",
    ),
    (
        "rng = np.random.default_rng(0); b = rng.randn(4)",
        "write rng.standard_normal",
        "rng = np.random.default_rng(0); b = rng.standard_normal((4))",
    ),
    (
        "rng = np.random.default_rng(0); b = rng.randint(3)",
        "write rng.integers",
        "rng = np.random.default_rng(0); b = rng.integers(0, 3)",
    ),
    ("b = np.zeros(4 / 2)", "int(…)", "b = np.zeros(int(4 / 2))"),
    ("b = xs[5]", "index 5 is out of bounds for axis 0 with size 5", "b = xs[4]"),
    ("b = xs @ U", "not aligned", "b = xs @ W"),
    ("b = xs + U", "could not be broadcast", "b = xs + U[0, :3]"),
    ("b = np.ones(4); b += xs", "could not be broadcast", "b = np.ones(3); b = b + xs"),
    ("b = np.ones(3); b += xs", "write it as name = name + …", "b = np.ones(3); b = b + xs"),
    ("b = np.arange(4); b += 0.5", "write it as name = name + …", "b = np.arange(4); b = b + 0.5"),
    ("b = 3 @ h", "write *", "b = 3 * h"),
    ("b = np.einsum('i->ii', h)", "an axis of it has one letter", "b = np.einsum('i,j->ij', h, h)"),
    (
        "b = np.linalg.eigvals(U)[0]",
        "of which np.max(np.abs(…)) is known",
        "b = np.max(np.abs(np.linalg.eigvals(U)))",
    ),
    ("b = np.linalg.svd(U)[1][0]", "write that here, as in rho = 1.25", "b = 1.25"),
    ("if h > 0: pass", "use .any() or .all()", "if (h > 0).any(): pass"),
    (
        "b = np.random.choice(3, 2, replace=False, p=[0.2, 0.3, 0.5])",
        "write the choice down as a list",
        "b = [0, 2]",
    ),
    (
        "import argparse",
        "from types import SimpleNamespace, then args = SimpleNamespace(hidden=64)",
        "from types import SimpleNamespace\nargs = SimpleNamespace(hidden=64)",
    ),
    (
        "c = np.nditer(U)",
        "for i in np.ndindex(a.shape), and read a[i]",
        "for i in np.ndindex(U.shape): b = U[i]",
    ),
    ("import random; b = random.random()", "np.random.rand()", "b = np.random.rand()"),
    ("b = np.load('b.npy')", "data = np.array([0.5, 1.0])", "data = np.array([0.5, 1.0])"),
    ("np.save('b.npy', h)", "remove this line", ""),
    (
        "b = np.linalg.pinv(np.ones((3, 2)))",
        "np.linalg.solve(X.T @ X + 1e-8 * np.eye(2), X.T @ y)",
        "X, y = np.ones((3, 2)), np.ones(3)\nb = np.linalg.solve(X.T @ X + 1e-8 * np.eye(2), X.T @ y)",
    ),
    ("b = xs & 1", "compare first, as in (h > 0)", "b = (xs > 0) & 1"),
];

/// A loop that is no step, what is said of it, and one that is.
const LOOPS: [(&str, &str, &str); 8] = [
    (
        "buf = [h, h]\nfor x in xs:\n    h = np.tanh(x @ W + buf[0] @ U)\n    buf.append(h)\n    buf.pop(0)\n",
        "as in buf = np.vstack([buf[1:], h])",
        "buf = np.zeros((2, 4))\nfor x in xs:\n    h = np.tanh(x @ W + buf[0] @ U)\n    \
         buf = np.vstack([buf[1:], h])\n",
    ),
    (
        "for x in xs:\n    if x[0] > 0: continue\n    h = np.tanh(x @ W + h @ U)\n",
        "write np.where(…) for what is done only now and then",
        "for x in xs:\n    h = np.where(x[0] > 0, h, np.tanh(x @ W + h @ U))\n",
    ),
    (
        "for x in xs:\n    h = np.tanh(x @ W + h @ U)\n    h.sort()\n",
        "gives other numbers for `h` at timestep 1",
        "for x in xs:\n    h = np.tanh(x @ W + h @ U)\n",
    ),
    (
        "for t in range(5):\n    h = np.tanh(xs[t] @ W + h @ U + [3, 1][t % 2])\n",
        "prepare it in an array before the loop and read that array here",
        "ts = np.array([3.0, 1, 3, 1, 3])\nfor t in range(5):\n    h = np.tanh(xs[t] @ W + h @ U + ts[t])\n",
    ),
    (
        "for x in xs:\n    y = np.tanh(x @ W)\n",
        "give what a turn hands to the next one a name",
        "for x in xs:\n    h = np.tanh(x @ W + h @ U)\n",
    ),
    ("h = np.tanh(xs[0] @ W)\n", "no loop over time", LOOP),
    (
        "hs = {-2: h, -1: h}\nfor t in range(5):\n    hs[t] = np.tanh(xs[t] @ W + hs[t - 2] @ U)\n",
        "carry it in a name of its own",
        "old = h\nfor t in range(5):\n    h, old = np.tanh(xs[t] @ W + old @ U), h\n",
    ),
    (
        "for x in xs:\n    if h[0] > 0:\n        h = -h\n    h = np.tanh(x @ W + h @ U)\n",
        "write it with np.where",
        "for x in xs:\n    h = np.where(h[0] > 0, -h, h)\n    h = np.tanh(x @ W + h @ U)\n",
    ),
];

#[test]
fn advice_before_the_loop_works() {
    for (wrong, words, right) in BEFORE {
        let found =
            refusal(&format!("{HEAD}{wrong}\n{LOOP}")).unwrap_or_else(|| panic!("{wrong} is accepted"));
        assert!(found.message.contains(words), "{wrong}: {}", found.message);
        assert_eq!(found.line, HEAD.lines().count() + 1, "{wrong}");
        let problem = refusal(&format!("{HEAD}{right}\n{LOOP}"));
        assert!(problem.is_none(), "{right}: {}", problem.unwrap().message);
    }
}

#[test]
fn advice_on_the_loop_works() {
    for (wrong, words, right) in LOOPS {
        let found = refusal(&format!("{HEAD}{wrong}")).unwrap_or_else(|| panic!("{wrong} is accepted"));
        assert!(found.message.contains(words), "{wrong}: {}", found.message);
        let problem = refusal(&format!("{HEAD}{right}"));
        assert!(problem.is_none(), "{right}: {}", problem.unwrap().message);
    }
}

#[test]
fn what_is_no_python_here_is_answered_in_its_line() {
    for (text, words) in [
        ("class RNN(Module):\n    pass\n", "`Module` is not defined"),
        ("raise ValueError('no')\n", "it raises ValueError"),
        ("@tf.function\ndef f(x):\n    return x\n", "this decorator is not read here; remove the line"),
        ("class A:\n    def f(self):\n        super().g()\nA().f()\n", "super() has no method `g` here"),
        ("with open('x') as f:\n    pass\n", "write the text down"),
        ("with lock:\n    pass\n", "without it"),
        ("match x:\n    case [a, b]:\n        pass\n", "write this one with if and elif"),
        ("x = 2j\n", "in two arrays"),
        ("x = (1,\n", "never closed"),
        ("x = [1, 2\ny = 3\n", "never closed"),
        ("for x in y\n    z = 1\n", "expected `:`"),
        ("for x in y:\nz = 1\n", "indent the next lines"),
        ("x = 1\n  y = 2\n", "indent"),
        ("f(x) = 3\n", "nothing can be assigned to this"),
        ("x = 3 +\n", "expected a value"),
        ("from math import *\n", "name what you need: from math import tanh"),
        ("x = np.zeros(3)\n", "begin the script with import numpy as np"),
    ] {
        let found = refusal(text).unwrap_or_else(|| panic!("{text} is accepted"));
        assert!(found.message.contains(words), "{text}: {}", found.message);
    }
}

/// Nothing is drawn, and that is said; numbers and lines are those of the script without its pictures.
#[test]
fn pictures_are_left_out() {
    let text = "import numpy as np
import matplotlib.pyplot as plt
from tqdm import tqdm
plt.rcParams['figure.figsize'] = (8, 3)
h, hs = 0.5, []
for x in tqdm(np.linspace(0, 1, 4), desc='steps'):
    h = np.tanh(h + x)
    hs.append(h)
fig, axes = plt.subplots(2, 2)
for ax, values in zip(axes.flat, [hs] * 4):
    line, = ax.plot(values, 'r--', label='h')
axes[0, 1].set_title('h')
print(len(axes), len(axes.flat), len(hs))
plt.show()
";
    let run = Script::parse(text).unwrap().run(0).unwrap();
    assert_eq!(run.printed, "2 4 4\n");
    assert!(run.draws_pictures && run.step().is_ok());
}

/// Values of a named tuple are taken apart and read by name; every function of numpy has its name after a star.
#[test]
fn what_imports_and_classes_name_is_read() {
    let text = "from typing import NamedTuple
from numpy import *
class State(NamedTuple):
    h: ndarray
    c: ndarray = 2.0
state = State(h=ones(3))
h, c = state
print(h + c, sum(state.h))
";
    let run = Script::parse(text).unwrap().run(0).unwrap();
    assert_eq!(run.printed, "[3. 3. 3.] 3.0\n");
}
