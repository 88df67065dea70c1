import numpy as np
np.random.seed(12345)
vocab_size = 5
hidden = 4
def one_hot(i, n):
    v = np.zeros(n)
    v[i] = 1
    return v
seq = np.random.choice(vocab_size, size=10)
weights = dict(
    Wx=np.random.normal(0, 1, (hidden, vocab_size)),
    Wh=np.random.normal(0, 1 / np.sqrt(hidden), (hidden, hidden)),
    b=np.zeros(hidden),
)
h = np.zeros(hidden)
log = []
for t in range(len(seq)):
    x_t = one_hot(seq[t], vocab_size)
    a = weights['Wx'] @ x_t + weights['Wh'] @ h + weights['b']
    h = np.where(a > 0, a, 0.1 * a)
    h /= max(1.0, np.linalg.norm(h))
    log.append((t, int(seq[t]), float(h[0])))
for t, s, first in log[:3]:
    print(t, s, '%.5f' % first)
