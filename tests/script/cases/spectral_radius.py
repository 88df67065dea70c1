import numpy as np

# An echo state network: only the readout is trained, so the reservoir is scaled to a spectral radius.
np.random.seed(42)
reservoir, washout, steps = 20, 5, 40
data = np.sin(0.3 * np.arange(steps + 1))

Win = np.random.rand(reservoir, 2) - 0.5
W = np.random.rand(reservoir, reservoir) - 0.5
rho = max(abs(np.linalg.eig(W)[0]))
W *= 1.25 / rho
V = np.random.randn(6, 6)
V = 0.9 * V / np.max(np.abs(np.linalg.eigvals(V)))
least = np.abs(np.linalg.eigvals(V)).min()
print("spectral radius %.6f, %.6f" % (rho, least))

leak = 0.3
x = np.zeros(reservoir)
X = np.zeros((reservoir, steps - washout))
for t in range(steps):
    u = data[t]
    x = (1 - leak) * x + leak * np.tanh(Win[:, 0] + Win[:, 1] * u + np.dot(W, x))
    if t >= washout:
        X[:, t - washout] = x
print(X.shape)
