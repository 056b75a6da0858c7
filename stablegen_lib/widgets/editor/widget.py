"""Faces edited by hand: choose what a picture shall show, and see before, after, and what changed."""

import html
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets
from jaxtyping import Float
from torch import Tensor

from stablegen_lib import data, plots
from stablegen_lib.editing import FaceEditor, Portrait
from stablegen_lib.plumbing.bounds import FREE
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.files import named, write_atomically
from stablegen_lib.widgets.controls import button
from stablegen_lib.widgets.editor.controls import Controls
from stablegen_lib.widgets.editor.scene import EditorState, Scene
from stablegen_lib.widgets.picture import Picture
from stablegen_lib.widgets.undo import Undo
from stablegen_lib.widgets.undo_panel import UndoPanel
from stablegen_lib.widgets.upload import Sent

SCALE = 12  # screen pixels for each pixel of a face
ROW = {"flex_flow": "row wrap"}
HEADINGS = ("before", "after", "what changed")


class Editor(UndoPanel[EditorState]):
    """Edits faces; the last line of a cell shows it.

    Everything on the screen can be done from Python too: ``editor.number = 7``,
    ``editor.choose(glasses="dark")``, ``editor.open_file("me.png")``, ``editor.undo()``.

    Args:
        editor: What edits; the shipped one when left out.
        faces: Pictures to choose from by number; the test split when left out.
        number: Which one to begin with.

    Raises:
        ValueError: If there is no face of that number.
    """

    INVITATION = "Run this notebook to edit."

    @door(number=FREE)
    def __init__(
        self, editor: FaceEditor | None = None, faces: data.ImageSet | None = None, *, number: int = 0
    ) -> None:
        self._scene = Scene(
            FaceEditor.shipped() if editor is None else editor,
            data.load_faces("test") if faces is None else faces,
        )
        self._undo = Undo(self._scene.start(number))
        self.picture = Picture(scale=SCALE)
        self.controls = Controls(self._scene.values, len(self._scene.faces), self._heard)
        self._lay_out()
        self._draw(self.state)
        self._show_controls()

    def _lay_out(self) -> None:
        self._make_undo_buttons()
        actions = [
            button("as it was", "ask for nothing else than what the picture shows", self.reset),
            button("another guess", "another possible answer", self.guess_again, "random"),
            self.undo_button,
            self.redo_button,
            button("PNG", "download before, after and difference, enlarged", self._download, "download"),
        ]
        side = (3 * (self._scene.editor.image_size + 1) - 1) * SCALE
        cells = "".join(f'<span style="flex:1">{name}</span>' for name in HEADINGS)
        headings = ipywidgets.HTML(f'<div style="display:flex">{cells}</div>', layout={"width": "auto"})
        self.status = ipywidgets.HTML()
        row = ipywidgets.HBox(actions, layout=ROW)
        left = ipywidgets.VBox([headings, self.picture, self.status, row], layout={"width": f"{side + 8}px"})
        self._arrange([ipywidgets.HBox([left, self.controls.box], layout=ROW)])

    # --- what can be done -------------------------------------------------------------------

    @property
    def state(self) -> EditorState:
        """Where the editor stands."""
        return self._undo.state

    @property
    def number(self) -> int:
        """Number of the face; assign another one to open it."""
        return self.state.source

    @number.setter
    def number(self, number: int) -> None:
        self._change("number", lambda: self._scene.start(number))

    @door()
    def choose(self, **values: str) -> None:
        """Asks for attributes: ``choose(glasses="dark", hair_colour="red")``; raw names will do too.

        Raises:
            ValueError: If an attribute or value is unknown; the message lists the known ones.
        """
        self._change(f"choose {sorted(values)}", lambda: self._scene.with_values(self.state, values))

    def reset(self) -> None:
        """Asks for nothing else than what the picture shows."""
        self._change("reset", lambda: self._scene.start(self.state.source))

    def guess_again(self) -> None:
        """Another possible answer: z leaves open what the picture does not show."""
        self._change("guess", lambda: replace(self.state, guess=self.state.guess + 1))

    @door()
    def open_file(self, path: str | Path) -> None:
        """Opens a picture of your own: the centre square, made as small as the faces are.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If the file is no picture that can be read; the message says why.
        """
        path = named(path)
        if not path.is_file():
            raise FileNotFoundError(f"{path} is no file. Check the name, or copy the picture there.")
        self.open_bytes(path.read_bytes(), path.name)

    @door()
    def open_bytes(self, content: bytes, name: str = "picture") -> None:
        """As ``open_file``, for the content of a file."""
        self._change(f"file {name}", lambda: self._scene.add(content, name))

    @door()
    def save_png(self, path: str | Path) -> None:
        """Writes before, after and difference side by side, enlarged without blur."""
        write_atomically(named(path), self.still_png())

    # --- pictures ---------------------------------------------------------------------------

    def portrait(self) -> Portrait:
        """The picture before, with its x and z."""
        return self._scene.portrait(self.state.source)

    def before(self) -> Float[Tensor, "1 channel height width"]:
        """The picture as it was opened, in [-1, 1]."""
        return self.portrait().y

    def after(self) -> Float[Tensor, "1 channel height width"]:
        """The picture as it is asked for."""
        return self._scene.after(self.state)

    def images(self) -> Float[Tensor, "3 channel height width"]:
        """Before, after, and the difference: white where nothing changed, the darker the more."""
        return self._scene.images(self.state)

    def still_png(self) -> bytes:
        """What ``images`` gives as a PNG file, enlarged without blur."""
        return plots.to_png(self.images(), len(HEADINGS), SCALE)

    def description(self) -> str:
        """The present state in words."""
        return self._scene.words(self.state)

    def caption(self) -> str:
        """What the three pictures are, and the invitation."""
        return f"{', '.join(HEADINGS).capitalize()}.  {self.INVITATION}"

    def __repr__(self) -> str:
        return f"Editor({self.description()})"

    # --- inside -----------------------------------------------------------------------------

    def _heard(self, what: str, value: Any) -> None:
        if what == "number":
            self.number = value
        elif what == "file":
            self._open_sent(value)
        else:
            self.choose(**{what: self._scene.values[what][value]})

    def _open_sent(self, sent: Sent) -> None:
        if not sent.problem:
            self.open_bytes(sent.content, sent.name)
        else:
            with self._reporting("Not done"):
                raise ValueError(f"{sent.name} cannot be opened: {sent.problem}.")

    def _change(self, what: str, state: Callable[[], EditorState]) -> None:
        """Draws first: a state that cannot be drawn is never taken over."""
        try:
            with self._reporting("Not done"):
                wanted = state()
                self._draw(wanted)
            if wanted != self.state:
                self._undo.change(wanted, what)
        finally:
            self._show_controls()

    def _draw(self, state: EditorState) -> None:
        words = self._scene.words(state)
        with self._one_thread():
            grid = plots.to_grid(self._scene.images(state), len(HEADINGS))
        self.picture.show_pixels(grid, f"{words} Before, after, and what changed.")
        self.status.value = f'<div role="status" aria-live="polite">{html.escape(words)}</div>'

    def _show_controls(self) -> None:
        known = self.state.source < len(self._scene.faces)
        choices = dict(zip(self._scene.values, self.state.choices, strict=True))
        self.controls.show(self.state.source if known else None, choices)
        super()._show_controls()

    def _download(self) -> None:
        self.picture.download("edited_face.png", self.still_png(), "image/png")
