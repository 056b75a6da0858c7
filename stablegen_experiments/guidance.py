"""What guidance buys and costs: ``python -m stablegen_experiments.guidance 1 1.5 2 3``.

The miniature of lesson 13 draws a face for each of 2,000 captions of the validation split, once for each
scale. Obedience says how well they follow these captions. Fréchet distance and coverage say how near they are
to real faces: the first 2,000 of the test split. About seven minutes a scale on one thread. Lessons 13 and 14
show the curve, and the guidance that `PromptedGenerator` takes when nobody says another was read from it, so
both splits took part in that choice: one with its captions, the other with its pictures.
"""

import argparse
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from stablegen_experiments.contest.marks import obedience
from stablegen_experiments.records import Record, read_records
from stablegen_experiments.runs import run_all
from stablegen_lib import data, metrics
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator

WEIGHTS = data.data_dir() / "weights"
RESULTS = data.data_dir() / "experiments" / "guidance.jsonl"
U_NET = WEIGHTS / "latent_diffusion" / "unet" / "diffusion_pytorch_model.safetensors"


@cache
def fingerprint() -> str:
    """The beginning of the SHA-256 of the U-Net's weights: a curve belongs to one network."""
    return hashlib.sha256(U_NET.read_bytes()).hexdigest()[:12]


@dataclass(frozen=True)
class Trial:
    """One point of the curve.

    Attributes:
        guidance: Its scale; 0 ignores the words.
        steps: Noise levels visited.
        count: Captions of the validation split.
    """

    guidance: float
    steps: int = 20
    count: int = 2_000

    @property
    def key(self) -> str:
        return f"{fingerprint()} guidance {self.guidance:g}, {self.steps} steps, n {self.count}"


def point(
    generator: Any,
    judge: metrics.AttributeClassifier,
    *,
    asked: data.ImageSet,
    real: data.ImageSet,
    guidance: float,
    steps: int | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Distance, coverage and obedience of one picture for each condition.

    Args:
        generator: Draws them: a `PromptedGenerator`, or whatever samples as it does.
        judge: Its features measure distance and coverage, its verdicts obedience.
        asked: Pictures whose conditions are asked for, in words; the pictures themselves are not looked at.
        real: Other real pictures, to compare with; their conditions are not used.
        guidance: The scale.
        steps: Instead of the generator's own.
        seed: Decides z.
    """
    images = generator.sample(conditions=asked.conditions, seed=seed, steps=steps, guidance_scale=guidance)
    known, made = (metrics.features(judge, part) for part in (data.to_unit_range(real.images), images))
    return {
        "guidance": guidance,
        "count": len(asked),
        "distance": metrics.frechet_distance(known, made),
        "coverage": metrics.density_coverage(known, made).coverage,
        "obeyed": obedience(images, asked, judge),
    }


def measured(trial: Trial) -> Record:
    """The point of the shipped miniature."""
    asked, real = (data.load_faces(split)[: trial.count] for split in ("validation", "test"))
    generator = PromptedGenerator.load(WEIGHTS / "latent_diffusion", condition_names=asked.condition_names)
    judge = metrics.AttributeClassifier.load(WEIGHTS / "faces_classifier.safetensors")
    found = point(generator, judge, asked=asked, real=real, guidance=trial.guidance, steps=trial.steps)
    return {"key": trial.key, "steps": trial.steps, **found}


def curve(results: Path = RESULTS) -> list[Record]:
    """The stored points of the shipped miniature, by rising guidance."""
    mine = [record for record in read_records(results) if record["key"].startswith(fingerprint())]
    return sorted(mine, key=lambda record: record["guidance"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scales", nargs="+", type=float)
    parser.add_argument("--results", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    command = f"python -m stablegen_experiments.guidance {' '.join(f'{s:g}' for s in arguments.scales)}"
    for row in run_all([Trial(s) for s in arguments.scales], arguments.results, measured, command=command):
        obeyed = ", ".join(f"{name} {share:.3f}" for name, share in row["obeyed"].items())
        print(f"guidance {row['guidance']:g}: distance {row['distance']:.0f}, "
              f"coverage {row['coverage']:.3f}, {obeyed}")  # fmt: skip


if __name__ == "__main__":
    main()
