import numpy as np
rng = np.random.default_rng(2)
def cell(state, x, W, U):
    h, c = state
    i, f, o, g = np.split(x @ W + h @ U, 4)
    s = lambda v: 1 / (1 + np.exp(-v))
    c = s(f) * c + s(i) * np.tanh(g)
    h = s(o) * np.tanh(c)
    return (h, c), h
W, U = rng.normal(size=(2, 12)), rng.normal(size=(3, 12))
state = (np.zeros(3), np.zeros(3))
ys = []
for x in rng.normal(size=(5, 2)):
    state, y = cell(state, x, W, U)
    ys.append(y)
print(np.array(ys)[-1], state[1])
