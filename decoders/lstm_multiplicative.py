# LSTM that writes, and after each step looks at the source: multiplicative attention, score "general".
# Paper: Luong, Pham & Manning 2015, arXiv 1508.04025; without input feeding.
# E: the encoder's state after each character of the source. pad: 0, and -1e9 where the source has ended.
# size: positions = 8
# shape: h = (units,)
# shape: E = (positions, units)
# shape: pad = (positions,)
def step(x, h_a, h, c, E, pad, W, U, b, W_a, W_c, U_c):
    z_i, z_f, z_c, z_o = np.split(x @ W + h @ U + b, 4)
    i = sigmoid(z_i)  # how much to write
    f = sigmoid(z_f)  # how much to keep
    g = np.tanh(z_c)  # candidate
    o = sigmoid(z_o)  # how much to show
    c = f * c + i * g
    h = o * np.tanh(c)
    score = E @ (h @ W_a) + pad  # how well h fits each state of the encoder
    a = softmax(score)  # attention weights: positive, their sum is 1
    context = a @ E  # the encoder's states, weighted
    h_a = np.tanh(context @ W_c + h @ U_c)  # what the next character is read from
    return h_a, h, c, E, pad
