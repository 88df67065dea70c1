import numpy as np
rng = np.random.default_rng(3)
T, n0, n1, n2 = 7, 3, 4, 2
x = rng.normal(size=(T, n0))
W1, U1, b1 = rng.normal(size=(n0, n1)), rng.normal(size=(n1, n1)) * .3, np.zeros(n1)
W2, U2, b2 = rng.normal(size=(n1, n2)), rng.normal(size=(n2, n2)) * .3, np.zeros(n2)
h1 = np.zeros((T + 1, n1)); h2 = np.zeros((T + 1, n2))
for t in range(1, T + 1):
    h1[t] = np.tanh(x[t - 1] @ W1 + h1[t - 1] @ U1 + b1)
    h2[t] = np.tanh(h1[t] @ W2 + h2[t - 1] @ U2 + b2)
print(h2[1:])
