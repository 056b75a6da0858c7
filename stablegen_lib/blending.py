"""Where does an edit take place? Only there may it touch the picture.

`stablegen_lib.editing` re-exports everything public here; write `editing.blend`.
"""

from jaxtyping import Float
from torch import Tensor

LOW, HIGH = 0.2, 0.5  # chosen on the twins of the first 1,000 test persons; lesson 09 reports the others


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
    if not 0 <= low < high:
        raise ValueError(f"0 <= low < high was needed; low={low} and high={high} came.")
    largest = difference.abs().amax(dim=1, keepdim=True)
    return ((largest - low) / (high - low)).clamp(0, 1)


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
