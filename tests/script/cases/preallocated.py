import numpy as np
np.random.seed(7)
T, D, H = 9, 3, 4
x = np.random.uniform(-1, 1, size=(T, D))
W, U = np.random.normal(0, 0.5, (D, H)), np.random.normal(scale=0.5, size=(H, H))
b = np.full(H, 0.1)
states = np.zeros((T + 1, H))
outputs = np.empty((T, H))
for t in range(T):
    states[t + 1] = np.tanh(x[t] @ W + states[t] @ U + b)
    outputs[t] = states[t + 1] * 2
print(outputs[-1])
print(outputs.mean(), outputs.std(axis=0))
