"""Trains small networks with Unrolled, opens their .keras files with Keras, and keeps both with what Keras predicts.

    pip install keras==3.15.1 jax==0.10.2 numpy
    cargo build --release -p unrolled-cli
    KERAS_BACKEND=jax python tests/golden/keras_files/make.py target/release/unrolled

tests/golden/keras_files/mod.rs trains the same documents, writes the same files byte for byte, and predicts the same.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import keras
import numpy as np

HERE = pathlib.Path(__file__).parent
SAMPLES = 5


def main(unrolled):
    assert keras.__version__ == "3.15.1", keras.__version__
    random = np.random.default_rng(1)
    for name, document in json.loads((HERE / "documents.json").read_text()).items():
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write(json.dumps(document))
            file.flush()
            path = HERE / f"{name}.keras"
            command = [unrolled, "train", "--experiment", file.name, "--out", str(path)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        model = keras.saving.load_model(path)
        first = document["model"]["config"]["layers"][0]
        timesteps = document["data"]["options"]["timesteps"]
        if first["class_name"] == "Embedding":
            x = random.integers(0, first["config"]["input_dim"], (SAMPLES, timesteps)).astype("int32")
        else:
            x = random.uniform(size=(SAMPLES, timesteps, 2)).astype("float32")
        output = model.predict(x, verbose=0)
        np.savez(HERE / f"{name}.npz", x=x, output=output)
        print(name, output.shape, "kept")


if __name__ == "__main__":
    main(sys.argv[1])
