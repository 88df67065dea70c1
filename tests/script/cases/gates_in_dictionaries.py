import numpy as np
sigmoid = lambda x: 1 / (1 + np.exp(-x))
np.random.seed(7)
n_in, n_hid = 3, 4
gates = {g: dict(W=np.random.randn(n_hid, n_in) * .2, U=np.random.randn(n_hid, n_hid) * .2, b=np.zeros(n_hid)) for g in 'ifog'}
gates['f']['b'] += 1
def gate(name, x, h, act=sigmoid):
    p = gates[name]
    return act(p['W'] @ x + p['U'] @ h + p['b'])
h, c = np.zeros(n_hid), np.zeros(n_hid)
for x in np.random.randn(5, n_in):
    i, f, o = gate('i', x, h), gate('f', x, h), gate('o', x, h)
    g = gate('g', x, h, np.tanh)
    c = f * c + i * g
    h = o * np.tanh(c)
print(h, c)
