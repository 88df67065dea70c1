#: if on size statement
def step(x, h, W, U, b):
    H = h.shape[0]
    z = x @ W + h @ U + b
    if H > 2:
        z = z / np.sqrt(H)
    else:
        z = z * 2
    return np.tanh(z)
#: if elif else on sizes
def step(x, h, W, U, b):
    n = len(h)
    if n == 1:
        s = 1.0
    elif n < 10:
        s = 0.5
    else:
        s = 0.1
    return np.tanh(s * (x @ W + h @ U + b))
#: if with a number default
def step(x, h, W, U, b, layers=2, mode=0):
    z = x @ W + h @ U + b
    if layers > 1:
        z = np.tanh(z) + z
    if mode == 1:
        z = np.maximum(z, 0)
    return np.tanh(z)
#: if with text default
def step(x, h, W, U, b, activation="tanh"):
    z = x @ W + h @ U + b
    if activation == "tanh":
        h = np.tanh(z)
    elif activation == 'relu':
        h = np.maximum(z, 0)
    else:
        raise ValueError(activation)
    return h
#: if on a constant above
USE_BIAS = True
def step(x, h, W, U, b):
    z = x @ W + h @ U
    if USE_BIAS:
        z = z + b
    return np.tanh(z)
#: if on a constant in the step
def step(x, h, W, U, b):
    use_residual = True
    z = np.tanh(x @ W + h @ U + b)
    if use_residual:
        z = z + h
    return z
#: nested if
def step(x, h, W, U, b, use_bias=True, scale=0.5):
    z = x @ W + h @ U
    if use_bias:
        if scale != 1.0:
            z = z * scale
        z += b
    return np.tanh(z)
#: if and/or/not of constants
def step(x, h, W, U, b, use_bias=True, gated=False):
    z = x @ W + h @ U
    if use_bias and not gated:
        z = z + b
    if gated or len(h) > 100:
        z = z * 3
    return np.tanh(z)
#: early return by a condition
def step(x, h, W, U, b, linear=False):
    z = x @ W + h @ U + b
    if linear:
        return z
    return np.tanh(z)
#: early return with else
def step(x, h, W, U, b, kind='tanh'):
    z = x @ W + h @ U + b
    if kind == 'relu':
        return np.maximum(0, z)
    else:
        return np.tanh(z)
#: helper with an if on its argument of text
def activate(z, kind="tanh"):
    if kind == "tanh":
        return np.tanh(z)
    elif kind == "sigmoid":
        return 1 / (1 + np.exp(-z))
    return z
def step(x, h, W, U, b):
    g = activate(x @ W + b, "sigmoid")
    return g * h + (1 - g) * activate(h @ U)
#: helper with an if on None
def dense(x, W, b=None):
    y = x @ W
    if b is not None:
        y = y + b
    return y
def step(x, h, W, U, b):
    return np.tanh(dense(x, W, b) + dense(h, U))
#: for else
def step(x, h, W, U, b):
    for k in range(2):
        h = np.tanh(x @ W + h @ U)
    else:
        h = h + b
    return h
#: condition inside an unrolled loop
def step(x, h, W, U, V):
    for k in range(3):
        h = np.tanh(x @ W + h @ U)
        if k == 1:
            h = h @ V
    return h
#: continue and break of known conditions
def step(x, h, W, U):
    for k in range(5):
        if k == 1:
            continue
        if k == 3:
            break
        h = np.tanh(x @ W + h @ U) * (k + 1)
    return h
#: while with a counter
def step(x, h, W, U):
    k = 0
    while k < 3:
        h = np.tanh(x @ W + h @ U)
        k += 1
    return h
#: tuple as a list
def step(x, h, W, U, b):
    parts = (x @ W, h @ U, b)
    z = parts[0] + parts[1] + parts[2]
    return np.tanh(z)
#: tuple unpacked later
def step(x, h, c, W, U, b):
    z = np.split(x @ W + h @ U + b, 4)
    gates = (sigmoid(z[0]), sigmoid(z[1]), sigmoid(z[2]), np.tanh(z[3]))
    i, f, o, g = gates
    c = f * c + i * g
    return o * np.tanh(c), c
#: tuple iterated
def step(x, h, W1, W2, U):
    weights = (W1, W2)
    z = h @ U
    for W in weights:
        z = z + x @ W
    return np.tanh(z)
#: tuple of pairs iterated
def step(x, h, W1, U1, W2, U2):
    layers = ((W1, U1), (W2, U2))
    out = 0
    for W, U in layers:
        out = out + np.tanh(x @ W + h @ U)
    return out / 2
