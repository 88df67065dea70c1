import numpy as np
class Layer:
    def __init__(self, n_in, n_out, rng):
        self.W = rng.normal(0, .5, (n_in, n_out))
        self.U = rng.normal(0, .5, (n_out, n_out))
        self.h = np.zeros(n_out)
    def step(self, x):
        self.h = np.tanh(x @ self.W + self.h @ self.U)
        return self.h
rng = np.random.default_rng(3)
layers = [Layer(2, 3, rng), Layer(3, 4, rng)]
outs = []
for x in rng.normal(size=(5, 2)):
    out = x
    for layer in layers:
        out = layer.step(out)
    outs.append(out)
print(np.array(outs)[-1])
