"""The real samples that training learns from, as one tensor on the model's device.

Anything that does not fit the model is refused here, before the first step.
"""

from typing import Protocol, runtime_checkable

import torch
from torch import Tensor

from stablegen_lib.data.pixels import to_unit_range
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training.shard import WHOLE, Shard


@runtime_checkable
class Samples(Protocol):
    """What the loop needs from a data set: ``data.ImageSet`` and ``data.PointSet`` have it."""

    @property
    def samples(self) -> Tensor: ...
    @property
    def conditions(self) -> Tensor: ...


class Batches:
    """A data set that fits the model: a batch is one indexing operation.

    Raises:
        ValueError: If the data are empty, not finite, or of another shape than the model makes.
    """

    def __init__(self, model: StableGen, dataset: Samples, memory_format: torch.memory_format) -> None:
        samples, conditions = dataset.samples.detach(), dataset.conditions.detach()
        _require_fitting(model, samples, conditions)
        layout = memory_format if samples.ndim == 4 else torch.contiguous_format
        kept = torch.uint8 if samples.dtype == torch.uint8 else torch.float32
        self.samples = samples.to(model.device, kept, memory_format=layout)
        self.conditions = conditions.to(model.device, torch.float32)
        self.latent_dim = model.latent_dim

    def draw(self, size: int, random: torch.Generator, shard: Shard = WHOLE) -> tuple[Tensor, Tensor, Tensor]:
        """Conditions x and real samples, drawn with replacement, and fresh z; bytes become [-1, 1].

        ``size`` is that of the whole batch; of it come the rows of this process.
        """
        device = self.samples.device
        chosen = shard.rows(torch.randint(len(self.samples), (size,), generator=random)).to(device)
        z = shard.rows(torch.randn(size, self.latent_dim, generator=random)).to(device)
        real = self.samples[chosen]
        return self.conditions[chosen], real if real.is_floating_point() else to_unit_range(real), z


def _require_fitting(model: StableGen, samples: Tensor, conditions: Tensor) -> None:
    cure = "Make the model with StableGen.for_images(these_images)."
    if len(samples) == 0 or len(samples) != len(conditions):
        came = f"{len(samples)} and {len(conditions)} came."
        raise ValueError(f"as many samples as conditions were needed, at least one; {came}")
    if conditions.shape[1:] != (len(model.condition_names),):
        came = f"the data have conditions of shape {tuple(conditions.shape)}. {cure}"
        raise ValueError(f"the model was made for {len(model.condition_names)} condition entries, and {came}")
    made = tuple(model.sample(z=torch.zeros(1, model.latent_dim), conditions=conditions[:1]).shape[1:])
    if made != samples.shape[1:]:
        came = f"the data have {tuple(samples.shape[1:])}. {cure}"
        raise ValueError(f"the model makes samples of shape {made}, and {came}")
    for values in (samples, conditions):
        if values.dtype != torch.uint8 and not (values.is_floating_point() and values.isfinite().all()):
            raise ValueError("the data must be bytes or finite numbers. Remove the other samples first.")
    if samples.ndim == 4 and samples.is_floating_point() and samples.abs().max() > 1:
        raise ValueError("pixels must be bytes from 0 to 255, or numbers from -1 to 1: map them first.")
