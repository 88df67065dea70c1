"""Object arrays as Keras ships them: python make.py, with numpy 1 or 2.

imdb.npz and reuters.npz of keras.datasets hold lists of ranks in arrays of objects; these two hold a few of them, as
numpy 2 writes them today, and with the module's name that numpy 1 wrote.
"""

import io
import pickle
import zipfile

import numpy as np

rows = [[14, 22, 16, 43, 530], [1, 88584, 300, 70000], [], [255, 256, 65535, 65536]]
more = [[9, 9, 9], [2]]


def objects(lists):
    array = np.empty(len(lists), dtype=object)
    array[:] = lists
    return array


labels = np.array([1, 0, 0, 1])
np.savez_compressed("imdb.npz", x_train=objects(rows), y_train=labels, x_test=objects(more), y_test=np.array([0, 1]))


def old(lists):
    """What numpy 1 on Python 2 wrote: protocol 2, and the module `numpy.core`."""
    content = io.BytesIO()
    header = {"descr": "|O", "fortran_order": False, "shape": (len(lists),)}
    np.lib.format.write_array_header_1_0(content, header)
    content.write(pickle.dumps(objects(lists), protocol=2).replace(b"numpy._core", b"numpy.core"))
    return content.getvalue()


def plain(array):
    content = io.BytesIO()
    np.lib.format.write_array(content, array)
    return content.getvalue()


with zipfile.ZipFile("reuters.npz", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("x.npy", old(rows))
    archive.writestr("y.npy", plain(np.array([3, 0, 45, 3])))


class Call:
    """What a pickle must not be able to do."""

    def __reduce__(self):
        return (print, ("called",))


np.savez("call.npz", x=objects([[1], Call()]), y=np.array([0, 1]))
np.savez("floats.npz", x=objects([[1], [0.5]]), y=np.array([0, 1]))
