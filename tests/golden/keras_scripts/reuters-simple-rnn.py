# Newswires, SimpleRNN(50)

# --- Preparation ---
# Needed: pip install keras jax numpy, and beside this file reuters-simple-rnn-run.npz: the samples, the first weights,
# the order in which the run takes the samples, and its first losses.
import os
import pathlib
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
from keras.layers import Dense, Activation, SimpleRNN
import numpy as np

FOLDER = pathlib.Path(globals().get("__file__", ".")).parent
BATCH = 50
run = dict(np.load(FOLDER / "reuters-simple-rnn-run.npz"))

# --- Data ---
# Each text is a sequence of plain numbers, the ids of its words, one a timestep; longer texts are left out.
def read(part, limit=None):
    parts = np.split(run[part + "/ids"], run[part + "/offsets"][1:-1])
    kept = [k for k, ids in enumerate(parts) if len(ids) < 50][:limit]
    x = keras.utils.pad_sequences([parts[k] for k in kept], maxlen=49, padding="post")
    return x.astype("float32")[..., None], run[part + "/labels"].astype("int32")[kept]


x_train, y_train = read("train")
x_test, y_test = read("test")
print(x_train.shape, y_train.shape)

# --- Model ---
# The weights are those that the run starts with.
model = keras.Sequential([
    keras.Input(shape=(None, 1)),
    SimpleRNN(50),
    Dense(52),
    Activation("softmax"),
], name="reuters_simple_rnn")
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.001),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)

NAMES = [
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
# Training as usual, in an order of Keras' own; the run has 200 epochs.
# model.fit(x_train, y_train, batch_size=50, epochs=200, validation_data=(x_test, y_test))
