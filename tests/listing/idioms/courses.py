#: rnn_cell_forward; r: r[0]
def rnn_cell_forward(xt, a_prev, parameters):
    """
    Implements a single forward step of the RNN-cell

    Arguments:
    xt -- your input data at timestep "t", numpy array of shape (n_x, m).
    a_prev -- Hidden state at timestep "t-1", numpy array of shape (n_a, m)
    parameters -- python dictionary containing:
                        Wax -- Weight matrix multiplying the input
                        ba --  Bias, numpy array of shape (n_a, 1)
    Returns:
    a_next -- next hidden state
    cache -- tuple of values needed for the backward pass
    """

    # Retrieve parameters from "parameters"
    Wax = parameters["Wax"]
    Waa = parameters["Waa"]
    Wya = parameters["Wya"]
    ba = parameters["ba"]
    by = parameters["by"]

    ### START CODE HERE ### (≈2 lines)
    # compute next activation state using the formula given above
    a_next = np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba)
    # compute output of the current cell using the formula given above
    yt_pred = softmax(np.dot(Wya, a_next) + by)
    ### END CODE HERE ###

    # store values you need for backward propagation in cache
    cache = (a_next, a_prev, xt, parameters)

    return a_next, yt_pred, cache
#: lstm_cell_forward with concatenated columns; r: r[0], r[1]; columns
def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    # Retrieve parameters from "parameters"
    Wf = parameters["Wf"] # forget gate weight
    bf = parameters["bf"]
    Wi = parameters["Wi"] # update gate weight (notice the variable name)
    bi = parameters["bi"] # (notice the variable name)
    Wc = parameters["Wc"] # candidate value weight
    bc = parameters["bc"]
    Wo = parameters["Wo"] # output gate weight
    bo = parameters["bo"]
    Wy = parameters["Wy"] # prediction weight
    by = parameters["by"]

    # Retrieve dimensions from shapes of xt and Wy
    n_x, m = xt.shape
    n_y, n_a = Wy.shape

    # Concatenate a_prev and xt (≈1 line)
    concat = np.concatenate((a_prev, xt), axis=0)

    # Compute values for ft, it, cct, c_next, ot, a_next
    ft = sigmoid(np.dot(Wf, concat) + bf)
    it = sigmoid(np.dot(Wi, concat) + bi)
    cct = np.tanh(np.dot(Wc, concat) + bc)
    c_next = ft * c_prev + it * cct
    ot = sigmoid(np.dot(Wo, concat) + bo)
    a_next = ot * np.tanh(c_next)

    # Compute prediction of the LSTM cell (≈1 line)
    yt_pred = softmax(np.dot(Wy, a_next) + by)

    # store values needed for backward propagation in cache
    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)

    return a_next, c_next, yt_pred, cache
#: the older cell, which fills a concat; r: r[0], r[1]
def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    Wf, bf = parameters["Wf"], parameters["bf"]
    Wi, bi = parameters["Wi"], parameters["bi"]
    Wc, bc = parameters['Wc'], parameters['bc']
    Wo, bo = parameters['Wo'], parameters['bo']
    n_x = xt.shape[0]
    n_a = a_prev.shape[0]
    concat = np.zeros(n_a + n_x)
    concat[: n_a] = a_prev
    concat[n_a :] = xt
    ft = sigmoid(np.dot(Wf, concat) + bf)
    it = sigmoid(np.dot(Wi, concat) + bi)
    cct = np.tanh(np.dot(Wc, concat) + bc)
    c_next = ft * c_prev + it * cct
    ot = sigmoid(np.dot(Wo, concat) + bo)
    a_next = ot * np.tanh(c_next)
    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    return a_next, c_next, cache
#: CS231n, rnn_step_forward with its long comment; r: r[0]
def rnn_step_forward(x, prev_h, Wx, Wh, b):
    """Run the forward pass for a single timestep of a vanilla RNN using a tanh activation function.

    Inputs:
    - x: Input data for this timestep, of shape (N, D)
    - prev_h: Hidden state from previous timestep, of shape (N, H)

    Returns a tuple of:
    - next_h: Next hidden state, of shape (N, H)
    - cache: Tuple of values needed for the backward pass.
    """
    next_h, cache = None, None
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    cache = (x, prev_h, Wx, Wh, next_h)

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return next_h, cache
#: CS231n, lstm_step_forward with split; r: r[0], r[1]
def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    next_h, next_c, cache = None, None, None
    a = x.dot(Wx) + prev_h.dot(Wh) + b
    ai, af, ao, ag = np.split(a, 4)
    i = sigmoid(ai); f = sigmoid(af); o = sigmoid(ao); g = np.tanh(ag)
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    cache = (x, prev_h, prev_c, Wx, Wh, b, i, f, o, g, next_c)
    return next_h, next_c, cache
