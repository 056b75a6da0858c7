"""What a discriminator changes, on pictures that are large enough to see it: lesson 12.

Two autoencoders of portraits have the same past and part for their last steps, one of them with a
discriminator. ``data/weights/train/portrait_autoencoders.py`` trains them.
"""

import copy
from collections import deque
from collections.abc import Iterable
from functools import cache
from statistics import mean

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_experiments.records import Record
from stablegen_lib import data
from stablegen_lib.autoencoder import BETAS, Autoencoder, PatchDiscriminator, Step, train
from stablegen_lib.log_loss import discriminator_loss
from stablegen_lib.metrics import relative_sharpness

RESULTS = data.data_dir() / "experiments" / "autoencoder_portraits.jsonl"
TOGETHER = (3_400, 2e-3), (1_500, 1e-3)  # steps and learning rate, twice: the past of both
APART, RATE, BATCH = 500, 1e-4, 8  # steps, the learning rate at their beginning, portraits in each
ALONE, JUDGES_RATE, JUDGES_WEIGHT = 1_200, 1e-3, 0.5  # the judge first learns alone; half as loud as pixels
SHOWN = 3_000  # training portraits from which a judge learns alone
VARIANTS = ("without", "with")  # a discriminator
WAVES = ((2, 4), (4, 8), (8, 16), (16, 64))  # pixels from crest to crest


def untrained(seed: int = 0) -> Autoencoder:
    """64×64 pixels become 8×8 places with 4 numbers: 48 times fewer, as in Stable Diffusion v1."""
    return Autoencoder(halvings=3, width=16, widest=64, seed=seed).to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def together(seed: int = 0, *, stages: tuple[tuple[int, float], ...] = TOGETHER) -> Autoencoder:
    """The past that both share: no discriminator yet."""
    model = untrained(seed)
    for later, (steps, rate) in enumerate(stages):
        run = train(model, portraits("train"), steps=steps, batch_size=BATCH,
                    learning_rate=rate, seed=seed + later)  # fmt: skip
        deque(run, maxlen=0)
    return model


def apart(
    start: Autoencoder, variant: str, seed: int = 0, *, steps: int = APART, alone: int = ALONE
) -> tuple[Autoencoder, list[Step], float]:
    """A copy of ``start`` after more steps, with a discriminator or without; the same portraits for both.

    A judge that joins untrained gives up within a few hundred steps: the decoder learns faster to
    please it than it learns to see. So it first learns alone, and then faster than the decoder.

    Returns:
        The copy, its steps, and the judge's loss in nats at the end of its time alone.
    """
    model, judge, known = copy.deepcopy(start), None, 0.0
    if variant == "with":
        judge = untaught(seed)
        known = taught(judge, start.reconstruct(portraits("train")[:SHOWN]), steps=alone, seed=seed)
    run = train(model, portraits("train"), steps=steps, discriminator=judge, batch_size=BATCH,
                discriminator_weight=JUDGES_WEIGHT, discriminator_learning_rate=JUDGES_RATE,
                learning_rate=RATE, seed=seed + 2)  # fmt: skip
    return model, list(run), known


def untaught(seed: int = 0) -> PatchDiscriminator:
    """A verdict is about a patch of 18×18 pixels, 0.28 of the side; in Stable Diffusion's code 70 of 256."""
    return PatchDiscriminator(width=24, halvings=2, seed=seed).to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def taught(
    judge: PatchDiscriminator, redrawn: Float[Tensor, "count 3 64 64"], *, steps: int, seed: int = 0
) -> float:
    """The judge learns to tell the first training portraits from these; its loss at the end, in nats.

    It is 2 log 2, 1.386, where it knows nothing; the mean of the last 200 steps.
    """
    real, random, losses = portraits("train"), torch.Generator().manual_seed(seed), []
    adam = torch.optim.Adam(judge.parameters(), lr=JUDGES_RATE, betas=BETAS)
    for _ in range(steps):
        rows = torch.randint(len(redrawn), (BATCH,), generator=random)
        loss = discriminator_loss(real_logits=judge(real[rows]), fake_logits=judge(redrawn[rows]))
        adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        adam.step()
        losses.append(loss.item())
    return mean(losses[-200:])


