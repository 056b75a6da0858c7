"""Gaps of lesson 08, image generation."""

from collections.abc import Callable

import torch
from torch import Tensor

from stablegen_lib.course.exercises import judging
from stablegen_lib.course.missing_lines import fills


@fills(
    "08.a",
    "somebody else's conditions",
    cases=lambda: [(torch.rand(6, 3), torch.randperm(6)), (torch.rand(9, 2), torch.randperm(9))],
    mistakes=(
        (
            lambda conditions, order: conditions[:, order[: conditions.shape[1]].argsort()],
            "the rows change places.",
        ),
        (lambda conditions, order: conditions, "these are still everybody's own."),
        (lambda conditions, order: conditions[order[0]].expand_as(conditions), "everybody got the same one."),
    ),
)
def of_somebody_else(conditions: Tensor, order: Tensor) -> Tensor:
    return conditions[order]


OFFSETS = torch.tensor([0.0, 10.0, 30.0, 60.0])


def _cloud(count: int) -> Tensor:
    return torch.rand(count, 1).double() + OFFSETS  # every feature of a picture tells all the others


def _together(result: object, given: tuple[Tensor]) -> object:
    """The values of each feature; and whether the features of a picture still belong together."""
    if not isinstance(result, Tensor) or result.shape != given[0].shape or result.dtype != given[0].dtype:
        return result
    alike = (result - result[:, :1] - OFFSETS).abs() < 1e-6
    return torch.cat([result.sort(dim=0).values, (alike.double().mean(dim=0) > 0.5).double()[None]])


@fills(
    "08.b",
    "features that do not know each other",
    cases=lambda: [(_cloud(40),), (_cloud(30),)],
    mistakes=(
        (lambda cloud: cloud[torch.randperm(len(cloud))],
         "each picture still has its own features, wherever it stands now. Each column needs its own order."),
        (lambda cloud: cloud[:, torch.arange(cloud.shape[1]).flip(0)],
         "the columns changed places. Each feature keeps its values, in another order of the pictures."),
    ),
    outcome=_together,
)  # fmt: skip
def strangers(cloud: Tensor) -> Tensor:
    return torch.stack([column[torch.randperm(len(column))] for column in cloud.T], dim=1)


def _table(count: int) -> Tensor:
    alike = torch.rand(count, count)
    return alike + alike.T + 5 * torch.eye(count)


@fills(
    "08.c",
    "the pairs inside a crowd",
    cases=lambda: [(_table(6),), (_table(9),)],
    mistakes=(
        (lambda table: table.mean(),
         "on the diagonal each picture stands beside itself, the most alike of all. Across two crowds no "
         "such pair exists, so here it must not count either."),
        (lambda table: (table.sum() - table.trace()) / table.numel(),
         "the diagonal is out of the sum, but still in the number of entries."),
        (lambda table: table.sum() - table.trace(), "that is the sum of the right entries. Take their mean."),
        (lambda table: table.diagonal().mean(), "that is the diagonal: each picture beside itself."),
    ),
)  # fmt: skip
def within(table: Tensor) -> Tensor:
    count = len(table)
    return (table.sum() - table.trace()) / (count * (count - 1))


@fills(
    "08.d",
    "density",
    cases=lambda: [(torch.rand(12, 15), torch.rand(12), 5), (torch.rand(9, 7), torch.rand(9), 2)],
    mistakes=(
        (
            lambda distances, radii, k: (distances < radii[:, None]).any(dim=1).float().mean(),
            "that is coverage. Density counts a point once for each ball that it lies in.",
        ),
        (
            lambda distances, radii, k: (distances < radii[:, None]).sum() / distances.shape[1],
            "divide by the neighbours too: so real points get about 1.",
        ),
        (
            lambda distances, radii, k: (distances < radii[:, None]).sum() / (k * distances.shape[0]),
            "divide by the number of *generated* points: the second dimension.",
        ),
    ),
)
def density(distances: Tensor, radii: Tensor, neighbours: int) -> Tensor:
    return (distances < radii[:, None]).sum() / (neighbours * distances.shape[1])


