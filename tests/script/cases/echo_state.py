import numpy as np
rng = np.random.RandomState(42)
inSize = outSize = 1
resSize = 20
a = 0.3
Win = (rng.rand(resSize, 1 + inSize) - 0.5) * 1
W = rng.rand(resSize, resSize) - 0.5
W *= 1.25 / np.sqrt(np.sum(W ** 2))
data = np.sin(np.arange(40) / 3.0)
X = np.zeros((1 + inSize + resSize, 30))
x = np.zeros((resSize, 1))
for t in range(40):
    u = data[t]
    x = (1 - a) * x + a * np.tanh(np.dot(Win, np.vstack((1, u))) + np.dot(W, x))
    if t >= 10:
        X[:, t - 10] = np.vstack((1, u, x))[:, 0]
print(X.shape, X[:, -1].round(4))