@cache
def portraits(split: str) -> Float[Tensor, "count 3 64 64"]:
    """The portraits of this split, in [-1, 1]."""
    pixels = data.to_unit_range(data.load_portraits(split).images)
    return pixels.contiguous(memory_format=torch.channels_last)


def band(
    images: Float[Tensor, "count channel side side"], waves: tuple[int, int]
) -> Float[Tensor, "count channel side side"]:
    """These pictures with nothing left but waves between so many pixels from crest to crest; their mean is 0.

    Args:
        images: Squares.
        waves: The shortest, included, and the longest, not included.
    """
    shortest, longest = waves
    across = torch.fft.fftfreq(images.shape[-1])
    frequency = (across[:, None].square() + across.square()).sqrt()
    inside = (frequency > 1 / longest) & (frequency <= 1 / shortest)
    left: Tensor = torch.fft.ifft2(torch.fft.fft2(images) * inside).real
    return left


def detail(
    images: Float[Tensor, "count channel side side"], real: Float[Tensor, "other channel side side"]
) -> list[float]:
    """How much of the real pictures' variation is there, for each band of ``WAVES``; 1 is as much.

    Blur takes the short waves away. Noise adds to them, so more than 1 is no praise.
    """
    return [float(_power(band(images, waves)) / _power(band(real, waves))) for waves in WAVES]


def agreement(
    images: Float[Tensor, "count channel side side"], real: Float[Tensor, "count channel side side"]
) -> list[float]:
    """Correlation of each picture's waves with those of its original, for each band of ``WAVES``.

    1 where they go up and down in the same places, however strongly; about 0 for unrelated ones.
    """
    found = []
    for waves in WAVES:
        ours, theirs = band(images, waves), band(real, waves)
        found.append(float((ours * theirs).mean() / (_power(ours) * _power(theirs)).sqrt()))
    return found


def sharpened(
    images: Float[Tensor, "count channel side side"], like: Float[Tensor, "other channel side side"]
) -> Float[Tensor, "count channel side side"]:
    """A control that knows no judge: each band multiplied until it is as strong as in ``like``."""
    new = images.clone()
    for waves in WAVES:
        ours, theirs = band(images, waves), band(like, waves)
        new += ours * ((_power(theirs) / _power(ours)).sqrt() - 1)
    return new.clamp(-1, 1)


def _power(images: Tensor) -> Tensor:
    return images.square().mean()


@torch.no_grad()
def scores(model: Autoencoder, real: Float[Tensor, "count 3 64 64"]) -> dict[str, float | list[float]]:
    """How well these portraits come back.

    Returns:
        "error", the mean absolute difference of the pixels; "sharpness" beside the real ones;
        "detail" and "agreement", as the functions above give them.
    """
    redrawn = model.reconstruct(real)
    return {
        "error": float(f"{(redrawn - real).abs().mean().item():.4g}"),
        "sharpness": float(f"{relative_sharpness(images=redrawn, real=real):.4g}"),
        "detail": [float(f"{value:.4g}") for value in detail(redrawn, real)],
        "agreement": [float(f"{value:.4g}") for value in agreement(redrawn, real)],
    }


def record(
    variant: str, model: Autoencoder, steps: Iterable[Step], seed: int = 0, *, alone: float = 0.0
) -> Record:
    """A finished run as plain values for JSON; the last steps are averaged.

    Args:
        variant: One of ``VARIANTS``.
        model: Trained.
        steps: What ``apart`` found.
        seed: Of the run.
        alone: What the judge's loss was before the decoder heard it, in nats.
    """
    steps = list(steps)
    end = {name: float(f"{mean(getattr(step, name) for step in steps[-100:]):.4g}")
           for name in ("kl", "weight", "generator_loss", "discriminator_loss")}  # fmt: skip
    found = scores(model, portraits("validation"))
    return {"key": f"portraits, {variant}, seed {seed}", "variant": variant, "seed": seed,
            "together": sum(steps for steps, _ in TOGETHER), "apart": APART, "batch": BATCH, **found,
            "alone": float(f"{alone:.4g}"), "end": end,
            "seconds": round(sum(step.seconds for step in steps), 1)}  # fmt: skip
