"""The cells of `make.py` whose state is squashed or gated by weights on itself."""

import numpy as np
from common import F, K, N, U, Box, relu, sigmoid, simple


def gates(*names):
    """Shapes of a kernel, a recurrent kernel and a bias for so many gates."""
    n = len(names)
    return {"W": (F, n * U), "U": (U, n * U), "b": (n * U,)}


def gate(w, k, x, h, n=U):
    """The sum of gate number k, from its own columns of the weights."""
    cut = slice(k * n, (k + 1) * n)
    return w.W[:, cut].T @ x + w.U[:, cut].T @ h + w.b[cut]


@simple("simple_rnn", "Elman 1990", gates("h"), {"h": U})
def _(w, x, h):
    return {"h": np.tanh(gate(w, 0, x, h))}


@simple("irnn", "Le, Jaitly & Hinton 2015", gates("h"), {"h": U})
def _(w, x, h):
    return {"h": relu(gate(w, 0, x, h))}


@simple("jordan", "Jordan 1986", {"W_x": (F, U), "W_y": (U, U), "b": (U,)}, {"y": U})
def _(w, x, y):
    return {"y": np.tanh(w.W_x.T @ x + w.W_y.T @ y + w.b)}


@simple(
    "elman", "Elman 1990", {"W_x": (F, U), "W_h": (U, U), "b_h": (U,), "W_y": (U, K), "b_y": (K,)}, {"h": U, "y": K}
)
def _(w, x, h, y):
    h = np.tanh(w.W_x.T @ x + w.W_h.T @ h + w.b_h)
    return {"h": h, "y": np.tanh(w.W_y.T @ h + w.b_y)}


def lstm(z_i, z_f, z_g, c):
    return sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_g)


@simple("lstm", "Gers, Schmidhuber & Cummins 2000, order of Keras", gates(*"ifco"), {"h": U, "c": U})
def _(w, x, h, c):
    c = lstm(gate(w, 0, x, h), gate(w, 1, x, h), gate(w, 2, x, h), c)
    return {"h": sigmoid(gate(w, 3, x, h)) * np.tanh(c), "c": c}


@simple("lstm_1997", "Hochreiter & Schmidhuber 1997, equations 7 to 9", gates(*"ico"), {"h": U, "c": U})
def _(w, x, h, c):
    squash_g = lambda a: 4 / (1 + np.exp(-a)) - 2
    squash_h = lambda a: 2 / (1 + np.exp(-a)) - 1
    c = c + sigmoid(gate(w, 0, x, h)) * squash_g(gate(w, 1, x, h))
    return {"h": sigmoid(gate(w, 2, x, h)) * squash_h(c), "c": c}


@simple(
    "peephole_lstm",
    "Gers & Schmidhuber 2000",
    {**gates(*"ifco"), "p_i": (U,), "p_f": (U,), "p_o": (U,)},
    {"h": U, "c": U},
)
def _(w, x, h, c):
    c = lstm(gate(w, 0, x, h) + np.diag(w.p_i) @ c, gate(w, 1, x, h) + np.diag(w.p_f) @ c, gate(w, 2, x, h), c)
    return {"h": sigmoid(gate(w, 3, x, h) + np.diag(w.p_o) @ c) * np.tanh(c), "c": c}


@simple(
    "lstm_projection",
    "Sak, Senior & Beaufays 2014",
    {"W": (F, 4 * N), "U": (U, 4 * N), "b": (4 * N,), "P": (N, U)},
    {"h": U, "c": N},
)
def _(w, x, h, c):
    z = [gate(w, k, x, h, N) for k in range(4)]
    c = lstm(*z[:3], c)
    return {"h": w.P.T @ (sigmoid(z[3]) * np.tanh(c)), "c": c}


@simple("coupled_lstm", "Greff et al. 2015, CIFG", gates(*"fco"), {"h": U, "c": U})
def _(w, x, h, c):
    f = sigmoid(gate(w, 0, x, h))
    c = f * c + (1 - f) * np.tanh(gate(w, 1, x, h))
    return {"h": sigmoid(gate(w, 2, x, h)) * np.tanh(c), "c": c}


