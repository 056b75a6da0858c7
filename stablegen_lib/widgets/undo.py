"""Undo and redo for any state that can be compared."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

State = TypeVar("State")


class Undo(Generic[State]):
    """Remembers states. A drag, many small changes of one kind in a row, counts as one.

    Args:
        state: The first one.
        pause: Seconds without a change after which the next one stands for itself.
        clock: Gives the time in seconds.
        longest: How many states are kept.
    """

    def __init__(
        self,
        state: State,
        *,
        pause: float = 0.8,
        clock: Callable[[], float] = time.monotonic,
        longest: int = 200,
    ) -> None:
        self.state = state
        self._past: list[State] = []
        self._future: list[State] = []
        self._pause, self._clock, self._longest = pause, clock, longest
        self._last_kind, self._last_time = "", -pause

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier state."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether something was undone, and nothing changed since."""
        return bool(self._future)

    def change(self, state: State, kind: str) -> None:
        """Takes a new state; ``kind`` says what was moved, for instance the name of a slider."""
        now = self._clock()
        goes_on = kind == self._last_kind and now - self._last_time < self._pause
        if not goes_on:
            self._past = [*self._past, self.state][-self._longest :]
        self._future.clear()
        self.state = state
        self._last_kind, self._last_time = kind, now

    def undo(self) -> State:
        """Back to the state before; stays when there is none."""
        return self._go(self._past, self._future)

    def redo(self) -> State:
        """Forward again; stays when there is nothing to redo."""
        return self._go(self._future, self._past)

    def _go(self, source: list[State], target: list[State]) -> State:
        if source:
            target.append(self.state)
            self.state = source.pop()
            self._last_kind = ""
        return self.state
