import numpy as np
np.random.seed(0)
W = np.random.randn(4, 4) * 0.5
h = np.random.randn(4)
hs = []
for t in range(6):
    h = np.tanh(W @ h)
    hs.append(h)
print(np.array(hs))
