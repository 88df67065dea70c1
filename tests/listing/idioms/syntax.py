#: swap and rename
def step(x, h, c, W, U):
    z = np.tanh(x @ W + h @ U)
    h, c = c, z
    return h, c
#: slices to two names
def step(x, h, W, U):
    keep, move = h[:2], h[2:]
    a, b = x @ W, h @ U
    return np.concatenate([move, keep]) * a + np.tanh(b)
#: chains and operators in place
def step(x, h, W, U, b):
    a = d = x @ W
    a = a + b
    a -= 0.5
    a *= 2
    a /= 3
    a **= 2
    h = np.tanh(a + d + h @ U)
    return h
#: three in a chain
def step(x, h, c, W, U):
    h = c = z = np.tanh(x @ W + h @ U + c)
    return h, c
#: semicolons on every line
def step(x, h, W, U, b):
    z = x @ W; z = z + h @ U; z = z + b;
    h = np.tanh(z);
    return h;
#: backslashes
def step(x, h, W, U, b):
    h = np.tanh( \
        x @ W \
        + h @ U + \
        b )
    return h
#: brackets over lines, operators first
def step(
    x,
    h,
    W, U,
    b,
):
    h = (
        np.tanh(
            x @ W
            + h @ U
            + b
        )
    )
    return h
#: everything on one line with a semicolon
def step(x, h, W, U, b): z = x @ W + h @ U + b; return np.tanh(z)
#: hints of every sort
def step(x: "np.ndarray", h: np.ndarray, W: np.ndarray, U: 'np.ndarray', b: np.ndarray | None = None) -> np.ndarray:
    z: np.ndarray
    z = x @ W + h @ U + b
    h: np.ndarray = np.tanh(z)
    return h
#: hints of typing
from typing import Tuple
import numpy as np
from numpy.typing import NDArray

def step(x: NDArray, h: NDArray, c: NDArray, W: NDArray[np.float64], U: NDArray) -> Tuple[NDArray, NDArray]:
    z = np.tanh(x @ W + h @ U)
    c = c + z
    return z * np.tanh(c), c
#: defaults and keyword-only
def step(x, h, W, U, *, alpha=.5, beta: float = 1e-1):
    return alpha * h + beta * np.tanh(x @ W + h @ U)
#: positional only
def step(x, h, /, W, U):
    return np.tanh(x @ W + h @ U)
#: a negative default and an int
def step(x, h, W, U, b=-0.5, n=2):
    return np.tanh(x @ W + h @ U + b) / n
#: *state with three
def step(x, *state, W, U):
    a, b, c = state
    a = np.tanh(x @ W + a @ U)
    b = b + a
    c = c * b
    return a, b, c
#: state by index
def step(x, state, W, U, b):
    h, c = state[0], state[1]
    c = c + np.tanh(x @ W + h @ U + b)
    return np.tanh(c), c
#: list behind return
def step(x, h, c, W, U, b):
    c = c + np.tanh(x @ W + h @ U + b)
    h = np.tanh(c)
    return [h, c]
#: a dictionary returned; r: r["h"], r["c"]
def step(x, h, c, W, U, b):
    c = c + np.tanh(x @ W + h @ U + b)
    h = np.tanh(c)
    return {"h": h, "c": c}
#: dict() returned; r: r["h"], r["c"]
def step(x, h, c, W, U, b):
    c = c + np.tanh(x @ W + h @ U + b)
    h = np.tanh(c)
    return dict(h=h, c=c)
#: a dictionary as cache; r: r[0]
def step(x, h, W, U, b):
    z = x @ W + h @ U + b
    h_next = np.tanh(z)
    cache = {"x": x, "z": z, "h": h_next}
    return h_next, cache
#: a cache written at the return; r: r[0]
def step(x, h, W, U, b):
    h_next = np.tanh(x @ W + h @ U + b)
    return h_next, (x, h, W, U, b)
