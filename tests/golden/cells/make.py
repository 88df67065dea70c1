"""Golden sequences of the cells in `cells/`, from the equations of their papers.

    python make.py        (numpy, safetensors)

Written from the papers and not from the listings: with columns (W.T x) where these have rows, as sums over all earlier
timesteps where a paper has a parallel form, with complex numbers where these have pairs, without the stabilisers of
exponential gates, and with derivatives by complex steps where a cell descends a loss. All in float64.

Every file holds one random sequence: `x` [timesteps, features], every weight, `initial/<state>` where that is not zero,
and `state/<state>` [timesteps, ...] for the states whose values a paper fixes. Sizes differ, so that no transposed array
can pass. The metadata name the equations and the version of numpy.
"""

import gated  # noqa: F401
import linear  # noqa: F401
from common import MADE

print(len(MADE), "files")
