#: min-char-rnn, one character
def step(x, hprev, Wxh, Whh, Why, bh, by):
    h = np.tanh(np.dot(Wxh, x) + np.dot(Whh, hprev) + bh) # hidden state
    y = np.dot(Why, h) + by # unnormalized log probabilities for next chars
    p = np.exp(y) / np.sum(np.exp(y)) # probabilities for next chars
    return h
#: the class of a blog, its method alone; r: r[1]
def step(self, x, h):
    # update the hidden state
    h = np.tanh(np.dot(self.W_hh, h) + np.dot(self.W_xh, x))
    # compute the output vector
    y = np.dot(self.W_hy, h)
    return y, h
#: output first; r: r[1]
def rnn_step(x, h, W_xh, W_hh, W_hy):
    h = np.tanh(W_xh.dot(x) + W_hh.dot(h))
    y = W_hy.dot(h)
    return y, h
#: U, V and W of an early tutorial; r: r[1]
def forward_propagation(x, s_prev, U, V, W):
    s = np.tanh(U.dot(x) + W.dot(s_prev))
    o = softmax(V.dot(s))
    return [o, s]
#: a GRU with theano's style of indices; sizes: 4 4
def forward_prop_step(x_e, s_t1_prev, U0, U1, U2, W0, W1, W2, b0, b1, b2):
    # GRU Layer 1
    z_t1 = sigmoid(U0.dot(x_e) + W0.dot(s_t1_prev) + b0)
    r_t1 = sigmoid(U1.dot(x_e) + W1.dot(s_t1_prev) + b1)
    c_t1 = np.tanh(U2.dot(x_e) + W2.dot(s_t1_prev * r_t1) + b2)
    s_t1 = (np.ones(4) - z_t1) * c_t1 + z_t1 * s_t1_prev
    return s_t1
#: binary addition with layers
def step(X, layer_1_prev, synapse_0, synapse_1, synapse_h):
    # hidden layer (input ~+ prev_hidden)
    layer_1 = sigmoid(np.dot(X, synapse_0) + np.dot(layer_1_prev, synapse_h))
    # output layer (new binary representation)
    layer_2 = sigmoid(np.dot(layer_1, synapse_1))
    return layer_1
#: a linear counter
def update_state(xk, sk, wx, wRec):
    """
    Compute state k from the previous state (sk) and current
    input (xk), by use of the input weights (wx) and recursive weights (wRec).
    """
    return xk @ wx + sk * wRec
#: the same with multiplication
def update_state(x, s, wx, wRec):
    return np.tanh((x * wx).sum() + s * wRec)
#: LSTM of a blog with z = row_stack; columns; r: r[0], r[1]
def forward(x, h_prev, C_prev, W_f, b_f, W_i, b_i, W_C, b_C, W_o, b_o, W_v, b_v):
    z = np.row_stack((h_prev, x))
    f = sigmoid(np.dot(W_f, z) + b_f)
    i = sigmoid(np.dot(W_i, z) + b_i)
    C_bar = np.tanh(np.dot(W_C, z) + b_C)
    C = f * C_prev + i * C_bar
    o = sigmoid(np.dot(W_o, z) + b_o)
    h = o * np.tanh(C)
    v = np.dot(W_v, h) + b_v
    y = np.exp(v) / np.sum(np.exp(v))
    return h, C, y
#: LSTM with params namespace; r: r[0], r[1]
def forward(x, h_prev, C_prev, p):
    z = np.concatenate((h_prev, x))
    f = sigmoid(p["W_f"] @ z + p["b_f"])
    i = sigmoid(p["W_i"] @ z + p["b_i"])
    C_bar = np.tanh(p["W_C"] @ z + p["b_C"])
    C = f * C_prev + i * C_bar
    o = sigmoid(p["W_o"] @ z + p["b_o"])
    h = o * np.tanh(C)
    return h, C, o, C_bar
#: attributes of an object that is no self
def step(x, h, model):
    a = model.Wx @ x + model.Wh @ h + model.b
    h = np.tanh(a)
    return h
#: attributes of params
def lstm(x, h, c, params):
    i = sigmoid(params.Wi @ x + params.Ui @ h + params.bi)
    f = sigmoid(params.Wf @ x + params.Uf @ h + params.bf)
    g = np.tanh(params.Wg @ x + params.Ug @ h + params.bg)
    o = sigmoid(params.Wo @ x + params.Uo @ h + params.bo)
    c = f * c + i * g
    h = o * np.tanh(c)
    return h, c
#: weights unpacked from a tuple
def step(x, h, params):
    W, U, b = params
    h = np.tanh(x @ W + h @ U + b)
    return h
