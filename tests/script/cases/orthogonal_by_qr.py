import numpy as np

def orthogonal(n, rng):
    a = rng.standard_normal((n, n))
    q, r = np.linalg.qr(a)
    q *= np.sign(np.diag(r))
    return q

rng = np.random.default_rng(3)
U = orthogonal(4, rng)
W = rng.uniform(-.1, .1, (4, 2))
print(np.allclose(U @ U.T, np.eye(4)))
h = np.ones(4)
hs = []
for x in rng.standard_normal((6, 2)):
    h = U @ h + W @ x
    hs.append(np.linalg.norm(h))
print(["%.4f" % v for v in hs])
print(U)
