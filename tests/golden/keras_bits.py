"""Writes keras_bits.json: how well Keras says that the language model of the page predicts Moby Dick.

Made with Keras 3.15.1 (KERAS_BACKEND=jax) on Python 3.11; not run by the tests. It needs the packed data of
`cargo xtask data`.
    pip install keras==3.15.1 jax safetensors && python tests/golden/keras_bits.py
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file

ROOT = pathlib.Path(__file__).parents[2]
# Of the passage that stands in the file, and the streams and timesteps in which the experiment reads the test text.
PASSAGE, STREAMS, TIMESTEPS = 401, 32, 64

shipped = ROOT / "www/lessons/moby-dick-lstm-64.safetensors"
weights = load_file(shipped)
model = keras.Sequential(
    [
        keras.Input((None,)),
        keras.layers.Embedding(83, 32),
        keras.layers.LSTM(64, return_sequences=True),
        keras.layers.Dense(83),
    ]
)
names = ["embedding/embeddings", "lstm/kernel", "lstm/recurrent_kernel", "lstm/bias", "dense/kernel", "dense/bias"]
model.set_weights([weights[f"weights/{name}"] for name in names])

data = ROOT / "www/data/moby-dick.safetensors"
ids = load_file(data)["test/ids"].astype("int32")
with safe_open(data, "numpy") as file:
    letters = json.loads(file.metadata()["dataset"])["vocabulary"]


def bits(x, y):
    logits = model.predict(x, verbose=0, batch_size=STREAMS)
    nats = keras.losses.sparse_categorical_crossentropy(y, logits, from_logits=True)
    return np.asarray(nats, dtype="float64") / np.log(2)


passage = ids[:PASSAGE]
each = bits(passage[None, :-1], passage[None, 1:])[0]
stream = len(ids) // STREAMS
read = stream // TIMESTEPS * TIMESTEPS
starts = np.arange(STREAMS)[:, None] * stream + np.arange(read)
golden = {
    "keras": keras.__version__,
    "passage": "".join(letters[k] for k in passage),
    "bits": [round(float(value), 6) for value in each],
    "test_text": {"samples": STREAMS * read // TIMESTEPS, "bits": float(bits(ids[starts], ids[starts + 1]).mean())},
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n")
