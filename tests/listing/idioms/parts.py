#: lasagne-like GRU with slices by a function
def slice_w(x, n, units):
    return x[n * units:(n + 1) * units]

def step(x, h, W_in, W_hid, b):
    num_units = h.shape[0]
    input_n = x @ W_in + b
    hid_input = h @ W_hid
    resetgate = slice_w(hid_input, 0, num_units) + slice_w(input_n, 0, num_units)
    updategate = slice_w(hid_input, 1, num_units) + slice_w(input_n, 1, num_units)
    resetgate = sigmoid(resetgate)
    updategate = sigmoid(updategate)
    hidden_update_in = slice_w(input_n, 2, num_units)
    hidden_update_hid = slice_w(hid_input, 2, num_units)
    hidden_update = np.tanh(hidden_update_in + resetgate * hidden_update_hid)
    hid = (1 - updategate) * h + updategate * hidden_update
    return hid
#: gates by a dict comprehension
def step(x, h, c, W, U, b):
    z = x @ W + h @ U + b
    H = len(h)
    gates = {name: z[k * H:(k + 1) * H] for k, name in enumerate("ifgo")}
    i, f, o = (sigmoid(gates[n]) for n in "ifo")
    c = f * c + i * np.tanh(gates["g"])
    return o * np.tanh(c), c
#: weights in one dictionary of tuples; r: r[0], r[1]
def lstm(x, state, params):
    h, c = state
    pre = {}
    for g in ("i", "f", "c", "o"):
        pre[g] = params["W" + g] @ x + params["U" + g] @ h + params["b" + g]
    i = sigmoid(pre["i"])
    f = sigmoid(pre["f"])
    o = sigmoid(pre["o"])
    c = f * c + i * np.tanh(pre["c"])
    return o * np.tanh(c), c
#: zoneout with fixed probability
ZONEOUT = 0.1
def step(x, h, W, U, b, zoneout=ZONEOUT):
    new = np.tanh(W @ x + U @ h + b)
    return zoneout * h + (1 - zoneout) * new
#: gates with np.split and axis 0, tuple brackets
def lstm_step(x, h, c, W, U, b):
    (i, f, g, o) = np.split(np.dot(W, x) + np.dot(U, h) + b, 4, axis=0)
    (i, f, o) = (sigmoid(i), sigmoid(f), sigmoid(o))
    c = np.add(np.multiply(f, c), np.multiply(i, np.tanh(g)))
    h = np.multiply(o, np.tanh(c))
    return (h, c)
#: a GRU with z r n order and hstack
def gru(x, h, Wz, Wr, Wn):
    hx = np.hstack((h, x))
    z, r = [1.0 / (1.0 + np.exp(-(w @ hx))) for w in (Wz, Wr)]
    n = np.tanh(Wn @ np.hstack((r * h, x)))
    return (1.0 - z) * n + z * h
#: bias units appended to the input
def step(x, h, W):
    v = np.append(np.append(x, h), 1.0)
    return np.tanh(W @ v)
#: leaky relu by multiplication of masks
def leaky(z, slope=0.01):
    return np.where(z > 0, z, slope * z)
def step(x, h, Wxh, Whh, bh):
    return leaky(x @ Wxh + h @ Whh + bh)
#: statistics with np.mean of squares
def step(x, h, W, U, g, b):
    a = W @ x + U @ h
    mu = a.mean()
    sigma = np.sqrt(((a - mu) ** 2).mean() + 1e-5)
    return np.tanh(g / sigma * (a - mu) + b)
#: a unit-norm state
def step(x, h, W, U):
    h = np.tanh(W @ x + U @ h)
    h /= np.linalg.norm(h) + 1e-8
    return h
#: a rotation of pairs
def step(x, h, W, theta):
    a, b = h[0::2], h[1::2]
    ra = np.cos(theta) * a - np.sin(theta) * b
    rb = np.sin(theta) * a + np.cos(theta) * b
    return np.stack([ra, rb], axis=1).reshape(-1) + W @ x
#: attention over parts of the state
def step(x, h, Wq, Wk, Wv):
    q = Wq @ x
    K = np.outer(h, Wk)
    scores = K @ q / np.sqrt(q.shape[0])
    scores = np.exp(scores - scores.max())
    weights = scores / scores.sum()
    return weights * (Wv @ x) + (1 - weights) * h
