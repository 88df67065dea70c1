import numpy as np
np.random.seed(1)
T, D, H = 5, 3, 4
x = np.random.randn(T, D)
Wx = np.random.randn(D, H); Wh = np.random.randn(H, H); b = np.random.randn(H)
h = np.zeros(H)
hs = []
t = 0
while t < T:
    h = np.tanh(x[t] @ Wx + h @ Wh + b)
    hs.append(h)
    t += 1
hs = np.array(hs)
print("final hidden state:", h)
