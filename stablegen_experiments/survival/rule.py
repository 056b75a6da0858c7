"""Did a run succeed? The answer is fixed before the runs, and comes with an interval.

`stablegen_lib.stability` re-exports everything here.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from stablegen_experiments.intervals import wilson_interval

LEAST_COVERAGE = {8: 7, 25: 23, 1000: 990}  # modes in all: modes that must be found
LEAST_ON_MODE_MASS = 0.5
WORST_RATIO = 1.5  # of the last Fréchet distance to the best


@dataclass(frozen=True)
class Outcome:
    """How one run ended: what `failure` judges.

    Attributes:
        finite: Whether every loss and every weight stayed a finite number to the last step.
        captured: Modes found at the end; None where the data have no known modes.
        modes: All modes, or None.
        on_mode_mass: Share of the samples near a mode at the end, in [0, 1], or None.
        last_distance: Fréchet distance at the end, or None. For pictures, on a classifier's features.
        best_distance: The smallest one that was measured during the run, or None.
        distance_floor: The same distance between real and other real samples: nobody gets below it.
    """

    finite: bool = True
    captured: int | None = None
    modes: int | None = None
    on_mode_mass: float | None = None
    last_distance: float | None = None
    best_distance: float | None = None
    distance_floor: float = 0.0


def failure(outcome: Outcome) -> str:
    """Why the run counts as failed; an empty text when it survived.

    The rule was written before the runs that it judges. A run fails if any of these holds:

    1. A loss or a weight was not finite, or the last Fréchet distance.
    2. Fewer than 7 of 8 modes were found, 23 of 25, or 990 of 1,000 at the end.
    3. Less than half of the samples lay near a mode at the end.
    4. The last Fréchet distance was more than 1.5 times the best of the run. Below the floor all
       distances count as the floor: there they differ by chance only.

    What was not measured (None) is not judged.

    Raises:
        ValueError: If modes were counted of a number for which no limit was fixed.
    """
    if not outcome.finite:
        return "not finite"
    if outcome.captured is not None:
        if outcome.modes not in LEAST_COVERAGE:
            known = sorted(LEAST_COVERAGE)
            raise ValueError(f"limits are fixed for {known} modes, and {outcome.modes} came. Fix one first.")
        if not outcome.captured >= LEAST_COVERAGE[outcome.modes]:
            return f"{outcome.captured} of {outcome.modes} modes"
    if outcome.on_mode_mass is not None and not outcome.on_mode_mass >= LEAST_ON_MODE_MASS:
        return f"on-mode mass {outcome.on_mode_mass:.2f}"
    if outcome.last_distance is not None and not math.isfinite(outcome.last_distance):
        return "not finite"
    if outcome.last_distance is not None and outcome.best_distance is not None:
        ratio = _ratio(outcome.last_distance, outcome.best_distance, outcome.distance_floor)
        if not ratio <= WORST_RATIO:
            return f"last Fréchet distance {ratio:.1f} times the best"
    return ""


@dataclass(frozen=True)
class Survival:
    """A survival rate with its uncertainty: ``print(survival)`` says it in words."""

    survived: int
    runs: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        """Share of the runs that survived, in [0, 1]."""
        return self.survived / self.runs

    @property
    def marks(self) -> list[int]:
        """1 for each run that survived and 0 for each other: what `luck.p_value` compares."""
        return [1] * self.survived + [0] * (self.runs - self.survived)

    def __str__(self) -> str:
        return f"{self.survived} of {self.runs} survived (95 %: {self.low:.2f} to {self.high:.2f})"


def survival_rate(outcomes: Iterable[Outcome]) -> Survival:
    """How many of the runs did not fail, with the 95 % Wilson interval for the true rate.

    Raises:
        ValueError: If there are no runs.
    """
    verdicts = [not failure(outcome) for outcome in outcomes]
    return Survival(sum(verdicts), len(verdicts), *wilson_interval(sum(verdicts), len(verdicts)))


def _ratio(last: float, best: float, floor: float) -> float:
    last, best = max(last, floor), max(best, floor)
    return last / best if best > 0 else (1.0 if last == 0 else math.inf)
