# LSTM with a projection: the memory c may be larger than the state h that is handed on (Sak et al. 2014).
def step(x, h, c, W, U, b, P):
    z_i, z_f, z_c, z_o = np.split(x @ W + h @ U + b, 4)
    i = sigmoid(z_i)
    f = sigmoid(z_f)
    g = np.tanh(z_c)
    o = sigmoid(z_o)
    c = f * c + i * g
    h = (o * np.tanh(c)) @ P
    return h, c
