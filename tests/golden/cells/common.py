"""How a golden sequence is made and kept; `make.py` says what of."""

import pathlib

import numpy as np
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent
T, F, U, V, K, N, R = 7, 6, 4, 4, 3, 5, 2  # timesteps, features, units, values, keys, states, rank
sigmoid = lambda a: 1 / (1 + np.exp(-a))
relu = lambda a: a * (a > 0)
softplus = lambda a: np.log(1 + np.exp(a))
silu = lambda a: a / (1 + np.exp(-a))
MADE = []


def cell(name, paper, weights, initial=(), states=None):
    """Makes the file of a cell: `weights` are shapes, `initial` the states that begin with random numbers."""

    def make(sequence):
        rng = np.random.default_rng(sum(map(ord, name)))
        draw = lambda shape: rng.uniform(-0.8, 0.8, shape).astype(np.float32)
        arrays = {key: draw(shape) for key, shape in weights.items()}
        x, first = draw((T, F)), {key: draw(size) for key, size in dict(initial).items()}
        wide = lambda given: {key: value.astype(np.float64) for key, value in given.items()}
        found = sequence(x.astype(np.float64), Box(wide(arrays)), Box(wide(first)))
        assert all(np.isfinite(value).all() for value in found.values()), name
        arrays["x"] = x
        arrays |= {f"initial/{key}": value for key, value in first.items()}
        arrays |= {f"state/{key}": np.array(value, dtype=np.float32) for key, value in found.items()}
        arrays = {key: np.ascontiguousarray(value) for key, value in arrays.items()}
        save_file(arrays, HERE / f"{name}.safetensors", {"equations": paper, "numpy": np.__version__})
        MADE.append(name)

    return make


class Box:
    """Arrays by their names."""

    def __init__(self, arrays):
        self.__dict__ = arrays


def steps(x, first, step):
    """All states of a recurrence: `step` takes and gives a dictionary of columns."""
    now, found = dict(first.__dict__), {}
    for column in x:
        now = step(column, **now)
        for key, value in now.items():
            found.setdefault(key, []).append(value)
    return found


def simple(name, paper, weights, initial, **more):
    """A recurrence that is written as one step."""
    make = cell(name, paper, weights, initial)
    return lambda step: make(lambda x, w, first: steps(x, first, lambda column, **state: step(w, column, **state)))