@fills(
    "08.e",
    "when a measure notices",
    cases=lambda: [
        (600.0, 400.0, 1.25), (0.5, 0.9, 0.8), (0.9, 1.9, 0.5), (1.1, 0.9, 1.25), (0.2, 0.4, 1.25),
        (420.0, 400.0, 1.25), (200.0, 400.0, 1.25), (1.0, 0.9, 0.8), (0.85, 0.9, 0.8),
    ],
    mistakes=(
        (
            lambda now, honest, limit: now > limit if limit > 1 else now < limit,
            "the limit counts in times the honest value.",
        ),
        (
            lambda now, honest, limit: now > honest if limit > 1 else now < honest,
            "a little worse is noise. It must be worse than `limit` times the honest value.",
        ),
        (
            lambda now, honest, limit: abs(now / honest - 1) > abs(limit - 1),
            "that notices what is much *better*, too. Only worse counts.",
        ),
        (
            lambda now, honest, limit: now > limit * honest,
            "with a limit below 1, *less* is worse: take the other direction there.",
        ),
        (
            lambda now, honest, limit: now < limit * honest,
            "with a limit above 1, *more* is worse: take the other direction there.",
        ),
    ),
    outcome=judging.yes_or_no,
)  # fmt: skip
def notices(now: float, honest: float, limit: float) -> bool:
    return now > limit * honest if limit > 1 else now < limit * honest


@fills(
    "08.f",
    "a mode collapse",
    cases=lambda: [(torch.randn(7, 3, 2, 2), 3), (torch.randn(25, 1, 2, 2), 10)],
    mistakes=(
        (
            lambda pictures, kinds: pictures[:kinds],
            "those are the kinds. The crowd must stay as large as it was.",
        ),
        (
            lambda pictures, kinds: pictures[:kinds].repeat_interleave(-(-len(pictures) // kinds), 0)[
                : len(pictures)
            ],
            "the right faces, but first one many times, then the next: begin again after the last.",
        ),
    ),
)
def ten_faces(pictures: Tensor, kinds: int) -> Tensor:
    return pictures[torch.arange(len(pictures)) % kinds]


def _to(target: Tensor) -> Callable[[Tensor], Tensor]:
    return lambda pictures: (pictures - target).flatten(1).norm(dim=1)


@fills(
    "08.g",
    "copies that have moved",
    cases=lambda: [
        (_to(torch.rand(3, 4, 6)), torch.rand(9, 3, 4, 6)),
        (_to(torch.rand(1, 5, 5)), torch.rand(12, 1, 5, 5)),
    ],
    mistakes=(
        (lambda near, pictures: near(pictures), "that looks where the picture stands now, and nowhere else."),
        (lambda near, pictures: near(pictures.roll(-1, dims=3)),
         "that finds copies that were moved to the right, and no others. Try all three places."),
        (lambda near, pictures: torch.stack([near(pictures.roll(s, dims=3)) for s in (-1, 1)]).amin(dim=0),
         "a copy that never moved would now escape. Try the place where it stands, too."),
        (lambda near, pictures: torch.stack([near(pictures.roll(s, dims=2)) for s in (-1, 0, 1)]).amin(dim=0),
         "that moves them up and down. Columns are the last dimension."),
        (lambda near, pictures: torch.stack([near(pictures.roll(s, dims=3)) for s in (-1, 0, 1)]).mean(dim=0),
         "a copy is near in *one* place. The mean over places hides it."),
    ),
)  # fmt: skip
def near_when_moved(near: Callable[[Tensor], Tensor], pictures: Tensor) -> Tensor:
    return torch.stack([near(pictures.roll(step, dims=3)) for step in (-1, 0, 1)]).amin(dim=0)


@fills(
    "08.h",
    "specks in a corner",
    cases=lambda: [(torch.randn(7, 3, 8, 8),), (torch.randn(5, 1, 6, 6),)],
    mistakes=(
        (lambda pictures: pictures.std(dim=(2, 3)).median(), "that is the whole picture, not its corner."),
        (
            lambda pictures: pictures[..., :4, -4:].std(dim=(2, 3)).median(),
            "that is the corner at the top right. The last dimension counts from the left.",
        ),
        (
            lambda pictures: pictures[..., -4:, :4].std(dim=(2, 3)).median(),
            "that is a corner at the bottom. Rows count from the top.",
        ),
        (
            lambda pictures: pictures[:, :, :4, :4].std(dim=(1, 2, 3)).median(),
            "that takes the three colours together: an even orange would count as speckled. Each for itself.",
        ),
        (
            lambda pictures: pictures[:, :, :4, :4].std(dim=(2, 3), unbiased=False).median(),
            "take torch's own `std`, which divides by one less than the number of pixels.",
        ),
        (
            lambda pictures: pictures[:, :, :4, :4].std(),
            "that mixes the pictures. Spread inside each: dim=(2, 3).",
        ),
        (
            lambda pictures: pictures[:, :, :4, :4].std(dim=(2, 3)).mean(),
            "that is the mean. A few wild corners move it; take the median.",
        ),
    ),
)
def specks(pictures: Tensor) -> Tensor:
    return pictures[:, :, :4, :4].std(dim=(2, 3)).median()
