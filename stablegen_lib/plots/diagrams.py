"""Boxes and arrows: which part hands what to which."""

from collections.abc import Collection, Mapping, Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from stablegen_lib.plumbing.bounds import FREE
from stablegen_lib.plumbing.doors import door

FILLED = "#9CCDEA"
LEVEL, UPRIGHT = 38, 22  # points left free at both ends of an arrow


@door(places=FREE)
def diagram(
    places: Mapping[str, tuple[float | int, float | int]],
    arrows: Sequence[tuple[str, str, str]],
    *,
    plain: Collection[str] = (),
) -> Axes:
    """Draws named boxes, and arrows between them; without axes, so that the caller may add to it.

    Args:
        places: Name of a box -> where its middle lies.
        arrows: From which box to which, and what stands beside the arrow.
        plain: Boxes that stay white: what goes in and comes out.

    Raises:
        ValueError: If an arrow or ``plain`` names a box that is not there.
    """
    named = {name for begin, end, _ in arrows for name in (begin, end)} | set(plain)
    if not places or named - places.keys():
        unknown = ", ".join(sorted(named - places.keys())) or "(none)"
        raise ValueError(f"boxes for all arrows were needed; these have no place: {unknown}.")
    _, ax = plt.subplots(figsize=(9, 2.6), layout="constrained")
    for name, place in places.items():
        box = {"boxstyle": "round,pad=0.5", "facecolor": "white" if name in plain else FILLED}
        ax.text(*place, name, ha="center", va="center", bbox=box)
    for begin, end, label in arrows:
        (x0, y0), (x1, y1) = places[begin], places[end]
        room = UPRIGHT if x0 == x1 else LEVEL
        ax.annotate("", (x1, y1), (x0, y0), arrowprops={"arrowstyle": "->", "shrinkA": room, "shrinkB": room})
        ax.text((x0 + x1) / 2, (y0 + y1) / 2 + 0.1, label, ha="center", fontsize=8)
    ax.axis("off")
    return ax
