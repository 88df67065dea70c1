# DeltaNet whose matrix fades as a whole before it is written to; g is the logarithm of what stays.
# Paper: Yang, Kautz & Hatamizadeh 2024, arXiv 2412.06464.
# Change: against DeltaNet, a gate that sees the input can forget everything at once.
# Adding problem: learned, error 0.0004 after 1500 updates.
# shape: b_g = (1,)
# shape: log_a = (1,)
def step(x, o, S, W_q, W_k, W_v, w_b, w_g, b_g, log_a):
    q = silu(x @ W_q)
    k = silu(x @ W_k)
    v = x @ W_v
    q = q / np.linalg.norm(q)
    k = k / np.linalg.norm(k)
    beta = sigmoid(np.sum(x * w_b))  # how much to replace
    g = -np.exp(log_a[0]) * softplus(np.sum(x * w_g) + b_g[0])  # logarithm of what stays
    S = np.exp(g) * S
    found = S @ k
    S = S + np.outer(beta * (v - found), k)
    o = S @ q
    return o, S
