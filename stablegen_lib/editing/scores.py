"""How good is an edit, measured against twins; does a colouring keep its lines, and does z change it?"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor

from stablegen_lib.data import ByAttribute, ImageSet, Twins, to_bytes, to_unit_range
from stablegen_lib.metrics import AttributeClassifier, obeyed
from stablegen_lib.plumbing.doors import door

INK = -0.6  # a pixel of a drawing at most so bright is surely ink,
WHITE = 0.9  # and at least so bright surely paper
DARK = -0.45  # brightest colour channel; the darkest colour of the peeps is brighter, ink is darker
THRESHOLD = 0.3  # of a patch; the best of several for the twins of the first 1,000 test persons


@dataclass(frozen=True, eq=False)
class EditScores:
    """One number for each pair. Errors are roots of mean squares; pixels run from −1 to 1.

    Attributes:
        error: Difference to the twin, over the whole picture.
        inside: The same where the twin differs from the original: what should change.
        outside: The same everywhere else: what must stay.
        success: 1 where the classifier sees the new value, else 0.
        kept: Share of the other attributes that the classifier still sees as they were.
    """

    error: Float[Tensor, " pair"]
    inside: Float[Tensor, " pair"]
    outside: Float[Tensor, " pair"]
    success: Float[Tensor, " pair"]
    kept: Float[Tensor, " pair"]

    def __repr__(self) -> str:
        means = ", ".join(f"{name}={float(value.mean()):.3f}" for name, value in vars(self).items())
        return f"EditScores({means})"


@door()
def score_edits(
    pictures: Float[Tensor, "pair channel height width"], twins: Twins, judge: AttributeClassifier
) -> EditScores:
    """Compares edited pictures with the twins.

    Args:
        pictures: One for each pair, in [-1, 1].
        twins: The pairs: originals and right answers.
        judge: Reads attributes. It errs too: score the twins themselves for its ceiling.

    Raises:
        ValueError: If there are not as many pictures as pairs, or they are of another size.
    """
    if pictures.shape != twins.edited.images.shape:
        raise ValueError(f"one picture for each pair was needed, {tuple(twins.edited.images.shape)}; "
                         f"{tuple(pictures.shape)} came.")  # fmt: skip
    squares = (pictures - to_unit_range(twins.edited.images)).square().mean(dim=1, keepdim=True)
    changed = (twins.edited.images != twins.originals.images).any(dim=1, keepdim=True)
    seen = obeyed(judge, pictures, twins.edited.conditions)
    hits = torch.stack(list(seen.values()), dim=1).float()
    place = ByAttribute({name: number for number, name in enumerate(seen)})
    about = torch.tensor([place[name] for name in twins.about])[:, None]
    success = hits.gather(1, about).squeeze(1)
    kept = (hits.sum(dim=1) - success) / (hits.shape[1] - 1)
    return EditScores(
        error=_root_mean(squares, torch.ones_like(changed)),
        inside=_root_mean(squares, changed),
        outside=_root_mean(squares, ~changed),
        success=success,
        kept=kept,
    )


class Patches:
    """The baselines that need no network: pieces of training faces with an attribute, or their average.

    Args:
        faces: The training split.
    """

    @door()
    def __init__(self, faces: ImageSet) -> None:
        self.pixels, self.conditions = to_unit_range(faces.images), faces.conditions
        shares = faces.conditions / faces.conditions.sum(dim=0).clamp(min=1)
        self.means = torch.einsum("nk,nchw->kchw", shares, self.pixels)
        self.groups = faces.groups

    @door()
    def mean_face(self, twins: Twins) -> Float[Tensor, "pair channel height width"]:
        """For each pair the average training face that has the value asked for."""
        return self.means[self._columns(twins, twins.edited)]

    @door()
    def paste(
        self, twins: Twins, threshold: float | int = THRESHOLD
    ) -> Float[Tensor, "pair channel height width"]:
        """Each original with the average patch of the value asked for.

        The patch reaches as far as the averages with and without the change differ by more than
        the threshold in some colour.
        """
        return self._pasted(self.mean_face(twins), twins, threshold)

    @door()
    def borrow(
        self, twins: Twins, *, seed: int = 0, threshold: float | int = THRESHOLD
    ) -> Float[Tensor, "pair channel height width"]:
        """Each original with a piece of *one* training face: a single guess, where `paste` is an average.

        The face has the value asked for, and agrees with the rest of the new x in as many attributes as
        any such face does; which of these it is, the seed decides. The piece reaches as far as in `paste`.
        """
        wanted, columns = twins.edited.conditions, self._columns(twins, twins.edited)
        random = torch.Generator().manual_seed(seed)
        ties = 0.9 * torch.rand(len(wanted), len(self.conditions), generator=random)
        fit = wanted @ self.conditions.T + len(self.groups) * self.conditions[:, columns].T + ties
        return self._pasted(self.pixels[fit.argmax(dim=1)], twins, threshold)

    def _pasted(self, pictures: Tensor, twins: Twins, threshold: float) -> Tensor:
        """The originals, with these pictures where the averages with and without the change differ."""
        after, before = self.mean_face(twins), self.means[self._columns(twins, twins.originals)]
        place = (after - before).abs().amax(dim=1, keepdim=True) > threshold
        return torch.where(place, pictures, to_unit_range(twins.originals.images))

    def _columns(self, twins: Twins, of: ImageSet) -> Int64[Tensor, " pair"]:
        """The column of x that holds each pair's edited attribute."""
        groups = [self.groups[name] for name in twins.about]
        found = [
            group.start + int(row[group].argmax()) for group, row in zip(groups, of.conditions, strict=True)
        ]
        return torch.tensor(found)