#: CS231n with array_split and axis -1; r: r[0], r[1]
def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    a = x @ Wx + prev_h @ Wh + b
    i, f, o, g = np.array_split(a, 4, axis=-1)
    i, f, o, g = sigmoid(i), sigmoid(f), sigmoid(o), np.tanh(g)
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    cache = x, prev_h, prev_c, i, f, o, g, next_c
    return next_h, next_c, cache
#: a stable sigmoid with where beside the step
def sigmoid(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))

def step(x, h, W, U, b):
    return sigmoid(x @ W + h @ U + b)
#: a softmax of one's own
def softmax(x):
    e_x = np.exp(x - np.max(x))
    return e_x / e_x.sum(axis=0)

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def step(x, h, W, U, V):
    h = np.tanh(x @ W + h @ U)
    h = h * softmax(V @ h)[0] + sigmoid(h)
    return h
#: a sigmoid with tanh
def sigmoid(x):
    return .5 * (np.tanh(.5 * x) + 1)
def step(x, h, W, U): return sigmoid(x @ W + h @ U)
#: sigmoid with 1. and brackets
def sigmoid(z):
    s = 1. / (1. + np.exp(-z))
    return s
def step(x, h, W, U):
    return h + sigmoid(x @ W + h @ U)
#: a derivative beside it that nobody calls
def sigmoid(x):
    return 1.0/(1.0+np.exp(-x))

def dsigmoid(y):
    return y * (1 - y)

def dtanh(y):
    return 1 - y * y

