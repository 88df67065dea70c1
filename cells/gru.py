# Gated recurrent unit as Keras' default, reset_after=True (Cho et al. 2014, version 1; cuDNN).
# Gates in the order z r h; b[0] belongs to the input, b[1] to the state.
def step(x, h, W, U, b):
    x_z, x_r, x_h = np.split(x @ W + b[0], 3)
    h_z, h_r, h_h = np.split(h @ U + b[1], 3)
    z = sigmoid(x_z + h_z)  # how much to keep
    r = sigmoid(x_r + h_r)  # how much of the past the candidate sees
    g = np.tanh(x_h + r * h_h)  # candidate
    h = z * h + (1 - z) * g
    return h
