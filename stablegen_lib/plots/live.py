"""Figures on the page: shown with a description in words, once or again and again.

The description (alt text) goes where screen readers look, and stands in for the picture where
there is only text.
"""

import base64
import io
import math
import time
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stablegen_lib.plumbing.doors import door

DOTS_PER_INCH = 80
SHORTEST_ALT = 20  # characters; "a plot" describes nothing
BEFORE_THE_FIRST_FRAME = "The figure appears here with its first frame."


@door()
def show(figure: Figure | Axes, alt: str) -> None:
    """Shows a figure with a description in words, and closes it.

    The description goes where screen readers look (the picture's `alt` metadata) and stands in
    for the picture where there is only text. Tests compare it: leave out what changes per run.

    Args:
        figure: A figure, or any Axes of it.
        alt: What the figure shows, in a sentence of at least 20 characters.

    Raises:
        ValueError: If the description is missing or too short.
    """
    checked_alt(alt)
    whole = _whole_figure(figure)
    plt.close(whole)
    shell = _notebook()
    if shell is None:
        print(alt)
    else:
        data, metadata = _bundle(whole, alt)
        shell.display_pub.publish(data, metadata=metadata, transient={})


class LiveFigure:
    """A figure that is redrawn in place while something runs, at most twice a second.

        with plots.LiveFigure(alt="The two losses fall, then settle near the tie.") as live:
            for step in training.train(...):
                live.update(lambda: draw(step))

    Entering the `with` block takes the place on the page, so what is printed meanwhile, such as a
    progress bar, stays together below it. Leaving shows the newest state, also after an interruption.
    Without IPython nothing is shown. No figure stays open.

    Args:
        alt: What the figure shows at the end, in a sentence of at least 20 characters.
        seconds: Least time between two frames.

    Raises:
        ValueError: If the description is missing or too short.
    """

    @door()
    def __init__(self, alt: str, seconds: float | int = 0.5) -> None:
        self.alt = checked_alt(alt)
        self.seconds = seconds
        self.frames = 0
        self._pending: Figure | Axes | Callable[[], Figure | Axes] | None = None
        self._next_frame = -math.inf
        self._display_id = uuid.uuid4().hex
        self._has_place = False

    @door()
    def update(self, figure: Figure | Axes | Callable[[], Figure | Axes], force: bool = False) -> None:
        """Shows the figure if it is time for a frame; else keeps it as the newest state.

        Args:
            figure: A figure, or any Axes of it; or a function that draws one, which is called
                only when the frame is shown. The function costs nothing in between: prefer it.
            force: Show it now.
        """
        if not callable(figure):
            figure = _whole_figure(figure)
            plt.close(figure)
        self._pending = figure
        if force or time.monotonic() >= self._next_frame:
            self._show_pending()

    def __enter__(self) -> "LiveFigure":
        shell = _notebook()
        if shell is not None and not self._has_place:
            self._show(shell, {"text/plain": BEFORE_THE_FIRST_FRAME}, {})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._show_pending()

    def _show_pending(self) -> None:
        newest, self._pending = self._pending, None
        shell = _notebook()
        if newest is None or shell is None:
            return
        figure = _whole_figure(newest() if callable(newest) else newest)
        plt.close(figure)
        self._show(shell, *_bundle(figure, self.alt))
        self.frames += 1
        self._next_frame = time.monotonic() + self.seconds

    def _show(self, shell: Any, data: dict[str, str], metadata: dict[str, dict[str, str]]) -> None:
        shell.display_pub.publish(
            data, metadata=metadata, transient={"display_id": self._display_id}, update=self._has_place
        )
        self._has_place = True


def checked_alt(alt: str) -> str:
    """The description itself; a missing or too short one is refused with a ValueError."""
    if len(alt.strip()) < SHORTEST_ALT:
        raise ValueError(
            f"a description of at least {SHORTEST_ALT} characters was needed, {alt!r} came. Say what the "
            "figure shows, for a reader who cannot see it."
        )
    return alt


def _whole_figure(figure: Figure | Axes) -> Figure:
    if isinstance(figure, Figure):
        return figure
    whole = figure.get_figure(root=True)
    if whole is None:
        raise ValueError("a figure, or Axes that belong to one, was needed; these Axes were removed.")
    return whole


def figure_png(figure: Figure) -> bytes:
    """The figure as a PNG file, with little white around it; equal figures give equal bytes."""
    buffer = io.BytesIO()
    figure.savefig(
        buffer,
        format="png",
        dpi=DOTS_PER_INCH,
        bbox_inches="tight",
        pad_inches=0.1,
        facecolor="white",
        metadata={"Software": None},  # no version inside: equal figures, equal bytes
    )
    return buffer.getvalue()


def _notebook() -> Any:
    """The running IPython shell, or None."""
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return None
    return get_ipython()


def _bundle(figure: Figure, alt: str) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """What a page gets of a figure, and what describes it."""
    picture = base64.b64encode(figure_png(figure)).decode("ascii")
    return {"image/png": picture, "text/plain": alt}, {"image/png": {"alt": alt}}
