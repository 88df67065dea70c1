import numpy as np
np.random.seed(0)
T = 5
xs = np.random.randn(T, 3)
W, U = np.random.randn(3, 4), np.random.randn(4, 4)
h = np.zeros(4)
for t in range(T):
    h = np.tanh(xs[t] @ W + h @ U + 0.1 * t)
print(h)
