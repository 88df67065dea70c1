# GRU that writes, and after each step looks at the source: multiplicative attention, score "general".
# Paper: Luong, Pham & Manning 2015, arXiv 1508.04025; without input feeding, and with a GRU in place of LSTMs.
# E: the encoder's state after each character of the source. pad: 0, and -1e9 where the source has ended.
# size: positions = 8
# shape: h = (units,)
# shape: E = (positions, units)
# shape: pad = (positions,)
def step(x, h_a, h, E, pad, W, U, b, W_a, W_c, U_c):
    x_z, x_r, x_h = np.split(x @ W + b[0], 3)
    h_z, h_r, h_h = np.split(h @ U + b[1], 3)
    z = sigmoid(x_z + h_z)  # how much to keep
    r = sigmoid(x_r + h_r)  # how much of the past the candidate sees
    g = np.tanh(x_h + r * h_h)  # candidate
    h = z * h + (1 - z) * g
    score = E @ (h @ W_a) + pad  # how well h fits each state of the encoder
    a = softmax(score)  # attention weights: positive, their sum is 1
    context = a @ E  # the encoder's states, weighted
    h_a = np.tanh(context @ W_c + h @ U_c)  # what the next character is read from
    return h_a, h, E, pad
