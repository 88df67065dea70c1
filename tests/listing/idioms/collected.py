#: outputs of two layers collected and joined
def step(x, h, W1, W2, U):
    outs = []
    for W in (W1, W2):
        outs.append(np.tanh(x @ W + h @ U))
    y = np.concatenate(outs)
    return np.tanh(y[:4] - y[4:])
#: gates appended one by one
def step(x, h, W_z, U_z, W_r, U_r):
    gates = []
    gates.append(sigmoid(x @ W_z + h @ U_z))  # update
    gates.append(sigmoid(x @ W_r + h @ U_r))
    z, r = gates
    return z * h + (1 - z) * np.tanh(r * h) + len(gates) * 0.1 * gates[-1]
#: a list of parts that is summed
def step(x, h, W, U, b):
    parts = [x @ W, h @ U, b]
    z = sum(parts)
    return np.tanh(z) + 0.1 * parts[1]
#: a list that a loop goes over
def step(x, h, W, U):
    branches = [x @ W, h @ U]
    z = 0
    for branch in branches:
        z = z + np.tanh(branch)
    return z / len(branches)
#: a comprehension in a stack
def step(x, h, W, U):
    scales = np.stack([np.tanh(x @ W + k * (h @ U)) for k in range(3)])
    return scales.mean(axis=0)
#: a generator in a sum
def step(x, h, W, U):
    return np.tanh(sum(x @ W * k + h @ U for k in range(1, 3)))
#: a comprehension over a split
def step(x, h, W, U):
    z = x @ W + h @ U
    return np.concatenate([np.tanh(part) * (k + 1) for k, part in enumerate([z[:2], z[2:]])])
#: heads of a split, joined
def step(x, h, W, U):
    z = x @ W + h @ U
    heads = [softmax(part) for part in np.split(z, 2)]
    return np.concatenate(heads) * h
#: pairs of a zip in a comprehension
def step(x, h, W1, W2, b1, b2):
    layers = [np.tanh(x @ W + b) for W, b in zip((W1, W2), (b1, b2))]
    return 0.5 * h + layers[0] * layers[1]
#: comprehension and append in one
def step(x, h, W, U):
    memory = [h, h * h]
    memory.append(np.tanh(x @ W))
    mixed = np.array([m @ U for m in memory])
    return np.tanh(mixed.sum(axis=0))
#: einsum of matrices and vectors
def step(x, h, W, U):
    z = np.einsum('i,ij->j', x, W) + np.einsum("ij,j->i", U, h)
    return np.tanh(z) * np.einsum('i,i->', h, h)
#: einsum of an outer product
def step(x, S, W_k, W_v, W_q):
    k, v, q = W_k @ x, np.tanh(W_v @ x), W_q @ x
    S = 0.5 * S + np.einsum('i,j->ji', k, v)
    y = np.einsum('ij,j->i', S, q)
    return S * np.tanh(np.einsum('i,j->ij', y, k))
#: einsum that turns
def step(x, h, W, U):
    return np.tanh(np.einsum('ij->ji', W) @ x + np.einsum('ij,jk->ik', U, U) @ h)
#: a bias above the column of the input
def step(x, h, W):
    u = np.vstack((1, x.reshape(-1, 1), h.reshape(-1, 1)))
    return np.tanh(W @ u).ravel()
#: a bias before the vector of the input
def step(x, h, W, U):
    u = np.concatenate(([1.0], x))
    return np.tanh(W @ u + U @ np.hstack((1, h)))
#: an activation that is handed over
def gate(x, h, W, U, activation=sigmoid):
    return activation(x @ W + h @ U)
def step(x, h, W_z, U_z, W_h, U_h):
    z = gate(x, h, W_z, U_z)
    new = gate(x, h, W_h, U_h, activation=np.tanh)
    return (1 - z) * h + z * new
#: a function of one's own that is handed over
def leaky(a):
    return np.where(a > 0, a, 0.1 * a)
def layer(act, W, a):
    z = a @ W
    return act(z)
def step(x, h, W, U):
    return np.tanh(layer(leaky, W, x) + layer(np.sin, U, h))
#: hyperbolic and other functions
def step(x, h, W, U):
    z = x @ W + h @ U
    y = np.arcsinh(z) + np.arctanh(0.9 * np.tanh(z)) + np.arccosh(1.5 + z * z)
    return np.tanh(y + np.tan(0.5 * h) + np.hypot(z, h + 2))
