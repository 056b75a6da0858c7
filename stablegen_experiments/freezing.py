"""Does a text encoder that learns along lose a word? ``python -m stablegen_experiments.freezing``.

The two miniatures that `stablegen_experiments.deafness` compares differ in more than their text encoders.
Here nothing else differs. A small network draws latent maps of faces; it has the same start, pictures,
captions, levels and noise in both arms, and the text encoder has the same start too: random weights. In one
arm these stay as they are, in the other they learn along. No U-Net takes part: on one core it would take
hours. Six minutes of a processor.
"""

import argparse
import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from stablegen_experiments.deafness import lies
from stablegen_experiments.records import Record, read_records
from stablegen_experiments.runs import run_all
from stablegen_lib import data, latent_diffusion
from stablegen_lib.data import ImageSet
from stablegen_lib.diffusion import add_noise, velocity
from stablegen_lib.latent_diffusion.caption_bank import CaptionBank, tokens
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator
from stablegen_lib.plumbing.seeding import seeded
from stablegen_lib.words import captions

RESULTS = data.data_dir() / "experiments" / "freezing.jsonl"
LEVELS, WAVES, QUESTIONS, WIDTH, BATCH, FACES = (100, 300, 500, 700, 900), 8, 8, 512, 128, 8_000
PAIR = "a person with a sad mouth", "a person with a happy mouth"


@dataclass(frozen=True)
class Trial:
    """One training.

    Attributes:
        learns: Whether the text encoder learns along.
        steps: Of Adam, for network and text encoder alike.
        seed: Decides start, batches, captions, levels and noise.
        told: Faces of the validation split that are lied about.
    """

    learns: bool
    steps: int = 2_000
    seed: int = 0
    told: int = 2_000

    @property
    def key(self) -> str:
        return f"whole map, {self.way}, {self.steps} steps, seed {self.seed}, n {self.told}"

    @property
    def way(self) -> str:
        return "learns along" if self.learns else "frozen"


class Listener(nn.Module):
    """Predicts the velocity of the numbers of a map; sees all at once, and looks at words eight times.

    Args:
        numbers: How many numbers are drawn.
    """

    def __init__(self, numbers: int) -> None:
        super().__init__()
        text = latent_diffusion.TEXT_WIDTH
        self.questions = nn.Parameter(0.02 * torch.randn(1, QUESTIONS, text))
        self.look = nn.MultiheadAttention(text, 1, batch_first=True)
        widths = (numbers + 2 * WAVES + QUESTIONS * text, WIDTH, WIDTH, WIDTH)
        hidden = [(nn.Linear(*pair), nn.SiLU()) for pair in pairwise(widths)]
        self.layers = nn.Sequential(*(layer for pair in hidden for layer in pair), nn.Linear(WIDTH, numbers))

    def forward(self, x_t: Tensor, t: Tensor, words: Tensor) -> Tensor:
        angles = t[:, None] / 1_000 * math.pi * 2.0 ** torch.arange(WAVES) / 2
        seen, _ = self.look(self.questions.expand(len(x_t), -1, -1), words, words, need_weights=False)
        v: Tensor = self.layers(torch.cat([x_t, angles.sin(), angles.cos(), seen.flatten(1)], dim=1))
        return v


@dataclass(eq=False)
class Bench:
    """What all trials share: schedule, tokenizer, and the latent map of any faces as a list of numbers."""

    generator: PromptedGenerator
    faces: ImageSet

    def numbers(self, faces: ImageSet) -> Tensor:
        return self.generator.encode(data.to_unit_range(faces.images)).flatten(1)


def bench() -> Bench:
    generator = PromptedGenerator.load(data.data_dir() / "weights" / "latent_diffusion")
    return Bench(generator, data.load_faces("train")[:FACES])


