"""Pictures of the stored runs, for lesson 07: raw generators are orange crosses, averaged ones blue dots."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle
from statistics import mean

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stablegen_experiments.records import Record
from stablegen_experiments.survival.standings import FAMILIES, SHOWN, Standing, family, ranked, standings
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
    words += (
        f"first {best.recipe} ({best.survival(weights)}), last {worst.recipe} ({worst.survival(weights)})."
    )
    return draw_board(rows, score, weights), words


def draw_board(
    rows: Iterable[Standing],
    sort_by: str = "survived",
    version: str = "averaged",
    chance: Mapping[str, float] | None = None,
) -> Figure:
    """Everything that the runs of some recipes gave, a panel for each score, the best recipe on top.

    Dotted lines are the mean of fresh real samples.

    Args:
        rows: Of one data set.
        sort_by: "survived", or a score of that data set.
        version: "raw" or "averaged": by which of the two to sort.
        chance: Score -> what one gets who has learnt nothing; a dash-dotted line.
    """
    rows = ranked(rows, sort_by, version)
    scores = list(SHOWN[rows[0].dataset])
    size = (9.5, 1.2 + 0.34 * len(rows))
    figure, axes = plt.subplots(1, 1 + len(scores), figsize=size, layout="constrained", sharey=True)
    draw_survival(axes[0], rows)
    axes[0].get_legend().remove()
    for ax, score in zip(axes[1:], scores, strict=True):
        draw_runs(ax, rows, score)
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


def draw_trade_off(ax: Axes, curves: dict[float, list[tuple[float, float, float]]]) -> Axes:
    """Modes found against samples on a mode, weak penalties to strong ones, a line per learning rate.

    The larger the marker, the stronger the penalty: a number at each point would hide its neighbours.
    """
    looks = cycle(((BLUE, "o-"), (ORANGE, "X--"), ("0.4", "s:")))
    for (rate, points), (colour, style) in zip(curves.items(), looks, strict=False):
        found, mass = [each[1] for each in points], [each[2] for each in points]
        ax.plot(found, mass, style[1:], color=colour, linewidth=1)
        for place, (gamma, across, up) in enumerate(points):
            ax.plot(across, up, style[0], color=colour, markersize=5 + 3 * place, alpha=0.8,
                    label=f"rate {rate:g}, γ {gamma:g}")  # fmt: skip
    ax.set(xlabel=WORDS["captured"], ylabel=WORDS["on_mode_mass"])
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=9)
    return ax
