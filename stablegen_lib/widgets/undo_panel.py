"""A panel with a state that can be undone, and the two buttons for it."""

from typing import Generic, TypeVar

from stablegen_lib.widgets.controls import button
from stablegen_lib.widgets.panel import Panel
from stablegen_lib.widgets.undo import Undo

State = TypeVar("State")


class UndoPanel(Panel, Generic[State]):
    """A subclass draws: ``_draw(state)`` shows a state, ``_show_controls()`` moves the controls to it."""

    _undo: Undo[State]

    def undo(self) -> None:
        """Back to the state before the last change; a drag is one change."""
        self._draw(self._undo.undo())
        self._show_controls()

    def redo(self) -> None:
        """Forward again."""
        self._draw(self._undo.redo())
        self._show_controls()

    def _draw(self, state: State) -> None:
        raise NotImplementedError

    def _show_controls(self) -> None:
        """A subclass does more than this: a button that would do nothing is grey."""
        self.undo_button.disabled = not self._undo.can_undo
        self.redo_button.disabled = not self._undo.can_redo

    def _make_undo_buttons(self) -> None:
        self.undo_button = button("undo", "back to the state before", self.undo, "undo")
        self.redo_button = button("redo", "forward again", self.redo, "repeat")
