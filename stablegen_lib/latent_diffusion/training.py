"""Training U-Net and text encoder of a latent diffusion model together, on latent maps and captions.

The autoencoder was trained before it (`first_stage.py`), on pictures only. The script
data/weights/train/latent_diffusion.py runs both.
"""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from stablegen_lib.diffusion import NoiseSchedule, add_noise, velocity
from stablegen_lib.plumbing.adam import moments, needed_moments, remember
from stablegen_lib.plumbing.bounds import above, at_least, share
from stablegen_lib.plumbing.checks import LARGEST_SEED, require_input, require_parts
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.files import FileProblem, named
from stablegen_lib.plumbing.header import Header
from stablegen_lib.plumbing.stopping import require_finite_loss
from stablegen_lib.plumbing.tensors import part, read_tensors, write_tensors
from stablegen_lib.training.averaging import ramped, update_ema
from stablegen_lib.words.captions import random_caption

FORMAT = "stablegen-latent-diffusion-1"
EMPTY = 0.1  # share of the captions that are left empty: guidance needs to know what comes without words
WARM_UP, DECAY = 200, 0.2  # steps of rising learning rate; share of the run in which it falls to 0


@door(learning_rate=above(0), number=at_least(0))
@dataclass(eq=False)
class PromptRun:
    """U-Net and text encoder in training: what they are, and how far they are.

    Attributes:
        unet: Predicts the velocity.
        text_encoder: Reads the captions.
        averaged: Running averages of both, in this order; these are the ones to use.
        optimizer: AdamW over both.
        number: Steps done so far.
    """

    unet: Any
    text_encoder: Any
    learning_rate: float = 1e-3
    averaged: nn.ModuleList = field(init=False)
    optimizer: torch.optim.AdamW = field(init=False)
    number: int = 0

    def __post_init__(self) -> None:
        require_parts("unet", self.unet, "config", "time_embedding")
        require_parts("text_encoder", self.text_encoder, "get_input_embeddings")
        self.averaged = copy.deepcopy(self.networks).requires_grad_(False).eval()
        self.optimizer = torch.optim.AdamW(
            self.networks.parameters(),
            lr=self.learning_rate,
            betas=(0.9, 0.99),
            weight_decay=0.01,
            fused=True,
        )

    def __repr__(self) -> str:
        return f"PromptRun(number={self.number})"

    @property
    def networks(self) -> nn.ModuleList:
        """The two in training."""
        return nn.ModuleList([self.unet, self.text_encoder])

    def save(self, path: Path) -> None:
        """One safetensors file, from which `resume` goes on as if nothing had happened."""
        tensors = {f"now.{name}": value for name, value in self.networks.state_dict().items()}
        tensors |= {f"averaged.{name}": value for name, value in self.averaged.state_dict().items()}
        tensors |= {f"optimizer.{name}": value for name, value in moments(self.optimizer).items()}
        write_tensors(named(path), tensors, {"format": FORMAT, "number": self.number})

    def resume(self, path: Path) -> None:
        """Goes on where `save` was called.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If the file is truncated, changed, or holds something else; then nothing changes here.
        """
        tensors, description = read_tensors(
            named(path), kind="run of this kind", format=FORMAT, needed=self._needed
        )
        self.networks.load_state_dict(part(tensors, "now"))
        self.averaged.load_state_dict(part(tensors, "averaged"))
        remember(self.optimizer, part(tensors, "optimizer"))
        self.number = description["number"]

    def _needed(self, header: Header) -> dict[str, Tensor]:
        number = header.description.get("number")
        if type(number) is not int or number < 0 or header.description.keys() != {"number"}:
            raise FileProblem(f"{header.path} was changed: it is at step {number!r:.40}. Restore it.")
        needed = {f"now.{name}": tensor for name, tensor in self.networks.state_dict().items()}
        needed |= {f"averaged.{name}": tensor for name, tensor in self.averaged.state_dict().items()}
        parameters, names = self.networks.parameters(), header.tensors
        return needed | needed_moments("optimizer", parameters, names, may_miss=True)


