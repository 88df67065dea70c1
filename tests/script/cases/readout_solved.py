import numpy as np

def generate_sine(n, freq=0.1):
    t = np.arange(n)
    return np.sin(2 * np.pi * freq * t)

class ESN:
    """Echo state network with a ridge regression readout."""
    def __init__(self, n_inputs, n_reservoir=30, spectral_radius=0.9, sparsity=0.2, leak=0.5, random_state=None):
        self.n_reservoir = n_reservoir
        self.leak = leak
        rng = np.random.RandomState(random_state)
        W = rng.rand(n_reservoir, n_reservoir) - 0.5
        W[rng.rand(*W.shape) < sparsity] = 0
        radius = np.max(np.abs(np.linalg.eigvals(W)))
        self.W = W * (spectral_radius / radius)
        self.W_in = rng.rand(n_reservoir, n_inputs) * 2 - 1

    def _update(self, state, pattern):
        pre = np.dot(self.W, state) + np.dot(self.W_in, pattern)
        return (1 - self.leak) * state + self.leak * np.tanh(pre)

    def fit(self, inputs, outputs, washout=10, ridge=1e-2):
        states = np.zeros((inputs.shape[0], self.n_reservoir))
        for n in range(1, inputs.shape[0]):
            states[n, :] = self._update(states[n - 1], inputs[n, :])
        X = states[washout:]
        Y = outputs[washout:]
        self.W_out = np.linalg.solve(X.T @ X + ridge * np.eye(self.n_reservoir), X.T @ Y)
        pred = X @ self.W_out
        return np.sqrt(np.mean((pred - Y) ** 2))

data = generate_sine(81)
esn = ESN(1, random_state=42)
err = esn.fit(data[:-1].reshape(-1, 1), data[1:].reshape(-1, 1))
print("RMSE small:", err < 1)
