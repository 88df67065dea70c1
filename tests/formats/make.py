"""Makes the files in tests/formats/keras/ with Keras 3: small models as Keras saves them, and what they predict.

    KERAS_BACKEND=jax python tests/formats/make.py

Needs keras 3.15.1, jax, h5py and numpy. All weights are random and all sizes different, so that nothing can be confused.
"""

import json
import pathlib

import keras
import numpy as np
from keras import Sequential, layers

OUT = pathlib.Path(__file__).parent / "keras"


def ids(batch, timesteps, below):
    x = np.random.randint(1, below, (batch, timesteps)).astype("int32")
    for row in range(1, batch):
        x[row, timesteps - row :] = 0  # padding of different lengths
    return x


def floats(*shape):
    return np.random.normal(size=shape).astype("float32")


def models():
    """Name, model and input of every file."""
    yield "stacked_lstm", Sequential(
        [
            keras.Input((7,), dtype="int32"),
            layers.Embedding(19, 5, mask_zero=True, name="words"),
            layers.LSTM(4, return_sequences=True, name="first"),
            layers.LSTM(3, name="second", use_bias=False),
            layers.Dense(2, activation="softmax", name="answer"),
        ]
    ), ids(3, 7, 19)
    yield "two_denses", Sequential(
        [
            keras.Input((6,)),
            layers.Dense(5, activation="tanh"),
            layers.Dense(4, activation="relu", use_bias=False),
            layers.Activation("softmax"),
        ]
    ), floats(3, 6)
    yield "gru_and_simple_rnn", Sequential(
        [
            keras.Input((None, 3)),
            layers.SimpleRNN(6, return_sequences=True, name="plain"),
            layers.GRU(5, return_sequences=True, name="after"),
            layers.GRU(4, reset_after=False, name="before"),
            layers.Dense(1, activation="sigmoid"),
        ]
    ), floats(2, 5, 3)
    yield "bidirectional", Sequential(
        [
            keras.Input((6,), dtype="int32"),
            layers.Embedding(11, 3),
            layers.Bidirectional(layers.LSTM(4, return_sequences=True)),
            layers.Bidirectional(layers.GRU(3), merge_mode="sum", name="both"),
            layers.Dense(2),
        ]
    ), ids(3, 6, 11)
    yield "encoder_decoder", Sequential(
        [
            keras.Input((4, 3)),
            layers.LSTM(5, name="encoder"),
            layers.RepeatVector(6),
            layers.LSTM(4, return_sequences=True, name="decoder"),
            layers.TimeDistributed(layers.Dense(2, activation="softmax"), name="each"),
        ]
    ), floats(2, 4, 3)
    yield "convolution", Sequential(
        [
            keras.Input((9, 2)),
            layers.Conv1D(4, 3, padding="causal", activation="relu"),
            layers.Dropout(0.3),
            layers.MaxPooling1D(2),
            layers.LayerNormalization(),
            layers.Masking(),
            layers.GlobalMaxPooling1D(),
            layers.Dense(3),
        ]
    ), floats(2, 9, 2)


def main():
    OUT.mkdir(exist_ok=True)
    for name, model, x in models():
        for weight in model.weights:
            weight.assign(np.random.normal(scale=0.5, size=weight.shape))
        model.compile("adam", "mse")
        output = model.predict(x, verbose=0)
        model.save(OUT / f"{name}.keras")
        model.save_weights(OUT / f"{name}.weights.h5")
        model.save(OUT / f"{name}.legacy.h5")
        (OUT / f"{name}.json").write_text(model.to_json())
        np.savez_compressed(OUT / f"{name}.npz", x=x, output=output)
    (OUT / "made_with.json").write_text(json.dumps({"keras": keras.__version__, "numpy": np.__version__}) + "\n")


if __name__ == "__main__":
    keras.utils.set_random_seed(2017)
    main()
