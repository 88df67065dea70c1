"""Golden values of everything recurrent, made with Keras on JAX.

    python make.py [NAME…]        (Keras 3.15.1, JAX, numpy, safetensors; all files, or those that begin with NAME)

Every file holds one model: its JSON as Keras writes it and the versions in the metadata, and as arrays, batch first,
the weights, the input, the output, final states, and every gradient of sum(output * upstream). Names are those of
the command line; weights stand under `weight/`. All sizes differ, so that no transposed array can pass.
"""

import json
import os
import pathlib
import sys

os.environ["KERAS_BACKEND"] = "jax"

import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras import layers
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent
BATCH, TIMESTEPS, FEATURES, UNITS, VOCABULARY = 3, 5, 4, 6, 9
RECURRENT = (layers.SimpleRNN, layers.LSTM, layers.GRU)
VERSIONS = {"keras": keras.__version__, "jax": jax.__version__, "numpy": np.__version__}


def weight_names(layer):
    """Our names of a layer's variables, in Keras' order."""
    if isinstance(layer, layers.Bidirectional):
        parts = [("forward/", layer.forward_layer), ("backward/", layer.backward_layer)]
        return [f"{layer.name}/{part}{v.name}" for part, inner in parts for v in inner.trainable_variables]
    return [f"{layer.name}/{v.name}" for v in layer.trainable_variables]


def state_names(layer):
    """Names of the states of a recurrent layer: `<path>/h`, `<path>/c`."""
    if isinstance(layer, layers.Bidirectional):
        half = state_names_of_cell(layer.forward_layer)
        return [f"{layer.name}/{part}/{s}" for part in ("forward", "backward") for s in half]
    return [f"{layer.name}/{s}" for s in state_names_of_cell(layer)]


def state_names_of_cell(layer):
    return ["h", "c"] if isinstance(layer, layers.LSTM) else ["h"]


def run(model, weights, x, mask, initial):
    """The model as a pure function; returns the output and the final states that the last layer returns."""
    states = []
    for layer, own in zip(model.layers, weights):
        options = {}
        if isinstance(layer, (*RECURRENT, layers.Bidirectional)):
            names = state_names(layer)
            options["mask"] = mask
            if names[0] in initial:
                options["initial_state"] = [initial[name] for name in names]
        following = layer.compute_mask(x, mask)
        fixed = [v.value for v in layer.non_trainable_variables]
        x, _ = layer.stateless_call(own, fixed, x, **options)
        if getattr(layer, "return_state", False):
            outputs = 2 if getattr(layer, "merge_mode", "") is None else 1
            states = list(x[outputs:])
            x = x[0] if outputs == 1 else jnp.concatenate(x[:2], axis=-1)
        elif isinstance(x, (tuple, list)):
            x = jnp.concatenate(x, axis=-1)
        mask = following[0] if isinstance(following, (tuple, list)) else following
    return x, states


