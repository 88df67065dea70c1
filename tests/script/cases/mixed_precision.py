import numpy as np
cfg = dict(input_size=3, hidden_size=4, seq_len=5)
cfg.update(seed=12)
cfg |= {'bias': True}
rng = np.random.default_rng(cfg['seed'])
k = cfg.get('hidden_size') ** -0.5
W_ih, W_hh = rng.uniform(-k, k, (4, 3)), rng.uniform(-k, k, (4, 4))
b = rng.uniform(-k, k, 4) if cfg['bias'] else 0
x = rng.normal(size=(cfg['seq_len'], cfg['input_size'])).astype('float32')
h = np.zeros(cfg['hidden_size'], dtype='float32')
output = np.zeros((cfg['seq_len'], cfg['hidden_size']), dtype='float32')
for t in range(cfg['seq_len']):
    h = np.tanh(W_ih @ x[t] + W_hh @ h + b)
    output[t] = h
print(output.dtype, h.dtype)
print(output[-1])
print({k: v for k, v in cfg.items() if isinstance(v, int)})
