# The step of tutorial 003's pseudo-code, with its mistake: U multiplies input_t, so the state is never read.
def step(input_t, state_t, W, U, bias):
    output_t = np.tanh(np.dot(W, input_t) + np.dot(U, input_t) + bias)
    state_t = output_t
    return state_t
