"""Words in, pictures out: a diffusers pipeline as one more generator of this course.

It has `sample`, `latent_dim` and `condition_names` like a `StableGen`, so the LatentExplorer, `latent`
and `metrics` take it as it is. z is the noise that sampling starts from.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from stablegen_lib.diffusion import (
    CLEAN,
    Denoised,
    NoiseSchedule,
    add_noise,
    ddim_step,
    from_velocity,
    guided,
    visited_levels,
    x0_from_noise,
)
from stablegen_lib.latent_diffusion import folders
from stablegen_lib.latent_diffusion.precision import latent_maps, precision_of
from stablegen_lib.plumbing.bounds import FREE, at_least
from stablegen_lib.plumbing.checks import came, one_count, require_parts, require_rows, sample_inputs
from stablegen_lib.plumbing.doors import door
from stablegen_lib.words import captions

CHUNK = 64  # pictures made at once
Pictures = Float[Tensor, "count channel height width"]


class PromptedGenerator:
    """Makes pictures from prompts, or from conditions, which it puts into words first.

    The pipeline may be in float32, float16 or bfloat16; pictures, maps and vectors are float32.

    Args:
        pipeline: A `StableDiffusionPipeline`.
        condition_names: "attribute=value" for each entry of a condition; empty if there is none.
        steps: How many noise levels are visited; must divide the pipeline's 1,000.
        guidance_scale: 1 is the plain prediction, more exaggerates what the prompt changes. What the shipped
            faces are best at is the default; lesson 13 shows why.
    """

    @door()
    def __init__(
        self,
        pipeline: Any,
        *,
        condition_names: Sequence[str] = (),
        steps: int = 20,
        guidance_scale: float | int = 1.25,
    ) -> None:
        require_parts("pipeline", pipeline, "unet", "vae", "scheduler", "tokenizer", "text_encoder")
        self.pipeline, self.steps, self.guidance_scale = pipeline, steps, float(guidance_scale)
        self.condition_names = tuple(condition_names)
        side = pipeline.unet.config.sample_size
        self.latent_shape = (pipeline.unet.config.in_channels, side, side)
        self.latent_dim = self.latent_shape[0] * side * side
        self.schedule = NoiseSchedule(pipeline.scheduler.alphas_cumprod.float().cpu())
        visited_levels(self.schedule, steps)  # refuses more than there are

    @classmethod
    def load(cls, name: str | Path, **options: Any) -> "PromptedGenerator":
        """From a folder in diffusers' layout, or by a name on a model hub (`latent_diffusion.load`)."""
        return cls(folders.load(name), **options)

    def __repr__(self) -> str:
        count = sum(p.numel() for p in self.pipeline.unet.parameters())
        return (f"PromptedGenerator(U-Net: {count:,} parameters, latent maps {self.latent_shape}, "
                f"{self.steps} steps, guidance {self.guidance_scale:g})")  # fmt: skip

    @property
    def device(self) -> torch.device:
        """Where the U-Net is. Inputs are brought there, and what comes out is float32 on the CPU again."""
        device: torch.device = next(self.pipeline.unet.parameters()).device
        return device

    @torch.no_grad()
    @door()
    def sample(
        self,
        count: int | None = None,
        *,
        conditions: Float[Tensor, "count condition"] | None = None,
        prompt: str | Sequence[str] | None = None,
        z: Float[Tensor, "count latent"] | None = None,
        seed: int = 0,
        steps: int | None = None,
        guidance_scale: float | int | None = None,
    ) -> Pictures:
        """New pictures in [-1, 1], made by the diffusers pipeline itself.

        Args:
            count: How many; may be left out when something else says so.
            conditions: One row per picture, put into words by `captions`.
            prompt: One for all, or one per picture. Without prompt and conditions: the empty one.
            z: The noise to start from; drawn from N(0, I) with `seed` when left out.
            seed: The same seed gives the same z on every machine.
            steps: Instead of the generator's own.
            guidance_scale: Instead of the generator's own.

        Raises:
            ValueError: If counts or sizes do not fit together, or both prompt and conditions came.
        """
        prompts, z = self._inputs(count, conditions, prompt, z, seed)
        maps = z.reshape(-1, *self.latent_shape)
        scale = self.guidance_scale if guidance_scale is None else float(guidance_scale)
        parts = [slice(start, start + CHUNK) for start in range(0, len(prompts), CHUNK)]
        if scale < 1:  # the pipeline would take 1 instead
            return torch.cat([self._drawn(prompts[part], maps[part], steps, scale) for part in parts])
        options = {"guidance_scale": scale, "num_inference_steps": self.steps if steps is None else steps}
        made = [
            self.pipeline(prompts[part], latents=self._there(maps[part]), output_type="pt", **options).images
            for part in parts
        ]
        return 2 * torch.cat(made).float().cpu() - 1

    @torch.no_grad()
    @door()
    def read(self, prompts: Sequence[str]) -> Float[Tensor, "count token width"]:
        """The text encoder's vectors, one for each token."""
        if not prompts:
            raise ValueError("at least one prompt was needed, and none came.")
        tokens = self.pipeline.tokenizer(
            list(prompts), padding="max_length", truncation=True, return_tensors="pt",
            max_length=self.pipeline.tokenizer.model_max_length,
        )  # fmt: skip
        vectors: Tensor = self.pipeline.text_encoder(tokens.input_ids.to(self.device))[0]
        return vectors.float().cpu()

    @torch.no_grad()
    @door()
    def encode(self, images: Pictures) -> Float[Tensor, "count latent_channel side side"]:
        """Latent maps of pictures in [-1, 1]: the middle of what the encoder says, scaled to variance 1."""
        vae = self.pipeline.vae
        if images.shape[1] != vae.config.in_channels or images.shape[2] != images.shape[3]:
            raise ValueError(f"square pictures of {vae.config.in_channels} channels were needed, and "
                             f"{came(images)} came.")  # fmt: skip
        parts = [vae.encode(self._there(part)).latent_dist.mode() for part in torch.split(images, 250)]
        return torch.cat(parts).float().cpu() * float(vae.config.scaling_factor)

    @torch.no_grad()
    @door()
    def decode(self, maps: Float[Tensor, "count latent_channel side side"]) -> Pictures:
        """Pictures of latent maps; clamped to [-1, 1]."""
        maps = latent_maps("maps", maps, self.latent_shape[0])
        vae = self.pipeline.vae
        unscaled = maps / vae.config.scaling_factor
        parts = [vae.decode(self._there(part)).sample for part in torch.split(unscaled, 250)]
        return torch.cat(parts).float().cpu().clamp(-1, 1)

    @torch.no_grad()
    @door(t=at_least(0), scale=FREE)
    def predict(
        self, x_t: Tensor, t: int, words: Float[Tensor, "count token width"], scale: float | int | None = None
    ) -> tuple[Tensor, Tensor]:
        """x0 and noise, as the U-Net sees them, with guidance: two passes, with and without the words."""
        x_t, words = latent_maps("x_t", x_t, self.latent_shape[0], len(words)), words.float()
        if words.shape[2] != self.pipeline.text_encoder.config.hidden_size:
            raise ValueError(f"words must be what read(prompts) gives, and {came(words)} came.")
        scale = self.guidance_scale if scale is None else scale
        nothing = self.read([""]).expand_as(words)
        if scale in (0, 1):
            output = self._output(x_t, t, words if scale else nothing)
        else:
            both = self._output(torch.cat([x_t, x_t]), t, torch.cat([nothing, words]))
            unprompted, prompted = both.chunk(2)
            output = guided(prompted=prompted, unprompted=unprompted, scale=scale)
        if self.pipeline.scheduler.config.prediction_type == "v_prediction":
            return from_velocity(self.schedule, x_t, v=output, t=t)
        return x0_from_noise(self.schedule, x_t, noise=output, t=t), output

    @door(begin=at_least(0))
    def denoise(
        self,
        prompts: Sequence[str],
        maps: Float[Tensor, "count latent_channel side side"],
        *,
        steps: int | None = None,
        guidance_scale: float | int | None = None,
        begin: int = 0,
        keep: Tensor | None = None,
        where: Bool[Tensor, "side side"] | None = None,
    ) -> Iterator[Denoised]:
        """What the pipeline does, one step at a time: DDIM by hand, on latent maps.

        Args:
            prompts: One for each map.
            maps: The noise to start from; with `begin`, maps of pictures with some noise.
            steps: Instead of the generator's own.
            guidance_scale: Instead of the generator's own.
            begin: How many of the steps are left out at the beginning.
            keep: Clean maps that stay wherever `where` is False (inpainting).
            where: What may change.
        """
        visited = visited_levels(self.schedule, self.steps if steps is None else steps)[begin:]
        maps = latent_maps("maps", maps, self.latent_shape[0], len(prompts))
        if keep is not None:
            keep = latent_maps("keep", keep, self.latent_shape[0], len(prompts))
        words, x, start_noise = self.read(prompts), maps, maps
        for t, to in zip(visited, [*visited[1:], CLEAN], strict=True):
            x0, noise = self.predict(x, t, words, guidance_scale)
            x = ddim_step(self.schedule, x0=x0, noise=noise, to=to)
            if keep is not None and where is not None:
                x = torch.where(where, x, add_noise(self.schedule, keep, noise=start_noise, t=to))
            yield Denoised(t, x, x0)

    @door()
    def film(
        self, prompts: Sequence[str], z: Float[Tensor, "count latent"], **options: Any
    ) -> list[Pictures]:
        """The finished picture as the network believed it to be, step by step; the last one is it."""
        require_rows("z", z, self.latent_dim)
        maps = z.float().reshape(-1, *self.latent_shape)
        return [self.decode(step.x0) for step in self.denoise(prompts, maps, **options)]

    def _drawn(self, prompts: list[str], maps: Tensor, steps: int | None, scale: float) -> Pictures:
        *_, last = self.denoise(prompts, maps, steps=steps, guidance_scale=scale)
        return self.decode(last.x0)

    def _output(self, x_t: Tensor, t: int, words: Tensor) -> Tensor:
        there = self._there(words)
        output: Tensor = self.pipeline.unet(self._there(x_t), t, encoder_hidden_states=there).sample
        return output.float().cpu()

    def _there(self, tensor: Tensor) -> Tensor:
        return tensor.to(self.device, precision_of(self.pipeline))

    def _inputs(
        self, count: int | None, conditions: Tensor | None, prompt: str | Sequence[str] | None,
        z: Tensor | None, seed: int,
    ) -> tuple[list[str], Tensor]:  # fmt: skip
        if conditions is not None and prompt is not None:
            raise ValueError("conditions or a prompt were needed, and both came.")
        if conditions is not None:
            prompt = captions.captions(conditions, self.condition_names)
        several = None if prompt is None or isinstance(prompt, str) else len(prompt)
        if count is None and several is None and z is None:
            count = 1
        number = one_count(count, prompts=several, z=None if z is None else len(z))
        prompts = [prompt or ""] * number if prompt is None or isinstance(prompt, str) else list(prompt)
        _, z = sample_inputs(number, None, z, condition_size=0, latent_dim=self.latent_dim, seed=seed)
        return prompts, z.float()
