"""Lesson 05: generator and discriminator as one model: "fused into one framework", says the article."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor, nn

from stablegen_lib.pair import FORMAT, PARTS, build, judged, needed_weights, other_than_usual
from stablegen_lib.plumbing.bounds import at_least
from stablegen_lib.plumbing.checks import sample_inputs
from stablegen_lib.plumbing.devices import Device, choose_device
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.files import named
from stablegen_lib.plumbing.seeding import seeded
from stablegen_lib.plumbing.tensors import Precision, converted, read_tensors, tensor_file, write_tensors

CHUNK = 256  # samples made at once, so that many of them fit into memory


@runtime_checkable
class ImageData(Protocol):
    """What ``StableGen.for_images`` needs to know about a set of images."""

    @property
    def images(self) -> Tensor: ...
    @property
    def condition_names(self) -> tuple[str, ...]: ...


class StableGen:
    """A generator, the discriminator that trains it, and the generator's running average.

    Make one with ``for_images`` or ``for_points``, or hand over networks of your own:
    ``generator(x, z)`` gives samples, ``discriminator(x, y)`` gives logits.

    Args:
        generator: G(x, z).
        discriminator: D(x, y).
        latent_dim: Length of z.
        condition_names: One name per entry of x; empty for a model without a condition.
        blueprint: How to build the two networks again; ``save`` needs it.
        device: By name; "auto" takes CUDA, then MPS, then the CPU. None takes what STABLEGEN_DEVICE says in
            the environment, else the CPU. Networks of the library can be called with tensors of any device.
    """

    @door()
    def __init__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        *,
        latent_dim: int,
        condition_names: tuple[str, ...] = (),
        blueprint: dict[str, Any] | None = None,
        device: Device | None = None,
    ) -> None:
        self.device = choose_device(device)
        self.generator = generator.to(self.device)
        self.discriminator = discriminator.to(self.device)
        self.averaged_generator = copy.deepcopy(self.generator).requires_grad_(False).eval()
        self.latent_dim = latent_dim
        self.condition_names = tuple(condition_names)
        self.blueprint = blueprint

    @classmethod
    @door()
    def for_images(
        cls,
        images: ImageData,
        *,
        latent_dim: int = 64,
        width: int = 64,
        spectral_norm: bool = False,
        seed: int = 0,
        device: Device | None = None,
    ) -> "StableGen":
        """An untrained pair whose sizes fit this set of images; D spectrally normalised if asked."""
        _, channels, height, side = images.images.shape
        if height != side:
            raise ValueError(f"square images were needed, and {height}×{side} came. Crop them first.")
        blueprint = {"kind": "images", "latent_dim": latent_dim, "width": width, "image_size": side,
                     "channels": channels, "condition_names": list(images.condition_names),
                     **other_than_usual(spectral_norm=spectral_norm)}  # fmt: skip
        return cls.from_blueprint(blueprint, seed, device)

    @classmethod
    @door(waves=at_least(0))
    def for_points(
        cls,
        *,
        latent_dim: int = 2,
        width: int = 128,
        depth: int = 2,
        waves: int = 0,
        spectral_norm: bool = False,
        seed: int = 0,
        device: Device | None = None,
    ) -> "StableGen":
        """An untrained pair for points in the plane, without a condition."""
        options = other_than_usual(depth=depth, waves=waves, spectral_norm=spectral_norm)
        blueprint = {"kind": "points", "latent_dim": latent_dim, "width": width, "condition_names": []}
        blueprint |= options
        return cls.from_blueprint(blueprint, seed, device)

    @classmethod
    @door()
    def from_blueprint(
        cls, blueprint: dict[str, Any], seed: int = 0, device: Device | None = None
    ) -> "StableGen":
        """An untrained pair from the description that ``save`` stores."""
        judged(blueprint)
        names = tuple(blueprint["condition_names"])
        with seeded(seed):
            generator, discriminator = build(blueprint, condition_size=len(names))
        return cls(generator, discriminator, latent_dim=blueprint["latent_dim"], condition_names=names,
                   blueprint=blueprint, device=device)  # fmt: skip

    @torch.no_grad()
    @door(truncation_psi=at_least(0, 2))
    def sample(
        self,
        count: int | None = None,
        *,
        conditions: Float[Tensor, "count condition"] | None = None,
        z: Float[Tensor, "count latent"] | None = None,
        seed: int = 0,
        truncation_psi: float | int = 1.0,
        averaged: bool = True,
    ) -> Float[Tensor, "count ..."]:
        """New samples, on the CPU: images in [-1, 1] or points.

        Args:
            count: How many; may be left out when ``conditions`` or ``z`` say so.
            conditions: One row per sample; needed exactly when the model has a condition.
            z: Latent vectors; drawn from N(0, I) with ``seed`` when left out.
            seed: The same seed gives the same z on every machine.
            truncation_psi: Factor on z, from 0 (all samples alike) to 1 (as drawn); lesson 06.
            averaged: Use the averaged generator (usually better) or the one in training.

        Raises:
            ValueError: If counts or sizes do not fit together, or a value is not finite.
        """
        sizes = {"condition_size": len(self.condition_names), "latent_dim": self.latent_dim}
        x, z = sample_inputs(count, conditions, z, **sizes, seed=seed)
        x, z = x.to(self.device, torch.float32), truncation_psi * z.to(self.device, torch.float32)
        generator = self.averaged_generator if averaged else self.generator
        with _only_looking(generator):
            chunks = [generator(x[i : i + CHUNK], z[i : i + CHUNK]) for i in range(0, len(x), CHUNK)]
        samples: Tensor = torch.cat(chunks).float().cpu()
        return samples

    def state_dict(self) -> dict[str, Tensor]:
        """All weights, named part by part: ``generator.…``, ``discriminator.…``, ``averaged_generator.…``."""
        whole = nn.ModuleDict({part: getattr(self, part) for part in PARTS})
        return whole.state_dict()

    @door()
    def require_fitting(self, tensors: dict[str, Tensor]) -> None:
        """Raises ValueError unless these weights have the names and shapes of this model's own."""
        came, needed = ({(name, tensor.shape) for name, tensor in weights.items()}
                        for weights in (tensors, self.state_dict()))  # fmt: skip
        if came != needed:
            wrong = sorted({name for name, _ in came ^ needed})
            raise ValueError(f"these weights do not fit this model: {len(wrong)} names or shapes differ, "
                             f"first {wrong[0]!r}.")  # fmt: skip

    @door()
    def load_state_dict(self, tensors: dict[str, Tensor]) -> None:
        """Takes over weights; refuses, changing nothing, when a name or a shape differs."""
        self.require_fitting(tensors)
        for name, own in self.state_dict().items():
            own.copy_(tensors[name])

    @door()
    def save(self, path: str | Path, dtype: Precision = "float32", *, raw: bool = True) -> Path:
        """Writes ``path.safetensors``: the weights, and in its header how to build the networks.

        Args:
            path: With or without the ending; missing folders are made.
            dtype: "float16" halves the file and keeps three digits of each weight: enough to draw,
                too coarse to go on training as if nothing had happened (for that: ``training.save_state``).
            raw: False leaves out the generator in training, for a smaller file; loaded again, it is a copy of
                the averaged one.

        Raises:
            ValueError: If the model was made from networks of your own (nothing says how to build them), or a
                weight is not finite, or not in ``dtype``.
            OSError: If the disk is full or the folder cannot be written; an earlier file stays.
        """
        if self.blueprint is None:
            raise ValueError("only a model of for_images or for_points can be saved. For networks of your "
                             "own: safetensors.torch.save_model on each.")  # fmt: skip
        kept = {name: tensor for name, tensor in self.state_dict().items()
                if raw or not name.startswith("generator.")}  # fmt: skip
        target = tensor_file(path)
        write_tensors(target, converted(kept, dtype), {"format": FORMAT, **self.blueprint})
        return target

    @classmethod
    def load(cls, path: str | Path, device: Device | None = None) -> "StableGen":
        """The model that ``save(path)`` wrote; the two files of version 0.1 are read too.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If it is truncated, changed, or holds something else.
        """
        weights = tensor_file(str(named(path)).removesuffix(".json"))
        tensors, blueprint = read_tensors(weights, needed=needed_weights)
        blueprint.pop("format", None)
        model = cls.from_blueprint(blueprint, seed=0, device=device)
        averaged = {name: tensor for name, tensor in tensors.items() if name.startswith("averaged_")}
        model.load_state_dict(
            {name.removeprefix("averaged_"): tensor for name, tensor in averaged.items()} | tensors
        )
        return model

    def __repr__(self) -> str:
        sizes = [sum(p.numel() for p in part.parameters()) for part in (self.generator, self.discriminator)]
        return (f"StableGen(generator: {sizes[0]:,} parameters, discriminator: {sizes[1]:,}, "
                f"latent_dim={self.latent_dim}, condition entries: {len(self.condition_names)})")  # fmt: skip


@contextmanager
def _only_looking(network: nn.Module) -> Iterator[None]:
    """As in use, not as in training: else batch normalisation would learn from what is only looked at."""
    learning = [part for part in network.modules() if part.training]
    network.eval()
    try:
        yield
    finally:
        for part in learning:
            part.training = True
