"""What the stored runs say: for each recipe, how many survived, and how good they were at the end.

Lesson 07 shows these tables and pictures; `python -m stablegen_experiments.survival` made the runs.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle
from statistics import mean

from matplotlib.axes import Axes

from stablegen_experiments.records import Record, read_records
from stablegen_experiments.survival.contestants import BUDGETS, CONTESTANTS, CURVE
from stablegen_experiments.survival.rule import Survival, survival_rate
from stablegen_experiments.survival.trials import VERSIONS, outcome
from stablegen_lib import data
from stablegen_lib.plots import BLUE, ORANGE

SHOWN = {
    "ring": {"captured": ".1f", "on_mode_mass": ".2f"},
    "grid": {"captured": ".1f", "on_mode_mass": ".2f"},
    "faces": {"distance": ".0f", "as_asked": ".2f"},
    "stacked_digits": {"captured": ".0f", "kl": ".3f"},
}
"""The scores that a table shows, and with how many digits."""


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


def draw_survival(ax: Axes, rows: Sequence[Standing]) -> Axes:
    """Survival rates as dots with their 95 % intervals: orange crosses raw, blue dots averaged."""
    for version, colour, marker, shift in (("raw", ORANGE, "x", -0.15), ("averaged", BLUE, "o", 0.15)):
        rates = [row.survival(version) for row in rows]
        lengths = [[each.rate - each.low for each in rates], [each.high - each.rate for each in rates]]
        heights = [place + shift for place in range(len(rows))]
        ax.errorbar([each.rate for each in rates], heights, xerr=lengths, fmt=marker, color=colour,
                    capsize=2, label=version)  # fmt: skip
    ax.set_yticks(range(len(rows)), [f"{row.recipe} ({len(row.records)})" for row in rows])
    ax.invert_yaxis()
    ax.set(xlim=(-0.03, 1.03), xlabel="share of runs that survived")
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=9)  # outside: rows may end anywhere
    return ax


def is_single(row: Standing) -> bool:
    """Whether it is a recipe of its own, or the article's with one change: not fused, no curve, no part."""
    return "," not in row.recipe and " - " not in row.recipe


def without_one_part(records: Iterable[Record], dataset: str, steps: int | None = None) -> list[Standing]:
    """Our recipe for points, then the same without one of its parts each."""
    rows = standings(records, dataset, steps)
    return [row for row in rows if row.recipe == "annealed" or row.recipe.startswith("annealed - ")]


def draw_runs(ax: Axes, rows: Sequence[Standing], score: str) -> Axes:
    """One score of every run at its end: orange crosses raw, blue dots averaged, a line per recipe."""
    for version, colour, marker, shift in (("raw", ORANGE, "x", -0.15), ("averaged", BLUE, "o", 0.15)):
        for place, row in enumerate(rows):
            found = row.scores(score, version)
            ax.plot(found, [place + shift] * len(found), marker, color=colour, markersize=5, alpha=0.7,
                    label=version if place == 0 else None)  # fmt: skip
    ax.set_yticks(range(len(rows)), [f"{row.recipe} ({len(row.records)})" for row in rows])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.grid(axis="y", alpha=0.3)
    return ax


def trade_off(records: Iterable[Record]) -> dict[float, list[tuple[float, float, float]]]:
    """For each learning rate: gamma, modes found and on-mode mass (averaged weights, means over seeds)."""
    curves: dict[float, list[tuple[float, float, float]]] = {}
    for row in standings(records, "grid"):
        if row.recipe in CURVE and row.scores("captured"):
            recipe = CURVE[row.recipe].recipe
            means = (mean(row.scores("captured")), mean(row.scores("on_mode_mass")))
            curves.setdefault(recipe.generator_learning_rate, []).append((recipe.r1_gamma, *means))
    return {rate: sorted(points) for rate, points in curves.items()}


def draw_trade_off(ax: Axes, curves: dict[float, list[tuple[float, float, float]]]) -> Axes:
    """Modes found against samples on a mode, weak penalties to strong ones, a line per learning rate."""
    looks = cycle(((BLUE, "o-"), (ORANGE, "x--"), ("0.4", "s:")))
    for (rate, points), (colour, style) in zip(curves.items(), looks, strict=False):
        found, mass = [each[1] for each in points], [each[2] for each in points]
        ax.plot(found, mass, style, color=colour, label=f"learning rate {rate:g}")
        for place, (gamma, across, up) in enumerate(points):
            side, shift = ("right", -8) if place % 2 else ("left", 8)  # in turn: neighbours lie close
            ax.annotate(f"γ {gamma:g}", (across, up), textcoords="offset points", ha=side, va="center",
                        xytext=(shift, 7 * place - 10), fontsize=9)  # fmt: skip
    ax.set_xlim(right=28)
    ax.set(xlabel="modes found, of 25", ylabel="on-mode mass")
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=9)
    return ax


def _means(row: Standing, version: str, end: str) -> str:
    shown: dict[str, str] = SHOWN[row.dataset]
    average: Callable[[str], list[float]] = lambda name: row.scores(name, version, end)  # noqa: E731
    return ", ".join(f"{mean(average(name)):{digits}}" if average(name) else "–"
                     for name, digits in shown.items())  # fmt: skip
