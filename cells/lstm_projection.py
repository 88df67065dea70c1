# LSTM with a projection, TensorFlow's LSTMCell with num_proj: the memory c may be larger than the state h.
# Paper: Sak, Senior & Beaufays 2014, arXiv 1402.1128.
# Change: against the LSTM, h is projected by P before it is handed on.
# Adding problem: learned, error 0.0005 after 1500 updates.
def step(x, h, c, W, U, b, P):
    z_i, z_f, z_c, z_o = np.split(x @ W + h @ U + b, 4)
    i = sigmoid(z_i)
    f = sigmoid(z_f)
    g = np.tanh(z_c)
    o = sigmoid(z_o)
    c = f * c + i * g
    h = (o * np.tanh(c)) @ P
    return h, c
