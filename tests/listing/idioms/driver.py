"""Runs published step functions as they stand, in f64: the states after every timestep, and how the loss changes along
one direction of each parameter. Reads jobs from standard input, writes answers to standard output, both JSON."""
import ast
import json
import re
import sys
import textwrap
import types

import numpy as np


def sigmoid(a): return 1 / (1 + np.exp(-a))
def hard_sigmoid(a): return np.clip(0.2 * a + 0.5, 0, 1)
def relu(a): return np.maximum(a, 0)
def softmax(a): return np.exp(a - np.max(a)) / np.sum(np.exp(a - np.max(a)))
def softplus(a): return np.log1p(np.exp(a))
def log_sigmoid(a): return -softplus(-a)
def silu(a): return a * sigmoid(a)
def gelu(a): return 0.5 * a * (1 + np.tanh(np.sqrt(2 / np.pi) * (a + 0.044715 * a ** 3)))


OWN = dict(sigmoid=sigmoid, hard_sigmoid=hard_sigmoid, relu=relu, softmax=softmax, softplus=softplus,
           log_sigmoid=log_sigmoid, silu=silu, gelu=gelu, np=np, print=lambda *_, **__: None)
HALF = 1e-6


def module(name, **members):
    made = types.ModuleType(name)
    made.__dict__.update(members)
    sys.modules[name] = made
    return made


# Libraries that need not be installed: what published cells take from them.
special = module("scipy.special", expit=sigmoid, softmax=softmax, log_expit=log_sigmoid)
module("scipy", special=special)
module("jax", numpy=np)
module("autograd", numpy=np)
for alias in ("jax.numpy", "autograd.numpy", "cupy"):
    sys.modules[alias] = np
module("numba", njit=lambda f: f, jit=lambda f: f)
module("matplotlib", pyplot=module("matplotlib.pyplot"))

SIGNS = {"−": "-", "–": "-", "×": "*", "·": "*", "⊙": "*", "“": '"', "”": '"', "‘": "'", "’": "'", "\xa0": " ",
         "\u200b": "", "\u2060": "", "（": "(", "）": ")", "：": ":", "＝": "=", "＋": "+"}


def cleaned(text):
    """The text without what a web page or a terminal has put into it."""
    lines = text.splitlines()
    if any(re.match(r"\s*(>>>|In \[)", line) for line in lines):
        prompts = [re.match(r"\s*(>>> ?|\.\.\.: ?|\.\.\. ?|In \[\d+\]: ?)(.*)", line) for line in lines]
        lines = [found[2] for found in prompts if found and found[2]]
    fences = [k for k, line in enumerate(lines) if re.match(r"(```|~~~)", line)]
    if fences:
        lines = lines[fences[0] + 1:fences[1]]
    if all(re.match(r"\d+ ", line) for line in lines):
        lines = [re.sub(r"^\d+ ", "", line) for line in lines]
    return textwrap.dedent("".join(SIGNS.get(c, c) for c in "\n".join(lines) + "\n"))


def read(text):
    try:
        return ast.parse(text)
    except SyntaxError:
        return ast.parse(cleaned(text))


def load(text, name):
    """The function of that name; of the lines around it only what it can need."""
    tree = read(text)
    kept = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign)
    draws = lambda part: "random" in ast.unparse(part) and not isinstance(part, ast.ClassDef)
    tree.body = [part for part in tree.body if isinstance(part, kept) and not draws(part)]
    tree.body = [part for part in tree.body if not isinstance(part, ast.Assign) or "step(" not in ast.unparse(part)]
    space = {**{n: getattr(np, n) for n in dir(np) if n[0] != "_" and n not in ("abs", "max", "min", "sum", "pow")},
             **vars(__builtins__ if isinstance(__builtins__, types.ModuleType) else types), **OWN}
    exec(compile(tree, name, "exec"), space)
    if name in space:
        return space[name], None
    classes = [space[part.name] for part in tree.body if isinstance(part, ast.ClassDef)]
    return next((getattr(c, name), c) for c in reversed(classes) if hasattr(c, name))


