"""A function with a loop and a condition, which is given its weights as a tuple, and one that is given them by a star."""
import numpy as np

rng = np.random.RandomState(4)
params = (rng.rand(3) + 0.5, rng.randn(3, 2), rng.randn(3, 3) / 2, np.zeros(3))
norm = [1 + rng.rand(3), rng.rand(3)]


def liquid(x, u, params, dt=0.1, n=3):
    tau, W, U, b = params
    for k in range(n):
        f = np.tanh(W @ u + U @ x + b)
        x = x + dt * (f - x / tau) / (k + 1)
    if n > 2:
        x = x * 0.9
    else:
        x = x * 3.0
    return x


def scaled(x, gain, shift):
    return gain * (x - x.mean()) / (1 + x.std()) + shift


def mixed(x, last, old, mix, W, U):
    k = W @ (x * mix + last * (1 - mix))
    total = 0.5 * old + np.tanh(k)
    return U @ total, (x, total)


att = [rng.rand(3), rng.randn(3, 3) / 2, rng.randn(3, 3) / 2]
h, last, total = np.zeros(3), np.zeros(3), np.zeros(3)
for u in rng.randn(6, 2):
    h = 0.5 * h + liquid(scaled(h, *norm), u, params)
    d, (last, total) = mixed(h, last, total, *att)
    h = np.tanh(h + d)
print(h)
