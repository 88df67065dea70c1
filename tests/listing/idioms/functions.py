#: methods of arrays
def step(x, h, W, U):
    z = x.dot(W) + h.dot(U)
    z = z.copy().clip(-1, 1)
    return (z - z.mean()) / (z.std() + 0.1) + z.max() - z.min() + z.sum() * z.var()
#: rounding is refused, floor is not
def step(x, h, W, U):
    z = x @ W + h @ U
    return np.tanh(z) + np.floor(z) * 0.1 + np.ceil(z) * 0.1
#: cube root and exp2
def step(x, h, W, U):
    z = x @ W + h @ U
    return np.tanh(np.exp2(z) + np.log2(1 + z ** 2) + np.log10(2 + z ** 2))
#: square, sqrt, reciprocal, negative, positive
def step(x, h, W, U):
    z = x @ W + h @ U
    return np.tanh(np.sqrt(np.square(z) + 1)) + np.reciprocal(2 + z * z) + np.negative(h)
#: sinh cosh
def step(x, h, W, U):
    z = x @ W + h @ U
    return np.tanh(z) + np.sinh(h) / np.cosh(h)
#: sin cos pi
def step(x, h, W, omega):
    return np.sin(omega * (x @ W) + np.pi / 2) * np.cos(np.pi * h / 4)
#: maximum minimum abs sign
def step(x, h, W, U):
    z = np.maximum(0.0, x @ W) - np.minimum(0, h @ U) + 0.1
    return np.tanh(np.sign(z) * np.abs(z) ** 0.5)
#: where in three shapes
def step(x, h, W, U):
    z = x @ W + h @ U
    z = np.where(z > 1, 1, np.where(z < -1, -1, z))
    return np.where(np.abs(h) < 0.5, z, 0.5 * z)
#: masks multiplied
def step(x, h, W, U):
    z = x @ W + h @ U
    mask = (z > 0) & (z < 1)
    return np.where(mask, z, 0.1 * z) * 1.0
#: or and not of masks
def step(x, h, W, U):
    z = x @ W + h @ U
    mask = (z > 1) | (z < -1)
    return np.where(~mask, z, np.sign(z))
#: logical_and
def step(x, h, W, U):
    z = x @ W + h @ U
    return np.where(np.logical_and(z > 0, h > 0), z, np.tanh(z)) + np.where(np.logical_not(z > 0), 0.1, 0)
#: hard sigmoid and hard tanh
def step(x, h, W, U):
    z = x @ W + h @ U
    return np.clip(0.2 * z + 0.5, 0, 1) * np.clip(h, -1.0, 1.0) + hard_sigmoid(z)
#: relu6, elu, selu
def step(x, h, W, U):
    z = x @ W + h @ U
    a = np.minimum(np.maximum(z, 0), 6)
    e = np.where(z > 0, z, np.exp(z) - 1)
    s = 1.0507009873554805 * np.where(z >= 0, z, 1.6732632423543772 * np.expm1(z))
    return np.tanh(a + e + s)
#: softplus four ways
def step(x, h, W, U):
    z = x @ W + h @ U
    return np.tanh(np.log(1 + np.exp(z)) + np.log1p(np.exp(h)) + np.logaddexp(0, z) + softplus(h))
#: mish
def step(x, h, W, U):
    z = x @ W + h @ U
    return z * np.tanh(np.log1p(np.exp(z)))
#: gelu and silu
def step(x, h, W, U):
    return np.tanh(gelu(x @ W) + silu(h @ U)) * log_sigmoid(h)
#: gelu written out
def gelu(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * np.power(x, 3))))
def step(x, h, W, U):
    return gelu(x @ W + h @ U)
#: softmax with keepdims
def step(x, h, W, U, V):
    h = np.tanh(x @ W + h @ U)
    y = h @ V
    y = y - np.max(y, keepdims=True)
    p = np.exp(y) / np.exp(y).sum(axis=-1, keepdims=True)
    return h + p[:4] if len(h) > 2 else h
#: log of softmax
def step(x, h, W, U, V):
    z = V @ np.tanh(x @ W + h @ U)
    logp = z - np.log(np.sum(np.exp(z - z.max()))) - z.max()
    return np.exp(logp) - logp / 10
#: inner, vdot, tensordot
def step(x, h, W, U, v):
    a = np.inner(h, v) + np.vdot(h, h)
    return np.tanh(x @ W + np.dot(h, U)) * a
#: matmul and multiply
def step(x, h, W, U):
    return np.multiply(np.matmul(x, W), 0.5) + np.subtract(h, np.divide(np.matmul(h, U), 2))
#: cumulative sums
def step(x, h, W):
    return np.tanh(np.cumsum(h) + x @ W)
#: cumax of ordered neurons
def cumax(a):
    return np.cumsum(softmax(a))
def step(x, h, c, W, U, b):
    z = x @ W + h @ U + b
    i, f, o, g, mf, mi = np.split(z, 6)
    mf, mi = cumax(mf), 1 - cumax(mi)
    w = mf * mi
    f = sigmoid(f) * w + (mf - w)
    i = sigmoid(i) * w + (mi - w)
    c = f * c + i * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
#: norms
def step(x, h, W, U):
    z = x @ W + h @ U
    n = np.linalg.norm(z)
    return z / n * np.sqrt(np.sum(h ** 2) + 1e-8)
#: power and float powers
def step(x, h, W, U):
    z = np.exp(x @ W + h @ U)
    return np.power(z, 0.5) / (1 + np.power(z, 2)) ** (1 / 3) - 2.0 ** -z
#: types
def step(x, h, W, U):
    x = np.asarray(x, dtype=np.float64)
    h = np.array(h, dtype='float64').astype(float)
    z = np.float32(0.5) * (x @ W + h @ U)
    return np.tanh(z).astype(np.float64) * np.float64(2)
