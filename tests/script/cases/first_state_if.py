import numpy as np
np.random.seed(0)
T, N = 6, 3
x = np.random.rand(T, N)
W = np.random.rand(N, N); U = np.random.rand(N, N)
h = [np.zeros(N)] * (T + 1)
for t in range(T):
    if t == 0:
        prev = np.zeros(N)
    else:
        prev = h[t - 1]
    h[t] = np.tanh(np.add(np.dot(W, x[t]), np.dot(U, prev)))
print(h[T - 1])
