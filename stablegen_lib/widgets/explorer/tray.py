"""The LatentExplorer's tray: favourites as small pictures, and the path through them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import ipywidgets
from torch import Tensor

from stablegen_lib import plots
from stablegen_lib.widgets.controls import button
from stablegen_lib.widgets.explorer.scene import Scene
from stablegen_lib.widgets.explorer.state import ExplorerState
from stablegen_lib.widgets.picture import Picture

LONGEST = 12  # favourites
THUMBNAIL = 64  # screen pixels, about
FRAMES = 25  # from one favourite to the next


class Tray:
    """Keeps states, shows a small picture with buttons for each, and films the way through them.

    Args:
        scene: Draws the pictures.
        on_return: Called with a favourite that was chosen.
        on_place: Called with a place on the path in [0, 1], when somebody moves there.
        on_play: Called with True or False.
    """

    def __init__(
        self,
        scene: Scene,
        *,
        on_return: Callable[[ExplorerState], object],
        on_place: Callable[[float], object],
        on_play: Callable[[bool], object],
    ) -> None:
        self._scene, self._return = scene, on_return
        self.favourites: tuple[ExplorerState, ...] = ()
        self._film: list[Tensor] = []
        self._quiet = False
        self._items = ipywidgets.HBox(layout={"flex_flow": "row wrap"})
        self.slider = ipywidgets.FloatSlider(
            description="path", min=0.0, max=1.0, step=0.01, style={"description_width": "3em"}
        )
        self.play = ipywidgets.ToggleButton(
            description="play path",
            icon="play",
            tooltip="film through the favourites, from first to last",
        )
        self.slider.observe(lambda change: None if self._quiet else on_place(change["new"]), "value")
        self.play.observe(lambda change: on_play(change["new"]), "value")
        self._way = ipywidgets.HBox([self.slider, self.play])
        self.box = ipywidgets.VBox([self._items, self._way])
        self._show()

    def keep(self, state: ExplorerState) -> None:
        """Adds a favourite; the oldest of more than 12 falls out."""
        self.favourites = (*self.favourites, state)[-LONGEST:]
        self._show()

    def drop(self, number: int) -> None:
        """Removes a favourite, counted from 0."""
        self.favourites = self.favourites[:number] + self.favourites[number + 1 :]
        self._show()

    def film(self) -> list[Tensor]:
        """The pictures of the path; drawn once.

        Raises:
            ValueError: If there are fewer than two favourites.
        """
        if not self._film:
            pieces = max(1, len(self.favourites) - 1)
            self._film = self._scene.film(self.favourites, FRAMES * pieces)
        return self._film

    def at(self, place: float | int) -> Tensor:
        """The pictures at a place of the path, 0 to 1; the slider goes there.

        Raises:
            ValueError: If the place is outside, or there are fewer than two favourites.
        """
        if not 0 <= place <= 1:
            raise ValueError(f"a place from 0 to 1 was needed, and {place} came.")
        film = self.film()
        self._quiet = True
        try:
            self.slider.value = place
        finally:
            self._quiet = False
        return film[round(place * (len(film) - 1))]

    def after(self) -> float:
        """The place one picture after the slider's; 1.0 at the end."""
        last = len(self.film()) - 1
        return float(min(round(self.slider.value * last) + 1, last) / last)

    def _show(self) -> None:
        self._film = []
        self.play.value = False
        for item in self._items.children:
            _close(item)
        self._items.children = [self._item(*pair) for pair in enumerate(self.favourites)]
        self._way.layout.display = None if len(self.favourites) > 1 else "none"

    def _item(self, number: int, state: ExplorerState) -> Any:
        images = self._scene.images(replace(state, count=1))
        picture = Picture()
        picture.show(
            plots.to_png(images, 1, max(1, THUMBNAIL // images.shape[-1])),
            f"Favourite {number + 1}: {self._scene.words(state)}",
        )
        picture.drawable = True  # a click is a short stroke
        picture.on_stroke = lambda _: self._return(state)
        back = button(str(number + 1), f"return to favourite {number + 1}", lambda: self._return(state))
        drop = button("✕", f"remove favourite {number + 1}", lambda: self.drop(number))
        return ipywidgets.VBox([picture, ipywidgets.HBox([back, drop])])


def _close(item: Any) -> None:
    for child in getattr(item, "children", ()):
        _close(child)
    item.close()
