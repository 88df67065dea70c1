import numpy as np
np.random.seed(0)
xs = np.random.randn(6, 3)
d = 4
W = np.random.randn(1 + 3 + 4, 16) * .3
h, c = np.zeros(d), np.zeros(d)
for x in xs:
    Hin = np.hstack([1, x, h])
    IFOG = Hin.dot(W)
    IFOGf = np.zeros_like(IFOG)
    IFOGf[:3*d] = 1.0 / (1.0 + np.exp(-IFOG[:3*d]))
    IFOGf[3*d:] = np.tanh(IFOG[3*d:])
    c = IFOGf[:d] * IFOGf[3*d:] + IFOGf[d:2*d] * c
    h = IFOGf[2*d:3*d] * np.tanh(c)
print(h)