class Case:
    """One file."""

    names = set()

    def __init__(self, name, *stack, ids=False, features=FEATURES, timesteps=TIMESTEPS, batch=None):
        assert name not in Case.names, name
        Case.names.add(name)
        self.name, self.rng = name, np.random.default_rng(sum(map(ord, name)))
        keras.backend.clear_session()
        shape = (timesteps,) if ids else (timesteps, features)
        dtype = "int32" if ids else "float32"
        first = keras.Input(batch_shape=(batch, *shape), dtype=dtype)
        self.model = keras.Sequential([first, *[make() for make in stack]], name=name)
        self.arrays = {}
        if ids:
            self.x = self.rng.integers(1, VOCABULARY, (BATCH, *shape)).astype(np.int32)
        else:
            self.x = self.uniform(BATCH, *shape)
        self.mask, self.initial = None, {}
        self.weights = [[self.uniform(*v.shape) for v in l.trainable_variables] for l in self.model.layers]

    def uniform(self, *shape):
        return self.rng.uniform(-0.9, 0.9, shape).astype(np.float32)

    def assign_weights(self):
        for layer, own in zip(self.model.layers, self.weights):
            for variable, value in zip(layer.trainable_variables, own):
                variable.assign(value)

    def with_mask(self, kind):
        self.mask = masks(kind)
        return self

    def with_padding(self, kind):
        """Ids (or whole vectors) that are zero where a mask should be."""
        self.x = self.x * masks(kind).reshape(BATCH, TIMESTEPS, *[1] * (self.x.ndim - 2)).astype(self.x.dtype)
        return self

    def with_initial(self):
        for layer in self.model.layers:
            if isinstance(layer, (*RECURRENT, layers.Bidirectional)):
                inner = getattr(layer, "forward_layer", layer)
                for name in state_names(layer):
                    self.initial[name] = self.uniform(BATCH, inner.units)
        return self

    def apply(self, weights, x, initial):
        return run(self.model, weights, x, self.mask, initial)

    def save(self):
        if len(sys.argv) == 1 or self.name.startswith(tuple(sys.argv[1:])):
            self.compute()

    def compute(self):
        output, states = self.apply(self.weights, self.x, self.initial)
        upstream = self.uniform(*output.shape)
        floats = self.x.dtype == np.float32

        def objective(weights, x, initial):
            return jnp.sum(self.apply(weights, x if floats else self.x, initial)[0] * upstream)

        x = self.x if floats else np.zeros(1, np.float32)
        dweights, dx, dinitial = jax.grad(objective, argnums=(0, 1, 2))(self.weights, x, self.initial)
        arrays = {"x": self.x, "output": output, "upstream": upstream, **self.arrays}
        if self.mask is not None:
            arrays["mask"] = self.mask.astype(np.uint8)
        if floats:
            arrays["grad/x"] = dx
        for layer, own, gradients in zip(self.model.layers, self.weights, dweights):
            for name, value, gradient in zip(weight_names(layer), own, gradients):
                arrays[f"weight/{name}"], arrays[f"grad/{name}"] = value, gradient
        for name, value in self.initial.items():
            arrays[f"initial_state/{name}"] = value
            arrays[f"grad/initial_state/{name}"] = dinitial[name]
        if states:
            for name, value in zip(state_names(self.model.layers[-1]), states):
                arrays[f"state/{name.split('/', 1)[1]}"] = value
        self.write(arrays)

    def write(self, arrays):
        metadata = {"model": json.dumps(json.loads(self.model_json()), separators=(",", ":")), **VERSIONS}
        arrays = {name: np.ascontiguousarray(value) for name, value in arrays.items()}
        save_file(arrays, HERE / f"{self.name}.safetensors", metadata=metadata)
        print(self.name)

    def model_json(self):
        return self.model.to_json()


def masks(kind):
    """`[BATCH, TIMESTEPS]`: true where a step counts."""
    rows = {
        "pre": ["..###", "#####", "....#"],
        "post": ["###..", "#####", "#...."],
        "gaps": [".#.##", "##..#", "#.#.."],
        "empty": ["..###", ".....", "###.."],
    }[kind]
    return np.array([[c == "#" for c in row] for row in rows])


class Residual(Case):
    """y = x + layer(x), which Keras has no layer for."""

    def apply(self, weights, x, initial):
        y, states = run(self.model, weights, x, self.mask, initial)
        return x + y, states

    def model_json(self):
        model = json.loads(self.model.to_json())
        inner = model["config"]["layers"][1]
        wrapper = {"name": inner["config"]["name"], "layer": inner}
        model["config"]["layers"][1] = {"class_name": "ResidualWrapper", "config": wrapper}
        return json.dumps(model)


class Stateful(Case):
    """Two batches one after the other: the second starts from the first one's states."""

    def compute(self):
        self.assign_weights()
        arrays = {}
        for part in ("first", "second"):
            x = self.uniform(*self.x.shape)
            initial = {}
            for layer in self.model.layers:
                inner = [getattr(layer, "forward_layer", layer), *filter(None, [getattr(layer, "backward_layer", None)])]
                values = [np.array(state) for each in inner for state in each.states]
                initial |= dict(zip(state_names(layer), values))
            output = x
            for layer in self.model.layers:
                output = layer(output)
            upstream = self.uniform(*output.shape)
            gradient = jax.grad(lambda w: jnp.sum(self.apply(w, x, initial)[0] * upstream))(self.weights)
            arrays |= {f"{part}/x": x, f"{part}/output": output, f"{part}/upstream": upstream}
            for layer, own in zip(self.model.layers, gradient):
                for name, value in zip(weight_names(layer), own):
                    arrays[f"{part}/grad/{name}"] = value
        for layer, own in zip(self.model.layers, self.weights):
            for name, value in zip(weight_names(layer), own):
                arrays[f"weight/{name}"] = value
        self.write(arrays)


