from dataclasses import dataclass, field
import numpy as np

@dataclass
class Weights:
    W: np.ndarray
    U: np.ndarray
    b: np.ndarray

    @classmethod
    def init(cls, d, n, seed=0):
        rng = np.random.default_rng(seed)
        return cls(W=rng.normal(size=(n, d)), U=rng.normal(size=(n, n)) / n, b=np.zeros(n))

@dataclass
class Cell:
    weights: Weights
    history: list = field(default_factory=list)

    def __call__(self, x, h):
        w = self.weights
        h = np.tanh(w.W @ x + w.U @ h + w.b)
        self.history.append(h)
        return h

cell = Cell(Weights.init(2, 3))
h = np.zeros(3)
xs = np.linspace(-1, 1, 10).reshape(5, 2)
for x in xs:
    h = cell(x, h)
print(len(cell.history))
print(np.stack(cell.history)[-1])
