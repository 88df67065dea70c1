import numpy as np
idx = np.array([2, 0, 1]).astype(np.int32)
print(idx.dtype, idx * 2, repr(idx), (idx + 1).dtype, idx.sum().dtype if False else '')
E = np.eye(3)
h = np.zeros(3)
for i in idx:
    h = 0.5 * h + E[i]
print(h)
a = np.array([2**31 - 1, -5, 7], dtype=np.int32)
print(a + np.int32(1), a // 2, a % 3, -a[1:], a * 1.0, (a + np.ones(3, dtype=np.float32)).dtype, a == 7, a.tolist())
print((a + np.arange(3)).dtype, np.abs(a), a.max(), np.stack([a, a]).dtype, a.mean(), np.zeros_like(a))
