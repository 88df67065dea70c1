import numpy as np

def rnn_forward(xs, h0, Wx, Wh, b):
    """Run a simple RNN over a sequence."""
    T = xs.shape[0]
    h = h0
    hs = np.zeros((T, h0.shape[0]))
    for t in range(T):
        x = xs[t]
        h = np.tanh(np.dot(x, Wx) + np.dot(h, Wh) + b)
        hs[t] = h
    return hs, h

rng = np.random.default_rng(42)
timesteps, features, units = 7, 3, 5
xs = rng.standard_normal((timesteps, features))
Wx = rng.standard_normal((features, units)) * 0.4
Wh = rng.uniform(-0.3, 0.3, size=(units, units))
b = rng.random(units)
hs, last = rnn_forward(xs, np.zeros(units), Wx, Wh, b)
print(hs.shape, np.allclose(hs[-1], last))
hs[0, :3]