#: zeros_like, ones_like, full_like with dtype
def step(x, h, W, U):
    z = x @ W + h @ U
    one = np.ones_like(z, dtype=float)
    return (one - sigmoid(z)) * h + np.zeros_like(h) + np.full_like(h, 0.25) * z
#: mod and trunc
def step(x, h, W, U):
    phase = np.mod(x @ W + h, 2 * np.pi)
    return np.sin(phase) + 0.1 * (phase % 1.0)
#: a time gate
def step(x, h, c, t, W, U, b, tau, shift, r_on):
    phi = np.mod(t - shift, tau) / tau
    k = np.where(phi < 0.5 * r_on, 2 * phi / r_on, np.where(phi < r_on, 2 - 2 * phi / r_on, 0.001 * phi))
    i, f, o, g = np.split(x @ W + h @ U + b, 4)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h_new = sigmoid(o) * np.tanh(c_new)
    c = k * c_new + (1 - k) * c
    h = k * h_new + (1 - k) * h
    return h, c, t + 1
#: any and all are choices of the whole
def step(x, h, W, U):
    z = x @ W + h @ U
    z = z if z.max() < 10 else np.clip(z, -10, 10)
    return np.tanh(z)
#: max of a stack, maxout
def step(x, h, W1, W2, U):
    m = np.max(np.stack([x @ W1, x @ W2]), axis=0)
    return np.tanh(m + h @ U)
#: k-winners by a threshold
def step(x, h, W, U):
    z = x @ W + h @ U
    return np.where(z >= z.mean(), z, 0.0) * (z > 0)
#: dropout with a given mask
def step(x, h, mask, W, U):
    return np.tanh(x @ W + (h * mask) @ U), mask
#: clip with names
def step(x, h, W, U):
    return np.clip(a=x @ W + h @ U, a_min=-1, a_max=1)
#: clip with None
def step(x, h, W, U):
    return np.clip(x @ W + h @ U, 0, None)
#: quaternion-like rotation
def step(x, h, W, theta):
    c, s = np.cos(theta), np.sin(theta)
    a, b = h[:2], h[2:]
    rot = np.concatenate([c * a - s * b, s * a + c * b])
    return rot + np.tanh(x @ W)
#: real and imaginary of a pair
def step(x, re, im, nu, omega, Wr, Wi):
    r = np.exp(-np.exp(nu))
    re, im = r * (np.cos(omega) * re - np.sin(omega) * im) + Wr @ x, \
             r * (np.sin(omega) * re + np.cos(omega) * im) + Wi @ x
    return re, im
#: sum over parts by keyword
def step(x, h, W, U):
    z = np.stack([x @ W, h @ U])
    return np.tanh(np.sum(a=z, axis=0)) + np.mean(z, axis=0, keepdims=False)
#: average and absolute
def step(x, h, W, U):
    z = x @ W + h @ U
    return z - np.average(z) + np.absolute(h) - np.amax(h)
#: functions in a dictionary
ACT = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0), "sigmoid": sigmoid}
def act(z, kind="tanh"):
    return ACT[kind](z)
def gate(x, h, W, U, kind):
    return act(x @ W + h @ U, kind)
def step(x, h, Wf, Uf, Wc, Uc):
    f = gate(x, h, Wf, Uf, "sigmoid")
    c = gate(x, f * h, Wc, Uc, kind="relu")
    return f * h + (1 - f) * act(c)
#: functions in lists
def step(x, h, W, U):
    acts = [np.tanh, lambda z: z / (1 + np.abs(z))]
    z = x @ W + h @ U
    return [np.tanh, sigmoid][1](acts[1](z)) * acts[0](z)
#: a dictionary of functions in a class
class Cell:
    def __init__(self, n_in, n_out):
        self.sizes = n_in, n_out

    ACT = dict(tanh=np.tanh, sigmoid=lambda z: 1 / (1 + np.exp(-z)))

    def act(self, z, kind):
        return self.ACT[kind](z)

    def gate(self, x, h, W, U, kind):
        return self.act(x @ W + h @ U, kind)

    def step(self, x, h):
        f = self.gate(x, h, self.Wf, self.Uf, "sigmoid")
        c = self.gate(x, f * h, self.Wc, self.Uc, "tanh")
        return f * h + (1 - f) * c
#: a kind that two methods hand on
class Cell:
    def __init__(self, n_in, n_out):
        self.sizes = n_in, n_out

    def act(self, z, kind):
        if kind == "tanh":
            return np.tanh(z)
        if kind == "sigmoid":
            return sigmoid(z)
        return z

    def gate(self, x, h, W, U, kind):
        return self.act(x @ W + h @ U, kind)

    def step(self, x, h):
        f = self.gate(x, h, self.Wf, self.Uf, "sigmoid")
        c = self.gate(x, f * h, self.Wc, self.Uc, "tanh")
        return f * h + (1 - f) * c
#: a table in the body, chosen by a default
def step(x, h, W, U, kind="soft"):
    table = {"tanh": np.tanh, "soft": lambda v: v / (1 + np.abs(v))}
    return table[kind](x @ W + h @ U)
#: a branch of the object's beginning
class Cell:
    def __init__(self, n_in, n_out, activation="relu"):
        if activation == "relu":
            self.act = np.maximum
        elif activation == "tanh":
            self.act = np.tanh

    def step(self, x, h):
        return self.act(x @ self.W + h @ self.U + self.b, 0.1)
#: another branch of the object's beginning
class Cell:
    def __init__(self, n_in, n_out, activation="tanh"):
        if activation == "exp":
            self.act = np.exp
        else:
            self.act = np.tanh

    def step(self, x, h):
        return self.act(x @ self.W + h @ self.U + self.b)
