import numpy as np
np.random.seed(0)
W, U = np.random.randn(3, 4), np.random.randn(4, 4)
h = np.zeros(4)
count = 0
def step(x):
    global h, count
    h = np.tanh(x @ W + h @ U)
    count += 1
    return h
for x in np.random.randn(5, 3):
    y = step(x)
print(count, h)
