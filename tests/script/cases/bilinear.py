import numpy as np
from numpy.linalg import inv
N, L, step = 4, 16, 1 / 16
def make_HiPPO(N):
    P = np.sqrt(1 + 2 * np.arange(N))
    A = P[:, np.newaxis] * P[np.newaxis, :]
    A = np.tril(A) - np.diag(np.arange(N))
    return -A
def discretize(A, B, C, step):
    I = np.eye(A.shape[0])
    BL = inv(I - (step / 2.0) * A)
    Ab = BL @ (I + (step / 2.0) * A)
    Bb = (BL * step) @ B
    return Ab, Bb, C
A = make_HiPPO(N)
rng = np.random.default_rng(0)
B, C = rng.uniform(size=(N, 1)), rng.uniform(size=(1, N))
Ab, Bb, Cb = discretize(A, B, C, step)
u = np.sin(np.linspace(0, 6, L))
x = np.zeros((N, 1))
y = []
for k in range(L):
    x = Ab @ x + Bb * u[k]
    y.append((Cb @ x).item())
K = np.array([(Cb @ np.linalg.matrix_power(Ab, l) @ Bb).reshape(()) for l in range(L)])
print(np.allclose(np.convolve(u, K)[:L], y))
print(np.array(y).round(4))
