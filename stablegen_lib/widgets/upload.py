"""A button for a picture from somebody's computer, which says so when it is too large to be sent."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import traitlets

HERE = Path(__file__).parent
MOST = 8_000_000  # bytes; servers break a connection on which more than 10 MiB come at once


@dataclass(frozen=True)
class Sent:
    """A file that was chosen; ``content`` is empty if it could not be sent, and ``problem`` says why."""

    name: str
    content: bytes = b""
    problem: str = ""


class Upload(anywidget.AnyWidget):
    """Calls ``on_file(sent)`` for every file that somebody chooses.

    Args:
        description: Stands on the button.
        tooltip: What it is for.
        on_file: Told of the file, or of why it could not be sent.
    """

    _esm = HERE / "upload.js"
    description = traitlets.Unicode().tag(sync=True)
    tooltip = traitlets.Unicode().tag(sync=True)
    accept = traitlets.Unicode("image/*").tag(sync=True)
    most = traitlets.Int(MOST).tag(sync=True)

    def __init__(self, description: str, tooltip: str, on_file: Callable[[Sent], object]) -> None:
        super().__init__(description=description, tooltip=tooltip)
        self._on_file = on_file
        self.on_msg(self._heard)

    def _heard(self, _: Any, content: dict[str, Any], buffers: Any) -> None:
        kind, name, size = content.get("kind"), content.get("name"), content.get("size")
        if not isinstance(name, str) or not isinstance(size, int | float):
            return
        if kind == "too large" or any(len(buffer) > self.most for buffer in buffers):
            self._on_file(Sent(name, problem=self._too_large(size)))
        elif kind == "unreadable":
            self._on_file(Sent(name, problem="the browser cannot read it"))
        elif kind == "file" and len(buffers) == 1:
            self._on_file(Sent(name, bytes(buffers[0])))

    def _too_large(self, size: float | int) -> str:
        return (
            f"it has {size / 1e6:,.1f} MB, and at most {self.most / 1e6:,.0f} MB can be sent. "
            "Save it smaller; some hundred pixels are enough"
        )
