"""Which numbers are allowed: from where to where."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Bounds:
    """A range of numbers, and how a sentence calls it.

    Attributes:
        least: The smallest that is allowed.
        most: The largest.
        above: Whether ``least`` itself is left out.
        below: Whether ``most`` itself is left out.
        finite: Whether NaN and infinity are left out.
    """

    least: float | int = -math.inf
    most: float | int = math.inf
    above: bool = False
    below: bool = False
    finite: bool = True

    def __str__(self) -> str:
        low = f"{'above' if self.above else 'of at least'} {self.least:,}" if self.least > -math.inf else ""
        high = f"{'below' if self.below else 'at most'} {self.most:,}" if self.most < math.inf else ""
        return " and ".join(filter(None, (low, high)))

    def hold(self, low: float | int, high: float | int) -> bool:
        """Whether everything from ``low`` to ``high`` is inside."""
        if not self.finite:
            return True
        if not (math.isfinite(low) and math.isfinite(high)):
            return False
        fits_below = low > self.least if self.above else low >= self.least
        fits_above = high < self.most if self.below else high <= self.most
        return fits_below and fits_above


def at_least(least: float | int, most: float | int = math.inf) -> Bounds:
    """From here on, the number itself included; up to another one, included too."""
    return Bounds(least, most)


def above(least: float | int, most: float | int = math.inf) -> Bounds:
    """From here on, but not the number itself."""
    return Bounds(least, most, above=True)


def share(*, whole: bool = True) -> Bounds:
    """From 0 to 1; without 1 itself if it may not be the ``whole``."""
    return Bounds(0, 1, below=not whole)


FREE = Bounds()
"""Any number, but a number: finite."""
ANY = Bounds(finite=False)
"""NaN and infinity too: for what is drawn as it came."""
