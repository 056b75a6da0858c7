"""Lesson 07: what keeps the game stable, and how to tell whether it is.

Open `penalties.py` first. `dirac.py` is the smallest game, solved exactly; `modes.py` counts what a generator
has found; `warning_signs.py` looks at a run while it goes on. The runs over many seeds are in
`stablegen_experiments.survival`.
"""

from stablegen_lib.stability.dirac import flow, flow_eigenvalues, simulate
from stablegen_lib.stability.modes import ModeScores, divergence, mode_scores, reverse_kl
from stablegen_lib.stability.penalties import r1_penalty, r2_penalty, slope_penalty
from stablegen_lib.stability.warning_signs import spread_ratio

__all__ = [
    "ModeScores",
    "divergence",
    "flow",
    "flow_eigenvalues",
    "mode_scores",
    "r1_penalty",
    "r2_penalty",
    "reverse_kl",
    "simulate",
    "slope_penalty",
    "spread_ratio",
]
