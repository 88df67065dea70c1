from collections import namedtuple
import numpy as np

LSTMState = namedtuple('LSTMState', ['h', 'c'])
LSTMParams = namedtuple('LSTMParams', 'Wx Wh b')

def sigmoid(x):
    return 1. / (1. + np.exp(-x))

def lstm_step(params, state, x):
    n = state.h.shape[-1]
    a = x @ params.Wx + state.h @ params.Wh + params.b
    i, f, o, g = a[:n], a[n:2*n], a[2*n:3*n], a[3*n:]
    c = sigmoid(f) * state.c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return LSTMState(h=h, c=c)

np.random.seed(5)
D, H, T = 3, 4, 5
params = LSTMParams(np.random.randn(D, 4 * H), np.random.randn(H, 4 * H), np.zeros(4 * H))
state = LSTMState(np.zeros(H), np.zeros(H))
xs = np.random.randn(T, D)
for x in xs:
    state = lstm_step(params, state, x)
print(state.h)
print(state.c)
