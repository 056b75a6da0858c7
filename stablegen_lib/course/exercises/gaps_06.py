"""Gaps of lesson 06, latent exploration."""

import torch
from torch import Tensor
from torch.nn.functional import normalize

from stablegen_lib.course.exercises import judging
from stablegen_lib.course.missing_lines import fills


@fills(
    "06.a",
    "the length of z",
    cases=lambda: [(torch.randn(4, 64),), (torch.randn(3, 5),)],
    mistakes=(
        (lambda z: z.square().sum(dim=1), "that is its square: take the root."),
        (lambda z: z.norm(), "that is one length for all: each row has its own, dim=1."),
        (
            lambda z: z.abs().sum(dim=1),
            "that is the way along the axes. Square the entries before you add them.",
        ),
    ),
)
def length(z: Tensor) -> Tensor:
    return z.square().sum(dim=1).sqrt()


@fills(
    "06.b",
    "the turn",
    cases=lambda: [(*normalize(torch.randn(2, 16)), t) for t in (0.3, 0.0, 0.8)],
    mistakes=(
        (lambda a, b, t: (1 - t) * a + t * b, "that is the straight line. The shares are sines."),
        (lambda a, b, t: _turn(b, a, t), "start and end have changed places."),
        (
            lambda a, b, t: torch.sin((1 - t) * torch.acos(a @ b)) * a + torch.sin(t * torch.acos(a @ b)) * b,
            "divide by sin ω, or the result is too short.",
        ),
    ),
)
def turn(a: Tensor, b: Tensor, t: float) -> Tensor:
    return _turn(a, b, t)


def _turn(a: Tensor, b: Tensor, t: float) -> Tensor:
    omega = torch.acos(a @ b)
    return (torch.sin((1 - t) * omega) * a + torch.sin(t * omega) * b) / torch.sin(omega)


@fills(
    "06.c",
    "how far pictures are from each other",
    cases=lambda: [(torch.randn(8, 3, 2, 2),), (torch.randn(6, 1, 4, 4),)],  # even: halves of one length
    mistakes=(
        (
            lambda images: (_halves(images)[0] - _halves(images)[1]).square().mean().sqrt(),
            "that is the error of one pixel. Of a whole picture: flatten(1).norm(dim=1).",
        ),
        (
            lambda images: (_halves(images)[0] - _halves(images)[1]).norm(),
            "that is one norm over all pairs. One for each pair, then the mean.",
        ),
    ),
)
def spread(images: Tensor) -> Tensor:
    one, other = _halves(images)
    return (one - other).flatten(1).square().sum(dim=1).sqrt().mean()


def _halves(images: Tensor) -> tuple[Tensor, Tensor]:
    half = len(images) // 2
    return images[:half], images[half : 2 * half]


@fills(
    "06.d",
    "truncation",
    cases=lambda: [(torch.randn(4, 6), 0.7), (torch.randn(3, 5), 0.0), (torch.randn(2, 5), 1.5)],
    mistakes=(
        (
            lambda z, psi: z.clamp(-psi, psi),
            "that cuts off entries. Here all of them shrink by the same factor.",
        ),
        (lambda z, psi: (1 - psi) * z, "psi is the share that is left."),
        (
            lambda z, psi: psi * z / z.norm(dim=1, keepdim=True),
            "that makes every z equally long: psi is a share.",
        ),
    ),
)
def truncated(z: Tensor, psi: float) -> Tensor:
    return psi * z


@fills(
    "06.e",
    "the direction that is stretched most",
    cases=lambda: [(torch.randn(9, 4).double(),), (torch.randn(12, 6).double(),)],
    mistakes=(
        (
            lambda A: torch.linalg.eigh(A.T @ A).eigenvectors[:, 0],
            "that is the least stretched: the eigenvalues rise.",
        ),
        (
            lambda A: torch.linalg.eigh(A.T @ A).eigenvectors[-1],
            "that is a row. The eigenvectors are columns.",
        ),
        (
            lambda A: torch.linalg.eigh(A.T @ A).eigenvalues[-1],
            "that is how much it is stretched. Which direction is it?",
        ),
        (
            lambda A: torch.linalg.eigh(A.T @ A).eigenvectors[:, -1].abs(),
            "without its signs it is another direction.",
        ),
    ),
    outcome=lambda result, arguments: judging.one_way_round(result),
)
def most_stretched(A: Tensor) -> Tensor:
    direction: Tensor = torch.linalg.eigh(A.T @ A).eigenvectors[:, -1]
    return direction


