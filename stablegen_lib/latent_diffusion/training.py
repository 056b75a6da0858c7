"""Training the U-Net of a latent diffusion model on latent maps and captions: plain loops, finished steps.

The autoencoder was trained before it (`first_stage.py`), on pictures only. The text encoder either learns
along with the U-Net, or it was trained before (`clip.py`) and stays as it is, as in Stable Diffusion.
The script data/weights/train/latent_diffusion.py runs all three.
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
from stablegen_lib.latent_diffusion.caption_bank import EMPTY, CaptionBank, tokens
from stablegen_lib.latent_diffusion.learning_rates import learning_rate_factor
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


@door(learning_rate=above(0), number=at_least(0))
@dataclass(eq=False)
class PromptRun:
    """U-Net and text encoder in training: what they are, and how far they are.

    Attributes:
        unet: Predicts the velocity.
        text_encoder: Reads the captions.
        averaged: Running averages of what learns: the U-Net, and the text encoder behind it; to be used.
        optimizer: AdamW over what learns.
        number: Steps done so far.
        text_learns: Whether the text encoder moves too; it stays as it is when it was trained before.
    """

    unet: Any
    text_encoder: Any
    learning_rate: float = 1e-3
    text_learns: bool = True
    averaged: nn.ModuleList = field(init=False)
    optimizer: torch.optim.AdamW = field(init=False)
    number: int = 0

    def __post_init__(self) -> None:
        require_parts("unet", self.unet, "config", "time_embedding")
        require_parts("text_encoder", self.text_encoder, "get_input_embeddings")
        self.unet.requires_grad_(True)
        self.text_encoder.requires_grad_(self.text_learns).eval()
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
        return nn.ModuleList([self.unet, self.text_encoder] if self.text_learns else [self.unet])

    @property
    def parts(self) -> dict[str, nn.Module]:
        """All that must be as it was when a run goes on: also a text encoder that does not learn."""
        parts: dict[str, nn.Module] = {"now": self.networks, "averaged": self.averaged}
        return parts if self.text_learns else {**parts, "text": self.text_encoder}

    @property
    def _tensors(self) -> dict[str, Tensor]:
        return {
            f"{place}.{name}": value
            for place, network in self.parts.items()
            for name, value in network.state_dict().items()
        }

    def save(self, path: Path) -> None:
        """One safetensors file, from which `resume` goes on as if nothing had happened.

        Args:
            path: With its ending.

        Raises:
            OSError: If the disk is full or the folder cannot be written; an earlier file stays.
        """
        remembered = {f"optimizer.{name}": value for name, value in moments(self.optimizer).items()}
        write_tensors(named(path), self._tensors | remembered, {"format": FORMAT, "number": self.number})

    def resume(self, path: Path) -> None:
        """Goes on where `save` was called.

        Args:
            path: As given to `save`.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If the file is truncated, changed, or holds something else, as a run of other
                networks; then nothing changes here.
        """
        tensors, description = read_tensors(
            named(path), kind="run of this kind", format=FORMAT, needed=self._needed
        )
        for place, network in self.parts.items():
            network.load_state_dict(part(tensors, place))
        remember(self.optimizer, part(tensors, "optimizer"))
        self.number = description["number"]

    def _needed(self, header: Header) -> dict[str, Tensor]:
        number = header.description.get("number")
        if type(number) is not int or number < 0 or header.description.keys() != {"number"}:
            raise FileProblem(f"{header.path} was changed: it is at step {number!r:.40}. Restore it.")
        parameters, names = self.networks.parameters(), header.tensors
        began = any(name.startswith("optimizer.") for name in names)
        return self._tensors | needed_moments("optimizer", parameters, names, may_miss=began or not number)


@door(steps=at_least(0), decay=share(whole=False))
def train_prompts(
    run: PromptRun,
    schedule: NoiseSchedule,
    tokenizer: Any,
    maps: Float[Tensor, "count latent_channel side side"],
    values: Sequence[dict[str, str]] | CaptionBank,
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
        schedule: Of the noise, the same as the pipeline's scheduler (`components.scheduler`).
        tokenizer: Of the text encoder.
        maps: Latent maps of the pictures, of variance 1.
        values: Attribute -> value for each face, and a caption is made anew each time; or captions made
            beforehand, which is faster, and has words for other pictures, too.
        steps: Where the run ends. The learning rate stays level and falls to 0 in the last fifth.
        batch_size: Pictures per step.
        decay: Of the running averages.
        bfloat16: Compute in 16 bits.
        seed: Decides everything random.

    Source:
        Salimans and Ho 2022, arXiv:2202.00512, for the velocity; Ho and Salimans 2022, arXiv:2207.12598, for
        the captions left empty.
    """
    require_parts("tokenizer", tokenizer, "model_max_length")
    if (told := len(values)) != len(maps):
        raise ValueError(f"values for each map were needed; {told} and {len(maps)} came.")
    wanted = (run.unet.config.in_channels, maps.shape[2], maps.shape[2])
    device = next(run.unet.parameters()).device
    require_input("maps", maps.to(device), None, *wanted, like=next(run.unet.parameters()))
    return _steps(run, schedule, tokenizer, maps, values, steps, batch_size, decay, bfloat16, seed)


def _steps(
    run: PromptRun,
    schedule: NoiseSchedule,
    tokenizer: Any,
    maps: Tensor,
    values: Sequence[dict[str, str]] | CaptionBank,
    steps: int,
    batch_size: int,
    decay: float,
    bfloat16: bool,
    seed: int,
) -> Iterator[float]:
    device = next(run.unet.parameters()).device
    maps, schedule = maps.to(device), NoiseSchedule(schedule.alpha_bar.to(device))
    run.networks.train()
    while run.number < steps:
        random = torch.Generator().manual_seed((seed * 1_000_003 + run.number) % LARGEST_SEED)
        chosen = torch.randint(len(maps), (batch_size,), generator=random)
        ids = _captions(values, tokenizer, chosen, random).to(device)
        x0 = maps[chosen.to(device)]
        t = torch.randint(len(schedule), (batch_size,), generator=random).to(device)
        noise = torch.randn(x0.shape, generator=random).to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
            words = run.text_encoder(ids)[0]
            x_t = add_noise(schedule, x0, noise=noise, t=t)
            predicted = run.unet(x_t, t, encoder_hidden_states=words).sample
        loss = (predicted.float() - velocity(schedule, x0, noise=noise, t=t)).square().mean()
        require_finite_loss(run.number + 1, "U-Net", loss.item())
        _update(run, loss, steps, decay)
        yield loss.item()
    run.networks.eval()


def _update(run: PromptRun, loss: Tensor, steps: int, decay: float) -> None:
    for group in run.optimizer.param_groups:
        group["lr"] = run.learning_rate * learning_rate_factor(run.number, steps)
    run.optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(run.networks.parameters(), 1.0)
    run.optimizer.step()
    run.number += 1
    update_ema(run.averaged, run.networks, ramped(decay, run.number))


def _captions(
    values: Sequence[dict[str, str]] | CaptionBank, tokenizer: Any, chosen: Tensor, random: torch.Generator
) -> Tensor:
    if isinstance(values, CaptionBank):
        return values.draw(chosen, random)[0]
    return tokens(tokenizer, [_caption(values[index], random) for index in chosen.tolist()])


def _caption(values: dict[str, str], random: torch.Generator) -> str:
    empty = torch.rand((), generator=random) < EMPTY
    return "" if empty else random_caption(values, random)
