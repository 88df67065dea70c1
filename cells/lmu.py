# Legendre memory unit: at every step u, in the paper one number, is written into a memory m. With the A and B of the
# paper, which are not trained there, m holds the past of u as a sum of Legendre polynomials.
# Paper: Voelker, Kajić & Eliasmith 2019, “Legendre memory units”.
# Change: against the LSTM, a memory that follows from a theory of delays in place of gates.
# Adding problem: not learned, error 0.1745 after 1500 updates: A and B are random here, not the paper's.
# size: order = 8
# shape: m = (order,)
# shape: e_x = (features, 1)
# init: e_m = 0
def step(x, h, m, e_x, e_h, e_m, A, B, W, U, V):
    u = x @ e_x + h @ e_h + m @ e_m  # what is remembered
    m = m @ A + u @ B  # memory
    h = np.tanh(x @ W + h @ U + m @ V)
    return h, m
