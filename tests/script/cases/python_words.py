"""What scripts say in Python beside numpy: texts, orders, counters, functions of functions."""
import numpy as np
from collections import defaultdict, deque, namedtuple, OrderedDict
from dataclasses import dataclass, field, replace, asdict
from functools import partial, reduce
from itertools import accumulate
from types import SimpleNamespace

Point = namedtuple("Point", "x y")
p = Point(1, y=2.5)
print(p, p[0], len(p), p._replace(x=3), p._asdict(), isinstance(p, tuple))
@dataclass
class Config:
    units: int
    names: list = field(default_factory=list)
    rate: float = 0.5
c = Config(3)
c.names.append('a')
print(c, replace(c, units=4), asdict(c))
args = SimpleNamespace(hidden=4, rate=0.1)
print(args, args.hidden)
class Bag:
    kind = "bag"
    def __init__(self, *parts, **options):
        self.parts, self.options = parts, options
    @classmethod
    def of(cls, n):
        return cls(*range(n), size=n)
    def __len__(self):
        return len(self.parts)
    def __getitem__(self, k):
        return self.parts[k]
    def __iter__(self):
        return iter(self.parts)
    def __repr__(self):
        return f"Bag({self.parts})"
bag = Bag.of(3)
print(bag, len(bag), bag[1], [v * 2 for v in bag], bag.options, f"{bag!r:>15}|{bag}")
def scaled(x, by=2, *, add=0):
    return x * by + add
triple = partial(scaled, by=3)
print(triple(2), triple(2, add=1), scaled(**{'x': 1, 'by': 5}), {**{'a': 1}, 'b': 2}, {'a': 1} | {'c': 3})
print(reduce(lambda a, b: a * b, [1, 2, 3, 4]), list(accumulate([1, 2, 3])), list(map(abs, [-1, 2])))
print(sorted([3, 1, 2], key=lambda v: -v), max(['a', 'bbb', 'cc'], key=len), sorted({'b': 1, 'a': 2}.items()))
groups = defaultdict(list)
for k in range(5):
    groups[k % 2].append(k)
print(dict(groups), len(groups))
last = deque(maxlen=3)
for k in range(5):
    last.append(k)
print(last, last[0], list(last), np.mean(last))
words = ['b', 'a', 'c']
words.sort(reverse=True)
print(words, words.count('a'), "x".ljust(3) + "|" + "y".rjust(3) + "|" + "z".center(5) + "|", "7".zfill(3), "Ab".lower())
if (n := len(words)) > 2:
    print(n, divmod(7, 3), pow(2, 5), chr(97), ord('b'), callable(len), hasattr(bag, 'parts'), getattr(bag, 'none', 1))
x = 0.1 + 0.2
print(f"{x=}", f"{x=:.2f}", f"{x!s:.5}", f"{n = }", f"{np.float32(0.1)}", f"{1234.5:_.1f}" if False else "")
def kind(v):
    match v:
        case 0 | 1:
            return "small"
        case "text":
            return "a text"
        case other:
            return f"other {other}"
print(kind(0), kind("text"), kind(7))
it = iter([1, 2])
print(next(it), next(it), next(it, None), type(x).__name__, type(np.ones(2)).__name__, isinstance(x, (int, float)))
mask = np.array([True, False, True])
print(~mask, mask & ~mask, mask | True, 6 & 3, 1 << 4, np.array([1, 2]) & 1)
h = np.zeros(2)
for t, u in enumerate(np.random.default_rng(1).normal(size=(3, 2))):
    h = np.tanh(h + u)
print(h)