#: tuple in concatenate, sum, len
def step(x, h, W, U):
    both = (x @ W, h @ U)
    return np.tanh(np.concatenate(both)[:4] + sum(both) / len(both) + np.stack(both).max(axis=0))
#: dictionary of gates
def step(x, h, c, W, U, b):
    z = np.split(x @ W + h @ U + b, 4)
    gates = {}
    for k, name in enumerate(["i", "f", "o", "g"]):
        gates[name] = np.tanh(z[k]) if name == "g" else sigmoid(z[k])
    c = gates["f"] * c + gates["i"] * gates["g"]
    return gates["o"] * np.tanh(c), c
#: dictionary literal of gates
def step(x, h, c, W, U, b):
    i, f, o, g = np.split(x @ W + h @ U + b, 4)
    gates = {"i": sigmoid(i), "f": sigmoid(f), "o": sigmoid(o), "g": np.tanh(g)}
    c = gates["f"] * c + gates["i"] * gates["g"]
    return gates["o"] * np.tanh(c), c
#: prod
def step(x, h, W, U):
    z = np.tanh(x @ W + h @ U) + 1.2
    return np.tanh(z * np.prod(z) + z.prod())
#: prod along an axis
def step(x, h, W, U):
    m = np.stack([x @ W, h @ U, np.tanh(h)]) + 1.5
    return np.tanh(np.prod(m, axis=0) + np.prod(m, axis=1)[0])
#: arc functions
def step(x, h, W, U):
    z = np.tanh(x @ W + h @ U) * 0.9
    return (np.arctan(3 * z) + np.arcsin(z) - np.arccos(0.5 * z)) / 3
#: arctan2
def step(x, h, W, U):
    a, b = x @ W, h @ U + 2
    return np.arctan2(a, b)
#: round
def step(x, h, W, U):
    z = x @ W + h @ U
    return np.tanh(z) + 0.1 * np.round(z * 4) / 4 + 0.01 * np.around(h, 1)
#: rint and trunc
def step(x, h, W, U):
    z = x @ W + h @ U
    return np.tanh(z) + 0.1 * np.rint(z * 3) + 0.01 * np.trunc(2 * z)
#: cumprod
def step(x, h, W, U):
    z = sigmoid(x @ W + h @ U)
    return np.cumprod(z) * h + np.cumprod(1 - z)
#: tile
def step(x, h, W, U):
    z = np.tile(h, 2) @ W
    return np.tanh(z + x @ U)
#: tile to rows
def step(x, h, W, U):
    m = np.tile(h, (3, 1))
    return np.tanh(x @ W + m.sum(axis=0) @ U + m[1])
#: repeat
def step(x, h, W, U):
    return np.tanh(np.repeat(h, 2) @ W + x @ U)
#: isnan guard
def step(x, h, W, U):
    z = x @ W + h @ U
    z = np.where(np.isnan(z), 0, z)
    return np.tanh(z) + 0.1 * np.isfinite(z) - 0.1 * np.isinf(z)
#: nan_to_num
def step(x, h, W, U):
    return np.tanh(np.nan_to_num(x @ W + h @ U))
#: diag of a product
def step(x, h, A, W, d):
    D = np.diag(d)
    return np.tanh(D @ h + np.diag(A) * h + x @ W + np.diag(A @ D) * 0.1)
#: diag of an open weight
def step(x, h, W, a):
    A = np.diag(a)
    return np.tanh(A @ h + W @ x)
#: allclose max min of python
def step(x, h, W, U):
    z = x @ W + h @ U
    return np.tanh(z) * min(1.0, 0.5) + max(z[0], z[1]) * 0.1
#: inheritance, plain
class Cell:
    def __init__(self, n_in, n):
        self.W = np.zeros((n_in, n))
        self.U = np.zeros((n, n))
        self.b = np.zeros(n)
    def pre(self, x, h):
        return x @ self.W + h @ self.U + self.b

class TanhCell(Cell):
    def step(self, x, h):
        return np.tanh(self.pre(x, h))
#: a class with methods
class LSTMCell:
    def __init__(self, n_in, n):
        self.Wf = np.random.randn(n, n_in + n)
        self.bf = np.zeros(n)
        self.Wi = np.random.randn(n, n_in + n)
        self.bi = np.zeros(n)
    def sigmoid(self, z):
        return 1 / (1 + np.exp(-z))
    def forward(self, x, h, c):
        hx = np.concatenate([h, x])
        f = self.sigmoid(self.Wf @ hx + self.bf)
        g = np.tanh(self.Wi @ hx + self.bi)
        c = f * c + (1 - f) * g
        h = np.tanh(c)
        return h, c
#: dataclass of parameters
from dataclasses import dataclass
import numpy as np

@dataclass
class Params:
    W: np.ndarray
    U: np.ndarray
    b: np.ndarray

