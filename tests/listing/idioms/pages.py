#: prompts
>>> import numpy as np
>>> def step(x, h, W, U, b):
...     """One step."""
...     h = np.tanh(x @ W + h @ U + b)
...     return h
... 
>>> h = step(x, h, W, U, b)
>>> h
array([0.1, 0.2, 0.3, 0.4])
#: a notebook's prompts
In [3]: import numpy as np

In [4]: def step(x, h, W, U, b):
   ...:     h = np.tanh(x @ W + h @ U + b)
   ...:     return h
   ...: 

In [5]: step(x, h, W, U, b)
Out[5]: array([0.1, 0.2, 0.3, 0.4])
#: a fence with words around it
Here is the cell:

```python
def step(x, h, W, U, b):
    h = np.tanh(x @ W + h @ U + b)
    return h
```

It is the simplest one.
#: tildes as a fence
~~~ python
def step(x, h, W, U, b):
    return np.tanh(x @ W + h @ U + b)
~~~
#: everything indented by four
    def step(x, h, W, U, b):
        h = np.tanh(x @ W + h @ U + b)
        return h
#: typographic signs
def step(x, h, W, U, b):
    h = np.tanh(x @ W + h @ U + b) − 0.5 × h
    return h
#: curly quotes
def step(x, h, params):
    h = np.tanh(x @ params[“W”] + h @ params[‘U’] + params["b"])
    return h
#: non-breaking spaces
def step(x, h, W, U, b):
    z = x @ W + h @ U + b
    return np.tanh(z)
#: other dashes and dots
def step(x, h, W, U, b):
    z = x @ W + h @ U – b
    return np.tanh(z) ⊙ h · 2
#: full width signs
def step（x, h, W, U, b）：
    h ＝ np.tanh（x @ W ＋ h @ U ＋ b）
    return h
#: soft hyphen and zero width
def step(x, h, W, U, b):
    h = np.​tanh(x @ W + h​ @ U⁠ + b)
    return h
#: tabs and spaces
def step(x, h, W, U, b):
	z = (x @ W +
        h @ U + b)
	h = np.tanh(z)
	return h
#: Windows line ends
def step(x, h, W, U, b):
    # Kommentar
    h = np.tanh(x @ W + h @ U + b)
    return h
#: comments in other languages
# -*- coding: utf-8 -*-
# Schritt eines RNN – für Anfänger
def step(x, h, W, U, b):  # 隐藏状态的更新
    # состояние
    h = np.tanh(x @ W + h @ U + b)  # “état caché”
    return h
#: two spaces of indent
def step(x, h, W, U, b):
  z = x @ W + h @ U + b

  h = np.tanh(z)
  return h
#: names in other alphabets
def step(вход, состояние, W, U, b):
    новое = np.tanh(вход @ W + состояние @ U + b)
    return новое
#: arrow prompts of a page
>>> def step(x, h, W, U, b):
>>>     z = x @ W + h @ U + b
>>>     return np.tanh(z)
#: an if main
import numpy as np

def step(x, h, W, U, b):
    return np.tanh(x @ W + h @ U + b)

if __name__ == "__main__":
    rng = np.random.default_rng(0)
    x, h = rng.normal(size=3), np.zeros(4)
    print(step(x, h, W, U, b))
#: a run behind it
import numpy as np
np.random.seed(0)
def step(x, h, W, U, b):
    return np.tanh(x @ W + h @ U + b)
W = np.random.randn(6, 4) * 0.01
for t in range(3):
    h = step(xs[t], h, W, U, b)
    if t > 1:
        print(h)
#: a decorator
import numpy as np
from numba import njit
@njit
def step(x, h, W, U, b):
    return np.tanh(x @ W + h @ U + b)
#: a shebang
#!/usr/bin/env python3
"""A module's docstring."""
import numpy as np


def step(x, h, W, U, b):
    return np.tanh(x @ W + h @ U + b)
#: matplotlib imported
import numpy as np
import matplotlib.pyplot as plt
def step(x, h, W, U, b):
    return np.tanh(x @ W + h @ U + b)
