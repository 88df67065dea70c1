"""Runs scripts in Python: standard input has [{"source", "line", "names", "turns"}], standard output what each gave."""
import ast
import contextlib
import io
import json
import sys

import numpy as np


def plain(value):
    """The array that a value is, as hexadecimal float64; None for all else."""
    if isinstance(value, list) and value and all(isinstance(v, (np.ndarray, np.generic)) for v in value):
        if len({v.shape for v in value}) > 1:
            return None
        value = np.stack(value)
    if isinstance(value, dict):
        items = []
        while len(items) in value:
            items.append(value[len(items)])
        return plain(items)
    if not isinstance(value, (np.ndarray, np.generic)) or value.dtype.kind not in "fib":
        return None
    return {"shape": list(value.shape), "kind": str(value.dtype), "hex": value.astype("<f8").tobytes().hex()}


def without_prompts(source):
    lines = []
    for line in source.splitlines():
        lines.append("" if line.startswith(("In [", "Out[")) else line)
    return "\n".join(lines)


def run(job):
    tree = ast.parse(without_prompts(job["source"]))
    turns = {}
    for node in ast.walk(tree):
        if isinstance(node, (ast.For, ast.While)) and node.lineno == job["line"]:
            node.body.append(ast.parse("__record__(locals())").body[0])
    cells = [k for k, line in enumerate(job["source"].splitlines(), 1) if line.startswith("In [")]
    for k, node in enumerate(tree.body):
        following = tree.body[k + 1].lineno if k + 1 < len(tree.body) else None
        ends = following is None or any(node.lineno <= cell <= following for cell in cells)
        if ends and isinstance(node, ast.Expr):
            node.value = ast.Call(ast.Name("__show__", ast.Load()), [node.value], [])
    ast.fix_missing_locations(tree)

    def record(names):
        for name in job["names"]:
            if name in names and isinstance(names[name], (np.ndarray, np.generic, int, float)):
                # Of a loop that runs again, the first run is compared.
                if len(turns.get(name, [])) < job["turns"]:
                    turns.setdefault(name, []).append(np.array(names[name]))

    def show(value):
        if value is not None:
            print(repr(value))

    printed = io.StringIO()
    names = {"__name__": "__main__", "__record__": record, "__show__": show}
    np.random.seed(0)
    np.set_printoptions(precision=8, suppress=False)
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "script", "exec"), names)
    ends = {name: plain(value) for name, value in names.items() if plain(value) is not None}
    loop = {name: plain(values) for name, values in turns.items()}
    return {"printed": printed.getvalue(), "ends": ends, "loop": loop}


json.dump([run(job) for job in json.load(sys.stdin)], sys.stdout)
