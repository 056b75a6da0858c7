"""How sure is a number? Intervals for a share, and for the mean difference of two ways over equal seeds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from statistics import NormalDist, mean, stdev

# Student's t, two-sided 95 %, by degrees of freedom (pairs minus 1)
T_95 = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 10: 2.228,
        11: 2.201, 12: 2.179, 13: 2.160, 14: 2.145, 15: 2.131, 16: 2.120, 17: 2.110, 18: 2.101, 19: 2.093,
        20: 2.086, 21: 2.080, 22: 2.074, 23: 2.069, 24: 2.064, 25: 2.060, 26: 2.056, 27: 2.052, 28: 2.048,
        29: 2.045}  # fmt: skip


@dataclass(frozen=True)
class PairedDifference:
    """By how much one way beats another, on average over the seeds.

    Attributes:
        mean: Of the differences.
        low: Lower end of the 95 % interval.
        high: Upper end.
        pairs: Number of seeds.
        better: Seeds in which the difference was above 0.
    """

    mean: float
    low: float
    high: float
    pairs: int
    better: int

    def __str__(self) -> str:
        return f"{self.mean:+.3f} ({self.low:+.3f} to {self.high:+.3f}; {self.better} of {self.pairs})"


def paired_difference(ours: Sequence[float], theirs: Sequence[float]) -> PairedDifference:
    """The mean of ours − theirs, seed by seed, with the 95 % interval of Student's t.

    Pairs share what chance decides (the same few labels, the same start), so that it cancels. The
    interval takes the differences for a sample of a normal distribution, and each comparison for the
    only one: of twenty that mean nothing, one will exclude zero.

    Args:
        ours: One score per seed.
        theirs: The scores of the other way, for the same seeds in the same order.

    Raises:
        ValueError: If the lengths differ, or there are fewer than 2 or more than 30 pairs.

    Source:
        "Student" 1908, "The probable error of a mean", Biometrika 6.
    """
    if len(ours) != len(theirs) or len(ours) - 1 not in T_95:
        raise ValueError(f"2 to 30 pairs were needed, and {len(ours)} and {len(theirs)} scores came.")
    differences = [own - other for own, other in zip(ours, theirs, strict=True)]
    middle, pairs = mean(differences), len(differences)
    half = T_95[pairs - 1] * stdev(differences) / math.sqrt(pairs)
    return PairedDifference(middle, middle - half, middle + half, pairs, sum(d > 0 for d in differences))


def wilson_interval(successes: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """Between which true rates could this count have come about?

    Unlike the textbook's rate ± 1.96 standard errors it says something at 20 of 20, where that
    one has no width.

    Args:
        successes: How often it went well.
        trials: How often it was tried.
        confidence: Share of such intervals that hold the true rate, about, in (0, 1).

    Returns:
        Lower and upper end, in [0, 1].

    Raises:
        ValueError: If these are no whole numbers, there are no trials, more successes than trials, or no
            such confidence.

    Source:
        Wilson 1927, "Probable inference, the law of succession, and statistical inference", Journal
        of the American Statistical Association 22.
    """
    counted = all(isinstance(number, Integral) for number in (successes, trials))
    if not (counted and 0 <= successes <= trials and trials > 0 and 0 < confidence < 1):
        came = f"{successes} of {trials} at confidence {confidence} came"
        needed = "whole numbers 0 <= successes <= trials, and 0 < confidence < 1"
        raise ValueError(f"{needed} were needed; {came}.")
    z, rate = NormalDist().inv_cdf((1 + confidence) / 2), successes / trials
    middle = (rate + z**2 / (2 * trials)) / (1 + z**2 / trials)
    half = z / (1 + z**2 / trials) * math.sqrt(rate * (1 - rate) / trials + z**2 / (4 * trials**2))
    low = 0.0 if successes == 0 else middle - half  # exactly there; rounding would say −1e-18
    return low, 1.0 if successes == trials else middle + half
