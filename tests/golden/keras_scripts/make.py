"""Runs the Keras scripts that Unrolled writes, and keeps them with their first losses.

    pip install keras==3.15.1 jax==0.10.2 numpy
    cargo xtask data
    cargo build --release -p unrolled-cli
    python tests/golden/keras_scripts/make.py target/release/unrolled

Every experiment runs three times: its script on one device, and the script for several devices on one and on two
that JAX simulates on the CPU. tests/golden/keras_scripts/mod.rs holds the engine and the text of the scripts to what
was kept here.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
from importlib.metadata import version

# How many updates are compared.
EXPERIMENTS = {
    "imdb-small": 20,
    "reuters-simple-rnn": 20,
    "reuters-lstm-stacked": 20,
    "digits": 20,
    "embedded-reber": 20,
    "adding": 20,
    # A SimpleRNN over 500 words makes five times as much of a rounding with every update.
    "imdb-elman": 4,
    # From the second update on the state that is carried counts.
    "moby-dick": 6,
}
HERE = pathlib.Path(__file__).parent


def run(script, steps, devices):
    """The losses that a script prints with so many simulated devices, and the devices that it says it has."""
    flags = f"--xla_force_host_platform_device_count={devices}"
    environment = dict(os.environ, XLA_FLAGS=flags, KERAS_BACKEND="jax", JAX_PLATFORMS="cpu")
    command = [sys.executable, script, str(steps)]
    output = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    lines = output.splitlines()
    losses = [float(line.split()[2]) for line in lines if line.startswith("update ")]
    assert len(losses) == steps, output
    said = [line for line in lines if line.endswith(" devices")]
    return losses, said


def main(unrolled, names):
    path = HERE / "losses.json"
    kept = json.loads(path.read_text()) if path.exists() else {}
    kept.update(keras=version("keras"), jax=version("jax"))
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            found = {}
            for devices in (False, True):
                command = [unrolled, "experiment", "script", name, folder] + ["--devices"] * devices
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
                script = pathlib.Path(folder) / f"{name}.py"
                (HERE / f"{name}{'-devices' * devices}.py").write_text(script.read_text())
                if not devices:
                    found["script"], _ = run(script, EXPERIMENTS[name], 1)
                    continue
                for count in (1, 2):
                    found[f"{count} devices"], said = run(script, EXPERIMENTS[name], count)
                    assert said == [f"{count} devices"], said
            kept[name] = found
            path.write_text(json.dumps(kept, indent=1) + "\n")
            print(name, "kept")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:] or EXPERIMENTS)
