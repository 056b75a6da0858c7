"""What do patience, DiffAugment and another way to enlarge buy with 200 flags? Lesson 15.

``python -m stablegen_experiments.flags --seeds 1 2`` runs what the results file does not hold yet, one
line of JSON for each finished trial, and stores what the first trials draw along the way as one picture.
The recipe is that of the lesson; `WAYS` says what else is tried.
"""

import argparse
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor, nn

from stablegen_experiments.augmentation import copies
from stablegen_experiments.records import Record
from stablegen_experiments.runs import run_all
from stablegen_lib import data, metrics, training
from stablegen_lib.data.image_set import ImageSet
from stablegen_lib.plumbing.command_line import seed
from stablegen_lib.stablegen import StableGen

RESULTS = data.data_dir() / "experiments" / "flags.jsonl"
WAYS = {"changed": "DiffAugment", "unchanged": "no DiffAugment", "resized": "DiffAugment, enlarged otherwise"}
STEPS = {"changed": 4_500, "unchanged": 3_000, "resized": 300}  # the lesson's own run has 1,500
MOMENTS = (300, 750, 1_500, 3_000, 4_500)  # after so many steps a run is judged
SIZE, BATCH, RATE, WIDTH, LATENT, ONE_IN = 16, 32, 2e-3, 64, 32, 6
SAME = 0.05  # pictures that are nearer than this are the same flag
MADE, SHOWN, STORED = 400, 25, 1  # pictures that are judged, that are stored, and of which seed

Images = Float[Tensor, "count channel height width"]
Learnt = Float[Tensor, "known channel height width"]
Unseen = Float[Tensor, "others channel height width"]
Measure = Callable[[Tensor, Tensor], Tensor]
"""From pictures and learnt ones to a distance for each picture."""


@dataclass(frozen=True)
class Trial:
    """One line of results: a way, a number of steps, and a seed for the split and for everything random."""

    way: str
    steps: int
    seed: int

    @property
    def key(self) -> str:
        """By this a finished trial is found."""
        return f"flags {self.way} {self.steps}, seed {self.seed}"


def trials(seeds: Iterable[int]) -> list[Trial]:
    """Seed by seed, so that a stopped run has a little of everything."""
    return [Trial(way, steps, each) for each in seeds for way, steps in STEPS.items()]


def split(seed: int) -> tuple[ImageSet, ImageSet]:
    """The flags that are learnt, and those that are held out; of flags that look the same only the first."""
    flags = data.load_folder(data.data_dir() / "flags" / "pictures", SIZE)
    flat = data.to_unit_range(flags.images).flatten(1)
    apart = torch.cdist(flat, flat) / flat.shape[1] ** 0.5
    different = flags[(~(apart < SAME).tril(diagonal=-1).any(dim=1)).nonzero().flatten()]
    order = torch.randperm(len(different), generator=torch.Generator().manual_seed(seed))
    number = len(different) // ONE_IN
    return different[order[number:]], different[order[:number]]


def enlarge_otherwise(network: nn.Module) -> None:
    """Each transposed convolution of a generator becomes: double every pixel, then an ordinary convolution.

    Changed in place; the weights of the new layers are drawn anew.
    """
    for block in network.grow:  # type: ignore[union-attr]
        old = block[0]
        block[0] = nn.Sequential(nn.Upsample(scale_factor=2),
                                 nn.Conv2d(old.in_channels, old.out_channels, 3, padding=1))  # fmt: skip


def untrained(way: str, learning: ImageSet, seed: int) -> StableGen:
    """The pair of the lesson, or one whose generator enlarges otherwise."""
    model = StableGen.for_images(learning, latent_dim=LATENT, width=WIDTH, seed=seed)
    if way == "resized":
        torch.manual_seed(seed)
        enlarge_otherwise(model.generator)
        model = StableGen(model.generator, model.discriminator, latent_dim=LATENT)
    return model


def recipe(way: str) -> training.Recipe:
    """That of the lesson, over the longest run: who stops earlier had the same rates until then."""
    changes = () if way == "unchanged" else ("translation", "cutout")
    return replace(training.STABLE, diff_augment=changes, batch_size=BATCH, generator_learning_rate=RATE,
                   discriminator_learning_rate=RATE, decay_steps=max(STEPS.values()),
                   learning_rate_decay=0.1)  # fmt: skip


def checker(images: Images) -> float:
    """How strongly neighbouring pixels alternate as on a chessboard, in blocks of 4×4; noise has some."""
    places = torch.arange(images.shape[-1])
    board = 1.0 - 2 * ((places[:, None] + places) % 2)
    return float(nn.functional.avg_pool2d(images * board, 4).abs().mean())


