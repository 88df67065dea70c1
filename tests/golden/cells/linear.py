"""The cells of `make.py` whose step is linear in its state, by their parallel forms, and those with matrix states."""

import numpy as np
from common import F, K, N, R, T, U, V, Box, cell, relu, sigmoid, silu, simple, softplus, steps


def decayed(kept, added):
    """h_t = sum over s <= t of added_s times the product of kept_(s+1) to kept_t."""
    return [
        sum(np.prod(kept[s + 1 : t + 1], axis=0) * added[s] for s in range(t + 1)) for t in range(len(added))
    ]


@cell("mingru", "Feng et al. 2024, appendix B", {"W": (F, 2 * U), "b": (2 * U,)})
def _(x, w, _):
    z, g = np.split((x @ w.W + w.b), 2, axis=1)
    g = np.where(g >= 0, g + 0.5, sigmoid(g))
    return {"h": decayed(1 - sigmoid(z), sigmoid(z) * g)}


@cell("minlstm", "Feng et al. 2024, appendix B", {"W": (F, 3 * U), "b": (3 * U,)})
def _(x, w, _):
    f, i, g = np.split((x @ w.W + w.b), 3, axis=1)
    g = np.where(g >= 0, g + 0.5, sigmoid(g))
    f, i = sigmoid(f), sigmoid(i)
    return {"h": decayed(f / (f + i), i / (f + i) * g)}


@cell("hgrn", "Qin, Yang & Zhong 2023, equations 1 to 3", {"W_f": (F, U), "W_i": (F, U)})
def _(x, w, _):
    f = sigmoid(x @ w.W_f)
    return {"h": decayed(f, (1 - f) * silu(x @ w.W_i))}


@cell(
    "rglru",
    "De et al. 2024, equations 3 to 6",
    {"W_x": (F, U), "W_r": (F, U), "b_r": (U,), "W_i": (F, U), "b_i": (U,), "p": (U,)},
)
def _(x, w, _):
    a = sigmoid(-w.p)  # the paper's a is the sigmoid of Lambda = -p
    kept = a ** (8 * sigmoid(x @ w.W_r + w.b_r))
    return {"h": decayed(kept, np.sqrt(1 - kept**2) * sigmoid(x @ w.W_i + w.b_i) * (x @ w.W_x))}


def complex_states(eigenvalues, inputs, outputs):
    """Convolution of the inputs with the powers of the eigenvalues."""
    powers = np.array([eigenvalues**t for t in range(T)])
    states = [sum(powers[t - s] * inputs[s] for s in range(t + 1)) for t in range(T)]
    return {"y": [outputs(s, t) for t, s in enumerate(states)], "re": np.real(states), "im": np.imag(states)}


@cell(
    "lru",
    "Orvieto et al. 2023, appendix A",
    {
        "radius": (N,),
        "angle": (N,),
        "scale": (N,),
        "B_re": (F, N),
        "B_im": (F, N),
        "C_re": (N, U),
        "C_im": (N, U),
        "D": (F, U),
    },
)
def _(x, w, _):
    inputs = np.exp(w.scale) * (x @ (w.B_re + 1j * w.B_im))
    eigenvalues = np.exp(-np.exp(w.radius) + 1j * np.exp(w.angle))
    return complex_states(eigenvalues, inputs, lambda s, t: (s @ (w.C_re + 1j * w.C_im)).real + x[t] @ w.D)


@cell(
    "s5",
    "Smith, Warrington & Linderman 2022, equations 6 and 7",
    {
        "log_dt": (N,),
        "decay": (N,),
        "l_im": (N,),
        "B_re": (F, N),
        "B_im": (F, N),
        "C_re": (N, U),
        "C_im": (N, U),
        "D": (F, U),
    },
)
def _(x, w, _):
    poles = -np.exp(w.decay) + 1j * w.l_im
    kept = np.exp(poles * np.exp(w.log_dt))
    inputs = (kept - 1) / poles * (x @ (w.B_re + 1j * w.B_im))
    return complex_states(kept, inputs, lambda s, t: 2 * (s @ (w.C_re + 1j * w.C_im)).real + x[t] @ w.D)


