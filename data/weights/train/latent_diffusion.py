"""Trains the miniature of lesson 13: ``python data/weights/train/latent_diffusion.py``.

First the autoencoder, then U-Net and text encoder. Both go on where they stopped: the half-finished
files my_latent_diffusion_* stand beside this script. At the end, and at every thousandth step, writes
the folder latent_diffusion/ and prints how often prompts are obeyed, on the validation split.
"""

import argparse
import time
from pathlib import Path

import torch

from stablegen_lib import data, latent_diffusion, metrics
from stablegen_lib.diffusion import NoiseSchedule
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator
from stablegen_lib.latent_diffusion.training import PromptRun, set_scale, train_autoencoder, train_prompts
from stablegen_lib.plumbing.devices import bfloat16_in_hardware
from stablegen_lib.words import captions

WEIGHTS = Path(__file__).resolve().parents[1]
AUTOENCODER = WEIGHTS / "my_latent_diffusion_autoencoder"
STATE = WEIGHTS / "my_latent_diffusion_state.safetensors"
SEED = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--autoencoder-steps", type=int, default=3_000)
    parser.add_argument("--steps", type=int, default=8_000)
    parser.add_argument("--save-every", type=int, default=500)
    parser.add_argument("--to", type=Path, default=WEIGHTS / "latent_diffusion")
    arguments = parser.parse_args()
    faces = data.load_faces("train")
    images = data.to_unit_range(faces.images)
    bfloat16 = bfloat16_in_hardware(torch.device("cpu"))
    autoencoder = trained_autoencoder(images, arguments.autoencoder_steps, bfloat16)
    torch.manual_seed(SEED)
    run = PromptRun(latent_diffusion.unet(), latent_diffusion.text_encoder())
    if STATE.exists():
        run.resume(STATE)
    pipeline = latent_diffusion.assemble(autoencoder, run.averaged[1], run.averaged[0])
    generator = PromptedGenerator(pipeline, condition_names=faces.condition_names)
    maps, values = generator.encode(images), captions.values_of(faces.conditions, faces.condition_names)
    started, first, losses = time.monotonic(), run.number, []
    for loss in train_prompts(run, NoiseSchedule.cosine(), pipeline.tokenizer, maps, values,
                              steps=arguments.steps, bfloat16=bfloat16, seed=SEED):  # fmt: skip
        losses.append(loss)
        if run.number % 100 == 0:
            pace = (time.monotonic() - started) / (run.number - first)
            mean = sum(losses[-100:]) / len(losses[-100:])
            print(f"step {run.number}: loss {mean:.4f}, {1000 * pace:.0f} ms a step", flush=True)
        if run.number % arguments.save_every == 0 or run.number == arguments.steps:
            run.save(STATE)
        if run.number % 1000 == 0 or run.number == arguments.steps:
            latent_diffusion.save(pipeline, arguments.to)
            report(generator, count=2000 if run.number == arguments.steps else 200)


def trained_autoencoder(images: torch.Tensor, steps: int, bfloat16: bool) -> torch.nn.Module:
    """The one that an earlier run has stored, or a new one."""
    if AUTOENCODER.exists():
        return latent_diffusion.package("diffusers").AutoencoderKL.from_pretrained(AUTOENCODER)
    torch.manual_seed(SEED)
    autoencoder = latent_diffusion.autoencoder()
    training = train_autoencoder(autoencoder, images, steps=steps, bfloat16=bfloat16, seed=SEED)
    for number, (error, kl) in enumerate(training, start=1):
        if number % 100 == 0:
            print(f"autoencoder, step {number}: error {error**0.5:.4f}, KL {kl:.2f} nats", flush=True)
    print(f"scale {set_scale(autoencoder, images[:2000]):.3f}")
    autoencoder.save_pretrained(AUTOENCODER)
    return autoencoder


@torch.no_grad()
def report(generator: PromptedGenerator, count: int) -> None:
    """How often the pictures of validation captions show what was asked for, with and without guidance."""
    faces = data.load_faces("validation")[:count]
    judge = metrics.AttributeClassifier.load(WEIGHTS / "faces_classifier.safetensors")
    prompts = captions.captions(faces.conditions, faces.condition_names)
    made = {f"guidance {scale:g}": generator.sample(prompt=prompts, guidance_scale=scale) for scale in (1, 3)}
    for name, images in {**made, "real": data.to_unit_range(faces.images)}.items():
        logits = torch.cat([judge(part) for part in torch.split(images, 500)])
        shares = {
            attribute: verdict.float().mean().item()
            for attribute, verdict in captions.obeys(prompts, logits, faces.condition_names).items()
        }
        print(f"{name}: " + ", ".join(f"{key} {share:.3f}" for key, share in shares.items()), flush=True)


if __name__ == "__main__":
    main()
