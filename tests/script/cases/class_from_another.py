import numpy as np
from abc import ABC, abstractmethod

class BaseCell(ABC):
    def __init__(self, input_dim, hidden_dim, seed=0):
        self.rng = np.random.RandomState(seed)
        self.input_dim = input_dim
        self.hidden_dim = hidden_dim
    @abstractmethod
    def step(self, x, state):
        pass
    def run(self, xs):
        state = self.initial_state()
        outs = []
        for x in xs:
            out, state = self.step(x, state)
            outs.append(out)
        return np.stack(outs)
    @staticmethod
    def sigmoid(z):
        return 1.0 / (1.0 + np.exp(-z))

class GRUCell(BaseCell):
    def __init__(self, input_dim, hidden_dim, seed=0):
        super(GRUCell, self).__init__(input_dim, hidden_dim, seed)
        d, n = input_dim, hidden_dim
        self.Wz, self.Wr, self.Wh = [self.rng.randn(d + n, n) * 0.2 for _ in range(3)]
    def initial_state(self):
        return np.zeros(self.hidden_dim)
    def step(self, x, h):
        xh = np.concatenate([x, h])
        z = self.sigmoid(xh @ self.Wz)
        r = BaseCell.sigmoid(xh @ self.Wr)
        n = np.tanh(np.concatenate([x, r * h]) @ self.Wh)
        h = z * h + (1 - z) * n
        return h, h

cell = GRUCell(2, 3, seed=4)
out = cell.run(np.random.RandomState(5).randn(5, 2))
print(out.shape)
print(out)
