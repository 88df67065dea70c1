"""Writes keras_text.json: what Keras makes of texts and sequences.

Made with Keras 3.15.1 (KERAS_BACKEND=jax) on Python 3.11; not run by the tests.
    pip install keras==3.15.1 jax scipy && python tests/golden/keras_text.py
"""

import json
import os
import pathlib
import tempfile

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np
from keras.datasets import imdb
from keras.src.datasets import imdb as imdb_source
from keras.src.legacy.preprocessing.text import Tokenizer, text_to_word_sequence
from keras.utils import pad_sequences

TEXTS = [
    "The film was good, the cast was better -- and the end (oh, the end!) was the best.",
    "",
    " \t\n ... !? ",
    "I didn't like it; the dog's part wasn't long enough.",
    "One line<br /><br />another line<br />and the last",
    "".join(f"a{c}b" for c in "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n '"),
    "Tabs\tand\nlines\rand\x0bother\x0cspaces\u00a0here\u2003and\u3000there",
    "\u201cTypographic quotes\u201d \u2018stay\u2019 \u2014 and so\u2014the\u2014dash",
    "\u039f\u0394\u039f\u03a3 \u03a3\u0391\u03a3.\u0391 \u03a3 \u0391\u03a3'\u0392 \u0391\u03a3:",
    "\u0130stanbul ISPARTA Stra\u00dfe \u00c6ON \u01c5 \u1e9e",
    "\u6620\u753b \u0444\u0438\u043b\u044c\u043c \U0001f600good\U0001f600 \U0001f1e9\U0001f1ea",
    "10 out of 10, 7.5/10, $1,000 and 3-D",
    "the the THE The tHe end END good good dog",
]
NUM_WORDS = 14
SEQUENCES = [[1, 2, 3, 4, 5], [], [6], [7, 8, 9], [10, 11, 12, 13, 14, 15, 16]]


def encoded_like_imdb(sequences):
    """The sequences of ranks as `imdb.load_data` gives them out, in the order in which they were put in."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "imdb.npz")
        x = np.empty(len(sequences), dtype=object)
        x[:] = sequences
        labels = np.arange(len(sequences))
        np.savez(path, x_train=x, x_test=x, y_train=labels, y_test=labels)
        imdb_source.get_file = lambda *args, **kwargs: str(path)
        (x_train, y_train), _ = imdb.load_data(num_words=NUM_WORDS)
    return [[int(i) for i in x_train[list(y_train).index(k)]] for k in range(len(sequences))]


def padded():
    cases = []
    for maxlen in [None, 1, 3, 5, 9]:
        for padding in ["pre", "post"]:
            for truncating in ["pre", "post"]:
                for value in [0, 7]:
                    out = pad_sequences(SEQUENCES, maxlen, padding=padding, truncating=truncating, value=value)
                    cases.append(
                        dict(maxlen=maxlen, padding=padding, truncating=truncating, value=value, padded=out.tolist())
                    )
    return cases


tokenizer = Tokenizer()
tokenizer.fit_on_texts(TEXTS)
ranks = tokenizer.texts_to_sequences(TEXTS)
golden = {
    "keras": keras.__version__,
    "texts": TEXTS,
    "words": [text_to_word_sequence(text) for text in TEXTS],
    "ranked": [[word, tokenizer.word_counts[word]] for word in tokenizer.word_index],
    "num_words": NUM_WORDS,
    "imdb": encoded_like_imdb(ranks),
    "sequences": SEQUENCES,
    "padded": padded(),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, indent=None, separators=(",", ":")) + "\n")
