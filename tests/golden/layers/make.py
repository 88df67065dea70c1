"""Golden values of the layers without recurrence and of the losses, made with Keras on JAX.

    KERAS_BACKEND=jax python make.py        (Keras 3.15.1, JAX, numpy, safetensors)

Every file but one holds one model: its JSON as Keras writes it and the versions in the metadata, and as arrays, batch
first, weights, input, output and every gradient of sum(output * upstream). Names are those of the command line; weights
stand under `weight/`. All sizes differ, so that no transposed array can pass.

`losses.safetensors` holds all losses: `<case>/y_pred`, `y_true`, `loss`, `grad`, and `mask` and `sample_weight` where
there are some; the metadata name the loss of each case.
"""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "jax"

import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras import layers
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent
BATCH, TIMESTEPS, FEATURES, FILTERS, VOCABULARY = 2, 9, 4, 5, 13
VERSIONS = {"keras": keras.__version__, "jax": jax.__version__, "numpy": np.__version__}
MASK = np.array([list("..##.##.."), list("####.....")]) == "#"


def save(name, *stack, x="sequence", mask=None):
    keras.backend.clear_session()
    rng = np.random.default_rng(sum(map(ord, name)))
    uniform = lambda *shape: rng.uniform(-0.9, 0.9, shape).astype(np.float32)
    shape = {"sequence": (TIMESTEPS, FEATURES), "flat": (FEATURES,), "ids": (TIMESTEPS,)}[x]
    is_ids = x == "ids"
    model = keras.Sequential([keras.Input(shape, dtype="int32" if is_ids else "float32"), *stack], name=name)
    x = rng.integers(0, VOCABULARY, (BATCH, *shape)).astype(np.int32) if is_ids else uniform(BATCH, *shape)
    weights = [uniform(*v.shape) for v in model.trainable_variables]
    fixed = [v.value for v in model.non_trainable_variables]
    options = {} if mask is None else {"mask": jnp.array(mask)}
    apply = lambda weights, x: model.stateless_call(weights, fixed, x, **options)[0]
    output = apply(weights, x)
    upstream = uniform(*output.shape)
    objective = lambda weights, floats: jnp.sum(apply(weights, x if is_ids else floats) * upstream)
    dweights, dx = jax.grad(objective, argnums=(0, 1))(weights, np.zeros(1, np.float32) if is_ids else x)
    arrays = {"x": x, "output": output, "upstream": upstream}
    if not is_ids:
        arrays["grad/x"] = dx
    if mask is not None:
        arrays["mask"] = mask.astype(np.uint8)
    names = [f"{layer.name}/{v.name}" for layer in model.layers for v in layer.trainable_variables]
    for weight, value, gradient in zip(names, weights, dweights):
        arrays[f"weight/{weight}"], arrays[f"grad/{weight}"] = value, gradient
    write(name, arrays, {"model": json.dumps(json.loads(model.to_json()), separators=(",", ":"))})


def write(name, arrays, metadata):
    arrays = {key: np.ascontiguousarray(value) for key, value in arrays.items()}
    save_file(arrays, HERE / f"{name}.safetensors", metadata={**metadata, **VERSIONS})
    print(name)


def save_layers():
    for padding in ("valid", "same", "causal"):
        save(f"conv1d_{padding}", layers.Conv1D(FILTERS, 3, padding=padding, activation="tanh"))
        save(f"conv1d_{padding}_strides", layers.Conv1D(FILTERS, 3, strides=2, padding=padding))
        save(f"conv1d_{padding}_dilation", layers.Conv1D(FILTERS, 3, dilation_rate=2, padding=padding))
    save("conv1d_even", layers.Conv1D(FILTERS, 6, strides=4, padding="same", use_bias=False, activation="relu"))
    for kind, pooling in (("max", layers.MaxPooling1D), ("average", layers.AveragePooling1D)):
        save(f"{kind}_pooling_valid", pooling(2))
        save(f"{kind}_pooling_same", pooling(3, strides=2, padding="same"))
        save(f"{kind}_pooling_overlap", pooling(4, strides=1, padding="same"))
        save(f"{kind}_pooling_gaps", pooling(2, strides=3))
    for kind, pooling in (("max", layers.GlobalMaxPooling1D), ("average", layers.GlobalAveragePooling1D)):
        save(f"global_{kind}_pooling", pooling())
        save(f"global_{kind}_pooling_keepdims", pooling(keepdims=True))
        save(f"global_{kind}_pooling_mask", pooling(), mask=MASK)
    for activation in ("linear", "tanh", "relu", "sigmoid", "hard_sigmoid", "softmax"):
        save(f"dense_{activation}", layers.Dense(FILTERS, activation=activation), x="flat")
    save("dense_sequence", layers.Dense(FILTERS, use_bias=False), layers.Activation("softmax"))
    save("flatten", layers.Flatten(), layers.Dense(FILTERS))
    save("layer_normalization", layers.LayerNormalization())
    save("layer_normalization_flat", layers.LayerNormalization(epsilon=0.1), x="flat")
    save("layer_normalization_no_scale", layers.LayerNormalization(scale=False))
    save("layer_normalization_no_center", layers.LayerNormalization(center=False))
    save("embedding", layers.Embedding(VOCABULARY, FILTERS), layers.Dense(3), x="ids")
    save("embedding_mask", layers.Embedding(VOCABULARY, FILTERS, mask_zero=True),
         layers.GlobalAveragePooling1D(), x="ids")
    mean = layers.GlobalAveragePooling1D
    save("mask_travels", layers.Dense(FILTERS), layers.LayerNormalization(), layers.Dropout(0.5),
         layers.Activation("tanh"), mean(), mask=MASK)
    save("mask_ends_at_conv1d", layers.Conv1D(FILTERS, 3, padding="same"), mean(), mask=MASK)
    save("mask_ends_at_pooling", layers.MaxPooling1D(1), mean(), mask=MASK)
    save("conv_lstm", layers.Embedding(VOCABULARY, 6), layers.Conv1D(FILTERS, 3, padding="same", activation="relu"),
         layers.MaxPooling1D(2), layers.LSTM(7), layers.Dense(1, activation="sigmoid"), x="ids")


