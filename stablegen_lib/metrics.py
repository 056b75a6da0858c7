"""How good is a generator? Every measure of lesson 08, under one name.

What judges single pictures stands in `attribute_classifier.py`, distances between crowds in
`frechet.py` and `feature_metrics.py`, pixels in `picture_metrics.py`, the table of all in `report.py`.
"""

from stablegen_lib.attribute_classifier import AttributeClassifier, agreement, features, obeyed
from stablegen_lib.feature_metrics import DensityCoverage, density_coverage, kernel_distance
from stablegen_lib.frechet import frechet_distance
from stablegen_lib.picture_metrics import (
    memorisation_ratio,
    only,
    same_condition_pairs,
    same_condition_spread,
)
from stablegen_lib.report import Report, Yardstick, permuted, report

__all__ = [
    "AttributeClassifier",
    "DensityCoverage",
    "Report",
    "Yardstick",
    "agreement",
    "density_coverage",
    "features",
    "frechet_distance",
    "kernel_distance",
    "memorisation_ratio",
    "obeyed",
    "only",
    "permuted",
    "report",
    "same_condition_pairs",
    "same_condition_spread",
]
