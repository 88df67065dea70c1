#: a side that is not taken overflows
def step(x, h, W, U):
    z = 1000 * (x @ W + h @ U)
    z = np.where(z > 0, z, np.exp(z) - 1)
    return np.tanh(0.001 * z + h)
#: a sigmoid in two pieces
def step(x, h, W, U):
    z = 400 * (x @ W + h @ U)
    p = np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))
    return np.tanh(p + 0.001 * z)
#: a choice of a side of a choice
def step(x, h, W, U):
    z = 1000 * (x @ W + h @ U)
    e = np.exp(z)
    z = np.where(z > 50, 50 + np.log(np.abs(z)), np.where(z > -50, e * z / (1 + e), -1 / z))
    return np.tanh(0.01 * z + h)
#: a logarithm of what is not positive
def step(x, h, W, U):
    z = x @ W + h @ U
    return np.tanh(np.where(z > 0, np.log1p(z), -np.sqrt(np.abs(z) + 0.1)) + np.where(z > 0.5, np.log(z - 0.4), 0))
#: what one number chooses
def step(x, h, W, U):
    z = 300 * (x @ W + h @ U)
    if np.sum(z) > 0:
        z = z[::-1] / (1 + np.sqrt(np.sum(z ** 2)))
    else:
        z = np.exp(np.sum(z)) * z[::-1] + 0.001 * z
    return np.tanh(z + h)
#: a norm that may be 0
def step(x, h, W, U):
    a = np.maximum(x @ W - 100, 0)
    norm = np.sqrt(np.sum(a ** 2))
    a = a / norm if norm > 0 else a
    return np.tanh(a + x @ W + h @ U)
#: a product with a side that is not taken
def step(x, h, W, U, s):
    z = 1000 * (x @ W + h @ U)
    g = np.where(z > 1, 1, s * np.exp(z) * z)
    return np.tanh(0.1 * g + h + 0.001 * z)
#: a choice in a column of matrices
def step(x, S, W, U):
    z = 500 * (np.outer(x @ W, np.tanh(x @ U)) + S)
    return np.tanh(np.where(z > 0, 0.002 * z, 0.5 * (np.exp(z) - 1)).T)
#: mask assignment
def step(x, h, W, U, b):
    z = x @ W + h @ U + b
    z[z < 0] = 0
    return np.tanh(z)
#: mask assignment with a name
def step(x, h, W, U, b):
    z = x @ W + h @ U + b
    mask = z < 0
    z[mask] = 0.1 * z[mask]
    return np.tanh(z)
#: mask grows
def step(x, h, W, U, b):
    z = x @ W + h @ U + b
    z[z < 0] *= 0.1
    return np.tanh(z)
#: mask not
def step(x, h, W, U, b):
    z = x @ W + h @ U + b
    mask = z > 0
    z[~mask] = np.exp(z[~mask]) - 1
    return np.tanh(z)
#: mask and
def step(x, h, W, U, b):
    z = x @ W + h @ U + b
    z[(z > 1) | (z < -1)] = 0
    return np.tanh(z)
#: mask into empty
def step(x, h, W, U, b):
    z = x @ W + h @ U + b
    out = np.zeros_like(z)
    pos = z >= 0
    out[pos] = 1 / (1 + np.exp(-z[pos]))
    e = np.exp(z[~pos])
    out[~pos] = e / (1 + e)
    return out
#: mask with a learned slope
def step(x, h, W, U, b, slope):
    z = x @ W + h @ U + b
    low = z < 0
    n = len(z)
    total = np.sum(h)
    z[low] = slope * z[low] / n + total * h[low]
    z[z > 1] = np.sum(h) / n
    return np.tanh(z)
#: whole numbers that stay whole
def step(x, h, W, U, b):
    z = x @ W + h @ U + b
    ranks = np.arange(1, len(z) + 1)
    ranks[1:] *= 2
    levels = (3 * z).astype(int)
    levels += 1
    room = ranks * 1.0
    room += np.array(0.5 * levels + 0.7 * h[0], dtype=float)
    return np.tanh(z / room + (2 * z).astype(np.int64))
#: a function by default
def step(x, h, W, U, b, act=np.tanh, gate=lambda v: 1 / (1 + np.exp(-v))):
    z = x @ W + h @ U + b
    return gate(z) * act(z) + (1 - gate(z)) * h
#: a function that the object is given
class Cell:
    def __init__(self, n_in, n_out):
        self.act = np.tanh

    def step(self, x, h):
        return self.act(x @ self.W + h @ self.U + self.b)
#: a choice of a quotient, and another choice behind it
def step(x, h, W, U, b):
    z = x @ W + h @ U + b
    z = np.where(z < 0, np.sum(h) * z / len(z), z)
    return np.tanh(np.where(z > 1, 0.5 * h, z))
