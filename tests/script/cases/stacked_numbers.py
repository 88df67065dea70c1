import numpy as np
rng = np.random.RandomState(42)
Win = rng.rand(10, 2) - .5
W = rng.rand(10, 10) - .5
x = np.zeros((10, 1))
u_all = np.sin(np.arange(20) / 2)
X = []
for u in u_all:
    x = .7 * x + .3 * np.tanh(Win @ np.vstack((1, u)) + W @ x)
    X.append(np.vstack((1, u, x)))
X = np.hstack(X)
print(X.shape)
