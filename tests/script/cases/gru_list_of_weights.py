import numpy as np
np.random.seed(0)
def gru_step(x, h, params):
    Wz, Uz, bz, Wr, Ur, br, Wh, Uh, bh = params
    z = 1 / (1 + np.exp(-(Wz @ x + Uz @ h + bz)))
    r = 1 / (1 + np.exp(-(Wr @ x + Ur @ h + br)))
    n = np.tanh(Wh @ x + Uh @ (r * h) + bh)
    return (1 - z) * n + z * h
d, n = 3, 4
params = []
for _ in range(3):
    params += [np.random.randn(n, d), np.random.randn(n, n), np.zeros(n)]
h = np.zeros(n)
states = [h]
for x in np.random.randn(6, d):
    h = gru_step(x, h, params)
    states.append(h)
states = np.array(states)
print(states.round(3))
print(states.T.shape, states[1:].mean(axis=0))