class Box(dict):
    """What holds several weights or states, by key, as attributes, or one after the other."""

    def __getattr__(self, name):
        return self[name]

    def __setattr__(self, name, value):
        dict.__setitem__(self, name, value)

    def __getitem__(self, key):
        return list(self)[key] if isinstance(key, int) else dict.__getitem__(self, key)

    def __missing__(self, key):
        """What has this key in front of its own: a box in a box."""
        inside = Box((name[len(key) + 1:], self[name]) for name in self.keys() if name.startswith(f"{key}_"))
        # One that is called like a parameter has its owner in front of it.
        own = [name for name in self.keys() if name.endswith(f"_{key}")]
        if not inside and len(own) != 1:
            raise KeyError(key)
        return inside or self[own[0]]

    def __iter__(self):
        return iter(self.values())


def arguments(function, values, states, of=None):
    code = function.__code__
    # Weights that the text draws outside of its functions.
    function.__globals__.update((name, value) for name, value in values.items() if name not in code.co_varnames)
    count = code.co_argcount + code.co_kwonlyargcount
    given, named = [], {}
    for k, name in enumerate(code.co_varnames[:count]):
        if name in values:
            value = values[name]
        else:
            defaults = (function.__defaults__ or ())
            has_default = (code.co_argcount - len(defaults) <= k < code.co_argcount) or k >= code.co_argcount
            if has_default:
                continue
            holds_states = name in ("state", "states", "hs", "hidden", "prev", "carry")
            own = states if holds_states else [n for n in values if n not in states]
            own = [n for n in own if re.fullmatch(rf"{name}_\d+", n)] or own  # a list of weights by index
            value = Box((n, values[n]) for n in own if holds_states or n not in code.co_varnames[:count])
            value.update((n[len(name) + 1:], values[n]) for n in own if n.startswith(f"{name}_"))
            if name == "self":
                value["params"] = [values[n] for n in values if n not in states][1:]
                value["hidden_size"] = len(values[states[0]])
                value.update((n, values[n]) for n in states)
            if name == "self" and of:
                # The fields of a data class are what the step reads.
                made = of[0].__new__(of[0]) if hasattr(of[0], "__dataclass_fields__") or "__init__" not in vars(of[0]) else of[0](*of[1])
                made.__dict__.update(value)
                for key, array in value.items():
                    part, _, own = key.partition("_")
                    if hasattr(getattr(made, part, None), own):
                        setattr(getattr(made, part), own, array)
                    if isinstance(getattr(made, part, None), dict):
                        getattr(made, part)[own] = array
                value = made
        if k < code.co_argcount:
            given.append(value) if len(given) == k else named.update({name: value})
        else:
            named[name] = value
    if code.co_flags & 4:
        given += [values[name] for name in states]
    return given, named


def run(job):
    function, cls = load(job["text"], job["function"])
    of = cls and (cls, job["sizes"])
    array = lambda a: np.array(a["data"], dtype=float).reshape(a["shape"])
    start = {name: array(a) for name, a in job["given"].items()}
    upstream = [array(a) for a in job["upstream"]]
    names, states, column = list(start), job["states"], job["columns"]
    chosen = compile(job["returns"], "returns", "eval")
    whole = lambda a: a.reshape(-1, 1) if column and a.ndim == 1 else a

    def loss(values):
        total, before, after = 0.0, {name: values[name] for name in states}, []
        for t, x in enumerate(values[names[0]]):
            now = {**values, **before, names[0]: x}
            given, named = arguments(function, {name: whole(np.array(v)) for name, v in now.items()}, states, of)
            made = function(*given, **named)
            made = eval(chosen, {"r": made})
            made = made if isinstance(made, (tuple, list)) else (made,)
            before = {name: np.array(v, dtype=float).reshape(values[name].shape) for name, v in zip(states, made)}
            after.append([v.ravel().tolist() for v in before.values()])
            total += sum(np.sum(u[t] * v) for u, v in zip(upstream, before.values()))
        return total, after

    moved = lambda name, by: {**start, name: start[name] + by * array(job["direction"][name])}
    slopes = {name: (loss(moved(name, HALF))[0] - loss(moved(name, -HALF))[0]) / (2 * HALF) for name in names}
    return dict(states=loss(start)[1], slopes=slopes)


def answer(job):
    try:
        return run(job)
    except Exception as error:
        return dict(failed=f"{type(error).__name__}: {error}")


np.seterr(all="ignore")
json.dump([answer(job) for job in json.load(sys.stdin)], sys.stdout)
