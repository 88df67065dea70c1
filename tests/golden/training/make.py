"""Twenty updates for every optimizer and option, made with Keras on JAX.

    KERAS_BACKEND=jax python make.py        (Keras 3.15.1, JAX, numpy, safetensors)

Files that begin with `data_` hold a model (its JSON in the metadata), its first weights, `x`, `y` and, where there are
some, `sample_weight`. Every other file names one of them, the loss, the batch size and an optimizer as Keras writes it
in its metadata, and holds `loss`, one value an update before it, and all weights after twenty updates. Batches are
taken in order, epoch after epoch.

Files that begin with `fit_` were made with Keras' `fit`. They hold `loss` and `val_loss`, one value an epoch, and the
weights at the end; their metadata have the arguments `epochs`, `class_weight` and `early_stopping` as JSON. The first
eight samples are validation data as well.
"""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "jax"

import jax
import keras
import numpy as np
from keras import layers, optimizers
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent
STEPS = 20
VERSIONS = {"keras": keras.__version__, "jax": jax.__version__, "numpy": np.__version__}


def write(name, arrays, metadata):
    arrays = {key: np.ascontiguousarray(value) for key, value in arrays.items()}
    save_file(arrays, HERE / f"{name}.safetensors", metadata={**metadata, **VERSIONS})
    print(name)


