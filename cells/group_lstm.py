# LSTM in two groups that share nothing within a step: half the weights (Kuchaiev & Ginsburg 2017).
def step(x, h, c, W_1, U_1, b_1, W_2, U_2, b_2):
    x_1, x_2 = np.split(x, 2)
    h_1, h_2 = np.split(h, 2)
    i_1, f_1, g_1, o_1 = np.split(x_1 @ W_1 + h_1 @ U_1 + b_1, 4)
    i_2, f_2, g_2, o_2 = np.split(x_2 @ W_2 + h_2 @ U_2 + b_2, 4)
    i = sigmoid(np.concatenate([i_1, i_2]))
    f = sigmoid(np.concatenate([f_1, f_2]))
    g = np.tanh(np.concatenate([g_1, g_2]))
    o = sigmoid(np.concatenate([o_1, o_2]))
    c = f * c + i * g
    h = o * np.tanh(c)
    return h, c
