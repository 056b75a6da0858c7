"""Ctrl-C, or the stop button of a notebook, that never cuts a training step in half."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def finish_step_first() -> Iterator[None]:
    """Holds an interrupt back until the block is done, then raises KeyboardInterrupt.

    A step changes D, then G, then the average. Interrupted in between, the three would no longer
    belong together, and a saved state would not equal any state of an uninterrupted run.
    Outside the main thread Python delivers no interrupts, and nothing is changed.
    """
    previous = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(previous):
        yield
        return
    pending: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda number, frame: pending.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
    if pending:
        previous(*pending[0])
