import numpy as np
rng = np.random.default_rng(2024)
vocab, emb, units = 12, 4, 5
ids = rng.integers(0, vocab, size=9)
E = rng.normal(0, 0.1, size=(vocab, emb))
kernel = rng.uniform(-0.5, 0.5, (emb, 4 * units))
recurrent = rng.uniform(-0.5, 0.5, (units, 4 * units))
bias = np.concatenate([np.zeros(units), np.ones(units), np.zeros(2 * units)])
hard = rng.integers(5, size=3)

def sigmoid(a):
    return np.where(a >= 0, 1 / (1 + np.exp(-a)), np.exp(a) / (1 + np.exp(a)))

h = c = np.zeros(units)
states = []
for i in ids:
    x = E[i]
    gates = x @ kernel + h @ recurrent + bias
    i_g, f_g, c_g, o_g = np.split(gates, 4)
    c = sigmoid(f_g) * c + sigmoid(i_g) * np.tanh(c_g)
    h = sigmoid(o_g) * np.tanh(c)
    states.append(np.hstack((h, c)))
S = np.array(states)
print(ids, hard, S.shape)
