"""What a learner can watch while a run goes: the collapse detector."""

from jaxtyping import Float
from torch import Tensor

from stablegen_lib.plumbing.doors import door


@door()
def spread_ratio(generated: Float[Tensor, " count *shape"], *, real: Float[Tensor, " other *shape"]) -> float:
    """Spread of generated samples as a share of the spread of real ones: the collapse detector.

    The spread is the mean distance from the average sample. Take the same z every time, so that
    only G's changes show. Near 0, G makes one picture whatever z says; near 1 all is well as far as
    this number can see: it does not see a few missing modes, `modes.mode_scores` does.

    Args:
        generated: At least two samples, with the same conditions mix as the real ones.
        real: At least two.

    Raises:
        ValueError: If there are fewer than two of either, their shapes differ, or all real ones are equal.
    """
    if min(len(generated), len(real)) < 2:
        raise ValueError(f"two samples of each kind were needed; {len(generated)} and {len(real)} came.")
    if bool((real == real[0]).all()):
        raise ValueError("all real samples are equal: there is no spread to compare with.")
    return _spread(generated) / _spread(real)


def _spread(samples: Tensor) -> float:
    rows = samples.reshape(len(samples), -1).float()
    return float((rows - rows.mean(dim=0)).norm(dim=1).mean())
