"""Everything a LatentExplorer can be told from Python or by a control: where to go, and back."""

import random
from typing import Any

from stablegen_lib.plumbing.bounds import FREE
from stablegen_lib.plumbing.doors import door
from stablegen_lib.widgets.explorer.code import Basis
from stablegen_lib.widgets.explorer.scene import Scene
from stablegen_lib.widgets.explorer.state import ExplorerState
from stablegen_lib.widgets.undo_panel import UndoPanel


class ExplorerMoves(UndoPanel[ExplorerState]):
    """The state of a LatentExplorer, and all ways to change it.

    A subclass draws: ``_draw(state)`` shows the pictures, ``_show_controls()`` moves the controls
    to the present state, ``playing`` is the film.
    """

    _scene: Scene
    playing: bool

    @property
    def state(self) -> ExplorerState:
        """Where the explorer stands; assign to go there."""
        return self._undo.state

    @state.setter
    def state(self, state: ExplorerState) -> None:
        self._go(state, "state")

    @property
    def seed(self) -> int:
        """The seed of the first picture's z; assign to change it."""
        return self.state.seed

    @seed.setter
    def seed(self, seed: int) -> None:
        self._set("seed", seed)

    @property
    def truncation(self) -> float:
        """Factor on z, 0 to 2; assign to change it."""
        return self.state.truncation

    @truncation.setter
    def truncation(self, truncation: float | int) -> None:
        self._set("truncation", truncation)

    @property
    def count(self) -> int:
        """How many pictures, 1 or 16; assign to change it."""
        return self.state.count

    @count.setter
    def count(self, count: int) -> None:
        self._set("count", count)

    @property
    def basis(self) -> Basis:
        """What the sliders move: "sefa", "pca", "raw" or "own"; assign to change it."""
        return self.state.basis

    @basis.setter
    def basis(self, basis: Basis) -> None:
        self._set("basis", basis)

    @property
    def code(self) -> str:
        """The share code of this state; assign one to go there."""
        return self.state.encode(self._scene.model_id)

    @code.setter
    def code(self, code: str) -> None:
        with self._reporting("No such place"):
            state = ExplorerState.decode(code, self._scene.model_id)
        self._go(state.with_names(self.state.names), "code")

    @door(slider=FREE, offset=FREE)
    def move(self, slider: int | str, offset: float | int) -> None:
        """Puts one slider, by number or label, to an offset; on the screen they end at 4."""
        self._set(f"offset {self._number(slider)}", offset)

    @door(slider=FREE)
    def name(self, slider: int | str, name: str) -> None:
        """Calls a slider, found by number or label, something else; "" gives the old label back.

        Names stay when something else moves, and travel in ``code``.

        Raises:
            ValueError: If there is no such slider, or the name is too long or taken.
        """
        self._set(f"name {self._number(slider)}", name)

    def _number(self, slider: int | str) -> int:
        labels = self._scene.labels(self.basis, self.state.names)
        if slider not in labels and slider not in range(len(labels)):
            raise ValueError(f"one of the sliders {labels} was needed, and {slider!r} came.")
        return slider if isinstance(slider, int) else labels.index(slider)

    @door()
    def choose(self, **values: str) -> None:
        """Asks for attributes: ``choose(glasses="dark", hair_colour="red")``; raw names will do too.

        Raises:
            ValueError: If an attribute or value is unknown; the message lists the known ones.
        """
        self._go(self._scene.with_choices(self.state, values), f"choose {sorted(values)}")

    def randomise(self) -> None:
        """Another seed."""
        self.seed = random.SystemRandom().randrange(1_000_000)

    def reset(self) -> None:
        """Seed 0, truncation 1, all sliders in the middle, the first value of each attribute."""
        start = self._scene.start(count=self.count)
        self._go(self._scene.with_basis(start, self.basis).with_names(self.state.names), "reset")

    def _set(self, what: str, value: Any) -> None:
        with self._reporting(f"{what} stays"):
            state = self._scene.changed(self.state, what, value)
        self._go(state, what)

    def _go(self, state: ExplorerState, what: str) -> None:
        """Draws first: a state that cannot be drawn is never taken over."""
        self.playing = False
        try:
            with self._reporting("No picture"):
                self._draw(self._scene.checked(state))
            self._undo.change(state, what)
        finally:
            self._show_controls()
