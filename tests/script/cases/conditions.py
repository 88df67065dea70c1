import numpy as np
use_bias = True
activation = 'tanh'
n_in, n_h = 3, 4
np.random.seed(9)
W = np.random.randn(n_h, n_in)
U = np.random.randn(n_h, n_h) * 0.3
b = np.random.randn(n_h)
h = np.zeros(n_h)
outs = []
for t, x in enumerate(np.random.randn(5, n_in)):
    z = W @ x + U @ h
    if use_bias:
        z += b
    if activation == 'tanh':
        h = np.tanh(z)
    elif activation == 'relu':
        h = np.maximum(z, 0)
    else:
        raise ValueError(activation)
    outs.append(h)
    if t % 2 == 0:
        print(f"t={t:2d}  |h|={np.linalg.norm(h):.3f}")
outs = np.stack(outs)