def trained(trial: Trial, here: Bench) -> tuple[Listener, Any]:
    """The network, and the text encoder as it is at the end."""
    x, tokenizer = here.numbers(here.faces), here.generator.pipeline.tokenizer
    values = captions.values_of(here.faces.conditions, here.faces.condition_names)
    bank, random = CaptionBank(values, tokenizer, each=2), torch.Generator().manual_seed(trial.seed)
    with seeded(trial.seed):
        encoder = latent_diffusion.text_encoder().eval().requires_grad_(trial.learns)
        network = Listener(x.shape[1])
    learning = [*network.parameters(), *(encoder.parameters() if trial.learns else ())]
    optimizer = torch.optim.Adam(learning, lr=1e-3)
    falls = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, trial.steps)
    for _ in range(trial.steps):
        chosen = torch.randint(len(x), (BATCH,), generator=random)
        ids, _ = bank.draw(chosen, random)
        t = torch.randint(len(here.generator.schedule), (BATCH,), generator=random)
        noise = torch.randn(BATCH, x.shape[1], generator=random)
        with torch.set_grad_enabled(trial.learns):
            words = encoder(ids)[0]
        x_t = add_noise(here.generator.schedule, x[chosen], noise=noise, t=t)
        v = velocity(here.generator.schedule, x[chosen], noise=noise, t=t)
        optimizer.zero_grad()
        (network(x_t, t, words) - v).square().mean().backward()
        nn.utils.clip_grad_norm_(learning, 1.0)  # together: of all that learns in this arm
        optimizer.step()
        falls.step()
    return network, encoder


@torch.no_grad()
def costs(network: Listener, encoder: Any, here: Bench, faces: ImageSet) -> dict[str, dict[str, float]]:
    """What a lie about each attribute costs, in thousandths: the mean over faces, and half of its 95 %."""
    schedule, tokenizer = here.generator.schedule, here.generator.pipeline.tokenizer
    x = here.numbers(faces)
    noise = torch.randn(x.shape, generator=torch.Generator().manual_seed(0))
    true = captions.captions(faces.conditions, faces.condition_names)

    def errors(texts: list[str]) -> Tensor:
        words, levels = encoder(tokens(tokenizer, texts))[0], []
        for t in LEVELS:
            x_t, v = (make(schedule, x, noise=noise, t=t) for make in (add_noise, velocity))
            told = network(x_t, torch.full((len(x),), t), words)
            levels.append((told - v).square().mean(dim=1))
        return torch.stack(levels).mean(dim=0)

    truth, found = errors(true), {}
    for attribute in faces.groups:
        false = lies(faces, attribute)
        changed = torch.tensor([one != other for one, other in zip(true, false, strict=True)])
        cost = 1_000 * (errors(false) - truth)[changed]
        half = 1.96 * cost.std().item() / len(cost) ** 0.5
        found[attribute] = {"mean": cost.mean().item(), "half": half}
    return found


@torch.no_grad()
def apart(encoder: Any, tokenizer: Any) -> float:
    """How far the vectors of "sad" and "happy" are apart, compared with their mean length."""
    one, other = encoder(tokens(tokenizer, PAIR))[0]
    return float((one - other).norm(dim=1).max() / one.norm(dim=1).mean())


def measured(trial: Trial) -> Record:
    """Trains, and tells lies."""
    here = bench()
    network, encoder = trained(trial, here)
    found = costs(network, encoder, here, data.load_faces("validation")[: trial.told])
    return {
        "key": trial.key, "way": trial.way, "steps": trial.steps, "seed": trial.seed,
        "thousandths": found, "apart": apart(encoder, here.generator.pipeline.tokenizer),
    }  # fmt: skip


def told(results: Path = RESULTS) -> list[Record]:
    """The stored trials."""
    return list(read_records(results))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--results", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    trials = [Trial(learns, seed=seed) for seed in arguments.seeds for learns in (False, True)]
    command = "python -m stablegen_experiments.freezing"
    for row in run_all(trials, arguments.results, measured, command=command):
        cost = {name: f"{each['mean']:.2f} ± {each['half']:.2f}" for name, each in row["thousandths"].items()}
        print(row["key"], cost, f"sad and happy are {row['apart']:.2f} apart", sep="\n  ")


if __name__ == "__main__":
    main()
