"""Opens with Keras what Unrolled has saved, and compares predictions with those in tests/formats/keras/.

    KERAS_BACKEND=jax python tests/formats/check.py FOLDER NAME...

FOLDER holds NAME.keras, NAME.weights.h5 and NAME.json.
"""

import pathlib
import sys

import keras
import numpy as np

EXPECTED = pathlib.Path(__file__).parent / "keras"


def main(folder, names):
    for name in names:
        arrays = np.load(EXPECTED / f"{name}.npz")
        whole = keras.saving.load_model(folder / f"{name}.keras")
        parts = keras.models.model_from_json((folder / f"{name}.json").read_text())
        parts.load_weights(folder / f"{name}.weights.h5")
        for model in (whole, parts):
            output = model.predict(arrays["x"], verbose=0)
            np.testing.assert_allclose(output, arrays["output"], rtol=1e-4, atol=1e-5, err_msg=name)
        print(f"{name}: Keras {keras.__version__} predicts the same", flush=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
