import numpy as np
np.random.seed(1)
sizes = [3, 4, 2]
layers = []
for n_in, n_out in zip(sizes[:-1], sizes[1:]):
    layers.append({'W': np.random.randn(n_in, n_out) * 0.5,
                   'U': np.random.randn(n_out, n_out) * 0.5,
                   'b': np.zeros(n_out)})
states = [np.zeros(n) for n in sizes[1:]]
history = {0: [], 1: []}
X = np.random.randn(7, 3)
for t in range(len(X)):
    inp = X[t]
    for k, layer in enumerate(layers):
        states[k] = np.tanh(inp @ layer['W'] + states[k] @ layer['U'] + layer['b'])
        inp = states[k]
        history[k].append(inp)
for k in history:
    print(k, np.array(history[k]).shape, np.mean(history[k]).round(12))
