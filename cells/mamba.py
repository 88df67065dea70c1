# Selective state space model S6: each unit of the projected input u drives a column of states H.
# How long the input is held, dt, and where it is written and read, B and C, follow from the input.
# Paper: Gu & Dao 2023, arXiv 2312.00752.
# Change: against S4D, the equation's coefficients depend on the input; its states are real.
# Adding problem: learned, error 0.0005 after 1500 updates.
# size: d_state = 8
# size: rank = 2
# shape: H = (d_state, units)
# shape: W_1 = (units, rank)
def step(x, y, H, W, W_1, W_2, b_dt, W_B, W_C, log_A, D):
    u = x @ W
    dt = softplus(u @ W_1 @ W_2 + b_dt)
    B = u @ W_B
    C = u @ W_C
    kept = np.exp(-np.exp(log_A) * dt[None, :])
    H = kept * H + np.outer(B, dt * u)
    y = C @ H + D * u
    return y, H