def to_nearest(images: Images, learnt: Learnt) -> Float[Tensor, " count"]:
    """How far each is from the nearest learnt one: root mean square over pixels in [-1, 1]."""
    distances: Tensor = metrics.nearest(images, learnt)[0] / learnt[0].numel() ** 0.5
    return distances


def to_nearest_moved(images: Images, learnt: Learnt, by: int = 2) -> Float[Tensor, " count"]:
    """The same, where each is first moved by up to ``by`` pixels, and mirrored, as comes nearest."""
    side = images.shape[-1]
    around = nn.functional.pad(images, (by,) * 4, mode="replicate")
    moved = [around[:, :, down : down + side, right : right + side]
             for down in range(2 * by + 1) for right in range(2 * by + 1)]  # fmt: skip
    return torch.stack(
        [to_nearest(each, other) for each in moved for other in (learnt, learnt.flip(3))]
    ).amin(0)


def to_patchwork(images: Images, learnt: Learnt) -> Float[Tensor, " count"]:
    """How far each is from the nearest picture that four quarters of learnt ones can make."""
    half = images.shape[-1] // 2
    each = [metrics.nearest(images[..., down : down + half, right : right + half].contiguous(),
                            learnt[..., down : down + half, right : right + half].contiguous())[0]
            for down in (0, half) for right in (0, half)]  # fmt: skip
    distances: Tensor = torch.stack(each).square().sum(dim=0).sqrt() / learnt[0].numel() ** 0.5
    return distances


def suspects(images: Images, learnt: Learnt, unseen: Unseen, measure: Measure = to_nearest) -> float:
    """The share that comes nearer to a learnt picture than the nearest tenth of the unseen ones."""
    limit = torch.quantile(measure(unseen, learnt), 0.1)
    return float((measure(images, learnt) < limit).float().mean())


def marks(images: Images, learnt: Learnt, unseen: Unseen) -> dict[str, float]:
    """What the lesson measures, and the chessboard beside that of unseen pictures."""
    blocks = [nn.functional.avg_pool2d(each, 4).flatten(1) for each in (unseen, images)]
    found = {
        "variety": float(images.std(dim=0).mean() / unseen.std(dim=0).mean()),
        "distance": metrics.kernel_distance(*blocks),
        "sharpness": metrics.relative_sharpness(images=images, real=unseen),
        "suspects": suspects(images, learnt, unseen),
        "suspects, moved": suspects(images, learnt, unseen, to_nearest_moved),
        "suspects, quarters": suspects(images, learnt, unseen, to_patchwork),
        "checker": checker(images) / checker(unseen),
    }
    return {name: round(value, 4) for name, value in found.items()}


@torch.no_grad()
def confidence(model: StableGen, images: Images) -> float:
    """The mean logit of D for these pictures as they are."""
    return round(float(model.discriminator(torch.zeros(len(images), 0), images).mean()), 4)


def pictures(way: str) -> Path:
    """Where the first flags of a trial lie, a row for each moment."""
    return data.data_dir() / "experiments" / f"flags_{way}.png"


def run(trial: Trial) -> Record:
    """Does one trial; the result is plain values. For the seed ``STORED`` it also stores what is drawn."""
    began, (learning, held_out) = time.process_time(), split(trial.seed)
    learnt, unseen = (data.to_unit_range(part.images) for part in (learning, held_out))
    model = untrained(trial.way, learning, trial.seed)
    state = training.start(model, recipe(trial.way), trial.seed)
    along, shown = [], []
    for step in training.train(model, learning, steps=trial.steps, state=state):
        if step.number in MOMENTS or step.number == trial.steps:
            images = model.sample(MADE, seed=trial.seed + 1)
            logits = {"learnt": confidence(model, learnt), "unseen": confidence(model, unseen)}
            along.append({"step": step.number, **marks(images, learnt, unseen), "logits": logits})
            shown.append(images[:SHOWN])
    if (trial.steps, trial.seed) == (STEPS[trial.way], STORED):
        copies.store(torch.cat(shown), pictures(trial.way))
    return {"key": trial.key, "trial": asdict(trial), "along": along, "learnt": marks(learnt, learnt, unseen),
            "processor_seconds": round(time.process_time() - began, 1)}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m stablegen_experiments.flags", description=__doc__)
    parser.add_argument("--seeds", type=seed, nargs="+", default=[1, 2])
    parser.add_argument("--results", type=Path, default=RESULTS, help="file of JSON lines, only added to")
    options = parser.parse_args()
    torch.set_num_threads(1)
    command = f"python -m stablegen_experiments.flags --seeds {' '.join(map(str, options.seeds))}"
    for record in run_all(trials(options.seeds), options.results, run, command=command):
        end = record["along"][-1]
        print(record["key"], ", ".join(f"{name} {end[name]:.2f}" for name in record["learnt"]))


if __name__ == "__main__":
    main()
