# The simple recurrent cell of Keras' SimpleRNN: one hidden state, squashed (Elman 1990).
def step(x, h, W, U, b):
    h = np.tanh(x @ W + h @ U + b)
    return h
