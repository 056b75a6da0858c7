"""Trains a miniature of Stable Diffusion: ``python data/weights/train/latent_diffusion.py faces``.

Also ``portraits``, and ``--device cuda`` where there is a GPU. Three stages, as in Stable Diffusion: first
the autoencoder, on pictures alone; then a small CLIP, whose text half is frozen; then the U-Net, on latent
maps and captions. A finished stage is not done again, and the U-Net goes on where it stopped: their files
stand in the folder ``--work``. At the end it writes the folder latent_diffusion/ (or
latent_diffusion_portraits/) and how guidance trades distance for obedience, on the validation split.
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from stablegen_experiments import guidance
from stablegen_lib import data, latent_diffusion, metrics
from stablegen_lib.diffusion import NoiseSchedule
from stablegen_lib.latent_diffusion.caption_bank import CaptionBank
from stablegen_lib.latent_diffusion.clip import Clip, train_clip
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator
from stablegen_lib.plumbing.devices import bfloat16_in_hardware
from stablegen_lib.plumbing.seeding import seeded
from stablegen_lib.words import captions
from stablegen_lib.words.vocabulary import FACES, PORTRAITS, Vocabulary

WEIGHTS = Path(__file__).resolve().parents[1]
SEED, GUIDANCE = 0, (0.0, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0)


@dataclass(frozen=True)
class Plan:
    """One miniature: what it learns from, its sizes, and how long each stage lasts."""

    load: Callable[[str], data.ImageSet]
    vocabulary: Vocabulary
    judge: str
    to: str
    side: int
    autoencoder_width: int
    autoencoder_steps: int
    clip_steps: int
    unet_width: int
    unet_steps: int
    learning_rate: float
    batch_size: int = 256


PLANS = {
    "faces": Plan(data.load_faces, FACES, "faces_classifier", "latent_diffusion", 16, 24, 12_000, 3_000,
                  64, 16_000, 1e-3),
    "portraits": Plan(data.load_portraits, PORTRAITS, "portraits_classifier", "latent_diffusion_portraits",
                      64, 32, 12_000, 3_000, 96, 14_000, 6e-4),
}  # fmt: skip


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", choices=PLANS)
    parser.add_argument("--device", default="cpu", help="cpu, cuda or mps")
    parser.add_argument("--work", type=Path, default=WEIGHTS, help="where half-finished files stand")
    parser.add_argument("--to", type=Path, help="another folder than the shipped one")
    parser.add_argument("--autoencoder-steps", type=int)
    parser.add_argument("--clip-steps", type=int)
    parser.add_argument("--steps", type=int, help="of the U-Net")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="for the U-Net; then it is saved")
    parser.add_argument(
        "--start-from", type=Path,
        help="a finished folder: its U-Net is the start, with its autoencoder, and with its text encoder if "
        "that knows the same words",
    )  # fmt: skip
    parser.add_argument("--count", type=int, default=2_000, help="pictures judged for each guidance; 0: none")
    return parser.parse_args()


def main() -> None:
    arguments = options()
    plan, device = PLANS[arguments.data], torch.device(arguments.device)
    fast = bfloat16_in_hardware(device)
    pictures = plan.load("train")
    images = data.to_unit_range(pictures.images)
    prefix = arguments.work / f"my_{plan.to}"
    words = latent_diffusion.tokenizer(plan.vocabulary)
    first = latent_diffusion.load(arguments.start_from).to(device) if arguments.start_from else None
    values = captions.values_of(pictures.conditions, pictures.condition_names)
    bank = CaptionBank(values, words, vocabulary=plan.vocabulary)
    autoencoder = first.vae if first else trained_autoencoder(
        plan, images, Path(f"{prefix}_autoencoder"), device, fast, arguments.autoencoder_steps
    )  # fmt: skip
    reads = first is not None and first.tokenizer.get_vocab() == words.get_vocab()
    text_encoder = first.text_encoder if reads else trained_text_encoder(
        plan, bank, images, Path(f"{prefix}_text"), device, fast, arguments.clip_steps
    )  # fmt: skip
    with seeded(SEED):
        fresh = latent_diffusion.unet(plan.unet_width, autoencoder_side(plan)).to(device)
    unet = first.unet if first else fresh
    run = latent_diffusion.PromptRun(unet, text_encoder, plan.learning_rate, text_learns=False)
    state = Path(f"{prefix}_state.safetensors")
    if state.exists():
        run.resume(state)
    pipeline = latent_diffusion.assemble(autoencoder, text_encoder, run.averaged[0], plan.vocabulary)
    generator = PromptedGenerator(pipeline, condition_names=pictures.condition_names)
    maps = generator.encode(images)
    train_unet(run, generator, bank, maps, plan, state, fast, arguments)
    pipeline.to("cpu")
    target = arguments.to or WEIGHTS / plan.to
    latent_diffusion.save(pipeline, target)
    pipeline.to(device)
    (target / "guidance.json").unlink(missing_ok=True)  # of other weights
    if not arguments.count:
        return
    curve = [measured(generator, plan, scale, arguments.count) for scale in GUIDANCE]
    (target / "guidance.json").write_text(json.dumps({"steps": run.number, "curve": curve}, indent=1) + "\n")


def autoencoder_side(plan: Plan) -> int:
    return {16: 8, 64: 16}[plan.side]


def trained_autoencoder(
    plan: Plan, images: torch.Tensor, folder: Path, device: torch.device, fast: bool, steps: int | None
) -> Any:
    """The one that an earlier run has stored, or a new one."""
    if folder.exists():
        return latent_diffusion.package("diffusers").AutoencoderKL.from_pretrained(folder).to(device)
    with seeded(SEED):
        autoencoder = latent_diffusion.autoencoder(plan.autoencoder_width, plan.side).to(device)
    training = latent_diffusion.train_autoencoder(
        autoencoder, images, steps=steps or plan.autoencoder_steps, batch_size=64, kl_weight=5e-5,
        bfloat16=fast, seed=SEED,
    )  # fmt: skip
    started = time.monotonic()
    for number, (error, kl) in enumerate(training, start=1):
        if number % 500 == 0:
            print(f"autoencoder, step {number}: error {error**0.5:.4f}, KL {kl:.2f} nats, "
                  f"{1000 * (time.monotonic() - started) / number:.0f} ms a step", flush=True)  # fmt: skip
    print(f"scale {latent_diffusion.set_scale(autoencoder, images[:2000]):.3f}", flush=True)
    autoencoder.save_pretrained(folder)
    return autoencoder


def trained_text_encoder(
    plan: Plan, bank: CaptionBank, images: torch.Tensor, folder: Path, device: torch.device, fast: bool,
    steps: int | None,
) -> Any:  # fmt: skip
    """The text half of a small CLIP; the picture half has served."""
    transformers = latent_diffusion.package("transformers")
    if folder.exists():
        return transformers.CLIPTextModel.from_pretrained(folder).to(device)
    with seeded(SEED):
        clip = Clip(latent_diffusion.text_encoder(vocabulary=plan.vocabulary), image_size=plan.side).to(
            device
        )
    training = train_clip(clip, bank, images, steps=steps or plan.clip_steps, bfloat16=fast, seed=SEED)
    for number, (loss, found) in enumerate(training, start=1):
        if number % 250 == 0:
            print(f"CLIP, step {number}: loss {loss:.3f} nats, {found:.3f} found", flush=True)
    clip.text_encoder.save_pretrained(folder)
    return clip.text_encoder


def train_unet(
    run: Any, generator: PromptedGenerator, bank: CaptionBank, maps: torch.Tensor, plan: Plan, state: Path,
    fast: bool, arguments: argparse.Namespace,
) -> None:  # fmt: skip
    """Up to the last step, or until the time is over; the state is saved now and then, and at the end."""
    started, first = time.monotonic(), run.number
    steps = latent_diffusion.train_prompts(
        run, NoiseSchedule.cosine(), generator.pipeline.tokenizer, maps, bank, decay=0.9995,
        steps=arguments.steps or plan.unet_steps, batch_size=plan.batch_size, bfloat16=fast, seed=SEED,
    )  # fmt: skip
    recent: list[float] = []
    for loss in steps:
        recent.append(loss)
        passed = time.monotonic() - started
        if run.number % 500 == 0:
            print(f"step {run.number}: loss {sum(recent) / len(recent):.4f}, "
                  f"{1000 * passed / (run.number - first):.0f} ms a step", flush=True)  # fmt: skip
            recent.clear()
        if run.number % 2_000 == 0:
            run.save(state)
        if passed > 60 * arguments.minutes:
            break
    run.save(state)


def measured(generator: PromptedGenerator, plan: Plan, scale: float, count: int) -> dict[str, Any]:
    """One row of the curve: distance, coverage and obedience at this guidance, for validation captions."""
    judge = metrics.AttributeClassifier.load(WEIGHTS / f"{plan.judge}.safetensors")
    asked, real = (plan.load(split)[:count] for split in ("validation", "test"))
    row = guidance.point(generator, judge, asked=asked, real=real, guidance=scale, seed=SEED)
    print(json.dumps(row), flush=True)
    return row


if __name__ == "__main__":
    main()
