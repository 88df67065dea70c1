import numpy as np

sigmoid = lambda z: 1.0 / (1.0 + np.exp(-z))

rng = np.random.default_rng(seed=5)
n_in, n_hid = 2, 3
params = {}
for gate in ("z", "r", "h"):
    params["W" + gate] = rng.normal(size=(n_in, n_hid))
    params["U" + gate] = rng.normal(0.0, 0.5, size=(n_hid, n_hid))
    params["b" + gate] = np.zeros(n_hid)

xs = rng.normal(size=(6, n_in))
h = np.zeros(n_hid)
history = []
for t, x in enumerate(xs):
    z = sigmoid(x @ params["Wz"] + h @ params["Uz"] + params["bz"])
    r = sigmoid(x @ params["Wr"] + h @ params["Ur"] + params["br"])
    h_tilde = np.tanh(x @ params["Wh"] + (r * h) @ params["Uh"] + params["bh"])
    h = (1 - z) * h + z * h_tilde
    history.append(h.copy())
    if t % 2 == 0:
        print(f"t={t}: |h| = {np.linalg.norm(h):.4f}")
history = np.array(history)
print(history[-1].round(3))
