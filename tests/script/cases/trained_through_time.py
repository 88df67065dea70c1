import numpy as np
np.random.seed(2)
seq_len = 8
X = np.sin(np.arange(0, seq_len * 0.5, 0.5)).reshape(seq_len, 1, 1)
Y = np.roll(X, -1, axis=0)
hidden = 5
Wxh, Whh, Why = np.random.randn(hidden, 1) * .1, np.random.randn(hidden, hidden) * .1, np.random.randn(1, hidden) * .1
bh, by = np.zeros((hidden, 1)), np.zeros((1, 1))
losses = []
for epoch in range(3):
    h = {-1: np.zeros((hidden, 1))}
    y, loss = {}, 0
    for t in range(seq_len):
        h[t] = np.tanh(Wxh @ X[t] + Whh @ h[t-1] + bh)
        y[t] = Why @ h[t] + by
        loss += float(((y[t] - Y[t]) ** 2).sum())
    grads = [np.zeros_like(p) for p in (Wxh, Whh, Why, bh, by)]
    dh_next = np.zeros_like(h[0])
    for t in reversed(range(seq_len)):
        dy = 2 * (y[t] - Y[t])
        grads[2] += dy @ h[t].T
        grads[4] += dy
        dh = Why.T @ dy + dh_next
        draw = (1 - h[t] ** 2) * dh
        grads[3] += draw
        grads[0] += draw @ X[t].T
        grads[1] += draw @ h[t-1].T
        dh_next = Whh.T @ draw
    for p, g in zip((Wxh, Whh, Why, bh, by), grads):
        p -= 0.01 * np.clip(g, -1, 1)
    losses.append(loss)
    print("Epoch", epoch, "Loss:", round(loss, 6))
