# Adding two marked numbers, GRU(32)

# --- Preparation ---
# Needed: pip install keras jax numpy, and beside this file adding-run.npz: the samples, the first weights,
# the order in which the run takes the samples, and its first losses.
import os
import pathlib
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
from keras.layers import Dense, GRU
import numpy as np

FOLDER = pathlib.Path(globals().get("__file__", ".")).parent
BATCH = 32
run = dict(np.load(FOLDER / "adding-run.npz"))

# --- Data ---
# The samples stand as arrays in the file of the run.
def read(part):
    return run[part + "/x"], run[part + "/y"]


x_train, y_train = read("train")
x_test, y_test = read("test")
print(x_train.shape, y_train.shape)

# --- Model ---
# The weights are those that the run starts with.
model = keras.Sequential([
    keras.Input(shape=(50, 2)),
    GRU(32),
    Dense(1),
], name="adding")
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.005), loss="mean_squared_error")

NAMES = [
    "gru/kernel",
    "gru/recurrent_kernel",
    "gru/bias",
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
STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else None  # a number ends the run early
losses = []
for epoch, order in enumerate(run["order"]):
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        if len(rows) == 0 or len(losses) == STEPS:
            continue
        model.reset_metrics()
        logs = model.train_on_batch(x_train[rows], y_train[rows], return_dict=True)
        losses.append(float(logs["loss"]))
        if len(losses) <= len(run["losses"]):
            print(f"update {len(losses):2}: {losses[-1]:.7f} {run['losses'][len(losses) - 1]:.7f}")
    if len(losses) == STEPS:
        break
    scores = model.evaluate(x_test, y_test, batch_size=BATCH, verbose=0, return_dict=True)
    print(f"epoch {epoch + 1}:", scores)
first = run["losses"][: len(losses)]
print("largest difference:", np.abs(losses[: len(first)] - first).max())

# --- Without the order of the run ---
# Training as usual, in an order of Keras' own; the run has 10 epochs.
# model.fit(x_train, y_train, batch_size=32, epochs=10, validation_data=(x_test, y_test))