class Data:
    def __init__(self, name, model, x, y, loss, batch_size, sample_weight=None):
        self.name, self.model, self.x, self.y, self.loss = name, model, x, y, loss
        self.batch_size, self.sample_weight = batch_size, sample_weight
        rng = np.random.default_rng(3)
        self.first = [rng.uniform(-0.7, 0.7, v.shape).astype(np.float32) for v in model.trainable_variables]
        self.names = [f"{layer.name}/{v.name}" for layer in model.layers for v in layer.trainable_variables]
        arrays = {"x": x, "y": y, **dict(zip(self.names, self.first))}
        if sample_weight is not None:
            arrays["sample_weight"] = sample_weight
        text = json.dumps(json.loads(model.to_json()), separators=(",", ":"))
        write(f"data_{name}", arrays, {"model": text})

    def batch(self, step):
        steps_per_epoch = -(-len(self.x) // self.batch_size)
        start = step % steps_per_epoch * self.batch_size
        rows = slice(start, start + self.batch_size)
        return self.x[rows], self.y[rows], None if self.sample_weight is None else self.sample_weight[rows]

    def train(self, name, optimizer):
        variables = self.model.trainable_variables
        for variable, value in zip(variables, self.first):
            variable.assign(value)
        optimizer.build(variables)
        fixed = [v.value for v in self.model.non_trainable_variables]
        losses = []
        for step in range(STEPS):
            x, y, weight = self.batch(step)

            def value(weights):
                output, _ = self.model.stateless_call(weights, fixed, x)
                return self.loss(y, output, sample_weight=weight)

            loss, gradients = jax.value_and_grad(value)([v.value for v in variables])
            losses.append(loss)
            optimizer.apply(gradients, variables)
        arrays = {"loss": np.array(losses, np.float32)}
        arrays |= {key: np.array(v.value) for key, v in zip(self.names, variables)}
        metadata = {
            "data": f"data_{self.name}",
            "loss": keras.src.utils.naming.to_snake_case(type(self.loss).__name__),
            "batch_size": str(self.batch_size),
            "optimizer": json.dumps(optimizers.serialize(optimizer)),
        }
        write(name, arrays, metadata)


    def fit(self, name, optimizer, epochs, class_weight=None, early_stopping=None):
        for variable, value in zip(self.model.trainable_variables, self.first):
            variable.assign(value)
        self.model.compile(optimizer=optimizer, loss=self.loss)
        history = self.model.fit(
            self.x, self.y, batch_size=self.batch_size, epochs=epochs, shuffle=False, class_weight=class_weight,
            validation_data=(self.x[:8], self.y[:8]), verbose=0,
            callbacks=[keras.callbacks.EarlyStopping(**early_stopping)] if early_stopping else [],
        ).history
        arrays = {key: np.array(history[key], np.float32) for key in ("loss", "val_loss")}
        arrays |= {key: np.array(v.value) for key, v in zip(self.names, self.model.trainable_variables)}
        metadata = {
            "data": f"data_{self.name}",
            "loss": keras.src.utils.naming.to_snake_case(type(self.loss).__name__),
            "batch_size": str(self.batch_size),
            "epochs": str(epochs),
            "optimizer": json.dumps(optimizers.serialize(optimizer)),
            "class_weight": json.dumps(class_weight or {}),
            "early_stopping": json.dumps(early_stopping),
        }
        write(f"fit_{name}", arrays, metadata)
        print(len(history["loss"]), history["val_loss"])


def classes():
    """Twenty short sequences of four classes; ids 0 and 9 never occur, 8 occurs once."""
    rng = np.random.default_rng(1)
    x = rng.integers(1, 8, (20, 6)).astype(np.int32)
    x[3, 2] = 8
    model = keras.Sequential([
        keras.Input((6,), dtype="int32"),
        layers.Embedding(10, 5),
        layers.Conv1D(7, 3, padding="causal", activation="tanh"),
        layers.GlobalAveragePooling1D(),
        layers.Dense(4, activation="softmax"),
    ], name="classes")
    y = rng.integers(0, 4, 20).astype(np.int32)
    return Data("classes", model, x, y, keras.losses.SparseCategoricalCrossentropy(), 4)


def masked():
    """Padded sequences with a label at each step, in batches of more than one block, the last one smaller."""
    rng = np.random.default_rng(2)
    x = rng.integers(1, 9, (43, 5)).astype(np.int32)
    for row, length in zip(x, rng.integers(1, 6, 43)):
        row[length:] = 0
    model = keras.Sequential([
        keras.Input((5,), dtype="int32"),
        layers.Embedding(9, 4, mask_zero=True),
        layers.LSTM(6, return_sequences=True),
        layers.Dense(3, activation="softmax"),
    ], name="masked")
    y = rng.integers(0, 3, x.shape).astype(np.int32)
    weight = rng.uniform(0.2, 2, x.shape).astype(np.float32)
    return Data("masked", model, x, y, keras.losses.SparseCategoricalCrossentropy(), 18, weight)


def regression():
    """Sequences of numbers with two numbers to be told from them, and a weight for each."""
    rng = np.random.default_rng(4)
    x = rng.uniform(-1, 1, (24, 4, 3)).astype(np.float32)
    model = keras.Sequential([
        keras.Input((4, 3)),
        layers.LayerNormalization(),
        layers.Flatten(),
        layers.Dense(5, activation="tanh"),
        layers.Dense(2),
    ], name="regression")
    y = np.stack([x.sum((1, 2)), x[:, 0, 0] * x[:, 1, 1]], -1).astype(np.float32)
    weight = rng.uniform(0.2, 2, 24).astype(np.float32)
    return Data("regression", model, x, y, keras.losses.MeanSquaredError(), 8, weight)


def main():
    data = classes()
    schedules = optimizers.schedules
    for name, optimizer in {
        "sgd": optimizers.SGD(0.3),
        "sgd_momentum": optimizers.SGD(0.1, momentum=0.9),
        "sgd_nesterov": optimizers.SGD(0.1, momentum=0.8, nesterov=True),
        "sgd_weight_decay": optimizers.SGD(0.1, weight_decay=0.05),
        "sgd_global_clipnorm": optimizers.SGD(0.5, global_clipnorm=0.2),
        "sgd_clipvalue": optimizers.SGD(0.5, clipvalue=0.02),
        "rmsprop": optimizers.RMSprop(0.01),
        "rmsprop_momentum": optimizers.RMSprop(0.005, rho=0.8, momentum=0.7),
        "rmsprop_centered": optimizers.RMSprop(0.01, centered=True, epsilon=1e-4),
        "rmsprop_momentum_centered": optimizers.RMSprop(0.005, momentum=0.5, centered=True, epsilon=1e-4),
        "adam": optimizers.Adam(0.01),
        "adam_options": optimizers.Adam(0.02, beta_1=0.8, beta_2=0.99, epsilon=1e-5),
        "adam_amsgrad": optimizers.Adam(0.02, amsgrad=True, beta_2=0.7),
        "adam_clipnorm": optimizers.Adam(0.01, clipnorm=0.05, epsilon=1e-3),
        "adamw": optimizers.AdamW(0.01),
        "adamw_decay": optimizers.AdamW(0.01, weight_decay=0.3),
        "adagrad": optimizers.Adagrad(0.1),
        "adagrad_options": optimizers.Adagrad(0.1, initial_accumulator_value=0.01, epsilon=1e-3),
        "piecewise": optimizers.SGD(schedules.PiecewiseConstantDecay([4, 11], [0.5, 0.2, 0.05])),
        "exponential": optimizers.SGD(schedules.ExponentialDecay(0.5, 7, 0.6)),
        "exponential_staircase": optimizers.SGD(schedules.ExponentialDecay(0.5, 7, 0.6, staircase=True)),
        "inverse_time": optimizers.SGD(schedules.InverseTimeDecay(0.5, 5, 0.7)),
        "cosine": optimizers.SGD(schedules.CosineDecay(0.5, 15, alpha=0.1)),
        "cosine_warmup": optimizers.SGD(schedules.CosineDecay(0.05, 12, warmup_target=0.5, warmup_steps=5)),
    }.items():
        data.train(name, optimizer)
    data.fit("class_weight", optimizers.Adam(0.02), 4, class_weight={0: 0.5, 2: 3.0})
    data.fit("early_stopping", optimizers.SGD(1.0), 12,
             early_stopping={"monitor": "val_loss", "patience": 2, "min_delta": 0.2,
                             "restore_best_weights": True})
    data.fit("early_stopping_on_loss", optimizers.SGD(1.0), 12,
             early_stopping={"monitor": "loss", "patience": 1, "min_delta": 0.05, "start_from_epoch": 2})
    masked().train("masked_sequences", optimizers.Adam(0.01))
    regression().train("weighted_regression", optimizers.RMSprop(0.01))


main()