#: steps and ranges
def step(x, h, W, U):
    z = x @ W + h @ U
    return np.tanh(z) * np.heaviside(z, 0.5) + np.flip(h) * 0.1 * np.ptp(z)
#: diagonal and triangular matrices
def step(x, h, W, U, d):
    return np.tanh(x @ W + np.diag(d) @ h + np.tril(U) @ h - np.triu(U) @ h)
#: one sample or a batch
def step(x, h, W, U):
    if x.ndim == 1:
        x = x.reshape(-1)
    if len(x.shape) > 1:
        h = h * 0
    else:
        h = 2 * h
    return np.tanh(x @ W + h @ U)
#: map over list
def step(x, h, W, U):
    a, b = map(np.tanh, (x @ W, h @ U))
    return a * b
#: map of lambda
def step(x, h, W1, W2, U):
    a, b = map(lambda M: x @ M, [W1, W2])
    return np.tanh(a + b * (h @ U))
#: sum of map
def step(x, h, W, U):
    return np.tanh(sum(map(np.tanh, [x @ W, h @ U, h])))
#: list of map
def step(x, h, W, U):
    parts = list(map(np.tanh, [x @ W, h @ U]))
    return parts[0] * parts[1]
#: for of map
def step(x, h, W, U):
    z = 0
    for part in map(np.tanh, (x @ W, h @ U)):
        z = z + part
    return np.tanh(z)
#: map with two lists
def step(x, h, W, U):
    p, q = map(lambda a, b: a * b, (x @ W, h), (h @ U, h))
    return np.tanh(p + q)
#: while else
def step(x, h, W, U):
    k = 0
    while k < 3:
        h = np.tanh(x @ W + h @ U)
        k += 1
    else:
        h = h * 0.5
    return h
#: while true break
def step(x, h, W, U):
    k = 0
    while True:
        h = np.tanh(x @ W + h @ U)
        k += 1
        if k >= 3:
            break
    else:
        h = h * 0.5
    return h
#: enumerate layers
def step(x, h, W1, W2, U):
    layers = [W1, W2]
    z = h @ U
    for k, W in enumerate(layers):
        z = z + (k + 1) * (x @ W)
    return np.tanh(z)
#: list of weights by index
def step(x, h, Ws):
    return np.tanh(x @ Ws[0] + h @ Ws[1] + Ws[2])
#: list of weights by index of two
def step(x, h, W, b):
    z = x @ W[0] + h @ W[1] + b[0]
    return np.tanh(z)
#: zip known
def step(x, h, W1, W2, U1, U2):
    Ws = [W1, W2]
    Us = [U1, U2]
    z = 0
    for W, U in zip(Ws, Us):
        z = z + np.tanh(x @ W + h @ U)
    return z / 2
#: zip literal
def step(x, h, W1, W2, U1, U2):
    z = 0
    for W, U in zip([W1, W2], [U1, U2]):
        z = z + np.tanh(x @ W + h @ U)
    return z / 2
#: zip in a comprehension
def step(x, h, W1, W2, U1, U2):
    Ws, Us = (W1, W2), (U1, U2)
    return np.tanh(sum(x @ W + h @ U for W, U in zip(Ws, Us)))
#: zip of split and list
def step(x, h, c, W, U, b):
    z = np.split(x @ W + h @ U + b, 4)
    i, f, o, g = [a(p) for a, p in zip((sigmoid, sigmoid, sigmoid, np.tanh), z)]
    c = f * c + i * g
    return o * np.tanh(c), c
#: zip dict
def step(x, h, c, W, U, b):
    g = dict(zip("ifog", np.split(x @ W + h @ U + b, 4)))
    c = sigmoid(g["f"]) * c + sigmoid(g["i"]) * np.tanh(g["g"])
    return sigmoid(g["o"]) * np.tanh(c), c
#: zip of gates in loop
def step(x, h, W1, W2, U):
    gates = [x @ W1, x @ W2]
    scale = [0.5, 2.0]
    z = h @ U
    for g, s in zip(gates, scale):
        z = z + s * g
    return np.tanh(z)
#: zip of enumerate
def step(x, h, W1, W2, U1, U2):
    z = 0
    for k, (W, U) in enumerate(zip([W1, W2], [U1, U2])):
        z = z + np.tanh(x @ W + h @ U) / (k + 1)
    return z
#: range len of list by index
def step(x, h, W1, W2, U):
    Ws = [W1, W2]
    z = h @ U
    for k in range(len(Ws)):
        z = z + x @ Ws[k]
    return np.tanh(z)