#: a dictionary cache at the return; r: r[0]
def step(x, h, W, U, b):
    h_next = np.tanh(x @ W + h @ U + b)
    return h_next, {"x": x, "h": h}
#: another name
def lstm_unit(x, h, c, W, b):
    z = np.hstack((x, h)) @ W + b
    i, j, f, o = np.split(z, 4)
    c = c * sigmoid(f + 1.0) + sigmoid(i) * np.tanh(j)
    h = np.tanh(c) * sigmoid(o)
    return h, c
#: __call__ of a class
def __call__(self, x, h):
    return np.tanh(self.Wx @ x + self.Wh @ h + self.b)
#: assert, print, f-string, docstring
def step(x, h, W, U, b):
    '''One step.

    >>> step(x, h)
    '''
    assert x.ndim == 1, f"x has {x.ndim} axes"
    assert h.shape == (4,), "four units"
    z = x @ W + h @ U + b
    print(f"{z=} {z.mean():.3f}", end="")
    h = np.tanh(z)
    print("h", h.shape, sep='\t')
    return h
#: global and pass
def step(x, h, W, U, b):
    global counter
    pass
    h = np.tanh(x @ W + h @ U + b)
    return h
#: del
def step(x, h, W, U, b):
    z = x @ W + h @ U + b
    h = np.tanh(z)
    del z
    return h
#: raise behind a condition on sizes
def step(x, h, W, U, b):
    if x.shape[0] != 6:
        raise ValueError("six features")
    return np.tanh(x @ W + h @ U + b)
#: a walrus
def step(x, h, W, U, b):
    h = np.tanh(z := x @ W + h @ U + b) + 0.1 * z
    return h
#: if with a constant
def step(x, h, W, U, b, use_bias=True, relu_out=False):
    z = x @ W + h @ U
    if use_bias:
        z = z + b
    if relu_out:
        z = np.maximum(z, 0)
    return np.tanh(z)
#: if on None
def step(x, h, W, U, b=None):
    z = x @ W + h @ U
    if b is not None:
        z += b
    return np.tanh(z)
#: a conditional expression with a size
def step(x, h, W, U, b):
    n = h.shape[0]
    scale = 1 / np.sqrt(n) if n > 2 else 1.0
    return np.tanh(scale * (x @ W + h @ U) + b)
#: imports inside and outside
import numpy as np
import math
from math import sqrt, pi

def step(x, h, W, U, b):
    import numpy
    z = (x @ W + h @ U) / sqrt(len(h)) + math.pi * b
    return numpy.tanh(z) * math.exp(-1) + pi
#: expit as sigmoid
from scipy.special import expit as sigmoid
import numpy as np
def step(x, h, W, U, b):
    return sigmoid(x @ W + h @ U + b)
#: scipy.special.expit written out
import scipy.special
import numpy as np
def step(x, h, W, U, b):
    return scipy.special.expit(x @ W + h @ U + b)
#: scipy.special softmax and expit
from scipy.special import expit, softmax
def step(x, h, W, U, b):
    z = x @ W + h @ U + b
    return expit(z) * softmax(z)
#: from numpy import star
from numpy import *
def step(x, h, W, U, b):
    return tanh(dot(x, W) + dot(h, U) + b) + zeros(4) + concatenate([x[:2], h[:2]])
#: from numpy import several
from numpy import tanh, dot, exp as e, concatenate
def step(x, h, W, U, b):
    z = concatenate((x, h))
    return tanh(dot(x, W) + dot(h, U) + b) * e(-h ** 2)
#: numpy without an alias
import numpy
def step(x, h, W, U, b):
    return numpy.tanh(numpy.matmul(x, W) + numpy.matmul(h, U) + b)
#: jax's numpy
import jax.numpy as jnp
def step(x, h, W, U, b):
    return jnp.tanh(jnp.dot(x, W) + jnp.dot(h, U) + b)
#: autograd's numpy
import autograd.numpy as np
def step(x, h, W, U, b):
    return np.tanh(np.dot(x, W) + np.dot(h, U) + b)
