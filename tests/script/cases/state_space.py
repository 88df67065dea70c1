import numpy as np
rng = np.random.default_rng(7)
N, L = 4, 10
A = np.diag(-np.arange(1, N + 1) / N)
B = np.ones(N)
C = rng.normal(size=N)
dt = 0.1
Ab = np.eye(N) + dt * A
Bb = dt * B
u = rng.normal(size=L)
x = np.zeros(N)
y = np.zeros(L)
for k in range(L):
    x = Ab @ x + Bb * u[k]
    y[k] = C @ x
print(y)
