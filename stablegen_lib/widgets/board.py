"""A figure with menus and sliders: choose what it shows, and it is drawn again. Lessons 07, 10, 11 and 12."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import ipywidgets
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stablegen_lib.plots.live import figure_png
from stablegen_lib.plumbing.doors import door
from stablegen_lib.widgets.panel import Panel
from stablegen_lib.widgets.picture import Picture

Drawing = tuple[Figure | Axes, str]


class Board(Panel):
    """Menus above a figure that follows them; the last line of a cell shows it.

    ``board.choose(data="grid")`` does from Python what a menu does.

    Args:
        draw: Called with one keyword argument for each menu, each the chosen word. Returns a figure, or
            any Axes of it, and a sentence that says what it shows.
        menus: Name of a menu -> the words to choose from; the first is shown at the start. In the name of
            the argument, spaces are underscores: "sort by" arrives as ``sort_by``.
        sliders: Menus whose words have an order; they become sliders.
        invitation: Stands where no kernel runs.

    Raises:
        ValueError: If there is no menu, a menu without words, or a slider that is no menu.
    """

    INVITATION = "Run this notebook to sort it."

    @door()
    def __init__(
        self,
        draw: Callable[..., Drawing],
        menus: Mapping[str, Sequence[str]],
        *,
        sliders: Collection[str] = (),
        invitation: str = INVITATION,
    ) -> None:
        if not menus or not all(menus.values()):
            raise ValueError("at least one menu was needed, and words to choose from in each.")
        if unknown := sorted(set(sliders) - menus.keys()):
            raise ValueError(f"a slider is one of the menus, and there is none with the name {unknown[0]!r}.")
        self._draw, self._words, self._png, self.INVITATION = draw, "", b"", invitation
        self.menus = {name: _menu(name, words, name in sliders) for name, words in menus.items()}
        self.picture, self.status = Picture(), ipywidgets.HTML()
        for menu in self.menus.values():
            menu.observe(lambda change: self._follow(), "value")
        rows = ipywidgets.HBox(list(self.menus.values()), layout={"flex_flow": "row wrap"})
        self._arrange([rows, self.picture, self.status])
        self._follow()

    @door()
    def choose(self, **words: str) -> None:
        """Sets menus by their names.

        Raises:
            ValueError: If there is no such menu or word; those that there are get listed.
        """
        known = {name.replace(" ", "_"): menu for name, menu in self.menus.items()}
        for name, word in words.items():
            if name not in known or word not in known[name].options:
                choices = ", ".join(known[name].options) if name in known else ", ".join(known)
                raise ValueError(f"{name} = {word!r} is not there; choose from {choices}")
        for name, word in words.items():
            known[name].value = word

    def __repr__(self) -> str:
        return f"Board({', '.join(f'{name}: {menu.value}' for name, menu in self.menus.items())})"

    def description(self) -> str:
        """What the figure shows now."""
        return self._words

    def still_png(self) -> bytes:
        """The figure."""
        return self._png

    def _follow(self) -> None:
        with self._reporting("No picture"):
            chosen = {name.replace(" ", "_"): menu.value for name, menu in self.menus.items()}
            drawn, self._words = self._draw(**chosen)
            figure = drawn if isinstance(drawn, Figure) else drawn.get_figure(root=True)
            assert figure is not None
            self._png = figure_png(figure)
            plt.close(figure)
            self.picture.show(self._png, self._words)
            self.status.value = f'<div role="status" aria-live="polite">{self._words}</div>'


def _menu(name: str, words: Sequence[str], slider: bool) -> Any:
    if not slider:
        return ipywidgets.Dropdown(description=name, options=list(words))
    return ipywidgets.SelectionSlider(
        description=name,
        options=list(words),
        continuous_update=False,  # a drawing may take a second
        style={"description_width": "initial"},
        layout={"width": "25em", "max_width": "98%"},
    )
