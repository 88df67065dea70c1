# LSTM with coupled gates (CIFG): what is not kept is written.
# Paper: Greff, Srivastava, Koutník, Steunebrink & Schmidhuber 2015, arXiv 1503.04069.
# Change: against the LSTM, i = 1 - f in place of an input gate.
# Adding problem: learned, error 0.0001 after 1500 updates.
def step(x, h, c, W, U, b):
    z_f, z_c, z_o = np.split(x @ W + h @ U + b, 3)
    f = sigmoid(z_f)
    i = 1 - f
    g = np.tanh(z_c)
    o = sigmoid(z_o)
    c = f * c + i * g
    h = o * np.tanh(c)
    return h, c
