"""Writes golden.json beside it: eigenvalues, singular values and principal components by numpy, in double precision."""
import json
import pathlib

import numpy as np

rng = np.random.default_rng(11)
orthogonal = np.linalg.qr(rng.normal(size=(9, 9)))[0]
matrices = {
    "one": np.array([[-1.7]]),
    "turn": np.array([[0.6, -0.8], [0.8, 0.6]]),
    "zero": np.zeros((3, 3)),
    "shift": np.eye(5, k=1) * 2.0,
    "cycle": np.roll(np.eye(6), 1, axis=0),
    "orthogonal": orthogonal,
    "scaled": 1e-6 * rng.normal(size=(8, 8)),
    "small": rng.normal(size=(7, 7)),
    "triangular": np.triu(rng.normal(size=(6, 6))),
    "rank": rng.normal(size=(10, 3)) @ rng.normal(size=(3, 10)),
    "large": rng.normal(size=(24, 24)) / 5,
}
points = rng.normal(size=(13, 6)) @ np.diag([3.0, 2.0, 1.0, 0.6, 0.4, 0.1]) @ np.linalg.qr(rng.normal(size=(6, 6)))[0]
points = points.astype(np.float32).astype(float) + 1.5
centred = points - points.mean(axis=0)
left, sizes, right = np.linalg.svd(centred, full_matrices=False)
signs = np.sign(right[np.arange(6), np.abs(right).argmax(axis=1)])
golden = {
    "matrices": {
        name: {
            "matrix": matrix.tolist(),
            "eigenvalues": sorted(np.abs(np.linalg.eigvals(matrix)).tolist(), reverse=True),
            "trace": float(np.trace(matrix)),
            "singular": np.linalg.svd(matrix, compute_uv=False).tolist(),
        }
        for name, matrix in matrices.items()
    },
    "principal": {
        "points": points.tolist(),
        "shares": (sizes**2 / np.sum(sizes**2)).tolist(),
        "places": (left * sizes * signs).tolist(),
    },
}
text = json.dumps(golden, indent=None, separators=(",", ":"))
pathlib.Path(__file__).with_name("golden.json").write_text(text + "\n")
