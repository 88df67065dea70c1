# The step of tutorial 003's pseudo-code, with its mistake: U multiplies input_t, so the state is never read.
# Paper: tutorial 003, of 2019.
# Change: against the tutorial's loop, U multiplies input_t in place of state_t.
# Adding problem: not learned, error 0.1675 after 1500 updates: the state is never read.
def step(input_t, state_t, W, U, bias):
    output_t = np.tanh(np.dot(W, input_t) + np.dot(U, input_t) + bias)
    state_t = output_t
    return state_t
