import numpy as np
np.random.seed(0)
xs = np.random.randn(4, 2)
W, U = np.random.randn(2, 3), np.random.randn(3, 3)
h = np.zeros(3)
try:
    assert W.shape == (2, 3)
except AssertionError:
    print('no')
with np.errstate(over='ignore', divide='ignore'):
    for x in xs:
        h = np.tanh(x @ W + h @ U)
try:
    print(h.shape)
finally:
    print('done')