@cell(
    "s4d",
    "Gu, Gupta, Goel & Ré 2022, equations 2 and 5, zero-order hold",
    {
        "W": (F, U),
        "log_dt": (U,),
        "decay": (U, N),
        "l_im": (U, N),
        "C_re": (U, N),
        "C_im": (U, N),
        "D": (U,),
    },
)
def _(x, w, _):
    u = x @ w.W
    poles = -np.exp(w.decay) + 1j * w.l_im
    kept = np.exp(poles * np.exp(w.log_dt)[:, None])
    inputs = (kept - 1) / poles * u[:, :, None]
    output = lambda s, t: 2 * ((w.C_re + 1j * w.C_im) * s).sum(1).real + w.D * u[t]
    return complex_states(kept, inputs, output)


@cell(
    "rwkv4",
    "Peng et al. 2023, equations 11 to 16, as sums",
    {
        **{f"mix_{g}": (F,) for g in "kvr"},
        **{f"W_{g}": (F, U) for g in "kvr"},
        "first": (U,),
        "decay": (U,),
    },
    {"s": F},
)
def _(x, w, first):
    before = np.concatenate([[first.s], x[:-1]])
    mixed = lambda m: m * x + (1 - m) * before
    k, v, r = (mixed(getattr(w, f"mix_{g}")) @ getattr(w, f"W_{g}") for g in "kvr")
    y = []
    for t in range(T):
        # Both sums begin with the state of all zeros, whose weight exp(0 - ...) multiplies zero.
        weights = [np.exp(-(t - 1 - s) * np.exp(w.decay) + k[s]) for s in range(t)] + [np.exp(w.first + k[t])]
        y.append(sigmoid(r[t]) * sum(a * b for a, b in zip(weights, v)) / sum(weights))
    return {"y": y, "s": x}


@cell("slstm", "Beck et al. 2024, equations 8 to 14, without stabiliser", {"W": (F, 16), "U": (U, 16), "b": (16,)})
def _(x, w, _):
    def step(column, h, c, n):
        i, f, z, o = (w.W.T @ column + w.U.T @ h + w.b).reshape(4, U)
        c = sigmoid(f) * c + np.exp(i) * np.tanh(z)
        n = sigmoid(f) * n + np.exp(i)
        return {"h": sigmoid(o) * c / n, "c": c, "n": n}

    zero = np.zeros(U)
    return {"h": steps(x, Box({"h": zero, "c": zero, "n": zero}), step)["h"]}


def projections(*names, value=V, key=K):
    return {f"W_{n}": (F, value if n == "v" else key) for n in names}


def attention(q, k, v, kept=None):
    """o_t = sum over s <= t of v_s (k_s, faded from s to t) q_t."""
    kept = np.ones((T, K)) if kept is None else np.broadcast_to(kept, (T, K))
    weight = lambda s, t: np.prod(kept[s + 1 : t + 1], axis=0)
    return [sum(v[s] * ((weight(s, t) * k[s]) @ q[t]) for s in range(t + 1)) for t in range(T)]


def matrices(k, v, kept=None):
    kept = np.ones((T, K)) if kept is None else np.broadcast_to(kept, (T, K))
    weight = lambda s, t: np.prod(kept[s + 1 : t + 1], axis=0)
    return [sum(np.outer(v[s], weight(s, t) * k[s]) for s in range(t + 1)) for t in range(T)]


@cell("linear_attention", "Katharopoulos et al. 2020, equation 9", projections(*"qkv"))
def _(x, w, _):
    phi = lambda a: np.where(a > 0, a + 1, np.exp(a))
    q, k, v = phi(x @ w.W_q), phi(x @ w.W_k), x @ w.W_v
    sums = [sum(k[s] @ q[t] for s in range(t + 1)) for t in range(T)]
    return {"o": np.array(attention(q, k, v)) / np.array(sums)[:, None], "S": matrices(k, v), "z": np.cumsum(k, 0)}


@cell("retnet", "Sun et al. 2023, equation 5, first head", projections(*"qkv"))
def _(x, w, _):
    q, k, v = x @ w.W_q, x @ w.W_k, x @ w.W_v
    decay = np.array([[(1 - 2.0**-5) ** (t - s) if s <= t else 0 for s in range(T)] for t in range(T)])
    return {"o": (q @ k.T * decay) @ v, "S": matrices(k, v, 1 - 2.0**-5)}


