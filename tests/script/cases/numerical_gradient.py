import numpy as np
np.random.seed(1)
W = np.random.randn(3, 2)
U = np.random.randn(2, 2)
xs = np.random.randn(4, 3)
def loss_fn():
    h = np.zeros(2)
    total = 0
    for x in xs:
        h = np.tanh(x @ W + h @ U)
        total += (h ** 2).sum()
    return total
def numerical_grad(f, p, h=1e-5):
    grad = np.zeros_like(p)
    it = np.nditer(p, flags=['multi_index'], op_flags=['readwrite'])
    while not it.finished:
        ix = it.multi_index
        old = p[ix]
        p[ix] = old + h
        pos = f()
        p[ix] = old - h
        neg = f()
        p[ix] = old
        grad[ix] = np.round((pos - neg) / (2 * h), 6)
        it.iternext()
    return grad
print(numerical_grad(loss_fn, W).round(4))
