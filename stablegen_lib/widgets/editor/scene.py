"""What an Editor can show: faces by number, pictures of one's own, and what is asked of them."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from stablegen_lib import data
from stablegen_lib.editing import FaceEditor, Portrait
from stablegen_lib.widgets.choices import chosen

SEARCH = 60  # steps after the encoder's guess, for a picture of one's own


@dataclass(frozen=True)
class EditorState:
    """Everything that decides what the Editor shows.

    Attributes:
        source: Number of the face; pictures of your own are counted on after the last one.
        choices: For each attribute the index of the value asked for.
        guess: Which of the possible right answers; 0 is the encoder's.
    """

    source: int
    choices: tuple[int, ...]
    guess: int = 0


class Scene:
    """Opens pictures and edits them as a state says.

    Args:
        editor: What edits.
        faces: Pictures to choose from by number, whose attributes are known.
    """

    def __init__(self, editor: FaceEditor, faces: data.ImageSet) -> None:
        self.editor, self.faces = editor, faces
        self._groups = data.condition_groups(editor.condition_names)
        self.values = data.condition_values(editor.condition_names)
        self._own: list[Portrait] = []
        self._opened: dict[int, Portrait] = {}

    def portrait(self, source: int) -> Portrait:
        """The picture of this number, with its x and z; the last face is kept.

        Raises:
            ValueError: If there is none.
        """
        if type(source) is not int or not 0 <= source < len(self.faces) + len(self._own):
            raise ValueError(
                f"a face number from 0 to {len(self.faces) - 1} was needed, and {source!r} came."
            )
        if source >= len(self.faces):
            return self._own[source - len(self.faces)]
        if source not in self._opened:
            face = self.faces[source : source + 1]
            self._opened = {source: self.editor.open(face.images[0], face.conditions[0])}
        return self._opened[source]

    def start(self, source: int) -> EditorState:
        """A picture with nothing asked of it that it does not show already."""
        x = self.portrait(source).x[0]
        return EditorState(source, tuple(int(x[columns].argmax()) for columns in self._groups.values()))

    def add(self, content: bytes, name: str) -> EditorState:
        """One more picture, from the content of a file.

        Raises:
            ValueError: If it is no picture that can be read; the message says why.
        """
        picture = _read(content, name, self.editor.image_size)
        self._own.append(self.editor.open(picture, steps=SEARCH))
        return self.start(len(self.faces) + len(self._own) - 1)

    def with_values(self, state: EditorState, values: Mapping[str, str]) -> EditorState:
        """With other attributes asked for.

        Raises:
            ValueError: If an attribute or value is unknown; the message lists the known ones.
        """
        return replace(state, choices=chosen(self.values, state.choices, values))

    def after(self, state: EditorState) -> Float[Tensor, "1 channel height width"]:
        """The picture as the state asks for it, in [-1, 1]."""
        new_x = torch.zeros(len(self.editor.condition_names))
        for columns, choice in zip(self._groups.values(), state.choices, strict=True):
            new_x[columns.start + choice] = 1
        return self.editor.edit(self.portrait(state.source), new_x, seed=state.guess)

    def images(self, state: EditorState) -> Float[Tensor, "3 channel height width"]:
        """Before, after, and the difference: white where nothing changed, the darker the more."""
        before, after = self.portrait(state.source).y, self.after(state)
        change = (after - before).abs().amax(dim=1, keepdim=True)  # 0 to 2
        return torch.cat([before, after, (1 - change).expand_as(before)])

    def words(self, state: EditorState) -> str:
        """A state in words, for readers who cannot see it."""
        before = self.start(state.source).choices
        asked = [f"{name} {values[was]} to {values[now]}" for (name, values), was, now
                 in zip(self.values.items(), before, state.choices, strict=True) if was != now]  # fmt: skip
        own = state.source - len(self.faces)
        what = f"Face {state.source}" if own < 0 else f"Your picture {own + 1}"
        guess = f"; guess {state.guess}" if state.guess else ""
        return f"{what}; {', '.join(asked) or 'nothing changed'}{guess}."


def _read(content: bytes, name: str, side: int) -> UInt8[Tensor, "3 height width"]:
    """Read with all the care of ``data.load_folder``, from a folder with this one file."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "picture").write_bytes(content)
        try:
            return data.load_folder(folder, size=side).images[0]
        except ValueError as error:
            reason = str(error).rpartition("picture: ")[2]
            raise ValueError(f"{name} cannot be opened: {reason}. Choose another picture.") from None