#: cupy
import cupy as cp
def step(x, h, W, U, b):
    return cp.tanh(cp.dot(x, W) + cp.dot(h, U) + b)
#: constants above the step
import numpy as np
alpha = 0.3
HIDDEN = 4
EPS, SCALE = 1e-6, 2.0
def step(x, h, W, U, b):
    z = x @ W + h @ U + b
    return alpha * h + (1 - alpha) * np.tanh(z / (SCALE + EPS)) + np.zeros(HIDDEN)
#: loops over weights
def step(x, h, W, U1, U2, U3):
    h = np.tanh(x @ W + h)
    for U in [U1, U2, U3]:
        h = np.tanh(h @ U)
    return h
#: loops over pairs
def step(x, h, W, U1, b1, U2, b2):
    h = np.tanh(x @ W + h)
    for U, b in ((U1, b1), (U2, b2)):
        h = np.tanh(h @ U + b)
    return h
#: loops with zip
def step(x, h, W, U1, b1, U2, b2):
    h = np.tanh(x @ W + h)
    for U, b in zip([U1, U2], [b1, b2]):
        h = np.tanh(h @ U + b)
    return h
#: loops with enumerate
def step(x, h, W, U1, U2):
    h = np.tanh(x @ W + h)
    for k, U in enumerate([U1, U2]):
        h = np.tanh(h @ U) * (k + 1)
    return h
#: a nested loop
def step(x, h, W, U):
    z = x @ W
    for i in range(2):
        for j in range(2):
            h = np.tanh(z * (i + 1) + h @ U / (j + 1))
    return h
#: a loop with a step, backwards
def step(x, h, W, U):
    z = x @ W
    for k in range(3, 0, -1):
        h = h + np.tanh(z + h @ U) / k
    return h
#: a loop with a name for the bound
def step(x, h, W, U, depth=2):
    n_iter = 2
    for _ in range(n_iter):
        h = np.tanh(x @ W + h @ U)
    for _ in range(depth):
        h = 0.5 * h
    return h
#: a comprehension over slices
def step(x, h, c, W, U, b):
    n = len(h)
    z = x @ W + h @ U + b
    i, f, o, g = [z[k * n:(k + 1) * n] for k in range(4)]
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
#: a comprehension with tuple
def step(x, h, c, W, U, b):
    i, f, o = (sigmoid(a) for a in np.split(x @ W + h @ U + b, 3))
    c = f * c + i * np.tanh(x @ W + h @ U + b)[:4]
    return o * np.tanh(c), c
#: sum of a list
def step(x, h, W, U, b):
    z = sum([x @ W, h @ U, b])
    return np.tanh(z)
#: a star in a call
def step(x, h, W, U, b):
    parts = np.split(x @ W + h @ U + b, 2)
    return np.tanh(np.concatenate([*parts]))
#: tuple unpacked with underscore
def step(x, h, W, U, b):
    z, _ = np.split(x @ W + h @ U + b, 2)
    return np.tanh(z)
#: names that shadow functions
def step(input, hidden, weight, bias, max=1.0):
    sum = input @ weight + bias
    return np.tanh(sum + hidden) * max
#: abs, pow, float, int
def step(x, h, W, U, b):
    z = x @ W + h @ U + b
    n = int(len(h))
    return np.tanh(abs(z)) * float(2) - pow(z, 2) / n
#: round brackets everywhere and plus signs
def step(x, h, W, U, b):
    return (+((np.tanh(((x @ W)) + (h @ U) + (+b)))))
#: numbers of every sort
def step(x, h, W, U):
    return np.tanh(1_0 * 1.e-1 * (x @ W) + .5E0 * (h @ U) - 1e-0 + 0.)
#: a return before names change
def step(x, h, W, U, b):
    z = x @ W + h @ U + b
    s = np.sum(z)
    if s > 0.2:
        return np.tanh(2 * z)
    if s < -0.2:
        s = s / 2
        return np.tanh(s * z + h)
    z = z + s
    s = s + 5
    return np.tanh(z * s / 5)
