"""How well each cell of `cells/` learns the adding problem: the figure in its header.

    cargo build --release -p unrolled-cli
    python tests/measure/adding.py [CELL ...]

24 numbers, two of which are marked; the answer is their sum. A layer of 16 (tanh) reads them, a cell of 16 units follows,
and one linear output. 1500 updates of 32 samples with Adam, learning rate 0.005; what is printed is the mean square of
the error on 500 other samples. What forgets everything reaches 0.167.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = os.environ.get("UNROLLED", str(ROOT / "target/release/unrolled"))


def document(source):
    layers = [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 24, 2]}},
        {"class_name": "Dense", "config": {"name": "projection", "units": 16, "activation": "tanh"}},
        {"class_name": "Listing", "config": {"units": 16, "source": source}},
        {"class_name": "Dense", "config": {"units": 1}},
    ]
    return {
        "data": {"set": "task", "task": "adding", "options": {"timesteps": 24, "samples": 3200}},
        "model": {"class_name": "Sequential", "config": {"name": "adding", "layers": layers}},
        "compile": {
            "loss": "mean_squared_error",
            "optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.005}},
        },
        "fit": {"batch_size": 32, "epochs": 15},
    }


def measure(cell):
    source = (ROOT / "cells" / f"{cell}.py").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "adding.json")
        file.write_text(json.dumps(document(source)))
        done = subprocess.run([PROGRAM, "train", "--experiment", file], capture_output=True, text=True)
    found = re.findall(r"test loss ([\d.]+)", done.stdout + done.stderr)
    return found[-1] if found else (done.stdout + done.stderr).strip()


for cell in sys.argv[1:] or sorted(file.stem for file in (ROOT / "cells").glob("*.py")):
    print(cell, measure(cell), flush=True)
