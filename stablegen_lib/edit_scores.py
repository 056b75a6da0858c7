"""How good is an edit? Measured against twins, which show the right answer, beside simple baselines.

`stablegen_lib.editing` re-exports everything public here; write `editing.score_edits`.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor

from stablegen_lib.data import ImageSet, Twins, to_unit_range
from stablegen_lib.metrics import AttributeClassifier, obeyed

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


def score_edits(
    pictures: Float[Tensor, "pair channel height width"], twins: Twins, judge: AttributeClassifier
) -> EditScores:
    """Compares edited pictures with the twins.

    Args:
        pictures: One for each pair, in [-1, 1].
        twins: The pairs: originals and right answers.
        judge: Reads attributes. It errs too: score the twins themselves for its ceiling.

    Raises:
        ValueError: If there are not as many pictures as pairs.
    """
    if len(pictures) != len(twins):
        raise ValueError(f"{len(twins)} pictures, one for each pair, were needed; {len(pictures)} came.")
    squares = (pictures - to_unit_range(twins.edited.images)).square().mean(dim=1, keepdim=True)
    changed = (twins.edited.images != twins.originals.images).any(dim=1, keepdim=True)
    seen = obeyed(judge, pictures, twins.edited.conditions)
    names = [edit.split(" ")[0] for edit in twins.edits]  # "hat no->yes" is about the hat
    hits = torch.stack(list(seen.values()), dim=1).float()
    about = torch.tensor([list(seen).index(name) for name in names])[:, None]
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
    """The baselines that need no network: what faces with an attribute look like on average.

    Args:
        faces: The training split.
    """

    def __init__(self, faces: ImageSet) -> None:
        pixels = to_unit_range(faces.images)
        shares = faces.conditions / faces.conditions.sum(dim=0).clamp(min=1)
        self.means = torch.einsum("nk,nchw->kchw", shares, pixels)
        self.groups = faces.groups

    def mean_face(self, twins: Twins) -> Float[Tensor, "pair channel height width"]:
        """For each pair the average training face that has the value asked for."""
        return self.means[self._columns(twins, twins.edited)]

    def paste(
        self, twins: Twins, threshold: float | int = THRESHOLD
    ) -> Float[Tensor, "pair channel height width"]:
        """Each original with the average patch of the value asked for.

        The patch reaches as far as the averages with and without the change differ by more than
        the threshold in some colour.
        """
        after, before = self.mean_face(twins), self.means[self._columns(twins, twins.originals)]
        patch = (after - before).abs().amax(dim=1, keepdim=True) > threshold
        return torch.where(patch, after, to_unit_range(twins.originals.images))

    def _columns(self, twins: Twins, of: ImageSet) -> Int64[Tensor, " pair"]:
        """The column of x that holds each pair's edited attribute."""
        groups = [self.groups[edit.split(" ")[0]] for edit in twins.edits]
        found = [
            group.start + int(row[group].argmax()) for group, row in zip(groups, of.conditions, strict=True)
        ]
        return torch.tensor(found)


def _root_mean(squares: Tensor, where: Bool[Tensor, "pair 1 height width"]) -> Float[Tensor, " pair"]:
    count = where.sum(dim=(1, 2, 3)).clamp(min=1)
    root: Tensor = ((squares * where).sum(dim=(1, 2, 3)) / count).sqrt()
    return root
