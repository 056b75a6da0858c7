"""How sharp pictures are: the energy of the differences between neighbouring pixels."""

from jaxtyping import Float
from torch import Tensor


def gradient_energy(images: Float[Tensor, "count channel height width"]) -> Float[Tensor, " count"]:
    """Mean squared difference of neighbouring pixels, across and down, added; one number per picture.

    Blur lowers it, and noise *raises* it: divide by the same for real pictures, and look at the
    pictures too. Nothing in it knows whether an edge stands in the right place.

    Args:
        images: In [-1, 1].

    Returns:
        Squared pixel range, at least 0; 0 for a picture of one colour.
    """
    across = (images[..., 1:] - images[..., :-1]).square().flatten(1).mean(dim=1)
    down = (images[..., 1:, :] - images[..., :-1, :]).square().flatten(1).mean(dim=1)
    return across + down


def relative_sharpness(
    *,
    images: Float[Tensor, "count channel height width"],
    real: Float[Tensor, "other channel height width"],
) -> float:
    """Gradient energy of these pictures, divided by that of real ones; 1 is as sharp as real."""
    return (gradient_energy(images).mean() / gradient_energy(real).mean()).item()
