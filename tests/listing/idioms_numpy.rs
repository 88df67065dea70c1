//! Sizes, parts and functions of numpy as published cells use them: run by numpy too, with their gradients checked.

/// Listings for features 6 and units 4.
pub const NUMPY: [(&str, &str); 18] = [
    (
        "slices_by_size",
        "def step(x, h, c, Wx, Wh, b):
    H = h.shape[0]
    a = np.dot(x, Wx) + np.dot(h, Wh) + b
    i, f = sigmoid(a[:H]), sigmoid(a[H:2*H])
    o = sigmoid(a[-2 * H:-H])
    g = np.tanh(a[3*H:])
    half = H // 2
    gates = np.split(a, [H, 3 * H])
    middle = gates[1][:len(c)] / H
    c = f * c + i * g
    h = o * np.tanh(c) + np.concatenate([middle[half:], middle[:half]], axis=-1) * 0.1
    return h, c
",
    ),
    (
        "parts_assigned",
        "def step(x, h, c, WLSTM):
    d = h.size
    Hin = np.hstack([1, x, h])
    IFOG = Hin.dot(WLSTM)
    IFOGf = np.zeros_like(IFOG)
    IFOGf[:3*d] = 1.0 / (1.0 + np.exp(-IFOG[:3*d]))
    IFOGf[3*d:] = np.tanh(IFOG[3*d:])
    c = IFOGf[:d] * IFOGf[3*d:] + IFOGf[d:2*d] * c
    h = IFOGf[2*d:3*d] * np.tanh(c)
    mixed = h * c
    kept = mixed
    mixed[0] = 0.5
    mixed[1:3] *= x[2:4]
    mixed[-1:] += np.sum(c)
    h = h + 0.1 * mixed + 0.1 * kept
    return h, c
",
    ),
    (
        "turned_and_stepped",
        "def step(x, h, W):
    turned = np.concatenate([h[2:], h[:2]])
    z = x @ W
    even, odd = z[::2], z[1::2]
    h = np.tanh(turned[::-1] * even + odd - h[-1:0:-3][0])
    return h
",
    ),
    (
        "rows_of_gates",
        "def step(x, h, c, W, U, b):
    z = (x @ W + h @ U + b).reshape(4, -1)
    i, f, g, o = np.tanh(z) + z
    gates = np.split(sigmoid(z), 2, axis=0)
    high = np.max(z, axis=0) - np.min(z, axis=1, keepdims=True)[0]
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g) * gates[1][0]
    h = sigmoid(o) * np.tanh(c) + 0.1 * high + 0.1 * np.sum(z, axis=-1)[1] + z.ravel()[:len(h)] * 0.1
    return h, c
",
    ),
    (
        "choices",
        "def step(x, h, W_z, b_z, W_h, s):
    z = sigmoid(x @ W_z + b_z)
    pre = x @ W_h
    t = np.where(pre >= 0, pre + 0.5, sigmoid(pre))
    near = (pre > -0.5) * (pre <= 0.5) * z + (1 - (h != 0)) * t
    t = t + np.sign(pre) * z + np.mod(pre, 0.75) + (h + 2) % 1.5 + z // 0.3
    t = np.clip(t, -z - 1, s) if len(h) > 3 else t * 0
    h = (1 - z) * h + z * np.tanh(t + near)
    return h
",
    ),
    (
        "waves",
        "def step(x, h_re, h_im, nu_log, theta_log, B_re, B_im):
    mod = np.exp(-np.exp(nu_log))
    l_re, l_im = mod * np.cos(np.exp(theta_log)), mod * np.sin(np.exp(theta_log))
    new_re = l_re * h_re - l_im * h_im + np.expm1(0.3 * (B_re @ x)) + np.log1p(h_re ** 2)
    new_im = l_re * h_im + l_im * h_re + np.logaddexp(B_im @ x, h_im) - gelu(h_re)
    return np.tanh(new_re), np.tanh(new_im)
",
    ),
    (
        "made_of_numbers",
        "def step(x, h, A, b):
    n = len(h)
    W = A - A.T - 0.1 * np.eye(n) + np.outer(b, np.arange(n)) * 0.1
    u = np.r_[0.5, x] if x.shape[0] > 2 else np.hstack([1.0, x])
    rows = np.vstack([h, W @ h, np.full(n, 0.25)]) + np.zeros((3, n))
    ramp = np.linspace(-1, 1, 5)[:4] + np.full_like(h, np.pi / 4) * np.ones(2 * n)[n:]
    h = np.tanh(rows[0] + rows[1] * ramp + u[1:5] + np.arange(1, n + 1) * rows[2])
    return h
",
    ),
    (
        "softmax_by_hand",
        "def step(x, h, W, U, V):
    h = np.tanh(x @ W + h @ U)
    y = h @ V
    e = np.exp(y - np.max(y))
    p = e / e.sum()
    h = h * p.max() + p[:len(h)] - p.min(axis=0)
    return h
",
    ),
    (
        "columns",
        "def step(x, h, W, A):
    column = h.reshape(-1, 1)
    spread = column * x[None, :] + A
    flat = (spread @ x)[:, None].reshape(-1)
    h = np.tanh(flat + np.matmul(W, x.reshape(-1, 1)).ravel()[0] * (column.T @ column)[0, 0])
    return h
",
    ),
    (
        "linear_attention",
        "def step(x, S, z, W_q, W_k, W_v):
    q = np.exp(W_q @ x)
    k = np.exp(W_k @ x)
    v = W_v @ x
    S = S + np.outer(k, v)
    z = z + k
    o = (q @ S) / (q @ z)
    S = S * 0.5 + 0.1 * np.outer(z, o)
    return S, z
",
    ),
    (
        "delta_rule",
        "def step(x, S, W_q, W_k, W_v, W_b):
    q = silu(W_q @ x)
    k = silu(W_k @ x)
    k = k / np.linalg.norm(k)
    v = W_v @ x
    beta = sigmoid(np.sum(W_b @ x))
    v_old = S.T @ k
    S = S + beta * np.outer(k, v - v_old)
    o = S.T @ q
    S = np.exp(-softplus(o)) * S + (S * S)[0] / S.shape[1]
    return S
",
    ),
    (
        "selective_state_space",
        "def step(x, h, A_log, D, W_B, W_C, W_delta, b_delta):
    delta = np.log(1 + np.exp(x @ W_delta + b_delta))  # softplus
    B = x @ W_B
    C = x @ W_C
    A = -np.exp(A_log)
    dA = np.exp(delta[:, None] * A)
    dB = delta[:, None] * B[None, :]
    h = dA * h + dB * x[:, None]
    y = h @ C + D * x
    h = h * np.tanh(y)[:, np.newaxis]
    return h
",
    ),
    (
        "columns_as_states",
        "def step(x, h, Wxh, Whh, bh):
    x = x.reshape(-1, 1)
    z = np.vstack((h, x))
    h = np.tanh(Wxh @ x + Whh @ h + bh) * np.mean(z)
    return h
",
    ),
    (
        "matrix_lstm",
        "def step(x, C, n, m, Wq, Wk, Wv, Wi, Wf):
    q, k, v = Wq @ x, Wk @ x / len(x) ** 0.5, Wv @ x
    i, f = np.sum(Wi @ x), np.sum(Wf @ x)
    f = m + log_sigmoid(f)
    m = np.maximum(i, f)
    i, f = np.exp(i - m), np.exp(f - m)
    C = f[:, None] * C + np.outer(i * v, k)
    n = f * n + i * k
    h = C @ q / np.maximum(np.abs(n @ q), 1)
    C = C + 0.1 * np.outer(h, np.tanh(h))
    return C, n, m
",
    ),
    (
        "layer_norm_of_rows",
        "def step(x, S, W, U):
    rows = S + np.outer(x @ W, np.tanh(x @ U))
    mu = np.mean(rows, axis=1, keepdims=True)
    rows = (rows - mu) / (np.std(rows, axis=1, keepdims=True) + 0.1)
    S = np.where(rows > rows.max(axis=0), S, np.tanh(rows)) + S.T @ S * 0.1
    return S
",
    ),
    (
        "for_each_value",
        "def step(x, h, c, W, U, b):
    i, f, o, g = [sigmoid(z) for z in np.split(x @ W + h @ U + b, 4)]
    g, o = map(np.tanh, (g, o))
    best = np.argmax(h) + np.argmin(c)
    assert len(x) == 6, 'features'
    c = f * c + i * g * (best > 2)
    print(c)
    h = o * np.tanh(c)
    return h, c
",
    ),
    (
        "parts_with_one_gradient",
        "def step(x, h, W, U):
    x_1, x_2, x_3 = np.split(x @ W, 3)
    a = sigmoid(x_1 + x_2)
    b = np.concatenate([a, h, a])
    h = np.tanh(a + h @ U + x_3) + b[:4] * b[8:]
    return h
",
    ),
    (
        "columns_side_by_side",
        "def step(x, h, W, U):
    m = np.stack([x @ W, h @ U], axis=1)
    h = np.tanh(m[:, 0]) * sigmoid(m[:, 1])
    return h
",
    ),
];
