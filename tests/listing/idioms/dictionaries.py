#: a helper is given the dictionary
def affine(params, x, h):
    return params["W"] @ x + params["U"] @ h + params["b"]
def step(params, x, h):
    return np.tanh(affine(params, x, h))
#: a helper is given the dictionary last, by name
def affine(x, h, p):
    return p["W"] @ x + p["U"] @ h + p["b"]
def step(x, h, params):
    return np.tanh(affine(x, h, p=params))
#: a helper is given the object
def affine(x, h, p):
    return p.W @ x + p.U @ h + p.b
def step(x, h, p):
    return np.tanh(affine(x, h, p))
#: nested dictionaries
def step(x, h, c, p):
    i = sigmoid(p["i"]["W"] @ x + p["i"]["U"] @ h + p["i"]["b"])
    f = sigmoid(p["f"]["W"] @ x + p["f"]["U"] @ h + p["f"]["b"])
    o = sigmoid(p["o"]["W"] @ x + p["o"]["U"] @ h + p["o"]["b"])
    g = np.tanh(p["g"]["W"] @ x + p["g"]["U"] @ h + p["g"]["b"])
    c = f * c + i * g
    return o * np.tanh(c), c
#: a helper is given a dictionary of the dictionary
def linear(p, x, h):
    return p["W"] @ x + p["U"] @ h + p["b"]
def step(x, h, params):
    z = sigmoid(linear(params["z"], x, h))
    r = sigmoid(linear(params["r"], x, h))
    g = np.tanh(linear(params["h"], x, r * h))
    return z * h + (1 - z) * g
#: a helper is given an object of the object
def linear(layer, x, h):
    return layer.W @ x + layer.U @ h + layer.b
def step(x, h, cell):
    z = sigmoid(linear(cell.z, x, h))
    g = np.tanh(linear(cell.g, x, h))
    return z * h + (1 - z) * g
#: a tuple of the dictionary handed with a star
def affine(x, h, W, U, b):
    return W @ x + U @ h + b
def step(x, h, params):
    z = sigmoid(affine(x, h, *params["z"]))
    g = np.tanh(affine(x, h, *params["g"]))
    return z * h + (1 - z) * g
#: another name for the dictionary
def step(x, h, parameters):
    p = parameters
    z = sigmoid(p["Wz"] @ x + p["Uz"] @ h)
    return z * h + (1 - z) * np.tanh(p["Wg"] @ x)
#: names out of the dictionary, one line
def step(x, h, params):
    W, U, b = params["W"], params["U"], params["b"]
    return np.tanh(W @ x + U @ h + b)
#: names out of the dictionary by a comprehension
def step(x, h, params):
    W, U, b = [params[k] for k in ("W", "U", "b")]
    return np.tanh(W @ x + U @ h + b)
#: names by map of getitem
def step(x, h, params):
    W, U, b = (params[k] for k in ["W", "U", "b"])
    return np.tanh(W @ x + U @ h + b)
#: values of a dictionary
def step(x, h, params):
    W, U, b = params["W"], params["U"], params.get("b", 0)
    return np.tanh(W @ x + U @ h + b)
