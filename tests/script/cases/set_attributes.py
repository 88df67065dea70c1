import numpy as np

class GRU:
    def __init__(self, input_dim, hidden_dim, seed=None):
        if seed is not None:
            np.random.seed(seed)
        self.hidden_dim = hidden_dim
        for gate in ['z', 'r', 'h']:
            setattr(self, 'W' + gate, np.random.randn(hidden_dim, input_dim) * 0.1)
            setattr(self, 'U' + gate, np.random.randn(hidden_dim, hidden_dim) * 0.1)
            setattr(self, 'b' + gate, np.zeros(hidden_dim))

    @staticmethod
    def sigmoid(x):
        return 1.0 / (1.0 + np.exp(-x))

    def step(self, x, h):
        z = self.sigmoid(self.Wz @ x + self.Uz @ h + self.bz)
        r = self.sigmoid(self.Wr @ x + self.Ur @ h + self.br)
        hh = np.tanh(self.Wh @ x + self.Uh @ (r * h) + self.bh)
        return (1 - z) * h + z * hh

    def forward(self, inputs, h0=None):
        h = h0 if h0 is not None else np.zeros(self.hidden_dim)
        hs = []
        for x in inputs:
            h = self.step(x, h)
            hs.append(h)
        return np.array(hs), h

    def num_params(self):
        return sum(v.size for v in self.__dict__.values() if isinstance(v, np.ndarray))

gru = GRU(3, 4, seed=0)
hs, h = gru.forward(np.random.randn(5, 3))
print(hs.shape)
print(h)
print(gru.num_params())
