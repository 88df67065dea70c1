import numpy as np
x_data = np.array([[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]], dtype=float)
np.random.seed(777)
hidden_size = 2
Wx = np.random.randn(4, hidden_size)
Wh = np.random.randn(hidden_size, hidden_size)
b = np.zeros(hidden_size)
h_t = np.zeros((1, hidden_size))
for i, x_t in enumerate(x_data):
    x_t = x_t.reshape(1, 4)
    h_t = np.tanh(np.matmul(x_t, Wx) + np.matmul(h_t, Wh) + b)
    print('t =', i + 1, h_t)
    print('  input: {}'.format(x_t.astype(int)))
