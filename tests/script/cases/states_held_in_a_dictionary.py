import numpy as np

class RNN:
    def __init__(self, n_in=1, n_hidden=6, n_out=1, lr=0.01, seed=1):
        rng = np.random.RandomState(seed)
        s = 1.0 / np.sqrt(n_hidden)
        self.p = {n: rng.uniform(-s, s, sh) for n, sh in
                  [("U", (n_hidden, n_in)), ("W", (n_hidden, n_hidden)), ("V", (n_out, n_hidden))]}
        self.p["b"], self.p["c"] = np.zeros((n_hidden, 1)), np.zeros((n_out, 1))
        self.cache = {k: np.zeros_like(v) for k, v in self.p.items()}
        self.lr = lr

    def forward(self, xs):
        self.h = {-1: np.zeros((self.p["W"].shape[0], 1))}
        ys = []
        for t, x in enumerate(xs):
            self.h[t] = np.tanh(self.p["U"] @ x + self.p["W"] @ self.h[t - 1] + self.p["b"])
            ys.append(self.p["V"] @ self.h[t] + self.p["c"])
        return ys

    def backward(self, xs, ys, targets):
        g = {k: np.zeros_like(v) for k, v in self.p.items()}
        dh_next = np.zeros_like(self.h[0])
        for t in reversed(range(len(xs))):
            dy = ys[t] - targets[t]
            g["V"] += dy @ self.h[t].T
            g["c"] += dy
            dz = (self.p["V"].T @ dy + dh_next) * (1 - self.h[t] ** 2)
            g["U"] += dz @ xs[t].T
            g["W"] += dz @ self.h[t - 1].T
            g["b"] += dz
            dh_next = self.p["W"].T @ dz
        for k in g:
            np.clip(g[k], -5, 5, out=g[k])
            self.cache[k] = 0.9 * self.cache[k] + 0.1 * g[k] ** 2
            self.p[k] -= self.lr * g[k] / (np.sqrt(self.cache[k]) + 1e-8)

t = np.linspace(0, 4 * np.pi, 21)
wave = np.sin(t)
xs = [np.array([[v]]) for v in wave[:-1]]
targets = [np.array([[v]]) for v in wave[1:]]
model = RNN()
for epoch in range(4):
    ys = model.forward(xs)
    loss = 0.5 * sum(((y - d) ** 2).item() for y, d in zip(ys, targets))
    model.backward(xs, ys, targets)
    print(f"epoch {epoch}: loss={loss:.6f}")
