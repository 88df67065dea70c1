import numpy as np
rng = np.random.RandomState(12)
A, B = np.array([[0.9, 0.1], [0.0, 0.8]]), np.array([[1.0], [0.5]])
x = np.zeros((2, 1))
history = np.zeros((20, 2))
inputs = rng.choice([-1, 1], size=20)
for k in range(20):
    x = A @ x + B * inputs[k]
    history[k] = x.flatten()
print(np.round(history[::5], 3))
print("eig:", sorted(abs(np.linalg.eigvals(A)), reverse=True) if False else "")
