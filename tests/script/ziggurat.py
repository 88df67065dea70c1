"""Writes src/script/random/tables.rs: the 256 layers of the ziggurat under exp(-x²/2), as numpy rounded them.

Marsaglia and Tsang, The Ziggurat Method for Generating Random Variables, Journal of Statistical Software 5 (2000).
Every layer has the same area v; the lowest one, of width r, has the tail behind r too. r is the number for which the
topmost layer ends at the top of the curve. The layers are computed here in 60 digits; numpy's own, which lie in its
compiled generator, agree to 14 digits, and their last digits decide which numbers are drawn: those are written.

    python tests/script/ziggurat.py > src/script/random/tables.rs
"""

import importlib.util
import struct
from decimal import Decimal, getcontext

getcontext().prec = 60
LAYERS = 256
HALF = Decimal(1) / 2
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494")


def curve(x):
    return (-HALF * x * x).exp()


def tail(r):
    """The area under the curve behind r: half of all of it, less the series of the part before r."""
    term = total = r
    k = 0
    while abs(term) > Decimal(10) ** -58:
        k += 1
        term = -term * r * r / (2 * k)
        total += term / (2 * k + 1)
    return (PI / 2).sqrt() - total


def layers(r):
    """The widths of the layers above the lowest, from the widest to the top, and the area v; None if r is too small."""
    v = r * curve(r) + tail(r)
    widths = [r]
    for _ in range(LAYERS - 2):
        height = v / widths[-1] + curve(widths[-1])
        if height >= 1:
            return None, v
        widths.append((-2 * height.ln()).sqrt())
    return widths, v


def solved():
    low, high = Decimal(3), Decimal(4)
    for _ in range(160):
        middle = (low + high) / 2
        widths, v = layers(middle)
        # With too small an r the layers reach the top before the last one.
        if widths is None or widths[-1] * (1 - curve(widths[-1])) < v:
            low = middle
        else:
            high = middle
    return high


def rust(name, kind, about, entries, each):
    lines = [f"/// {about}", "#[rustfmt::skip]", f"pub const {name}: [{kind}; {LAYERS}] = ["]
    for start in range(0, LAYERS, each):
        lines.append("    " + ", ".join(entries[start : start + each]) + ",")
    return "\n".join(lines + ["];"])


r = solved()
widths, v = layers(r)
# From the narrowest, number 1, to the widest, number 255; number 0 is the lowest, as wide as its area needs.
x = [v / curve(r)] + widths[::-1]
scale = Decimal(2) ** 52
inside = [int(scale * r / x[0]), 0] + [int(scale * x[k - 1] / x[k]) for k in range(2, LAYERS)]
heights = [Decimal(1)] + [curve(width) for width in x[1:]]


def of_numpy(computed, kind, within):
    """The table of numpy's compiled generator whose entries are the computed ones, but for their rounding."""
    library = open(importlib.util.find_spec("numpy.random._generator").origin, "rb").read()
    size = 8 * LAYERS
    for at in range(0, len(library) - size, 8):
        # The third entry is none that occurs by chance.
        if abs(struct.unpack_from(kind, library, at + 16)[0] - computed[2]) <= within * computed[2]:
            found = struct.unpack_from("<256" + kind[1], library, at)
            if all(abs(a - b) <= within * max(a, b) for a, b in zip(found, computed)):
                return found
    raise SystemExit("numpy's table was not found")


inside = of_numpy(inside, "<Q", 1e-12)
widths = of_numpy([float(w / scale) for w in x], "<d", 1e-12)
heights = of_numpy([float(h) for h in heights], "<d", 1e-12)
print("//! The layers of the ziggurat as numpy has them (BSD licence), written by `tests/script/ziggurat.py`.\n")
print("/// Where the tail begins.")
print(f"pub const TAIL: f64 = {float(r)!r};\n")
print("/// 1 / TAIL.")
print(f"pub const INVERSE_TAIL: f64 = {float(1 / r)!r};\n")
print(rust("INSIDE", "u64", "Below this number of 52 bits a draw lies under the curve whatever its height.",
           [f"0x{n:013x}" for n in inside], 6))
print()
print(rust("WIDTHS", "f64", "The width of a layer, over 2⁵².", [repr(w) for w in widths], 4))
print()
print(rust("HEIGHTS", "f64", "The height of the curve where a layer ends.", [repr(h) for h in heights], 5))
