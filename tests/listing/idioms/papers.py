#: cs231n lstm with attention
def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    H = prev_h.shape[-1]
    a = x @ Wx + prev_h @ Wh + b
    i, f, o, g = (
        sigmoid(a[0 * H : 1 * H]),
        sigmoid(a[1 * H : 2 * H]),
        sigmoid(a[2 * H : 3 * H]),
        np.tanh(a[3 * H : 4 * H]),
    )
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    cache = (x, prev_h, prev_c, i, f, o, g, next_c, next_h, Wx, Wh, b)
    return next_h, next_c
#: cs231n with intermediate dict cache; r: r[:2]
def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    _, H = 1, prev_h.shape[0]
    act = x.dot(Wx) + prev_h.dot(Wh) + b
    a_i = act[0:H]
    a_f = act[H:2*H]
    a_o = act[2*H:3*H]
    a_g = act[3*H:]
    i, f, o, g = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_g)
    next_c = f * prev_c + i * g
    tanh_c = np.tanh(next_c)
    next_h = o * tanh_c
    cache = {}
    cache['x'] = x
    cache['i'], cache['f'] = i, f
    return next_h, next_c, cache
#: gru from scratch with dict params get
def gru_cell_forward(xt, a_prev, params):
    Wz, Wr, Wh = params["Wz"], params["Wr"], params["Wh"]
    bz, br, bh = params["bz"], params["br"], params["bh"]
    concat = np.concatenate([a_prev, xt])
    zt = sigmoid(Wz @ concat + bz)
    rt = sigmoid(Wr @ concat + br)
    h_hat = np.tanh(Wh @ np.concatenate([rt * a_prev, xt]) + bh)
    a_next = (1 - zt) * a_prev + zt * h_hat
    return a_next
#: loop over gate names in params
def lstm(x, h, c, params):
    pre = {}
    for gate in ["i", "f", "o", "g"]:
        pre[gate] = x @ params["W" + gate] + h @ params["U" + gate] + params["b" + gate]
    i = sigmoid(pre["i"])
    f = sigmoid(pre["f"])
    o = sigmoid(pre["o"])
    g = np.tanh(pre["g"])
    c = f * c + i * g
    h = o * np.tanh(c)
    return h, c
#: f-strings as keys
def lstm(x, h, c, p):
    act = {}
    for k in "ifog":
        act[k] = x @ p[f"W_{k}"] + h @ p[f"U_{k}"] + p[f"b_{k}"]
    c = sigmoid(act["f"]) * c + sigmoid(act["i"]) * np.tanh(act["g"])
    return sigmoid(act["o"]) * np.tanh(c), c
#: minimal gated unit
def mgu(x, h, Wf, Uf, bf, Wh, Uh, bh):
    f = sigmoid(Wf @ x + Uf @ h + bf)
    h_hat = np.tanh(Wh @ x + Uh @ (f * h) + bh)
    h = (1 - f) * h + f * h_hat
    return h
#: SRU with highway
def sru(x, c, W, Wf, vf, bf, Wr, vr, br):
    f = sigmoid(Wf @ x + vf * c + bf)
    r = sigmoid(Wr @ x + vr * c + br)
    c = f * c + (1 - f) * (W @ x)
    h = r * c
    return c
#: QRNN fo-pool
def qrnn(x, c, Wz, Wf, Wo):
    z, f, o = np.tanh(Wz @ x), sigmoid(Wf @ x), sigmoid(Wo @ x)
    c = f * c + (1. - f) * z
    h = o * c
    return c
#: IndRNN
def indrnn(x, h, W, u, b):
    return np.maximum(0, W @ x + u * h + b)
#: clockwork with a fixed mask
def cw(x, h, t, W, U, b):
    T = 2 ** np.arange(4)
    active = (np.mod(t, T) == 0)
    h = np.where(active, np.tanh(W @ x + U @ h + b), h)
    return h, t + 1
#: LSTM peephole
def peephole(x, h, c, Wi, Ui, pi, bi, Wf, Uf, pf, bf, Wc, Uc, bc, Wo, Uo, po, bo):
    i = sigmoid(Wi @ x + Ui @ h + pi * c + bi)
    f = sigmoid(Wf @ x + Uf @ h + pf * c + bf)
    c = f * c + i * np.tanh(Wc @ x + Uc @ h + bc)
    o = sigmoid(Wo @ x + Uo @ h + po * c + bo)
    h = o * np.tanh(c)
    return h, c
