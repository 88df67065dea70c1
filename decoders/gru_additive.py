# GRU that looks at the source before each step, and then writes: additive attention.
# Paper: Bahdanau, Cho & Bengio 2014, arXiv 1409.0473; the gates are those of Keras' GRU.
# E: the encoder's state after each character of the source. pad: 0, and -1e9 where the source has ended.
# size: positions = 8
# shape: E = (positions, units)
# shape: pad = (positions,)
# shape: v = (units,)
# init: v = glorot_uniform
def step(x, h, E, pad, W, U, C, b, W_a, U_a, v):
    score = np.tanh(h @ W_a + E @ U_a) @ v + pad  # how well h fits each state of the encoder
    a = softmax(score)  # attention weights: positive, their sum is 1
    context = a @ E  # the encoder's states, weighted
    x_z, x_r, x_h = np.split(x @ W + context @ C + b[0], 3)
    h_z, h_r, h_h = np.split(h @ U + b[1], 3)
    z = sigmoid(x_z + h_z)  # how much to keep
    r = sigmoid(x_r + h_r)  # how much of the past the candidate sees
    g = np.tanh(x_h + r * h_h)  # candidate
    h = z * h + (1 - z) * g
    return h, E, pad