def _root_mean(squares: Tensor, where: Bool[Tensor, "pair 1 height width"]) -> Float[Tensor, " pair"]:
    count = where.sum(dim=(1, 2, 3)).clamp(min=1)
    root: Tensor = ((squares * where).sum(dim=(1, 2, 3)) / count).sqrt()
    return root


@dataclass(frozen=True)
class LineScores:
    """Shares in [0, 1].

    Attributes:
        kept: Of the pixels that are surely ink in the drawing, those that are dark in the picture.
        invented: Of the pixels that are surely paper, those that are dark in the picture.
    """

    kept: float
    invented: float


@door()
def line_scores(
    pictures: Float[Tensor, "count 3 height width"], lines: Float[Tensor, "count 1 height width"]
) -> LineScores:
    """How well pictures follow their line drawings.

    Args:
        pictures: In [-1, 1].
        lines: Their drawings, ink −1 and paper 1.

    Raises:
        ValueError: If the numbers or sizes differ, or there is no ink, or no paper.
    """
    dark = pictures.amax(dim=1, keepdim=True) < DARK
    ink, paper = lines <= INK, lines >= WHITE
    if not bool(ink.any()) or not bool(paper.any()):
        raise ValueError("drawings with ink and with paper were needed.")
    return LineScores(float(dark[ink].float().mean()), float(dark[paper].float().mean()))


@door()
def variety(
    first: Float[Tensor, "count 3 height width"],
    second: Float[Tensor, "count 3 height width"],
    lines: Float[Tensor, "count 1 height width"],
) -> Float[Tensor, " count"]:
    """How far two colourings of one drawing are apart, where the drawing leaves the colour free.

    Args:
        first: One colouring of each drawing, in [-1, 1].
        second: Another one.
        lines: The drawings.

    Returns:
        Roots of the mean squared difference over the pixels that are surely paper.
    """
    paper = (lines >= WHITE).float()
    squares = (first - second).square().mean(dim=1, keepdim=True) * paper
    apart: Tensor = (squares.sum(dim=(1, 2, 3)) / paper.sum(dim=(1, 2, 3)).clamp(min=1)).sqrt()
    return apart


@door()
def seen_before(
    lines: Float[Tensor, "count 1 height width"], training: Float[Tensor, "other 1 height width"]
) -> list[int | None]:
    """For each drawing the first training picture with the very same lines, or None."""
    known: dict[bytes, int] = {}
    for index, drawing in enumerate(training):
        known.setdefault(_key(drawing), index)
    return [known.get(_key(drawing)) for drawing in lines]


def _key(drawing: Tensor) -> bytes:
    return to_bytes(drawing).numpy().tobytes()
