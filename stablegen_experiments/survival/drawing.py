"""Pictures of the stored runs, for lesson 07: raw generators are orange crosses, averaged ones blue dots."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import mean

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stablegen_experiments.records import Record
from stablegen_experiments.survival.rule import LEAST_COVERAGE
from stablegen_experiments.survival.standings import (
    FAMILIES,
    SHOWN,
    Standing,
    curve,
    family,
    ranked,
    standings,
)
from stablegen_experiments.survival.trials import VERSIONS
from stablegen_lib.plots import BLUE, ORANGE

WORDS = {
    "survived": "share of runs that survived",
    "captured": "modes found",
    "on_mode_mass": "share of points on a mode",
    "distance": "Fréchet distance",
    "as_asked": "four attributes as asked",
    "kl": "unevenness (KL)",
}
"""What a figure calls a score."""

SPOKEN = {
    "article": "the article's",
    "stable": "STABLE",
    "annealed pictures": "STABLE_POINTS for pictures",
    "annealed": "STABLE_POINTS",
}
ON_POINTS = {"article + betas": "STABLE − R1"}
"""Points have no x, so nothing can be mismatched: this is `STABLE` without its penalty."""


def spoken(recipe: str) -> str:
    """What a lesson calls a recipe of the records: "annealed - rate" is "STABLE_POINTS − rate"."""
    name = next((name for name in SPOKEN if recipe.startswith(name)), "")
    return SPOKEN.get(name, "") + recipe.removeprefix(name).replace(" - ", " − ")


PANELS = ("left panel", "middle panel", "right panel")
MENUS = {"recipes": tuple(FAMILIES), "data": tuple(SHOWN), "sort by": PANELS, "weights": VERSIONS[::-1]}
"""What `draw_chosen` lets one choose, for `widgets.Board`."""


def draw_chosen(
    records: Iterable[Record], *, recipes: str, data: str, sort_by: str, weights: str
) -> tuple[Figure, str]:
    """The board for what the menus say, and a sentence about it."""
    rows = family(standings(records, data), recipes)
    if not rows:
        text = f"no stored runs of {recipes} on {data}"
        figure, ax = plt.subplots(figsize=(9.5, 1))
        ax.text(0.5, 0.5, text, ha="center")
        ax.set_axis_off()
        return figure, f"There are {text}."
    score = ("survived", *SHOWN[data])[PANELS.index(sort_by)]
    best, *_, worst = (
        [*ranked(rows, score, weights), *rows[:1]] if len(rows) == 1 else ranked(rows, score, weights)
    )
    words = f"{len(rows)} recipes on {data}, sorted by {WORDS[score]}, {weights} weights: "
    names = ON_POINTS if recipes.startswith("STABLE,") else {}
    first, last = (f"{_name(row, names)} ({row.survival(weights)})" for row in (best, worst))
    return draw_board(rows, score, weights, names=names), f"{words}first {first}, last {last}."


def draw_board(
    rows: Iterable[Standing],
    sort_by: str = "survived",
    version: str = "averaged",
    chance: Mapping[str, float] | None = None,
    names: Mapping[str, str] | None = None,
) -> Figure:
    """Everything that the runs of some recipes gave, a panel for each score, the best recipe on top.

    Dotted lines are the mean of fresh real samples.

    Args:
        rows: Of one data set.
        sort_by: "survived", or a score of that data set.
        version: "raw" or "averaged": by which of the two to sort.
        chance: Score -> what one gets who has learnt nothing; a dash-dotted line.
        names: Recipe -> what to call it, where that is not what ``spoken`` says.
    """
    rows = ranked(rows, sort_by, version)
    scores = list(SHOWN[rows[0].dataset])
    size = (9.5, 1.2 + 0.34 * len(rows))
    figure, axes = plt.subplots(1, 1 + len(scores), figsize=size, layout="constrained", sharey=True)
    draw_survival(axes[0], rows, names)
    axes[0].get_legend().remove()
    for ax, score in zip(axes[1:], scores, strict=True):
        draw_runs(ax, rows, score, names)
        ax.axvline(
            mean(row.records[0]["real"][score] for row in rows), color="0.4", linestyle=":", label="real"
        )
        if chance and score in chance:
            ax.axvline(chance[score], color="0.4", linestyle="-.", label="chance")
        ax.set_xlabel(WORDS[score])
        if score == "distance":
            ax.set_xscale("log")
    axes[["survived", *scores].index(sort_by)].set_title(f"sorted by this, {version}", fontsize=10)
    handles = {
        word: handle for ax in axes[1:] for handle, word in zip(*ax.get_legend_handles_labels(), strict=True)
    }
    figure.legend(handles.values(), handles.keys(), loc="outside upper left", ncols=4, fontsize=9)
    return figure


def draw_survival(ax: Axes, rows: Sequence[Standing], names: Mapping[str, str] | None = None) -> Axes:
    """Survival rates as dots with their 95 % intervals: orange crosses raw, blue dots averaged."""
    for version, colour, marker, shift in (("raw", ORANGE, "x", -0.15), ("averaged", BLUE, "o", 0.15)):
        rates = [row.survival(version) for row in rows]
        lengths = [[each.rate - each.low for each in rates], [each.high - each.rate for each in rates]]
        heights = [place + shift for place in range(len(rows))]
        ax.errorbar([each.rate for each in rates], heights, xerr=lengths, fmt=marker, color=colour,
                    capsize=2, label=version)  # fmt: skip
    ax.set_yticks(range(len(rows)), [f"{_name(row, names)} ({len(row.records)})" for row in rows])
    ax.invert_yaxis()
    ax.set(xlim=(-0.03, 1.03), xlabel="share of runs that survived")
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=9)  # outside: rows may end anywhere
    return ax


def draw_runs(ax: Axes, rows: Sequence[Standing], score: str, names: Mapping[str, str] | None = None) -> Axes:
    """One score of every run at its end: orange crosses raw, blue dots averaged, a line per recipe."""
    for version, colour, marker, shift in (("raw", ORANGE, "x", -0.15), ("averaged", BLUE, "o", 0.15)):
        for place, row in enumerate(rows):
            found = row.scores(score, version)
            ax.plot(found, [place + shift] * len(found), marker, color=colour, markersize=5, alpha=0.7,
                    label=version if place == 0 else None)  # fmt: skip
    ax.set_yticks(range(len(rows)), [f"{_name(row, names)} ({len(row.records)})" for row in rows])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.grid(axis="y", alpha=0.3)
    return ax


def _name(row: Standing, names: Mapping[str, str] | None) -> str:
    return (names or {}).get(row.recipe) or spoken(row.recipe)


def draw_verdict(rows: Iterable[Standing], *, line: str, step: str) -> tuple[Figure, str]:
    """Every averaged run on the ring at one moment: a dot if it passes the line, else a cross.

    Args:
        rows: Recipes on the ring.
        line: The least share of points on a mode, as a menu has it: "0.50".
        step: When to look, one of the steps at which scores were taken: "3,000".
    """
    rows, least, number = list(rows), float(line), int(step.replace(",", ""))
    figure, ax = plt.subplots(figsize=(8, 1.1 + 0.4 * len(rows)), layout="constrained")
    names = []
    for place, row in enumerate(rows):
        found, mass = (dict(curve(row, score))[number] for score in ("captured", "on_mode_mass"))
        passed = [modes >= LEAST_COVERAGE[8] and x >= least for modes, x in zip(found, mass, strict=True)]
        for x, survives in zip(mass, passed, strict=True):
            ax.plot(x, place, "o" if survives else "x", color=BLUE, alpha=0.7)
        names.append(f"{spoken(row.recipe)}: {sum(passed)} of {len(passed)}")
    ax.axvline(least, color="0.4")
    ax.set(xlabel=WORDS["on_mode_mass"], xlim=(0, 1), ylim=(len(rows) - 0.5, -0.5))
    ax.set_yticks(range(len(rows)), names)
    ax.set_title(f"Averaged, step {step}: dots pass a line at {line}, crosses do not", fontsize=10)
    return figure, f"At step {step} these pass a line at {line}: {'; '.join(names)}."
