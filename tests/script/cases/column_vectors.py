import numpy as np
rng = np.random.RandomState(13)
n_x, n_h, T = 3, 2, 4
W_xh, W_hh = rng.randn(n_h, n_x), rng.randn(n_h, n_h)
b_h = np.zeros((n_h, 1))
seq = [rng.rand(n_x, 1) for _ in range(T)]
h = np.zeros((n_h, 1))
hidden_states = [h]
for x in seq:
    h = np.tanh(W_xh.dot(x) + W_hh.dot(hidden_states[-1]) + b_h)
    hidden_states.append(h)
H = np.concatenate(hidden_states, axis=1)
print(H.T)
assert H.shape == (n_h, T + 1)
