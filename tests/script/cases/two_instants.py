import numpy as np
np.random.seed(0)
n_steps, n_inputs, n_neurons = 2, 3, 5
X0 = np.array([[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 0, 1]])
X1 = np.array([[9, 8, 7], [0, 0, 0], [6, 5, 4], [3, 2, 1]])
Wx = np.random.normal(size=[n_inputs, n_neurons])
Wy = np.random.normal(size=[n_neurons, n_neurons])
b = np.zeros([1, n_neurons])
Y = np.zeros([4, n_neurons])
Ys = []
for Xt in (X0, X1):
    Y = np.tanh(Y @ Wy + Xt @ Wx + b)
    Ys.append(Y)
print(Ys[1])