#: the LSTM of a tutorial with concat and Wf, Wi, Wc, Wo, hidden_size
class LSTMCell:
    def __init__(self, input_size, hidden_size):
        self.input_size = input_size
        self.hidden_size = hidden_size
        concat = input_size + hidden_size
        self.Wf = np.random.randn(hidden_size, concat) * 0.1
        self.Wi = np.random.randn(hidden_size, concat) * 0.1
        self.Wc = np.random.randn(hidden_size, concat) * 0.1
        self.Wo = np.random.randn(hidden_size, concat) * 0.1
        self.bf = np.zeros(hidden_size)
        self.bi = np.zeros(hidden_size)
        self.bc = np.zeros(hidden_size)
        self.bo = np.zeros(hidden_size)

    @staticmethod
    def sigmoid(z):
        return 1 / (1 + np.exp(-np.clip(z, -500, 500)))

    def forward(self, x, h_prev, c_prev):
        combined = np.concatenate([h_prev, x])
        f = self.sigmoid(self.Wf @ combined + self.bf)
        i = self.sigmoid(self.Wi @ combined + self.bi)
        c_tilde = np.tanh(self.Wc @ combined + self.bc)
        o = self.sigmoid(self.Wo @ combined + self.bo)
        c = f * c_prev + i * c_tilde
        h = o * np.tanh(c)
        self.cache = (x, h_prev, c_prev, f, i, c_tilde, o, c, h)
        return h, c
#: the same GRU as a class with weights in a dict
class GRU:
    def __init__(self, n_x, n_h):
        self.p = {}
        for gate in ["z", "r", "h"]:
            self.p["W" + gate] = np.random.randn(n_x, n_h)
            self.p["U" + gate] = np.random.randn(n_h, n_h)
            self.p["b" + gate] = np.zeros(n_h)

    def step(self, x, h):
        p = self.p
        z = sigmoid(x @ p["Wz"] + h @ p["Uz"] + p["bz"])
        r = sigmoid(x @ p["Wr"] + h @ p["Ur"] + p["br"])
        g = np.tanh(x @ p["Wh"] + (r * h) @ p["Uh"] + p["bh"])
        return z * h + (1 - z) * g
#: f-string keys in a helper
def affine(params, name, x, h):
    return params[f"W_{name}"] @ x + params[f"U_{name}"] @ h + params[f"b_{name}"]
def step(params, x, h, c):
    i = sigmoid(affine(params, "i", x, h))
    f = sigmoid(affine(params, "f", x, h))
    o = sigmoid(affine(params, "o", x, h))
    g = np.tanh(affine(params, "g", x, h))
    c = f * c + i * g
    return o * np.tanh(c), c
#: np.vectorize-free piecewise function
def act(z):
    out = np.zeros_like(z)
    pos = z > 0
    out[pos] = np.log1p(z[pos])
    out[~pos] = -np.log1p(-z[~pos])
    return out
def step(x, h, W, U):
    return act(W @ x + U @ h)
#: heaviside gate
def step(x, h, W, U):
    z = W @ x + U @ h
    return np.heaviside(z, 0.5) * z + 0.1 * h
#: LRU with real and imaginary parts in a matrix state
def step(x, s, nu, theta, B):
    mag = np.exp(-np.exp(nu))
    re, im = s[0], s[1]
    cr, ci = mag * np.cos(theta), mag * np.sin(theta)
    u = B @ x
    return np.stack([cr * re - ci * im + u, cr * im + ci * re])
#: matmul with a transposed weight, axis names
def step(x_t, h_prev, W_ih, W_hh, b_ih, b_hh):
    gi = np.matmul(W_ih, x_t) + b_ih
    gh = np.matmul(W_hh, h_prev) + b_hh
    i_r, i_z, i_n = np.split(gi, 3)
    h_r, h_z, h_n = np.split(gh, 3)
    r = 1 / (1 + np.exp(-(i_r + h_r)))
    z = 1 / (1 + np.exp(-(i_z + h_z)))
    n = np.tanh(i_n + r * h_n)
    return n + z * (h_prev - n)
#: chunk function like torch's
def chunk(v, n):
    k = v.shape[0] // n
    return [v[j * k:(j + 1) * k] for j in range(n)]
