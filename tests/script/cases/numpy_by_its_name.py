import numpy
T = 4
numpy.random.seed(seed=99)
inputs = numpy.random.random_sample(size=(T, 2))
W = numpy.random.uniform(low=-1.0, high=1.0, size=(2, 2))
state = numpy.zeros((2,))
outputs = []
for step_input in inputs:
    state = numpy.tanh(numpy.matmul(W, step_input) + state)
    outputs += [state]
result = numpy.concatenate([o.reshape(1, -1) for o in outputs])
result
