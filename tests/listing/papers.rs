//! Cells of papers, 2016 to 2025, as step functions: what the language must be able to say. They are run by numpy
//! (`golden.rs`), and their gradients are held to differences.

use unrolled::listing::CheckedListing;
use unrolled::session::stepping::check;

/// Name and text; equations as in the papers, row vectors, one head.
pub const PAPERS: [(&str, &str); 28] = [
    (
        "mgu",
        "def step(x, h, Wf, Uf, bf, Wh, Uh, bh):
    f = sigmoid(x @ Wf + h @ Uf + bf)
    g = np.tanh(x @ Wh + (f * h) @ Uh + bh)
    h = (1 - f) * h + f * g
    return h
",
    ),
    (
        "mingru",
        "def step(x, h, W, b):
    z, g = np.split(x @ W + b, 2)
    z = sigmoid(z)
    g = np.maximum(g, 0) + np.minimum(sigmoid(g), 0.5)
    h = (1 - z) * h + z * g
    return h
",
    ),
    (
        "minlstm",
        "def step(x, h, W, b):
    f, i, g = np.split(x @ W + b, 3)
    f, i = sigmoid(f), sigmoid(i)
    g = np.where(g >= 0, g + 0.5, sigmoid(g))
    h = (f * h + i * g) / (f + i)
    return h
",
    ),
    (
        "slstm",
        "def step(x, h, c, n, m, W, R, b):
    i, f, z, o = np.split(x @ W + h @ R + b, 4)
    f = m + log_sigmoid(f)
    m = np.maximum(i, f)
    i = np.exp(i - m)
    f = np.exp(f - m)
    c = f * c + i * np.tanh(z)
    n = f * n + i
    h = sigmoid(o) * c / n
    return h, c, n, m
",
    ),
    (
        "rglru",
        "def step(x, h, Wx, Wr, br, Wi, bi, lam):
    u = x @ Wx
    r = sigmoid(x @ Wr + br)
    i = sigmoid(x @ Wi + bi)
    a = np.exp(-8 * r * softplus(lam))
    h = a * h + np.sqrt(1 - a ** 2) * (i * u)
    return h
",
    ),
    (
        "hgrn",
        "def step(x, h, Wf, Wi):
    f = sigmoid(x @ Wf)
    i = x @ Wi
    h = f * h + (1 - f) * silu(i)
    return h
",
    ),
    (
        "cornn",
        "def step(x, y, z, W, U, V, b, dt=0.042, gamma=2.7, epsilon=4.7):
    z = z + dt * (np.tanh(x @ W + y @ U + z @ V + b) - gamma * y - epsilon * z)
    y = y + dt * z
    return y, z
",
    ),
    (
        "lem",
        "def step(x, y, z, W, b, U, Wy, by, dt=0.5):
    a, b_, p, q = np.split(x @ W + b, 4)
    u, v, w = np.split(y @ U, 3)
    s = dt * sigmoid(a + u)
    t = dt * sigmoid(b_ + v)
    z = (1 - t) * z + t * np.tanh(q + w)
    y = (1 - s) * y + s * np.tanh(z @ Wy + by + p)
    return y, z
",
    ),
    (
        "lipschitz",
        "def step(x, h, MA, MW, E, b, beta=0.75, gamma=0.001, eps=0.03):
    n = len(h)
    A = (1 - beta) * (MA + MA.T) + beta * (MA - MA.T) - gamma * np.eye(n)
    W = (1 - beta) * (MW + MW.T) + beta * (MW - MW.T) - gamma * np.eye(n)
    h = h + eps * (h @ A) + eps * np.tanh(h @ W + x @ E + b)
    return h
",
    ),
    (
        "cfc",
        "def step(x, h, W, U, b, Wa, ba, Wb, bb, W1, b1, W2, b2, ts=1.0):
    s = 1.7159 * np.tanh(0.666 * (x @ W + h @ U + b))
    t = sigmoid((s @ Wa + ba) * ts + s @ Wb + bb)
    h = np.tanh(s @ W1 + b1) * (1 - t) + t * np.tanh(s @ W2 + b2)
    return h
",
    ),
    (
        "rwkv4",
        "def step(x, y, px, a, b, p, mk, mv, mr, Wk, Wv, Wr, u, w):
    k = (x * mk + px * (1 - mk)) @ Wk
    v = (x * mv + px * (1 - mv)) @ Wv
    r = (x * mr + px * (1 - mr)) @ Wr
    q = np.maximum(p, u + k)
    e = np.exp(p - q)
    f = np.exp(u + k - q)
    y = sigmoid(r) * (e * a + f * v) / (e * b + f)
    q = np.maximum(p + w, k)
    e = np.exp(p + w - q)
    f = np.exp(k - q)
    a = e * a + f * v
    b = e * b + f
    return y, x, a, b, q
",
    ),
    (
        "lru",
        "def step(x, re, im, nu, th, gamma_log, Br, Bi, Cr, Ci, D):
    m = np.exp(-np.exp(nu))
    a = m * np.cos(np.exp(th))
    b = m * np.sin(np.exp(th))
    ga = np.exp(gamma_log)
    re, im = a * re - b * im + ga * (x @ Br), a * im + b * re + ga * (x @ Bi)
    y = re @ Cr - im @ Ci + D * x
    return re, im
",
    ),
    (
        "s5",
        "def step(x, re, im, ldt, lr, li, Br, Bi, Cr, Ci, D):
    d = np.exp(ldt)
    e = np.exp(lr * d)
    a = e * np.cos(li * d)
    b = e * np.sin(li * d)
    q = lr ** 2 + li ** 2
    u = x @ Br
    w = x @ Bi
    gr = ((a - 1) * lr + b * li) / q
    gi = (b * lr - (a - 1) * li) / q
    re, im = a * re - b * im + gr * u - gi * w, a * im + b * re + gr * w + gi * u
    y = 2 * (re @ Cr - im @ Ci) + D * x
    return re, im
",
    ),
    (
        "lmu",
        "def step(x, h, m, ex, eh, em, A, B, W, U, M):
    u = x @ ex + h @ eh + m @ em
    m = m @ A + u * B
    h = np.tanh(x @ W + h @ U + m @ M)
    return h, m
",
    ),
    (
        "linatt",
        "def phi(a):
    return np.maximum(a, 0) + np.exp(np.minimum(a, 0))

def step(x, S, z, Wq, Wk, Wv):
    q, k, v = phi(x @ Wq), phi(x @ Wk), x @ Wv
    S = S + np.outer(v, k)
    z = z + k
    o = S @ q / (z @ q)
    return S, z
",
    ),
    (
        "retnet",
        "def step(x, o, S, Wq, Wk, Wv, g=0.96875):
    S = g * S + np.outer(x @ Wv, x @ Wk)
    o = S @ (x @ Wq)
    return o, S
",
    ),
    (
        "gla",
        "def step(x, o, S, Wq, Wk, Wv, W1, W2, b):
    a = sigmoid(x @ W1 @ W2 + b) ** (1 / 16)
    S = a * S + np.outer(x @ Wv, x @ Wk)
    o = S @ (x @ Wq)
    return o, S
",
    ),
    (
        "hgrn2",
        "def step(x, o, S, Wq, Wf, Wi):
    q, f, i = silu(x @ Wq), sigmoid(x @ Wf), x @ Wi
    S = f * S + np.outer(i, 1 - f)
    o = S @ q
    return o, S
",
    ),
    (
        "deltanet",
        "def unit(a):
    a = silu(a)
    return a / np.sqrt(np.sum(a * a))

def step(x, o, S, Wq, Wk, Wv, wb):
    q, k, v = unit(x @ Wq), unit(x @ Wk), x @ Wv
    beta = sigmoid(np.sum(x * wb))
    S = S + np.outer(beta * (v - S @ k), k)
    o = S @ q
    return o, S
",
    ),
    (
        "gated_deltanet",
        "def unit(a):
    a = silu(a)
    return a / np.linalg.norm(a)

def step(x, o, S, Wq, Wk, Wv, wb, A, wa, dt):
    q, k, v = unit(x @ Wq), unit(x @ Wk), x @ Wv
    beta = sigmoid(np.sum(x * wb))
    g = -np.exp(A[0]) * softplus(np.sum(x * wa) + dt[0])
    S = np.exp(g) * S
    S = S + np.outer(beta * (v - S @ k), k)
    o = S @ q
    return o, S
",
    ),
    (
        "kda",
        "def unit(a):
    a = silu(a)
    return a / np.linalg.norm(a)

def step(x, o, S, Wq, Wk, Wv, wb, A, Wa, dt):
    q, k, v = unit(x @ Wq), unit(x @ Wk), x @ Wv
    beta = sigmoid(np.sum(x * wb))
    g = -np.exp(A) * softplus(x @ Wa + dt)
    S = np.exp(g) * S
    S = S + np.outer(beta * (v - S @ k), k)
    o = S @ q
    return o, S
",
    ),
    (
        "rwkv6",
        "def step(x, o, S, Wr, Wk, Wv, Ww, u):
    r, k, v = x @ Wr, x @ Wk, x @ Wv
    w = np.exp(-np.exp(x @ Ww))
    o = (S + np.outer(v, u * k)) @ r
    S = w * S + np.outer(v, k)
    return o, S
",
    ),
    (
        "rwkv7",
        "def step(x, o, S, Wr, Wk, Wv, Ww, Wa, xi):
    r, k, v = x @ Wr, x @ Wk, x @ Wv
    w, a = np.exp(-0.6 * sigmoid(x @ Ww)), sigmoid(x @ Wa)
    kk = k * xi / np.linalg.norm(k * xi)
    S = S * w - np.outer(S @ kk, kk * a) + np.outer(v, k)
    o = S @ r
    return o, S
",
    ),
    (
        "mlstm",
        "def step(x, h, C, n, m, Wq, Wk, Wv, wi, wf, Wo):
    q, k, v = x @ Wq, x @ Wk, x @ Wv
    k = k / len(k) ** 0.5
    f = m + log_sigmoid(np.sum(x * wf))
    i = np.sum(x * wi)
    m = np.maximum(i, f)
    i, f = np.exp(i - m), np.exp(f - m)
    C = f[:, None] * C + np.outer(i * v, k)
    n = f * n + i * k
    h = sigmoid(x @ Wo) * (C @ q) / np.maximum(np.abs(n @ q), np.exp(-m))
    return h, C, n, m
",
    ),
    (
        "mamba",
        "def step(x, y, H, W1, W2, b, Wb, Wc, A, D):
    dt = softplus(x @ W1 @ W2 + b)
    B = x @ Wb
    C = x @ Wc
    H = np.exp(-np.exp(A) * dt) * H + np.outer(B, dt * x)
    y = C @ H + D * x
    return y, H
",
    ),
    (
        "mamba2",
        "def step(x, y, H, wdt, bdt, Wb, Wc, A, D):
    dt = softplus(np.sum(x * wdt) + bdt[0])
    B = x @ Wb
    C = x @ Wc
    H = np.exp(-np.exp(A[0]) * dt) * H + np.outer(dt * x, B)
    y = H @ C + D * x
    return y, H
",
    ),
    (
        "ttt",
        "def step(x, o, W, b, Wq, Wk, Wv, gm, bt, eta=0.1, eps=1e-6):
    q, k, v = x @ Wq, x @ Wk, x @ Wv
    z = W @ k + b
    d = len(z)
    s = np.sqrt(np.var(z) + eps)
    zh = (z - np.mean(z)) / s
    g = (gm * zh + bt - (v - k)) * gm
    dz = (d * g - np.sum(g) - zh * np.sum(g * zh)) / (d * s)
    W = W - eta * np.outer(dz, k)
    b = b - eta * dz
    y = W @ q + b
    o = q + gm * (y - np.mean(y)) / np.sqrt(np.var(y) + eps) + bt
    return o, W, b
",
    ),
    (
        "titans",
        "def step(x, o, M, S, Wq, Wk, Wv, we, wt, wal):
    q, k, v = x @ Wq, x @ Wk, x @ Wv
    eta, th, al = sigmoid(np.sum(x * we)), sigmoid(np.sum(x * wt)), sigmoid(np.sum(x * wal))
    S = eta * S - 2 * th * np.outer(M @ k - v, k)
    M = (1 - al) * M + S
    o = M @ q
    return o, M, S
",
    ),
];

#[test]
fn every_cell_is_accepted_and_its_gradients_are_slopes() {
    for (name, source) in PAPERS {
        let checked =
            CheckedListing::new(source).unwrap_or_else(|m| panic!("{name}: {}", m[0].render(source)));
        let found = check(&checked, 4).unwrap_or_else(|failure| panic!("{name}: {failure:?}"));
        assert!(found.passed && found.numbers > 10, "{name}: {found:?}");
    }
}
