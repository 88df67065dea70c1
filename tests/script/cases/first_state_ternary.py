import numpy as np
np.random.seed(0)
T, N = 6, 3
x = np.random.rand(T, N)
W = np.random.rand(N, N)
h_seq = []
for t in range(T):
    h_prev = h_seq[t - 1] if t > 0 else np.zeros(N)
    h_seq.append(np.tanh(W @ x[t] + W @ h_prev))
print(np.stack(h_seq)[-1])
