# Hidden-recurrent network with an output of its own (Elman 1990; tutorial 004).
# The output y is handed out at every step and never read again.
def step(x, h, y, W_x, W_h, b_h, W_y, b_y):
    h = np.tanh(x @ W_x + h @ W_h + b_h)
    y = np.tanh(h @ W_y + b_y)
    return h, y