@fills(
    "06.f",
    "the share of changed readings",
    cases=lambda: [
        (torch.randint(4, (101,)), torch.randint(4, (101,))),
        (torch.arange(8), torch.arange(8) // 2),
    ],
    mistakes=(
        (lambda before, after: (before == after).float().mean(), "that is the share that stayed the same."),
        (lambda before, after: (before != after).sum(), "that is how many. Which share is it?"),
        (
            lambda before, after: (after - before).float().mean(),
            "values are names, not amounts: ask only whether they differ.",
        ),
    ),
)
def changed(before: Tensor, after: Tensor) -> Tensor:
    return (before != after).float().mean()


@fills(
    "06.g",
    "pairs in the right order",
    cases=lambda: [(torch.randn(80), torch.rand(80) < 0.4), (torch.randn(60), torch.rand(60) < 0.6)],
    mistakes=(
        (
            lambda along, has_it: (along[has_it][:, None] < along[~has_it]).float().mean(),
            "the wrong way round: those that have it should lie farther along.",
        ),
        (
            lambda along, has_it: (along[has_it] > 0).float().mean(),
            "that compares with 0. Compare each that has it with each that has not: [:, None].",
        ),
        (
            lambda along, has_it: (along[has_it].mean() > along[~has_it]).float().mean(),
            "that compares with the mean only. All pairs: [:, None].",
        ),
    ),
)
def right_order(along: Tensor, has_it: Tensor) -> Tensor:
    return (along[has_it][:, None] > along[~has_it]).float().mean()


def _groups() -> tuple[list[Tensor], list[Tensor]]:
    plus, minus = ([shift + torch.randn(n, 4) for n in (5, 3)] for shift in (2, 0))
    return plus, minus


@fills(
    "06.h",
    "a sum of brackets",
    cases=lambda: [_groups(), _groups()],
    mistakes=(
        (
            lambda plus, minus: sum(has.mean(dim=0) for has in plus),
            "each bracket is a difference: minus the others.",
        ),
        (
            lambda plus, minus: torch.cat(plus).mean(dim=0) - torch.cat(minus).mean(dim=0),
            "that mixes the groups into one. Each attribute has a bracket of its own.",
        ),
    ),
)
def brackets(plus: list[Tensor], minus: list[Tensor]) -> Tensor:
    pairs = zip(plus, minus, strict=True)
    return torch.stack([has.mean(dim=0) - lacks.mean(dim=0) for has, lacks in pairs]).sum(dim=0)


@fills(
    "06.i",
    "the error of each picture",
    cases=lambda: [
        (torch.randn(4, 3, 2, 2), torch.randn(4, 3, 2, 2)),
        (torch.randn(2, 1, 5, 5), torch.zeros(2, 1, 5, 5)),
    ],
    mistakes=(
        (lambda p, t: (p - t).square().mean(dim=(1, 2, 3)), "that is the mean square. Take its root."),
        (lambda p, t: (p - t).square().mean().sqrt(), "that is one number for all: mean over dim=(1, 2, 3)."),
        (
            lambda p, t: (p - t).abs().mean(dim=(1, 2, 3)),
            "that is the mean absolute difference. Square first.",
        ),
    ),
)
def error_of(pictures: Tensor, targets: Tensor) -> Tensor:
    return (pictures - targets).square().mean(dim=(1, 2, 3)).sqrt()


@fills(
    "06.j",
    "the tail",
    cases=lambda: [(1 + torch.rand(60), 3 + torch.rand(80)), (torch.rand(200), torch.rand(90))],
    mistakes=(
        (lambda d, h: d.mean() / h.mean(), "those are means; a few copies hardly move them."),
        (lambda d, h: torch.quantile(h, 0.01) / torch.quantile(d, 0.01), "upside down: copies must give 0."),
        (
            lambda d, h: d.min() / h.min(),
            "those are the single nearest ones. One per cent is torch.quantile(…, 0.01).",
        ),
        (
            lambda d, h: torch.quantile(d, 0.99) / torch.quantile(h, 0.99),
            "that is the far end; copies are near.",
        ),
    ),
)
def tail_ratio(distances: Tensor, held_out_distances: Tensor) -> Tensor:
    return torch.quantile(distances, 0.01) / torch.quantile(held_out_distances, 0.01)


@fills(
    "06.k",
    "back onto the shell",
    cases=lambda: [(5 * torch.randn(3, 16),), (0.1 * torch.randn(4, 9),)],
    mistakes=(
        (
            lambda z: z / z.norm(dim=1, keepdim=True),
            "so it is 1 long. A typical z is as long as the root of its size.",
        ),
        (
            lambda z: z / z.norm() * z.shape[1] ** 0.5,
            "each row has its own length: norm(dim=1, keepdim=True).",
        ),
        (lambda z: z.clamp(-1, 1), "that bends the direction. Divide by the length."),
    ),
)
def onto_the_shell(z: Tensor) -> Tensor:
    return normalize(z) * torch.tensor(z.shape[1]).sqrt()
