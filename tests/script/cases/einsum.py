import numpy as np
np.random.seed(0)
T, D, H = 5, 3, 4
x = np.random.randn(T, D)
W = np.random.randn(H, D) * 0.5
U = np.random.randn(H, H) * 0.5
h = np.zeros(H)
for t in range(T):
    h = np.tanh(np.einsum('hd,d->h', W, x[t]) + np.einsum('ij,j->i', U, h))
print(h)
print(np.einsum('i,j->ij', h, h))
print(round(np.einsum('i,i->', h, h), 10), np.einsum('ij,jk->ik', U, U).shape)
print(np.einsum('td,hd->th', x, W)[0], np.einsum('ij->ji', W).shape, round(float(np.einsum('ii', U)), 10))
