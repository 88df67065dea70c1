import numpy as np
np.random.seed(50)
xs = np.random.rand(5, 2)
W = np.random.rand(3, 6)
h = np.zeros(3)
for x in xs:
    h = np.tanh(W @ np.r_[1, x, h])
print(h)
