import numpy as np
np.random.seed(11)
T, D, H, O = 5, 4, 6, 2
xs = np.random.randn(T, D)
ys = np.random.randint(0, O, size=T)
Wx, Wh, Wo = (np.random.randn(*shape) * 0.3 for shape in [(D, H), (H, H), (H, O)])
h = np.zeros(H)
total = 0.0
correct = 0
for x, y in zip(xs, ys):
    h = np.maximum(0, x.dot(Wx) + h.dot(Wh))
    logits = h.dot(Wo)
    logits -= logits.max()
    p = np.exp(logits) / np.exp(logits).sum()
    total += -np.log(p[y])
    correct += int(np.argmax(p) == y)
print("loss: {:.6f}, right: {}/{}".format(total / T, correct, T))
