"""What a discriminator changes, on pictures that are large enough to see it: lesson 12.

Two autoencoders of portraits have the same past and part for their last steps, one of them with a
discriminator. ``data/weights/train/portrait_autoencoders.py`` trains them.
"""

import copy
from collections.abc import Iterable
from functools import cache
from statistics import mean

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_experiments.records import Record
from stablegen_lib import data
from stablegen_lib.autoencoder import Autoencoder, PatchDiscriminator, Step, train
from stablegen_lib.metrics import relative_sharpness

RESULTS = data.data_dir() / "experiments" / "autoencoder_portraits.jsonl"
TOGETHER, APART, BATCH = 3_400, 1_500, 8  # steps, and portraits in each
LATER_RATE = 1e-3  # the learning rate with which the two part: half of the first one
VARIANTS = ("without", "with")  # a discriminator
WAVES = ((2, 4), (4, 8), (8, 16), (16, 64))  # pixels from crest to crest


def untrained(seed: int = 0) -> Autoencoder:
    """64×64 pixels become 8×8 places with 4 numbers: 48 times fewer, as in Stable Diffusion v1."""
    return Autoencoder(halvings=3, width=16, widest=64, seed=seed).to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def together(seed: int = 0, *, steps: int = TOGETHER) -> tuple[Autoencoder, list[Step]]:
    """The past that both share: no discriminator yet."""
    model = untrained(seed)
    return model, list(train(model, portraits("train"), steps=steps, batch_size=BATCH, seed=seed))


def apart(
    start: Autoencoder, variant: str, seed: int = 0, *, steps: int = APART
) -> tuple[Autoencoder, list[Step]]:
    """A copy of ``start`` after more steps, with a discriminator or without; the same portraits for both.

    A verdict is about a patch of 18×18 pixels, 0.28 of the side; in Stable Diffusion's code 70 of 256.
    """
    model, judge = copy.deepcopy(start), None
    if variant == "with":
        judge = PatchDiscriminator(width=24, halvings=2, seed=seed)
        judge = judge.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    run = train(model, portraits("train"), steps=steps, discriminator=judge, batch_size=BATCH,
                learning_rate=LATER_RATE, seed=seed + 1)  # fmt: skip
    return model, list(run)


@cache
def portraits(split: str) -> Float[Tensor, "count 3 64 64"]:
    """The portraits of this split, in [-1, 1]."""
    pixels = data.to_unit_range(data.load_portraits(split).images)
    return pixels.contiguous(memory_format=torch.channels_last)


def detail(
    images: Float[Tensor, "count channel side side"], real: Float[Tensor, "other channel side side"]
) -> list[float]:
    """How much of the real pictures' variation is there, for each band of ``WAVES``; 1 is as much.

    Blur takes the short waves away. Noise adds to them, so more than 1 is no praise.
    """
    return [float(ours / theirs) for ours, theirs in zip(_energy(images), _energy(real), strict=True)]


def _energy(images: Tensor) -> Tensor:
    """Mean squared amplitude of the waves in each band."""
    side = images.shape[-1]
    amplitudes = torch.fft.fft2(images).abs().square().mean(dim=(0, 1))
    across = torch.fft.fftfreq(side)
    frequency = (across[:, None].square() + across.square()).sqrt()
    bands = [(frequency > 1 / longest) & (frequency <= 1 / shortest) for shortest, longest in WAVES]
    return torch.stack([amplitudes[band].mean() for band in bands])


@torch.no_grad()
def scores(model: Autoencoder, real: Float[Tensor, "count 3 64 64"]) -> dict[str, float | list[float]]:
    """How well these portraits come back.

    Returns:
        "error", the mean absolute difference of the pixels; "sharpness" beside the real ones;
        "detail", as the function above gives it.
    """
    redrawn = model.reconstruct(real)
    return {
        "error": float(f"{(redrawn - real).abs().mean().item():.4g}"),
        "sharpness": float(f"{relative_sharpness(images=redrawn, real=real):.4g}"),
        "detail": [float(f"{value:.4g}") for value in detail(redrawn, real)],
    }


def record(variant: str, model: Autoencoder, steps: Iterable[Step], seed: int = 0) -> Record:
    """A finished run as plain values for JSON; the last steps are averaged."""
    steps = list(steps)
    end = {name: float(f"{mean(getattr(step, name) for step in steps[-100:]):.4g}")
           for name in ("kl", "weight", "generator_loss", "discriminator_loss")}  # fmt: skip
    found = scores(model, portraits("validation"))
    return {"key": f"portraits, {variant}, seed {seed}", "variant": variant, "seed": seed,
            "together": TOGETHER, "apart": APART, "batch": BATCH, **found,
            "end": end, "seconds": round(sum(step.seconds for step in steps), 1)}  # fmt: skip
