"""Whether what was measured of a thin shape makes it a scratch.

A logistic regression, fitted to photos and even grounds with synthetic scratches of all colours, and
to the same ones clean.
"""

from __future__ import annotations

import numpy as np

from adir_desktop.engine.inspect_evidence import Evidence

# of each value of Evidence, in its order: what it usually is, how much it varies, and what it counts for
_TABLE = np.array(
    [
        (0.17, 2.09, 0.21),  # strength of the whole line
        (-0.67, 2.23, 0.30),  # strength where it is weak
        (-2.00, 1.06, -0.38),  # share of the surroundings that look alike
        (0.12, 0.60, -0.52),  # change of its colour or offset against its ground's
        (3.78, 0.59, 0.64),  # length
        (2.14, 0.57, 0.57),  # width
        (0.98, 0.17, 0.40),  # straightness
        (0.63, 0.48, -0.53),  # found by its brightness alone
        (3.20, 0.61, -0.89),  # texture around
        (-0.84, 0.53, 0.74),  # change of its colour against its contrast
    ]
)
_BASE = -2.23  # what all of them must outweigh; more negative finds less, and less falsely
_FAR = 3.0  # times its usual variation: no value counts for more


def verdict(seen: Evidence) -> bool:
    """True if more speaks for a scratch than against it."""
    usual, varies, weight = _TABLE.T
    return bool(np.clip((seen.values - usual) / varies, -_FAR, _FAR) @ weight + _BASE > 0)
