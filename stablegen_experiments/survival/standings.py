"""What the stored runs say: for each recipe, how many survived, and how good they were at the end.

Lesson 07 shows them; `drawing.py` draws them, and `python -m stablegen_experiments.survival` made the runs.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from stablegen_experiments.records import Record, read_records
from stablegen_experiments.survival.contestants import BUDGETS, CONTESTANTS
from stablegen_experiments.survival.rule import Survival, survival_rate
from stablegen_experiments.survival.trials import VERSIONS, outcome
from stablegen_lib import data

SHOWN = {
    "ring": {"captured": ".1f", "on_mode_mass": ".2f"},
    "grid": {"captured": ".1f", "on_mode_mass": ".2f"},
    "faces": {"distance": ".0f", "as_asked": ".2f"},
    "stacked_digits": {"captured": ".0f", "kl": ".3f"},
}
"""The scores that a table shows, and with how many digits."""

BETTER_LOW = ("distance", "kl")


@dataclass(frozen=True)
class Standing:
    """All runs of one recipe on one data set.

    Attributes:
        recipe: Its name among the contestants.
        dataset: A name in ``BUDGETS``.
        records: The runs.
    """

    recipe: str
    dataset: str
    records: tuple[Record, ...]

    def survival(self, version: str) -> Survival:
        """How many runs did not fail, with the raw or with the averaged generator."""
        return survival_rate(outcome(record, version) for record in self.records)

    def scores(self, name: str, version: str = "averaged", end: str = "last") -> list[float]:
        """One score of every run that has it: ``end`` is "last" or "best"."""
        return [float(record[version][end][name]) for record in self.records if end in record[version]]


def load_records() -> list[Record]:
    """The stored runs of data/experiments.

    Raises:
        FileNotFoundError: If the file is missing; its card says how to make it.
    """
    path = data.data_dir() / "experiments" / "survival.jsonl"
    if not path.exists():
        raise FileNotFoundError(f"{path.name} is missing in data/experiments; README.md there says "
                                "how to make it, or fetch the course again.")  # fmt: skip
    return read_records(path)


def standings(records: Iterable[Record], dataset: str, steps: int | None = None) -> list[Standing]:
    """One for each recipe that has runs there, in the order of ``CONTESTANTS``.

    Args:
        records: From ``load_records``.
        dataset: A name in ``BUDGETS``.
        steps: Only runs of that length; the common budget when left out.

    Raises:
        ValueError: If the data set is unknown.
    """
    if dataset not in BUDGETS:
        raise ValueError(f"unknown data set {dataset!r}; choose from {', '.join(BUDGETS)}")
    length = BUDGETS[dataset] if steps is None else steps
    groups: dict[str, list[Record]] = {}
    for record in records:
        trial = record["trial"]
        if (trial["dataset"], trial["steps"]) == (dataset, length):
            groups.setdefault(trial["recipe"]["name"], []).append(record)
    return [Standing(name, dataset, tuple(groups[name])) for name in CONTESTANTS if name in groups]


def text_table(rows: Sequence[Standing]) -> str:
    """Aligned text: survivors with intervals, then means of the last and of the best scores.

    Raises:
        ValueError: If there are no rows, or rows of several data sets.
    """
    if not rows:
        raise ValueError("at least one standing was needed: no runs of that kind are stored yet.")
    if len({row.dataset for row in rows}) > 1:
        raise ValueError("standings of one data set were needed: others have other scores.")
    shown = SHOWN[rows[0].dataset]
    width = max(len(row.recipe) for row in rows)
    lines = [f"{'recipe':<{width}}  weights   survived  95 %       last: {', '.join(shown)}; best"]
    for row in rows:
        for version in VERSIONS:
            rate = row.survival(version)
            ends = "; ".join(_means(row, version, end) for end in ("last", "best"))
            name = row.recipe if version == VERSIONS[0] else ""
            lines.append(f"{name:<{width}}  {version:<8}  {rate.survived:>2} of {rate.runs:<2}  "
                         f"{rate.low:.2f}–{rate.high:.2f}  {ends}")  # fmt: skip
    return "\n".join(lines)


FAMILIES = {
    "the three": r"article|stable|annealed( pictures)?",
    "the article's, one change": r"article( \+ .*)?",
    "STABLE, one change": r"stable( [+-] .*)?|article \+ betas|annealed( pictures)?",
    "STABLE_POINTS, one part less": r"annealed( pictures)?( - .*)?",
    "fused": r"article(, .*)?",
    "all": r"[^,]*|article,.*",
}
"""Recipes that belong into one picture. "article + betas" is `STABLE` without its penalty, on points."""


def family(rows: Iterable[Standing], name: str) -> list[Standing]:
    """Those of the rows that belong to a family.

    Raises:
        ValueError: If there is no such family.
    """
    if name not in FAMILIES:
        raise ValueError(f"unknown family {name!r}; choose from {', '.join(FAMILIES)}")
    return [row for row in rows if re.fullmatch(FAMILIES[name], row.recipe)]


def ranked(rows: Iterable[Standing], score: str, version: str = "averaged") -> list[Standing]:
    """Best first, by the share of survivors ("survived") or the mean of a score at the end of the runs.

    Raises:
        ValueError: If there is no such score.
    """
    rows = list(rows)
    known = ("survived", *SHOWN[rows[0].dataset]) if rows else ("survived",)
    if score not in known:
        raise ValueError(f"unknown score {score!r}; choose from {', '.join(known)}")
    sign = 1 if score in BETTER_LOW else -1

    def place(row: Standing) -> float:
        if score == "survived":
            return sign * row.survival(version).rate
        found = row.scores(score, version)
        return sign * mean(found) if found else float("inf")

    return sorted(rows, key=place)


def curve(row: Standing, score: str, version: str = "averaged") -> list[tuple[int, list[float]]]:
    """A score along the way: (step, that score of every run) for each time it was taken."""
    taken = zip(*(record["history"] for record in row.records), strict=True)
    return [(runs[0]["step"], [float(run[version][score]) for run in runs]) for runs in taken]


def _means(row: Standing, version: str, end: str) -> str:
    shown: dict[str, str] = SHOWN[row.dataset]
    average: Callable[[str], list[float]] = lambda name: row.scores(name, version, end)  # noqa: E731
    return ", ".join(f"{mean(average(name)):{digits}}" if average(name) else "–"
                     for name, digits in shown.items())  # fmt: skip
