"""Gaps of lesson 09, image editing."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from stablegen_lib.course.missing_lines import fills


def _rows(count: int) -> Tensor:
    return nn.functional.one_hot(torch.randint(6, (count,)), 6).float()


@fills(
    "09.a",
    "change one attribute of x",
    cases=lambda: [(_rows(4), slice(0, 3), 1), (_rows(5), slice(3, 6), 2)],
    mistakes=(
        (lambda x, columns, value: _with(x, columns, value, clear=False),
         "the old value still stands there: an attribute has one value only."),
        (lambda x, columns, value: _with(torch.zeros_like(x), columns, value),
         "the other attributes are gone. Begin with a copy of x."),
        (lambda x, columns, value: x[:, columns],
         "those are the columns of the attribute. All of x is needed."),
        (lambda x, columns, value: x.copy_(_with(x, columns, value)),
         "x itself has changed, and with it the data it was taken from. Begin with x.clone()."),
    ),
    outcome=lambda result, given: (result, given[0]),
)  # fmt: skip
def wished(x: Tensor, columns: slice, value: int) -> Tensor:
    return _with(x, columns, value)


def _with(x: Tensor, columns: slice, value: int, clear: bool = True) -> Tensor:
    x = x.clone()
    if clear:
        x[:, columns] = 0
    x[:, columns.start + value] = 1
    return x


@fills(
    "09.b",
    "the share of pixels that moved",
    cases=lambda: [
        (torch.rand(2, 3, 9, 9), torch.rand(2, 3, 9, 9)),
        (torch.rand(1, 3, 4, 4), torch.zeros(1, 3, 4, 4)),
    ],
    mistakes=(
        (lambda after, before: ((after - before).abs() > 0.2).float().mean(),
         "that counts colours. A pixel moves when *some* of its three colours does: amax(dim=1)."),
        (lambda after, before: ((after - before).amax(dim=1) > 0.2).float().mean(),
         "darker is a move too: take the absolute value."),
        (lambda after, before: ((after - before).abs().amax(dim=1) > 0.2).sum(),
         "that is how many. Which share is it?"),
    ),
)  # fmt: skip
def share_moved(after: Tensor, before: Tensor) -> Tensor:
    return ((after - before).abs().amax(dim=1) > 0.2).float().mean()


class _Drawer(nn.Module):
    """A generator and an encoder for trying things out."""

    def __init__(self, z_size: int) -> None:
        super().__init__()
        self.mix = nn.Linear(2 + z_size, 3)

    def forward(self, x: Tensor, other: Tensor) -> Tensor:
        mixed: Tensor = self.mix(torch.cat([x, other], dim=1))
        return mixed.tanh()


Network = Callable[[Tensor, Tensor], Tensor]


def _networks() -> tuple[Network, Network, Tensor, Tensor, Tensor]:
    return _Drawer(3), _Drawer(3), torch.randn(5, 2), torch.randn(5, 2), torch.randn(5, 3)


@fills(
    "09.c",
    "the encoder's second task",
    cases=lambda: [_networks(), _networks()],
    mistakes=(
        (lambda G, E, x, new_x, z: (G(x, E(x, G(x, z))) - G(x, z)).square().mean(),
         "that is the first task, redrawing. Redraw with new_x, and compare with the truth for new_x."),
        (lambda G, E, x, new_x, z: (G(new_x, E(x, G(x, z))) - G(x, z)).square().mean(),
         "the truth after the edit is G(new_x, z): z is known."),
        (lambda G, E, x, new_x, z: (G(new_x, E(new_x, G(new_x, z))) - G(new_x, z)).square().mean(),
         "the encoder must not see the answer: it gets the drawing with the old x."),
        (lambda G, E, x, new_x, z: (E(x, G(x, z)) - z).square().mean(),
         "that compares z. Different z may draw the same face; compare the pictures."),
    ),
)  # fmt: skip
def task_two(generate: Network, encoder: Network, x: Tensor, new_x: Tensor, z: Tensor) -> Tensor:
    guessed = encoder(x, generate(x, z))
    return (generate(new_x, guessed) - generate(new_x, z)).square().mean()


@fills(
    "09.d",
    "a soft mask",
    cases=lambda: [(torch.randn(2, 3, 4, 4), 0.2, 0.8), (0.3 * torch.randn(1, 3, 5, 5), 0.1, 0.3)],
    mistakes=(
        (lambda difference, low, high: (difference.abs().amax(dim=1, keepdim=True) > low).float(),
         "that is a hard mask. Between low and high it rises in a straight line."),
        (lambda difference, low, high: (difference.abs().amax(1, keepdim=True) - low) / (high - low),
         "the ramp is right. Below 0 and above 1 it must stop: clamp."),
        (
            lambda difference, low, high: (
                (difference.abs().mean(1, keepdim=True) - low) / (high - low)
            ).clamp(0, 1),
            "that is the mean of the colours. The one that differs most counts.",
        ),
        (lambda difference, low, high: ((difference.abs().amax(1) - low) / (high - low)).clamp(0, 1),
         "keep the dimension of the colours, with one entry: keepdim=True."),
    ),
)  # fmt: skip
def soft_mask(difference: Tensor, low: float, high: float) -> Tensor:
    largest = difference.abs().amax(dim=1, keepdim=True)
    return ((largest - low) / (high - low)).clamp(0, 1)


def _pictures() -> tuple[Tensor, Tensor, Tensor]:
    original, edited = torch.rand(2, 3, 4, 4)
    twin = original.clone()
    twin[:, :2] = 1 - twin[:, :2]
    twin[0, 3] += 0.5  # of one colour only: the pixel has changed
    return edited, original, twin


@fills(
    "09.e",
    "the error where something should change",
    cases=lambda: [_pictures(), _pictures()],
    mistakes=(
        (lambda e, o, t: _root((e - t)[:, (t == o).all(dim=0)]),
         "that is the error outside: where nothing changes."),
        (lambda e, o, t: _root(e - t), "that is the error over the whole picture."),
        (lambda e, o, t: _root((e - t)[t != o]), "a pixel counts with all its colours: use .any(dim=0)."),
        (lambda e, o, t: (e - t)[:, (t != o).any(dim=0)].square().mean(),
         "that is the mean square. Take its root."),
    ),
)  # fmt: skip
def inside_error(edited: Tensor, original: Tensor, twin: Tensor) -> Tensor:
    return _root((edited - twin)[:, (twin != original).any(dim=0)])


def _root(differences: Tensor) -> Tensor:
    return differences.square().mean().sqrt()


def _errors() -> list[tuple[Tensor, Tensor]]:
    """Once theirs are twice ours, so that every draw of pairs gains a half; once there is one easy pair."""
    ours, theirs = 1 + 3 * torch.rand(30), 4 + 4 * torch.rand(30)
    theirs[0] = 1e-3
    return [(ours, 2 * ours), (ours, theirs)]


def _told(gain: object, given: tuple[Tensor, Tensor]) -> object:
    """The gain where all draws have the same; else whether anything was drawn, and is near the plain gain."""
    if torch.equal(given[1], 2 * given[0]) or not isinstance(gain, Tensor) or gain.numel() != 1:
        return gain
    off = abs(gain.item() - _gain(*given).item())
    return torch.tensor([float(off > 1e-5), float(off < 0.5)])


def _gain(ours: Tensor, theirs: Tensor) -> Tensor:
    return 1 - ours.mean() / theirs.mean()


def _drawn(errors: Tensor) -> Tensor:
    return errors[torch.randint(len(errors), (len(errors),))]


@fills(
    "09.f",
    "one draw of the bootstrap",
    cases=_errors,
    mistakes=(
        (lambda ours, theirs: _gain(_drawn(ours), _drawn(theirs)),
         "two draws: our error in one pair stands against theirs in another. Draw pairs once, for both."),
        (lambda ours, theirs: _gain(ours, theirs),
         "these are all pairs, each once, in whatever order. Draw with repetition: torch.randint."),
        (lambda ours, theirs: _drawn(1 - ours / theirs).mean(),
         "that is the mean of the gains: one easy pair can rule it. Take the means first."),
    ),
    outcome=_told,
)  # fmt: skip
def gain_of_a_draw(ours: Tensor, theirs: Tensor) -> Tensor:
    drawn = torch.randint(len(ours), (len(ours),))
    return _gain(ours[drawn], theirs[drawn])


@fills(
    "09.g",
    "a drawing as one more channel",
    cases=lambda: [(torch.rand(count, 3, 32, 32), torch.rand(count, 32 * 32)) for count in (2, 3)],
    mistakes=(
        (lambda p, c: torch.cat([p, c.reshape(len(p), 1, *p.shape[2:])], dim=1),
         "the drawing comes first, as in `colouring.py`; then the three colours."),
        (lambda p, c: p + c.reshape(len(p), 1, *p.shape[2:]), "that mixes ink into the colours: torch.cat."),
    ),
)  # fmt: skip
def stacked(picture: Tensor, condition: Tensor) -> Tensor:
    return torch.cat([condition.reshape(len(picture), 1, *picture.shape[2:]), picture], dim=1)


@fills(
    "09.h",
    "the share of dark pixels",
    cases=lambda: [(torch.rand(shape) < 0.7, torch.rand(shape) < 0.4) for shape in ((40,), (9, 9))],
    mistakes=(
        (lambda dark, where: (dark & where).float().mean(),
         "that is a share of all pixels; of the marked ones."),
        (lambda dark, where: dark[~where].float().mean(), "those are the pixels that are *not* marked."),
        (lambda dark, where: where[dark].float().mean(),
         "the other way round: of the marked ones, which are dark?"),
    ),
)  # fmt: skip
def dark_share(dark: Tensor, where: Tensor) -> Tensor:
    return dark[where].float().mean()


def _four(seed: int) -> tuple[Tensor, ...]:
    random = torch.Generator().manual_seed(seed)
    one, two, other = (torch.rand(3, 3, 4, 4, generator=random) for _ in range(3))
    return one, two, other + (one - two), other  # the same difference, in another place


@fills(
    "09.i",
    "whether z says the same to two artists",
    cases=lambda: [(*_four(1),), (*_four(2)[:3], torch.rand(3, 3, 4, 4))],
    mistakes=(
        (lambda a, b, c, d: _alike(a, c), "pictures by two artists differ whatever z says: compare changes."),
        (lambda a, b, c, d: _alike(a, b), "that compares one artist with himself."),
        (lambda a, b, c, d: _alike(a - c, b - d), "that changes the artist. What does another z change?"),
        (lambda a, b, c, d: _alike(a - b, d - c), "one of the two goes from z₂ to z₁: keep the order."),
        (lambda a, b, c, d: nn.functional.cosine_similarity(a - b, c - d).mean((1, 2)),
         "that is a direction for each pixel. All numbers of a picture are one direction: flatten(1)."),
    ),
)  # fmt: skip
def same_meaning(one: Tensor, two: Tensor, other_one: Tensor, other_two: Tensor) -> Tensor:
    return _alike(one - two, other_one - other_two)


def _alike(one: Tensor, other: Tensor) -> Tensor:
    return nn.functional.cosine_similarity(one.flatten(1), other.flatten(1))