@cell("gla", "Yang et al. 2023, equation 4", {**projections(*"qkv"), "W_1": (F, R), "W_2": (R, K), "b": (K,)})
def _(x, w, _):
    q, k, v = x @ w.W_q, x @ w.W_k, x @ w.W_v
    kept = sigmoid((x @ w.W_1) @ w.W_2 + w.b) ** (1 / 16)
    return {"o": attention(q, k, v, kept), "S": matrices(k, v, kept)}


@cell("hgrn2", "Qin et al. 2024, equation 6", projections(*"qfv"))
def _(x, w, _):
    q, f, v = silu(x @ w.W_q), sigmoid(x @ w.W_f), x @ w.W_v
    return {"o": attention(q, 1 - f, v, f), "S": matrices(1 - f, v, f)}


@cell(
    "rwkv6",
    "Peng et al. 2024, equations 16 to 19, as sums",
    {**projections(*"rkv"), "W_w": (F, K), "b_w": (K,), "first": (K,)},
)
def _(x, w, _):
    r, k, v = x @ w.W_r, x @ w.W_k, x @ w.W_v
    kept = np.exp(-np.exp(x @ w.W_w + w.b_w))
    S = matrices(k, v, kept)
    before = [np.zeros((V, K))] + S[:-1]
    return {"o": [(before[t] + np.outer(v[t], w.first * k[t])) @ r[t] for t in range(T)], "S": S}


def delta(x, w, kept):
    """S_t = S_(t-1) diag(kept) (I - beta k k') + beta v k'."""
    unit = lambda a: a / np.sqrt((a * a).sum(1, keepdims=True))
    q, k, v = unit(silu(x @ w.W_q)), unit(silu(x @ w.W_k)), x @ w.W_v
    beta = sigmoid(x @ w.w_b)
    S, found = np.zeros((V, K)), []
    for t in range(T):
        erase = np.identity(K) - beta[t] * np.outer(k[t], k[t])
        S = S @ np.diag(kept[t]) @ erase + beta[t] * np.outer(v[t], k[t])
        found.append(S)
    return {"o": [S @ q[t] for t, S in enumerate(found)], "S": found}


DELTA = {**projections(*"qkv"), "w_b": (F,)}


@cell("deltanet", "Yang et al. 2024, equation 3", DELTA)
def _(x, w, _):
    return delta(x, w, np.ones((T, K)))


@cell(
    "gated_deltanet",
    "Yang, Kautz & Hatamizadeh 2024, equation 10",
    {**DELTA, "w_g": (F,), "b_g": (1,), "log_a": (1,)},
)
def _(x, w, _):
    kept = np.exp(-np.exp(w.log_a) * softplus(x @ w.w_g + w.b_g))
    return delta(x, w, np.outer(kept, np.ones(K)))


@cell("kda", "Kimi Team 2025, equation 1", {**DELTA, "W_g": (F, K), "b_g": (K,), "log_a": (K,)})
def _(x, w, _):
    return delta(x, w, np.exp(-np.exp(w.log_a) * softplus(x @ w.W_g + w.b_g)))


@cell(
    "rwkv7",
    "Peng et al. 2025, equation 17, with the key as it is",
    {**projections(*"rkv"), "W_w": (F, K), "b_w": (K,), "W_a": (F, K), "b_a": (K,), "removed": (K,)},
)
def _(x, w, _):
    r, k, v = x @ w.W_r, x @ w.W_k, x @ w.W_v
    kept, a = np.exp(-np.exp(-0.5) * sigmoid(x @ w.W_w + w.b_w)), sigmoid(x @ w.W_a + w.b_a)
    S, found = np.zeros((V, K)), []
    for t in range(T):
        key = w.removed * k[t] / np.linalg.norm(w.removed * k[t])
        S = S @ (np.diag(kept[t]) - np.outer(key, a[t] * key)) + np.outer(v[t], k[t])
        found.append(S)
    return {"o": [S @ r[t] for t, S in enumerate(found)], "S": found}


@cell(
    "mlstm",
    "Beck et al. 2024, equations 19 to 27, without stabiliser, forget bias 3",
    {**projections(*"qkv"), "w_i": (F,), "w_f": (F,), "W_o": (F, V)},
)
def _(x, w, _):
    q, k, v = x @ w.W_q, x @ w.W_k / np.sqrt(K), x @ w.W_v
    i, f = np.exp(x @ w.w_i), sigmoid(x @ w.w_f + 3)
    weight = lambda s, t: i[s] * np.prod(f[s + 1 : t + 1])
    h = []
    for t in range(T):
        C = sum(weight(s, t) * np.outer(v[s], k[s]) for s in range(t + 1))
        n = sum(weight(s, t) * k[s] for s in range(t + 1))
        h.append(sigmoid(x[t] @ w.W_o) * (C @ q[t]) / max(abs(n @ q[t]), 1))
    return {"h": h}