#: multiplicative lstm
def mlstm(x, h, c, Wmx, Wmh, Wx, Wm, b):
    m = (x @ Wmx) * (h @ Wmh)
    z = x @ Wx + m @ Wm + b
    i, f, o, u = np.split(z, 4)
    i, f, o, u = sigmoid(i), sigmoid(f), sigmoid(o), np.tanh(u)
    c = f * c + i * u
    h = o * np.tanh(c)
    return h, c
#: RHN depth loop
def rhn(x, s, Wh, Wt, Rh0, Rt0, Rh1, Rt1):
    for l, (Rh, Rt) in enumerate([(Rh0, Rt0), (Rh1, Rt1)]):
        first = 1 if l == 0 else 0
        h = np.tanh(first * (Wh @ x) + Rh @ s)
        t = sigmoid(first * (Wt @ x) + Rt @ s)
        s = h * t + s * (1 - t)
    return s
#: RHN with if on the layer
def rhn(x, s, Wh, Wt, Rh0, Rt0, Rh1, Rt1):
    Rhs, Rts = [Rh0, Rh1], [Rt0, Rt1]
    for l in range(2):
        if l == 0:
            h = np.tanh(Wh @ x + Rhs[l] @ s)
            t = sigmoid(Wt @ x + Rts[l] @ s)
        else:
            h = np.tanh(Rhs[l] @ s)
            t = sigmoid(Rts[l] @ s)
        s = h * t + s * (1 - t)
    return s
#: NTM-like addressing
def address(x, M, Wk, Wb, We, Wa):
    k = Wk @ x
    beta = softplus(Wb @ x)
    K = M @ k / (np.linalg.norm(M, axis=1) * np.linalg.norm(k) + 1e-8)
    w = softmax(beta * K)
    e, a = sigmoid(We @ x), Wa @ x
    M = M * (1 - np.outer(w, e)) + np.outer(w, a)
    r = w @ M
    return M
#: gated delta rule
def step(x, S, Wq, Wk, Wv, wa, wb):
    q, k, v = Wq @ x, Wk @ x, Wv @ x
    k = k / np.linalg.norm(k)
    alpha, beta = sigmoid(wa @ x), sigmoid(wb @ x)
    S = alpha * (S - beta * np.outer(S @ k, k)) + beta * np.outer(v, k)
    return S
#: mamba2 scalar decay
def ssd(x, h, a_log, W_dt, W_B, W_C):
    dt = np.log1p(np.exp(x @ W_dt))
    A = -np.exp(a_log)
    h = np.exp(dt * A)[:, None] * h + np.outer(dt * x, x @ W_B)
    y = h @ (x @ W_C)
    return h
#: rwkv6
def rwkv(x, S, Wr, Wk, Wv, Ww, u):
    r, k, v = Wr @ x, Wk @ x, Wv @ x
    w = np.exp(-np.exp(Ww @ x))
    kv = np.outer(k, v)
    y = r @ (S + u[:, None] * kv)
    S = w[:, None] * S + kv
    return S
#: xlstm slstm stabilised
def slstm(x, h, c, n, m, W, R, b):
    z, i, f, o = np.split(W @ x + R @ h + b, 4)
    z, o = np.tanh(z), sigmoid(o)
    log_f = -np.log1p(np.exp(-f))
    m_new = np.maximum(log_f + m, i)
    i, f = np.exp(i - m_new), np.exp(log_f + m - m_new)
    c = f * c + i * z
    n = f * n + i
    h = o * c / n
    return h, c, n, m_new
#: legendre memory
def lmu(x, h, m, ex, eh, em, A, B, Wx, Wh, Wm):
    u = ex @ x + eh @ h + em @ m
    m = A @ m + B * u
    h = np.tanh(Wx @ x + Wh @ h + Wm @ m)
    return h, m
#: unitary-ish with cayley
def step(x, h, A, W, b):
    S = A - A.T
    I = np.eye(len(h))
    Q = I - S + 0.5 * S @ S
    return np.tanh(W @ x + Q @ h + b)
#: antisymmetric gated
def anti(x, h, W, V, b, Vz, bz, eps=0.1, gamma=0.01):
    M = W - W.T - gamma * np.eye(h.shape[0])
    z = sigmoid(M @ h + Vz @ x + bz)
    return h + eps * z * np.tanh(M @ h + V @ x + b)
#: CFC closed form
def cfc(x, h, Wb, W1, W2, Wa, Wt):
    z = np.tanh(Wb @ np.concatenate([x, h])) * 1.7159
    ff1, ff2 = np.tanh(W1 @ z), np.tanh(W2 @ z)
    t = sigmoid(Wa @ z + Wt @ z)
    return ff1 * (1 - t) + t * ff2
#: neural ODE euler with RK4
def f(h, x, W, U):
    return np.tanh(W @ x + U @ h) - h