def save_losses():
    rng = np.random.default_rng(7)
    arrays, cases = {}, []
    for loss in ("binary", "categorical", "sparse_categorical", "mean_squared_error"):
        for form in ("probabilities", "logits") if loss != "mean_squared_error" else ("numbers",):
            for shape in ((6,), (3, 4)):
                for options in ((), ("sample_weight",), ("mask",), ("mask", "sample_weight")):
                    if "mask" in options and len(shape) == 1:
                        continue
                    one_loss(rng, arrays, cases, loss, form, shape, options)
        if loss != "mean_squared_error":
            one_loss(rng, arrays, cases, loss, "saturated", (6,), ())
    write("losses", arrays, {"cases": json.dumps(cases)})


def one_loss(rng, arrays, cases, loss, form, shape, options):
    features = 3 if loss == "binary" else 5
    logits = form == "logits"
    z = rng.normal(0, 2, (*shape, features)).astype(np.float32)
    labels = rng.integers(0, features, shape)
    if loss == "binary":
        y = rng.integers(0, 2, z.shape).astype(np.float32)
        p = 1 / (1 + np.exp(-z))
    else:
        y = np.eye(features, dtype=np.float32)[labels]
        if loss == "categorical" and form == "probabilities":
            y = 0.9 * y + 0.02
        # Not normalized: Keras divides by the sum.
        p = np.exp(z) / np.exp(z).sum(-1, keepdims=True) * rng.uniform(0.5, 1.5, (*shape, 1))
    if form == "saturated" and loss == "binary":
        # p = 1 for label 0 is left out: Keras on JAX takes 1 - clip(p) in f32 there, 15.942 instead of 16.118.
        p[:, 0], y[:, 0] = [0, 0, 1, 1e-9, 1e-9, 1], [0, 1, 1, 0, 1, 1]
    elif form == "saturated":
        p = np.eye(features)[(labels + rng.integers(0, 2, shape)) % features]
    y_pred = (p if form in ("probabilities", "saturated") else z).astype(np.float32)
    y_true = labels.astype(np.int32) if loss == "sparse_categorical" else y.astype(np.float32)
    if loss == "mean_squared_error":
        y_true = rng.normal(0, 1, z.shape).astype(np.float32)
        function = keras.losses.MeanSquaredError()
    else:
        name = "".join(part.capitalize() for part in loss.split("_")) + "Crossentropy"
        function = getattr(keras.losses, name)(from_logits=logits)
    name = "_".join([loss, form, "sequence" if len(shape) > 1 else "flat", *options])
    mask = rng.integers(0, 2, shape).astype(bool) if "mask" in options else None
    weight = rng.uniform(0.2, 3, shape).astype(np.float32) if "sample_weight" in options else None

    def value(y_pred):
        y_pred = y_pred * 1  # an array of its own, to which a mask can be attached
        if mask is not None:
            keras.src.backend.set_keras_mask(y_pred, jnp.array(mask))
        return function(y_true, y_pred, sample_weight=weight)

    result, gradient = jax.value_and_grad(value)(jnp.array(y_pred))
    arrays |= {f"{name}/y_pred": y_pred, f"{name}/y_true": y_true, f"{name}/grad": gradient}
    arrays[f"{name}/loss"] = np.array([result], np.float32)
    if mask is not None:
        arrays[f"{name}/mask"] = mask.astype(np.uint8)
    if weight is not None:
        arrays[f"{name}/sample_weight"] = weight
    ours = loss if loss == "mean_squared_error" else f"{loss}_crossentropy"
    cases.append({"name": name, "loss": ours, "from_logits": logits})


save_layers()
save_losses()