@simple(
    "stacked_lstm",
    "Graves, Mohamed & Hinton 2013, LSTM without peepholes",
    {"W_1": (F, 4 * N), "U_1": (N, 4 * N), "b_1": (4 * N,), "W_2": (N, 4 * U), "U_2": (U, 4 * U), "b_2": (4 * U,)},
    {"h_2": U, "c_2": U, "h_1": N, "c_1": N},
)
def _(w, x, h_2, c_2, h_1, c_1):
    lower = Box({"W": w.W_1, "U": w.U_1, "b": w.b_1})
    upper = Box({"W": w.W_2, "U": w.U_2, "b": w.b_2})
    z = [gate(lower, k, x, h_1, N) for k in range(4)]
    c_1 = lstm(*z[:3], c_1)
    h_1 = sigmoid(z[3]) * np.tanh(c_1)
    z = [gate(upper, k, h_1, h_2) for k in range(4)]
    c_2 = lstm(*z[:3], c_2)
    return {"h_2": sigmoid(z[3]) * np.tanh(c_2), "c_2": c_2, "h_1": h_1, "c_1": c_1}


@simple(
    "group_lstm",
    "Kuchaiev & Ginsburg 2017",
    {f"{a}_{g}": s for g in (1, 2) for a, s in (("W", (F // 2, 8)), ("U", (2, 8)), ("b", (8,)))},
    {"h": U, "c": U},
)
def _(w, x, h, c):
    made = []
    for g in range(2):
        own = Box({key: getattr(w, f"{key}_{g + 1}") for key in "WUb"})
        z = [gate(own, k, x[3 * g : 3 * g + 3], h[2 * g : 2 * g + 2], 2) for k in range(4)]
        memory = lstm(z[0], z[1], z[2], c[2 * g : 2 * g + 2])
        made.append((sigmoid(z[3]) * np.tanh(memory), memory))
    return {key: np.concatenate([part[k] for part in made]) for k, key in enumerate("hc")}


@simple(
    "grid_lstm",
    "Kalchbrenner, Danihelka & Graves 2015, depth with priority",
    {
        "V": (F, 2 * U),
        **{f"{a}_{d}": s for d in "td" for a, s in (("W", (U, 4 * U)), ("U", (U, 4 * U)), ("b", (4 * U,)))},
    },
    {"y": U, "h": U, "m": U},
)
def _(w, x, y, h, m):
    below = w.V.T @ x
    time = [(w.W_t.T @ below[:U] + w.U_t.T @ h + w.b_t)[k * U : k * U + U] for k in range(4)]
    m = lstm(time[0], time[1], time[2], m)
    h = np.tanh(sigmoid(time[3]) * m)
    deep = [(w.W_d.T @ below[:U] + w.U_d.T @ h + w.b_d)[k * U : k * U + U] for k in range(4)]
    return {"y": np.tanh(sigmoid(deep[3]) * lstm(deep[0], deep[1], deep[2], below[U:])), "h": h, "m": m}


def bands(w, parts, hs, cs):
    """TensorFlow 1.12, GridLSTMCell._compute with share_time_frequency_weights and no forget_bias."""
    n = len(hs[0])
    m_freq, c_freq, made = np.zeros(n), np.zeros(n), []
    for part, h, c in zip(parts, hs, cs):
        z = np.concatenate([part, h, m_freq]) @ np.concatenate([w.W, w.U, w.V]) + w.b
        i, j, f, o = (z[k * n : k * n + n] for k in range(4))
        c_freq = sigmoid(f) * c_freq + sigmoid(i) * np.tanh(j)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(j)
        m_freq = sigmoid(o) * np.tanh(c_freq)
        made.append((sigmoid(o) * np.tanh(c), c))
    return made


@simple(
    "frequency_grid_lstm",
    "TensorFlow 1.12, GridLSTMCell",
    {"W": (F // 2, 8), "U": (2, 8), "V": (2, 8), "b": (8,)},
    {"h": U, "c": U},
)
def _(w, x, h, c):
    made = bands(w, (x[:3], x[3:]), (h[:2], h[2:]), (c[:2], c[2:]))
    return {key: np.concatenate([part[k] for part in made]) for k, key in enumerate("hc")}


@simple(
    "bidirectional_grid_lstm",
    "TensorFlow 1.12, BidirectionalGridLSTMCell",
    {f"{a}_{d}": s for d in "ud" for a, s in (("W", (F // 2, 8)), ("U", (2, 8)), ("V", (2, 8)), ("b", (8,)))},
    {"h": 8, "c": 8},
)
def _(w, x, h, c):
    made = []
    for d, parts in (("u", (x[:3], x[3:])), ("d", (x[3:], x[:3]))):
        own = Box({key: getattr(w, f"{key}_{d}") for key in "WUVb"})
        at = 4 * (d == "d")
        made += bands(own, parts, (h[at : at + 2], h[at + 2 : at + 4]), (c[at : at + 2], c[at + 2 : at + 4]))
    return {key: np.concatenate([part[k] for part in made]) for k, key in enumerate("hc")}


@simple(
    "gru", "Cho et al. 2014 version 1, as cuDNN", {"W": (F, 3 * U), "U": (U, 3 * U), "b": (2, 3 * U)}, {"h": U}
)
def _(w, x, h):
    of = lambda k: (w.W[:, k].T @ x + w.b[0, k], w.U[:, k].T @ h + w.b[1, k])
    (z_x, z_h), (r_x, r_h), (n_x, n_h) = (of(slice(k * U, k * U + U)) for k in range(3))
    z = sigmoid(z_x + z_h)
    return {"h": (1 - z) * np.tanh(n_x + sigmoid(r_x + r_h) * n_h) + z * h}


@simple("gru_reset_before", "Cho et al. 2014 version 3, equations 5 to 8", gates(*"zrh"), {"h": U})
def _(w, x, h):
    z = sigmoid(gate(w, 0, x, h))
    r = sigmoid(gate(w, 1, x, h))
    return {"h": z * h + (1 - z) * np.tanh(gate(w, 2, x, r * h))}


GRU = {f"{a}_{g}": s for g in "urh" for a, s in (("W", (F, U)), ("U", (U, U)), ("b", (U,)))}


@simple("gru_tutorial", "tutorial 004", GRU, {"h": U})
def _(w, x, h):
    u = sigmoid(w.W_u.T @ x + w.U_u.T @ h + w.b_u)
    return {"h": u * np.tanh(w.W_h.T @ x + w.U_h.T @ h + w.b_h) + (1 - u) * h}


@simple("gru_tutorial_corrected", "tutorial 004 with the candidate of Cho et al. 2014", GRU, {"h": U})
def _(w, x, h):
    u = sigmoid(w.W_u.T @ x + w.U_u.T @ h + w.b_u)
    r = sigmoid(w.W_r.T @ x + w.U_r.T @ h + w.b_r)
    return {"h": u * np.tanh(w.W_h.T @ x + w.U_h.T @ (r * h) + w.b_h) + (1 - u) * h}


@simple(
    "mgu",
    "Zhou et al. 2016, equations 9 to 11",
    {f"{a}_{g}": s for g in "fh" for a, s in (("W", (F, U)), ("U", (U, U)), ("b", (U,)))},
    {"h": U},
)
def _(w, x, h):
    f = sigmoid(w.W_f.T @ x + w.U_f.T @ h + w.b_f)
    return {"h": (1 - f) * h + f * np.tanh(w.W_h.T @ x + w.U_h.T @ (f * h) + w.b_h)}


@simple("ugrnn", "Collins, Sohl-Dickstein & Sussillo 2016, equations 9 to 11", gates(*"gc"), {"h": U})
def _(w, x, h):
    g = sigmoid(gate(w, 0, x, h))
    return {"h": g * h + (1 - g) * np.tanh(gate(w, 1, x, h))}


@simple("nas", "Zoph & Le 2016 as TensorFlow 1.12, NASCell", {"W": (F, 8 * U), "U": (U, 8 * U)}, {"h": U, "c": U})
def _(w, x, h, c):
    a, b = (w.W.T @ x).reshape(8, U), (w.U.T @ h).reshape(8, U)
    first = [sigmoid, relu, sigmoid, relu, np.tanh, sigmoid, np.tanh, sigmoid]
    one = [f(a[k] * b[k] if k == 3 else a[k] + b[k]) for k, f in enumerate(first)]
    two = [np.tanh(one[0] * one[1]), np.tanh(one[2] + one[3]), np.tanh(one[4] * one[5]), sigmoid(one[6] + one[7])]
    c = np.tanh(two[0] + c) * two[1]
    return {"h": np.tanh(c * np.tanh(two[2] + two[3])), "c": c}


COLUMNS = {"W": (U, F), "U": (U, U), "bias": (U,)}


@simple("tutorial_003", "tutorial 003", COLUMNS, {"state_t": U})
def _(w, x, state_t):
    return {"state_t": np.tanh((w.W * x).sum(1) + (w.U * state_t).sum(1) + w.bias)}


@simple("tutorial_003_bug", "tutorial 003, pseudo-code", {**COLUMNS, "U": (U, F)}, {"state_t": U})
def _(w, x, state_t):
    return {"state_t": np.tanh((w.W * x).sum(1) + (w.U * x).sum(1) + w.bias)}


@simple(
    "lmu",
    "Voelker, Kajić & Eliasmith 2019, equations 4 to 7, one number a step",
    {
        "e_x": (F, 1),
        "e_h": (U, 1),
        "e_m": (N, 1),
        "A": (N, N),
        "B": (1, N),
        "W": (F, U),
        "U": (U, U),
        "V": (N, U),
    },
    {"h": U, "m": N},
)
def _(w, x, h, m):
    u = w.e_x[:, 0] @ x + w.e_h[:, 0] @ h + w.e_m[:, 0] @ m
    m = w.A.T @ m + w.B[0] * u
    return {"h": np.tanh(w.W.T @ x + w.U.T @ h + w.V.T @ m), "m": m}


@simple(
    "cornn", "Rusch & Mishra 2020, equation 3", {"W": (F, U), "U": (U, U), "V": (U, U), "b": (U,)}, {"y": U, "z": U}
)
def _(w, x, y, z):
    z = z + 0.042 * np.tanh(w.U.T @ y + w.V.T @ z + w.W.T @ x + w.b) - 0.042 * 2.7 * y - 0.042 * 4.7 * z
    return {"y": y + 0.042 * z, "z": z}


@simple(
    "lem",
    "Rusch, Mishra, Erichson & Mahoney 2021, equation 3",
    {"W": (F, 4 * U), "U": (U, 3 * U), "b": (4 * U,), "W_y": (U, U), "b_y": (U,)},
    {"y": U, "z": U},
)
def _(w, x, y, z):
    v = (w.W.T @ x + w.b).reshape(4, U)
    s = (w.U.T @ y).reshape(3, U)
    long, short = 0.5 * sigmoid(v[0] + s[0]), 0.5 * sigmoid(v[1] + s[1])
    z = z + short * (np.tanh(v[2] + s[2]) - z)
    return {"y": y + long * (np.tanh(w.W_y.T @ z + w.b_y + v[3]) - y), "z": z}


@simple(
    "lipschitz_rnn",
    "Erichson et al. 2020, equations 2 and 3",
    {"M_a": (U, U), "M_w": (U, U), "W": (F, U), "b": (U,)},
    {"h": U},
)
def _(w, x, h):
    part = lambda m: 0.25 * (m + m.T) + 0.75 * (m - m.T) - 0.001 * np.identity(U)
    return {"h": h + 0.03 * (part(w.M_a).T @ h + np.tanh(part(w.M_w).T @ h + w.W.T @ x + w.b))}


@simple(
    "cfc",
    "Hasani et al. 2021, equation 10, as the package ncps",
    {
        "W": (F, N),
        "U": (U, N),
        "b": (N,),
        **{f"{a}_{g}": s for g in "ab12" for a, s in (("W", (N, U)), ("b", (U,)))},
    },
    {"h": U},
)
def _(w, x, h):
    s = 1.7159 * np.tanh(0.666 * (np.concatenate([w.W, w.U]).T @ np.concatenate([x, h]) + w.b))
    t = sigmoid(w.W_a.T @ s + w.b_a + w.W_b.T @ s + w.b_b)
    return {"h": np.tanh(w.W_1.T @ s + w.b_1) * (1 - t) + t * np.tanh(w.W_2.T @ s + w.b_2)}
