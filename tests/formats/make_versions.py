"""Makes tests/formats/versions/keras-VERSION.zip: small models in every format that one version of Keras writes, each with
an input and what Keras predicts for it.

    python tests/formats/make_versions.py                     with TensorFlow 2.12 to 2.15 (Keras 2)
    KERAS_BACKEND=jax python tests/formats/make_versions.py   with Keras 3

Made with tensorflow-cpu 2.12.1, 2.13.1 and 2.15.1 (Keras 2.12.0, 2.13.1 and 2.15.0), and with keras 3.0.5, 3.3.3, 3.6.0
and 3.15.1 on jax. All weights are random and all sizes different.
"""

import pathlib
import tempfile
import zipfile

import numpy as np

try:
    import tensorflow as tf

    keras, KERAS_VERSION = tf.keras, __import__("keras").__version__
except ImportError:
    import keras

    KERAS_VERSION = keras.__version__

OUT = pathlib.Path(__file__).parent / "versions"
layers = keras.layers


def ids(batch, timesteps, below):
    x = np.random.randint(1, below, (batch, timesteps)).astype("int32")
    for row in range(1, batch):
        x[row, timesteps - row :] = 0  # padding of different lengths
    return x


def floats(*shape):
    return np.random.normal(size=shape).astype("float32")


def stacked():
    return keras.Sequential(
        [
            keras.Input((7,), dtype="int32"),
            layers.Embedding(19, 5, mask_zero=True),
            layers.LSTM(4, return_sequences=True),
            layers.LSTM(3, return_sequences=True),
            layers.LSTM(6),
            layers.Dense(2, activation="softmax"),
        ]
    ), ids(3, 7, 19)


def bidirectional():
    return keras.Sequential(
        [
            keras.Input((6, 3)),
            layers.Bidirectional(layers.LSTM(4, return_sequences=True)),
            layers.Bidirectional(layers.GRU(5), merge_mode="sum", name="both"),
            layers.Dense(2),
        ]
    ), floats(3, 6, 3)


def hard_sigmoid():
    return keras.Sequential(
        [
            keras.Input((5, 3)),
            layers.LSTM(4, return_sequences=True, recurrent_activation="hard_sigmoid"),
            layers.GRU(5, recurrent_activation="hard_sigmoid", reset_after=False),
            layers.Dense(2, activation="hard_sigmoid"),
        ]
    ), floats(2, 5, 3)


def several():
    return keras.Sequential(
        [
            keras.Input((9, 2)),
            layers.Conv1D(4, 3, padding="causal", activation="relu"),
            layers.LayerNormalization(),
            layers.SimpleRNN(6, return_sequences=True),
            layers.Dropout(0.2),
            layers.GRU(5, return_sequences=True),
            layers.TimeDistributed(layers.Dense(3, activation="tanh")),
            layers.GlobalMaxPooling1D(),
            layers.Dense(2),
        ]
    ), floats(2, 9, 2)


def functional():
    x = keras.Input((6,), dtype="int32")
    y = layers.Embedding(11, 3, mask_zero=True)(x)
    y = layers.LSTM(5, return_sequences=True)(y)
    y = layers.Bidirectional(layers.GRU(4))(y)
    return keras.Model(x, layers.Dense(2, activation="softmax")(y)), ids(3, 6, 11)


def regularized():
    return keras.Sequential(
        [
            keras.Input((4, 3)),
            layers.LSTM(
                5,
                kernel_regularizer="l2",
                recurrent_constraint="max_norm",
                kernel_initializer=keras.initializers.VarianceScaling(2.0),
                recurrent_initializer=keras.initializers.OrthogonalInitializer(0.9)
                if hasattr(keras.initializers, "OrthogonalInitializer")
                else "orthogonal",
                activity_regularizer=keras.regularizers.L1(0.01),
            ),
            layers.Dense(2, bias_regularizer="l1", kernel_constraint="non_neg"),
        ]
    ), floats(2, 4, 3)


def main():
    OUT.mkdir(exist_ok=True)
    file = zipfile.ZipFile(OUT / f"keras-{KERAS_VERSION}.zip", "w", zipfile.ZIP_DEFLATED)
    with tempfile.TemporaryDirectory() as folder, file:
        for make in (stacked, bidirectional, hard_sigmoid, several, functional, regularized):
            model, x = make()
            for weight in model.weights:
                weight.assign(np.random.normal(scale=0.5, size=weight.shape))
            model.compile("sgd", "mse")
            name = pathlib.Path(folder) / make.__name__
            np.savez_compressed(f"{name}.npz", x=x, output=model.predict(x, verbose=0))
            model.save(f"{name}.keras")
            try:
                model.save(f"{name}.h5")
            except ValueError:  # Keras 3.0 gives two weights of a wrapper one name
                pathlib.Path(f"{name}.h5").unlink()
            model.save_weights(f"{name}.weights.h5")
            pathlib.Path(f"{name}.json").write_text(model.to_json())
        for path in sorted(pathlib.Path(folder).iterdir()):
            file.write(path, path.name)
    print(f"Keras {KERAS_VERSION}", flush=True)


if __name__ == "__main__":
    keras.utils.set_random_seed(2017)
    main()
