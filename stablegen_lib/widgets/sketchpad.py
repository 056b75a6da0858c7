"""Draw lines with the mouse; the colours follow."""

import html
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ipywidgets
import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_lib import data, latent, plots
from stablegen_lib.editing import Colourer, as_conditions, blank, draw_stroke
from stablegen_lib.editing.sketch import Point
from stablegen_lib.plumbing.bounds import FREE, above, share
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.files import named, write_atomically
from stablegen_lib.widgets.controls import button
from stablegen_lib.widgets.editor.controls import number_field
from stablegen_lib.widgets.picture import Picture
from stablegen_lib.widgets.undo import Undo
from stablegen_lib.widgets.undo_panel import UndoPanel

SCALE = 10  # screen pixels for each pixel of the drawing
ROW = {"flex_flow": "row wrap"}
TOOLS = ("pen", "eraser")
LAST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Sheet:
    """What is on the pad. Strokes stand after the drawing that they were added to.

    Attributes:
        number: Which drawing lies under the strokes; None is an empty sheet.
        strokes: Each a tool, a width in pixels, and points.
        seed: Which colouring.
    """

    number: int | None
    strokes: tuple[tuple[str, float, tuple[Point, ...]], ...] = ()
    seed: int = 0


class Sketchpad(UndoPanel[Sheet]):
    """A line drawing to change with the mouse, and its colouring; the last line of a cell shows it.

    From Python: ``pad.number = 12``, ``pad.draw([(0.2, 0.3), (0.6, 0.3)])``, ``pad.seed = 5``,
    ``pad.clear()``, ``pad.undo()``, ``pad.save_png("me.png")``.

    Args:
        colourer: G(x, z) for drawings; the shipped one when left out.
        drawings: Line drawings to begin with; the test split when left out.
        number: Which one.

    Raises:
        ValueError: If there is no drawing of that number.
    """

    INVITATION = "Run this notebook to draw."

    @door(number=FREE)
    def __init__(
        self, colourer: Colourer | None = None, drawings: data.ImageSet | None = None, *, number: int = 0
    ) -> None:
        shipped = data.data_dir() / "weights" / "colouring.safetensors"
        self.colourer = Colourer.load(shipped) if colourer is None else colourer
        self.drawings = data.load_peeps_lines("test") if drawings is None else drawings
        self._undo = Undo(Sheet(number))
        self._quiet = False
        self.paper, self.picture = Picture(scale=SCALE), Picture(scale=SCALE)
        self.paper.drawable = True
        self.paper.on_stroke = self._stroke_drawn
        self._make_controls()
        self._draw(self.state)
        self._show_controls()

    def _make_controls(self) -> None:
        last = len(self.drawings) - 1
        self.tool = ipywidgets.ToggleButtons(
            options=TOOLS, description="draw with", style={"button_width": "6em"}, layout={"width": "22em"}
        )
        self.width = ipywidgets.FloatSlider(description="width", min=0.5, max=6, step=0.1, value=1.4)
        self.number_field = number_field("drawing", last)
        self.seed_field = number_field("colouring", LAST_SEED)
        self.number_field.observe(lambda change: self._moved("number", change["new"]), "value")
        self.seed_field.observe(lambda change: self._moved("seed", change["new"]), "value")
        self._make_undo_buttons()
        actions = [
            button("other colours", "the same lines, another z", self.recolour, "random"),
            button("clear", "an empty sheet", self.clear, "file-o"),
            self.undo_button,
            self.redo_button,
            button("PNG", "download drawing and colouring, enlarged", self._download, "download"),
        ]
        self.status = ipywidgets.HTML()
        fields = ipywidgets.HBox([self.tool, self.width, self.number_field, self.seed_field], layout=ROW)
        sheets = ipywidgets.HBox([self.paper, self.picture], layout=ROW)
        self._arrange([sheets, self.status, ipywidgets.HBox(actions, layout=ROW), fields])

    # --- what can be done -------------------------------------------------------------------

    @property
    def state(self) -> Sheet:
        """What is on the pad."""
        return self._undo.state

    @property
    def number(self) -> int | None:
        """Which drawing lies under the strokes; assign one to begin anew with it, None for none."""
        return self.state.number

    @number.setter
    def number(self, number: int | None) -> None:
        self._change("number", lambda: Sheet(number, (), self.state.seed))

    @property
    def seed(self) -> int:
        """Decides the z of the colouring; assign another one, from 0 to 2³¹ − 1."""
        return self.state.seed

    @seed.setter
    def seed(self, seed: int) -> None:
        self._change("seed", lambda: replace(self.state, seed=seed))

    @door(points=share(), width=above(0))
    def draw(self, points: list[Point], *, tool: str = "pen", width: float | int = 1.4) -> None:
        """Adds a line: points (across, down) in [0, 1]; the tool is "pen" or "eraser".

        Raises:
            ValueError: If the tool is unknown or the line cannot be drawn.
        """
        if tool not in TOOLS:
            raise ValueError(f"one of {TOOLS} was needed, and {tool!r} came.")
        stroke = (tool, float(width), tuple(points))
        count = len(self.state.strokes)
        self._change(f"stroke {count}", lambda: replace(self.state, strokes=(*self.state.strokes, stroke)))

    def clear(self) -> None:
        """An empty sheet."""
        self.number = None

    def recolour(self) -> None:
        """The same lines with another z."""
        self.seed = (self.seed + 1) % (LAST_SEED + 1)

    @door()
    def save_png(self, path: str | Path) -> None:
        """Writes drawing and colouring side by side, enlarged without blur."""
        write_atomically(named(path), self.still_png())

    # --- pictures ---------------------------------------------------------------------------

    def lines(self) -> Float[Tensor, "1 1 height width"]:
        """The drawing, ink −1 and paper 1."""
        return self._lines(self.state)

    def coloured(self) -> Float[Tensor, "1 3 height width"]:
        """Its colouring, in [-1, 1]."""
        return self._coloured(self.lines(), self.state.seed)

    def still_png(self) -> bytes:
        """Drawing and colouring as a PNG file."""
        both = torch.cat([self.lines().expand(-1, 3, -1, -1), self.coloured()])
        return plots.to_png(both, 2, SCALE)

    def description(self) -> str:
        """The present state in words."""
        return self._words(self.state)

    def caption(self) -> str:
        """What the two pictures are, and the invitation."""
        return f"The lines, and their colouring.  {self.INVITATION}"

    def __repr__(self) -> str:
        return f"Sketchpad({self.description()})"

    # --- inside -----------------------------------------------------------------------------

    def _lines(self, sheet: Sheet) -> Tensor:
        last = len(self.drawings) - 1
        if sheet.number is None:
            lines = blank()
        elif type(sheet.number) is int and 0 <= sheet.number <= last:
            lines = data.to_unit_range(self.drawings.images[sheet.number])
        else:
            raise ValueError(f"a drawing from 0 to {last} was needed, and {sheet.number!r} came.")
        for tool, width, points in sheet.strokes:
            lines = draw_stroke(lines, points, width=width, rub_out=tool == "eraser")
        return lines[None]

    @torch.no_grad()
    def _coloured(self, lines: Tensor, seed: int) -> Tensor:
        if type(seed) is not int or not 0 <= seed <= LAST_SEED:
            raise ValueError(f"a seed from 0 to {LAST_SEED} was needed, and {seed!r} came.")
        with self._one_thread():
            z = latent.draw(1, self.colourer.latent_dim, seed=seed)
            picture: Tensor = self.colourer(as_conditions(lines), z)
            return picture

    def _words(self, sheet: Sheet) -> str:
        base = "An empty sheet" if sheet.number is None else f"Drawing {sheet.number}"
        strokes = len(sheet.strokes)
        more = f" with {strokes} stroke{'s' if strokes > 1 else ''} of your own" if strokes else ""
        return f"{base}{more}; colouring {sheet.seed}."

    def _stroke_drawn(self, points: list[tuple[float, float]]) -> None:
        self.draw(list(points), tool=self.tool.value, width=self.width.value)

    def _moved(self, field: str, value: Any) -> None:
        if not self._quiet:
            setattr(self, field, value)

    def _change(self, what: str, sheet: Callable[[], Sheet]) -> None:
        """Draws first: a sheet that cannot be drawn is never taken over."""
        try:
            with self._reporting("Not done"):
                wanted = sheet()
                self._draw(wanted)
            if wanted != self.state:
                self._undo.change(wanted, what)
        finally:
            self._show_controls()

    def _draw(self, sheet: Sheet) -> None:
        lines, words = self._lines(sheet), self._words(sheet)
        colours = self._coloured(lines, sheet.seed)
        self.paper.show_pixels(plots.to_grid(lines, 1), f"{words} The lines: draw here.")
        self.picture.show_pixels(plots.to_grid(colours, 1), f"{words} In colour.")
        self.status.value = f'<div role="status" aria-live="polite">{html.escape(words)}</div>'

    def _show_controls(self) -> None:
        self._quiet = True
        try:
            self.seed_field.value = self.state.seed
            if self.state.number is not None:
                self.number_field.value = self.state.number
        finally:
            self._quiet = False
        super()._show_controls()

    def _download(self) -> None:
        self.picture.download("coloured_drawing.png", self.still_png(), "image/png")
