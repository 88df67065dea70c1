"""Writes golden.json beside it: choices of a next id as numpy makes them, in single precision.

The last step is that of numpy.random.choice, which is called too and has to agree.
"""
import json
import pathlib

import numpy as np

f32 = np.float32
rng = np.random.default_rng(14)
TEMPERATURES = [0.05, 0.1, 0.5, 1.0, 1.7, 10.0]
RULES = [(None, None), (3, None), (None, 0.9), (6, 0.5)]


def softmax(z, temperature):
    scaled = z / f32(temperature)
    with np.errstate(over="ignore", invalid="ignore"):
        naive = np.exp(scaled)
        naive_probabilities = naive / naive.sum()
    shifted = scaled - scaled.max()
    weights = np.exp(shifted)
    return scaled, naive, naive_probabilities, shifted, weights, weights / weights.sum()


def truncated(p, top_k, top_p):
    order = np.argsort(-p.astype(np.float64), kind="stable")
    kept = np.zeros(len(p), dtype=bool)
    order = order[: top_k or len(p)]
    if top_p is not None:
        sums = np.cumsum(p[order].astype(np.float64))
        order = order[: np.searchsorted(sums, f32(top_p) * sums[-1], side="left") + 1]
    kept[order] = True
    p = np.where(kept, p, f32(0))
    return kept, p / p.sum()


def drawn(p, number):
    cdf = p.astype(np.float64).cumsum()
    cdf /= cdf[-1]
    return int(cdf.searchsorted(number, side="right"))


def agrees_with_numpy(p):
    """numpy.random.choice with its own numbers chooses what `drawn` does with the same."""
    p = p.astype(np.float64) / p.astype(np.float64).sum()
    for seed in range(20):
        number = np.random.RandomState(seed).random_sample()
        assert np.random.RandomState(seed).choice(len(p), p=p) == drawn(p, number)


def numbers(of):
    return [None if np.isnan(x) else "inf" if np.isinf(x) else float(x) for x in of]


def case(z, detailed):
    draws = (rng.integers(0, 1 << 24, 12) / (1 << 24)).astype(f32)
    case = {"numbers": [float(u) for u in draws], "choices": []}
    if detailed:
        case["logits"] = numbers(z)
    for temperature in TEMPERATURES:
        scaled, naive, naive_probabilities, shifted, weights, p = softmax(z, temperature)
        for top_k, top_p in RULES:
            kept, q = truncated(p, top_k, top_p)
            agrees_with_numpy(q)
            bits = -np.sum(q[q > 0].astype(np.float64) * np.log2(q[q > 0].astype(np.float64)))
            choice = {"temperature": temperature, "top_k": top_k, "top_p": top_p, "kept": int(kept.sum()),
                      "tokens": [drawn(q, u) for u in draws], "entropy_bits": float(bits)}
            if detailed and top_k is None and top_p is None:
                choice |= {"scaled": numbers(scaled), "naive": numbers(naive), "weights": numbers(weights),
                           "naive_probabilities": numbers(naive_probabilities), "shifted": numbers(shifted)}
            if detailed:
                choice["probabilities"] = numbers(q)
            case["choices"].append(choice)
    return case


def by_formula(count):
    """Logits that a test makes again without a file: exact in single precision."""
    k = np.arange(count, dtype=np.uint64)
    return (((k * 2654435761) % (1 << 32)) >> np.uint64(8)).astype(f32) / f32(1 << 20) - f32(8)


golden = {"small": case(rng.normal(0, 3, 9).astype(f32), True),
          "overflowing": case(rng.normal(40, 35, 7).astype(f32), True),
          "large": case(by_formula(2000), False)}
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
