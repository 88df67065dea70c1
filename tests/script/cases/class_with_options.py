import numpy as np
class Jordan:
    def __init__(self, n_in, n_h, n_out, *, seed=0, **kwargs):
        self.rng = np.random.default_rng(seed)
        self.V = self.rng.normal(size=(n_in + n_out, n_h))
        self.W = self.rng.normal(size=(n_h, n_out))
        self.lr = kwargs.get('lr', 0.1)
    def __repr__(self):
        return f"Jordan({self.V.shape}, {self.W.shape})"
    def reset(self):
        self.y = np.zeros(self.W.shape[1])
        return self
    def step(self, x):
        h = np.tanh(np.r_[x, self.y] @ self.V)
        self.y = h @ self.W
        return self.y
    def __len__(self):
        return self.V.size + self.W.size
net = Jordan(2, 4, 3, lr=0.2).reset()
print(net, len(net))
ys = [net.step(x) for x in np.eye(2)]
for x in np.ones((4, 2)):
    ys.append(net.step(x))
print(np.c_[ys].shape, ys[-1])
