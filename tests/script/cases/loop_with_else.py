import numpy as np
rng = np.random.default_rng(0)
xs = rng.normal(size=(5, 3))
W, U = rng.normal(size=(3, 4)), rng.normal(size=(4, 4)) * 0.3
h = np.zeros(4)
for t, x in enumerate(xs):
    h = np.tanh(x @ W + h @ U)
    if np.isnan(h).any():
        print("nan at", t)
        break
else:
    print("all finite")
print(h)