#: d2l from scratch; r: r[1]
def rnn(X, H, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    H = np.tanh(np.dot(X, W_xh) + np.dot(H, W_hh) + b_h)
    Y = np.dot(H, W_hq) + b_q
    return Y, H
#: d2l's GRU with state and params; r: r[1]
def gru(X, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    H, = state
    Z = sigmoid((X @ W_xz) + (H @ W_hz) + b_z)
    R = sigmoid((X @ W_xr) + (H @ W_hr) + b_r)
    H_tilda = np.tanh((X @ W_xh) + ((R * H) @ W_hh) + b_h)
    H = Z * H + (1 - Z) * H_tilda
    Y = H @ W_hq + b_q
    return Y, (H,)
#: d2l's LSTM with state and params; r: r[1]
def lstm(X, state, params):
    [W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c,
     W_hq, b_q] = params
    (H, C) = state
    I = sigmoid((X @ W_xi) + (H @ W_hi) + b_i)
    F = sigmoid((X @ W_xf) + (H @ W_hf) + b_f)
    O = sigmoid((X @ W_xo) + (H @ W_ho) + b_o)
    C_tilda = np.tanh((X @ W_xc) + (H @ W_hc) + b_c)
    C = F * C + I * C_tilda
    H = O * np.tanh(C)
    Y = (H @ W_hq) + b_q
    return Y, (H, C)
#: self as in a class of a book
def forward(self, x, h_prev):
    Wx, Wh, b = self.params
    t = np.dot(h_prev, Wh) + np.dot(x, Wx) + b
    h_next = np.tanh(t)

    self.cache = (x, h_prev, h_next)
    return h_next
#: the book's LSTM for one sample
def forward(self, x, h_prev, c_prev):
    Wx, Wh, b = self.params
    H = h_prev.shape[0]
    A = np.dot(x, Wx) + np.dot(h_prev, Wh) + b
    f = A[:H]
    g = A[H:2*H]
    i = A[2*H:3*H]
    o = A[3*H:]

    f = sigmoid(f)
    g = np.tanh(g)
    i = sigmoid(i)
    o = sigmoid(o)

    c_next = f * c_prev + g * i
    h_next = o * np.tanh(c_next)

    self.cache = (x, h_prev, c_prev, i, f, g, o, c_next)
    return h_next, c_next
#: LSTM gist with weights as attributes and a state object
def bottom_data_is(self, x, s_prev, h_prev):
    # concatenate x(t) and h(t-1)
    xc = np.hstack((x, h_prev))
    self.state_g = np.tanh(np.dot(self.wg, xc) + self.bg)
    self.state_i = sigmoid(np.dot(self.wi, xc) + self.bi)
    self.state_f = sigmoid(np.dot(self.wf, xc) + self.bf)
    self.state_o = sigmoid(np.dot(self.wo, xc) + self.bo)
    s = self.state_g * self.state_i + s_prev * self.state_f
    h = s * self.state_o
    return s, h
#: a reservoir, leaky
def update(u, x, Win, W, leak=0.3):
    x = (1 - leak) * x + leak * np.tanh(np.dot(Win, np.hstack((1, u))) + np.dot(W, x))
    return x
#: a reservoir with vstack; columns
def update(u, x, Win, W):
    a = 0.3
    x = (1-a)*x + a*np.tanh( np.dot( Win, np.vstack((1,u)) ) + np.dot( W, x ) )
    return x
#: an echo state cell with a spectral radius
def esn(u, x, W_in, W_res, rho: float = 0.9, alpha=0.5):
    pre = W_in @ u + rho * W_res @ x
    return (1 - alpha) * x + alpha * np.tanh(pre)
#: a recurrent net of neuroscience
def step(I, r, J, B, dt=1e-1, tau=1.0):
    x = -r + J @ np.tanh(r) + B @ I
    r = r + dt / tau * x
    return r
#: leaky integrate with rates
def step(u, x, W, W_in, b, dt=0.1, tau=1):
    r = np.maximum(0, x)
    dx = (-x + W.dot(r) + W_in.dot(u) + b)
    x += (dt / tau) * dx
    return x
#: a spiking neuron with a hard threshold
def lif(x, v, w):
    I = x @ w
    spike = (v > 1.0).astype(float)
    v = 0.9 * v + I - spike
    return v
#: a Kalman-like filter
def step(z, m, A, C, K):
    m_pred = A @ m
    m = m_pred + K @ (z - C @ m_pred)
    return m
#: a linear state space; r: r[0]
def ssm(u, x, A, B, C, D):
    x = A @ x + B @ u
    y = C @ x + D @ u
    return x, y
#: S4D, bilinear
def step(u, x, log_A, B, C, log_dt):
    dt = np.exp(log_dt)
    A = -np.exp(log_A)
    dA = (1 + dt * A / 2) / (1 - dt * A / 2)
    dB = dt / (1 - dt * A / 2)
    x = dA * x + dB * (B @ u)
    y = C @ x
    return x
#: moving average of an optimizer's text; sizes: 5 5
def ema(x, m, v, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * x
    v = beta2 * v + (1 - beta2) * x**2
    u = m / (np.sqrt(v) + eps)
    return m, v
#: GRU in one expression each
def gru_cell(x, h, Wz, Uz, bz, Wr, Ur, br, Wh, Uh, bh):
    z = sigmoid(Wz@x + Uz@h + bz); r = sigmoid(Wr@x + Ur@h + br)
    g = np.tanh(Wh@x + Uh@(r*h) + bh); return (1-z)*h + z*g
#: a GRU of a wiki, with Greek letters
def step(x, h, W_z, U_z, b_z, W_r, U_r, b_r, W_h, U_h, b_h):
    σ = sigmoid
    z = σ(W_z @ x + U_z @ h + b_z)
    r = σ(W_r @ x + U_r @ h + b_r)
    ĥ = np.tanh(W_h @ x + U_h @ (r * h) + b_h)
    return z * h + (1 − z) * ĥ
#: Greek names throughout
def step(x, h, Wζ, Wρ, Ω, α=0.5, θ=1e-3):
    ζ = sigmoid(x @ Wζ)
    ρ = np.tanh(h @ Wρ) * α + θ
    Δh = ζ * ρ
    h = h + Δh @ Ω
    return h
#: σ = np.tanh as a name for a function
def step(x, h, W, U, b):
    act = np.tanh
    return act(W @ x + U @ h + b)