#: a state dictionary; r: r["h"], r["c"]
def step(x, state, p):
    h, c = state["h"], state["c"]
    z = p["W"] @ x + p["U"] @ h + p["b"]
    i, f, o, g = np.split(z, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return {"h": sigmoid(o) * np.tanh(c), "c": c}
#: state dictionary changed in place; r: r["h"], r["c"]
def step(x, state, p):
    i, f, o, g = np.split(p["W"] @ x + p["U"] @ state["h"] + p["b"], 4)
    state["c"] = sigmoid(f) * state["c"] + sigmoid(i) * np.tanh(g)
    state["h"] = sigmoid(o) * np.tanh(state["c"])
    return state
#: gates in a matrix, rows unpacked
def step(x, h, c, W, U, b):
    a = (W @ x + U @ h + b).reshape(4, -1)
    i, f, o = sigmoid(a[:3])
    g = np.tanh(a[3])
    c = f * c + i * g
    return o * np.tanh(c), c
#: gates of a matrix by slice of one axis
def step(x, h, c, W, U, b):
    a = (W @ x + U @ h + b).reshape((4, len(h)))
    s = 1 / (1 + np.exp(-a[0:3, :]))
    c = s[1, :] * c + s[0, :] * np.tanh(a[3, :])
    return s[2, :] * np.tanh(c), c
#: gates array filled
def step(x, h, c, W, U, b):
    n = h.size
    a = W @ x + U @ h + b
    gates = np.zeros(4 * n)
    gates[:3 * n] = sigmoid(a[:3 * n])
    gates[3 * n:] = np.tanh(a[3 * n:])
    i, f, o, g = np.split(gates, 4)
    c = f * c + i * g
    return o * np.tanh(c), c
#: a local name like a member of the object
class Cell:
    def step(self, x):
        h = np.tanh(self.W @ x + self.U @ self.h)
        gate = sigmoid(self.V @ self.h)
        self.h = gate * h + (1 - gate) * self.h
        return self.h
#: a local name like a weight of the dictionary
def step(x, h, p):
    z = sigmoid(p["z"] @ x)
    r = z * sigmoid(p["z"] @ x)
    return r * h + (1 - r) * np.tanh(p["r"] @ h + p["z"] @ x)
#: a weight called like the input and the state
def step(x, h, params):
    return np.tanh(params["x"] @ x + params["h"] @ h + params["b"])
#: the old state behind the new one
class Cell:
    def step(self, x):
        h_old = self.h
        self.h = np.tanh(self.W @ x + self.U @ self.h)
        h = 0.5 * h_old + 0.5 * self.h
        self.h = h
        return h
#: a local name that stays old
class Cell:
    def step(self, x):
        h = self.h
        self.h = np.tanh(self.W @ x + self.U @ h)
        self.h = 0.9 * self.h + 0.1 * h
        return self.h
#: layers in a list of dictionaries
def step(x, h1, h2, p1, p2):
    hs = []
    inp = x
    for p, h in zip((p1, p2), (h1, h2)):
        inp = np.tanh(p["W"] @ inp + p["U"] @ h + p["b"])
        hs.append(inp)
    return hs[0], hs[1]
#: layers by a helper; r: r[0], r[1]
def layer(p, x, h):
    return np.tanh(p["W"] @ x + p["U"] @ h + p["b"])
def step(x, h1, h2, params):
    h1 = layer(params["l1"], x, h1)
    h2 = layer(params["l2"], h1, h2)
    return h1, h2
#: cell returns dict of gates for plots; r: r[0], r[1]
def step(x, h, c, W, U, b):
    i, f, o, g = np.split(W @ x + U @ h + b, 4)
    gates = dict(i=sigmoid(i), f=sigmoid(f), o=sigmoid(o), g=np.tanh(g))
    c = gates["f"] * c + gates["i"] * gates["g"]
    h = gates["o"] * np.tanh(c)
    return h, c, gates
#: layer norm with parameters in the dictionary
def layer_norm(v, gain, bias, eps=1e-5):
    m = v.mean()
    s = v.std()
    return gain * (v - m) / (s + eps) + bias
def step(params, h, x):
    a = params["W"] @ x + params["U"] @ h
    return np.tanh(layer_norm(a, params["gain"], params["bias"]))
#: weights outside as globals
W = np.random.randn(4, 6)
U = np.random.randn(4, 4)
def step(x, h):
    return np.tanh(W @ x + U @ h)
#: dict of dicts by loops
def step(x, h, c, p):
    a = {}
    for g in ("i", "f", "o", "g"):
        q = p[g]
        a[g] = q["W"] @ x + q["U"] @ h + q["b"]
    c = sigmoid(a["f"]) * c + sigmoid(a["i"]) * np.tanh(a["g"])
    return sigmoid(a["o"]) * np.tanh(c), c
#: helper twice with another dict
def dense(p, v):
    return p["W"] @ v + p["b"]
def step(x, h, p):
    z = sigmoid(dense(p["zx"], x) + dense(p["zh"], h))
    n = np.tanh(dense(p["nx"], x) + z * dense(p["nh"], h))
    return n
#: weights attribute object with forward
class Linear:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_out, n_in)
        self.b = np.zeros(n_out)
    def __call__(self, v):
        return self.W @ v + self.b
class RNN:
    def __init__(self, n_in, n_h):
        self.i2h = Linear(n_in, n_h)
        self.h2h = Linear(n_h, n_h)
    def step(self, x, h):
        return np.tanh(self.i2h(x) + self.h2h(h))
#: dots with out of place order
def elman(x_t, h_tm1, W_h, U_h, b_h, W_y, b_y):
    h_t = np.tanh(np.dot(W_h, x_t) + np.dot(U_h, h_tm1) + b_h)
    y_t = np.dot(W_y, h_t) + b_y
    return h_t
#: h first with a leak and numbers
def step(h, u, W, Win, leak=0.3):
    return (1 - leak) * h + leak * np.tanh(Win @ u + W @ h)
#: x is the state, u the input
def step(x, u, A, B):
    return A @ x + B @ u
#: x_prev and u
def state_update(x_prev, u_t, A, B, b):
    x = np.tanh(A.dot(x_prev) + B.dot(u_t) + b)
    return x
