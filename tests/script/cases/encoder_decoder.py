import numpy as np
np.random.seed(3)
enc_in = np.random.randn(4, 3)
We, Ue = np.random.randn(3, 5), np.random.randn(5, 5)
Wd, Ud, Vd = np.random.randn(2, 5), np.random.randn(5, 5), np.random.randn(5, 2)
h = np.zeros(5)
for x in enc_in:
    h = np.tanh(x @ We + h @ Ue)
y = np.zeros(2)
decoded = []
for _ in range(6):
    h = np.tanh(y @ Wd + h @ Ud)
    y = h @ Vd
    decoded.append(y)
print(np.array(decoded))
