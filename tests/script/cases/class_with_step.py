import numpy as np

class RNN:
    """A vanilla RNN as a class."""

    def __init__(self, input_size, hidden_size, output_size=2):
        self.hidden_size = hidden_size
        self.Wxh = np.random.randn(hidden_size, input_size) * 0.1
        self.Whh = np.random.randn(hidden_size, hidden_size) * 0.1
        self.Why = np.random.randn(output_size, hidden_size) * 0.1
        self.bh = np.zeros(hidden_size)
        self.by = np.zeros(output_size)
        self.h = np.zeros(hidden_size)

    def step(self, x):
        # update the hidden state
        self.h = np.tanh(np.dot(self.Whh, self.h) + np.dot(self.Wxh, x) + self.bh)
        y = np.dot(self.Why, self.h) + self.by
        return y

np.random.seed(1)
rnn = RNN(3, 5)
xs = np.random.randn(7, 3)
ys = []
for x in xs:
    y = rnn.step(x)
    ys.append(y)
print(np.array(ys).shape)
print(rnn.h)