def step(x, h, c, W, U, b):
    z = x @ W + h @ U + b
    i, f, o, g = np.split(z, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return h, c
#: relu of one's own three ways
def relu(x):
    return x * (x > 0)
def leaky_relu(x, alpha=0.01):
    return np.where(x > 0, x, alpha * x)
def elu(x, a=1.0):
    return np.where(x > 0, x, a * (np.exp(x) - 1))
def step(x, h, W, U, b):
    z = x @ W + h @ U + b
    return relu(z) - leaky_relu(z, 0.1) + elu(h)
#: activations in lambdas
sigmoid = lambda x: 1 / (1 + np.exp(-x))
relu = lambda z: np.maximum(z, 0)
swish = lambda a, beta=1.0: a * sigmoid(beta * a)
def step(x, h, W, U):
    return np.tanh(relu(x @ W) + swish(h @ U))
#: a dense layer as a helper
def dense(x, W, b, activation=None):
    return x @ W + b
def step(x, h, Wx, Wh, b, c):
    h = np.tanh(dense(x, Wx, b) + dense(h, Wh, c))
    return h
#: a helper inside of the step
def step(x, h, c, W, U, b):
    def sigmoid(a):
        return 1 / (1 + np.exp(-a))
    z = W @ x + U @ h + b
    i, f, o, g = np.split(z, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return h, c
#: a lambda inside of the step
def step(x, h, W, U, b):
    gate = lambda a: 1 / (1 + np.exp(-a))
    z = gate(x @ W + b)
    return z * h + (1 - z) * np.tanh(h @ U)
#: a helper inside that sees the step's values
def step(x, h, Wz, Uz, bz, Wh, Uh, bh):
    def gate(W, U, b):
        return W @ x + U @ h + b
    z = sigmoid(gate(Wz, Uz, bz))
    g = np.tanh(gate(Wh, Uh, bh))
    return z * h + (1 - z) * g
#: layer norm as a helper
def layer_norm(a, gain, bias, eps=1e-5):
    mean = a.mean(axis=-1, keepdims=True)
    var = a.var(axis=-1, keepdims=True)
    return gain * (a - mean) / np.sqrt(var + eps) + bias

def step(x, h, W, U, b, g1, g2, b1):
    h = np.tanh(layer_norm(x @ W, g1, b1) + layer_norm(h @ U, g2, b) )
    return h
#: layer norm with std, ddof by position left out
def ln(v):
    return (v - v.mean()) / (v.std() + 1e-6)
def step(x, h, c, W, U, b):
    z = ln(W @ x) + ln(U @ h) + b
    i, f, o, g = np.split(z, 4)
    c = sigmoid(f + 1) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(ln(c)), c
#: rms norm
def rms_norm(x, w, eps=1e-6):
    return x / np.sqrt(np.mean(x ** 2) + eps) * w
def step(x, h, W, U, w):
    return np.tanh(rms_norm(x @ W + h @ U, w))
#: an affine helper that returns two
def gates(x, h, W, U, b):
    z = x @ W + h @ U + b
    a, c = np.split(z, 2)
    return sigmoid(a), np.tanh(c)
def step(x, h, W, U, b):
    u, cand = gates(x, h, W, U, b)
    return u * h + (1 - u) * cand
#: a helper called with names
def mix(a, b, gate):
    return gate * a + (1 - gate) * b
def step(x, h, W, U, b):
    g = sigmoid(W @ x + b)
    return mix(a=h, b=np.tanh(U @ h), gate=g)
#: an RNN of a lecture with biases in one
def step(x, h, W):
    xh = np.concatenate([x, h, [1.0]])
    return np.tanh(W @ xh)
#: append and ones
def step(x, h, W):
    z = np.append(x, h)
    z = np.append(z, 1)
    return np.tanh(W.dot(z))
#: two layers, deep; r: r[0], r[1]
def step(x, h1, h2, W1, U1, b1, W2, U2, b2):
    h1 = np.tanh(W1 @ x + U1 @ h1 + b1)
    h2 = np.tanh(W2 @ h1 + U2 @ h2 + b2)
    return h1, h2
#: two layers, states in a list
def step(x, hs, W1, U1, W2, U2):
    h1, h2 = hs
    h1 = np.tanh(W1 @ x + U1 @ h1)
    h2 = np.tanh(W2 @ h1 + U2 @ h2)
    return [h1, h2]
#: a dictionary with get and keys that are names of layers
def step(x, h, weights):
    return np.tanh(x @ weights['kernel'] + h @ weights['recurrent_kernel'] + weights['bias'])
#: a dictionary of Keras' names, gates of i f c o; r: r[1]
def keras_lstm(inputs, states, params):
    h_tm1, c_tm1 = states
    z = np.dot(inputs, params["kernel"])
    z += np.dot(h_tm1, params["recurrent_kernel"])
    z += params["bias"]
    z0, z1, z2, z3 = np.split(z, 4)
    i = sigmoid(z0)
    f = sigmoid(z1)
    c = f * c_tm1 + i * np.tanh(z2)
    o = sigmoid(z3)
    h = o * np.tanh(c)
    return h, [h, c]
#: Keras' GRU with reset_after
def gru(x, h_tm1, kernel, recurrent_kernel, input_bias, recurrent_bias):
    matrix_x = np.dot(x, kernel) + input_bias
    x_z, x_r, x_h = np.split(matrix_x, 3)
    matrix_inner = np.dot(h_tm1, recurrent_kernel) + recurrent_bias
    recurrent_z, recurrent_r, recurrent_h = np.split(matrix_inner, 3)
    z = sigmoid(x_z + recurrent_z)
    r = sigmoid(x_r + recurrent_r)
    hh = np.tanh(x_h + r * recurrent_h)
    h = z * h_tm1 + (1 - z) * hh
    return h
#: torch's names, x W.T
def lstm_cell(input, hx, cx, w_ih, w_hh, b_ih, b_hh):
    gates = np.dot(w_ih, input) + b_ih + np.dot(w_hh, hx) + b_hh
    ingate, forgetgate, cellgate, outgate = np.split(gates, 4, 0)
    ingate = sigmoid(ingate)
    forgetgate = sigmoid(forgetgate)
    cellgate = np.tanh(cellgate)
    outgate = sigmoid(outgate)
    cy = (forgetgate * cx) + (ingate * cellgate)
    hy = outgate * np.tanh(cy)
    return hy, cy
