#!/usr/bin/env python3
# -*- coding: utf-8 -*-
import numpy as np


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Logistic function."""
    return 1.0 / (1.0 + np.exp(-x))


def init_params(n_in: int, n_hidden: int, scale: float = 0.1):
    rng = np.random.default_rng(0)
    p = {
        "W": rng.normal(0, scale, size=(4 * n_hidden, n_in + n_hidden)),
        "b": np.zeros(4 * n_hidden),
    }
    p["b"][n_hidden:2 * n_hidden] = 1.0
    return p


def forward(xs, params, n_hidden):
    h = np.zeros(n_hidden)
    c = np.zeros(n_hidden)
    hs, cs = [], []
    for x in xs:
        z = np.concatenate([x, h])
        gates = params["W"] @ z + params["b"]
        i, f, o, g = np.split(gates, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        hs.append(h)
        cs.append(c)
    return np.stack(hs), np.stack(cs)


def main():
    params = init_params(3, 4)
    xs = np.linspace(-1, 1, 18).reshape(6, 3)
    hs, cs = forward(xs, params, 4)
    print("hs:", hs.shape, "cs:", cs.shape)
    print(np.round(hs[-1], 4))
    return hs


if __name__ == "__main__":
    main()
