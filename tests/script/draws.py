"""Writes tests/script/draws.json: draws of numpy, each float64 as the integer of its 64 bits.

    python tests/script/draws.py > tests/script/draws.json
"""

import json

import numpy as np

SEEDS = [0, 1, 42, 1234, 2**32 - 1]
# The calls of a list follow each other, so that what one leaves behind (half of a word, one of a pair) is seen.
CALLS = [
    ("random", [], 5), ("normal", [0.0, 1.0], 3), ("integer", [0, 10], 7), ("uniform", [-0.5, 2.0], 3),
    ("normal", [1.5, 0.1], 4), ("integer", [-3, 4], 5), ("integer", [5, 6], 2), ("random", [], 1),
    ("integer", [0, 2**32], 3), ("integer", [0, 2**32 - 1], 3), ("integer", [-(2**62), 2**62 + 7], 4),
    ("integer", [0, 3 * 2**30], 6), ("integer", [0, 2**40], 3), ("normal", [0.0, 1.0], 1), ("random", [], 2),
]
MANY = 20_000


def numpy_call(rng, name, arguments, count):
    names = {"integer": "integers" if isinstance(rng, np.random.Generator) else "randint"}
    return getattr(rng, names.get(name, name))(*arguments, size=count)


def bits(values):
    return [int(v) for v in (values if values.dtype.kind == "i" else values.view(np.uint64))]


def sequence(rng):
    return [{"call": name, "arguments": arguments, "values": bits(numpy_call(rng, name, arguments, count))}
            for name, arguments, count in CALLS]


def many(rng):
    """Of many normal numbers the ones beyond 3.6, which come from the tail, and the last one."""
    draws = rng.standard_normal(MANY)
    far = np.flatnonzero(np.abs(draws) > 3.6)
    return {"at": far.tolist() + [MANY - 1], "values": bits(np.append(draws[far], draws[-1]))}


result = []
for seed in SEEDS:
    for kind, make in [("RandomState", np.random.RandomState), ("Generator", np.random.default_rng)]:
        result.append({"kind": kind, "seed": seed, "sequence": sequence(make(seed)), "normal": many(make(seed))})
large = 2**64 - 3
result.append({"kind": "Generator", "seed": large, "sequence": sequence(np.random.default_rng(large)),
               "normal": many(np.random.default_rng(large))})
print(json.dumps({"numpy": np.__version__, "many": MANY, "cases": result}, separators=(",", ":")))
