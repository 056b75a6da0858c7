"""Is a model deaf to a word? Tell it a lie, and see whether its prediction gets worse.

And if it is deaf: who is the culprit? A tiny network that draws one small part of a latent map reads the
vectors of any text encoder. What it cannot learn from them is not in them.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn

from stablegen_lib import data
from stablegen_lib.diffusion import (
    CLEAN,
    NoiseSchedule,
    add_noise,
    ddim_step,
    from_velocity,
    velocity,
    visited_levels,
)
from stablegen_lib.latent_diffusion import components
from stablegen_lib.latent_diffusion.precision import latent_maps
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator
from stablegen_lib.plumbing.bounds import above
from stablegen_lib.plumbing.checks import require_input, require_levels
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.stopping import require_finite_loss
from stablegen_lib.plumbing.tensors import read_tensors

WAVES = 8  # sines and cosines that tell the level
FORMAT = "stablegen-text-encoder-1"


def deaf_text_encoder() -> Any:
    """The text encoder of our first miniature, which learnt together with its U-Net and lost a word.

    Raises:
        FileNotFoundError: If its file is missing.
        ValueError: If the file was changed.
    """
    encoder = components.text_encoder().eval()
    tensors, _ = read_tensors(
        data.data_dir() / "weights" / "deaf_text_encoder.safetensors",
        kind="text encoder",
        format=FORMAT,
        needed=lambda header: dict(encoder.state_dict()),
    )
    encoder.load_state_dict(tensors)
    return encoder


@torch.no_grad()
@door()
def cost_of_a_lie(
    generator: PromptedGenerator,
    maps: Float[Tensor, "count latent_channel side side"],
    *,
    truth: Sequence[str],
    lie: Sequence[str],
    levels: Sequence[int] = (100, 300, 500, 700, 900),
    seed: int = 0,
) -> Float[Tensor, " level"]:
    """By how much the squared error of the velocity rises at each level when the caption is wrong.

    About 0 for a word that the model does not hear. Then guidance has nothing to exaggerate either.

    Args:
        generator: Its U-Net predicts the velocity.
        maps: Latent maps of real pictures.
        truth: A caption for each.
        lie: The same with one word exchanged.
        levels: Noise levels to ask at.
        seed: Decides the noise, which truth and lie share.

    Raises:
        ValueError: If the maps are not this generator's, or there is not one truth and one lie for each.
    """
    maps = latent_maps("maps", maps, generator.latent_shape[0])
    if not len(truth) == len(lie) == len(maps):
        raise ValueError(
            f"one truth and one lie for each map were needed; {len(maps)} maps, {len(truth)} truths and "
            f"{len(lie)} lies came."
        )
    if not levels or not all(0 <= t < len(generator.schedule) for t in levels):
        raise ValueError(f"levels from 0 to {len(generator.schedule) - 1} were needed, and {levels} came.")
    schedule = generator.schedule
    noise = torch.randn(maps.shape, generator=torch.Generator().manual_seed(seed))
    told = [generator.read(texts) for texts in (truth, lie)]
    rises = []
    for t in levels:
        x_t = add_noise(schedule, maps, noise=noise, t=t)
        target = velocity(schedule, maps, noise=noise, t=t)
        right, wrong = (_error(generator, x_t, t, words, target) for words in told)
        rises.append(wrong - right)
    return torch.stack(rises)


def _error(generator: PromptedGenerator, x_t: Tensor, t: int, words: Tensor, target: Tensor) -> Tensor:
    x0, noise = generator.predict(x_t, t, words, scale=1)
    return (velocity(generator.schedule, x0, noise=noise, t=t) - target).square().mean()


class PatchDenoiser(nn.Module):
    """Predicts the velocity of a few numbers of a latent map; one look at the words of the caption.

    Args:
        numbers: How many numbers the patch has.
        text_width: Entries of a word's vector.
        width: Entries of the hidden layers.
    """

    @door()
    def __init__(self, numbers: int, text_width: int, width: int = 256) -> None:
        super().__init__()
        self.numbers = numbers
        self.question = nn.Parameter(0.02 * torch.randn(1, 1, text_width))
        self.look = nn.MultiheadAttention(text_width, 1, batch_first=True)
        self.layers = nn.Sequential(
            nn.Linear(numbers + 2 * WAVES + text_width, width),
            nn.SiLU(),
            nn.Linear(width, width),
            nn.SiLU(),
            nn.Linear(width, numbers),
        )

    def forward(
        self,
        x_t: Float[Tensor, "batch number"],
        t: Int64[Tensor, " batch"],
        words: Float[Tensor, "batch token width"],
    ) -> Float[Tensor, "batch number"]:
        """The velocity that probably belongs to these noisy numbers."""
        like = self.question
        require_input("x_t", x_t, None, self.numbers, like=like)
        require_levels(t, len(x_t))
        require_input("words", words, len(x_t), None, like.shape[2], like=like)
        angles = t[:, None] / 1_000 * math.pi * 2.0 ** torch.arange(WAVES, device=t.device) / 2
        seen, _ = self.look(self.question.expand(len(x_t), -1, -1), words, words, need_weights=False)
        v: Tensor = self.layers(torch.cat([x_t, angles.sin(), angles.cos(), seen[:, 0]], dim=1))
        return v


@door(learning_rate=above(0))
def train_patch(
    model: PatchDenoiser,
    schedule: NoiseSchedule,
    patches: Float[Tensor, "count number"],
    words: Float[Tensor, "count token width"],
    *,
    steps: int,
    batch_size: int = 256,
    learning_rate: float | int = 2e-3,
    seed: int = 0,
) -> Iterator[float]:
    """Trains, and yields the loss of each finished step: mean squared error of the velocity.

    Args:
        model: Changed in place.
        schedule: Of the noise.
        patches: The numbers of the patch, picture by picture.
        words: What a text encoder makes of the captions; it does not learn.
        steps: How many; the rate falls to 0 along a half cosine.
        batch_size: Patches per step.
        learning_rate: Of Adam, at the beginning.
        seed: Decides batches, levels and noise.

    Raises:
        TrainingStopped: If the loss is not finite; that step has not changed the model.
    """
    random = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    decay = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for number in range(1, steps + 1):
        chosen = torch.randint(len(patches), (batch_size,), generator=random)
        x0, t = patches[chosen], torch.randint(len(schedule), (batch_size,), generator=random)
        noise = torch.randn(x0.shape, generator=random)
        predicted = model(add_noise(schedule, x0, noise=noise, t=t), t, words[chosen])
        loss = (predicted - velocity(schedule, x0, noise=noise, t=t)).square().mean()
        require_finite_loss(number, "network", loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        decay.step()
        yield loss.item()


@torch.no_grad()
@door()
def draw_patch(
    model: PatchDenoiser,
    schedule: NoiseSchedule,
    words: Float[Tensor, "count token width"],
    *,
    steps: int = 20,
    seed: int = 0,
) -> Float[Tensor, "count number"]:
    """New patches from noise, one for each caption: DDIM, without guidance."""
    x = torch.randn(len(words), model.numbers, generator=torch.Generator().manual_seed(seed))
    visited = visited_levels(schedule, steps)
    for t, to in zip(visited, [*visited[1:], CLEAN], strict=True):
        v = model(x, torch.full((len(x),), t), words)
        x0, noise = from_velocity(schedule, x, v=v, t=t)
        x = ddim_step(schedule, x0=x0, noise=noise, to=to)
    return x


@door()
def places_of(region: Bool[Tensor, "height width"], side: int) -> Bool[Tensor, "side side"]:
    """The places of a latent map under a region of the picture.

    >>> places_of(torch.eye(4) > 0, 2)
    tensor([[ True, False],
            [False,  True]])
    """
    return nn.functional.adaptive_max_pool2d(region[None].float(), side)[0] > 0
