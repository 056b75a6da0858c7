"""Lesson 08: how good is a generator?

Open `table.py` first: every measure in one table. `classifier.py` judges single pictures, `obedience.py` says
how often they are as asked, `distances.py` compares crowds, `pixels.py` looks for copies, variety and
sharpness.
"""

from stablegen_lib.metrics.classifier import AttributeClassifier, features, obeyed
from stablegen_lib.metrics.distances import (
    DensityCoverage,
    density_coverage,
    frechet_distance,
    kernel_distance,
)
from stablegen_lib.metrics.obedience import as_asked, as_asked_table, constant_answer, usual_condition
from stablegen_lib.metrics.pixels import (
    gradient_energy,
    memorisation_ratio,
    nearest,
    only,
    relative_sharpness,
    same_condition_pairs,
    same_condition_spread,
)
from stablegen_lib.metrics.table import Report, Yardstick, report

__all__ = [
    "AttributeClassifier",
    "DensityCoverage",
    "Report",
    "Yardstick",
    "as_asked",
    "as_asked_table",
    "constant_answer",
    "density_coverage",
    "features",
    "frechet_distance",
    "gradient_energy",
    "kernel_distance",
    "memorisation_ratio",
    "nearest",
    "obeyed",
    "only",
    "relative_sharpness",
    "report",
    "same_condition_pairs",
    "same_condition_spread",
    "usual_condition",
]
