# Update-gate network: one gate chooses between the old state and the candidate (Collins et al. 2016).
def step(x, h, W, U, b):
    z_g, z_c = np.split(x @ W + h @ U + b, 2)
    g = sigmoid(z_g)  # how much to keep
    c = np.tanh(z_c)  # candidate
    h = g * h + (1 - g) * c
    return h
