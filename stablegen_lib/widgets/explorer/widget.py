"""Latent space in your hands: sliders for z, menus for x, and the picture that follows."""

import html
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ipywidgets
from jaxtyping import Float
from torch import Tensor

from stablegen_lib import plots
from stablegen_lib.plumbing.bounds import FREE, share
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.files import named, write_atomically
from stablegen_lib.widgets.controls import button, heading
from stablegen_lib.widgets.explorer.controls import Controls
from stablegen_lib.widgets.explorer.moves import ExplorerMoves
from stablegen_lib.widgets.explorer.scene import PictureModel, Scene
from stablegen_lib.widgets.explorer.state import ExplorerState
from stablegen_lib.widgets.explorer.tray import Tray
from stablegen_lib.widgets.picture import Picture
from stablegen_lib.widgets.undo import Undo

SLIDERS = 6
SIDE = 400  # screen pixels of the picture, about
ROW = {"flex_flow": "row wrap"}


class LatentExplorer(ExplorerMoves):
    """Moves through the latent space of a model; the last line of a cell shows it.

    Everything on the screen can be done from Python too: ``explorer.truncation = 0.5``,
    ``explorer.choose(glasses="dark")``, ``explorer.move(0, 1.5)``, ``explorer.undo()``.
    ``explorer.code`` is a short text; assigned to an explorer of the same model on another
    machine, it restores exactly this state.

    Args:
        model: A ``StableGen`` or anything else with ``sample(conditions=, z=)``, ``latent_dim``
            and ``condition_names``; yours too.
        directions: Directions of your own by name; they get the first sliders.
        sliders: How many leading directions, or raw coordinates; 6 when left out, or as many as z has.
        count: 1 for one picture, 16 for a grid.
        seed: Where z starts.

    Raises:
        ValueError: If the model makes no pictures, or a number is out of its range.
    """

    INVITATION = "Run this notebook to explore."

    @door(sliders=FREE)
    def __init__(
        self,
        model: PictureModel,
        *,
        directions: Mapping[str, Float[Tensor, " latent"]] | None = None,
        sliders: int | None = None,
        count: int = 1,
        seed: int = 0,
    ) -> None:
        sliders = min(SLIDERS, model.latent_dim) if sliders is None else sliders
        self._scene = Scene(model, directions or {}, sliders)
        self._undo = Undo(self._scene.start(count=count, seed=seed))
        self.picture = Picture()
        self.picture.on_tick = self._next_frame
        self.picture.on_copied = self._told_of_copy
        self.controls = Controls(self._scene, self._set)
        self.tray = Tray(
            self._scene,
            on_return=self._return,
            on_place=self.show_path,
            on_play=self._set_playing,
        )
        self._lay_out()
        self._draw(self.state)
        self._show_controls()

    def _lay_out(self) -> None:
        self._make_undo_buttons()
        actions = [
            button("randomise", "another seed", self.randomise, "random"),
            button("reset", "all sliders to the middle, seed 0", self.reset),
            self.undo_button,
            self.redo_button,
            button("keep", "put this one into the tray", self.keep, "star"),
        ]
        self.code_field = ipywidgets.Text(
            description="share code",
            continuous_update=False,
            style={"description_width": "6em"},
            layout={"max_width": "98%"},
        )
        self.code_field.observe(self._code_entered, "value")
        files = [
            self.code_field,
            button("copy", "copy the share code", lambda: self.picture.copy(self.code), "copy"),
            button("PNG", "download the picture, enlarged", self._download_png, "download"),
            button("GIF", "download the path through the favourites", self._download_gif, "download"),
        ]
        self.status = ipywidgets.HTML()
        rows = [ipywidgets.HBox(row, layout=ROW) for row in (actions, files)]
        left = ipywidgets.VBox([self.picture, self.status, rows[0]])
        left.add_class("stablegen-stay")
        columns = ipywidgets.HBox([left, self.controls.box])
        columns.add_class("stablegen-columns")
        self._arrange([columns, self.tray.box, heading("To take home"), rows[1]])

    # --- pictures ---------------------------------------------------------------------------

    def images(self) -> Float[Tensor, "count channel height width"]:
        """The pictures of this state, in [-1, 1]."""
        with self._one_thread():
            return self._scene.images(self.state)

    def z(self) -> Float[Tensor, "count latent"]:
        """The latent vectors of this state."""
        return self._scene.latents(self.state)

    @door(slider=FREE)
    def direction(self, slider: int) -> Float[Tensor, " latent"]:
        """What one slider, by number, adds to z for each unit of its offset."""
        rows = self._scene.directions(self.basis)
        if not 0 <= slider < len(rows):
            raise ValueError(f"a slider from 0 to {len(rows) - 1} was needed, and {slider} came.")
        return rows[slider]

    def conditions(self) -> Float[Tensor, "count condition"]:
        """The conditions x of this state."""
        return self._scene.conditions(self.state)

    def still_png(self) -> bytes:
        """The pictures of this state as a PNG file, enlarged without blur."""
        return _png(self.images())

    @door()
    def save_png(self, path: str | Path) -> None:
        """Writes the picture, enlarged without blur."""
        write_atomically(named(path), self.still_png())

    @door()
    def save_gif(self, path: str | Path) -> None:
        """Writes the path through the favourites as a film.

        Raises:
            ValueError: If there are fewer than two favourites.
        """
        write_atomically(named(path), self._gif())

    def _return(self, favourite: ExplorerState) -> None:
        self._go(favourite.with_names(self.state.names), "favourite")

    # --- favourites -------------------------------------------------------------------------

    @property
    def favourites(self) -> tuple[ExplorerState, ...]:
        """The states in the tray."""
        return self.tray.favourites

    def keep(self) -> None:
        """Puts this state into the tray; the oldest of more than 12 falls out."""
        self.tray.keep(self.state)

    @door(number=FREE)
    def return_to(self, number: int) -> None:
        """Goes back to a favourite, counted from 0."""
        if number not in range(len(self.favourites)):
            raise ValueError(f"the tray holds {len(self.favourites)} favourites, and number {number} came.")
        self._return(self.favourites[number])

    @door(place=share())
    def show_path(self, place: float | int) -> None:
        """Shows a place on the path through the favourites: 0 is the first, 1 the last."""
        with self._reporting("No path"):
            words = f"On the path through {len(self.favourites)} favourites, at {place:.0%}."
            self._show_images(self.tray.at(place), words)

    @property
    def playing(self) -> bool:
        """Whether the film through the favourites runs; it needs a page that shows it."""
        return bool(self.picture.playing)

    @playing.setter
    def playing(self, playing: bool) -> None:
        self.tray.play.value = playing

    def _set_playing(self, playing: bool) -> None:
        if playing:
            self.show_path(0)
        self.picture.playing = playing

    def _next_frame(self) -> None:
        self.show_path(self.tray.after())
        if self.tray.slider.value == 1.0:
            self.playing = False

    # --- inside -----------------------------------------------------------------------------

    def __repr__(self) -> str:
        return f"LatentExplorer({self.description()})"

    def description(self) -> str:
        """The present state in words."""
        return self._scene.words(self.state)

    def _draw(self, state: ExplorerState) -> None:
        with self._one_thread():
            self._show_images(self._scene.images(state), self._scene.words(state))

    def _show_images(self, images: Tensor, words: str) -> None:
        self.picture.scale = _scale(images)
        self.picture.show_pixels(plots.to_grid(images, math.isqrt(len(images))), words)
        self.status.value = f'<div role="status" aria-live="polite">{html.escape(words)}</div>'

    def _show_controls(self) -> None:
        self.controls.show(self.state)
        super()._show_controls()
        self.code_field.value = self.code

    def _code_entered(self, change: dict[str, Any]) -> None:
        if change["new"] != self.code:
            self.code = change["new"]

    def _told_of_copy(self, done: bool) -> None:
        told = (
            "Copied." if done else "The browser did not allow it: mark the share code and copy it yourself."
        )
        self.message.value = f'<div role="status">{told}</div>'

    def _gif(self) -> bytes:
        with self._one_thread():
            return plots.to_gif([_png(images) for images in self.tray.film()])

    def _download_png(self) -> None:
        self.picture.download("stablegen.png", self.still_png(), "image/png")

    def _download_gif(self) -> None:
        with self._reporting("No film"):
            self.picture.download("stablegen.gif", self._gif(), "image/gif")


def _scale(images: Tensor) -> int:
    return max(1, SIDE // ((images.shape[-1] + 1) * math.isqrt(len(images))))


def _png(images: Tensor) -> bytes:
    return plots.to_png(images, math.isqrt(len(images)), _scale(images))
