"""Editing pictures by x: keep z, change x, and touch the picture only where that changes something."""

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_lib.editing.encoder import Generate
from stablegen_lib.plumbing.bounds import at_least
from stablegen_lib.plumbing.doors import door

LOW, HIGH = 0.2, 0.5  # chosen on the twins of the first 1,000 test persons; lesson 09 reports the others
SPREAD = 0.4  # how far guesses of z lie apart; chosen like LOW and HIGH
MANY = 8  # guesses whose average comes nearest to an unknown right answer


@door(difference=at_least(-2, 2))
def soft_mask(
    difference: Float[Tensor, "count channel height width"],
    low: float | int = LOW,
    high: float | int = HIGH,
) -> Float[Tensor, "count 1 height width"]:
    """Where an edit takes place: 0 where the difference is small, 1 where it is large, a ramp between.

    Args:
        difference: What the edit changes in the generator's own picture; pixels run from −1 to 1.
        low: Largest difference, over the colours, that counts as none.
        high: From here on the mask is 1.

    Raises:
        ValueError: Unless 0 <= low < high.
    """
    if not low < high:
        raise ValueError(f"0 <= low < high was needed; low={low} and high={high} came.")
    largest = difference.abs().amax(dim=1, keepdim=True)
    return ((largest - low) / (high - low)).clamp(0, 1)


@door()
def blend(
    original: Float[Tensor, "count channel height width"],
    before: Float[Tensor, "count channel height width"],
    after: Float[Tensor, "count channel height width"],
    low: float | int = LOW,
    high: float | int = HIGH,
) -> Float[Tensor, "count channel height width"]:
    """The real picture where the edit changes nothing, the generator's where it does.

    A generator redraws a real face with small errors everywhere. Shown alone, its picture would
    change the whole face. So only the place where *its* two pictures differ is taken from it.

    Args:
        original: The real picture, in [-1, 1].
        before: The generator's picture of it.
        after: The same with the edit.
        low: As in ``soft_mask``.
        high: As in ``soft_mask``.
    """
    mask = soft_mask(after - before, low, high)
    return ((1 - mask) * original + mask * after).clamp(-1, 1)


@torch.no_grad()
@door()
def edit(
    generate: Generate,
    y: Float[Tensor, "count channel height width"],
    *,
    x: Float[Tensor, "count condition"],
    new_x: Float[Tensor, "count condition"],
    z: Float[Tensor, "count latent"],
    guesses: int = 1,
    spread: float | int = SPREAD,
    seed: int = 0,
) -> Float[Tensor, "count channel height width"]:
    """Edits real pictures: keeps z, changes x, and puts only what changed onto the picture.

    z leaves open what the picture does not show: which hat somebody would wear. Several guesses
    draw that part of z again and again. Their average is nearer to the unknown answer; one guess
    is sharper.

    Args:
        generate: G(x, z).
        y: The pictures, in [-1, 1].
        x: What they show.
        new_x: What they shall show.
        z: Latent vectors that redraw them under x.
        guesses: 1 takes z as it is; more average over so many z nearby.
        spread: Standard deviation of these around z.
        seed: For them. With one guess, any seed but 0 draws one z nearby.

    Raises:
        ValueError: If there is no guess.
    """
    random = torch.Generator().manual_seed(seed)
    befores, afters = [], []
    for _ in range(guesses):
        near = z if guesses == 1 and seed == 0 else z + spread * torch.randn(z.shape, generator=random)
        befores.append(generate(x, near))
        afters.append(generate(new_x, near))
    before, after = torch.stack(befores).mean(dim=0), torch.stack(afters).mean(dim=0)
    return blend(y, before, after)
