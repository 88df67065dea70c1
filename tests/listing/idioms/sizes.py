#: H of shape, slices
def step(x, h, c, W, U, b):
    H, = h.shape
    a = x @ W + h @ U + b
    i = sigmoid(a[0*H:1*H])
    f = sigmoid(a[1*H:2*H])
    o = sigmoid(a[2*H:3*H])
    g = np.tanh(a[3*H:4*H])
    c = f * c + i * g
    return o * np.tanh(c), c
#: sizes as numbers
def step(x, h, c, W, U, b):
    a = x @ W + h @ U + b
    i, f, o, g = a[:4], a[4:8], a[8:12], a[12:]
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
#: hidden_size as a default
def step(x, h, c, W, U, b, hidden_size=4):
    n = hidden_size
    a = x @ W + h @ U + b
    i = sigmoid(a[:n])
    f = sigmoid(a[n : 2 * n])
    o = sigmoid(a[2 * n : 3 * n])
    g = np.tanh(a[3 * n :])
    c = f * c + i * g
    return o * np.tanh(c), c
#: self.hidden_size
def step(self, x, h):
    n = self.hidden_size
    a = self.W @ x + self.U @ h
    return np.tanh(a[:n]) * sigmoid(a[n:])
#: size of a quotient
def step(x, h, W, U):
    z = x @ W + h @ U
    n = z.shape[0] // 2
    return np.tanh(z[:n]) * sigmoid(z[n:]) + h
#: size of a matrix
def step(x, h, W, U, b):
    d, n = W.shape
    k = U.shape[1]
    return np.tanh((x @ W) / np.sqrt(d) + (h @ U) / np.sqrt(k) + b / n)
#: negative and stepped slices
def step(x, h, W, U):
    z = x @ W
    return np.tanh(z[::-1] + h[-2:].sum() + h[:-1].mean() + (h @ U)[::2].sum())
#: shift by one
def step(x, h, w):
    shifted = np.concatenate((x[-1:], h[:-1]))
    return np.tanh(shifted * w)
#: np.roll
def step(x, h, W):
    return np.tanh(np.roll(h, 1) + x @ W)
#: a delay line
def step(x, buf, w):
    buf[1:] = buf[:-1]
    buf[0] = x @ w
    return buf
#: split with sizes
def step(x, h, c, W, U, b):
    n = len(h)
    z = x @ W + h @ U + b
    gates, cand = np.split(z, [3 * n])
    i, f, o = np.split(sigmoid(gates), 3)
    c = f * c + i * np.tanh(cand)
    return o * np.tanh(c), c
#: split and index
def step(x, h, c, W, U, b):
    gates = np.split(x @ W + h @ U + b, 4)
    i = sigmoid(gates[0])
    f = sigmoid(gates[1])
    o = sigmoid(gates[2])
    g = np.tanh(gates[-1])
    c = f * c + i * g
    return o * np.tanh(c), c
#: reshape to rows and unpack
def step(x, h, c, W, U, b):
    z = (x @ W + h @ U + b).reshape(4, -1)
    i, f, o = sigmoid(z[:3])
    g = np.tanh(z[3])
    c = f * c + i * g
    return o * np.tanh(c), c
#: np.reshape and a named size
def step(x, h, c, W, U, b):
    n = h.size
    z = np.reshape(x @ W + h @ U + b, (4, n))
    i, f, o, g = sigmoid(z[0]), sigmoid(z[1]), sigmoid(z[2]), np.tanh(z[3, :])
    c = f * c + i * g
    return o * np.tanh(c), c
#: columns and squeeze
def step(x, h, W, U, b):
    x = x.reshape(-1, 1)
    h = h[:, None]
    z = W @ x + U @ h + b[:, np.newaxis]
    return np.tanh(z).squeeze()
#: np.squeeze and expand_dims
def step(x, h, W, U, b):
    z = np.expand_dims(x, axis=1)
    z = W @ z + (U @ h + b)[:, None]
    return np.tanh(np.squeeze(z))
#: a row and [0]
def step(x, h, W, U, b):
    z = x[np.newaxis, :] @ W + h[None] @ U + b
    return np.tanh(z)[0]
#: flatten
def step(x, h, W, U):
    z = np.outer(x @ W, h @ U)
    return np.tanh(z.sum(axis=1).flatten())
#: heads
def step(x, h, W, U):
    z = (x @ W).reshape(2, 2)
    s = (h @ U).reshape((2, -1))
    return np.tanh(z @ s).reshape(-1)
#: axis -1 throughout
def step(x, h, c, W, b):
    z = np.concatenate([x, h], axis=-1) @ W + b
    i, f, o, g = np.split(z, 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    h = h / np.sum(np.abs(h), axis=-1, keepdims=True)
    return h, c
#: stack and sum
def step(x, h, W, U, V):
    s = np.stack([x @ W, h @ U, h * V], axis=0)
    return np.tanh(s.sum(axis=0) + s.max(axis=0))
#: np.r_ and np.c_
def step(x, h, W, U):
    z = np.r_[x, h, 1]
    m = np.c_[h, h]
    return np.tanh(W @ z) + m[:, 1] * m.sum(1)
#: column_stack and dstack's neighbour
def step(x, h, W, U):
    m = np.column_stack([x @ W, h @ U])
    return np.tanh(m[:, 0]) * sigmoid(m[:, 1])
#: np.block and np.tile's neighbours
def step(x, h, W):
    z = np.hstack([x, h, np.ones(1), np.zeros(2)])
    return np.tanh(W @ z)
#: ones of a size, zeros with a tuple
def step(x, h, W, U):
    z = np.zeros((2, len(h))) + np.ones((1, 4))
    return np.tanh(x @ W + z[0] * (h @ U))
#: np.empty_like filled
def step(x, h, c, W, U, b):
    n = h.shape[0]
    a = x @ W + h @ U + b
    g = np.empty_like(a)
    g[:3*n] = sigmoid(a[:3*n])
    g[3*n:] = np.tanh(a[3*n:])
    c = g[:n] * c + g[n:2*n] * g[3*n:]
    return g[2*n:3*n] * np.tanh(c), c
#: positions of ones: one_hot
def step(x, h, W, U):
    k = np.argmax(h)
    return np.tanh(x @ W + h @ U) * np.eye(4)[0] + (np.arange(4) == k)
#: an outer product and trace
def step(x, h, W, U):
    M = np.outer(x @ W, h)
    return np.tanh(M @ h + np.trace(M))
#: transposes of every sort
def step(x, h, W, U, V):
    a = W.T @ x + np.transpose(U) @ h
    return np.tanh(V.transpose() @ a)
#: fast weights
def step(x, h, A, W, C, lam=0.95, eta=0.5):
    h0 = np.tanh(W @ h + C @ x)
    A = lam * A + eta * np.outer(h0, h0)
    hs = np.tanh(W @ h + C @ x + A @ h0)
    return hs, A
#: a Hopfield-like memory
def step(x, M, Wk, Wv, Wq):
    k = Wk @ x
    k /= np.linalg.norm(k)
    M = M + np.outer(Wv @ x - M @ k, k)
    y = M @ (Wq @ x)
    return M
#: gated linear attention; r: r[1]
def step(x, S, Wq, Wk, Wv, Wa):
    q, k, v = Wq @ x, Wk @ x, Wv @ x
    a = sigmoid(Wa @ x)
    S = a[:, None] * S + k[:, None] * v[None, :]
    o = q @ S
    return o, S
