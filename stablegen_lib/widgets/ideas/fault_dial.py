"""Lesson 08: four faults to turn up, and seven measures that notice them or do not."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float
from PIL import Image, ImageDraw
from torch import Tensor

from stablegen_lib import plots
from stablegen_lib.data import ImageSet, to_unit_range
from stablegen_lib.data.names import find_attribute
from stablegen_lib.metrics import AttributeClassifier, Report, Yardstick
from stablegen_lib.plots import BLUE, ORANGE
from stablegen_lib.plumbing.doors import door
from stablegen_lib.widgets.controls import Setting
from stablegen_lib.widgets.ideas.base import Follower, page, slider
from stablegen_lib.widgets.small_chart import GREY, INK
from stablegen_lib.widgets.stills import font

SHOWN, SCALE = 9, 3  # pictures above the measures, and their enlargement
LIMITS = {
    "Fréchet distance": 1.25,
    "kernel distance": 1.25,
    "density": 0.8,
    "coverage": 0.8,
    "as asked, all": 0.8,
    "spread, same x": 0.5,
    "memorisation": 0.5,
}
"""A measure notices when it is so many times what the honest pictures get: more for distances, else less."""
NEAR_ZERO = {"kernel distance": 0.02}
"""What lies near 0 by chance must also differ by so much, and is divided by no less than half of that."""
ROW, LEFT, RIGHT, AXIS = 26, 222, 400, 12.0  # pixels; the axis goes from 1/12 to 12 times the real value
WIDTH = 480


@dataclass(frozen=True)
class Faults:
    """How much of each fault: blur 0 to 1, noise, share of copies, and how many hair colours are dropped."""

    blur: float
    noise: float
    copies: float
    dropped: int


class FaultDial(Follower):
    """Spoils pictures of a generator in four ways while seven measures look on.

    Blur mixes each pixel with its neighbours, noise adds random numbers, copies are training pictures
    in place of generated ones, and for a dropped value of the attribute another picture is dealt
    out. From Python: ``dial.blur = 0.5``, and the same for ``noise``, ``copies`` and ``dropped``.

    Args:
        images: Generated pictures, in [-1, 1]; the honest crowd.
        conditions: What each of them was asked to show.
        judge: Trained on real pictures; gives the features, and reads attributes.
        training: What the generator learnt from; the copies come from here.
        reference: Held-out real pictures, as many or more; distances are measured to them.
        other: More of them, as many: what real pictures get.
        modes: The attribute of which values can be left out.
        seed: Decides the noise, and which pictures become copies first.

    Raises:
        ValueError: If there are fewer real pictures than generated ones, or no such attribute.
    """

    INVITATION = "Run this notebook to turn the dials."

    blur, noise, copies, dropped = (Setting() for _ in range(4))

    @door()
    def __init__(
        self,
        images: Float[Tensor, "count channel height width"],
        conditions: Float[Tensor, "count condition"],
        *,
        judge: AttributeClassifier,
        training: ImageSet,
        reference: ImageSet,
        other: ImageSet,
        modes: str = "hair colour",
        seed: int = 0,
    ) -> None:
        count = len(images)
        if training.condition_names != judge.condition_names:
            raise ValueError("training pictures with the attributes of the judge were needed; others came.")
        if min(len(reference), len(other)) < count:
            raise ValueError(
                f"{count} held-out pictures of each kind were needed; {len(reference)} and {len(other)} came."
            )
        modes = find_attribute(modes, training.groups)
        self._kind = modes
        self.images, self.conditions = images.float(), conditions.float()
        kinds = tuple(name for name in training.groups if name in ("glasses", "hat", "beard", "hair"))
        crowds = {"training": training, "reference": reference[:count], "other": other[:count]}
        self._ruler = Yardstick(judge, **crowds, same=kinds)
        self._honest = self._ruler.report(images, conditions)
        self._modes = conditions[:, training.groups[modes]].argmax(dim=1)
        self._prepare(training, seed)
        self._set_up(
            {
                "blur": slider("blur", 0.0, 1.0, 0.05, 0.0),
                "noise": slider("noise", 0.0, 0.5, 0.02, 0.0),
                "copies": slider("share of copies", 0.0, 1.0, 0.05, 0.0),
                "dropped": slider(f"{modes}s left out", 0, max(1, int(self._modes.max())), 1, 0),
            }
        )

    def _prepare(self, training: ImageSet, seed: int) -> None:
        """The noise, the copies that fit best, and the order in which pictures become copies."""
        random = torch.Generator().manual_seed(seed)
        count = len(self.images)
        self._noise = torch.randn(self.images.shape, generator=random)
        self._order = torch.randperm(count, generator=random)
        ties = 0.9 * torch.rand(count, len(training), generator=random)
        fit = self.conditions @ training.conditions.T + ties
        self._copies = to_unit_range(training.images[fit.argmax(dim=1)])

    @property
    def faults(self) -> Faults:
        """How far each dial is turned up."""
        return Faults(self.blur, self.noise, self.copies, self.dropped)

    def spoilt(self) -> Float[Tensor, "count channel height width"]:
        """The pictures with these faults."""
        faults, images = self.faults, self.images[self._dealt()]
        copied = self._order[: round(faults.copies * len(images))]
        images[copied] = self._copies[copied]
        around = F.avg_pool2d(F.pad(images, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
        return (images + faults.blur * (around - images) + faults.noise * self._noise).clamp(-1, 1)

    def _dealt(self) -> Tensor:
        """Which generated picture each place gets: a dropped mode's come from the others, in turn."""
        kept = self._modes >= self.dropped
        chosen = torch.arange(len(self._modes))
        others = chosen[kept] if kept.any() else chosen
        chosen[~kept] = others[torch.arange(int((~kept).sum())) % len(others)]
        return chosen

    @property
    def report(self) -> Report:
        """All measures of the present pictures."""
        return self._report

    def noticed(self) -> list[str]:
        """The measures that are clearly worse than for the honest pictures; ``LIMITS`` says how much."""
        found = []
        for name, limit in LIMITS.items():
            now, honest = self._report[name], self._honest[name]
            worse = now > limit * honest if limit > 1 else now < limit * honest
            if worse and abs(now - honest) >= NEAR_ZERO.get(name, 0.0):
                found.append(name)
        return found

    def _follow(self, name: str) -> None:
        with self._one_thread():
            self._pictures = self.spoilt()
            self._report = self._ruler.report(self._pictures, self.conditions)
        super()._follow(name)

    def draw(self) -> Image.Image:
        """Some of the pictures, and below them a row for each measure."""
        grid = Image.fromarray(plots.to_grid(self._pictures[:SHOWN], SHOWN).numpy())
        scale = max(1, min(SCALE, WIDTH // grid.width))
        grid = grid.resize((grid.width * scale, grid.height * scale), Image.Resampling.NEAREST)
        top = grid.height + 62
        bottom = top + ROW * len(LIMITS)
        picture = page(WIDTH, bottom + 30 + 18 * len(self._notes()))
        picture.paste(grid, (0, 0))
        pen = ImageDraw.Draw(picture)
        heads = (
            (4, "measure", "lm"), (158, "spoilt", "rm"), (212, "before", "rm"),
            (LEFT, "how many times that of real ones", "lm"),
        )  # fmt: skip
        for x, words, anchor in heads:
            pen.text((x, top - 18), words, fill=INK, font=font(12), anchor=anchor)
        noticed = self.noticed()
        for number, name in enumerate(LIMITS):
            self._draw_row(pen, top + ROW * number + ROW // 2, name, name in noticed)
        for times in (0.1, 1, 10):
            pen.text((_column(times), bottom + 10), f"{times:g}", fill=INK, font=font(12), anchor="mm")
        for line, note in enumerate(self._notes()):
            pen.text((4, bottom + 34 + 18 * line), note, fill=GREY, font=font(11), anchor="lm")
        return picture

    def _notes(self) -> list[str]:
        """What the rows do not say: how two of them are computed."""
        same = ", ".join(self._ruler.same) or "all attributes"
        least = NEAR_ZERO["kernel distance"] / 2
        return [
            "full dot: spoilt; empty ring: before; orange: the measure notices",
            f"spread, same x: here of pictures that agree in {same}",
            f"kernel distance: real ones get about 0, so we divide by {least:g} or more",
        ]

    def _draw_row(self, pen: ImageDraw.ImageDraw, y: int, name: str, noticed: bool) -> None:
        now, honest, real = self._report[name], self._honest[name], self._report.real[name]
        pen.text((4, y), name, fill=INK, font=font(12), anchor="lm")
        for x, value in ((158, now), (212, honest)):
            pen.text((x, y), f"{value:.2g}" if abs(value) < 10 else f"{value:.0f}", fill=INK, font=font(12),
                     anchor="rm")  # fmt: skip
        pen.line((LEFT, y, RIGHT, y), fill="#dddddd")
        pen.line((_column(1), y - 8, _column(1), y + 8), fill=GREY, width=2)
        real = max(real, NEAR_ZERO.get(name, 0.0) / 2)
        before, after = _column(honest / real), _column(now / real)
        pen.line((before, y, after, y), fill=ORANGE if noticed else BLUE, width=4)
        pen.ellipse((before - 5, y - 5, before + 5, y + 5), fill="white", outline=INK)
        pen.ellipse((after - 5, y - 5, after + 5, y + 5), fill=ORANGE if noticed else BLUE)
        if noticed:
            pen.text((RIGHT + 16, y), "notices", fill=INK, font=font(12), anchor="lm")

    def description(self) -> str:
        """The faults, and which measures notice, in words."""
        faults, noticed = self.faults, self.noticed()
        told = f"{len(noticed)} of {len(LIMITS)} measures notice: {', '.join(noticed)}" if noticed else (
            "No measure notices anything")  # fmt: skip
        return (
            f"Blur {faults.blur:.2f}, noise {faults.noise:.2f}, {faults.copies:.0%} copies, "
            f"{faults.dropped} {self._kind}s left out; {len(self.images)} pictures. {told}."
        )


def _column(times: float | int) -> float:
    """Where so many times the real value stands; the axis is logarithmic, and its ends catch the rest."""
    inside = min(max(times, 1 / AXIS), AXIS)
    return LEFT + (RIGHT - LEFT) * (math.log(inside) / math.log(AXIS) + 1) / 2
