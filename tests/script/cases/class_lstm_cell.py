import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

class LSTMCell(object):
    def __init__(self, n_in, n_hidden, seed=0):
        rng = np.random.RandomState(seed)
        self.n_hidden = n_hidden
        self.W = rng.randn(n_in + n_hidden, 4 * n_hidden) * 0.3
        self.b = np.zeros(4 * n_hidden)

    def forward(self, x, state):
        h, c = state
        n = self.n_hidden
        z = np.concatenate([x, h]) @ self.W + self.b
        i, f, o = sigmoid(z[:n]), sigmoid(z[n:2 * n]), sigmoid(z[2 * n:3 * n])
        g = np.tanh(z[3 * n:])
        c = f * c + i * g
        h = o * np.tanh(c)
        return h, c

    def init_state(self):
        return np.zeros(self.n_hidden), np.zeros(self.n_hidden)

cell = LSTMCell(3, 4)
xs = np.random.RandomState(1).randn(6, 3)
h, c = cell.init_state()
hs = []
for t in range(len(xs)):
    h, c = cell.forward(xs[t], (h, c))
    hs.append(h)
print(np.stack(hs).shape, h)
