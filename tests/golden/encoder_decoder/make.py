"""Golden values of encoders and decoders: the equations of the papers in numpy, in double precision.

    python make.py        (numpy, safetensors)

Each file holds one model: `weight/…`, ids `source` [batch, positions] and `target` [batch, steps] (what the decoder
reads), `label` [batch, steps] and `counts` [batch, steps]; and as what follows from them `logits`, `attention`
[steps, batch, positions] where there is some, `loss`, and `grad/…`, each the difference of two losses divided by twice
the step. Numbers are those of single precision; everything is computed from them in double precision. All sizes differ,
so that no transposed array can pass.
"""

import pathlib

import numpy as np
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent
UNITS, FEATURES, POSITIONS, STEPS, SOURCE_IDS, TARGET_IDS = 4, 3, 5, 6, 9, 7
SOURCES, ANSWERS = (5, 3, 4), (6, 2, 4)  # lengths; those of the answers with the mark
STEP = 1e-5


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def gates(kind, x, state, w, more=0.0):
    """One step of Keras' LSTM or GRU on one sample; `more` comes to what the input gives."""
    if kind == "lstm":
        h, c = state
        i, f, g, o = np.split(w["W"].T @ x + more + w["U"].T @ h + w["b"], 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c
    (h,) = state
    x_z, x_r, x_h = np.split(w["W"].T @ x + more + w["b"][0], 3)
    h_z, h_r, h_h = np.split(w["U"].T @ h + w["b"][1], 3)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    return (z * h + (1 - z) * np.tanh(x_h + r * h_h),)


def one(kind, attention, w, source, target):
    """One sample: the logits after each step, and where it looked."""
    part = lambda name: {key.split("/")[1]: value for key, value in w.items() if key.startswith(name)}
    encoder, decoder = part("encoder/"), part("decoder/")
    state = tuple(np.zeros(UNITS) for _ in range(2 if kind == "lstm" else 1))
    seen = []
    for character in source:  # no padding here: what is not there is not looked at
        state = gates(kind, w["source/embeddings"][character], state, encoder)
        seen.append(state[0])
    logits, looked = [], []
    for character in target:
        x, d = w["target/embeddings"][character], decoder
        if attention == "none":
            state = gates(kind, x, state, d)
            out = state[0]
        elif attention == "multiplicative":  # Luong 2015, equations 5 to 8, “general”
            state = gates(kind, x, state, d)
            a = softmax(np.array([state[0] @ d["W_a"] @ e for e in seen]))
            out = np.tanh(sum(p * e for p, e in zip(a, seen)) @ d["W_c"] + state[0] @ d["U_c"])
        else:  # Bahdanau 2014, section 3.1 and A.1.2
            a = softmax(np.array([d["v"] @ np.tanh(d["W_a"].T @ state[0] + d["U_a"].T @ e) for e in seen]))
            state = gates(kind, x, state, d, d["C"].T @ sum(p * e for p, e in zip(a, seen)))
            out = state[0]
        logits.append(out @ w["output/kernel"] + w["output/bias"])
        if attention != "none":
            looked.append(np.append(a, np.zeros(POSITIONS - len(a))))
    return np.array(logits), np.array(looked)


def shapes(kind, attention):
    n = UNITS * (4 if kind == "lstm" else 3)
    cell = {"W": (FEATURES, n), "U": (UNITS, n), "b": (n,) if kind == "lstm" else (2, n)}
    square = (UNITS, UNITS)
    more = {
        "none": {},
        "multiplicative": {"W_a": square, "W_c": square, "U_c": square},
        "additive": {"C": (UNITS, n), "W_a": square, "U_a": square, "v": (UNITS,)},
    }[attention]
    return {
        "source/embeddings": (SOURCE_IDS, FEATURES),
        **{f"encoder/{name}": shape for name, shape in cell.items()},
        "target/embeddings": (TARGET_IDS, FEATURES),
        **{f"decoder/{name}": shape for name, shape in {**cell, **more}.items()},
        "output/kernel": (UNITS, TARGET_IDS),
        "output/bias": (TARGET_IDS,),
    }


def make(kind, attention):
    rng = np.random.default_rng(sum(map(ord, kind + attention)))
    single = lambda shape: rng.uniform(-0.9, 0.9, shape).astype(np.float32).astype(np.float64)
    weights = {name: single(shape) for name, shape in shapes(kind, attention).items()}
    source, target, label, counts = (np.zeros((len(SOURCES), n), np.int32) for n in (POSITIONS, STEPS, STEPS, STEPS))
    for b, (length, steps) in enumerate(zip(SOURCES, ANSWERS)):
        source[b, :length] = rng.integers(1, SOURCE_IDS, length)
        label[b, : steps - 1] = rng.integers(1, TARGET_IDS, steps - 1)
        target[b, 1:] = label[b, :-1]
        counts[b, :steps] = 1

    def run():
        pairs = zip(source, target, SOURCES)
        return [one(kind, attention, weights, ids[:length], read) for ids, read, length in pairs]

    def loss():
        losses = []
        for b, (logits, _) in enumerate(run()):
            losses += [-np.log(softmax(logits[t])[label[b, t]]) for t in range(ANSWERS[b])]
        return np.mean(losses)

    arrays = {"source": source, "target": target, "label": label, "counts": counts, "loss": np.array([loss()])}
    arrays["logits"] = np.stack([logits for logits, _ in run()], axis=1)
    if attention != "none":
        arrays["attention"] = np.stack([looked for _, looked in run()], axis=1)
    for name, values in weights.items():
        arrays[f"weight/{name}"], gradient = values.copy(), np.zeros_like(values)
        for at in np.ndindex(values.shape):
            kept, both = values[at], []
            for sign in (1, -1):
                values[at] = kept + sign * STEP
                both.append(loss())
            values[at], gradient[at] = kept, (both[0] - both[1]) / (2 * STEP)
        arrays[f"grad/{name}"] = gradient
    single = {key: v.astype(np.float32) if v.dtype == np.float64 else v for key, v in arrays.items()}
    save_file(single, HERE / f"{kind}_{attention}.safetensors", {"numpy": np.__version__})


for kind in ("lstm", "gru"):
    for attention in ("none", "multiplicative", "additive"):
        make(kind, attention)
