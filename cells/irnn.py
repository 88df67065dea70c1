# Rectified simple cell; with U starting as the identity it remembers long (Le, Jaitly & Hinton 2015).
# U starts as identity.
def step(x, h, W, U, b):
    h = relu(x @ W + h @ U + b)
    return h
