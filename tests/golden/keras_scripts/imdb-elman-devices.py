# Film reviews, SimpleRNN(100)

# --- Preparation ---
# Needed: pip install keras jax numpy, and beside this file imdb-elman-run.npz: the samples, the first weights,
# the order in which the run takes the samples, and its first losses.
# Every batch is shared by all devices of this machine. Two devices of a CPU are simulated by setting
# XLA_FLAGS=--xla_force_host_platform_device_count=2 before Python starts. With several machines each of them calls
# keras.distribution.initialize(job_addresses, num_processes, process_id) before anything else.
import os
import pathlib
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
from keras.layers import Embedding, Dense, SimpleRNN
import numpy as np

FOLDER = pathlib.Path(globals().get("__file__", ".")).parent
BATCH = 64
run = dict(np.load(FOLDER / "imdb-elman-run.npz"))

devices = keras.distribution.list_devices()
keras.distribution.set_distribution(keras.distribution.DataParallel(devices=devices))
print(len(devices), "devices")
if BATCH % len(devices):
    sys.exit(f"A batch of {BATCH} samples cannot be shared evenly by {len(devices)} devices.")

# --- Data ---
# All texts stand one behind the other as ids of words: 0 fills short texts up, 1 starts a text, 2 is an
# unknown word, words count from 3 by their frequency.
def read(part, limit=None):
    ids = run[part + "/ids"].astype("int32")
    ids[ids >= 5000] = 2
    parts = np.split(ids, run[part + "/offsets"][1:-1])[:limit]
    x = keras.utils.pad_sequences(parts, maxlen=500, padding="pre", truncating="pre")
    return x, run[part + "/labels"].astype("float32")[:, None][:limit]


x_train, y_train = read("train")
x_test, y_test = read("test")
print(x_train.shape, y_train.shape)

# --- Model ---
# The weights are those that the run starts with.
model = keras.Sequential([
    keras.Input(shape=(500,)),
    Embedding(5000, 32),
    SimpleRNN(100),
    Dense(1, activation="sigmoid"),
], name="imdb_elman")
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.001),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)

NAMES = [
    "embedding/embeddings",
    "simple_rnn/kernel",
    "simple_rnn/recurrent_kernel",
    "simple_rnn/bias",
    "dense/kernel",
    "dense/bias",
]
weights = [v for v in model.weights if v.name != "rnn_state"]
for variable, name in zip(weights, NAMES, strict=True):
    variable.assign(run["weights/" + name])
model.summary()

# --- Training ---
# The batches are those of the run. Its first losses, each before the update of the weights, stand in the last
# column.
# Samples of the last batch that the devices cannot share evenly are left out.
STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else None  # a number ends the run early
judged = len(x_test) // BATCH * BATCH
losses = []
for epoch, order in enumerate(run["order"]):
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        rows = rows[: len(rows) // len(devices) * len(devices)]
        if len(rows) == 0 or len(losses) == STEPS:
            continue
        model.reset_metrics()
        logs = model.train_on_batch(x_train[rows], y_train[rows], return_dict=True)
        losses.append(float(logs["loss"]))
        if len(losses) <= len(run["losses"]):
            print(f"update {len(losses):2}: {losses[-1]:.7f} {run['losses'][len(losses) - 1]:.7f}")
    if len(losses) == STEPS:
        break
    scores = model.evaluate(x_test[:judged], y_test[:judged], batch_size=BATCH, verbose=0, return_dict=True)
    print(f"epoch {epoch + 1}:", scores)
first = run["losses"][: len(losses)]
print("largest difference:", np.abs(losses[: len(first)] - first).max())
