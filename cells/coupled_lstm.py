# LSTM with coupled gates: what is not kept is written, i = 1 - f (CIFG in Greff et al. 2017).
def step(x, h, c, W, U, b):
    z_f, z_c, z_o = np.split(x @ W + h @ U + b, 3)
    f = sigmoid(z_f)
    i = 1 - f
    g = np.tanh(z_c)
    o = sigmoid(z_o)
    c = f * c + i * g
    h = o * np.tanh(c)
    return h, c
