import numpy as np
np.random.seed(5)
T, n = 5, 2
def rnn(inputs, W, U, b, h0=None, return_sequences=True):
    h = np.zeros(U.shape[0]) if h0 is None else h0
    out = []
    for x in inputs:
        h = np.tanh(W @ x + U @ h + b)
        out.append(h)
    return np.stack(out) if return_sequences else h
W, U, b = np.random.randn(n, 3), np.random.randn(n, n), np.random.randn(n)
seq = np.random.randn(T, 3)
print(rnn(seq, W, U, b))
print(rnn(seq, W, U, b, return_sequences=False))
both = np.concatenate([rnn(seq, W, U, b), rnn(seq[::-1], W, U, b)[::-1]], axis=-1)
print(both.shape, both.dtype, both.ndim, both.size)
