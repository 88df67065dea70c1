"""Files of Keras 3 that the end-to-end tests drop on the page, and what Keras predicts with them.

    pip install keras==3.15.1 jax==0.10.2 numpy
    cargo xtask data
    KERAS_BACKEND=jax python tests/e2e/files/make.py www/data/imdb-small.safetensors
"""

import json
import pathlib
import struct
import sys

import keras
import numpy as np

HERE = pathlib.Path(__file__).parent
TEXT = "this film is not bad at all"
WORDS, LENGTH = 500, 40


def vocabulary(pack):
    """The words of a packed data set, the most frequent one first."""
    content = pathlib.Path(pack).read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    return json.loads(header["__metadata__"]["dataset"])["vocabulary"]


def built(units):
    keras.utils.set_random_seed(3)
    normal = lambda deviation: keras.initializers.RandomNormal(stddev=deviation)  # no prediction near one half
    model = keras.Sequential(
        [
            keras.Input((LENGTH,), dtype="int32"),
            keras.layers.Embedding(WORDS, 8, embeddings_initializer=normal(1.0)),
            keras.layers.LSTM(units),
            keras.layers.Dense(1, activation="sigmoid", kernel_initializer=normal(3.0)),
        ]
    )
    model.compile("adam", "binary_crossentropy")
    return model


def main(pack):
    words = vocabulary(pack)
    # 0 fills up, 1 starts a text, 2 is an unknown word, words count from 4.
    ids = [words.index(word) + 4 for word in TEXT.split()]
    ids = [1] + [number if number < WORDS else 2 for number in ids]
    x = keras.utils.pad_sequences([ids], maxlen=LENGTH)
    model = built(6)
    model.save(HERE / "film.keras")
    model.save(HERE / "film.h5")
    model.save_weights(HERE / "film.weights.h5")
    built(7).save_weights(HERE / "other.weights.h5")
    nested = keras.Sequential([keras.Input((LENGTH,), dtype="int32"), keras.Sequential(built(6).layers)])
    nested.save(HERE / "nested.keras")
    predicted = float(model.predict(x, verbose=0)[0, 0])
    said = {"keras": keras.__version__, "text": TEXT, "ids": ids, "predicted": predicted}
    (HERE / "film.json").write_text(json.dumps(said) + "\n")
    print(said)


if __name__ == "__main__":
    main(sys.argv[1])
