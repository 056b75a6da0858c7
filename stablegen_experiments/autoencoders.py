"""With a discriminator or without? Autoencoders of several seeds, trained and measured: lesson 12.

``data/weights/train/autoencoder.py`` runs the trials; data/experiments/autoencoder.jsonl holds
what they found.
"""

from dataclasses import asdict, dataclass
from functools import cache
from statistics import mean

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_experiments.records import Record
from stablegen_lib import data
from stablegen_lib.autoencoder import Autoencoder, PatchDiscriminator, Step, train
from stablegen_lib.metrics import AttributeClassifier, features, relative_sharpness
from stablegen_lib.metrics.distances import frechet_distance

STEPS, BATCH = 1_500, 32
VARIANTS = ("without", "with")  # a discriminator; both get the same number of steps
SCORES = ("error", "sharpness", "distance", "random_distance")


@dataclass(frozen=True)
class Trial:
    """One autoencoder for the faces: which variant, and which seed."""

    variant: str
    seed: int
    steps: int = STEPS

    @property
    def key(self) -> str:
        """A name made of everything above: a finished trial is found by it."""
        return f"{self.variant}, seed {self.seed}, {self.steps} steps"

    def train(self) -> tuple[Autoencoder, list[Step]]:
        """The trained autoencoder and what each step found; the discriminator joins half way."""
        model = Autoencoder(seed=self.seed)
        judge = PatchDiscriminator(seed=self.seed) if self.variant == "with" else None
        run = train(model, faces("train"), steps=self.steps, discriminator=judge,
                    discriminator_from=self.steps // 2, batch_size=BATCH, seed=self.seed)  # fmt: skip
        return model, list(run)


@cache
def faces(split: str) -> Float[Tensor, "count channel height width"]:
    """The faces of this split, in [-1, 1]."""
    return data.to_unit_range(data.load_faces(split).images)


@cache
def classifier() -> AttributeClassifier:
    """Its last hidden layer gives the features of the Fréchet distance."""
    return AttributeClassifier.load(data.data_dir() / "weights" / "faces_classifier.safetensors")


def random_maps(model: Autoencoder, count: int, *, seed: int = 0) -> Float[Tensor, "count latent h w"]:
    """Random latent maps as spread out as those of real faces, channel by channel, and nothing more."""
    known = model.maps(faces("train")[:2_000])
    noise = torch.randn(count, *known.shape[1:], generator=torch.Generator().manual_seed(seed))
    middle, deviation = (getattr(known, of)(dim=(0, 2, 3), keepdim=True) for of in ("mean", "std"))
    drawn: Tensor = middle + deviation * noise
    return drawn


@torch.no_grad()
def scores(model: Autoencoder, real: Float[Tensor, "count channel height width"]) -> dict[str, float]:
    """How well these pictures come back, and what random latent maps turn into.

    Returns:
        "error", the mean absolute difference of the pixels; "sharpness" beside the real ones;
        "distance", Fréchet, of the reconstructions from the real ones, 0 when they are perfect;
        "random_distance", the same for random latent maps.
    """
    redrawn = model.reconstruct(real)
    drawn = torch.cat([model.decode(part) for part in torch.split(random_maps(model, len(real)), 500)])
    wanted = features(classifier(), real)
    found = {
        "error": (redrawn - real).abs().mean().item(),
        "sharpness": relative_sharpness(images=redrawn, real=real),
        "distance": frechet_distance(wanted, features(classifier(), redrawn)),
        "random_distance": frechet_distance(wanted, features(classifier(), drawn)),
    }
    return {name: float(f"{value:.5g}") for name, value in found.items()}


def record(trial: Trial, model: Autoencoder, steps: list[Step]) -> Record:
    """A finished trial as plain values for JSON; the last steps are averaged."""
    end = {name: float(f"{mean(getattr(step, name) for step in steps[-100:]):.4g}")
           for name in ("kl", "weight", "generator_loss", "discriminator_loss")}  # fmt: skip
    seconds = round(sum(step.seconds for step in steps), 1)
    measured = scores(model, faces("validation"))
    return {"key": trial.key, **asdict(trial), **measured, "end": end, "seconds": seconds}


def table(runs: list[Record]) -> dict[str, dict[str, list[float]]]:
    """For each variant and score, the values of all seeds in the order of the seeds."""
    runs = sorted(runs, key=lambda run: int(run["seed"]))
    return {variant: {name: [run[name] for run in runs if run["variant"] == variant] for name in SCORES}
            for variant in VARIANTS}  # fmt: skip
