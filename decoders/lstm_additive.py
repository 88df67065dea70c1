# LSTM that looks at the source before each step, and then writes: additive attention.
# Paper: Bahdanau, Cho & Bengio 2014, arXiv 1409.0473, with an LSTM in place of their gated unit.
# E: the encoder's state after each character of the source. pad: 0, and -1e9 where the source has ended.
# size: positions = 8
# shape: E = (positions, units)
# shape: pad = (positions,)
# shape: v = (units,)
# init: v = glorot_uniform
def step(x, h, c, E, pad, W, U, C, b, W_a, U_a, v):
    score = np.tanh(h @ W_a + E @ U_a) @ v + pad  # how well h fits each state of the encoder
    a = softmax(score)  # attention weights: positive, their sum is 1
    context = a @ E  # the encoder's states, weighted
    z_i, z_f, z_c, z_o = np.split(x @ W + h @ U + context @ C + b, 4)
    i = sigmoid(z_i)  # how much to write
    f = sigmoid(z_f)  # how much to keep
    g = np.tanh(z_c)  # candidate
    o = sigmoid(z_o)  # how much to show
    c = f * c + i * g
    h = o * np.tanh(c)
    return h, c, E, pad
