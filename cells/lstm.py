# Long short-term memory (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000).
# Gates in the order of Keras: i f c o.
def step(x, h, c, W, U, b):
    z_i, z_f, z_c, z_o = np.split(x @ W + h @ U + b, 4)
    i = sigmoid(z_i)  # how much to write
    f = sigmoid(z_f)  # how much to keep
    g = np.tanh(z_c)  # candidate
    o = sigmoid(z_o)  # how much to show
    c = f * c + i * g
    h = o * np.tanh(c)
    return h, c
