import numpy as np
np.random.seed(3)
words = "the cat sat on the mat".split()
vocab = {w: i for i, w in enumerate(sorted(set(words)))}
ids = [vocab[w] for w in words]
emb = np.random.normal(0, 0.1, (len(vocab), 3))
W = np.random.normal(0, 0.5, (3, 4)); U = np.random.normal(0, 0.5, (4, 4)); V = np.random.normal(0, .5, (4, len(vocab)))
h = np.zeros(4)
nll = 0.
for w, nxt in zip(ids[:-1], ids[1:]):
    h = np.tanh(emb[w] @ W + h @ U)
    logits = h @ V
    nll -= logits[nxt] - np.log(np.exp(logits).sum())
print(vocab)
print(f"perplexity {np.exp(nll / (len(ids) - 1)):.4f}")
mask = np.array([i % 2 == 0 for i in range(4)])
print(h[mask], np.where(h > 0)[0] if False else (h > 0).sum())
print(np.argsort(h) if False else np.argmax(h))
