# Elman network from scratch
import numpy as np

class_names = ['a', 'b']
np.random.seed(1234)

input_dim  = 4   ; hidden_dim = 6
output_dim = 2
T = 10

def random_weights(rows, cols):
    """Xavier"""
    limit = np.sqrt(6.0 / (rows + cols))
    return np.random.uniform(-limit, limit, (rows, cols))

U = random_weights(hidden_dim, input_dim)
V = random_weights(output_dim, hidden_dim)
W = random_weights(hidden_dim, hidden_dim)

x = np.random.randn(T, input_dim)
s = np.zeros((T + 1, hidden_dim))
s[-1] = np.zeros(hidden_dim)
o = np.zeros((T, output_dim))

def softmax(x):
    xt = np.exp(x - np.max(x))
    return xt / np.sum(xt)

for t in np.arange(T):
    s[t] = np.tanh(U.dot(x[t]) + W.dot(s[t-1]))
    o[t] = softmax(V.dot(s[t]))

print(o)
predictions = np.argmax(o, axis=1)
print("Predictions:", predictions, [class_names[i] for i in predictions])
