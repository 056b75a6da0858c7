"""Lesson 05: the training film, which moves without a kernel too, and as a GIF to take home."""

import base64
import io
import math
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from stablegen_lib import plots
from stablegen_lib.plumbing.bounds import at_least
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.files import named, write_atomically
from stablegen_lib.training.snapshots import Snapshot, Snapshots
from stablegen_lib.widgets.small_chart import INK, font

SIDE, HEAD, COLOURS = 340, 28, 64  # pixels of the pictures, about, and of the line above; a small file
MILLISECONDS, REST = 300, 2_000  # for each picture, and for the last one
PLAYS = 3  # in a page; what `save` writes never ends


class TrainingFilm:
    """The same z after more and more steps, as a small film; the last line of a cell shows it.

    In the page it plays three times and rests on the last picture; the Timeline is the one to
    stop and scrub. ``film.save("training.gif")`` writes a GIF that plays for ever.

    Args:
        snapshots: What ``Snapshots`` recorded, or ``Snapshots.load`` read.
        frames: At most so many pictures, evenly spread over the recorded ones.

    Raises:
        ValueError: If nothing has been recorded, or fewer than 2 frames are asked for.
    """

    @door(frames=at_least(2))
    def __init__(self, snapshots: Snapshots, *, frames: int = 12) -> None:
        if not len(snapshots):
            raise ValueError("no snapshots yet: call snapshots.record(model, step) in the training loop.")
        recorded, last = snapshots.snapshots, len(snapshots) - 1
        chosen = sorted({round(last * number / (frames - 1)) for number in range(frames)})
        self.shots: list[Snapshot] = [recorded[number] for number in chosen]

    def __len__(self) -> int:
        return len(self.shots)

    def __repr__(self) -> str:
        return f"TrainingFilm({len(self)} pictures, step {self.shots[0].number} to {self.shots[-1].number})"

    def gif(self) -> bytes:
        """The film as a GIF file that plays for ever."""
        first, *others = self._drawn()
        buffer = io.BytesIO()
        times = [MILLISECONDS] * len(others) + [REST]
        first.save(buffer, "GIF", save_all=True, append_images=others, duration=times, optimize=True, loop=0)
        return buffer.getvalue()

    def png(self) -> bytes:
        """The film as an animated PNG, which stops at its last picture.

        Readers of notebooks know PNG everywhere and GIF hardly anywhere; those that cannot play it
        show the last picture.
        """
        drawn = self._drawn()
        buffer = io.BytesIO()
        times = [MILLISECONDS] * (len(drawn) - 1) + [REST]
        drawn[-1].save(
            buffer, "PNG", save_all=True, append_images=drawn, default_image=True, duration=times, loop=PLAYS
        )
        return buffer.getvalue()

    def _drawn(self) -> list[Image.Image]:
        """All pictures in the colours of the last one."""
        frames = [self._frame(shot) for shot in self.shots]
        palette = frames[-1].quantize(COLOURS, dither=Image.Dither.NONE)
        return [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]

    @door()
    def save(self, path: str | Path) -> None:
        """Writes the GIF."""
        write_atomically(named(path), self.gif())

    def description(self) -> str:
        """What the film shows, in a sentence."""
        return (
            f"A film of the same {len(self.shots[0].images)} pictures from step {self.shots[0].number} to "
            f"step {self.shots[-1].number}: what the generator draws becomes clearer."
        )

    def _frame(self, shot: Snapshot) -> Image.Image:
        columns = math.ceil(math.sqrt(len(shot.images)))
        grid = Image.fromarray(plots.to_grid(shot.images, columns).numpy())
        scale = max(1, SIDE // grid.width)
        grid = grid.resize((grid.width * scale, grid.height * scale), Image.Resampling.NEAREST)
        page = Image.new("RGB", (grid.width, grid.height + HEAD), "white")
        page.paste(grid, (0, HEAD))
        words = f"step {shot.number:,}"
        ImageDraw.Draw(page).text((4, HEAD / 2), words, fill=INK, font=font(16), anchor="lm")
        return page

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[Any, Any]:
        """The film for every reader of notebooks."""
        data = {"text/plain": repr(self), "image/png": base64.b64encode(self.png()).decode("ascii")}
        return data, {"image/png": {"alt": self.description()}}