#: a return inside of a condition that returns
def step(x, h, W, U, b):
    z = x @ W + h @ U + b
    s = np.sum(z)
    if s > 0:
        if s > 0.5:
            return np.tanh(2 * z)
        z = z - 1
        return np.tanh(3 * z)
    elif s < -0.5:
        return np.tanh(4 * z)
    else:
        if np.sum(h) > 0:
            return np.tanh(h - z)
        z = 2 * z
    return np.tanh(z - h)
#: functions of another class
class Act:
    @staticmethod
    def sigmoid(z):
        return 1.0 / (1.0 + np.exp(-z))
    @staticmethod
    def bend(z):
        return np.where(z >= 0, z + 0.5, Act.sigmoid(z))
class Cell:
    def __init__(self, n_in, n):
        self.sizes = n_in, n
    def step(self, x, h):
        f, i = Act.sigmoid(self.Wf @ x + self.bf), Act.sigmoid(self.Wi @ x + self.bi)
        return f / (f + i) * h + i / (f + i) * Act.bend(self.Wh @ x)
#: functions of a class without objects
class Fn:
    def swish(z, beta=1.0):
        return z / (1 + np.exp(-beta * z))
def step(x, h, W, U, b):
    return Fn.swish(x @ W + h @ U + b, beta=2.0) + Fn.swish(h)
#: lambdas in the object's beginning
class Cell:
    def __init__(self, n_in, n, slope=0.2):
        self.act = lambda z: np.where(z > 0, z, slope * z)
        self.mix = lambda a, b: self.g * a + (1 - self.g) * b
    def step(self, x, h):
        return self.mix(self.act(x @ self.W + h @ self.U), h)
#: a function of a table in the object's beginning
class Cell:
    def __init__(self, n_in, n, activation="leaky"):
        acts = {"tanh": np.tanh, "leaky": lambda z: np.maximum(0.1 * z, z)}
        self.act = acts[activation]
    def step(self, x, h):
        return self.act(x @ self.W + h @ self.U + self.b)
#: a function of a table above, with another where it is not there
ACTS = {"tanh": np.tanh, "soft": lambda z: z / (1 + np.abs(z))}
class Cell:
    def __init__(self, n_in, n, activation="soft"):
        self.act = ACTS.get(activation, np.tanh)
    def step(self, x, h):
        return self.act(x @ self.W + h @ self.U + self.b)
#: getattr of numpy
def step(x, h, W, U, b, activation="tanh"):
    act = getattr(np, activation)
    return act(x @ W + h @ U + b) + getattr(np, "sin")(h)
#: getattr of numpy in the object's beginning
class Cell:
    def __init__(self, n_in, n, nonlinearity="tanh"):
        self.f = getattr(np, nonlinearity)
    def step(self, x, h):
        return self.f(x @ self.W + h @ self.U + getattr(self, "b"))
#: reduce
import functools
from functools import reduce
def step(x, h, W, U, b, V1, V2):
    z = functools.reduce(np.add, [x @ W, h @ U, b])
    parts = [V1, V2]
    return reduce(lambda a, V: np.tanh(V @ a), parts, z)
#: products of several matrices
def step(x, h, W, A, B, C):
    return np.tanh(x @ W + np.linalg.multi_dot([h, A, B, C]))
#: weights side by side
def step(x, h, Wx, Wh, b):
    W = np.hstack([Wx, Wh])
    return np.tanh(W @ np.concatenate([x, h]) + b)
#: weights above each other and side by side
def step(x, h, Wxz, Whz, Wx, Wh):
    z = sigmoid(np.hstack((x, h)) @ np.vstack((Wxz, Whz)))
    W = np.concatenate((Wx, Wh), axis=1)
    return z * h + (1 - z) * np.tanh(W.dot(np.concatenate((x, z * h))))
#: numbers in a tuple that is given by default
def step(x, h, W, U, b, scales=(0.5, 2)):
    z = x @ W + h @ U + b
    return np.tanh(sum(z * s for s in scales) + scales[0])
