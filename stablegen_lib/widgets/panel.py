"""What the widgets share: a box, a line for errors, one processor core, a still picture elsewhere."""

import base64
import html
import io
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import ipywidgets
import torch
from PIL import Image, ImageDraw

from stablegen_lib.plots.grid import encode_png
from stablegen_lib.widgets import stills

VIEW = "application/vnd.jupyter.widget-view+json"
CAPTION_HEIGHT = 24  # pixels
NARROWEST = 480  # pixels that the controls of a still may take, at least


class Panel:
    """Base of the widgets. The last line of a cell shows one.

    A subclass calls ``_arrange`` once, wraps whatever a click can start into ``_reporting``,
    and says what stands in its place where no kernel runs.
    """

    INVITATION = "Run this notebook to use it."

    box: ipywidgets.VBox
    message: ipywidgets.HTML

    def still_png(self) -> bytes:
        """The present picture, as a PNG file."""
        raise NotImplementedError

    def description(self) -> str:
        """The present state in a sentence, for those who cannot see it."""
        raise NotImplementedError

    def caption(self) -> str:
        """Written above the picture where no kernel runs."""
        return self.INVITATION

    def _arrange(self, children: Sequence[ipywidgets.Widget]) -> None:
        self.message = ipywidgets.HTML()
        self.box = ipywidgets.VBox([*children, self.message])
        self.box.add_class("stablegen-panel")

    @contextmanager
    def _reporting(self, what: str) -> Iterator[None]:
        """Runs the block on one core. An error is shown below the widget, and raised: never silent."""
        try:
            with self._one_thread():
                yield
        except Exception as error:
            text = html.escape(f"{what}: {type(error).__name__}: {error}")
            self.message.value = f'<div role="alert">✗ {text}</div>'
            raise  # to the caller, or in a notebook to the log
        else:
            self.message.value = ""

    @staticmethod
    @contextmanager
    def _one_thread() -> Iterator[None]:
        """On a busy machine several threads make a drag stutter more than they speed it up."""
        before = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(before)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[Any, Any]:
        """The widget for a running notebook; a still picture and a line of text for all others."""
        data = self._view()
        data["text/plain"] = f"{self!r} – {self.INVITATION}"
        data["image/png"] = base64.b64encode(self._captioned_png()).decode("ascii")
        return data, {"image/png": {"alt": f"{self.description()} {self.INVITATION}"}}

    def _view(self) -> dict[str, Any]:
        if not hasattr(self.box, "_repr_mimebundle_"):  # ipywidgets 7, which Colab has
            return {VIEW: {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}}
        bundle = self.box._repr_mimebundle_() or {}
        return dict(bundle[0] if isinstance(bundle, tuple) else bundle)

    def _captioned_png(self) -> bytes:
        font, caption = stills.font(13), self.caption()
        picture = Image.open(io.BytesIO(self.still_png()))
        width = max(picture.width, math.ceil(font.getlength(caption)) + 8)
        controls = stills.draw_controls(self.box, max(width, NARROWEST))
        size = max(width, controls.width), CAPTION_HEIGHT + picture.height + controls.height
        page = Image.new("RGB", size, "white")
        page.paste(picture, (0, CAPTION_HEIGHT))
        page.paste(controls, (0, CAPTION_HEIGHT + picture.height))
        ImageDraw.Draw(page).text((4, 3), caption, fill="black", font=font)
        return encode_png(page)
