import numpy as np
np.random.seed(0)
D, H, K, T = 2, 3, 4, 9
W, U = np.random.randn(D, H) * .5, np.random.randn(H, H) * .5
A = np.array([0.1, 0.2, 0.3, 0.4])
buf = np.zeros((K, H))
h = np.zeros(H)
for x in np.random.randn(T, D):
    context = A @ buf
    h = np.tanh(x @ W + context @ U)
    buf = np.vstack([buf[1:], h])
print(buf)