class Training(Case):
    """Twenty steps of Adam on one batch with sparse categorical cross-entropy from logits."""

    def compute(self):
        layer_weights = {n: w for l, own in zip(self.model.layers, self.weights) for n, w in zip(weight_names(l), own)}
        self.assign_weights()
        labels = self.rng.integers(0, self.model.output_shape[-1], BATCH).astype(np.int32)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.model.compile(optimizer=keras.optimizers.Adam(0.02), loss=loss)
        losses = [float(self.model.train_on_batch(self.x, labels)) for _ in range(20)]
        arrays = {"x": self.x, "y": labels, "history/loss": np.array(losses, np.float32)}
        for layer in self.model.layers:
            for name, variable in zip(weight_names(layer), layer.trainable_variables):
                arrays[f"weight/{name}"] = layer_weights[name]
                arrays[f"trained/{name}"] = np.array(variable.value)
        self.write(arrays)


def simple(**options):
    return lambda: layers.SimpleRNN(UNITS, **options)


def lstm(**options):
    return lambda: layers.LSTM(UNITS, **options)


def gru(**options):
    return lambda: layers.GRU(UNITS, **options)


def gru_before(**options):
    return lambda: layers.GRU(UNITS, reset_after=False, **options)


def both(make, **options):
    return lambda: layers.Bidirectional(make(), **options)


def embedding(**options):
    return lambda: layers.Embedding(VOCABULARY, FEATURES, **options)


def dense(units, **options):
    return lambda: layers.Dense(units, **options)


CELLS = {"simple_rnn": simple, "lstm": lstm, "gru": gru, "gru_before": gru_before}


def one_layer():
    """Every cell under every option of its own and of the loop."""
    for activation in ("relu", "linear", "sigmoid", "hard_sigmoid", "softmax"):
        Case(f"simple_rnn_{activation}", simple(activation=activation)).save()
    for name, cell in CELLS.items():
        everything = {"return_sequences": True, "return_state": True}
        Case(f"{name}_last", cell(return_state=True)).save()
        Case(f"{name}_sequence", cell(**everything)).save()
        Case(f"{name}_without_bias", cell(use_bias=False)).save()
        Case(f"{name}_backwards", cell(go_backwards=True, **everything)).with_initial().save()
        Case(f"{name}_initial_state", cell(**everything)).with_initial().save()
        for kind in ("pre", "post", "gaps", "empty"):
            Case(f"{name}_mask_{kind}", cell(**everything)).with_mask(kind).save()
        Case(f"{name}_mask_last", cell(return_state=True)).with_mask("gaps").save()
        Case(f"{name}_mask_initial_state", cell(**everything)).with_mask("pre").with_initial().save()
        Case(f"{name}_mask_backwards", cell(go_backwards=True, **everything)).with_mask("post").with_initial().save()
        zero = {"zero_output_for_mask": True}
        Case(f"{name}_mask_zero_output", cell(**zero, **everything)).with_mask("gaps").with_initial().save()
        Case(f"{name}_mask_zero_last", cell(**zero)).with_mask("post").save()
        Stateful(f"{name}_stateful", cell(stateful=True, return_sequences=True), batch=BATCH).save()
        if name != "simple_rnn":
            Case(f"{name}_hard_sigmoid", cell(recurrent_activation="hard_sigmoid")).save()
            Case(f"{name}_relu", cell(activation="relu", recurrent_activation="linear")).save()
            softmax = {"recurrent_activation": "softmax"}
            Case(f"{name}_softmax_gates", cell(return_sequences=True, **softmax)).with_mask("gaps").save()
            Case(f"{name}_softmax", cell(activation="softmax", **softmax, **everything)).with_initial().save()


