# LSTM whose gates see the memory itself (Gers & Schmidhuber 2000); o looks at the new memory.
def step(x, h, c, W, U, b, p_i, p_f, p_o):
    z_i, z_f, z_c, z_o = np.split(x @ W + h @ U + b, 4)
    i = sigmoid(z_i + p_i * c)
    f = sigmoid(z_f + p_f * c)
    g = np.tanh(z_c)
    c = f * c + i * g
    o = sigmoid(z_o + p_o * c)
    h = o * np.tanh(c)
    return h, c
