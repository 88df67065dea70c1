import numpy as np
np.random.seed(0)
us = np.random.randn(6)
w = np.random.randn(4)
taps = np.zeros(4)
for u in us:
    taps[1:] = taps[:-1].copy()
    taps[0] = u
    y = w @ taps
print(taps, y)
