import numpy as np
np.random.seed(10)
T, D, H = 6, 2, 3
X = np.random.randn(T, D)
target = np.sin(np.arange(T))[:, None]
Wx = np.random.randn(D, H) * 0.1
Wh = np.random.randn(H, H) * 0.1
Wy = np.random.randn(H, 1) * 0.1
lr = 0.05
for epoch in range(4):
    hs = {-1: np.zeros(H)}
    loss = 0
    dWy = np.zeros_like(Wy)
    for t in range(T):
        hs[t] = np.tanh(X[t] @ Wx + hs[t - 1] @ Wh)
        y = hs[t] @ Wy
        loss += 0.5 * np.sum((y - target[t]) ** 2)
        dWy += np.outer(hs[t], y - target[t])
    Wy -= lr * dWy
    print(f'epoch {epoch}: {loss:.5f}')
