import numpy as np

np.random.seed(42)
params = {
    'Wxh': np.random.randn(16, 8) * 0.01,
    'Whh': np.random.randn(16, 16) * 0.01,
    'Why': np.random.randn(8, 16) * 0.01,
    'bh': np.zeros((16, 1)),
    'by': np.zeros((8, 1)),
}
data = "hello world"
chars = list(set(data))
chars.sort()
data_size, vocab_size = len(data), len(chars)
print('data has %d characters, %d unique.' % (data_size, vocab_size))
char_to_ix = {ch: i for i, ch in enumerate(chars)}
ix_to_char = {i: ch for i, ch in enumerate(chars)}

def forward(inputs, targets, hprev, p):
    xs, hs, ys, ps = {}, {}, {}, {}
    hs[-1] = np.copy(hprev)
    loss = 0
    for t in range(len(inputs)):
        xs[t] = np.zeros((vocab_size, 1))
        xs[t][inputs[t]] = 1
        hs[t] = np.tanh(p['Wxh'][:, :vocab_size] @ xs[t] + p['Whh'] @ hs[t-1] + p['bh'])
        ys[t] = p['Why'] @ hs[t] + p['by']
        ps[t] = np.exp(ys[t]) / np.sum(np.exp(ys[t]))
        loss += -np.log(ps[t][targets[t], 0])
    return loss, hs[len(inputs) - 1], ps

inputs = [char_to_ix[ch] for ch in data[:-1]]
targets = [char_to_ix[ch] for ch in data[1:]]
loss, last, ps = forward(inputs, targets, np.zeros((16, 1)), params)
print(f"loss = {loss:.6f}")
print("predicted:", ''.join(ix_to_char[int(np.argmax(ps[t]))] for t in range(len(inputs))))
for k, v in params.items():
    print(f"{k:>4s}: {str(v.shape):<10} mean={v.mean():+.2e}")
