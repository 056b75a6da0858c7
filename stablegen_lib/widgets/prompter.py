"""Type a prompt, watch the pictures come out of the noise, turn up the guidance."""

import html
from typing import Any

import ipywidgets
import torch
from torch import Tensor

from stablegen_lib import latent
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator
from stablegen_lib.metrics import AttributeClassifier
from stablegen_lib.plots import grid as picture_grid
from stablegen_lib.plumbing.doors import door
from stablegen_lib.widgets.controls import Setting
from stablegen_lib.widgets.panel import Panel
from stablegen_lib.widgets.picture import Picture
from stablegen_lib.words import captions

WIDE = {"description_width": "initial"}


class Prompter(Panel):
    """Pictures for a prompt, with the way from noise to them; the last line of a cell shows it.

    The upper row is the noisy picture after so many steps, the lower row what the network then
    believed the finished one to be. From Python: `prompter.prompt = "a person with a hat"`, and the
    same for `guidance_scale`, `seed` and `step`.

    Args:
        generator: Makes the pictures.
        prompt: To begin with.
        judge: Reads attributes; then a line says which of the pictures obey.
        count: Pictures side by side.
        seed: Decides the noise.
        scale: Screen pixels per side of a picture's pixel.

    Raises:
        ValueError: If count or scale is below 1.
    """

    INVITATION = "Run this notebook to type a prompt of your own."

    prompt, guidance_scale, seed, step = Setting(), Setting(), Setting(), Setting()

    @door()
    def __init__(
        self,
        generator: PromptedGenerator,
        prompt: str = "a person with dark glasses and red hair",
        *,
        judge: AttributeClassifier | None = None,
        count: int = 6,
        seed: int = 0,
        scale: int = 5,
    ) -> None:
        self.generator, self.judge, self.count = generator, judge, count
        self.picture, self.verdict = Picture(scale=scale), ipywidgets.HTML()
        self._scale, self._frames = scale, list[tuple[Tensor, Tensor]]()
        self.controls = self._make_controls(prompt, seed)
        for name, control in self.controls.items():
            control.observe(self._show if name == "step" else self._changed, "value")
        self._arrange([*self.controls.values(), self.picture, self.verdict])
        self._changed()

    def __repr__(self) -> str:
        return (
            f"Prompter(prompt={self.prompt!r}, guidance_scale={self.guidance_scale:g}, "
            f"seed={self.seed}, step={self.step})"
        )

    def _value(self, name: str) -> Any:
        return self.controls[name].value

    def _assign(self, name: str, value: Any) -> None:
        self.controls[name].value = value

    @property
    def images(self) -> Tensor:
        """The finished pictures, in [-1, 1]."""
        return self._frames[-1][0]

    def still_png(self) -> bytes:
        """The present picture, as a PNG file."""
        return picture_grid.to_png(self._rows(), self.count, self._scale)

    def description(self) -> str:
        """The present state in a sentence."""
        return (
            f"{self.count} pictures for {self.prompt!r}, guidance {self.guidance_scale:g}, seed {self.seed}, "
            f"after step {self.step} of {self.generator.steps}; below them what the network expected."
        )

    def caption(self) -> str:
        """Prompt and invitation."""
        return f"{self.prompt!r}.  {self.INVITATION}"

    def _make_controls(self, prompt: str, seed: int) -> dict[str, Any]:
        wide, steps = {"width": "480px"}, self.generator.steps
        return {
            "prompt": ipywidgets.Text(prompt, description="prompt", continuous_update=False, layout=wide),
            "guidance_scale": ipywidgets.FloatSlider(
                self.generator.guidance_scale, min=0, max=8, step=0.1, description="guidance scale",
                continuous_update=False, style=WIDE, layout=wide,
            ),
            "seed": ipywidgets.BoundedIntText(seed, min=0, max=99_999, description="seed"),
            "step": ipywidgets.IntSlider(
                steps, min=1, max=steps, description="after step", style=WIDE, layout=wide
            ),
        }  # fmt: skip

    def _changed(self, _: object = None) -> None:
        with self._reporting("No pictures for this prompt (above are still the ones before)"):
            z = latent.draw(self.count, self.generator.latent_dim, seed=self.seed)
            maps = z.reshape(-1, *self.generator.latent_shape)
            prompts = [self.prompt] * self.count
            way = list(self.generator.denoise(prompts, maps, guidance_scale=self.guidance_scale))
            both = self.generator.decode(torch.cat([part for step in way for part in (step.x, step.x0)]))
            pairs = torch.split(both, self.count)
            self._frames = list(zip(pairs[::2], pairs[1::2], strict=True))
            self.verdict.value = self._judged()
        self._show()

    def _show(self, _: object = None) -> None:
        grid = picture_grid.to_grid(self._rows(), self.count)
        self.picture.show_pixels(grid, self.description())

    def _rows(self) -> Tensor:
        return torch.cat(self._frames[self.step - 1])

    @torch.no_grad()
    def _judged(self) -> str:
        lines = []
        if unknown := captions.unknown_words(self.prompt):
            lines.append(f"Never seen in training: {', '.join(unknown)}.")
        if self.judge is not None:
            names, prompts = self.judge.condition_names, [self.prompt] * self.count
            for attribute, verdict in captions.obeys(prompts, self.judge(self.images), names).items():
                lines.append(f"{attribute}: {' '.join('✓' if right else '✗' for right in verdict)}")
        return "<br>".join(html.escape(line) for line in lines)