@cell(
    "mamba",
    "Gu & Dao 2023, equations 2 to 4, B without zero-order hold as in the authors' code",
    {
        "W": (F, U),
        "W_1": (U, R),
        "W_2": (R, U),
        "b_dt": (U,),
        "W_B": (U, N),
        "W_C": (U, N),
        "log_A": (N, U),
        "D": (U,),
    },
)
def _(x, w, _):
    u = x @ w.W
    dt, B, C = softplus((u @ w.W_1) @ w.W_2 + w.b_dt), u @ w.W_B, u @ w.W_C
    clock = np.cumsum(dt, axis=0)
    A = -np.exp(w.log_A)
    term = lambda s, t: np.exp(A * (clock[t] - clock[s])) * B[s][:, None] * (dt[s] * u[s])
    H = [sum(term(s, t) for s in range(t + 1)) for t in range(T)]
    return {"y": [(C[t][:, None] * H[t]).sum(0) + w.D * u[t] for t in range(T)], "H": H}


@cell(
    "mamba2",
    "Dao & Gu 2024, equation 16, one head",
    {
        "W": (F, U),
        "w_dt": (F,),
        "b_dt": (1,),
        "W_B": (F, N),
        "W_C": (F, N),
        "log_A": (1,),
        "D": (U,),
    },
)
def _(x, w, _):
    u, B, C = x @ w.W, x @ w.W_B, x @ w.W_C
    dt = softplus(x @ w.w_dt + w.b_dt[0])
    clock = np.cumsum(dt)
    fade = lambda s, t: np.exp(-np.exp(w.log_A[0]) * (clock[t] - clock[s])) * (s <= t)
    mask = np.array([[fade(s, t) for s in range(T)] for t in range(T)])
    H = [sum(mask[t, s] * dt[s] * np.outer(u[s], B[s]) for s in range(t + 1)) for t in range(T)]
    return {"y": (mask * (C @ B.T) * dt) @ u + w.D * u, "H": H}


def slope(loss, at):
    """The gradient of a loss by complex steps, exact to rounding."""
    found = np.zeros(at.shape)
    for place in np.ndindex(at.shape):
        moved = at.astype(complex)
        moved[place] += 1e-30j
        found[place] = loss(moved).imag / 1e-30
    return found


@simple(
    "ttt_linear",
    "Sun et al. 2024, equations 4 to 6, one step for each input",
    {**projections(*"qk", key=U), "W_v": (F, U), "gain": (U,), "shift": (U,)},
    {"o": U, "M": (U, U), "b": U},
)
def _(w, x, o, M, b):
    q, k, v = w.W_q.T @ x, w.W_k.T @ x, w.W_v.T @ x
    norm = lambda z: (z - z.mean()) / (((z - z.mean()) ** 2).mean() + 1e-6) ** 0.5
    loss = lambda M, b: 0.5 * ((w.gain * norm(M @ k + b) + w.shift + k - v) ** 2).sum()
    at_M, at_b = slope(lambda moved: loss(moved, b), M), slope(lambda moved: loss(M, moved), b)
    M, b = M - 0.1 * at_M, b - 0.1 * at_b
    return {"o": q + w.gain * norm(M @ q + b) + w.shift, "M": M, "b": b}


@simple(
    "titans",
    "Behrouz, Zhong & Mirrokni 2025, equations 9, 10, 13 and 14",
    {**projections(*"qkv"), "w_m": (F,), "w_r": (F,), "w_d": (F,)},
    {"o": V, "M": (V, K), "S": (V, K)},
)
def _(w, x, o, M, S):
    q, k, v = w.W_q.T @ x, w.W_k.T @ x, w.W_v.T @ x
    surprise = slope(lambda moved: ((moved @ k - v) ** 2).sum(), M)
    S = sigmoid(w.w_m @ x) * S - sigmoid(w.w_r @ x) * surprise
    M = (1 - sigmoid(w.w_d @ x)) * M + S
    return {"o": M @ q, "M": M, "S": S}
