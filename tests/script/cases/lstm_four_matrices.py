import numpy as np
rng = np.random.default_rng(11)
hidden_size, input_size = 3, 2
W_f, W_i, W_c, W_o = [rng.standard_normal((hidden_size, hidden_size + input_size)) for _ in range(4)]
b_f, b_i, b_c, b_o = (np.zeros(hidden_size) for _ in range(4))
sigmoid = lambda x: 1 / (1 + np.exp(-x))
def lstm_cell(x_t, h_prev, c_prev):
    concat = np.concatenate((h_prev, x_t))
    f_t = sigmoid(W_f @ concat + b_f)
    i_t = sigmoid(W_i @ concat + b_i)
    c_hat = np.tanh(W_c @ concat + b_c)
    c_t = f_t * c_prev + i_t * c_hat
    o_t = sigmoid(W_o @ concat + b_o)
    h_t = o_t * np.tanh(c_t)
    return h_t, c_t
sequence = [np.array([0.5, -0.1]), np.array([0.1, 0.9]), np.array([-0.3, 0.2])]
h_t, c_t = np.zeros(hidden_size), np.zeros(hidden_size)
for step, x_t in enumerate(sequence, start=1):
    h_t, c_t = lstm_cell(x_t, h_t, c_t)
    print(f"Step {step}: h = {h_t.round(4)}, c = {np.round(c_t, 4).tolist()}")