def step(x: np.ndarray, h: np.ndarray, p: Params) -> np.ndarray:
    return np.tanh(x @ p.W + h @ p.U + p.b)
#: NamedTuple state
from typing import NamedTuple
class State(NamedTuple):
    h: np.ndarray
    c: np.ndarray

def lstm_step(x, state: State, W, U, b):
    h, c = state
    i, f, o, g = np.split(x @ W + h @ U + b, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return State(h, c)
#: NamedTuple state by attribute
from typing import NamedTuple
class LSTMState(NamedTuple):
    h: np.ndarray
    c: np.ndarray

def lstm_step(x, state: LSTMState, W, U, b):
    z = x @ W + state.h @ U + b
    i, f, o, g = np.split(z, 4)
    c = sigmoid(f) * state.c + sigmoid(i) * np.tanh(g)
    return LSTMState(h=sigmoid(o) * np.tanh(c), c=c)
#: type alias and Optional
from __future__ import annotations
from typing import Optional, Tuple
Array = np.ndarray
def rnn_step(x: Array, h_prev: Array, Wxh: Array, Whh: Array, bh: Optional[Array] = None) -> Tuple[Array, Array]:
    """LLM style."""
    pre: Array = x @ Wxh + h_prev @ Whh
    if bh is not None:
        pre = pre + bh
    h_new: Array = np.tanh(pre)
    return h_new
#: karpathy batched lstm step, biases in front
def step(x, prevh, prevc, WLSTM):
    d = prevh.shape[0]
    Hin = np.concatenate(([1], x, prevh))
    IFOG = Hin.dot(WLSTM)
    IFOGf = np.empty_like(IFOG)
    IFOGf[:3*d] = 1.0/(1.0+np.exp(-IFOG[:3*d]))
    IFOGf[3*d:] = np.tanh(IFOG[3*d:])
    C = IFOGf[:d] * IFOGf[3*d:] + IFOGf[d:2*d] * prevc
    Hout = IFOGf[2*d:3*d] * np.tanh(C)
    return Hout, C
#: method condition
class Cell:
    def __init__(self, n_in, n, activation="relu"):
        self.W = np.zeros((n_in, n))
        self.U = np.zeros((n, n))
        self.activation = activation
    def act(self, z):
        if self.activation == "relu":
            return np.maximum(z, 0)
        else:
            return np.tanh(z)
    def step(self, x, h):
        return self.act(x @ self.W + h @ self.U)
#: method condition on a flag
class Cell:
    def __init__(self, n_in, n, use_bias=True):
        self.W = np.zeros((n_in, n))
        self.U = np.zeros((n, n))
        self.b = np.zeros(n)
        self.use_bias = use_bias
    def pre(self, x, h):
        z = x @ self.W + h @ self.U
        if self.use_bias:
            z = z + self.b
        return z
    def step(self, x, h):
        return np.tanh(self.pre(x, h))
#: method condition on bias none
class Cell:
    def __init__(self, n_in, n, bias=None):
        self.W = np.zeros((n_in, n))
        self.U = np.zeros((n, n))
        self.b = bias
    def pre(self, x, h):
        z = x @ self.W + h @ self.U
        if self.b is not None:
            z = z + self.b
        return z
    def step(self, x, h):
        return np.tanh(self.pre(x, h))
#: method condition on numbers
class Cell:
    def __init__(self, n_in, n):
        self.W = np.zeros((n_in, n))
        self.U = np.zeros((n, n))
    def clip(self, z):
        if np.sum(z) > 0:
            z = z * 0.5
        return z
    def step(self, x, h):
        return np.tanh(self.clip(x @ self.W + h @ self.U))
#: method early return
class Cell:
    def __init__(self, n_in, n):
        self.W = np.zeros((n_in, n))
        self.U = np.zeros((n, n))
    def clip(self, z, limit=None):
        if limit is None:
            return z
        norm = np.sqrt(np.sum(z ** 2))
        if norm > limit:
            return z * limit / norm
        return z
    def step(self, x, h):
        z = self.clip(x @ self.W + h @ self.U, 0.5)
        return np.tanh(self.clip(z))
#: method condition on own argument
class Cell:
    def __init__(self, n_in, n):
        self.W = np.zeros((n_in, n))
        self.U = np.zeros((n, n))
    def act(self, z, kind="tanh"):
        if kind == "tanh":
            return np.tanh(z)
        elif kind == "sigmoid":
            return 1 / (1 + np.exp(-z))
        raise ValueError(kind)
    def step(self, x, h):
        g = self.act(x @ self.W, "sigmoid")
        return g * h + (1 - g) * self.act(h @ self.U)
