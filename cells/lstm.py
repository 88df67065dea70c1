# Long short-term memory, as Keras' LSTM; TensorFlow's BasicLSTMCell, LSTMBlockCell and LSTMBlockFusedCell.
# Gates in the order of Keras: i f c o.
# Paper: Gers, Schmidhuber & Cummins 2000, “Learning to forget”; Hochreiter & Schmidhuber 1997.
# Change: against the LSTM of 1997, a forget gate f can empty the memory.
# Adding problem: learned, error 0.0003 after 1500 updates.
def step(x, h, c, W, U, b):
    z_i, z_f, z_c, z_o = np.split(x @ W + h @ U + b, 4)
    i = sigmoid(z_i)  # how much to write
    f = sigmoid(z_f)  # how much to keep
    g = np.tanh(z_c)  # candidate
    o = sigmoid(z_o)  # how much to show
    c = f * c + i * g
    h = o * np.tanh(c)
    return h, c
