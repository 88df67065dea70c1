import numpy as np
class SimpleRNN:
    def __init__(self, D, H):
        self.W = np.random.uniform(-0.5, 0.5, (D, H))
        self.U = np.random.uniform(-0.5, 0.5, (H, H))
        self.b = np.zeros(H)
    def forward(self, xs):
        h = np.zeros(self.U.shape[0])
        outputs = []
        for x in xs:
            h = np.tanh(x @ self.W + h @ self.U + self.b)
            outputs.append(h)
        self.last = h
        return np.stack(outputs)
np.random.seed(0)
model = SimpleRNN(2, 3)
out = model.forward(np.random.randn(5, 2))
print(out.shape)
print(model.last)
