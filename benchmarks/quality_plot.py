"""Draws ``docs/time_to_quality.png`` from the stored runs: ``python benchmarks/quality_plot.py``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import time_to_quality as quality
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stablegen_experiments.records import read_records
from stablegen_lib.plots import BLUE, ORANGE

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "time_to_quality.png"
STYLES = {  # colour, marker, line: colour is never the only sign
    quality.OURS: (BLUE, "o", "-"),
    quality.TUTORIAL: (ORANGE, "s", "--"),
    quality.ARTICLE: ("#666666", "^", ":"),
}


def draw(records: Sequence[dict[str, Any]]) -> Figure:
    """The Fréchet distance over seconds and over images seen, one line for each run."""
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.8), sharey=True, layout="constrained")
    for ax, over, label in (
        (panels[0], "seconds", "seconds of training, one thread"),
        (panels[1], "images", "real images seen"),
    ):
        _curves(ax, records, over)
        ax.set(xscale="log", yscale="log", xlabel=label)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter("{x:,.0f}")
        ax.grid(alpha=0.3)
    panels[0].set_ylabel("Fréchet distance (less is better)")
    panels[1].legend(fontsize=9)
    return figure


def _curves(ax: Axes, records: Sequence[dict[str, Any]], over: str) -> None:
    for name, (colour, marker, line) in STYLES.items():
        for index, record in enumerate(records):
            curve = record["curves"][name]
            ax.plot(
                [point[over] for point in curve],
                [point["distance"] for point in curve],
                color=colour, marker=marker, linestyle=line, markersize=4, linewidth=1.2,
                label=name if index == 0 else None,
            )  # fmt: skip
    ax.axhline(records[0]["real"]["distance"], color="black", linewidth=1, label="other real faces")


def main() -> None:
    figure = draw(read_records(quality.RESULTS))
    figure.savefig(PICTURE, dpi=110)
    print(f"wrote {PICTURE.name}")


if __name__ == "__main__":
    main()
