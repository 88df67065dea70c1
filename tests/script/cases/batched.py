import numpy as np
np.random.seed(1)
batch_size, seq_len, input_dim, hidden_dim = 3, 5, 4, 2
X = np.random.rand(batch_size, seq_len, input_dim)
Wx = np.random.rand(input_dim, hidden_dim)
Wh = np.random.rand(hidden_dim, hidden_dim)
b = np.zeros((1, hidden_dim))
h_t = np.zeros((batch_size, hidden_dim))
all_h = []
for t in range(seq_len):
    x_t = X[:, t, :]
    h_t = np.tanh(x_t @ Wx + h_t @ Wh + b)
    all_h.append(h_t)
all_h = np.stack(all_h, axis=1)
print("Output shape:", all_h.shape)
print(all_h[0])
