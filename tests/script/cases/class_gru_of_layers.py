import numpy as np

class Linear:
    def __init__(self, n_in, n_out, rng):
        self.weight = rng.normal(0, 0.5, (n_out, n_in))
        self.bias = np.zeros(n_out)

    def __call__(self, x):
        return self.weight @ x + self.bias

class GRUCell:
    """A gated recurrent unit of three linear maps."""
    names = ('z', 'r', 'n')

    def __init__(self, n_in, n_hidden):
        rng = np.random.default_rng(5)
        self.of_z = Linear(n_in + n_hidden, n_hidden, rng)
        self.of_r = Linear(n_in + n_hidden, n_hidden, rng)
        self.of_n = Linear(n_in + n_hidden, n_hidden, rng)
        self.h = np.zeros(n_hidden)

    def sigmoid(self, a):
        return 1.0 / (1.0 + np.exp(-a))

    def update(self, x):
        xh = np.concatenate((x, self.h))
        z = self.sigmoid(self.of_z(xh))
        r = self.sigmoid(self.of_r(xh))
        n = np.tanh(self.of_n(np.concatenate((x, r * self.h))))
        self.h = (1 - z) * n + z * self.h

cell = GRUCell(2, 3)
states = []
for x in np.random.default_rng(6).normal(size=(5, 2)):
    cell.update(x)
    states.append(cell.h)
print(np.array(states))
print(cell.names)
