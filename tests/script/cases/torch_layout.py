import numpy as np
rng = np.random.default_rng(123)
B, T, D, H = 2, 4, 3, 5
x = rng.normal(size=(B, T, D))
W_ih = rng.uniform(-H**-0.5, H**-0.5, (4*H, D))
W_hh = rng.uniform(-H**-0.5, H**-0.5, (4*H, H))
b_ih = rng.uniform(-H**-0.5, H**-0.5, 4*H)
b_hh = rng.uniform(-H**-0.5, H**-0.5, 4*H)
sig = lambda a: 1./(1.+np.exp(-a))
h = np.zeros((B, H)); c = np.zeros((B, H))
ys = np.zeros((B, T, H))
for t in range(T):
    gates = x[:, t] @ W_ih.T + b_ih + h @ W_hh.T + b_hh
    i, f, g, o = np.split(gates, 4, axis=1)
    i, f, o = sig(i), sig(f), sig(o)
    g = np.tanh(g)
    c = f * c + i * g
    h = o * np.tanh(c)
    ys[:, t] = h