@door(steps=at_least(0), decay=share(whole=False))
def train_prompts(
    run: PromptRun,
    schedule: NoiseSchedule,
    tokenizer: Any,
    maps: Float[Tensor, "count latent_channel side side"],
    values: Sequence[dict[str, str]],
    *,
    steps: int,
    batch_size: int = 64,
    decay: float | int = 0.999,
    bfloat16: bool = False,
    seed: int = 0,
) -> Iterator[float]:
    """Yields the loss of each finished step: mean squared error of the predicted velocity.

    Every step has random numbers of its own, made from `seed` and its number. So a run that is
    resumed goes on as if it had never stopped.

    Args:
        run: Changed in place; goes on from `run.number` to `steps`.
        schedule: Of the noise.
        tokenizer: Of the text encoder.
        maps: Latent maps of the pictures, of variance 1.
        values: Attribute -> value for each picture; a caption is made anew each time.
        steps: Where the run ends. The learning rate stays level and falls to 0 in the last fifth.
        batch_size: Pictures per step.
        decay: Of the running averages.
        bfloat16: Compute in 16 bits.
        seed: Decides everything random.
    """
    require_parts("tokenizer", tokenizer, "model_max_length")
    if len(values) != len(maps):
        raise ValueError(
            f"one dictionary of values for each map was needed; {len(values)} and {len(maps)} came."
        )
    wanted = (run.unet.config.in_channels, maps.shape[2], maps.shape[2])
    require_input("maps", maps, None, *wanted, like=next(run.unet.parameters()))
    return _steps(run, schedule, tokenizer, maps, values, steps, batch_size, decay, bfloat16, seed)


def _steps(
    run: PromptRun,
    schedule: NoiseSchedule,
    tokenizer: Any,
    maps: Tensor,
    values: Sequence[dict[str, str]],
    steps: int,
    batch_size: int,
    decay: float,
    bfloat16: bool,
    seed: int,
) -> Iterator[float]:
    run.networks.train()
    while run.number < steps:
        random = torch.Generator().manual_seed((seed * 1_000_003 + run.number) % LARGEST_SEED)
        chosen = torch.randint(len(maps), (batch_size,), generator=random)
        texts = [_caption(values[index], random) for index in chosen.tolist()]
        x0 = maps[chosen]
        t = torch.randint(len(schedule), (batch_size,), generator=random)
        noise = torch.randn(x0.shape, generator=random)
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            words = run.text_encoder(_tokens(tokenizer, texts))[0]
            x_t = add_noise(schedule, x0, noise=noise, t=t)
            predicted = run.unet(x_t, t, encoder_hidden_states=words).sample
        loss = (predicted.float() - velocity(schedule, x0, noise=noise, t=t)).square().mean()
        require_finite_loss(run.number + 1, "U-Net", loss.item())
        _update(run, loss, steps, decay)
        yield loss.item()
    run.networks.eval()


def learning_rate_factor(number: int, steps: int) -> float:
    """Rises, stays at 1, and falls to 0 in the last fifth of the run.

    >>> [learning_rate_factor(number, 1000) for number in (0, 200, 800, 900)]
    [0.005, 1.0, 1.0, 0.5]
    """
    falling = (steps - number) / max(1, round(DECAY * steps))
    return min(1.0, (number + 1) / WARM_UP, falling)


def _update(run: PromptRun, loss: Tensor, steps: int, decay: float) -> None:
    for group in run.optimizer.param_groups:
        group["lr"] = run.learning_rate * learning_rate_factor(run.number, steps)
    run.optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(run.networks.parameters(), 1.0)
    run.optimizer.step()
    run.number += 1
    update_ema(run.averaged, run.networks, ramped(decay, run.number))


def _caption(values: dict[str, str], random: torch.Generator) -> str:
    empty = torch.rand((), generator=random) < EMPTY
    return "" if empty else random_caption(values, random)


def _tokens(tokenizer: Any, texts: list[str]) -> Tensor:
    tokens = tokenizer(
        texts,
        padding="max_length",
        truncation=True,
        return_tensors="pt",
        max_length=tokenizer.model_max_length,
    )
    ids: Tensor = tokens.input_ids
    return ids
