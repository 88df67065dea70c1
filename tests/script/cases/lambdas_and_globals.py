from numpy import tanh, zeros, dot
import numpy as np

np.random.seed(2)
units, alpha = 4, 0.3
W_in, W_rec = np.random.rand(units, 2) - 0.5, np.random.rand(units, units) - 0.5
mask = np.random.rand(units, units) < 0.5
W_rec *= mask

def update(state, u):
    return (1 - alpha) * state + alpha * tanh(dot(W_in, u) + dot(W_rec, state))

u = np.array([[np.sin(0.3 * k), np.cos(0.3 * k)] for k in range(10)])
s = zeros(units)
trajectory = np.zeros((len(u), units))
for k in range(len(u)):
    s = update(s, u[k])
    trajectory[k, :] = s
print(trajectory[::3])
