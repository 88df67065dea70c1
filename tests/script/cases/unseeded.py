import numpy as np
X = np.random.rand(3, 2)
h = np.zeros(2)
for x in X:
    h = np.tanh(x + h)
    print(x.shape, h.shape, x.dtype)
