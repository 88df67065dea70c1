from __future__ import annotations

from dataclasses import dataclass
from typing import List, Tuple

import numpy as np


@dataclass
class RNNConfig:
    input_size: int
    hidden_size: int
    seed: int = 42


class VanillaRNN:
    """A minimal vanilla RNN implemented with NumPy."""

    def __init__(self, config: RNNConfig) -> None:
        self.config = config
        rng = np.random.default_rng(config.seed)
        scale = 1.0 / np.sqrt(config.hidden_size)
        self.W_xh = rng.uniform(-scale, scale, (config.hidden_size, config.input_size))
        self.W_hh = rng.uniform(-scale, scale, (config.hidden_size, config.hidden_size))
        self.b_h = np.zeros(config.hidden_size)

    def step(self, x_t: np.ndarray, h_prev: np.ndarray) -> np.ndarray:
        return np.tanh(self.W_xh @ x_t + self.W_hh @ h_prev + self.b_h)

    def forward(self, xs: np.ndarray) -> Tuple[np.ndarray, List[np.ndarray]]:
        h = np.zeros(self.config.hidden_size)
        hidden_states: List[np.ndarray] = []
        for x_t in xs:
            h = self.step(x_t, h)
            hidden_states.append(h)
        return h, hidden_states


def main() -> None:
    config = RNNConfig(input_size=3, hidden_size=5)
    model = VanillaRNN(config)
    rng = np.random.default_rng(0)
    xs = rng.normal(size=(7, config.input_size))
    final, states = model.forward(xs)
    print(f"Final state: {final}")
    print(f"Number of steps: {len(states)}")


if __name__ == "__main__":
    main()