def step(x, h, c, W_ih, W_hh, b_ih, b_hh):
    gates = W_ih @ x + b_ih + W_hh @ h + b_hh
    i, f, g, o = chunk(gates, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
#: a unit that counts with clipped values
def step(x, h, W, u):
    return np.minimum(np.maximum(W @ x + u * h, 0.0), 6.0)
#: tanh by exponentials
def tanh(z):
    e_pos, e_neg = np.exp(z), np.exp(-z)
    return (e_pos - e_neg) / (e_pos + e_neg)
def step(x, h, W, U, b):
    return tanh(np.dot(x, W) + np.dot(h, U) + b)
#: sigma with a name, from scipy import special
from scipy import special
def step(x, h, W, U, b):
    z = special.expit(W @ x + U @ h + b)
    return z * h + (1 - z) * np.tanh(W @ x)
#: state as a column of a matrix with keepdims
def step(x, h, W, U, b):
    z = W @ x + U @ h + b
    z = z - z.mean(axis=0, keepdims=True)
    return np.tanh(z)
#: moment of three exponents, Adam-like
def step(x, m, v, W, beta1=0.9, beta2=0.99):
    g = W @ x
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    return m, v
#: named results, cache in the middle; r: r[0], r[2]
def forward(x, h_prev, c_prev, W, b):
    z = np.concatenate((h_prev, x))
    a = np.dot(W, z) + b
    n = len(h_prev)
    ai, af, ao, ag = a[:n], a[n:2*n], a[2*n:3*n], a[3*n:]
    i, f, o, g = sigmoid(ai), sigmoid(af), sigmoid(ao), np.tanh(ag)
    c_next = f * c_prev + i * g
    h_next = o * np.tanh(c_next)
    cache = (i, f, o, g, c_next, h_prev, c_prev)
    return h_next, cache, c_next
#: jnp from jax
from jax import numpy as jnp
def step(x, h, W, U):
    return jnp.tanh(W @ x + U @ h)
#: comprehension with f-strings
def step(x, h, c, params):
    gates = {g: params[f"W{g}"] @ x + params[f"U{g}"] @ h + params[f"b{g}"] for g in "ifog"}
    i, f, o = [sigmoid(gates[g]) for g in ("i", "f", "o")]
    c = f * c + i * np.tanh(gates["g"])
    return o * np.tanh(c), c
#: comprehension with f-strings to names
def step(x, h, c, params):
    i, f, o, g = [params[f"W{k}"] @ np.concatenate([x, h]) + params["b" + k] for k in "ifog"]
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
#: chunk appended
def chunks(v, n):
    out = []
    for part in np.split(v, n):
        out.append(part)
    return out
def step(x, h, c, W, U, b):
    i, f, g, o = chunks(W @ x + U @ h + b, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
#: chunk split returned
def chunks(v, n):
    return np.split(v, n)
def step(x, h, c, W, U, b):
    i, f, g, o = chunks(W @ x + U @ h + b, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
#: list of split appended directly
def chunks(v):
    out = []
    for part in np.split(v, 4):
        out.append(part)
    return out
def step(x, h, c, W, U, b):
    i, f, g, o = chunks(W @ x + U @ h + b)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
#: an index of the parts of a split in a list
def step(x, h, c, W, U, b):
    parts = [p for p in np.split(W @ x + U @ h + b, 4)]
    c = sigmoid(parts[0]) * c + sigmoid(parts[1]) * np.tanh(parts[2])
    return sigmoid(parts[3]) * np.tanh(c), c
#: einsum with an ellipsis
def step(x, h, W, U):
    return np.tanh(np.einsum("...i,ij->...j", x, W) + np.einsum("...i,ij->...j", h, U))
#: xor of gates
def step(x, h, W, U):
    a, b = W @ x > 0, U @ h > 0
    return np.where(np.logical_xor(a, b), 1.0, -1.0) * np.tanh(W @ x + U @ h)
#: prev as a tuple
def lstm_step(x_t, prev, weights):
    h_prev, c_prev = prev
    concat = np.concatenate((h_prev, x_t))
    f_t = sigmoid(np.dot(weights["Wf"], concat) + weights["bf"])
    c_hat = np.tanh(np.dot(weights["Wc"], concat) + weights["bc"])
    c_t = f_t * c_prev + (1 - f_t) * c_hat
    h_t = np.tanh(c_t)
    return h_t, c_t
#: a class with cell and state tuple; r: r[1]
class Cell:
    def __init__(self, d, n):
        self.d, self.n = d, n
        k = 1.0 / np.sqrt(n)
        self.weights = {
            "W": np.random.uniform(-k, k, (n, d)),
            "U": np.random.uniform(-k, k, (n, n)),
            "b": np.zeros(n),
        }

    def __call__(self, x, state):
        h = np.tanh(self.weights["W"] @ x + self.weights["U"] @ state + self.weights["b"])
        return h, h
#: property of the object
class Cell:
    def __init__(self, d, n):
        self.W, self.U, self.log_tau = np.zeros((n, d)), np.zeros((n, n)), np.zeros(n)

    @property
    def alpha(self):
        return np.exp(-np.exp(self.log_tau))

    def forward(self, x, h):
        return self.alpha * h + (1 - self.alpha) * np.tanh(self.W @ x + self.U @ h)
#: static and class methods
class Cell:
    EPS = 1e-5

    def __init__(self, d, n):
        self.W, self.U, self.g = np.zeros((n, d)), np.zeros((n, n)), np.zeros(n)

    @classmethod
    def normed(cls, a):
        return (a - a.mean()) / np.sqrt(a.var() + cls.EPS)

    def forward(self, x, h):
        return np.tanh(self.g * self.normed(self.W @ x + self.U @ h))
#: types in the head with arrays
from typing import Tuple, Dict
import numpy.typing as npt
def step(x: npt.NDArray[np.float64], h: npt.NDArray, W: "np.ndarray", U: np.ndarray) -> Tuple[np.ndarray, Dict[str, np.ndarray]]:
    a: np.ndarray = W @ x + U @ h
    return np.tanh(a), {"a": a}
#: assertion with message and shapes
def step(x, h, W, U):
    n, d = W.shape
    assert x.shape == (d,), f"x has {x.shape}, not {(d,)}"
    assert U.shape == (n, n)
    return np.tanh(W @ x + U @ h)
#: comments and blank lines between

# An Elman network.
#
def step(x, h, W, U):  # one step

    # the sum
    a = W @ x \
        + U @ h   # both

    # and squash
    return (
        np.tanh(a)
    )
#: conditional import and main
try:
    import cupy as np
except ImportError:
    import numpy as np
def step(x, h, W, U):
    return np.tanh(W @ x + U @ h)
#: xp by get_array_module
def step(x, h, W, U):
    xp = np
    return xp.tanh(xp.dot(W, x) + xp.dot(U, h))
#: outer product with broadcasting
def step(x, S, Wk, Wv, Wq):
    k, v = Wk @ x, Wv @ x
    S = 0.9 * S + v[:, None] * k[None, :]
    return S
#: norm with axis
def step(x, S, W, V):
    S = S + np.outer(np.tanh(W @ x), np.tanh(V @ x))
    return S / (1 + np.linalg.norm(S, axis=1, keepdims=True))
#: cumulative product gate
def step(x, h, W, U):
    g = np.cumprod(sigmoid(W @ x + U @ h))
    return g * h + (1 - g) * np.tanh(W @ x)
#: flip
def step(x, h, W, U):
    return np.tanh(W @ x + U @ np.flip(h))
#: argmax one-hot
def step(x, h, W, U):
    z = np.tanh(W @ x + U @ h)
    k = np.argmax(z)
    return z * (np.arange(len(z)) == k) + 0.1 * h
#: cos similarity
def step(x, h, W):
    z = W @ x
    cos = (z @ h) / (np.linalg.norm(z) * np.linalg.norm(h) + 1e-3)
    return np.tanh(z + cos * h)
#: in-place ufuncs with where
def step(x, h, W, U):
    z = W @ x + U @ h
    np.tanh(z, out=z)
    np.maximum(z, -0.5, out=z)
    return z
#: put into slices
def step(x, h, W, U):
    n = len(h)
    out = np.empty(n)
    out[: n // 2] = np.tanh((W @ x)[: n // 2])
    out[n // 2 :] = sigmoid((U @ h)[n // 2 :])
    return out
#: ufunc at
def step(x, h, W, U):
    z = W @ x
    z[0] += h[1]
    z[1:] -= h[:-1]
    return np.tanh(z)
