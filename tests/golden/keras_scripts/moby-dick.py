# The next character of Moby Dick, LSTM(128)

# --- Preparation ---
# Needed: pip install keras jax numpy, and beside this file moby-dick-run.npz: the samples, the first weights,
# the order in which the run takes the samples, and its first losses.
import os
import pathlib
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
from keras.layers import Embedding, Dense, LSTM
import numpy as np

FOLDER = pathlib.Path(globals().get("__file__", ".")).parent
BATCH = 32
run = dict(np.load(FOLDER / "moby-dick-run.npz"))

# --- Data ---
# The text is cut into windows; the label of each character is the character after it.
def windows(ids, length):
    count = length // 64
    streams = ids[: BATCH * length].reshape(BATCH, length)[:, : count * 64]
    return streams.reshape(BATCH, count, 64).swapaxes(0, 1).reshape(-1, 64)


# Row b of each batch goes on where row b of the batch before it ended.
def read(part, limit=None):
    ids = run[part + "/ids"].astype("int32")[:limit]
    length = (len(ids) - 1) // BATCH
    return windows(ids, length), windows(ids[1:], length)


x_train, y_train = read("train")
x_test, y_test = read("test")
print(x_train.shape, y_train.shape)

# --- Model ---
# The weights are those that the run starts with.
model = keras.Sequential([
    keras.Input(batch_shape=(32, None)),
    Embedding(83, 32),
    LSTM(128, return_sequences=True, stateful=True),
    Dense(83),
], name="moby_dick")
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.005),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)

NAMES = [
    "embedding/embeddings",
    "lstm/kernel",
    "lstm/recurrent_kernel",
    "lstm/bias",
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
# Keras 3.15 with JAX does not carry states from batch to batch: only the first loss agrees.
# Keras' trainer for JAX hands on what a layer counts among its variables; the states belong to them.
for layer in model._flatten_layers():
    for state in keras.tree.flatten(getattr(layer, "states", None) or []):
        layer._tracker.unlock()
        layer._track_variable(state)
        layer._tracker.lock()


def forget():
    """Begins the text anew."""
    for layer in model._flatten_layers():
        if hasattr(layer, "reset_state"):
            layer.reset_state()


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
    forget()
    scores = model.evaluate(x_test, y_test, batch_size=BATCH, verbose=0, return_dict=True)
    forget()
    print(f"epoch {epoch + 1}:", scores)
first = run["losses"][: len(losses)]
print("largest difference:", np.abs(losses[: len(first)] - first).max())

# --- Without the order of the run ---
# Training as usual, in an order of Keras' own; the run has 10 epochs.
# model.fit(
#     x_train,
#     y_train,
#     batch_size=32,
#     epochs=10,
#     shuffle=False,
#     validation_data=(x_test, y_test),
# )
