In [1]:
import numpy as np
np.random.seed(4)

In [2]:
xs = np.random.random((5, 2))
xs.shape
Out[2]: (5, 2)

In [3]:
W = np.random.random((2, 3)); U = np.random.random((3, 3))
h = np.zeros(3)
for x in xs:
    h = np.tanh(x @ W + h @ U)
h

Out[3]:
