import numpy as np
text = "to be or not to be"
chars = sorted(list(set(text)))
stoi = {c: i for i, c in enumerate(chars)}
np.random.seed(42)
V, H = len(chars), 6
Wxh = np.random.randn(V, H) * 0.01
Whh = np.random.randn(H, H) * 0.01
Why = np.random.randn(H, V) * 0.01
h = np.zeros((1, H))
loss = 0.0
for i in range(len(text) - 1):
    x = np.zeros((1, V))
    x[0, stoi[text[i]]] = 1.0
    h = np.tanh(np.dot(x, Wxh) + np.dot(h, Whh))
    scores = np.dot(h, Why)
    probs = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
    loss -= np.log(probs[0, stoi[text[i + 1]]])
print("Average loss: %.4f" % (loss / (len(text) - 1)))