#: sums of one letter that both arrays keep
def step(u, h, A, W, WB, WC):
    delta = np.exp(W @ u)
    B, C = WB @ u, WC @ u
    h = np.einsum("d,dn->dn", delta, A) * h + np.einsum("d,n,d->dn", delta, B, W @ u)
    y = np.einsum("dn,n->d", h, C)
    return h * np.tanh(np.einsum("d,dn,n->n", y, h, C))
#: an output before the states by their names; r: r[1:]; sizes: 4 4
def step(x, last_x, num, decay, W, V):
    k = np.exp(V @ (x * decay + last_x * (1 - decay)))
    new = decay * num + k
    return W @ (num / (1 + k)), x, new
#: an output behind a matrix
def step(x, S, Wq, Wk, Wv):
    q, k, v = (M @ x for M in (Wq, Wk, Wv))
    S = 0.9 * S + np.outer(k, v)
    y = q @ S
    return S, y
#: triangles beside the diagonal
def step(x, h, W, V):
    (n,) = h.shape
    M = np.triu(W, k=1)
    return np.tanh((M - M.T) @ h + np.tril(W, -1) @ h / n + V @ x)
#: a matrix of two rows where the input is a row
def step(x, h, W, U):
    z = x @ W
    rows = np.vstack([z, h])
    return np.tanh(rows[0] + U @ rows[1] + rows.sum(axis=0))
#: objects in an object
class Linear:
    def __init__(self, n_in, n_out, scale=0.5):
        self.W, self.b, self.scale = np.zeros((n_out, n_in)), np.zeros(n_out), scale
    def apply(self, z):
        return self.W @ z + self.b
    def forward(self, z):
        return self.scale * self.apply(z)
class Cell:
    def __init__(self, n_in, n):
        self.inp = Linear(n_in, n)
        self.rec = Linear(n, n, 2.0) if n > 99 else None
        self.rec = Linear(n, n)
        self.act, self.leak = np.tanh, 0.3
    def step(self, x, h):
        return (1 - self.leak) * h + self.leak * self.act(self.inp.forward(x) + self.rec.forward(h))
#: a function that gives parts
def gates(z, W, b, use_bias=True):
    out = W @ z
    if use_bias:
        out += b
    return np.split(out, 3)
def step(x, h, W, U, b, d):
    (xr, xz, xn), (hr, hz, hn) = gates(x, W, b), gates(h, U, d)
    r, z = sigmoid(xr + hr), sigmoid(xz + hz)
    return (1 - z) * np.tanh(xn + r * hn) + z * h
#: parts of a function, one line each
def gates(z, W, b):
    return np.split(W @ z + b, 2)
def step(x, h, W, U, b, d):
    xz, xn = gates(x, W, b)
    hz, hn = gates(h, U, d)
    z = sigmoid(xz + hz)
    return z * np.tanh(xn + hn) + (1 - z) * h
#: tuples that are handed to a function
linear = lambda x, p: p[0] @ x + p[-1]
def gate(x, h, params):
    W, U, b = params
    return sigmoid(linear(x, (W, b)) + U @ h)
def step(x, h, Wz, Uz, bz, Wn, Un, bn):
    z = gate(x, h, (Wz, Uz, bz))
    return z * h + (1 - z) * np.tanh(linear(x, (Wn, bn)) + Un @ h)
#: results that are put into an array
def step(x, h, W, U, b):
    z = np.dot(W, x)
    np.add(z, U @ h, out=z)
    z += b
    np.tanh(z, out=z)
    return z
#: groups of names, and the rows of a matrix; r: r[1]
def step(x, state, W, R, b):
    (h, c), scale = state, 0.5
    z = (W @ x + R @ h + b).reshape(4, -1)
    i, f, o = (sigmoid(v) for v in z[:3])
    c = f * c + i * np.tanh(z[3]) * scale
    h = o * np.tanh(c)
    return h, (h, c)