def step(x, h, W, U, dt=0.1):
    k1 = f(h, x, W, U)
    k2 = f(h + dt / 2 * k1, x, W, U)
    k3 = f(h + dt / 2 * k2, x, W, U)
    k4 = f(h + dt * k3, x, W, U)
    return h + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
#: skip rnn hard binarise
def skip(x, h, u, W, U, wb):
    b = np.round(u)
    new = np.tanh(W @ x + U @ h)
    h = b * new + (1 - b) * h
    du = sigmoid(wb @ h)
    u = b * du + (1 - b) * (u + np.minimum(du, 1 - u))
    return h, u
#: state first, input second
def cell(h, x, W, U, b):
    return np.tanh(W @ h + U @ x + b)
#: returns tuple (h, (h, c)); r: r[1]
def lstm(x, state, W, U, b):
    h, c = state
    i, f, g, o = np.split(x @ W + h @ U + b, 4)
    c = c * sigmoid(f) + np.tanh(g) * sigmoid(i)
    h = sigmoid(o) * np.tanh(c)
    return h, (h, c)
#: haiku-like; r: r[:1]
def __call__(self, inputs, prev_state):
    input_to_hidden = inputs @ self.w_i
    hidden_to_hidden = prev_state @ self.w_h + self.b
    out = np.tanh(input_to_hidden + hidden_to_hidden)
    return out, out
#: prints shapes and asserts in the middle
def step(x, h, W, U, b):
    assert W.shape[1] == U.shape[0] == len(h), "sizes"
    print("x", x.shape, "h", h.shape)
    z = x @ W + h @ U + b  # (H,)
    if np.isnan(z).any():
        raise FloatingPointError("nan")
    return np.tanh(z)
#: try and with errstate
def step(x, h, W, U, b):
    with np.errstate(over="ignore"):
        z = 1 / (1 + np.exp(-(x @ W + h @ U + b)))
    return z
#: assign an activation by a condition
def step(x, h, W, U, b, nonlinearity="tanh"):
    act = np.tanh if nonlinearity == "tanh" else relu
    return act(x @ W + h @ U + b)
#: numpy with out
def step(x, h, W, U, b):
    z = np.add(x @ W, h @ U)
    z = np.add(z, b)
    return np.tanh(z)
#: matrix h by x.T and row vectors
def step(x, h, W, U, b):
    z = np.matmul(x[None, :], W) + np.matmul(h[None, :], U) + b
    return np.tanh(z).reshape(-1)
#: vectorised gates with axis 0 reshape
def step(x, h, c, W, U, b):
    H = len(h)
    gates = (x @ W + h @ U + b).reshape((4, H))
    i, f, o = sigmoid(gates[0:3])
    g = np.tanh(gates[3])
    c = f * c + i * g
    return o * np.tanh(c), c
#: einsum with three
def step(x, h, W, U):
    return np.tanh(np.einsum('i,ij->j', x, W) + np.einsum('j,jk->k', h, U))
#: stack of gates weights 3D avoided
def step(x, h, Wz, Wr, Wn, Uz, Ur, Un):
    (z, r) = (sigmoid(x @ Wx + h @ Uh) for Wx, Uh in ((Wz, Uz), (Wr, Ur)))
    n = np.tanh(x @ Wn + (r * h) @ Un)
    return (1 - z) * n + z * h
#: math functions
import math
def step(x, h, W, U, b):
    scale = math.sqrt(2.0 / (len(x) + len(h)))
    return np.tanh(scale * (x @ W + h @ U) + b) * math.tanh(1.0)
#: power as function and root
def step(x, h, W, U):
    z = x @ W + h @ U
    return np.sign(z) * np.power(np.abs(z) + 0.1, 1/3) + np.cbrt(h)
#: swapaxes moveaxis
def step(x, h, W, U):
    return np.tanh(np.swapaxes(W, 0, 1) @ x + U.T @ h)
#: np.full with shape
def step(x, h, W, U):
    forget = np.full(h.shape, 0.9)
    return forget * h + np.tanh(x @ W + h @ U) * np.ones(h.shape) + np.zeros(U.shape[1])
#: np.zeros_like and += in loops over units
def step(x, h, W, U, b):
    new = np.zeros_like(h)
    for j in range(4):
        new[j] = np.tanh(x @ W[:, j] + h @ U[:, j] + b[j])
    return new
#: element loops with sums
def step(x, h, W, U):
    z = np.zeros(4)
    for i in range(4):
        for j in range(4):
            z[i] += U[i, j] * h[j]
    return np.tanh(z + W @ x)