def wrappers():
    """Bidirectional in every mode, TimeDistributed, RepeatVector, Masking and the residual connection."""
    for name, cell in CELLS.items():
        everything = {"return_sequences": True, "return_state": True}
        for mode in ("concat", "sum", "mul", "ave", None):
            inner = cell(return_state=True) if mode in ("sum", None) else cell(**everything)
            Case(f"bidirectional_{name}_{mode}", both(inner, merge_mode=mode)).with_initial().save()
        Case(f"bidirectional_{name}_mask", both(cell(**everything))).with_mask("gaps").with_initial().save()
        Case(f"bidirectional_{name}_mask_last", both(cell(), merge_mode="mul")).with_mask("pre").save()
        Stateful(f"bidirectional_{name}_stateful", both(cell(stateful=True)), batch=BATCH).save()
        residual = {"lstm": layers.LSTM, "simple_rnn": layers.SimpleRNN}.get(name, layers.GRU)
        more = {"reset_after": False} if name == "gru_before" else {}
        Residual(f"residual_{name}", lambda: residual(FEATURES, return_sequences=True, **more)).with_mask("pre").save()
    other = {"backward_layer": layers.SimpleRNN(UNITS + 1, go_backwards=True, name="other")}
    Case("bidirectional_two_cells", both(gru(), **other)).save()
    deep = [both(lstm(return_sequences=True)), both(gru(return_sequences=True), merge_mode="sum"), both(simple())]
    Case("bidirectional_deep", *deep, dense(2)).save()
    Case("bidirectional_deep_mask", embedding(mask_zero=True), *deep, dense(2), ids=True).with_padding("post").save()
    Case("bidirectional_from_the_end", both(lstm(go_backwards=True, return_sequences=True),
         backward_layer=layers.LSTM(UNITS, return_sequences=True, name="other"))).save()
    timed = lambda: layers.TimeDistributed(layers.Dense(7, activation="softmax"))
    Case("time_distributed", lstm(return_sequences=True), timed).save()
    Case("time_distributed_mask", gru(return_sequences=True), timed, lstm()).with_mask("pre").save()
    Case("encoder_decoder", lstm(), lambda: layers.RepeatVector(7), lstm(return_sequences=True), timed).save()
    Case("encoder_decoder_mask", embedding(mask_zero=True), gru(), lambda: layers.RepeatVector(2),
         gru(return_sequences=True), timed, ids=True).with_padding("post").save()
    Case("masking", lambda: layers.Masking(), lstm(return_sequences=True), gru()).with_padding("gaps").save()
    value = Case("masking_value", lambda: layers.Masking(mask_value=0.5), simple(return_sequences=True))
    value.x = np.where(masks("pre")[..., None], value.x, np.float32(0.5))
    value.x[0, 3, 1] = 0.5
    value.save()


def stacks():
    """Several recurrent layers, as the tutorials stack them, and training."""
    sequence = {"return_sequences": True}
    Case("stack_of_simple_rnns", embedding(), *[simple(**sequence)] * 3, simple(), dense(2), ids=True).save()
    mixed = [lstm(**sequence), gru(**sequence), gru_before(**sequence), simple()]
    Case("stack_of_all_cells", *mixed, dense(2)).save()
    Case("stack_mask_zero", embedding(mask_zero=True), *mixed, dense(2), ids=True).with_padding("pre").save()
    Case("stack_backwards_mask", lstm(go_backwards=True, **sequence), gru()).with_mask("pre").save()
    for name, cell in CELLS.items():
        Training(f"training_{name}", embedding(mask_zero=True), cell(), dense(4), ids=True).with_padding("pre").save()
    Training("training_bidirectional", embedding(), both(gru()), dense(4), ids=True).save()
    Training("training_stack", embedding(), *mixed, dense(4), ids=True).save()


if __name__ == "__main__":
    assert keras.__version__ == "3.15.1", f"made with Keras 3.15.1, found {keras.__version__}"
    one_layer()
    wrappers()
    stacks()
